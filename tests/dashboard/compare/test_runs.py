"""The runs behind Compare are those of `velfaerd compare`, and no run changes what is kept."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.compare.results import LEAST_PAIRS, SHOWN, gain_counts, result_of
from velfaerd_sim.dashboard.compare.runs import (
    BurnIns,
    Track,
    Tracks,
    replicate_scenario,
    run_track,
    size_of,
    work_for,
    worlds_of,
)
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.inputs.regimes import Timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.towns import Town
from velfaerd_sim.instruments.replicates import ReplicateTask, run_replicate
from velfaerd_sim.measures.outcomes import INDEX
from velfaerd_sim.studies.compare.comparison import compare

SMALL = CompareView(
    b=Governance("rigid_rules", (("dialogue", 0.9),)),
    town=Town(code=1, name="Stylised town", kind="rural", adults=300),
    months=18,
    burn_in_months=12,
    seed=3,
    worlds=False,
)


def run_all(view: CompareView, burn_ins: BurnIns) -> tuple[dict[int, Track], dict[int, Track]]:
    a, b = Tracks().show(view)
    for replicate, side, task in work_for(view, a, b, burn_ins):
        (a if side == "a" else b)[replicate] = task(None)
    return a, b


@pytest.fixture(scope="module")
def burn_ins() -> BurnIns:
    return BurnIns()


@pytest.mark.parametrize("replicate", [0, 5])
def test_a_pair_is_the_replicate_of_the_studies(burn_ins: BurnIns, replicate: int) -> None:
    regimes = SMALL.regimes()
    scenario = replicate_scenario(SMALL, replicate)
    task = ReplicateTask(scenario, replicate, tuple(Timeline.of(regime) for regime in regimes))
    wanted = run_replicate(task)
    one, other = (run_track(scenario, regime, burn_ins) for regime in regimes)
    np.testing.assert_array_equal(one.series, wanted.series[0, 0])
    np.testing.assert_array_equal(other.series, wanted.series[1, 0])
    np.testing.assert_array_equal(gain_counts(one, other), wanted.gains[0])


@pytest.mark.parametrize("worlds", [False, True])
def test_the_differences_are_those_of_the_command(burn_ins: BurnIns, worlds: bool) -> None:
    view = replace(SMALL, worlds=worlds)
    a, b = run_all(view, burn_ins)
    result = result_of(a, b, view.replicates, worlds)
    assert result is not None
    chosen = worlds_of(view)
    wanted = compare(
        view.regimes(),
        view.scenario("a"),
        replicates=view.replicates if chosen is None else 1,
        worlds=chosen,
        workers=1,
    ).effects.set_index("outcome")
    for name in SHOWN:
        finding = result.findings[name]
        assert finding.difference == pytest.approx(wanted.difference[name], rel=1e-12, abs=1e-14)
        if not worlds:
            assert finding.low == pytest.approx(wanted.ci_low[name], rel=1e-12, abs=1e-14)
    everybody = result.gains[0]
    assert everybody.gainers[0] == pytest.approx(wanted.gainers_share["lonely_share"])
    assert everybody.losers[0] == pytest.approx(wanted.losers_share["lonely_share"])


def test_running_changes_nothing_that_is_kept(burn_ins: BurnIns) -> None:
    scenario = replicate_scenario(SMALL, 1)
    first = run_track(scenario, SMALL.regimes()[0], burn_ins)
    run_track(scenario, SMALL.regimes()[1], burn_ins)
    again = run_track(scenario, SMALL.regimes()[0], burn_ins)
    np.testing.assert_array_equal(first.series, again.series)
    np.testing.assert_array_equal(first.scores, again.scores)


def test_governance_does_not_need_another_burn_in(burn_ins: BurnIns) -> None:
    run_all(SMALL, burn_ins)
    made = len(burn_ins)
    run_all(SMALL.with_governance("b", Governance("hands_off")), burn_ins)
    assert len(burn_ins) == made >= SMALL.replicates
    run_all(SMALL.with_hours(11), burn_ins)
    assert len(burn_ins) == made + SMALL.replicates


def test_the_kept_towns_stay_within_their_bytes() -> None:
    scenarios = [replicate_scenario(SMALL, r) for r in range(4)]
    one = size_of(BurnIns().get(scenarios[0]))
    kept = BurnIns(int(2.5 * one))
    for scenario in scenarios:
        kept.get(scenario)
    assert len(kept) == 2
    assert kept.bytes <= 2.5 * one
    assert kept.get(scenarios[3]) is kept.get(scenarios[3])


def test_many_who_ask_at_once_get_one() -> None:
    kept, found = BurnIns(), []
    scenario = replicate_scenario(SMALL, 0)
    threads = [threading.Thread(target=lambda: found.append(kept.get(scenario))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(each) for each in found}) == 1


def test_a_failed_burn_in_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = BurnIns()
    scenario = replicate_scenario(SMALL, 0)

    def fail(_: Scenario) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("velfaerd_sim.dashboard.compare.runs.Simulation", fail)
        with pytest.raises(MemoryError):
            kept.get(scenario)
    assert kept.get(scenario).month == 0


def test_a_move_of_one_side_keeps_the_other(burn_ins: BurnIns) -> None:
    tracks = Tracks()
    a, b = tracks.show(SMALL)
    for replicate, side, task in work_for(SMALL, a, b, burn_ins):
        (a if side == "a" else b)[replicate] = task(None)
    assert work_for(SMALL, a, b, burn_ins) == []
    moved = SMALL.with_governance("b", SMALL.b.with_instrument("openness", 0.95))
    work = work_for(moved, *tracks.show(moved), burn_ins)
    assert {side for _, side, _ in work} == {"b"}
    assert len(work) == SMALL.replicates
    more = replace(SMALL, replicates=64)
    assert len(work_for(more, *tracks.show(more), burn_ins)) == 2 * (64 - 16)
    longer = replace(SMALL, months=19)
    assert len(work_for(longer, *tracks.show(longer), burn_ins)) == 2 * 16


def test_the_same_on_both_sides_is_run_once(burn_ins: BurnIns) -> None:
    same = replace(SMALL, b=SMALL.a)
    a, b = Tracks().show(same)
    assert a is b
    assert len(work_for(same, a, b, burn_ins)) == same.replicates


def test_more_pairs_narrow_the_band(burn_ins: BurnIns) -> None:
    a, b = run_all(SMALL, burn_ins)
    four = [{r: side[r] for r in range(4)} for side in (a, b)]
    often = [{r: side[r % 4] for r in range(16)} for side in (a, b)]
    few, many = result_of(*four, 16, False), result_of(*often, 16, False)
    assert few is not None
    assert many is not None
    assert few.replicates == 4
    width = [
        r.findings["motivation_mean"].high - r.findings["motivation_mean"].low for r in (few, many)
    ]
    assert width[1] < width[0]


def test_one_pair_has_no_interval_and_is_not_clear(burn_ins: BurnIns) -> None:
    a, b = run_all(SMALL, burn_ins)
    result = result_of({0: a[0]}, b, 16, False)
    assert result is not None
    finding = result.findings["lonely_share"]
    column = INDEX["lonely_share"]
    assert finding.difference == pytest.approx(b[0].summary[column] - a[0].summary[column])
    assert np.isnan(finding.low)
    assert not finding.clear
    assert result_of({}, b, 16, False) is None


def test_nothing_is_clear_from_few_pairs(burn_ins: BurnIns) -> None:
    a, b = run_all(SMALL, burn_ins)
    whole = result_of(a, b, SMALL.replicates, False)
    assert whole is not None
    assert any(finding.clear for finding in whole.findings.values())
    few = {r: a[r] for r in range(LEAST_PAIRS - 1)}
    early = result_of(few, b, SMALL.replicates, False)
    assert early is not None
    assert early.replicates == LEAST_PAIRS - 1
    assert not any(finding.clear for finding in early.findings.values())


def test_a_name_makes_no_other_run(burn_ins: BurnIns) -> None:
    tracks = Tracks()
    named = SMALL.with_governance("b", replace(SMALL.b, labels=("Ours", "Vores")))
    one, other = tracks.show(SMALL), tracks.show(named)
    assert one[1] is other[1]
