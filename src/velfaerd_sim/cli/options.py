"""Options: what commands share, their help, their texts as values, their names in messages.

Words in braces are filled in from the inputs when help is shown. Values of the wrong type pass as
they are: the checks of the inputs refuse them, and say what is allowed.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from velfaerd_sim.errors import MISSING, InputError, nearest, refusal

PROGRAM = "velfaerd"
DEFAULT_REPLICATES, DEFAULT_REPLICATES_IN_A_WORLD = 32, 2
"""What `compare` does without `--replicates`, named here so that help need not load the studies."""
DEFAULT_WORLDS = 100


UsageError: type[Any] = typer.BadParameter.__bases__[0]
"""Raised by the parser; its home differs between versions of typer."""


EXAMPLES = """\b
Examples:
  velfaerd regimes
  velfaerd compare municipal_baton rigid_rules facilitative_dialogue --out results/first
  velfaerd report results/first
  velfaerd run --regime facilitative_dialogue --months 24 --out results/one

\b
Exit codes: 0 done, 1 the work failed, 2 the input was wrong, 130 stopped by Ctrl-C, 128 + N by
signal N.
"""

Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or markdown.")]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="NAME", help="Only these; all without a name.")
]
Out = Annotated[
    str, typer.Option("--out", metavar="DIR", help="Folder for the results; made where missing.")
]
Months = Annotated[
    str | None, typer.Option("--months", metavar="N", help="Months after the burn-in, {months}.")
]
Adults = Annotated[
    str | None, typer.Option("--adults", metavar="N", help="Adults in all towns, {adults}.")
]
Seed = Annotated[str | None, typer.Option("--seed", metavar="N", help="Seed of all draws, {seed}.")]
Setting = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; may stand several times."),
]
Workers = Annotated[
    str | None,
    typer.Option("--workers", metavar="N", help="Runs at a time; default: all cores."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="Run on the Dask cluster with this scheduler."
    ),
]
Scenario = Annotated[str, typer.Option(metavar="F", help="{scenarios}, or a TOML file.")]
Worlds = Annotated[
    str | None,
    typer.Option(
        "--worlds",
        metavar="W[:N]",
        help="Run in N worlds ({worlds} without :N): plausible (calibrated), prior (the ranges of "
        "all uncertainties), a CSV file of parameter sets, or the folder of a place.",
    ),
]
Theories = Annotated[
    str | None,
    typer.Option(
        "--theories",
        metavar="T,T,...",
        help="Run also under rival theories, in every world: all, names (see: velfaerd theories), "
        "TOML files or folders of them.",
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace the results of another study in DIR.")
]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first run that fails.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Tell runs, time and size on disk; write nothing.")
]
Minutes = Annotated[
    str | None,
    typer.Option("--minutes", metavar="N", help="Begin no new work after so many minutes."),
]
TaskMinutes = Annotated[
    str | None,
    typer.Option(
        "--task-minutes",
        metavar="N",
        help="End a task that takes longer, with its worker; it counts as failed.",
    ),
]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Run what failed before again.")]
Folder = Annotated[str, typer.Argument(metavar="DIR", help="The folder of a study.")]


PLUGIN = typer.Option(
    "--plugin",
    metavar="FILE.py",
    help="Own outcomes, interventions, rules and parameters; may stand several times. It is code "
    "and is run.",
)


OPTIONS = (
    *("out", "scenario", "regime", "months", "adults", "seed", "workers"),
    *("replicates", "precision", "max_replicates", "hours", "sample"),
    *("scheduler", "branch", "worlds", "theories", "minutes", "task_minutes", "plugin"),
)


def place(name: str, places: dict[str, str]) -> str:
    """Return a place as it stands on the command line: `months` is `--months`."""
    head, colon, rest = name.partition(":")
    if head.startswith("parameters."):
        head = f"--set {head.removeprefix('parameters.')}"
    elif head == "parameters":
        head = "--set"
    elif head.startswith("regimes[") and head.endswith("]"):
        head = f"regime {head[8:-1]}"
    elif head == "regimes":
        head = "REGIME"
    elif head in places:
        head = places[head]
    elif head in OPTIONS:
        head = f"--{head.replace('_', '-')}"
    return head + colon + rest


def number(text: str | None) -> Any:
    """Return a text as the finite number it is, or as it stands, for the checks to refuse."""
    if text is None or "_" in text:
        return text
    for kind in (int, float):
        with suppress(ValueError):
            value = kind(text)
            return value if isinstance(value, int) or math.isfinite(value) else text
    return text


def settings(texts: Sequence[str] | None) -> dict[str, Any] | None:
    """Return the parameters of all `--set NAME=VALUE`."""
    found: dict[str, Any] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise InputError("--set", text, "NAME=VALUE")
        if name in found:
            raise InputError("--set", name, "each parameter once")
        found[name] = number(value.strip())
    return found or None


def levels(text: str | None) -> Any:
    """Return the staff hours of `--hours`: None, True for the default ones, or numbers."""
    if text is None or text == "default":
        return True if text else None
    return [number(level) for level in text.split(",")]


_Function = TypeVar("_Function", bound=Callable[..., None])
COMMANDS: dict[str, tuple[Callable[..., None], str]] = {}
"""The commands whose files are loaded, by name, each with the examples that end its help."""


def command(examples: str = "") -> Callable[[_Function], _Function]:
    """Make a function a command of the program, with examples at the end of its help."""

    def add(function: _Function) -> _Function:
        COMMANDS[function.__name__] = _with_plugins(function), examples
        return function

    return add


def _with_plugins(function: Callable[..., None]) -> Callable[..., None]:
    """The command with an option that puts plugins in force while it runs."""
    signature = inspect.signature(function, eval_str=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    given = [each.replace(kind=kind) for each in signature.parameters.values()]
    option = Annotated[list[str] | None, PLUGIN]
    given.append(inspect.Parameter("plugin", kind, default=None, annotation=option))

    @wraps(function)
    def call(plugin: list[str] | None = None, **others: Any) -> None:
        from velfaerd_sim import in_force

        before = in_force.session()
        try:
            try:
                in_force.put_in_force(*plugin or ())
            except InputError as error:
                named = place(error.place, {})
                raise InputError(named, error.value, error.allowed, error.suggestion) from None
            function(**others)
        finally:
            in_force.let_be(before)

    call.__annotations__ = {}
    call.__signature__ = signature.replace(parameters=given)  # type: ignore[attr-defined]
    return call


class Commands(TyperGroup):
    """The commands; an unknown one is answered with the nearest."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that the first argument names."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            known = list(self.commands)
            allowed = refusal("one_of", names=", ".join(known))
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
        "replicates_in_a_world": str(DEFAULT_REPLICATES_IN_A_WORLD),
        "worlds": str(DEFAULT_WORLDS),
    }


def usage_message(error: Any) -> str:
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
    text = error.format_message().rstrip(".")
    return f"{where}: {text[:1].lower()}{text[1:]}; see {where} --help"
