"""The commands that judge the model: which conclusions survive what, and what fits."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.bundles import Changes, Rewriting, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, study_work, tell_cost
from velfaerd_sim.errors import InputError

ROBUSTNESS_EXAMPLES = """\b
Examples:
  velfaerd robustness --out results/robust
  velfaerd robustness --worlds prior:40 --replicates 8 --adults 2000 --out results/quick
  velfaerd robustness --kind size --kind step --out results/scale

Kinds of conditions: worlds (the calibrated set where there is one, and the prior), theory (rival
theories), contagion (off), size (adults halved and doubled), step (half a month, two months),
network (other ties), group (all arrows of a group of parameters at zero), arrow (each causal arrow
at zero). The same command again goes on where it was stopped; with more kinds it adds them. With 32
replicates of 5 000 adults it takes about 7 minutes on two idle cores.
"""


SetsOfWorlds = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME[:N]",
        help="Sets of worlds, a condition each: plausible, prior or a CSV file; may stand "
        "several times; default: plausible:100, where calibrated, and prior:100.",
    ),
]
RivalTheories = Annotated[
    str | None,
    typer.Option(
        "--theories",
        metavar="T,T,...",
        help="Theories, a condition each: names, TOML files or folders of them; default: all.",
    ),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option(metavar="KIND", help="Only these conditions; may stand several times."),
]
Replicates = Annotated[
    str | None, typer.Option(metavar="N", help="Populations under each condition; default: 32.")
]


@options.command(ROBUSTNESS_EXAMPLES)
@bundled
def robustness(
    context: typer.Context,
    out: options.Out,
    *,
    worlds: SetsOfWorlds = None,
    theories: RivalTheories = None,
    kind: Kinds = None,
    replicates: Replicates = None,
    months: options.Months = None,
    changes: Changes,
    how: Rewriting,
) -> None:
    """Try which conclusions about regimes survive what.

    Compares all regimes under other worlds, theories, sizes, time steps and networks, and with each
    causal arrow at zero. Writes DIR/report.html, figures and tables as CSV, and DIR/study.json.
    """
    later = f"the same command goes on from what is done in {out}"
    with study_work("Trying", later, kind="--kind", repeats="--replicates") as bar:
        from velfaerd_sim.inputs.regime_files import load_timeline
        from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
        from velfaerd_sim.reporting.pages.robustness import write_robustness
        from velfaerd_sim.studies.compare.design import changed_scenario
        from velfaerd_sim.studies.robustness import plan as robustness

        base = changed_scenario("baseline", None, months=options.number(months), **changes.values())
        tried = _conditions(base, worlds, theories, kind, options.number(replicates))
        regimes = [STATUS_QUO, *(name for name in REGIMES if name != STATUS_QUO)]
        asked = how.values()
        if how.dry_run:
            timelines = tuple(map(load_timeline, regimes))
            tell_cost(robustness.RobustnessPlan(tried, timelines, base), out, how.count)
            return
        compile_for(how.scheduler)
        done = robustness.run_robustness(
            tried, regimes, base, **asked, out=out, command=context.obj, progress=bar
        )
        if not done.complete:
            check_ended(done.study, done.late)
            return
        path, told = write_robustness(done, out)
    for sentence in (*done.notes, *told):
        typer.echo(f"- {sentence}")
    typer.echo(f"\nThe report: {path}")


def _conditions(
    base: Any,
    worlds: list[str] | None,
    theories: str | None,
    kind: list[str] | None,
    replicates: Any,
) -> tuple[Any, ...]:
    """The conditions that are asked for. Raises InputError."""
    from velfaerd_sim.inputs import checks
    from velfaerd_sim.inputs.theories import ALL, load_theories
    from velfaerd_sim.instruments import conditions

    count = 32 if replicates is None else checks.whole(replicates, "replicates", 2, 10_000)
    known = conditions.KINDS[1:]
    kinds = tuple(checks.one_of(each, "kind", known) for each in kind or known)
    sets = _sets(worlds, base.seed) if conditions.WORLDS_KIND in kinds else ()
    rivals = load_theories(ALL if theories is None else theories)
    return tuple(
        conditions.conditions(base, worlds=sets, theories=rivals, repeats=count, kinds=kinds)
    )


VALIDATE_EXAMPLES = """\b
Examples:
  velfaerd validate --out results/valid
  velfaerd validate --worlds prior:40 --seeds 4 --out results/quick

Targets are asked in the world of the defaults and in the worlds; held-out patterns, which nothing
is fitted to, in the same worlds. Without calibrated worlds the defaults stand in for them. The same
command again goes on where it was stopped. With 100 worlds it takes about 3 minutes on two cores.
"""


OneSetOfWorlds = Annotated[
    str | None,
    typer.Option(
        metavar="NAME[:N]",
        help="Worlds: plausible, prior, none (the defaults only) or a CSV file; default: "
        "plausible:100 where calibrated, else none.",
    ),
]
Seeds = Annotated[
    str | None,
    typer.Option(
        metavar="N", help="Seeds of the defaults; every scale has four times as many; default: 12."
    ),
]


@options.command(VALIDATE_EXAMPLES)
@bundled
def validate(
    context: typer.Context,
    out: options.Out,
    *,
    worlds: OneSetOfWorlds = None,
    seeds: Seeds = None,
    changes: Changes,
    how: Rewriting,
) -> None:
    """Hold the model against every published figure.

    Says first what does not fit. Writes DIR/report.html, figures and tables as CSV, and
    DIR/study.json.
    """
    later = f"the same command goes on from what is done in {out}"
    with study_work("Validating", later, seeds="--seeds") as bar:
        from velfaerd_sim.inputs import checks
        from velfaerd_sim.reporting.pages.validation import write_validation
        from velfaerd_sim.studies.compare.design import changed_scenario
        from velfaerd_sim.studies.validate import validating

        given = options.number(seeds)
        count = 12 if given is None else checks.whole(given, "seeds", 2, 1000)
        base = changed_scenario("baseline", None, None, **changes.values())
        chosen = _worlds(worlds, base.seed)
        size = validating.Size(
            seeds=count,
            scale_seeds=4 * count,
            adults=base.adults,
            reading_adults=4 * base.adults,
        )
        asked = how.values()
        if how.dry_run:
            tell_cost(validating.validation_plan(base, chosen, size), out, how.count)
            return
        compile_for(how.scheduler)
        done = validating.validate(
            base,
            worlds=chosen,
            size=size,
            **asked,
            out=out,
            command=context.obj,
            progress=bar,
        )
        if not done.complete:
            check_ended(done.study, done.late)
            return
        path, told = write_validation(done, out)
    for sentence in (*done.notes, *told):
        typer.echo(f"- {sentence}")
    typer.echo(f"\nThe report: {path}")


def _worlds(name: str | None, seed: int) -> Any:
    """The worlds that are asked for, or None for the defaults alone."""
    from velfaerd_sim.inputs.worlds import PLAUSIBLE, Worlds

    if name == "none":
        return None
    if name is not None:
        return Worlds.drawn(name, seed)
    with suppress(InputError):  # where this version comes without calibrated worlds
        return Worlds.drawn(f"{PLAUSIBLE}:100", seed)
    return None


def _sets(names: list[str] | None, seed: int) -> tuple[Any, ...]:
    """The sets of worlds that are asked for; by default the calibrated, if any, and the prior."""
    from velfaerd_sim.inputs.worlds import PLAUSIBLE, PRIOR, Worlds

    if names:
        found = tuple(Worlds.drawn(name, seed) for name in names)
        heads = [each.name.partition(":")[0] for each in found]
        for place, head in enumerate(heads):
            if head in heads[:place]:
                raise InputError("worlds", head, "each set once")
        return found
    sets = [Worlds.drawn(f"{PRIOR}:100", seed)]
    with suppress(InputError):  # where this version comes without calibrated worlds
        sets.insert(0, Worlds.drawn(f"{PLAUSIBLE}:100", seed))
    return tuple(sets)
