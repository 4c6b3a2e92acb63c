"""What the page of studies holds between visits: what is open, chosen, and analysed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import solara

from velfaerd_sim.analysis.sweep.answers import Answers
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.frame.work import LATER, Job
from velfaerd_sim.dashboard.parts.downloads import File
from velfaerd_sim.dashboard.studies.answers import analysed
from velfaerd_sim.errors import VelfaerdError

KEPT_ANSWERS = 3
_LONGEST = 400


@dataclass(frozen=True)
class StudyChoice:
    """What is looked at; texts that the page checks where it uses them.

    study: the name of its folder, '' for the list; outcome: a column; regime: the regime whose
    course is drawn; of: the answer whose parameters are shown; map: the map that is shown; table:
    the table that is shown; claim: the claim that is read.
    """

    study: str = ""
    outcome: str = ""
    regime: str = ""
    of: str = ""
    map: str = ""
    table: str = ""
    claim: str = ""

    def query(self) -> dict[str, str]:
        """What is chosen, as texts for an address."""
        return {key: getattr(self, key) for key in self.__dataclass_fields__ if getattr(self, key)}

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> StudyChoice:
        """Take what is chosen out of an address; what is too long is left out."""
        known = {key: text for key, text in query.items() if key in cls.__dataclass_fields__}
        return cls(**{key: text for key, text in known.items() if len(text) <= _LONGEST})


@dataclass(frozen=True)
class AnalysisJob:
    """An analysis that is under way, how far it is, or what it failed of."""

    key: tuple[str, str] | None = None
    share: float = 0.0
    error: Exception | None = None
    expected: bool = True
    stopped: bool = False


class StudiesState:
    """The state of the page in one session."""

    def __init__(self) -> None:
        self.chosen: solara.Reactive[StudyChoice] = solara.Reactive(StudyChoice())
        self.job: solara.Reactive[AnalysisJob] = solara.Reactive(AnalysisJob())
        self.file: solara.Reactive[File | None] = solara.Reactive(None)
        self.problem: solara.Reactive[str] = solara.Reactive("")
        self.answers: OrderedDict[tuple[str, str], Answers] = OrderedDict()

    def open(self, name: str) -> None:
        """Open a study, or the list with ''."""
        self.chosen.value = StudyChoice(study=name)

    def choose(self, **changes: str) -> None:
        """Look at something else in the same study."""
        self.chosen.value = replace(self.chosen.value, **changes)

    def analyse(self, session: Session, folder: Path, name: str, outcome: str) -> None:
        """Analyse a sweep in the background; another analysis of this session is called off."""
        key = (name, outcome)

        def task(job: Job) -> Answers:
            return analysed(folder, outcome, lambda: job.cancelled, job.progress)

        def came(_: int, answers: Answers) -> None:
            self.answers[key] = answers
            while len(self.answers) > KEPT_ANSWERS:
                self.answers.popitem(last=False)
            self.job.value = AnalysisJob()

        def failed(error: Exception) -> None:
            expected = isinstance(error, VelfaerdError)
            self.job.value = AnalysisJob(key, error=error, expected=expected)

        self.job.value = AnalysisJob(key)
        try:
            session.jobs.start(
                "studies",
                [task],
                lane=LATER,
                on_result=came,
                on_error=failed,
                on_progress=lambda share: self.job.set(AnalysisJob(key, share)),
            )
        except VelfaerdError as error:  # too much is under way
            failed(error)

    def stop(self, session: Session) -> None:
        """Call the analysis off."""
        session.jobs.cancel("studies")
        self.job.value = AnalysisJob(self.job.value.key, stopped=True)
