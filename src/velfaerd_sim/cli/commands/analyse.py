"""The command `velfaerd analyse`: what the runs of a sweep say, as its design allows."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.work import study_work
from velfaerd_sim.errors import InputError

EXAMPLES = """\b
Examples:
  velfaerd analyse results/study
  velfaerd analyse results/study --outcome retention_12m --at-least 0.02
  velfaerd analyse results/study --baseline rigid_rules --regime facilitative_dialogue

What is done follows from the design: maps and lines on a grid, effects one at a time, elementary
effects (Morris), Sobol indices (Saltelli), and on every sample of worlds PAWN indices, scenario
discovery and robustness. The same command again gives the same numbers.
"""


@options.command(EXAMPLES)
def analyse(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder of a sweep.")],
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="An outcome that the study kept, such as lonely_share or "
            "retention_12m.month_12; may stand several times.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="R", help="The regime to compare with; default: the study's first."),
    ] = None,
    regime: Annotated[
        list[str] | None,
        typer.Option(metavar="R", help="Compare only this one; may stand several times."),
    ] = None,
    at_least: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]D",
            help="How much better, in the unit of the outcome, counts as beating; default: 0.",
        ),
    ] = None,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="Seed of the resampling; default: 1.")
    ] = None,
) -> None:
    """Analyse a sweep: what decides, where ranks turn, which regime is safe.

    Prints the answers; writes DIR/analysis/answers.json and a table an answer as Parquet and CSV.
    """
    places = {
        "folder": "DIR",
        "outcome": "--outcome",
        "baseline": "--baseline",
        "regime": "--regime",
        "at_least": "--at-least",
    }
    with study_work("Analysing", "no answers were written", **places) as bar:
        from velfaerd_sim.analysis.sweep.planning import AnalysisChoice
        from velfaerd_sim.inputs import checks

        number = options.number(seed)
        wanted = AnalysisChoice(
            tuple(outcome or ()),
            baseline,
            tuple(regime or ()),
            _thresholds(at_least or ()),
            1 if number is None else checks.whole(number, "seed", 0, 2**31 - 1),
        )
        lines, path = _analysed(folder, wanted, context.obj, bar)
    for line in lines:
        typer.echo(line)
    typer.echo(f"\nThe answers: {path} (next: velfaerd report {shlex.quote(folder)})")


def _analysed(folder: str, wanted: Any, command: str, bar: Any) -> tuple[list[str], Path]:
    """Analyse a sweep and write its answers; the answers as lines, and where they stand."""
    from velfaerd_sim import in_force
    from velfaerd_sim.analysis.sweep.answers import analyse as work
    from velfaerd_sim.engine.store import read_record
    from velfaerd_sim.reporting.pages.answer_files import write_answers

    with in_force.reading(read_record(Path(folder))):
        found = work(folder, wanted, bar)
        path = write_answers(found, folder, command)
        return list(_lines(found)), path


def _thresholds(texts: Any) -> dict[str, float]:
    """Return `D` or `NAME=D` of all `--at-least`, by outcome."""
    found: dict[str, float] = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        number = options.number(value.strip())
        if not isinstance(number, int | float) or (equals and not name.strip()):
            raise InputError("at_least", text, "a number, or NAME=NUMBER for one outcome")
        if name.strip() in found:
            raise InputError("at_least", text, "each outcome once")
        found[name.strip()] = float(number)
    return found


def _lines(found: Any) -> Iterator[str]:
    """Return the answers as lines, by method."""
    from velfaerd_sim.analysis.sweep.answers import METHODS, reasons
    from velfaerd_sim.telling.sweep_words import Labels

    labels = Labels.of(found)
    tell = labels.teller()
    if found.state():
        yield tell.sentence(*found.state())
    for method in METHODS:
        answers = found.of(method)
        if answers:
            yield f"\n{labels.words.name('method', method)}"
        for answer in answers:
            yield f"  - {tell.sentence(*answer.finding.facts)}"
    if found.not_done:
        yield "\nNot done"
    for reason in reasons(found.not_done):
        yield f"  - {tell.sentence(reason)}"
