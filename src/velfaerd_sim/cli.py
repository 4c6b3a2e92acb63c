"""The command line: reads what was asked for, calls the studies, and says what came of it.

Nothing heavy is loaded before it is needed, so that help comes at once. Exit codes: 0 done, 1 the
work failed, 2 the input was wrong, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from velfaerd_sim import options
from velfaerd_sim.errors import (
    MISSING,
    InputError,
    StorageError,
    StudyError,
    VelfaerdError,
    nearest,
)

PROGRAM = "velfaerd"
INTERRUPTED = 130
"""The exit code of a command that Ctrl-C has stopped, as shells expect it."""

UsageError: type[Any] = typer.BadParameter.__bases__[0]
"""Raised by the parser; its home differs between versions of typer."""


DEFAULT_REPLICATES = 32
"""What `compare` does without `--replicates`, named here so that help need not load the studies."""


class StoppedError(VelfaerdError):
    """Ctrl-C came while a study was running."""

    exit_code = INTERRUPTED


class Commands(TyperGroup):
    """The commands; an unknown one is answered with the nearest."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that the first argument names."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            known = list(self.commands)
            allowed = "one of " + ", ".join(known)
            raise InputError(PROGRAM, args[0], allowed, nearest(args[0], known))
        return super().resolve_command(ctx, args)


class Command(TyperCommand):
    """A command whose help fills in limits and defaults from the inputs when it is shown."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        facts = _facts()
        for parameter in self.params:
            text = getattr(parameter, "help", None)
            if text:
                parameter.help = text.format(**facts)  # type: ignore[attr-defined]
        self.epilog = (self.epilog or "").format(**facts)
        super().format_help(ctx, formatter)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the arguments as they stand in the first line of the help."""
        return [re.sub("[{}]", "", piece) for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options, without the types that the parser adds to their names."""
        for title in ("Arguments", "Options"):
            of_kind = [
                one for one in self.get_params(ctx) if f"{one.param_type_name}s" == title.lower()
            ]
            rows = filter(None, (one.get_help_record(ctx) for one in of_kind))
            plain = [(re.sub(r" <.*>$", "", name), text) for name, text in rows]
            if plain:
                with formatter.section(title):
                    formatter.write_dl(plain)


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 100},
)


def _facts() -> dict[str, str]:
    """Return what help says about limits, defaults and names, by the word it stands for."""
    from velfaerd_sim.inputs.parameters import BY_NAME, PARAMETERS, lever_names
    from velfaerd_sim.inputs.regimes import LAST_MONTH, REGIMES, STATUS_QUO
    from velfaerd_sim.inputs.scenarios import LARGEST_SEED, SCENARIOS, load_scenario
    from velfaerd_sim.inputs.towns import FEWEST_ADULTS, MOST_ADULTS

    baseline = load_scenario("baseline")
    levers = [BY_NAME[name] for name in lever_names()]
    width = max(len(one.name) for one in levers)
    rows = (
        f"  {one.name:<{width}}  {one.default:<4g} ({one.low:g} to {one.high:g})  {one.unit}"
        for one in levers
    )
    return {
        "levers": "\n".join(rows),
        "n_parameters": str(len(PARAMETERS)),
        "scenarios": ", ".join(SCENARIOS),
        "regimes": ", ".join(REGIMES),
        "status_quo": STATUS_QUO,
        "months": f"1 to {LAST_MONTH}; default: the scenario's ({baseline.months} in baseline)",
        "adults": f"{FEWEST_ADULTS} a town to {MOST_ADULTS}; "
        f"default: the scenario's ({baseline.adults} in baseline)",
        "seed": f"0 to {LARGEST_SEED}; default: the scenario's ({baseline.seed} in baseline)",
        "replicates": str(DEFAULT_REPLICATES),
    }


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROGRAM} {sys.modules[__package__].__version__}")
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


@app.command(cls=Command, epilog=options.RUN_EXAMPLES)
def run(
    context: typer.Context,
    out: options.Out,
    scenario: Annotated[
        str,
        typer.Argument(metavar="SCENARIO", help="{scenarios}, or a TOML file."),
    ] = "baseline",
    regime: Annotated[
        str | None,
        typer.Option(
            metavar="R", help="A regime's name or a TOML file; default: the scenario's own."
        ),
    ] = None,
    months: options.Months = None,
    adults: options.Adults = None,
    seed: options.Seed = None,
    settings: options.Setting = None,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Simulate a scenario under one regime.

    Writes DIR/series.parquet, one row a month and municipality, and DIR/study.json.
    """
    with _study("Simulating", out, scenario="SCENARIO") as bar:
        from velfaerd_sim import terminal
        from velfaerd_sim.studies.single import run_single

        done = run_single(
            scenario,
            regime=regime,
            out=out,
            months=options.number(months),
            adults=options.number(adults),
            seed=options.number(seed),
            parameters=options.settings(settings),
            workers=options.number(workers),
            overwrite=overwrite,
            command=context.obj,
            progress=bar,
        )
    terminal.print_run(done.series)
    typer.echo(f"\nThe results: {out}")


@app.command(cls=Command, epilog=options.COMPARE_EXAMPLES)
def compare(
    context: typer.Context,
    regimes: Annotated[
        list[str],
        typer.Argument(
            metavar="REGIME",
            help="Two or more, by name or as TOML files; the first is the baseline.",
        ),
    ],
    out: options.Out,
    scenario: Annotated[
        str, typer.Option(metavar="F", help="{scenarios}, or a TOML file.")
    ] = "baseline",
    replicates: Annotated[
        str | None,
        typer.Option(metavar="N", help="Populations to compare on; default: {replicates}."),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            metavar="P",
            help="Replicates until the half-widths for lonely_share, retention_12m and "
            "motivation_mean are below P standard deviations between replicates.",
        ),
    ] = None,
    max_replicates: Annotated[
        str | None, typer.Option(metavar="N", help="At most so many, with --precision.")
    ] = None,
    staff_hours: Annotated[
        str | None,
        typer.Option(
            metavar="H,H,...",
            help="Compare also at these staff hours a month (where ranks reverse); "
            "'default' for a grid over the range.",
        ),
    ] = None,
    months: options.Months = None,
    adults: options.Adults = None,
    seed: options.Seed = None,
    settings: options.Setting = None,
    workers: options.Workers = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Compare regimes on the same populations and draws.

    Writes DIR/effects.parquet with the differences, their 95% intervals and
    who gains and loses, the series behind them, and DIR/study.json.
    """
    with _study("Comparing", out) as bar:
        from velfaerd_sim import terminal
        from velfaerd_sim.studies import comparison

        done = comparison.compare(
            regimes,
            scenario,
            replicates=options.number(replicates),
            precision=options.number(precision),
            workers=options.number(workers),
            out=out,
            months=options.number(months),
            adults=options.number(adults),
            seed=options.number(seed),
            parameters=options.settings(settings),
            staff_hours=options.levels(staff_hours),
            overwrite=overwrite,
            command=context.obj,
            progress=bar,
            on_interim=bar.interim,
            **(
                {} if max_replicates is None else {"max_replicates": options.number(max_replicates)}
            ),
        )
    terminal.print_comparison(done.effects, done.levels)
    terminal.print_ending(done)
    typer.echo(f"\nThe results: {out} (next: velfaerd report {shlex.quote(str(out))})")
    if done.failures:
        text = f"{len(done.failures)} runs failed, the first with {done.failures[0]['message']}"
        raise VelfaerdError(f"{text}; all stand in {out / 'study.json'}")


@app.command(cls=Command)
def report(folder: options.Folder) -> None:
    """Write the report of a run or comparison.

    DIR/report.html holds text, tables and figures in one file, to be read offline and forwarded.
    """
    with _study("Drawing", folder, folder="DIR"):
        from velfaerd_sim.reporting.report import write_report

        path = write_report(folder)
    typer.echo(f"The report: {path}")


@app.command(cls=Command)
def verify(
    folder: options.Folder,
    sample: Annotated[
        str | None, typer.Option(metavar="N", help="Recompute so many runs; default: all.")
    ] = None,
    workers: options.Workers = None,
) -> None:
    """Recompute recorded runs and compare bit for bit.

    Says what was checked. Ends with exit code 1 where a result or the record was changed.
    """
    with _study("Recomputing", folder, folder="DIR") as bar:
        from velfaerd_sim.studies.verification import verify as recompute

        found = recompute(
            folder, sample=options.number(sample), workers=options.number(workers), progress=bar
        )
    for note in found.notes:
        typer.echo(note)
    typer.echo(f"OK: {found}")


@app.command(cls=Command)
def parameters(names: options.Names = None, format: options.Format = "text") -> None:
    """List parameters with default, range and source."""
    from velfaerd_sim.reporting.catalogue import parameters_table

    typer.echo(parameters_table(format, names or ()), nl=False)


@app.command(cls=Command)
def regimes(names: options.Names = None, format: options.Format = "text") -> None:
    """List the named regimes and their instruments."""
    from velfaerd_sim.reporting.catalogue import regimes_table

    typer.echo(regimes_table(format, names or ()), nl=False)


@app.command(cls=Command)
def outcomes(names: options.Names = None, format: options.Format = "text") -> None:
    """List the outcomes with unit and meaning."""
    from velfaerd_sim.reporting.catalogue import outcomes_table

    typer.echo(outcomes_table(format, names or ()), nl=False)


@contextmanager
def _study(title: str, folder: Path, /, **places: str) -> Iterator[Any]:
    """Surround the work on a study: show progress, name options in errors, end well on Ctrl-C."""
    try:
        from velfaerd_sim.terminal import progress_bar

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
        text = f"stopped by Ctrl-C; the same command goes on from what is done in {folder}"
        raise StoppedError(text) from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without Danish letters is no reason to stop
            stream.reconfigure(errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        command = typer.main.get_command(app)
        text = shlex.join([PROGRAM, *given])
        code = command.main(given, PROGRAM, standalone_mode=False, obj=text)
        sys.stdout.flush()
        return int(code or 0)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except StoppedError as error:
        _stop(str(error), INTERRUPTED)
        if arguments is None:
            # A thread that compiles cannot be interrupted; nothing is left to be written.
            sys.stdout.flush()
            os._exit(INTERRUPTED)
        return INTERRUPTED
    except VelfaerdError as error:
        return _stop(str(error), error.exit_code)
    except UsageError as error:
        return _stop(_usage_message(error), 2)
    except MemoryError:
        return _stop("the memory of this machine is not enough; try fewer adults or workers", 1)
    except Exception as error:  # noqa: BLE001  the last stop: one line instead of a traceback
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        return _stop(f"unexpected error: {text}; run with VELFAERD_DEBUG=1 for the traceback", 1)


def _stop(message: str, code: int) -> int:
    """Say why the command ends, on one line, and return its exit code."""
    if os.environ.get("VELFAERD_DEBUG"):
        traceback.print_exc()
    typer.echo(f"error: {message}", err=True)
    return code


def _usage_message(error: Any) -> str:
    """Return the message for a command line that the parser could not read."""
    where = error.ctx.command_path if error.ctx else PROGRAM
    kind = type(error).__name__
    if kind == "NoSuchOption":
        known = {
            name.lstrip("-"): name
            for one in error.ctx.command.params
            for name in one.opts
            if "-" in name
        }
        near = nearest(error.option_name.lstrip("-"), known)
        allowed = f"the options in {where} --help"
        return str(InputError(where, error.option_name, allowed, known[near] if near else None))
    if kind == "MissingParameter" and error.param is not None:
        name = error.param.metavar or error.param.human_readable_name
        if error.param.param_type_name == "option":
            name = max(error.param.opts, key=len)
        allowed = (error.param.help or "see its help").format(**_facts()).rstrip(".")
        allowed = allowed[0].lower() + allowed[1:]
        return str(InputError(f"{where}: {name}", MISSING, allowed))
    return f"{where}: {error.format_message()} See: {where} --help"
