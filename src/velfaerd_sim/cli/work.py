"""Around a command that works on a study: progress, signals, errors as the command line names them.

Apart from the commands, so that each of their files can use it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.errors import InputError, StorageError, StudyError, VelfaerdError, run_failed

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C has stopped, as shells expect it."""


class StoppedError(VelfaerdError):
    """Ctrl-C, or a signal to end, came while a study was running."""

    exit_code = INTERRUPTED


class SignalledError(KeyboardInterrupt):
    """A signal to end came; what is done on Ctrl-C is done then too. number: of the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _end_on_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the work as Ctrl-C does: batch systems send them first.

    A signal that is ignored, as SIGHUP is under nohup, stays ignored. A library may answer what is
    raised inside of it with an error of its own; what a signal reached is stopped all the same.
    """
    came: list[KeyboardInterrupt] = []

    def end(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            came.append(KeyboardInterrupt())
        else:
            signal.signal(number, signal.SIG_IGN)  # once is enough
            came.append(SignalledError(number))
        raise came[-1]

    former = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                former[number] = signal.signal(number, end)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            former[signal.SIGINT] = signal.signal(signal.SIGINT, end)
    try:
        yield
    except Exception as error:
        if came:
            raise came[0] from error
        raise
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _stopped(error: KeyboardInterrupt, left: str) -> StoppedError:
    """What is said of a stop. left: what it leaves behind."""
    if not isinstance(error, SignalledError):
        return StoppedError(f"stopped by Ctrl-C; {left}")
    stopped = StoppedError(f"stopped by {signal.Signals(error.number).name}; {left}")
    stopped.exit_code = 128 + error.number
    return stopped


@contextmanager
def study_work(title: str, stopped: str, /, **places: str) -> Iterator[Any]:
    """Surround the work on a study: show progress, name options in errors, end well when stopped.

    stopped: what a stop leaves behind; places: names of arguments -> as the command line has them.
    """
    try:
        from velfaerd_sim.cli.bar import progress_bar

        with _end_on_signals(), progress_bar(title) as bar:
            yield bar
    except InputError as error:
        place = options.place(error.place, places)
        raise InputError(place, error.value, error.allowed, error.suggestion) from error
    except StorageError as error:
        raise StorageError(options.place(str(error), places)) from error
    except StudyError as error:
        text = str(error).replace("overwritten", "overwritten (--overwrite)")
        raise StudyError(options.place(text, places)) from error
    except KeyboardInterrupt as error:
        raise _stopped(error, stopped) from None


def check_ended(study: Mapping[str, Any], late: bool) -> bool:
    """Whether all of a study is done; says so where the time was up first.

    Raises VelfaerdError where something failed, naming the first.
    """
    if late:
        tell_late(study)
    counts = study["counts"]
    if counts["failed"]:
        first = study["failures"][0]
        begin = f"{counts['failed']} of {counts['planned']} failed, the first with "
        end = "{}; the others are kept, and --retry-failed tries these again"
        raise run_failed(begin + end, first["message"])
    return not late


def tell_late(study: Mapping[str, Any], why: str = "the time is up") -> None:
    """Say that a session ended before all of its study was done, and how far it came."""
    counts = study["counts"]
    missing = counts["planned"] - counts["done"] - counts["failed"]
    typer.echo(
        f"{why}: {counts['done']} of {counts['planned']} are done, {missing} are missing; "
        "the same command goes on"
    )


def compile_for(scheduler: str | None) -> None:
    """Compile before the workers start; on a cluster the workers do it themselves."""
    if scheduler is None:
        from velfaerd_sim.cli import terminal

        terminal.compile_once()


def tell_cost(plan: Any, out: str | Path | None, workers: int | None) -> None:
    """Say what a plan would cost; writes nothing."""
    for line in cost_lines(plan, out, workers):
        typer.echo(line)


def cost_lines(plan: Any, out: str | Path | None, workers: int | None) -> Iterator[str]:
    """Return what a plan would cost, as lines; writes nothing. out: where it may be begun."""
    from velfaerd_sim.cli import terminal
    from velfaerd_sim.engine.cost import cost_of, missing_rows

    missing = None if out is None else missing_rows(plan, out)
    terminal.compile_once()
    cost = cost_of(plan, workers)
    yield f"Runs          {cost.rows}, in {cost.tasks} tasks"
    if missing not in (None, cost.rows):
        yield f"              {missing} of them are still missing in the folder"
    share = 1.0 if missing is None else missing / cost.rows
    yield f"Time          about {duration((cost.seconds or 0.0) * share)}, {cost.workers} at a time"
    yield f"Size on disk  about {size_on_disk(cost.bytes)}, twice that for a moment at the end"


def duration(seconds: float) -> str:
    """Return a time in a unit that suits it."""
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{max(1, round(seconds))} s"


def size_on_disk(count: float) -> str:
    """Return a number of bytes in a unit that suits it."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{max(1, round(count / 1e3))} kB"
