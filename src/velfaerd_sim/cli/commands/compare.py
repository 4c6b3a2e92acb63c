"""The commands `velfaerd run` and `velfaerd compare`: one regime, or several on the same people."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.bundles import Changes, Rewriting, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, study_work, tell_cost

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
  velfaerd compare rigid_rules experimenting --worlds prior:50 --out results/worlds

The same command again goes on where it was stopped. Regimes: {regimes} (see: velfaerd regimes).

\b
What governance decides can be set with --set, as can every other parameter
({n_parameters} in all, see: velfaerd parameters):
{levers}
"""

RunScenario = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="{scenarios}, or a TOML file.")
]
Regime = Annotated[
    str | None,
    typer.Option(metavar="R", help="A regime's name or a TOML file; default: the scenario's own."),
]
Regimes = Annotated[
    list[str],
    typer.Argument(
        metavar="REGIME", help="Two or more, by name or as TOML files; the first is the baseline."
    ),
]
Replicates = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="Populations to compare on; default: {replicates}, or {replicates_in_a_world} in "
        "each of the --worlds.",
    ),
]
Precision = Annotated[
    str | None,
    typer.Option(
        metavar="P",
        help="Replicates until the half-widths for lonely_share, retention_12m and "
        "motivation_mean are below P standard deviations between replicates.",
    ),
]
MostReplicates = Annotated[
    str | None, typer.Option(metavar="N", help="At most so many, with --precision.")
]
StaffHours = Annotated[
    str | None,
    typer.Option(
        metavar="H,H,...",
        help="Compare also at these staff hours a month (where ranks reverse); "
        "'default' for a grid over the range.",
    ),
]


@options.command(RUN_EXAMPLES)
@bundled
def run(
    context: typer.Context,
    out: options.Out,
    *,
    scenario: RunScenario = "baseline",
    regime: Regime = None,
    months: options.Months = None,
    changes: Changes,
    workers: options.Workers = None,
    dry_run: options.DryRun = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Simulate a scenario under one regime.

    Writes DIR/series.parquet, one row a month and municipality, and DIR/study.json. A run that was
    stopped starts anew.
    """
    with study_work("Simulating", "the run starts anew", scenario="SCENARIO") as bar:
        from velfaerd_sim.cli import terminal
        from velfaerd_sim.engine.cores import checked_workers
        from velfaerd_sim.studies.compare.design import changed_scenario
        from velfaerd_sim.studies.run.single import RunPlan, run_single

        chosen = changed_scenario(
            scenario, regime, months=options.number(months), **changes.values()
        )
        count = checked_workers(options.number(workers))
        if dry_run:
            tell_cost(RunPlan(chosen), out, count)
            return
        terminal.compile_once()
        done = run_single(
            chosen,
            out=out,
            workers=count,
            overwrite=overwrite,
            command=context.obj,
            progress=bar,
        )
    terminal.print_run(done.series)
    typer.echo(f"\nThe results: {out}")


@options.command(COMPARE_EXAMPLES)
@bundled
def compare(
    context: typer.Context,
    regimes: Regimes,
    out: options.Out,
    *,
    scenario: options.Scenario = "baseline",
    replicates: Replicates = None,
    worlds: options.Worlds = None,
    precision: Precision = None,
    max_replicates: MostReplicates = None,
    staff_hours: StaffHours = None,
    months: options.Months = None,
    changes: Changes,
    how: Rewriting,
) -> None:
    """Compare regimes on the same populations and draws.

    Writes DIR/effects.parquet with the differences, their 95% intervals and
    who gains and loses, the series behind them, and DIR/study.json; with --worlds
    also DIR/worlds.parquet with the differences in every world.
    """
    wanted = {
        "replicates": options.number(replicates),
        "precision": options.number(precision),
        "staff_hours": options.levels(staff_hours),
        "months": options.number(months),
        "worlds": worlds,
        **changes.values(),
    }
    if max_replicates is not None:
        wanted["max_replicates"] = options.number(max_replicates)
    later = f"the same command goes on from what is done in {out}"
    with study_work("Comparing", later) as bar:
        from velfaerd_sim.cli import terminal
        from velfaerd_sim.studies.compare import comparison

        there = None if how.overwrite else out
        plan = comparison.comparison_plan(regimes, scenario, out=there, **wanted)
        asked = how.values()
        if how.dry_run:
            tell_cost(plan, out, how.count)
            return
        compile_for(how.scheduler)
        done = comparison.compare(
            regimes,
            scenario,
            **wanted,
            **asked,
            out=out,
            command=context.obj,
            on_interim=bar.interim,
            progress=bar,
        )
    if len(done.effects):
        terminal.print_comparison(done.effects, done.levels)
        terminal.print_worlds(done)
        terminal.print_ending(done)
    if check_ended(done.study, done.late):
        typer.echo(f"\nThe results: {out} (next: velfaerd report {shlex.quote(out)})")
