"""The command `velfaerd calibrate`: parameter sets that reproduce published figures."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import example_files, options
from velfaerd_sim.cli.bundles import Rewriting, bundled
from velfaerd_sim.cli.work import compile_for, study_work, tell_cost, tell_late

EXAMPLES = """\b
Examples:
  velfaerd calibrate --out results/calibration
  velfaerd calibrate --example > calibration.toml
  velfaerd calibrate calibration.toml --out results/mine --workers 2
  velfaerd calibrate calibration.toml --out results/mine --recover 20

Without a file all published targets are fitted and every uncertainty is free. The same command
again goes on where it was stopped, also with more members (worlds) than before.
DIR/worlds.csv can be given to --worlds of other commands.
"""


File = Annotated[
    str | None,
    typer.Argument(
        metavar="CALIBRATION.toml", help="Targets, free parameters, size; default: all."
    ),
]
Recover = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="Then test the method: recover N known truths, and say how often intervals hold them.",
    ),
]


@options.command(EXAMPLES)
@bundled
def calibrate(
    context: typer.Context,
    out: options.Out,
    *,
    calibration: File = None,
    recover: Recover = None,
    example: example_files.Calibration = False,
    how: Rewriting,
) -> None:
    """Find the parameter sets that reproduce the published figures.

    Writes DIR/worlds.csv with the worlds, DIR/defaults.toml with suggested defaults,
    DIR/tables, all readings, and DIR/study.json.
    """
    places = {"calibration": "CALIBRATION.toml", "recover": "--recover"}
    stopped = f"the same command goes on from what is done in {out}"
    started = monotonic()
    with study_work("Calibrating", stopped, **places) as bar:
        from velfaerd_sim.studies.calibrate import calibrating
        from velfaerd_sim.studies.calibrate.plan import checked_calibration
        from velfaerd_sim.studies.recovery import recovering

        work = how.values() | {"command": context.obj}
        truths = None if recover is None else recovering.checked_truths(options.number(recover))
        asked = checked_calibration(calibration)
        if how.minutes is not None:
            asked = replace(asked, budget=replace(asked.budget, minutes=work["minutes"]))
        if how.dry_run:
            _tell_cost(asked, truths, out, how.count)
            return
        compile_for(how.scheduler)
        del work["minutes"]  # of all that follows together
        done = calibrating.calibrate(asked, out, progress=bar, **work)
        lines = list(_lines(done))
    for line in lines:
        typer.echo(line)
    if done.late:
        tell_late(done.study, _why(asked.budget, done))
        return
    if truths is not None:
        with study_work("Recovering", stopped, **places) as bar:
            rest = replace(asked, budget=asked.budget.after(monotonic() - started, done.new))
            tested = recovering.recover(
                rest, truths, Path(out, recovering.FOLDER), progress=bar, **work
            )
        _tell_recovery(tested, rest.budget)
    typer.echo(f"\nThe results: {out} (next: velfaerd report {shlex.quote(out)})")


def _tell_cost(asked: Any, truths: int | None, out: str, workers: int | None) -> None:
    """Print what a calibration, and a recovery after it, would cost."""
    from velfaerd_sim.studies.calibrate.calibrating import CalibrationPlan
    from velfaerd_sim.studies.recovery.recovering import FOLDER, RecoveryPlan

    tell_cost(CalibrationPlan(asked), out, workers)
    if truths is not None:
        typer.echo("\nRecovery of known truths")
        tell_cost(RecoveryPlan(asked, truths), Path(out, FOLDER), workers)


def _lines(done: Any) -> Iterator[str]:
    """Return what a calibration found as lines; writes its tables."""
    from velfaerd_sim.analysis.calibration import facts, read_calibration
    from velfaerd_sim.reporting.pages.calibration import write_tables
    from velfaerd_sim.telling.facts import told

    yield from done.notes
    if done.found is not None:
        found = read_calibration(done.folder)
        write_tables(found)
        yield from told(facts(found.result, found.targets, found.parameters))


def _why(budget: Any, done: Any) -> str:
    """Return what ended a session before all was read."""
    if budget.readings is not None and done.new >= budget.readings:
        return f"the budget of {budget.readings} readings is used up"
    return "the time is up"


def _tell_recovery(tested: Any, budget: Any) -> None:
    """Print what a test of recovery found, or that the time was up first."""
    from velfaerd_sim.analysis.recovery import facts
    from velfaerd_sim.telling.facts import told

    typer.echo("\nRecovery of known truths")
    if tested.late:
        tell_late(tested.study, _why(budget, tested))
    for line in (*tested.notes, *told(facts(tested.study))):
        typer.echo(f"  - {line}")
