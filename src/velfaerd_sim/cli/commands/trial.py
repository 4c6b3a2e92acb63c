"""The command `velfaerd trial`: what a trial of a change of governance would find."""

from __future__ import annotations

from typing import Annotated

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.bundles import Rewriting, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, study_work, tell_cost
from velfaerd_sim.errors import MISSING, InputError

EXAMPLES = """\b
Examples:
  velfaerd trial --example > trial.toml
  velfaerd trial trial.toml --dry-run
  velfaerd trial trial.toml --out results/trial
  velfaerd trial trial.toml --worlds prior:20 --out results/prior

Every municipality is run under control and under the intervention from each step on; trials of all
designs are drawn from these runs, so that the truth is known. The same command again goes on where
it was stopped, and other numbers of municipalities, invitations or trials use the runs there are.
"""

File = Annotated[str | None, typer.Argument(metavar="TRIAL.toml", help="The file with the trial.")]
Out = Annotated[
    str | None, typer.Option(metavar="DIR", help="Folder for the results; made where missing.")
]
Example = Annotated[bool, typer.Option("--example", help="Print a trial file to start from.")]


@options.command(EXAMPLES)
@bundled
def trial(
    context: typer.Context,
    study: File = None,
    *,
    out: Out = None,
    example: Example = False,
    worlds: options.Worlds = None,
    how: Rewriting,
) -> None:
    """Design a trial that would settle it: power, bias and cost, in municipalities.

    Writes DIR/power.parquet, DIR/report.html, DIR/application.html and DIR/study.json.
    """
    stopped = f"the same command goes on from what is done in {out}"
    with study_work("Running towns", stopped, trial="TRIAL.toml") as bar:
        from velfaerd_sim.reporting.pages.decisions.trial import write_trial
        from velfaerd_sim.studies.trial import files
        from velfaerd_sim.studies.trial import plan as trials

        if example:
            typer.echo(files.example(), nl=False)
            return
        asked = how.values()
        chosen = files.load_trial(_given(study, "trial", "a TOML file, or --example to print one"))
        if worlds is not None:
            chosen = chosen.with_(worlds=files.worlds_of(worlds, chosen.scenario))
        if how.dry_run:
            tell_cost(trials.TrialPlan(chosen), out, how.count)
            return
        folder = _given(out, "out", "a folder for the results; made where missing")
        compile_for(how.scheduler)
        done = trials.trial(chosen, folder, **asked, progress=bar, command=context.obj)
        if not done.complete:
            check_ended(done.study, done.late)
            return
        path, told = write_trial(done, folder)
    for sentence in (*done.notes, *told):
        typer.echo(f"- {sentence}")
    typer.echo(f"\nThe report: {path}")


def _given(value: str | None, place: str, allowed: str) -> str:
    if value is None:
        raise InputError(place, MISSING, allowed)
    return value
