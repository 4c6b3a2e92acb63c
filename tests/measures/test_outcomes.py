"""Outcomes from tallies made by hand, worked out in numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from velfaerd_sim.errors import InputError
from velfaerd_sim.measures.outcomes import (
    CUMULATIVE,
    FLOW,
    INDEX,
    LEVEL,
    NAMES,
    OUTCOMES,
    WINDOW,
    divide,
    measure,
    named,
    pool,
)
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.tallies import TALLY_TYPE, TENURES
from worlds import BASELINE, settled, several_towns, tenures_by_month

# The names of the interface.
FIXED = """volunteers_per_1000, joins, leaves, retention_12m, motivation_mean, autonomy_mean,
competence_mean, relatedness_mean, controlled_motivation_mean, ownership_mean, exhaustion_mean,
bureaucracy_felt_share, loneliness_mean, lonely_share, lonely_onset_rate, lonely_recovery_rate,
lonely_reached_share, contact_hours_per_1000, initiatives_per_1000, clarity_effective_mean,
influence_gap_mean, strain_share, substitution_mean, dialogue_enacted_mean, staff_capacity_mean,
staff_skill_mean, staff_satisfaction_mean, staff_hours_per_1000, lonely_years_averted_per_1000,
lonely_years_averted_per_100_staff_hours"""


def test_the_names_of_the_interface_come_first():
    fixed = tuple(name.strip() for name in FIXED.split(","))
    assert tuple(NAMES[: len(fixed)]) == fixed
    assert len(set(NAMES)) == len(NAMES)
    assert [INDEX[name] for name in NAMES] == list(range(len(NAMES)))


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
def test_an_outcome_is_fully_declared(outcome):
    assert outcome.name.isidentifier()
    assert outcome.unit
    assert outcome.kind in {LEVEL, FLOW, WINDOW, CUMULATIVE}
    assert outcome.direction in {-1, 0, 1}
    assert outcome.definition
    assert outcome.label() == outcome.label("en") == outcome.label_en
    assert outcome.label("da") == outcome.label_da != ""


def test_labels_are_told_apart():
    for language in ("en", "da"):
        labels = [outcome.label(language) for outcome in OUTCOMES]
        assert len(set(labels)) == len(labels)


def test_an_unknown_name_brings_the_nearest_one():
    assert named("lonely_share").name == "lonely_share"
    with pytest.raises(InputError, match="did you mean 'lonely_share'") as caught:
        named("lonly_share", "--outcome")
    assert caught.value.place == "--outcome"


def ledgers(rows, towns=1, **values):
    """Tallies of so many rows with the values named, and empty ledgers of tenure."""
    tallies = np.zeros((towns, rows), TALLY_TYPE)
    for name, value in values.items():
        tallies[name] = value
    empty = np.zeros((towns, rows, TENURES), np.int32)
    return tallies, empty, empty.copy()


def outcome(name, *tables, start=0):
    return measure(*tables, start, [name])[..., 0]


MONTH = {
    "adults": 2000,
    "volunteers": 80,
    "volunteers_over_12_months": 50,
    "affiliated_volunteers": 60,
    "motivation": 48.0,
    "motivation_squares": 30.0,
    "autonomy": 40.0,
    "competence": 44.0,
    "relatedness": 36.0,
    "controlled_motivation": 20.0,
    "ownership": 28.0,
    "exhaustion": 16.0,
    "felt_bureaucracy": 20.0,
    "contact_hours": 1000.0,
    "expectation_gap": 12.0,
    "participants": 50,
    "company": 30.0,
    "with_room": 6.0,
    "hours_short": 90.0,
    "waiting": 15.0,
    "referrals": 6.0,
    "initiatives": 16,
    "effective_clarity": 4.0,
    "fit": 8.0,
    "influence": 6.0,
    "influence_gap": 2.0,
    "strained": 4.0,
    "substitution": 3.2,
    "quality": 8.8,
    "leeway": 10.4,
    "overload": 1.6,
    "dialogue_enacted": 2.4,
    "posts": 2,
    "skill": 1.1,
    "concern": 0.7,
    "satisfaction": 1.2,
    "capacity": 0.85,
    "hours_contact": 12.0,
    "hours_rules": 20.0,
    "hours_agreements": 16.0,
    "hours_dialogue": 8.0,
    "loneliness": 460.0,
    "score": 8600.0,
    "lonely": 180.0,
    "lonely_known": 60.0,
    "lonely_reached": 45.0,
    "known": 400.0,
    "lonely_a_year_ago": 200.0,
    "onsets": 54.0,
    "recoveries": 60.0,
    "joins": 3.0,
    "leaves": 2.0,
    "opened": 4.0,
    "opened_by_municipality": 3.0,
    "closed": 1.0,
    "incidents": 2.0,
    "pairs_broken": 5.0,
    "staff_left": 1.0,
    "adults_band_0": 250.0,
    "lonely_band_0": 40.0,
    "adults_band_7": 50.0,
    "lonely_band_7": 8.0,
}
WORKED = {
    "volunteers_per_1000": 40.0,
    "joins": 3.0,
    "leaves": 2.0,
    "motivation_mean": 0.6,
    "motivation_spread": math.sqrt(30 / 80 - 0.36),
    "autonomy_mean": 0.5,
    "competence_mean": 0.55,
    "relatedness_mean": 0.45,
    "controlled_motivation_mean": 0.25,
    "ownership_mean": 0.35,
    "exhaustion_mean": 0.2,
    "bureaucracy_felt_share": 0.25,
    "affiliated_share": 0.75,
    "loneliness_mean": 0.23,
    "lonely_share": 0.09,
    "lonely_known_share": 60 / 400,
    "lonely_unknown_share": 120 / 1600,
    "lonely_onset_rate": 54 / 1800,
    "lonely_recovery_rate": 0.3,
    "lonely_reached_share": 0.25,
    "tils_score_mean": 4.3,
    "contact_hours_per_1000": 500.0,
    "hours_per_volunteer": 12.5,
    "participants_per_1000": 25.0,
    "served_not_lonely_per_1000": 15.0,
    "waiting_per_1000": 7.5,
    "waiting_months_mean": 2.5,
    "waiting_share": 0.25,
    "fully_staffed_share": 0.375,
    "hours_short_per_1000": 45.0,
    "initiatives_per_1000": 8.0,
    "clarity_effective_mean": 0.25,
    "fit_mean": 0.5,
    "influence_mean": 0.375,
    "influence_gap_mean": 0.125,
    "expectation_gap_mean": 0.15,
    "strain_share": 0.25,
    "substitution_mean": 0.2,
    "quality_mean": 0.55,
    "leeway_mean": 0.65,
    "overload_mean": 0.1,
    "dialogue_enacted_mean": 0.15,
    "staff_capacity_mean": 0.85,
    "staff_skill_mean": 0.55,
    "staff_satisfaction_mean": 0.6,
    "staff_concern_mean": 0.35,
    "staff_turnover_rate": 6.0,
    "staff_hours_per_1000": 28.0,
    "staff_hours_contact_per_1000": 6.0,
    "staff_hours_rules_per_1000": 10.0,
    "staff_hours_agreements_per_1000": 8.0,
    "staff_hours_dialogue_per_1000": 4.0,
    "incidents_per_1000": 1.0,
    "opened_per_1000": 2.0,
    "closed_per_1000": 0.5,
    "municipal_start_share": 0.75,
    "pairs_broken_per_1000": 2.5,
    "lonely_share_16_24": 0.16,
    "lonely_share_85_plus": 0.16,
}
ELSEWHERE = {"retention_12m", "stock_retention_12m"} | {n for n in NAMES if "averted" in n}


@pytest.mark.parametrize("name", WORKED)
def test_an_outcome_of_a_month(name):
    assert outcome(name, *ledgers(2, **MONTH)) == pytest.approx(np.full((1, 2), WORKED[name]))


def test_every_outcome_is_worked_out_somewhere():
    bands = {name for name in NAMES if name.startswith("lonely_share_")}
    assert set(NAMES) == set(WORKED) | ELSEWHERE | bands
    assert len(bands) == 8


def test_a_mean_over_nobody_is_nothing():
    series = measure(*ledgers(2, adults=100), 0)[0, 0]
    for name in ("motivation_mean", "fit_mean", "staff_skill_mean", "retention_12m"):
        assert np.isnan(series[INDEX[name]])
    assert series[INDEX["volunteers_per_1000"]] == 0.0


def test_the_months_before_the_start_are_left_out():
    tables = ledgers(6, **MONTH)
    tables[0]["lonely"][0] = (10, 20, 30, 40, 50, 60)
    shown = outcome("lonely_share", *tables, start=4)
    assert shown == pytest.approx(np.array([[0.025, 0.03]]))


def test_averted_years_add_up_from_the_start():
    tables = ledgers(5, adults=1000.0, hours_rules=50.0)
    tables[0]["lonely"][0] = (900, 100, 88, 100, 64)
    # From month 0 (row 1) on: 0, 12, 0 and 36 fewer lonely, a twelfth of a year each.
    averted = outcome("lonely_years_averted_per_1000", *tables, start=1)
    assert averted == pytest.approx(np.array([[0.0, 1.0, 1.0, 4.0]]))
    # 50 hours a month and 1000 adults from month 1 on: 50, 100, 150 hours
    per_hours = outcome("lonely_years_averted_per_100_staff_hours", *tables, start=1)
    assert np.isnan(per_hours[0, 0])
    assert per_hours[0, 1:] == pytest.approx([2.0, 1.0, 100 * 4 / 150])


def test_what_one_regime_averts_against_another_is_the_difference_in_lonely_years():
    start = settled(1500)
    one, other = start.fork("rigid_rules"), start.fork("facilitative_dialogue")
    series = []
    for simulation in (one, other):
        simulation.run(36)
        series.append(measure(simulation.tallies, simulation.at_risk, simulation.ended, 60)[0])
    place = INDEX["lonely_years_averted_per_1000"]
    averted = series[1][36, place] - series[0][36, place]
    lonely = [s.tallies["lonely"][0, 61:97].sum() for s in (one, other)]
    assert averted == pytest.approx((lonely[0] - lonely[1]) / 12 / 1500 * 1000, rel=1e-9)


def test_retention_of_all_volunteers_looks_a_year_back():
    tables = ledgers(15, adults=100.0)
    tables[0]["volunteers"][0] = np.arange(10, 25)
    tables[0]["volunteers_over_12_months"][0] = 6
    shown = outcome("stock_retention_12m", *tables)[0]
    assert np.all(np.isnan(shown[:12]))
    assert shown[12:] == pytest.approx([6 / 10, 6 / 11, 6 / 12])


def spells_to_ledgers(spells, rows):
    """Ledgers of volunteers from (month of joining, months stayed, left)."""
    at_risk, ended = np.zeros((2, 1, rows, TENURES), np.int32)
    for joined, stayed, left in spells:
        for tenure in range(stayed + 1):
            row = joined + 1 + tenure
            if row < rows and (tenure < stayed or left):
                at_risk[0, row, min(tenure, TENURES - 1)] += 1
        if left and joined + 1 + stayed < rows:
            ended[0, joined + 1 + stayed, min(stayed, TENURES - 1)] += 1
    return at_risk, ended


def test_retention_by_hand_with_censoring():
    """Ten join in month 0; six leave at known months, the year is not over for the others."""
    # Two leave in their first month, one in the third; two joined later and are seen for a short
    # time; one leaves in the fifth month.
    spells = [(0, 0, True)] * 2 + [(0, 2, True)] + [(0, 11, False)] * 4 + [(0, 4, True)]
    spells += [(9, 2, False)] * 2
    at_risk, ended = spells_to_ledgers(spells, 13)
    tallies = np.zeros((1, 13), TALLY_TYPE)
    shown = measure(tallies, at_risk, ended, 0, ["retention_12m"])[0, 12, 0]
    # At risk 10, 8, 6, 5, 5 ...: (1 - 2/10)(1 - 1/6)(1 - 1/5); the two latecomers count twice.
    assert list(at_risk[0].sum(axis=0)[:5]) == [10, 8, 6, 5, 5]
    assert shown == pytest.approx(0.8 * (5 / 6) * 0.8)


@given(
    st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 20), st.booleans()), min_size=1, max_size=40
    )
)
def test_retention_is_the_published_estimate(spells):
    """Against SciPy's product-limit estimator, all joining within the window."""
    at_risk, ended = spells_to_ledgers(spells, 13)
    tallies = np.zeros((1, 13), TALLY_TYPE)
    shown = measure(tallies, at_risk, ended, 0, ["retention_12m"])[0, 12, 0]
    left, censored = [], []
    for joined, stayed, ends in spells:
        seen = 12 - joined  # months of tenure that fall into the window
        if ends and stayed < seen:
            left.append(stayed + 0.5)
        else:
            censored.append(min(stayed, seen) + 0.25)
    data = stats.CensoredData(uncensored=left, right=censored)
    # A survivor of month k is at risk in it; a censored one is at risk in months seen in full.
    expected = stats.ecdf(data).sf.evaluate(11.9) if left else 1.0
    if np.isnan(shown):
        assert at_risk[0, 1:13, 0].sum() == 0
    else:
        assert shown == pytest.approx(float(expected))


def test_retention_is_the_product_limit_of_the_spells_of_persons():
    """Spells reconstructed person by person, with late entry and right-censoring."""
    lively = {"recruitment_probability": 0.006, "closing_log_odds": -3.2}
    scenario = BASELINE.with_(adults=1500, burn_in_months=24, months=30, parameters=lively)
    simulation = Simulation(scenario, burn_in=False)
    seen = tenures_by_month(simulation, 54)
    shown = measure(simulation.tallies, simulation.at_risk, simulation.ended, 24)
    compared = 0
    for month in range(12, 31):
        row = 24 + month
        at_risk, ended = np.zeros(12), np.zeros(12)
        for r in range(row - 11, row + 1):
            for person, tenure in seen[r - 1].items():
                if tenure < 12:
                    at_risk[tenure] += 1
                    ended[tenure] += seen[r].get(person) != tenure + 1
            # Who joined and lost the initiative within the month is in no snapshot.
            new = list(seen[r].values()).count(0)
            within = simulation.tallies["joins"][0, r] - new
            at_risk[0] += within
            ended[0] += within
        expected = np.prod(1 - ended / np.maximum(at_risk, 1))
        assert shown[0, month, INDEX["retention_12m"]] == pytest.approx(expected, rel=1e-12)
        compared += ended.sum() > 10
    assert compared > 10


def test_towns_pool_into_one():
    tables = ledgers(3, towns=2, adults=[[100], [300]], capacity=[[1.0], [0.6]])
    tables[0]["lonely"] = [[10], [60]]
    tables[0]["volunteers"] = [[4], [9]]
    tables[1][:, :, 0] = [[2], [5]]
    pooled = pool(*tables)
    assert pooled[0].shape == (1, 3)
    assert pooled[0].dtype == TALLY_TYPE
    assert np.all(pooled[0]["lonely"] == 70)
    assert np.all(pooled[0]["adults"] == 400)
    # Capacity is a mean over adults: (100 x 1 + 300 x 0.6) / 400
    assert pooled[0]["capacity"] == pytest.approx(np.full((1, 3), 0.7))
    assert np.all(pooled[1][0, :, 0] == 7)
    assert outcome("lonely_share", *pooled) == pytest.approx(np.full((1, 3), 70 / 400))


def test_pooling_is_the_mean_over_adults_of_what_is_counted_by_adult():
    simulation = Simulation(several_towns())
    simulation.run(24)
    tables = simulation.tallies, simulation.at_risk, simulation.ended
    single, pooled = measure(*tables, 12), measure(*pool(*tables), 12)[0]
    weights = simulation.population.towns["adults"] / simulation.scenario.adults
    for name in ("lonely_share", "loneliness_mean", "volunteers_per_1000", "staff_hours_per_1000"):
        place = INDEX[name]
        assert np.tensordot(weights, single[..., place], 1) == pytest.approx(pooled[:, place])
    place = INDEX["joins"]
    assert single[..., place].sum(axis=0) == pytest.approx(pooled[:, place])


def test_one_town_pools_into_itself():
    town = settled(500)
    tables = town.tallies[:, :61], town.at_risk[:, :61], town.ended[:, :61]
    pooled = pool(*(np.ascontiguousarray(table) for table in tables))
    for name in TALLY_TYPE.names:
        assert pooled[0][name] == pytest.approx(tables[0][name], rel=1e-14)
    assert np.array_equal(pooled[1], tables[1])


def test_division_by_nothing_gives_nothing():
    assert np.isnan(divide(np.array([1.0]), np.array([0.0]))[0])
    assert divide(np.array([1.0, 3.0]), np.array([2.0, 4.0])) == pytest.approx([0.5, 0.75])
