"""The command `velfaerd claims`: the claims of the articles, judged in many worlds."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.cli.bundles import Rewriting, bundled
from velfaerd_sim.cli.work import check_ended, compile_for, study_work, tell_cost

EXAMPLES = """\b
Examples:
  velfaerd claims --out results/claims
  velfaerd claims --dry-run --out results/claims
  velfaerd claims C20 C21 C22 --worlds 60 --out results/claims
  velfaerd claims --sets plausible,prior --robustness 0 --out results/claims

The claims stand in experiments/claims.toml, with what is compared, how each may be read and who
would object. A pilot of 24 worlds tells how many replicates chance asks for; then all worlds are
run, and arms that several claims share are run once. The same command again goes on where it was
stopped. A folder holds all that it was ever asked for: more
claims, sets or worlds are added; asking for fewer tells their verdicts and takes nothing away. The
first set of the folder decides, unless all of its sets are asked for in another order. Where a
claim, worlds or the model are others than in the folder, the command says so and runs nothing.
"""

_PLACES = ("file", "sets", "robustness", "theories")

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID", help="Claims such as C01; default: all.")
]
MostWorlds = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="At most so many worlds of each set; default: all.",
    ),
]
Sets = Annotated[
    str | None,
    typer.Option(
        metavar="NAME,...",
        help="Sets of worlds, the first decides: plausible, prior or CSV files; default: "
        "plausible, where there is such a set.",
    ),
]
WorldsOfChanges = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="Worlds for each theory, each cut arrow and each change that should not matter; "
        "default: 24, 0 for none.",
    ),
]
RivalTheories = Annotated[
    str | None,
    typer.Option(
        "--theories",
        metavar="T,T,...",
        help="Rival theories that the verdict goes over, each in as many worlds as --robustness "
        "says: all (default), names (see: velfaerd theories), TOML files or folders; none.",
    ),
]
File = Annotated[
    str | None,
    typer.Option(metavar="F", help="The file of claims; default: experiments/claims.toml."),
]


@options.command(EXAMPLES)
@bundled
def claims(
    context: typer.Context,
    out: options.Out,
    *,
    ids: Ids = None,
    worlds: MostWorlds = None,
    sets: Sets = None,
    robustness: WorldsOfChanges = None,
    theories: RivalTheories = None,
    file: File = None,
    how: Rewriting,
) -> None:
    """Judge the articles' claims over plausible worlds.

    Prints the verdicts; writes DIR/claims/*.csv with the effects in every world, the ledger
    DIR/claims.md with a figure a claim, and DIR/study.json.
    """
    places = {"claims": "ID"} | {name: f"--{name}" for name in _PLACES}
    later = f"the same command goes on from what is done in {out}"
    rivals = "all" if theories is None else theories
    with study_work("Judging", later, **places) as bar:
        from velfaerd_sim.inputs.theories import load_theories
        from velfaerd_sim.reporting.pages.claims_files import conclude_study, write_ledger
        from velfaerd_sim.studies.claims.running import claims_study, run_claims
        from velfaerd_sim.studies.claims.study import plan_claims

        plan = plan_claims(
            ids or (),
            file=file,
            sets=None if sets is None else [name.strip() for name in sets.split(",")],
            worlds=options.number(worlds),
            robustness=options.number(robustness),
            theories=() if rivals == "none" else load_theories(rivals),
        )
        asked = how.values()
        if how.dry_run:
            study = claims_study(plan, Path(out), how.overwrite)
            tell_cost(study, out, how.count)
            typer.echo(_after_pilot(study))
            return
        compile_for(how.scheduler)
        done = run_claims(plan, out, **asked, command=context.obj, progress=bar)
        found = conclude_study(out)
        ledger = write_ledger(out, found) if found.conclusions else None
    if ledger is not None:
        for line in _lines(done, ledger):
            typer.echo(line)
        typer.echo(f"\nThe ledger: {ledger.path} (next: velfaerd report {shlex.quote(out)})")
    check_ended(done.record, done.stopped)


def _after_pilot(study: Any) -> str:
    """Say how much more the pilot may ask for."""
    from velfaerd_sim.engine.rows import RowStore

    outlook = study.outlook(RowStore(study, None))
    times = study.most_cost() / max(outlook.cost, 1.0)
    return f"After the pilot  up to {times:.1f} times that, where chance asks for more replicates"


def _lines(done: Any, ledger: Any) -> Iterator[str]:
    """Return the verdicts as lines, a claim each."""
    yield from done.notes
    yield from (line for claim, line in ledger.lines.items() if claim in done.asked)
    more = [claim for claim in ledger.lines if claim not in done.asked]
    if more:
        yield f"Beside them the folder keeps {', '.join(more)}."
