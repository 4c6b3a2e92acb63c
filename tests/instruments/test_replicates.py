"""Replicates: a task is its result, progress counts all of it, and it can be called off."""

import pickle

import numpy as np
import pytest

from studies.small import REGIMES, three_towns
from velfaerd_sim.engine.progress import CalledOffError, Meter
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.instruments.replicates import ReplicateTask, places, run_replicate
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model.simulation import Simulation

TIMELINES = tuple(load_timeline(name) for name in REGIMES)
SCENARIO = load_scenario("baseline").with_(adults=200, months=13)


def test_a_task_is_its_result() -> None:
    task = ReplicateTask(SCENARIO, 0, TIMELINES)
    found = run_replicate(pickle.loads(pickle.dumps(task)))
    assert found.series.shape == (3, 1, 14, len(outcomes.NAMES))
    for index, timeline in enumerate(TIMELINES):
        plain = Simulation(SCENARIO.with_(regime=timeline))
        plain.run(13)
        expected = outcomes.measure(plain.tallies, plain.at_risk, plain.ended, 60)
        assert np.array_equal(found.series[index], expected, equal_nan=True)
    assert found.gains[:, :, 0].sum(axis=1).tolist() == [200, 200]


def test_progress_counts_every_adult_month() -> None:
    task, meter = ReplicateTask(SCENARIO, 0, TIMELINES), Meter()
    run_replicate(task, meter)
    assert meter.done == task.adult_months == 200 * (60 + 3 * 13)


def test_a_stopped_meter_ends_the_work() -> None:
    meter = Meter()
    meter.stop()
    with pytest.raises(CalledOffError):
        run_replicate(ReplicateTask(three_towns(), 0, TIMELINES, 2), meter)


def test_places_start_with_all_of_several() -> None:
    assert places(SCENARIO) == (1,)
    assert places(three_towns()) == (0, 101, 102, 103)


def test_a_single_regime_is_run_without_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = SCENARIO.with_(regime=TIMELINES[0])
    whole = run_replicate(ReplicateTask(scenario, 0, TIMELINES))
    monkeypatch.delattr(Simulation, "fork")
    alone = run_replicate(ReplicateTask(scenario, 0, TIMELINES[:1]))
    assert np.array_equal(alone.series[0], whole.series[0], equal_nan=True)
    assert alone.gains.shape[0] == 0
