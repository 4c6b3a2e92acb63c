"""Losing all volunteers is the worst in all that is told of a sweep, and advice names it."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.sweep.made_studies import ROLES, TALK, runs, study
from velfaerd_sim.analysis.sweep.planning import AnalysisChoice, plan
from velfaerd_sim.studies.advise.advising import Advice
from velfaerd_sim.studies.advise.tables import PACKAGE, FreshRuns
from velfaerd_sim.studies.advise.work import TODAY, Candidate
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.telling.advice import AdviceWords

NAME, NUMBER = "motivation_mean", "volunteers_per_1000"


def test_levels_and_differences_of_a_sweep_count_them() -> None:
    """M: where talk keeps volunteers they are well off, but in two runs of three all leave."""
    chosen = study(Design(kind="grid", levels=3), ("espoused_gap",))
    chosen = replace(chosen, outcomes=(NAME, NUMBER))
    frame = runs(chosen, lambda ranks, regime, outcome: 0.9 if regime == TALK else 0.5, sd=0.0)
    left = (frame["regime"] == TALK) & (frame["replicate"] < 2)
    frame.loc[left, [f"outcome.{NAME}", f"outcome.{NUMBER}"]] = [np.nan, 0.0]
    wanted = AnalysisChoice((NAME,), ROLES, (TALK,))
    tasks = {task.key: task for task in plan(chosen, frame, wanted)}
    found = tasks[f"contrasts-{NAME}"].work()
    talk = found.table.set_index("regime").loc[TALK]
    assert talk["mean"] == pytest.approx(0.3)
    assert talk["difference"] == pytest.approx(-0.2)
    told = [fact for fact in found.facts if fact.key == "lost_volunteers"]
    assert len(told) == 1, "once for all regimes"
    assert told[0].values["runs"].number == left.sum()
    response = tasks[f"response-{NAME}-{TALK}-espoused_gap"].work()
    assert response.table["mean"].to_numpy() == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "2 of 3 under today's governance and 3 of 3 under the best package"),
        ("da", "2 af 3 under dagens styring og 3 af 3 under den bedste pakke"),
    ],
)
def test_advice_says_that_volunteers_left(language: str, words: str) -> None:
    """M: a package that gives 0.0 more does so because nobody is left under either."""
    candidates = [Candidate(role, (0.5,) * 9) for role in (TODAY, f"{PACKAGE} 1")]
    values = np.array([[0.0, 0.0, 4.0], [0.0, 0.0, 0.0]])[..., None]
    none = np.zeros((2, 3))
    lost = FreshRuns(tuple(candidates), none, none, (NUMBER,), values).without_volunteers()
    assert lost == {"today": 2, "best": 3}
    study = {"advice": {"fresh_worlds": 3, "without_volunteers": lost}}
    assert words in AdviceWords(Advice(study, None, {}), language).lost()
    study["advice"].pop("without_volunteers")
    assert not AdviceWords(Advice(study, None, {}), language).lost()
