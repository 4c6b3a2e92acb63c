"""The command `velfaerd claims`: the claims of the articles, judged in many worlds."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.work import compile_for, study_work
from velfaerd_sim.errors import VelfaerdError

EXAMPLES = """\b
Examples:
  velfaerd claims --out results/claims
  velfaerd claims C20 C21 C22 --worlds 60 --out results/claims
  velfaerd claims --sets prior --robustness 0 --out results/claims

The claims stand in experiments/claims.toml, with what is compared and what decides. The same
command again goes on where it was stopped. A folder holds all that it was ever asked for: more
claims, sets or worlds are added; asking for fewer tells their verdicts and takes nothing away. The
first set of the folder decides, unless all of its sets are asked for in another order. Where a
claim, worlds or the model are others than in the folder, the command says so and runs nothing.
"""


def claims(
    context: typer.Context,
    out: options.Out,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help="Claims such as C01; default: all."),
    ] = None,
    worlds: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="At most so many worlds of each set for a claim; fewer where its verdict is "
            "settled before. Default: 120.",
        ),
    ] = None,
    sets: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            help="Sets of worlds, the first decides: plausible, prior or CSV files; default: "
            "plausible, where there is such a set, and prior.",
        ),
    ] = None,
    robustness: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Worlds for each change that should not matter and each counter-mechanism; "
            "default: 12, 0 for none.",
        ),
    ] = None,
    minutes: options.Minutes = None,
    file: Annotated[
        str | None,
        typer.Option(metavar="F", help="The file of claims; default: experiments/claims.toml."),
    ] = None,
    workers: options.Processes = None,
    scheduler: options.Scheduler = None,
    retry_failed: options.RetryFailed = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Judge the articles' claims over plausible worlds.

    Prints the verdicts; writes DIR/claims/*.csv with the effects in every world, the ledger
    DIR/claims.md with a figure a claim, and DIR/study.json.
    """
    places = {"claims": "ID"} | {
        name: f"--{name}" for name in ("file", "sets", "robustness", "minutes")
    }
    later = f"the same command goes on from what is done in {out}"
    with study_work("Judging", later, **places) as bar:
        from velfaerd_sim.engine.runner import checked_workers
        from velfaerd_sim.inputs import checks
        from velfaerd_sim.reporting.pages.claims_files import write_ledger
        from velfaerd_sim.studies.claims.running import run_claims
        from velfaerd_sim.studies.claims.study import plan_claims

        plan = plan_claims(
            ids or (),
            file=file,
            sets=None if sets is None else [name.strip() for name in sets.split(",")],
            worlds=options.number(worlds),
            robustness=options.number(robustness),
        )
        count = None if workers is None else checked_workers(options.number(workers))
        most = options.number(minutes)
        limit = None if most is None else checks.number(most, "minutes", 0.0, 1e5)
        compile_for(scheduler)
        done = run_claims(
            plan,
            out,
            workers=count,
            scheduler=scheduler,
            minutes=limit,
            overwrite=overwrite,
            command=context.obj,
            progress=bar,
            retry_failed=retry_failed,
        )
        ledger = write_ledger(out)
    for line in _lines(done, ledger):
        typer.echo(line)
    typer.echo(f"\nThe ledger: {ledger.path} (next: velfaerd report {shlex.quote(out)})")
    failures = done.record["failures"]
    if failures:
        first = f"{failures[0]['job']}, world {failures[0]['place']}: {failures[0]['message']}"
        raise VelfaerdError(
            f"{len(failures)} worlds failed, the first in {first}; --retry-failed runs them again"
        )


def _lines(done: Any, ledger: Any) -> Iterator[str]:
    """Return the verdicts as lines, a claim each."""
    yield from done.notes
    if done.stopped:
        yield "The time was up before all was done; the same command goes on."
    yield from (line for claim, line in ledger.lines.items() if claim in done.asked)
    more = [claim for claim in ledger.lines if claim not in done.asked]
    if more:
        yield f"Beside them the folder keeps {', '.join(more)}."
