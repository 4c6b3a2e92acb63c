"""The command `velfaerd place`: my municipality, by its own figures."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.bundles import Changes, Rewriting, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, study_work, tell_cost
from velfaerd_sim.errors import MISSING, InputError

PLACE_EXAMPLES = """\b
Examples:
  velfaerd place --example > town.toml
  velfaerd place --questions
  velfaerd place town.toml --out results/town
  velfaerd place Kolding --regimes facilitative_dialogue,hands_off --out results/kolding
  velfaerd compare results/town/today.toml facilitative_dialogue \\
      --scenario results/town/scenario.toml --worlds results/town --out results/more

The same command again goes on where it was stopped. Regimes: {regimes} (see: velfaerd regimes).
"""

Town = Annotated[
    str | None,
    typer.Argument(
        metavar="TOWN", help="A Danish municipality by name or code, or a TOML file (--example)."
    ),
]
Out = Annotated[str | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
Regimes = Annotated[
    str | None,
    typer.Option(
        "--regimes",
        metavar="R,R,...",
        help="Compared with today's governance, by name or as TOML files; default: all named ones.",
    ),
]
Worlds = Annotated[
    str | None,
    typer.Option(
        "--worlds",
        metavar="W[:N]",
        help="The nation's worlds: plausible (calibrated; the default), prior, or a CSV file.",
    ),
]
Replicates = Annotated[
    str | None,
    typer.Option(metavar="N", help="In each world; default: {replicates_in_a_world}."),
]
Language = Annotated[
    str, typer.Option("--language", metavar="LANGUAGE", help="en or da, of --questions, --example.")
]


@options.command(PLACE_EXAMPLES)
@bundled
def place(
    context: typer.Context,
    out: Out = None,
    *,
    town: Town = None,
    regimes: Regimes = None,
    worlds: Worlds = None,
    replicates: Replicates = None,
    months: options.Months = None,
    changes: Changes,
    how: Rewriting,
    questions: Annotated[
        bool, typer.Option("--questions", help="Print the questions on governance; write nothing.")
    ] = False,
    example: Annotated[
        bool, typer.Option("--example", help="Print a file to start from; write nothing.")
    ] = False,
    language: Language = "en",
) -> None:
    """Learn from a municipality's own figures, and compare regimes with how it governs today.

    Writes DIR/worlds.csv, worlds that agree with the nation's figures and with these, for every
    --worlds; learned.parquet, what each figure taught; effects.parquet and moves.parquet, the
    regimes here and against the nation; scenario.toml and today.toml.
    """
    if questions or example:
        from velfaerd_sim.telling.place.forms import example_text, questions_text

        typer.echo((questions_text if questions else example_text)(language), nl=False)
        return
    if town is None or out is None:
        name = "TOWN" if town is None else "--out"
        raise InputError(name, MISSING, "a municipality or a TOML file, and --out DIR")
    wanted = {
        "regimes": None if regimes is None else [each.strip() for each in regimes.split(",")],
        "worlds": worlds,
        "replicates": options.number(replicates),
        "months": options.number(months),
        **changes.values(),
    }
    left = f"the same command goes on from what is done in {out}"
    with study_work("Learning", left, place="TOWN") as bar:
        from velfaerd_sim.studies.place import place as studies
        from velfaerd_sim.studies.place.design import checked_place
        from velfaerd_sim.studies.place.plan import PlacePlan

        design = checked_place(town, **wanted)
        if how.dry_run:
            tell_cost(PlacePlan(design), out, how.count)
            return
        compile_for(how.scheduler)
        done = studies.place(
            design.place, **wanted, **how.values(), out=out, command=context.obj, progress=bar
        )
    if len(done.moves):
        from velfaerd_sim.telling.place.words import in_short, place_words

        typer.echo("\n".join(in_short(place_words("en"), done.study, done.learned, done.moves)))
    if check_ended(done.study, done.late):
        typer.echo(f"\nThe results: {out} (next: velfaerd report {shlex.quote(out)})")
