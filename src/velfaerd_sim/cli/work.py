"""Around a command that works on a study: progress, errors as the command line names things.

Apart from the commands, so that each of their files can use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from velfaerd_sim.cli import options
from velfaerd_sim.errors import InputError, StorageError, StudyError, VelfaerdError

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C has stopped, as shells expect it."""


class StoppedError(VelfaerdError):
    """Ctrl-C came while a study was running."""

    exit_code = INTERRUPTED


@contextmanager
def study_work(title: str, stopped: str, /, **places: str) -> Iterator[Any]:
    """Surround the work on a study: show progress, name options in errors, end well on Ctrl-C.

    stopped: what Ctrl-C leaves behind; places: names of arguments -> as the command line has them.
    """
    try:
        from velfaerd_sim.cli.terminal import progress_bar

        with progress_bar(title) as bar:
            yield bar
    except InputError as error:
        place = options.place(error.place, places)
        raise InputError(place, error.value, error.allowed, error.suggestion) from error
    except StorageError as error:
        raise StorageError(options.place(str(error), places)) from error
    except StudyError as error:
        text = str(error).replace("overwritten", "overwritten (--overwrite)")
        raise StudyError(options.place(text, places)) from error
    except KeyboardInterrupt:
        raise StoppedError(f"stopped by Ctrl-C; {stopped}") from None


def compile_for(scheduler: str | None) -> None:
    """Compile before the workers start; on a cluster the workers do it themselves."""
    if scheduler is None:
        from velfaerd_sim.cli import terminal

        terminal.compile_once()
