"""Calibrations, validations, advice, robustness, recovery: the blocks of their reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import solara

from velfaerd_sim.dashboard.studies.blocks import NothingFound, Report, read, table_of
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.reporting.figures.decisions.selection import selection_rows
from velfaerd_sim.reporting.figures.decisions.value import value_rows
from velfaerd_sim.reporting.figures.specifications import Rows
from velfaerd_sim.reporting.figures.targets import calibrated_rows, validated_rows
from velfaerd_sim.reporting.pages import calibration, robustness, validation
from velfaerd_sim.reporting.pages import recovery as recovery_page
from velfaerd_sim.reporting.pages.blocks import Page
from velfaerd_sim.reporting.pages.decisions import advice, selection
from velfaerd_sim.reporting.pages.decisions import place as place_page
from velfaerd_sim.reporting.pages.decisions import trial as trial_page
from velfaerd_sim.reporting.pages.decisions import value as value_page
from velfaerd_sim.studies.advise.advising import load_advice
from velfaerd_sim.studies.place.place import load_place_study
from velfaerd_sim.studies.select.selecting import load_selection
from velfaerd_sim.studies.trial.plan import load_trials
from velfaerd_sim.studies.value.tables import TABLE as VALUES
from velfaerd_sim.studies.value.valuing import load_valuation
from velfaerd_sim.telling.advice import AdviceWords
from velfaerd_sim.telling.place.words import place_words
from velfaerd_sim.telling.selection import SelectionWords
from velfaerd_sim.telling.trial_words import TrialWords
from velfaerd_sim.telling.value import ValueTeller
from velfaerd_sim.telling.words import Words

_FIGURES = ("unit", "low", "high", "inside", "role", "group")
_CALIBRATED = ("target", "posterior_05", "posterior_50", "posterior_95", "defaults", "share_inside")
_VALIDATED = ("id", "label", "at_defaults", "median", "from_", "to", "distance")
_PARAMETERS = ("parameter", "standing", "unit", "default", "spread", "posterior_50")
_PATTERNS = ("id", "label", "unit", "figure", "source", "median", "from_", "to", "verdict")
_SCALE = ("outcome", "condition", "level", "difference", "low", "high", "relative", "notable")
_COUNTS = ("survives", "weakens", "turns")
_CONCLUSIONS = ("outcome", "first", "second", "size", "low", "high", *_COUNTS)
_JUDGED = ("outcome", "first", "second", "condition", "verdict", "share_of_default", "size")


@dataclass(frozen=True)
class ShownReport:
    """A report with the figures that are drawn as charts."""

    page: Page
    charts: Mapping[str, Rows]


def calibrated(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of a calibration, from its record and tables; None where it is not done."""
    if record.get("status") != COMPLETE or not isinstance(record.get("result"), dict):
        return None
    found = calibration.Tables(
        record,
        table_of(folder, "tables/targets.csv", (*_FIGURES, *_CALIBRATED)),
        table_of(folder, "tables/parameters.csv", _PARAMETERS),
        table_of(folder, "tables/pairs.csv", ("first", "second", "correlation", "shown")),
        table_of(folder, "tables/effects.csv", ("outcome", "q05", "q50", "q95", "share_above")),
    )
    words = Words(language, "evidence")
    charts = {
        key: calibrated_rows(rows, words, words(f"cal_ax_{key}"))
        for key, rows in calibration.figure_rows(found.targets).items()
        if len(rows)
    }
    return ShownReport(calibration.page(found, folder, language), charts)


def validated(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of a validation; None where it is not done."""
    targets = table_of(folder, "targets.csv", (*_FIGURES, *_VALIDATED))
    if not len(targets):
        return None
    held = table_of(folder, "held_out.csv", _PATTERNS)
    held = held.fillna({"source": "", "figure": ""})
    scale = table_of(folder, "scale.csv", _SCALE)
    design = record.get("design")
    worlds = design.get("worlds") if isinstance(design, dict) else None
    known = worlds if isinstance(worlds, dict) else {"numbers": [], "name": ""}
    found = validation.Tables(targets, held, scale, len(known["numbers"]), str(known["name"]))
    words = Words(language, "evidence")
    charts = {"targets": validated_rows(targets, words)}
    return ShownReport(validation.page(record, found, language), charts)


def robust(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of a test of robustness; None where it is not done."""
    table = table_of(folder, "conclusions.csv", _CONCLUSIONS)
    ranking = table_of(folder, "ranking.csv", ("condition", "kind", "outcome", "first_place"))
    if not len(ranking):
        return None
    judged = table_of(folder, "verdicts.csv", _JUDGED)
    conditions = table_of(folder, "conditions.csv", ("condition", "kind", "label", *_COUNTS))
    judged = judged.merge(conditions[["condition", "kind", "label"]], on="condition", how="left")
    lost = robustness.lost_in(table_of(folder, "levels.csv", ("condition", "regime")))
    found = robustness.Tables(table, judged, conditions, ranking, lost)
    return ShownReport(robustness.page(record, found, language), {})


def recovered(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of a test of recovery; None where it is not done."""
    if record.get("status") != COMPLETE or not record.get("coverage"):
        return None
    return ShownReport(recovery_page.page(record, language), {})


def advised(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of advice; None where the search is not done."""
    if record.get("status") != COMPLETE:
        return None
    return ShownReport(advice.page(AdviceWords(load_advice(folder), language)), {})


def valued(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of what is worth knowing; None where it is not done."""
    if not isinstance(record.get("files"), dict) or VALUES not in record["files"]:
        return None
    found = load_valuation(folder)
    tell = ValueTeller(found, Words(language, *value_page.FILES))
    return ShownReport(value_page.page(found, language), {"value": value_rows(tell)})


def selected(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of a selection; None where it is not done."""
    if record.get("status") != COMPLETE:
        return None
    told = SelectionWords(load_selection(folder), language)
    return ShownReport(selection.page(told), {"behind": selection_rows(told)})


def placed(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of a place; None where it is not done."""
    if record.get("status") != COMPLETE:
        return None
    return ShownReport(place_page.page(load_place_study(folder), place_words(language)), {})


def tried(folder: Path, record: Mapping[str, Any], language: str) -> ShownReport | None:
    """The report of a study of trials; None where it is not done."""
    if record.get("status") != COMPLETE:
        return None
    found = load_trials(folder)
    assert found.power is not None
    told = TrialWords(found.asked, found.power, Words(language, *trial_page.FILES))
    shown = trial_page.power_rows(told, told.power, told.words("h_power"), with_kind=True)
    return ShownReport(trial_page.page(record, told), {"power": shown})


Make = Callable[[Path, Mapping[str, Any], str], ShownReport | None]
REPORTS: Mapping[str, Make] = {
    "calibration": calibrated,
    "validation": validated,
    "robustness": robust,
    "recovery": recovered,
    "advise": advised,
    "trial": tried,
    "value": valued,
    "selection": selected,
    "place": placed,
}
"""Kinds of study that are shown as the blocks of their report."""


@solara.component
def Checked(folder: Path, record: dict[str, Any], kind: str, words: Words) -> None:
    """The report of a study of one of these kinds."""
    language = words.language
    found, problem = solara.use_memo(
        lambda: read(lambda: REPORTS[kind](folder, record, language), language),
        [folder, id(record), language],
    )
    if found is None:
        NothingFound(problem, words("evidence.checks_none"), words)
        return
    Report(found.page, folder, words, found.charts)
