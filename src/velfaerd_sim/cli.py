"""The command line: reads what was asked for, calls the studies, and says what came of it.

Nothing heavy is loaded before it is needed, so that help comes at once. Exit codes: 0 done, 1 the
work failed, 2 the input was wrong, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from velfaerd_sim.errors import MISSING, InputError, VelfaerdError, nearest, shown

PROGRAM = "velfaerd"
INTERRUPTED = 130
"""The exit code of a command that Ctrl-C has stopped, as shells expect it."""

UsageError: type[Any] = typer.BadParameter.__bases__[0]
"""Raised by the parser; its home differs between versions of typer."""


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


app = typer.Typer(cls=Commands, add_completion=False, rich_markup_mode=None)


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
        "cores": str(_cores()),
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _show_version(wanted: bool) -> None:
    if wanted:
        from velfaerd_sim import __version__

        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def velfaerd(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Compare ways of governing the collaboration of municipalities and volunteers.

    An agent-based model of Danish municipalities: regimes of governance, volunteers' motivation
    and retention, and citizens' loneliness.
    """


Format = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="text, json or markdown.")
]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="NAME", help="Only these; all without a name.")
]


@app.command(cls=Command)
def parameters(names: Names = None, format: Format = "text") -> None:
    """List the parameters: default, range, unit, role and source."""
    from velfaerd_sim.reporting.tables import parameters_table

    typer.echo(parameters_table(format, names or ()), nl=False)


@app.command(cls=Command)
def regimes(names: Names = None, format: Format = "text") -> None:
    """List the named regimes: their instruments, what they mean and where they come from."""
    from velfaerd_sim.reporting.tables import regimes_table

    typer.echo(regimes_table(format, names or ()), nl=False)


@app.command(cls=Command)
def outcomes(names: Names = None, format: Format = "text") -> None:
    """List the outcomes: unit, meaning and which way is better."""
    from velfaerd_sim.reporting.tables import outcomes_table

    typer.echo(outcomes_table(format, names or ()), nl=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without Danish letters is no reason to stop
            stream.reconfigure(errors="replace")
    try:
        command = typer.main.get_command(app)
        code = command.main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except KeyboardInterrupt:
        return _stop("stopped", INTERRUPTED)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
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
            name.lstrip("-"): name for one in error.ctx.command.params for name in one.opts if "-" in name
        }
        near = nearest(error.option_name.lstrip("-"), known)
        allowed = f"the options in {where} --help"
        return str(InputError(where, error.option_name, allowed, known[near] if near else None))
    if kind == "MissingParameter" and error.param is not None:
        name = error.param.metavar or error.param.human_readable_name
        if error.param.param_type_name == "option":
            name = max(error.param.opts, key=len)
        allowed = (error.param.help or "").format(**_facts()).rstrip(".")
        return str(InputError(f"{where}: {name}", MISSING, allowed))
    return f"{where}: {error.format_message()} See: {where} --help"
