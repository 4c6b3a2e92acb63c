"""Pages that are made from the code: commands, Python names, parameters, regimes, outcomes."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

from typer.testing import CliRunner

import velfaerd_sim
from velfaerd_sim.cli.main import ORDER, app
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.telling import tables_of_inputs as tables

GROUPS = {
    "Models": ("WelfareModel",),
    "Studies": ("compare", "place", "sweep", "advise", "value", "trial"),
    "Results": ("load_study", "verify", "write_report"),
    "Inputs": (
        *("Scenario", "load_scenario", "Town", "Regime", "Timeline", "Phase"),
        *("SweepStudy", "Factor", "Design", "plugin"),
    ),
    "Errors": ("VelfaerdError",),
}
"""The public names of the package, by what they are for."""
RESULTS = (
    "velfaerd_sim.studies.compare.comparison.Comparison",
    "velfaerd_sim.studies.place.place.PlaceStudy",
    "velfaerd_sim.studies.sweep.sweeping.Sweep",
    "velfaerd_sim.studies.advise.advising.Advice",
    "velfaerd_sim.studies.value.valuing.Valuation",
    "velfaerd_sim.studies.trial.plan.Trials",
)
"""What the functions of studies give."""


def pages() -> dict[str, str]:
    """Every page by its place in the site."""
    return {
        "reference/commands.md": commands(),
        "reference/api.md": python_names(),
        "reference/parameters.md": parameters(),
        "reference/regimes.md": regimes(),
        "reference/outcomes.md": outcomes(),
        "reference/theories.md": theories(),
    }


def commands() -> str:
    """The help of every command, as the program prints it."""
    parts = [
        "# Commands\n\nThis page is what `velfaerd COMMAND --help` prints. `velfaerd` alone shows "
        "the questions, each with its command."
    ]
    for name in ("", *ORDER):
        asked = [name, "--help"] if name else ["--help"]
        shown = CliRunner().invoke(app, asked, terminal_width=100, prog_name="velfaerd")
        if shown.exit_code:
            raise ValueError(f"{name}: {shown.output}")
        title = f"velfaerd {name}".strip()
        parts.append(f"## {title}\n\n```text\n{shown.stdout.strip()}\n```")
    return "\n\n".join(parts) + "\n"


def python_names() -> str:
    """Every public name of the package, for mkdocstrings to fill in."""
    known = {*velfaerd_sim.__all__} - {"__version__"}
    listed = [name for names in GROUPS.values() for name in names]
    if sorted(listed) != sorted(known):
        raise ValueError(f"names in no group, or twice: {sorted(known ^ {*listed})}")
    parts = [
        "# Python\n\nEverything here is imported from `velfaerd_sim`: "
        "`from velfaerd_sim import compare`."
    ]
    for group, names in GROUPS.items():
        parts.append(f"## {group}")
        for name in names:
            home = inspect.getmodule(getattr(velfaerd_sim, name)).__name__
            parts.append(f"::: {home}.{name}")
    parts.append("## What the studies give\n\nIn a notebook each shows its tables and figures.")
    for path in RESULTS:
        module, _, name = path.rpartition(".")
        getattr(import_module(module), name)
        parts.append(f"::: {path}")
    return "\n\n".join(parts) + "\n"


def parameters() -> str:
    """Every parameter, by group."""
    groups = list(dict.fromkeys(each.group for each in PARAMETERS))
    parts = [
        f"# Parameters\n\nThere are {len(PARAMETERS)}. Set one with `--set NAME=VALUE`, in a "
        "scenario under `[parameters]`, or with `parameters={...}` in Python. `velfaerd "
        "parameters` prints the same. A source that says *assumption* has no study behind it."
    ]
    for group in groups:
        names = [each.name for each in PARAMETERS if each.group == group]
        parts.append(f"## {titled(group)}\n\n{tables.parameters_table('markdown', names)}")
    return "\n\n".join(parts)


def regimes() -> str:
    """Every named regime with its instruments."""
    return (
        "# Regimes\n\nA regime is a point in eight instruments, each from 0 to 1. "
        "`velfaerd regimes` prints the same. How to write one of your own: "
        f"[an own regime](../howto/regime.md).\n\n{tables.regimes_table('markdown')}"
    )


def outcomes() -> str:
    """Every outcome with unit and definition."""
    return (
        "# Outcomes\n\nEvery outcome is a column of `series.parquet`, by month. "
        f"`velfaerd outcomes` prints the same.\n\n{tables.outcomes_table('markdown')}"
    )


def theories() -> str:
    """Every packaged theory with its parameters."""
    return (
        "# Theories\n\nRival views of how things work, for `--theories`. "
        f"`velfaerd theories` prints the same.\n\n{tables.theories_table('markdown')}"
    )


def titled(group: str) -> str:
    """The name of a group as a heading."""
    return re.sub(r"^.", lambda first: first[0].upper(), group.replace("_", " "))
