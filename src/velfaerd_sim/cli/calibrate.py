"""The command `velfaerd calibrate`: parameter sets that reproduce published figures."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.work import compile_for, study_work

EXAMPLES = """\b
Examples:
  velfaerd calibrate --out results/calibration
  velfaerd calibrate calibration.toml --out results/mine --workers 2
  velfaerd calibrate calibration.toml --out results/mine --recover 20

Without a file all published targets are fitted and every uncertainty is free. The same command
again goes on where it was stopped. DIR/worlds.csv can be given to --worlds of other commands.
"""


def calibrate(
    context: typer.Context,
    out: options.Out,
    calibration: Annotated[
        str | None,
        typer.Argument(
            metavar="CALIBRATION.toml", help="Targets, free parameters, size; default: all."
        ),
    ] = None,
    workers: options.Processes = None,
    scheduler: options.Scheduler = None,
    recover: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Then test the method: recover N known truths, and say how often intervals "
            "hold them.",
        ),
    ] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Find the parameter sets that reproduce the published figures.

    Writes DIR/worlds.csv with the plausible sets and their weights, DIR/medoid.toml
    with suggested defaults, DIR/tables, all readings, and DIR/study.json.
    """
    places = {"calibration": "CALIBRATION.toml", "recover": "--recover"}
    stopped = f"the same command goes on from what is done in {out}"
    with study_work("Calibrating", stopped, **places) as bar:
        from velfaerd_sim.analysis import recovery
        from velfaerd_sim.analysis.calibration import facts, read_calibration
        from velfaerd_sim.engine.runner import checked_workers
        from velfaerd_sim.inputs import checks
        from velfaerd_sim.instruments.readings import read
        from velfaerd_sim.reporting.pages.calibration import write_tables
        from velfaerd_sim.studies.calibrate import calibrating
        from velfaerd_sim.studies.calibrate.plan import checked_calibration
        from velfaerd_sim.telling.facts import told

        count = None if workers is None else checked_workers(options.number(workers))
        truths = 0
        if recover is not None:
            most = recovery.MOST_TRUTHS
            truths = checks.whole(options.number(recover), "recover", recovery.FEWEST_TRUTHS, most)
        chosen = checked_calibration(calibration)
        compile_for(scheduler)
        done = calibrating.calibrate(
            chosen,
            out,
            read,
            workers=count,
            scheduler=scheduler,
            progress=bar,
            overwrite=overwrite,
            command=context.obj,
        )
        found = read_calibration(out)
        write_tables(found)
    for line in (*done.notes, *told(facts(found.result, found.targets, found.parameters))):
        typer.echo(line)
    if recover is not None:
        with study_work("Recovering", stopped, **places) as bar:
            tested = recovery.recover(
                recovery.smaller(chosen),
                truths,
                Path(out, recovery.FOLDER),
                read,
                workers=count,
                scheduler=scheduler,
                progress=bar,
                overwrite=overwrite,
                command=context.obj,
            )
        typer.echo("\nRecovery of known truths")
        for line in told(tested.facts()):
            typer.echo(f"  - {line}")
    typer.echo(f"\nThe results: {out} (next: velfaerd report {shlex.quote(out)})")
