"""Kinds of studies: the one table that tells them apart.

A row says where the plan, the runs and the report of a kind stand. They are named, not imported: a
command loads what it needs and no more. A report is asked for by rooms above this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

from velfaerd_sim.engine.plan import Plan
from velfaerd_sim.engine.reading import damage_told, read_record
from velfaerd_sim.errors import InputError

_PACKAGE = __name__.partition(".")[0]


@dataclass(frozen=True)
class Kind:
    """A kind of study, by its word in records.

    Each place is 'module:name'. plan: makes the plan from a record and its folder. report: writes
    the report of a folder, told of a progress and a language; gives its path. runs: reads a folder
    as a tidy frame, '' where no frame of runs is offered. title: whether studies of the kind are
    called by it, as they have no title of their own.
    """

    word: str
    plan: str
    report: str
    runs: str = ""
    title: bool = True

    def plan_of(self, record: Mapping[str, Any], folder: Path) -> Plan:
        """The plan of a study. Raises StudyError where its record does not give one."""
        with damage_told(record, folder):
            plan: Plan = _found(self.plan)(record, folder)
        return plan

    def call(self, place: str, folder: Path, *given: Any) -> Any:
        """Call what stands in a place of this kind, such as its report, with a folder first.

        Raises StudyError where the folder was changed so that it cannot be read.
        """
        with damage_told(read_record(folder), folder):
            return _found(getattr(self, place))(folder, *given)


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return reduce(getattr, name.split("."), import_module(f"{_PACKAGE}.{module}"))


_SERIES = "studies.loading:series_frame"
_COMPARISON = "reporting.pages.report:write_comparison_report"

KINDS = {
    kind.word: kind
    for kind in (
        Kind("run", "studies.run.single:RunPlan.of", _COMPARISON, _SERIES, title=False),
        Kind(
            "compare",
            "studies.compare.plan:ComparisonPlan.of",
            _COMPARISON,
            _SERIES,
            title=False,
        ),
        Kind(
            "sweep",
            "studies.sweep.plan:SweepPlan.of",
            "reporting.pages.sweep:write_sweep_report",
            "studies.sweep.sweeping:runs_frame",
            title=False,
        ),
        Kind(
            "calibration",
            "studies.calibrate.calibrating:CalibrationPlan.of",
            "reporting.pages.calibration:write_calibration_report",
        ),
        Kind(
            "recovery",
            "studies.recovery.recovering:RecoveryPlan.of",
            "reporting.pages.recovery:write_recovery_report",
        ),
        Kind(
            "claims",
            "studies.claims.plan:ClaimsStudy.of",
            "reporting.pages.claims:write_claims_report",
        ),
        Kind(
            "validation",
            "studies.validate.validating:ValidationPlan.of",
            "reporting.pages.validation:write_validation_report",
        ),
        Kind(
            "robustness",
            "studies.robustness.plan:RobustnessPlan.of",
            "reporting.pages.robustness:write_robustness_report",
        ),
        Kind(
            "selection",
            "studies.select.plan:SelectionPlan.of",
            "reporting.pages.decisions.selection:write_selection_report",
            "studies.select.selecting:runs_frame",
        ),
        Kind(
            "advise",
            "studies.advise.plan:AdvicePlan.of",
            "reporting.pages.decisions.advice:write_advice_report",
            "studies.advise.advising:runs_frame",
        ),
        Kind(
            "trial",
            "studies.trial.plan:TrialPlan.of",
            "reporting.pages.decisions.trial:write_trial_report",
            "studies.trial.plan:power_frame",
        ),
        Kind(
            "value",
            "studies.value.plan:ValuePlan.of",
            "reporting.pages.decisions.value:write_value_report",
            "studies.value.valuing:value_frame",
        ),
        Kind(
            "place",
            "studies.place.plan:PlacePlan.of",
            "reporting.pages.decisions.place:write_place_report",
            "studies.place.place:effects_frame",
        ),
    )
}


def kind_of(record: Mapping[str, Any], folder: str | Path) -> Kind:
    """The kind of a study. Raises InputError where its record names none that is known."""
    word = record["kind"]
    if word not in KINDS:
        allowed = f"a study of one of the kinds {', '.join(KINDS)}; this one is of the kind {word}"
        raise InputError("folder", str(folder), allowed)
    return KINDS[word]


def kind_in(folder: Path) -> Kind:
    """The kind of the study in a folder. Raises as `read_record` and `kind_of`."""
    return kind_of(read_record(folder), folder)
