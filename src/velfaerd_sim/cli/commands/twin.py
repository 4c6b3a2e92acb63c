"""The command `velfaerd twin`: what the rules give without persons, at once."""

from __future__ import annotations

from typing import Annotated

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.bundles import Changes, bundled
from velfaerd_sim.cli.work import study_work

EXAMPLES = """\b
Examples:
  velfaerd twin
  velfaerd twin rigid_rules facilitative_dialogue --set hours_per_1000=8
  velfaerd twin --agents 16

The twin takes the same rules for one mean initiative a route, one mean volunteer and one mean
member of staff: no persons, no ties, no chance. With --agents the model runs beside it, and the
second table says how well the twin ranks regimes: where it does, a conclusion needs no persons.
"""

Regimes = Annotated[
    list[str] | None,
    typer.Argument(metavar="REGIME", help="By name or as TOML files; default: all named ones."),
]
Agents = Annotated[
    str | None,
    typer.Option(metavar="N", help="Run the model beside it, on N populations a regime."),
]


@options.command(EXAMPLES)
@bundled
def twin(
    regimes: Regimes = None,
    *,
    months: options.Months = None,
    agents: Agents = None,
    changes: Changes,
) -> None:
    """Tell what the rules give without persons, for each regime, in the last year."""
    with study_work("Running the model", "the same command starts anew"):
        from velfaerd_sim.analysis.twin.comparison import agreement, beside_agents, twin_levels
        from velfaerd_sim.cli import terminal
        from velfaerd_sim.inputs.checks import whole
        from velfaerd_sim.inputs.regimes import REGIMES
        from velfaerd_sim.studies.compare.design import changed_scenario

        chosen = regimes or [name for name in REGIMES if name != "crisis_mode"]
        scenario = changed_scenario(
            "baseline", None, months=options.number(months), **changes.values()
        )
        terminal.tell_of_compiling("run_twin")
        if agents is None:
            typer.echo(twin_levels(scenario, chosen).round(3).to_string())
            return
        count = whole(options.number(agents), "--agents", 2, 10_000)
        found = beside_agents(scenario, chosen, count)
    typer.echo(found.round(3).to_string(index=False))
    typer.echo("")
    typer.echo(agreement(found).round(3).to_string(index=False))
