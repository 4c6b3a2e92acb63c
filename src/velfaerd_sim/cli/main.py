"""The command line: reads what was asked for, calls the studies, and says what came of it.

Nothing heavy is loaded before it is needed, so that help comes at once. Exit codes: 0 done, 1 the
work failed, 2 the input was wrong, 130 stopped by Ctrl-C, 128 + N by signal N.
"""

from __future__ import annotations

import codecs
import os
import shlex
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from velfaerd_sim.cli import analyse as cli_analyse
from velfaerd_sim.cli import calibrate as cli_calibrate
from velfaerd_sim.cli import claims as cli_claims
from velfaerd_sim.cli import compare as cli_compare
from velfaerd_sim.cli import dashboard as cli_dashboard
from velfaerd_sim.cli import options
from velfaerd_sim.cli import sweep as cli_sweep
from velfaerd_sim.cli import validate as cli_validate
from velfaerd_sim.cli.work import INTERRUPTED, StoppedError, study_work
from velfaerd_sim.errors import VelfaerdError

PACKAGE = __name__.partition(".")[0]

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
        typer.echo(context.get_help())


app.command(cls=options.Command, epilog=cli_compare.RUN_EXAMPLES)(cli_compare.run)
app.command(cls=options.Command, epilog=cli_compare.COMPARE_EXAMPLES)(cli_compare.compare)
app.command(cls=options.Command, epilog=cli_sweep.EXAMPLES)(cli_sweep.sweep)
app.command(cls=options.Command, epilog=cli_analyse.EXAMPLES)(cli_analyse.analyse)
app.command(cls=options.Command, epilog=cli_calibrate.EXAMPLES)(cli_calibrate.calibrate)
app.command(cls=options.Command, epilog=cli_claims.EXAMPLES)(cli_claims.claims)
app.command(cls=options.Command, epilog=cli_dashboard.EXAMPLES)(cli_dashboard.dashboard)
app.command(cls=options.Command, epilog=cli_validate.ROBUSTNESS_EXAMPLES)(cli_validate.robustness)
app.command(cls=options.Command, epilog=cli_validate.VALIDATE_EXAMPLES)(cli_validate.validate)


REPORT_EXAMPLES = """\b
Examples:
  velfaerd report results/first
  velfaerd report results/first --language da

A report can be written anew at any time: nothing is run again, but for a small grid of staff hours
that the report of a comparison adds where it is missing.
"""


@app.command(cls=options.Command, epilog=REPORT_EXAMPLES)
def report(
    folder: options.Folder,
    language: Annotated[
        str,
        typer.Option(
            "--language",
            metavar="LANGUAGE",
            help="en or da.",
        ),
    ] = "en",
) -> None:
    """Write the report of a study, of any kind.

    DIR/report.html holds text, tables and figures in one file, to be read offline and forwarded;
    in Danish it is DIR/report.da.html, with its figures in DIR/figures.da.
    """
    with study_work("Drawing", "no report was written", folder="DIR", language="--language") as bar:
        from velfaerd_sim.reporting.pages.report import write_report

        path = write_report(folder, bar, language)
    typer.echo(f"The report: {path}")


VERIFY_EXAMPLES = """\b
Examples:
  velfaerd verify results/first
  velfaerd verify results/first --sample 2
  velfaerd verify results/study --sample 8 --workers 2

The folder stands by itself: it can be verified from anywhere, and after it was moved. Another
version of the model gives other numbers; which version made the folder stands in its study.json.
"""


@app.command(cls=options.Command, epilog=VERIFY_EXAMPLES)
def verify(
    folder: options.Folder,
    sample: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Replicates to recompute; default: all of a small study, a few of a large one.",
        ),
    ] = None,
    workers: options.Workers = None,
) -> None:
    """Recompute recorded runs and compare bit for bit.

    Says what was checked. Ends with exit code 1 where a result or the record was changed.
    """
    with study_work("Recomputing", "not verified", folder="DIR") as bar:
        from velfaerd_sim.cli import terminal
        from velfaerd_sim.engine.store import read_record
        from velfaerd_sim.studies.verification import verify as recompute

        read_record(Path(folder))
        terminal.compile_once()
        found = recompute(
            folder, sample=options.number(sample), workers=options.number(workers), progress=bar
        )
    for note in found.notes:
        typer.echo(note)
    typer.echo(f"OK: {found}")


@app.command(cls=options.Command)
def parameters(names: options.Names = None, format: options.Format = "text") -> None:
    """List parameters with default, range and source."""
    from velfaerd_sim.telling.tables_of_inputs import parameters_table

    typer.echo(parameters_table(format, names or ()), nl=False)


@app.command(cls=options.Command)
def regimes(names: options.Names = None, format: options.Format = "text") -> None:
    """List the named regimes and their instruments."""
    from velfaerd_sim.telling.tables_of_inputs import regimes_table

    typer.echo(regimes_table(format, names or ()), nl=False)


@app.command(cls=options.Command)
def outcomes(names: options.Names = None, format: options.Format = "text") -> None:
    """List the outcomes with unit and meaning."""
    from velfaerd_sim.telling.tables_of_inputs import outcomes_table

    typer.echo(outcomes_table(format, names or ()), nl=False)


_PLAIN = {"\u2212": "-", "\u2013": "-", "\u00d7": "x", "\u2026": "...", "\u2264": "<="}


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
            sys.stdout.flush()
            os._exit(error.exit_code)
        return error.exit_code
    except VelfaerdError as error:
        return _stop(str(error), error.exit_code)
    except options.UsageError as error:
        return _stop(options.usage_message(error), 2)
    except MemoryError:
        return _stop("the memory of this machine is not enough; try fewer adults or workers", 1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _stop(f"{where}{error.strerror or error}", 1)
    except Exception as error:  # noqa: BLE001  the last stop: one line instead of a traceback
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        return _stop(f"unexpected error: {text}; run with VELFAERD_DEBUG=1 for the traceback", 1)


def _stop(message: str, code: int) -> int:
    """Say why the command ends, on one line, and return its exit code."""
    if os.environ.get("VELFAERD_DEBUG"):
        traceback.print_exc()
    typer.echo(f"error: {message}", err=True)
    return code
