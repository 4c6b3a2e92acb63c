"""Options: what commands share, their texts as values, and their names in messages.

Words in braces are filled in from the inputs when help is shown. Values of the wrong type pass as
they are: the checks of the inputs refuse them, and say what is allowed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from velfaerd_sim.errors import InputError

EXAMPLES = """\b
Examples:
  velfaerd regimes
  velfaerd compare municipal_baton rigid_rules facilitative_dialogue --out results/first
  velfaerd report results/first
  velfaerd run --regime facilitative_dialogue --months 24 --out results/one

\b
Exit codes: 0 done, 1 the work failed, 2 the input was wrong, 130 stopped by Ctrl-C.
"""

RUN_EXAMPLES = """\b
Examples:
  velfaerd run --out results/town
  velfaerd run --regime facilitative_dialogue --months 24 --adults 2000 --out results/talk
  velfaerd run crisis --set staff_hours_per_month=12 --out results/crisis
  velfaerd run my_town.toml --regime my_agreement.toml --out results/mine

\b
What governance decides can be set with --set, as can every other parameter
({n_parameters} in all, see: velfaerd parameters):
{levers}
"""

COMPARE_EXAMPLES = """\b
Examples:
  velfaerd compare {status_quo} facilitative_dialogue --out results/talk
  velfaerd compare hands_off my_agreement.toml --replicates 64 --seed 7 --out results/mine
  velfaerd compare rigid_rules experimenting --precision 0.25 --out results/exact
  velfaerd compare hands_off experimenting --staff-hours 4,12,28,60 --out results/hours

The same command again goes on where it was stopped. Regimes: {regimes} (see: velfaerd regimes).

\b
What governance decides can be set with --set, as can every other parameter
({n_parameters} in all, see: velfaerd parameters):
{levers}
"""

Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or markdown.")]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="NAME", help="Only these; all without a name.")
]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder for the results; made where missing.")
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
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace the results of another study in DIR.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run or comparison.")]


OPTIONS = (
    *("out", "scenario", "regime", "months", "adults", "seed", "workers"),
    *("replicates", "precision", "max_replicates", "staff_hours", "sample"),
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
    """Return the staff hours of `--staff-hours`: None, True for the default ones, or numbers."""
    if text is None or text == "default":
        return True if text else None
    return [number(level) for level in text.split(",")]
