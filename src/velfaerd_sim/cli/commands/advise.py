"""The command `velfaerd advise`: the best package of instruments for the hours there are."""

from __future__ import annotations

import shlex
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import example_files, options
from velfaerd_sim.cli.bundles import Changes, Rewriting, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, study_work, tell_cost
from velfaerd_sim.errors import InputError

EXAMPLES = """\b
Examples:
  velfaerd advise --hours-at-most 12 --out results/advice
  velfaerd advise --example > my_town.toml
  velfaerd advise my_town.toml --hours-at-most 20 --goal retention_12m --out results/stay
  velfaerd advise --hours-at-most 9 --goal lonely_share=100 --goal retention_12m=5 --out results/two
  velfaerd advise --hours-at-most 12 --fix rigidity=0.5 --bounds training=0:0.5 --out results/law
  velfaerd advise --hours-at-most 12 --theories all --out results/rivals

\b
Searches over the eight instruments and the hours that are made available, and tells the result
from fresh draws in fresh worlds only. The same command again goes on where it was stopped. How
long it takes on this machine is told by --dry-run.
"""

Scenario = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="{scenarios}, a TOML file, or the folder of a place."),
]
Hours = Annotated[
    str,
    typer.Option(
        "--hours-at-most", metavar="H", help="Staff hours a month per 1000 adults, at most."
    ),
]
Goal = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OUTCOME",
        help="What is to get better; several as NAME=WEIGHT, the worth of one unit; default: "
        "lonely_years_averted_per_1000.",
    ),
]
Fix = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE", help="An instrument that stays where it is; may stand several times."
    ),
]
Bounds = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=LOW:HIGH", help="The range of an instrument; may stand several times."
    ),
]
Evaluations = Annotated[
    str | None, typer.Option(metavar="N", help="Packages that the search tries; default: 200.")
]
SearchWorlds = Annotated[
    str | None, typer.Option(metavar="N", help="Worlds of the search; default: 48.")
]
Fresh = Annotated[
    str | None,
    typer.Option(metavar="N", help="Fresh worlds, from which all is told; default: 100."),
]
Worlds = Annotated[
    str | None,
    typer.Option(
        metavar="W",
        help="Worlds: plausible (calibrated), prior, a CSV file, or none (the defaults); default: "
        "those of the place, else plausible.",
    ),
]


@options.command(EXAMPLES)
@bundled
def advise(
    context: typer.Context,
    hours_at_most: Hours,
    out: options.Out,
    *,
    scenario: Scenario = "baseline",
    goal: Goal = None,
    fix: Fix = None,
    bounds: Bounds = None,
    example: example_files.Scenario = False,
    worlds: Worlds = None,
    theories: options.Theories = None,
    evaluations: Evaluations = None,
    search_worlds: SearchWorlds = None,
    fresh: Fresh = None,
    months: options.Months = None,
    changes: Changes,
    how: Rewriting,
) -> None:
    """Find the best package of instruments for the staff hours there are.

    Writes DIR/front.parquet (benefit against hours), DIR/packages.parquet (the best three),
    DIR/margins.parquet (how far each instrument may move), DIR/report.html and DIR/study.json.
    """
    later = f"the same command goes on from what is done in {out}"
    places = {"scenario": "SCENARIO", "hours_at_most": "--hours-at-most"}
    places |= {name: f"--{name.replace('_', '-')}" for name in ("evaluations", "search_worlds")}
    places |= {name: f"--{name}" for name in ("goal", "fix", "bounds", "fresh")}
    with study_work("Advising", later, **places) as bar:
        from velfaerd_sim.reporting.pages.decisions.advice import write_advice
        from velfaerd_sim.studies.advise import advising

        wanted: dict[str, Any] = {
            "hours_at_most": options.number(hours_at_most),
            "goal": goal or None,
            "fix": _named(fix, "--fix"),
            "bounds": _ranges(bounds),
            "worlds": worlds,
            "theories": theories,
            "evaluations": options.number(evaluations),
            "search_worlds": options.number(search_worlds),
            "fresh": options.number(fresh),
            "months": options.number(months),
            **changes.values(),
        }
        asked = how.values()
        if how.dry_run:
            tell_cost(advising.advice_plan(scenario, **wanted), out, how.count)
            return
        advising.advice_plan(scenario, **wanted)
        compile_for(how.scheduler)
        done = advising.advise(
            scenario, **wanted, **asked, out=out, command=context.obj, progress=bar
        )
        if not check_ended(done.study, done.late):
            return
        path, told = write_advice(done, out)
    for sentence in (*done.notes, *told):
        typer.echo(f"- {sentence}")
    typer.echo(f"\nThe report: {path} (next: velfaerd verify {shlex.quote(out)})")


def _named(texts: list[str] | None, place: str) -> dict[str, Any] | None:
    """Values by name of texts NAME=VALUE. Raises InputError."""
    found: dict[str, Any] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InputError(place, text, "NAME=VALUE")
        if name.strip() in found:
            raise InputError(place, name.strip(), "each instrument once")
        found[name.strip()] = options.number(value.strip())
    return found or None


def _ranges(texts: list[str] | None) -> dict[str, Any] | None:
    """Pairs by name of texts NAME=LOW:HIGH. Raises InputError."""
    found = _named(texts, "--bounds")
    if found is None:
        return None
    for name, value in found.items():
        low, colon, high = str(value).partition(":")
        if not colon:
            raise InputError("--bounds", f"{name}={value}", "NAME=LOW:HIGH")
        found[name] = [options.number(low), options.number(high)]
    return found
