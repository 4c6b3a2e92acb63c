"""The plan of a study of the value of information: estimates, and every survey in every world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.plan import Outlook, Plan, Rows
from velfaerd_sim.engine.task import Task
from velfaerd_sim.inputs.surveys import Survey, survey_of
from velfaerd_sim.instruments.replicates import MOST_REPLICATES, replicate_seed
from velfaerd_sim.instruments.survey_answers import adult_months
from velfaerd_sim.statistics.information import has_replicates
from velfaerd_sim.studies.value.decision import Decision
from velfaerd_sim.studies.value.tables import TABLE, Estimated, surveys_table, value_table
from velfaerd_sim.studies.value.work import Asked, Choice, Estimate, estimate_or_ask

KIND = "value"
SURVEYS = "surveys.parquet"
CHOICE, GROUP, PARAMETER, THEORIES, SURVEY = "choice", "group", "parameter", "theories", "survey"
"""What information may be about."""
EVPI, EVPPI, EVSI = "evpi", "evppi", "evsi"
_AN_ESTIMATE = 2e6
"""What an estimate takes, in adult-months."""


class ValuePlan(Plan):
    """What is worth knowing: a task and a row an estimate, and one a survey and world."""

    kind = KIND
    work = estimate_or_ask
    held = ("value", "standard_error", "found")
    order = ("kind", "of", "what", "world")

    def __init__(self, decision: Decision, surveys: tuple[Survey, ...]) -> None:
        self.decision = decision
        self.surveys = surveys
        self._benefits = decision.benefits()

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path | None = None) -> ValuePlan:
        """The plan of a record."""
        scenario, timelines = records.scenario_of(record), records.timelines_of(record)
        design = record["design"]
        decision = Decision.from_dict(design["decision"], scenario, timelines)
        return cls(decision, tuple(map(survey_of, design["surveys"])))

    def record(self, command: str) -> dict[str, Any]:
        """The record of a study of which nothing is done."""
        own = self.decision
        surveys = [survey.to_dict() for survey in self.surveys]
        design = {"kind": KIND, "decision": own.to_dict(), "surveys": surveys}
        return records.new_record(KIND, own.scenario, own.timelines, design, command)

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError unless surveys were only added."""
        design = old.get("design")
        before = design.get("surveys", []) if isinstance(design, Mapping) else None
        after = new["design"]["surveys"]
        if isinstance(before, list) and all(each in after for each in before):
            old = {**old, "design": {**old["design"], "surveys": after}}
        records.check_same_study(old, new, folder)

    def schema(self) -> pa.Schema:
        """A row an estimate, or a survey in a world."""
        texts = ("run", "kind", "of", "what", "status", "message")
        fields: list[Any] = [(name, pa.string()) for name in texts]
        fields += [("world", pa.int64()), ("seconds", pa.float64())]
        fields += [("value", pa.float64()), ("standard_error", pa.float64())]
        return pa.schema([*fields, ("found", pa.list_(pa.float64()))])

    def labels(self) -> tuple[str, ...]:
        """What is known of a row beforehand; world: its place, -1 of an estimate."""
        return "kind", "of", "what", "world"

    def subjects(self) -> Iterator[tuple[str, str, str, NDArray[np.float64] | None]]:
        """What is estimated without a survey: kind, of, what, and what would be known."""
        own = self.decision
        if has_replicates(self._benefits):
            yield EVPI, CHOICE, "everything", None
        for group, names in own.groups().items():
            yield EVPPI, GROUP, group, own.columns(names)
        for name in own.varying:
            yield EVPPI, PARAMETER, name, own.columns((name,))
        if own.theories:
            yield EVPPI, THEORIES, "theories", own.theory_columns()

    def tasks(self, rows: Rows) -> Iterator[Task]:
        """Every estimate, then every survey in every world."""
        for kind, of, what, known in self.subjects():
            key = f"{kind} {of} {what}"
            yield Task((key,), ((kind, of, what, -1),), Estimate(known), _AN_ESTIMATE)
        own = self.decision
        for survey in self.surveys:
            cost = adult_months(own.scenario, survey)
            for place, world in enumerate(own.worlds):
                seed = replicate_seed(own.scenario.seed, MOST_REPLICATES + place)
                key, label = f"{survey.name} {place}", (EVSI, SURVEY, survey.name, place)
                yield Task((key,), (label,), Asked(survey, world.parameters, seed), cost)

    def common(self) -> Choice:
        """The benefits, world by world, and the towns as they are governed now."""
        return Choice(self._benefits, self.decision.scenario)

    def outlook(self, rows: Rows) -> Outlook:
        """Everything that is wanted."""
        count = sum(1 for _ in self.subjects())
        cost = count * _AN_ESTIMATE
        for survey in self.surveys:
            worlds = len(self.decision.worlds)
            cost += worlds * adult_months(self.decision.scenario, survey)
            count += worlds
        return Outlook(count, cost, count)

    def tables(self, rows: Rows) -> dict[str, pa.Table]:
        """What each piece of information is worth, and what surveys found in every world."""
        estimated = []
        for kind, of, what, _ in self.subjects():
            held = rows.get(f"{kind} {of} {what}")
            if held is not None and held.values:
                estimated.append(Estimated(kind, of, what, *map(float, held.values[:2])))
        found = {survey: self.found(survey, rows) for survey in self.surveys}
        whole = {survey: values for survey, values in found.items() if values is not None}
        if not estimated:
            return {}
        return {
            TABLE: value_table(self.decision, self._benefits, estimated, whole),
            SURVEYS: surveys_table(self.decision, whole),
        }

    def found(self, survey: Survey, rows: Rows) -> NDArray[np.float64] | None:
        """What a survey found; (worlds, findings), None where it was not made in every world."""
        held = [rows.get(f"{survey.name} {place}") for place in range(len(self.decision.worlds))]
        values = [each.values[2] for each in held if each is not None and each.values]
        return np.array(values, np.float64) if len(values) == len(held) else None
