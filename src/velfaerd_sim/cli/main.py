"""The command line: reads what was asked for, calls the studies, and says what came of it.

Nothing heavy is loaded before it is needed, so that help comes at once. Exit codes: 0 done, 1 the
work failed, 2 the input was wrong, 130 stopped by Ctrl-C, 128 + N by signal N.
"""

from __future__ import annotations

import codecs
import errno
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from velfaerd_sim.cli import commands, options, questions
from velfaerd_sim.cli.work import INTERRUPTED, StoppedError
from velfaerd_sim.errors import InputError, VelfaerdError, brief

PACKAGE = __name__.partition(".")[0]
ORDER = (
    *("run", "compare", "sweep", "analyse", "place", "advise", "value", "trial", "calibrate"),
    *("claims", "dashboard", "robustness", "validate", "twin", "report", "verify"),
    *("parameters", "regimes", "theories", "outcomes"),
)
"""Commands in the order in which help lists them."""

app = typer.Typer(
    cls=options.Commands,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{options.PROGRAM} {sys.modules[PACKAGE].__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True, epilog=options.EXAMPLES)
def velfaerd(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Compare ways of governing the collaboration of municipalities and volunteers.

    An agent-based model of Danish municipalities: regimes of governance, volunteers' motivation
    and retention, and citizens' loneliness.
    """
    if context.invoked_subcommand is None:
        known = {name: _summary(options.COMMANDS[name][0]) for name in _names()}
        for line in questions.lines(known):
            typer.echo(line)


def _names() -> list[str]:
    """The commands that there are: those of ORDER, then others."""
    return sorted(options.COMMANDS, key=lambda name: (*ORDER, name).index(name))


def _summary(command: Callable[..., None]) -> str:
    return (command.__doc__ or "").strip().splitlines()[0].rstrip(".")


def _add_commands() -> None:
    """Load the files in `commands`, and add what they give: those of ORDER, then others."""
    for each in sorted(Path(next(iter(commands.__path__))).glob("[!_]*.py")):
        import_module(f"{commands.__name__}.{each.stem}")
    for name in _names():
        function, examples = options.COMMANDS[name]
        app.command(cls=options.Command, epilog=examples)(function)


_add_commands()


_PLAIN = {
    **dict.fromkeys("\u2212\u2013\u2014", "-"),
    "\u00b1": "+/-",
    "\u00d7": "x",
    "\u2026": "...",
    "\u2264": "<=",
    "\u2265": ">=",
}


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What stands for characters that an encoding lacks: a minus sign stays a minus sign."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_PLAIN.get(each, "?") for each in missing), error.end


codecs.register_error("velfaerd_plain", _plain)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without Danish letters is no reason to stop
            stream.reconfigure(errors="velfaerd_plain")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        command = typer.main.get_command(app)
        text = shlex.join([options.PROGRAM, *given])
        code = command.main(given, options.PROGRAM, standalone_mode=False, obj=text)
        sys.stdout.flush()
        return _stop("stopped by Ctrl-C", code) if code == INTERRUPTED else int(code or 0)
    except (KeyboardInterrupt, typer.Abort):
        return _stop("stopped by Ctrl-C", INTERRUPTED)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except StoppedError as error:
        _stop(str(error), error.exit_code)
        if arguments is None:
            # A thread that compiles cannot be interrupted; nothing is left to be written.
            from velfaerd_sim.engine.process import leave

            sys.stdout.flush()
            leave(error, error.exit_code)
        return error.exit_code
    except VelfaerdError as error:
        return _stop(str(error), error.exit_code)
    except options.UsageError as error:
        return _stop(options.usage_message(error), 2)
    except MemoryError:
        return _stop("the memory of this machine is not enough; try fewer adults or workers", 1)
    except OSError as error:
        where = f"{brief(str(error.filename))}: " if error.filename else ""
        code = InputError.exit_code if error.errno == errno.ENAMETOOLONG else 1
        return _stop(f"{where}{error.strerror or error}", code)
    except Exception as error:  # noqa: BLE001  the last stop: one line instead of a traceback
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        return _stop(f"unexpected error: {text}; run with VELFAERD_DEBUG=1 for the traceback", 1)


def _stop(message: str, code: int) -> int:
    """Say why the command ends, on one line, and return its exit code."""
    if os.environ.get("VELFAERD_DEBUG"):
        traceback.print_exc()
    typer.echo(f"error: {message}", err=True)
    return code
