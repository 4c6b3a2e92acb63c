"""What is worth knowing before volunteers' motivation decides between four regimes.

`python experiments/run.py worth_knowing` compares the regimes over worlds and values what could be
known; value.csv beside the README holds all of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from keeping import Done, command_of, csv_of, made_by, markdown

from velfaerd_sim import compare, value, write_report
from velfaerd_sim.cli.bar import progress_bar
from velfaerd_sim.inputs.surveys import Survey
from velfaerd_sim.studies.value.valuing import Valuation
from velfaerd_sim.telling.value import ValueTeller
from velfaerd_sim.telling.words import Words

HERE = Path(__file__).resolve().parent
REGIMES = ("municipal_baton", "hands_off", "clear_agreements", "facilitative_dialogue")
GOAL = "motivation_mean"
FULL = {"worlds": "plausible:300", "replicates": 2, "adults": 3000, "months": 60}
SMALL = {"worlds": "plausible:12", "replicates": 2, "adults": 300, "months": 3}
SMALL_SURVEY = Survey("asked", "volunteers", "asked", "asked", municipalities=1, adults=500)
MOST = 12
"""Rows of the table in the README: those worth most."""


def run(out: Path, small: bool = False, workers: int | None = None) -> Done:
    """Compare, value and report below `out`. Raises VelfaerdError."""
    name, wanted = HERE.name, SMALL if small else FULL
    how: dict[str, Any] = {"workers": workers, "command": command_of(name, small)}
    with progress_bar("Comparing") as bar:
        compare(REGIMES, out=out / "worlds", progress=bar, **how, **wanted)
    surveys = [SMALL_SURVEY] if small else None
    with progress_bar("Valuing") as bar:
        found = value(out / "worlds", surveys, GOAL, out=out / "value", progress=bar, **how)
    for language in ("en", "da"):
        write_report(out / "value", language=language)
    table = rows(found)
    said = ValueTeller(found, Words("en", "evidence", "value")).sentences()
    counted = f"{len(table)} values, all in [value.csv](value.csv)"
    made = made_by(name, found.study, counted, small)
    lines = [*(f"- {sentence}" for sentence in said), "", table_text(table), made]
    figure = (out / "value" / "figures" / "value.svg").read_text(encoding="utf-8")
    return Done(name, "\n".join(lines), figure, out / "value", {"value.csv": csv_of(table)})


def rows(found: Valuation) -> pd.DataFrame:
    """The values, the largest first, each with what it is called."""
    tell = ValueTeller(found, Words("en", "evidence", "value"))
    table = found.value.sort_values("value", ascending=False, kind="stable")
    return table.assign(called=[tell.called(row) for row in table.to_dict("records")])


def table_text(table: pd.DataFrame) -> str:
    """The first rows as a table of the README. table: of `rows`, or value.csv."""
    first = table.head(MOST)
    shown = {
        "what is known": first["called"],
        "value": first["value"].map("{:.4f}".format),
        "standard error": first["standard_error"].map("{:.4f}".format),
        "in staff hours": first["staff_hours"].map("{:.2f}".format),
        "told apart from 0": first["told_apart"].map({True: "yes", False: "no"}),
    }
    return markdown(pd.DataFrame(shown))
