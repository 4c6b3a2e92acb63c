"""National runs: one at a time, cancelled on request, kept and shared without being changed."""

import threading

import numpy as np
import pytest

from velfaerd_sim.dashboard.map.national_runs import (
    ONE_IN,
    NationalRequest,
    NationalRuns,
    Outcomes,
    run_country,
    scenario_of,
)
from velfaerd_sim.engine.progress import CalledOffError
from velfaerd_sim.errors import InputError
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.model.simulation import Simulation

PAIR = ("municipal_baton", "rigid_rules")


def never() -> bool:
    return False


def nobody(share: float) -> None:
    """Listen to nothing."""


class Fake:
    """Runs that only count themselves, and wait where they are told to."""

    def __init__(self):
        self.ran = []
        self.at_once = self.most_at_once = 0
        self.go = threading.Event()
        self.go.set()
        self.entered = threading.Event()

    def __call__(self, request, regimes, progress):
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.entered.set()
        try:
            while not self.go.wait(0.01):
                progress(0.5)
            progress(1.0)
            self.ran.append(tuple(regimes))
            empty = np.zeros((1, 1, len(NAMES)), np.float32)
            return {name: Outcomes(empty, empty[0]) for name in regimes}
        finally:
            self.at_once -= 1


def test_only_what_is_not_kept_is_run():
    fake = Fake()
    runs = NationalRuns(fake)
    first = runs.get(NationalRequest(PAIR), never, nobody)
    again = runs.get(NationalRequest((PAIR[1], "hands_off")), never, nobody)
    assert fake.ran == [PAIR, ("hands_off",)]
    assert again[PAIR[1]] is first[PAIR[1]]
    assert set(runs.known(NationalRequest(PAIR))) == set(PAIR)
    assert not runs.known(NationalRequest(PAIR, one_in=100))
    assert not runs.known(NationalRequest(PAIR, seed=2))


def test_the_same_regime_twice_is_run_once():
    fake = Fake()
    found = NationalRuns(fake).get(NationalRequest(("hands_off", "hands_off")), never, nobody)
    assert fake.ran == [("hands_off",)]
    assert list(found) == ["hands_off"]


def test_only_the_latest_are_kept():
    runs = NationalRuns(Fake(), kept=2)
    for seed in (1, 2, 3):
        runs.get(NationalRequest(("hands_off",), seed=seed), never, nobody)
    kept = [bool(runs.known(NationalRequest(("hands_off",), seed=seed))) for seed in (1, 2, 3)]
    assert kept == [False, True, True]


def test_one_at_a_time_and_the_second_is_told_to_wait():
    fake = Fake()
    fake.go.clear()
    runs = NationalRuns(fake)
    told, found = threading.Event(), []
    first = threading.Thread(
        target=lambda: runs.get(NationalRequest(("hands_off",)), never, nobody)
    )
    first.start()
    assert fake.entered.wait(10)
    second = threading.Thread(
        target=lambda: found.append(
            runs.get(NationalRequest(("rigid_rules",)), never, nobody, waiting=told.set)
        )
    )
    second.start()
    assert told.wait(10)
    assert runs.busy
    fake.go.set()
    first.join(10)
    second.join(10)
    assert fake.most_at_once == 1
    assert list(found[0]) == ["rigid_rules"]
    assert not runs.busy


def test_a_cancelled_run_ends_and_lets_the_next_one_in():
    fake = Fake()
    fake.go.clear()
    runs = NationalRuns(fake)
    with pytest.raises(CalledOffError):
        runs.get(NationalRequest(PAIR), fake.entered.is_set, nobody)
    assert not runs.busy
    assert not runs.known(NationalRequest(PAIR))
    fake.go.set()
    assert set(runs.get(NationalRequest(PAIR), never, nobody)) == set(PAIR)


def test_cancelled_while_waiting():
    fake = Fake()
    fake.go.clear()
    runs = NationalRuns(fake)
    first = threading.Thread(
        target=lambda: runs.get(NationalRequest(("hands_off",)), never, nobody)
    )
    first.start()
    assert fake.entered.wait(10)
    with pytest.raises(CalledOffError):
        runs.get(NationalRequest(PAIR), lambda: True, nobody)
    fake.go.set()
    first.join(10)
    assert fake.ran == [("hands_off",)]


def test_an_error_reaches_whoever_asked_and_ends_nothing_else():
    calls = []

    def broken(request, regimes, progress):
        calls.append(regimes)
        raise MemoryError

    runs = NationalRuns(broken)
    for _ in range(2):
        with pytest.raises(MemoryError):
            runs.get(NationalRequest(PAIR), never, nobody)
    assert len(calls) == 2


@pytest.mark.parametrize(
    "values",
    [
        {"regimes": ("rigid_rule",)},
        {"regimes": PAIR, "one_in": 7},
        {"regimes": PAIR, "one_in": 0},
        {"regimes": PAIR, "seed": -1},
        {"regimes": PAIR, "seed": 2.5},
    ],
)
def test_requests_are_checked(values):
    with pytest.raises(InputError):
        NationalRequest(**values)


def test_every_share_keeps_all_municipalities():
    for one_in in ONE_IN:
        scenario = scenario_of(one_in)
        assert len(scenario.towns) == 98
        assert min(town.adults for town in scenario.towns) >= 50
    whole, tenth = scenario_of(1), scenario_of(10)
    assert tenth.adults == whole.adults // 10


def test_the_numbers_are_those_of_the_simulation():
    request = NationalRequest(PAIR, one_in=100)
    shares = []
    found = run_country(request, PAIR, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    alone = Simulation(request.scenario())
    assert alone.month == 0
    twin = alone.fork("rigid_rules")
    twin.run(120)
    tally = twin.tallies[:, 60 + 120]
    towns, country = found["rigid_rules"].of("lonely_share")
    assert towns.shape == (98, 121)
    assert towns[:, 120] == pytest.approx(tally["lonely"] / tally["adults"], abs=1e-6)
    whole = tally["lonely"].sum() / tally["adults"].sum()
    assert country[120] == pytest.approx(whole, abs=1e-6)
    before, _ = found["municipal_baton"].of("lonely_share")
    assert (towns[:, 0] == before[:, 0]).all()
    assert not (towns[:, 120] == before[:, 120]).all()
    mean = towns[:, 109:].mean(axis=1)
    assert found["rigid_rules"].last_year("lonely_share") == pytest.approx(mean, abs=1e-6)


def test_outcomes_cannot_be_changed():
    found = run_country(NationalRequest(("hands_off",), one_in=100), ("hands_off",), nobody)[
        "hands_off"
    ]
    with pytest.raises(ValueError, match="read-only"):
        found.towns[0, 0, INDEX["lonely_share"]] = 0.0
