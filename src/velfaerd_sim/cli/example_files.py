"""Files to start from: a study, a scenario, a regime and others, each with every key it may have.

What stands in them is also the reference of their keys, see docs/files.md.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Annotated

import typer

from velfaerd_sim.errors import InputError, nearest, refusal

KINDS = ("study", "scenario", "regime", "timeline", "calibration")


def example(kind: str) -> str:
    """The text of a file of a kind to start from. Raises InputError for an unknown kind."""
    if kind not in KINDS:
        allowed = refusal("one_of", names=", ".join(KINDS))
        raise InputError("--example", kind, allowed, nearest(kind, KINDS))
    found = files("velfaerd_sim.cli").joinpath(f"examples/{kind}.toml")
    return found.read_text("utf-8").rstrip() + "\n"


def _shows(*kinds: str) -> Callable[[object], None]:
    """What prints an example and ends the command."""

    def show(wanted: object) -> None:
        if wanted:
            kind = str(wanted) if isinstance(wanted, str) else kinds[0]
            if kind not in kinds:
                allowed = refusal("one_of", names=", ".join(kinds))
                raise InputError("--example", kind, allowed, nearest(kind, kinds))
            typer.echo(example(kind), nl=False)
            raise typer.Exit

    return show


def _option(help: str, *kinds: str, metavar: str | None = None) -> object:
    return typer.Option(
        "--example", is_eager=True, callback=_shows(*kinds), help=help, metavar=metavar
    )


Study = Annotated[bool, _option("Print a study file to start from, and stop.", "study")]
Scenario = Annotated[bool, _option("Print a scenario file to start from, and stop.", "scenario")]
Calibration = Annotated[
    bool, _option("Print a calibration file to start from, and stop.", "calibration")
]
Governance = Annotated[
    str | None,
    _option(
        "Print a regime or a timeline to start from, and stop.",
        "regime",
        "timeline",
        metavar="KIND",
    ),
]
