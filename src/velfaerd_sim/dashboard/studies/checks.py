"""Validations, tests of robustness and tests of recovery in the page Studies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import solara

from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.parts.controls import Text
from velfaerd_sim.dashboard.parts.sheets import Alert, Column, Number, Row, Sheet
from velfaerd_sim.dashboard.studies import evidence as study_evidence
from velfaerd_sim.dashboard.studies.calibration import FitChart, FitTable
from velfaerd_sim.dashboard.studies.evidence import Fit
from velfaerd_sim.dashboard.studies.folder import Facts
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.telling.words import Words

TARGETS, HELD_OUT, SCALE = "targets.csv", "held_out.csv", "scale.csv"
CONCLUSIONS, CONDITIONS = "conclusions.csv", "conditions.csv"
_PATTERNS = ("id", "label", "unit", "figure", "median", "from_", "to", "verdict")
_VERDICTS = ("survives", "weakens", "turns")
_CONCLUSIONS = ("outcome", "first", "second", "size", "low", "high", *_VERDICTS, "worst")


@solara.component
def NotThere(problem: str, words: Words) -> None:
    """What is said where a study of this kind has nothing to show."""
    if problem:
        Alert(words("table_broken", message=problem))
        return
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("checks_head"))
        Text("p", words("checks_none"), classes=["vf-soft"])


@solara.component
def Validated(folder: Path, page: Words) -> None:
    """A validation: figures, held-out patterns, what changes with size and step."""
    words = Words(page.language, "studies", "evidence")

    def read() -> tuple[list[Fit], pd.DataFrame, pd.DataFrame, str]:
        try:
            fits = study_evidence.fits_of(folder, TARGETS, words.language)
            held = study_evidence.table_of(folder, HELD_OUT, _PATTERNS)
            scale = study_evidence.table_of(folder, SCALE, ("notable",))
            return fits, held, scale, ""
        except VelfaerdError as error:
            return [], pd.DataFrame(), pd.DataFrame(), told(error, words.language)

    fits, held, scale, problem = solara.use_memo(read, [folder, words.language])
    if not fits:
        NotThere(problem, words)
        return
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("checks_head"))
        ValidationNumbers(fits, held, scale, words)
        Text("p", words("valid_note"), classes=["vf-small", "vf-soft"])
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("targets_head"))
        FitChart([one for one in fits if one.role in ("fit", "validation")], words)
        FitTable(fits, words("targets_head"), words("middle_worlds"), words)
    if len(held):
        with solara.Div(classes=["vf-card"]):
            Text("h2", words("held_head"))
            Text("p", words("held_note"), classes=["vf-small", "vf-soft"])
            Patterns(study_evidence.pattern_rows(held, words), words)


@solara.component
def ValidationNumbers(
    fits: list[Fit], held: pd.DataFrame, scale: pd.DataFrame, words: Words
) -> None:
    """How many figures, patterns and levels are as they should be."""
    fitted = [one for one in fits if one.role == "fit"]
    others = [one for one in fits if one.role == "validation"]
    asked = held[held["verdict"].isin(["inside", "outside"])]
    found = [
        ("valid_fit", sum(one.inside for one in fitted), len(fitted)),
        ("valid_other", sum(one.inside for one in others), len(others)),
        ("valid_held", int((asked["verdict"] == "inside").sum()), len(asked)),
        ("valid_scale", int((scale["notable"].astype(str) == "True").sum()), len(scale)),
    ]
    with solara.Div(classes=["vf-figures", "vf-figures-many"]):
        for key, count, of in found:
            if of:
                Number(words(key, count=words.number(of)), words.number(count))


@solara.component
def Patterns(rows: list[Row], words: Words) -> None:
    """Held-out patterns."""
    columns = (
        Column(words("pattern"), wrap=True),
        Column(words("published"), right=True, sort=False),
        Column(words("median"), right=True),
        Column(words("middle_worlds"), right=True),
        Column(words("verdict")),
        Column(words("unit"), wrap=True),
    )
    _sheet(words("held_head"), columns, rows, words("search_figure"), words)


def _sheet(
    label: str, columns: tuple[Column, ...], rows: list[Row], search: str, words: Words
) -> None:
    Sheet(
        label,
        columns,
        rows,
        words,
        search=search,
        empty=words("nothing_found"),
        counted=words("counted", shown="{shown}", all="{all}"),
        height="460px",
    )


@solara.component
def Robust(folder: Path, facts: Facts, page: Words) -> None:
    """A test of robustness: conclusions and the conditions under which they fall."""
    words = Words(page.language, "studies", "evidence")

    def read() -> tuple[pd.DataFrame, pd.DataFrame, str]:
        try:
            found = study_evidence.table_of(folder, CONCLUSIONS, _CONCLUSIONS)
            needed = ("condition", "label", *_VERDICTS)
            return found, study_evidence.table_of(folder, CONDITIONS, needed), ""
        except VelfaerdError as error:
            return pd.DataFrame(), pd.DataFrame(), told(error, words.language)

    found, conditions, problem = solara.use_memo(read, [folder, words.language])
    if not len(found):
        NotThere(problem, words)
        return
    names = study_evidence.names_of(facts.regimes, words.language)
    labels = {
        str(row["label"]): study_evidence.condition_name(
            str(row["condition"]), str(row["label"]), words
        )
        for row in conditions.to_dict("records")
    }
    turned, weak = found["turns"] > 0, found["weakens"] > 0
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("checks_head"))
        with solara.Div(classes=["vf-figures", "vf-figures-many"]):
            Number(words("robust_all"), words.number(int((~turned & ~weak).sum())))
            Number(words("robust_weak"), words.number(int((weak & ~turned).sum())))
            Number(words("robust_turn"), words.number(int(turned.sum())))
            Number(words("robust_tried"), words.number(len(conditions)))
        Text("p", words("robust_note"), classes=["vf-small", "vf-soft"])
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("conclusions_head"))
        Conclusions(study_evidence.conclusion_rows(found, names, labels, words), words)
    if len(conditions):
        with solara.Div(classes=["vf-card"]):
            Text("h2", words("conditions_head"))
            Conditions(study_evidence.condition_rows(conditions, words), words)


@solara.component
def Conclusions(rows: list[Row], words: Words) -> None:
    """Conclusions, the fragile ones first."""
    columns = (
        Column(words("conclusion"), wrap=True),
        Column(words("difference"), right=True),
        Column(words("interval"), right=True),
        Column(words("conclusion_unit"), wrap=True),
        *(Column(words(verdict), right=True) for verdict in _VERDICTS),
        Column(words("worst"), wrap=True),
    )
    _sheet(words("conclusions_head"), columns, rows, words("search_conclusion"), words)


@solara.component
def Conditions(rows: list[Row], words: Words) -> None:
    """Conditions, the hardest first."""
    verdicts = (Column(words(verdict), right=True) for verdict in _VERDICTS)
    columns = (Column(words("condition"), wrap=True), *verdicts)
    _sheet(words("conditions_head"), columns, rows, words("search_condition"), words)


@solara.component
def Recovered(record: dict[str, Any], page: Words) -> None:
    """A test of recovery: how often intervals hold what is true."""
    words = Words(page.language, "studies", "evidence")
    rows = study_evidence.recovery_rows(record, words)
    if not rows:
        NotThere("", words)
        return
    columns = (
        Column(words("recovery_of"), wrap=True),
        Column(words("recovery_says"), right=True),
        Column(words("recovery_holds"), right=True),
        Column(words("recovery_count"), right=True),
        Column(words("recovery_truths"), right=True),
    )
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("checks_head"))
        Text("p", words("recovery_what"), classes=["vf-soft"])
        Sheet(words("checks_head"), columns, rows, words)
        Text("p", words("recovery_note"), classes=["vf-small", "vf-soft"])
