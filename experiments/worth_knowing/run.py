"""What is worth knowing before volunteers' motivation decides between four regimes.

    python experiments/worth_knowing/run.py [--small] [--out DIR] [--workers N]

Compares the regimes over worlds, values what could be known, and writes the answer into the README,
with value.csv and figure.svg beside it. With --small a few tiny runs show the way; the README then
stays as it is.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from velfaerd_sim import compare, value, write_report
from velfaerd_sim.cli import terminal
from velfaerd_sim.cli.bar import progress_bar
from velfaerd_sim.inputs.surveys import Survey
from velfaerd_sim.studies.value.valuing import Valuation
from velfaerd_sim.telling.value import ValueTeller
from velfaerd_sim.telling.words import Words

HERE = Path(__file__).resolve().parent
OUT = Path("results") / "experiments" / "worth_knowing"
REGIMES = ("municipal_baton", "hands_off", "clear_agreements", "facilitative_dialogue")
GOAL = "motivation_mean"
FULL = {"worlds": "plausible:300", "replicates": 2, "adults": 3000, "months": 60}
SMALL = {"worlds": "plausible:12", "replicates": 2, "adults": 300, "months": 3}
SMALL_SURVEY = Survey("asked", "volunteers", "asked", "asked", municipalities=1, adults=500)
MARKED = re.compile(r"(<!-- answer -->\n).*?(<!-- end -->)", re.DOTALL)
MOST = 12
"""Rows of the table in the README: those worth most."""


def run(out: Path, small: bool = False, workers: int | None = None) -> Valuation:
    """Compare, value and report below `out`. Raises VelfaerdError."""
    wanted = SMALL if small else FULL
    with progress_bar("Comparing") as bar:
        compare(REGIMES, out=out / "worlds", workers=workers, progress=bar, **wanted)
    surveys = [SMALL_SURVEY] if small else None
    with progress_bar("Valuing") as bar:
        command = "python experiments/worth_knowing/run.py" + (" --small" if small else "")
        how = {"workers": workers, "progress": bar, "command": command}
        found = value(out / "worlds", surveys, GOAL, out=out / "value", **how)
    write_report(out / "value")
    return found


def rows(found: Valuation) -> pd.DataFrame:
    """The values, the largest first, each with what it is called."""
    tell = ValueTeller(found, Words("en", "evidence", "value"))
    table = found.value.sort_values("value", ascending=False, kind="stable")
    return table.assign(called=[tell.called(row) for row in table.to_dict("records")])


def table_text(table: pd.DataFrame) -> str:
    """The first rows as a table of the README. table: of `rows`, or value.csv."""
    lines = ["| what is known | value | standard error | in staff hours | told apart from 0 |"]
    lines.append("| --- | ---: | ---: | ---: | --- |")
    for row in table.head(MOST).to_dict("records"):
        numbers = f"{row['value']:.4f} | {row['standard_error']:.4f} | {row['staff_hours']:.2f}"
        lines.append(f"| {row['called']} | {numbers} | {'yes' if row['told_apart'] else 'no'} |")
    return "\n".join(lines) + "\n"


def keep(found: Valuation) -> None:
    """Put answer, table and figure into the folder of the experiment."""
    table = rows(found)
    table.to_csv(HERE / "value.csv", index=False, float_format="%.6g", lineterminator="\n")
    shutil.copyfile(found.folder / "figures" / "value.svg", HERE / "figure.svg")
    said = ValueTeller(found, Words("en", "evidence", "value")).sentences()
    text = "".join(f"- {sentence}\n" for sentence in said)
    text += f"\n{table_text(pd.read_csv(HERE / 'value.csv'))}"
    text += f"\n*Version {found.study['package']['version']}, "
    text += f"fingerprint `{found.fingerprint[:16]}`; all rows are in [value.csv](value.csv).*\n"
    readme = HERE / "README.md"
    whole = readme.read_text(encoding="utf-8")
    marked = MARKED.sub(lambda match: match[1] + text + match[2], whole)
    readme.write_text(marked, encoding="utf-8")


def main(
    small: Annotated[bool, typer.Option("--small", help="A few tiny runs.")] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")] = OUT,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes.")] = None,
) -> None:
    """Compare, value and report; then write the answer into the README."""
    terminal.compile_once()
    found = run(out / "small" if small else out, small, workers)
    if not small:
        keep(found)
    typer.echo(table_text(rows(found)))
    typer.echo(f"The report: {found.folder / 'report.html'}")


if __name__ == "__main__":
    typer.run(main)
