"""Parts of the page of studies: its tables, and how a study was made."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import solara

from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.parts.controls import Select, Text
from velfaerd_sim.dashboard.parts.sheets import Alert, Sheet, SheetColumn, SheetRow
from velfaerd_sim.dashboard.studies import folder as study_folder
from velfaerd_sim.dashboard.studies.folder import RecordFacts
from velfaerd_sim.dashboard.studies.labels import lasted, moment
from velfaerd_sim.dashboard.studies.parts import cell_text, regime_labels
from velfaerd_sim.dashboard.studies.state import StudiesState
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.reporting.files import report_path
from velfaerd_sim.telling.words import Words

MOST_COLUMNS = 40


@solara.component
def Tables(folder: Path, state: StudiesState, words: Words) -> None:
    """Any table of a study, its first rows."""
    names = study_folder.tables_in(folder)
    wanted = state.chosen.value.table
    options = [("", words("choose_table")), *((name, name) for name in names)]
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("tables"))
        if not names:
            Text("p", words("no_tables"), classes=["vf-soft"])
            return
        with solara.Div(style={"max-width": "640px", "margin": "8px 0"}):
            Select(
                words("table"),
                wanted if wanted in names else "",
                options,
                lambda name: state.choose(table=name),
                words,
            )
        if wanted:
            OneTable(folder, wanted, words)


@solara.component
def OneTable(folder: Path, name: str, words: Words) -> None:
    """The first rows of a table."""

    def read() -> tuple[study_folder.TableHead | None, str]:
        try:
            return study_folder.table_of(folder, name), ""
        except VelfaerdError as error:
            return None, told(error, words.language)

    table, problem = solara.use_memo(read, [folder, name, words.language])
    if table is None:
        Alert(words("table_broken", message=problem))
        return
    frame = table.frame.iloc[:, :MOST_COLUMNS]
    shown, count = words.number(len(frame)), words.number(table.rows)
    note = words("rows_all", count=shown)
    if table.rows < 0:
        note = words("rows_first_of_many", shown=shown)
    elif table.rows > len(frame):
        note = words("rows_first", shown=shown, count=count)
    numeric = [pd.api.types.is_numeric_dtype(frame[column]) for column in frame.columns]
    columns = [
        SheetColumn(str(column), right=right)
        for column, right in zip(frame.columns, numeric, strict=True)
    ]
    rows = [
        SheetRow(
            str(number),
            [cell_text(value, words) for value in values],
            {k: _key(value) for k, value in enumerate(values) if numeric[k]},
        )
        for number, values in enumerate(frame.itertuples(index=False, name=None))
    ]
    Text("p", f"{note}. {words('tables_note')}", classes=["vf-small", "vf-soft"])
    Sheet(name, columns, rows, words, empty=words("no_tables"), height="420px")


def _key(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


@solara.component
def About(facts: RecordFacts, folder: Path, words: Words) -> None:
    """How a study was made, and how its report is."""
    labels = regime_labels(facts, words)
    rows = (
        (words("regimes_of"), ", ".join(labels.values())),
        (words("version"), f"velfaerd_sim {facts.version}" if facts.version else ""),
        (words("fingerprint"), facts.fingerprint),
        (words("started"), moment(facts.started, words) if facts.started else ""),
        (words("finished"), moment(facts.finished, words) if facts.finished else ""),
        (words("took"), lasted(facts.seconds, words) if facts.seconds else ""),
    )
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("about_study"))
        with solara.v.Html(tag="dl", class_="vf-kv", style_="margin-top: 8px"):
            if facts.command:
                Text("dt", words("command"))
                Text("dd", facts.command, classes=["vf-code-line"])
            for key, value in rows:
                if value:
                    Text("dt", key)
                    Text("dd", value)
            command = report_command(folder, words)
            if command and facts.finished:
                Text("dt", words("report_of"))
                Text("dd", words("report_how"))
                Text("dd", command, classes=["vf-code-line"])


def report_command(folder: Path, words: Words) -> str:
    """The command that makes a study's report in the session's language; '' where it is there.

    It runs as it stands where the dashboard was started.
    """
    language = words.language
    asked = [] if language == "en" else ["--language", language]
    if report_path(folder, language).is_file():
        return ""
    return shlex.join(["velfaerd", "report", str(folder), *asked])
