"""The command `velfaerd value`: what is worth knowing before a regime is chosen."""

from __future__ import annotations

from typing import Annotated

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.bundles import Rewriting, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, study_work, tell_cost
from velfaerd_sim.errors import MISSING, InputError

NO_SURVEY = "none"
EXAMPLES = """\b
Examples:
  velfaerd compare municipal_baton hands_off --worlds plausible:200 --out results/worlds
  velfaerd value results/worlds
  velfaerd value results/worlds --goal retention_12m --survey none --out results/worth
  velfaerd value --example > our_survey.toml
  velfaerd value results/worlds --survey our_survey.toml --out results/ours

Perfect information and parameters are read off the runs that there are; surveys are simulated in
every world. The same command again goes on where it was stopped; with more surveys it adds them.
"""


Choice = Annotated[
    str | None,
    typer.Argument(
        metavar="DIR",
        help="The folder of a comparison with --worlds, or of a sweep over uncertain "
        "parameters; it is only read.",
    ),
]
Surveys = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FILE",
        help="A survey, as a TOML file or by its name, or none; may stand several times; "
        "default: those of the package.",
    ),
]
Goal = Annotated[
    str | None,
    typer.Option(
        metavar="OUTCOME", help="What the choice is for; default: lonely_years_averted_per_1000."
    ),
]
Target = Annotated[
    str | None,
    typer.Option("--out", metavar="DIR", help="Folder for the results; default: DIR-value."),
]
Example = Annotated[
    bool, typer.Option("--example", help="Print a survey as a TOML file, and stop.")
]


@options.command(EXAMPLES)
@bundled
def value(
    context: typer.Context,
    folder: Choice = None,
    *,
    survey: Surveys = None,
    goal: Goal = None,
    out: Target = None,
    example: Example = False,
    how: Rewriting,
) -> None:
    """Tell what is worth knowing: what to measure next, and what not.

    Writes value.parquet, surveys.parquet, report.html, figures and study.json into a folder of its
    own.
    """
    if example:
        from velfaerd_sim.inputs.surveys import example as text

        typer.echo(text(), nl=False)
        return
    if folder is None:
        allowed = "the folder of a comparison with --worlds, or of a sweep"
        raise InputError("velfaerd value: DIR", MISSING, allowed)
    target = f"{folder.rstrip('/')}-value" if out is None else out
    later = f"the same command goes on from what is done in {target}"
    places = {"folder": "DIR", "goal": "--goal", "survey": "--survey"}
    with study_work("Valuing", later, **places) as bar:
        from velfaerd_sim.reporting.pages.decisions.value import FILES, write_value_report
        from velfaerd_sim.studies.value import valuing
        from velfaerd_sim.telling.value import ValueTeller
        from velfaerd_sim.telling.words import Words

        surveys = [] if survey == [NO_SURVEY] else survey
        asked = how.values()
        if how.dry_run:
            tell_cost(valuing.value_plan(folder, surveys, goal), target, how.count)
            return
        compile_for(how.scheduler)
        done = valuing.value(
            folder, surveys, goal, out=target, command=context.obj, progress=bar, **asked
        )
        if not done.complete:
            check_ended(done.study, done.late)
            return
        path = write_value_report(target)
    for sentence in (*done.notes, *ValueTeller(done, Words("en", *FILES)).sentences()):
        typer.echo(f"- {sentence}")
    typer.echo(f"\nThe report: {path}")
