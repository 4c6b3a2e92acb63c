"""The commands `velfaerd run` and `velfaerd compare`: one regime, or several on the same people."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import example_files, options
from velfaerd_sim.cli.bundles import Changes, Rewriting, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, study_work, tell_cost
from velfaerd_sim.errors import InputError

RUN_EXAMPLES = """\b
Examples:
  velfaerd run --out results/town
  velfaerd run --regime facilitative_dialogue --months 24 --adults 2000 --out results/talk
  velfaerd run crisis --set hours_per_1000=12 --out results/crisis
  velfaerd run --example > my_town.toml
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
  velfaerd compare rigid_rules experimenting hands_off --best lonely_share --out results/best
  velfaerd compare hands_off experimenting --hours 4,10,20,60 --out results/hours
  velfaerd compare rigid_rules experimenting --worlds prior:50 --out results/worlds
  velfaerd compare {status_quo} facilitative_dialogue --theories all --out results/theories

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
Best = Annotated[
    str | None,
    typer.Option(
        metavar="OUTCOME",
        help="Select the regime that is best by an outcome: replicates until one is left with the "
        "stated probability; writes DIR/selection.parquet.",
    ),
]
Indifference = Annotated[
    str | None,
    typer.Option(
        metavar="D",
        help="With --best: the least difference that matters, in the unit of the outcome.",
    ),
]
Confidence = Annotated[
    str | None,
    typer.Option(metavar="P", help="With --best: the probability that is stated; default: 0.95."),
]


@dataclass(frozen=True)
class Choice:
    """Selection of the best."""

    best: Best = None
    indifference: Indifference = None
    confidence: Confidence = None

    @property
    def given(self) -> dict[str, str | None]:
        """The options by name."""
        return asdict(self)

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked of it."""
        return any(each is not None for each in self.given.values())


Hours = Annotated[
    str | None,
    typer.Option(
        metavar="H,H,...",
        help="Compare also at these staff hours a month per 1000 adults (where ranks reverse); "
        "'default' for a grid over the range.",
    ),
]


@dataclass(frozen=True)
class Amount:
    """How much is compared."""

    replicates: Replicates = None
    precision: Precision = None
    max_replicates: MostReplicates = None
    hours: Hours = None

    def values(self) -> dict[str, Any]:
        """The same as arguments of a comparison. Raises InputError."""
        found = {
            "replicates": options.number(self.replicates),
            "precision": options.number(self.precision),
            "hours": options.levels(self.hours),
        }
        if self.max_replicates is not None:
            found["max_replicates"] = options.number(self.max_replicates)
        return found


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
    example: example_files.Scenario = False,
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
    worlds: options.Worlds = None,
    theories: options.Theories = None,
    amount: Amount,
    choice: Choice,
    months: options.Months = None,
    changes: Changes,
    how: Rewriting,
) -> None:
    """Compare regimes on the same populations and draws.

    Writes DIR/effects.parquet with the differences, their 95% intervals and who gains and loses,
    the series behind them, and DIR/study.json; with --worlds also DIR/worlds.parquet, with
    --theories DIR/theories.parquet.
    """
    if choice.is_asked:
        others = {"worlds": worlds, "theories": theories, **asdict(amount)}
        own = choice.given | {"max_replicates": others.pop("max_replicates"), "months": months}
        _select(context, regimes, scenario, own, others, changes, how, out)
        return
    wanted = amount.values() | {
        "months": options.number(months),
        "worlds": worlds,
        "theories": theories,
        **changes.values(),
    }
    with study_work("Comparing", f"the same command goes on from what is done in {out}") as bar:
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


def _select(
    context: typer.Context,
    regimes: list[str],
    scenario: str,
    own: dict[str, str | None],
    others: dict[str, str | None],
    changes: Changes,
    how: Rewriting,
    out: str,
) -> None:
    """Select the best of regimes. own: what is asked for it; others: what it cannot go with."""
    later = f"the same command goes on from what is done in {out}"
    names = ("best", "indifference", "confidence", *others)
    places = {name: f"--{name.replace('_', '-')}" for name in names}
    with study_work("Selecting", later, **places) as bar:
        from velfaerd_sim.engine.session import Options
        from velfaerd_sim.reporting.pages.decisions.selection import write_selection
        from velfaerd_sim.studies.select.plan import SelectionPlan, checked_selection
        from velfaerd_sim.studies.select.selecting import select_best

        best = own.pop("best")
        if best is None:
            name, value = next((key, each) for key, each in own.items() if each is not None)
            raise InputError(name, value, "with --best only")
        for name, given in others.items():
            if given is not None:
                raise InputError(name, given, "without --best only, which runs what it takes")
        numbers = {key: options.number(each) for key, each in own.items()}
        wanted = {"best": best, **numbers, **changes.values()}
        design = checked_selection(regimes, scenario, **wanted)
        if how.dry_run:
            tell_cost(SelectionPlan(design), out, how.count)
            return
        compile_for(how.scheduler)
        asked = how.values()
        overwrite = asked.pop("overwrite")
        chosen = Options(progress=bar, **asked)
        done = select_best(
            regimes,
            scenario,
            **wanted,
            out=out,
            overwrite=overwrite,
            command=context.obj,
            options=chosen,
        )
        if not check_ended(done.study, done.late) or not len(done.table):
            return
        path, told = write_selection(done, out)
    for sentence in (*done.notes, *told):
        typer.echo(f"- {sentence}")
    typer.echo(f"\nThe report: {path} (next: velfaerd verify {shlex.quote(out)})")
