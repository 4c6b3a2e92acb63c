"""The command `velfaerd sweep`: runs everything of a study file, or tells what it would cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import example_files, options
from velfaerd_sim.cli.bundles import Execution, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, cost_lines, study_work
from velfaerd_sim.errors import MISSING, InputError

EXAMPLES = """\b
Examples:
  velfaerd sweep --example > study.toml
  velfaerd sweep study.toml --dry-run
  velfaerd sweep study.toml --out results/study
  velfaerd sweep study.toml --worlds prior:50 --out results/worlds
  velfaerd sweep study.toml --out results/study --scheduler tcp://HOST:8786

The same command again goes on where it was stopped; more replicates or parameter sets in the
file extend what is there. A changed study, or another version of the model, is refused, or goes to
a branch.
"""


Out = Annotated[
    str | None, typer.Option(metavar="DIR", help="Folder for the results; made where missing.")
]
Branch = Annotated[
    str | None, typer.Option(metavar="NAME", help="Put another version beside: DIR/branches/NAME.")
]


@options.command(EXAMPLES)
@bundled
def sweep(
    context: typer.Context,
    study: Annotated[str, typer.Argument(metavar="STUDY.toml", help="The file with the study.")],
    *,
    out: Out = None,
    example: example_files.Study = False,
    worlds: options.Worlds = None,
    branch: Branch = None,
    how: Execution,
) -> None:
    """Run a study: all parameter sets, replicates and regimes, in all worlds where it has them.

    Writes DIR/runs/part-*.parquet, one row a run, and DIR/study.json.
    """
    stopped = f"the same command goes on from what is done in {out}"
    with study_work("Sweeping", stopped, study="STUDY.toml") as bar:
        from velfaerd_sim.studies.sweep import sweeping
        from velfaerd_sim.studies.sweep.plan import SweepPlan

        asked = how.values()
        chosen = sweeping.checked_study(study)
        if worlds is not None:
            chosen = chosen.with_(worlds=worlds)
        sweeping.check_varies(chosen)
        if how.dry_run:
            folder = None if out is None else sweeping.branch_folder(out, branch)
            for line in (*_sizes(chosen), *cost_lines(SweepPlan(chosen), folder, how.count)):
                typer.echo(line)
            return
        if out is None:
            raise InputError("out", MISSING, "a folder for the results; made where missing")
        compile_for(how.scheduler)
        done = sweeping.sweep(
            chosen, out, **asked, progress=bar, branch=branch, command=context.obj
        )
    for line in _results(done):
        typer.echo(line)
    check_ended(done.study, done.late)


def _sizes(study: Any) -> Iterator[str]:
    """Return what a study consists of, as lines."""
    points, rows = len(study.points.distinct), len(study.points.ids)
    yield f"Param. sets   {points}"
    if rows != points:
        yield f"              in {rows} rows of the design; each is run once"
    if study.worlds is not None:
        yield f"Worlds        {len(study.worlds)} ({study.worlds.name})"
    yield f"Replicates    {study.replicates}{' in each world' if study.worlds else ''}"
    yield f"Regimes       {len(study.regimes)}"


def _results(done: Any) -> Iterator[str]:
    """Return what a sweep did, as lines."""
    yield from done.notes
    before = done.done + done.failed - done.new
    earlier = f"; {before} were there already" if before else ""
    yield f"{done.new} runs were run{earlier}."
    yield f"\nThe results: {done.folder} (in Python: velfaerd_sim.load_study)"
