"""The lives of a town are what the model gives when it is run by itself."""

from dataclasses import replace

import numpy as np
import pytest

from velfaerd_sim.engine.task import Context
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures.outcomes import INDEX
from velfaerd_sim.model.frames import series_values
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.studies.trial.lives import QUESTIONS, VALUES, Survey, Town, run_town_lives
from velfaerd_sim.studies.trial.schedules import CONTROL, timeline_of

PATHS = (CONTROL, ((0, 0.0), (9, 1.0)), ((0, 0.0), (3, 1.0), (9, 0.0)))
MEASURED = (3, 6, 9, 12)
BASE = load_scenario("denmark").with_(adults=98_000, burn_in_months=12, months=12)


def town(survey, scenario=None):
    control, treated = REGIMES["municipal_baton"], REGIMES["facilitative_dialogue"]
    lives = tuple((path, timeline_of(path, control, treated, 2)) for path in PATHS)
    own = BASE.with_(towns=BASE.towns[20:21], policy_review=False)
    return Town(scenario or own, lives, survey, MEASURED)


def run(survey):
    answers = run_town_lives(town(survey), Context(None))
    return {
        path: dict(zip(VALUES, each.values, strict=True))
        for path, each in zip(PATHS, answers, strict=True)
    }


def by_itself(path):
    """The same life, run from its beginning without sharing anything."""
    (timeline,) = (timeline for own, timeline in town(Survey("register", "x")).lives if own == path)
    simulation = Simulation(town(Survey("register", "x")).scenario.with_(regime=timeline))
    return simulation


@pytest.mark.parametrize("path", PATHS)
def test_lives_that_share_their_past_are_those_of_whole_runs(path):
    found = run(Survey("volunteers", "motivation"))[path]
    alone = by_itself(path)
    for k, month in enumerate(MEASURED):
        alone.run(month - alone.month)
        people = alone.population.volunteers
        own = people["motivation"][people["citizen"] >= 0]
        assert found["truth"][k] == pytest.approx(own.astype(float).mean(), rel=1e-12)
        assert found["persons"][k] == len(own)
        assert found["within"][k] == pytest.approx(own.astype(float).var(), rel=1e-9)
    hours = series_values(alone)[0][:, INDEX["staff_hours_per_1000"]]
    assert found["hours"] == pytest.approx([hours[m - 2 : m + 1].mean() for m in MEASURED])


@pytest.mark.parametrize("path", PATHS)
def test_a_register_outcome_is_the_mean_of_its_months(path):
    found = run(Survey("register", "volunteers_per_1000"))[path]
    alone = by_itself(path)
    alone.run(12)
    known = series_values(alone)[0][:, INDEX["volunteers_per_1000"]]
    assert found["truth"] == pytest.approx([known[m - 2 : m + 1].mean() for m in MEASURED])
    assert found["seen"] == found["truth"]
    assert found["within"] == [0.0] * 4


def test_a_town_by_itself_lives_as_among_the_others():
    whole = Simulation(BASE.with_(policy_review=False))
    alone = Simulation(BASE.with_(towns=BASE.towns[20:21], policy_review=False))
    for one in (whole, alone):
        one.run(6)
    assert np.array_equal(whole.tallies[20], alone.tallies[0])


def test_where_everybody_answers_the_truth_is_seen():
    for of, questions in QUESTIONS.items():
        for question in questions:
            for life in run(Survey(of, question)).values():
                assert life["seen"] == pytest.approx(life["truth"], rel=1e-12)
                assert life["answering"] == [1.0] * 4
                assert min(life["within"]) > 0.0


def test_who_answers_moves_what_is_seen():
    even = run(Survey("volunteers", "motivation", 0.4))[CONTROL]
    assert even["answering"] == pytest.approx([0.4] * 4)
    assert even["seen"] == pytest.approx(even["truth"], rel=1e-12)
    keen = run(Survey("volunteers", "motivation", 0.4, (("motivation", 3.0),)))[CONTROL]
    assert all(np.array(keen["seen"]) > np.array(keen["truth"]))
    assert keen["answering"] == pytest.approx([0.4] * 4, abs=0.05)
    shy = run(Survey("citizens", "tils_score", 0.4, (("loneliness", -3.0),)))[CONTROL]
    assert all(np.array(shy["seen"]) < np.array(shy["truth"]))


def test_its_size_counts_months_that_lives_share_once():
    found = town(Survey("register", "volunteers_per_1000"))
    adults = found.scenario.adults
    assert found.adult_months == adults * (12 + 12 + 3 + 9)
    assert replace(found, lives=found.lives[:1]).adult_months == adults * 24
