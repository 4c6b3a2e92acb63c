"""The first population: shares as asked for, and the same people whoever is drawn beside them.

Statistical tests use fixed seeds and would fail for one sound program in 10 000.
"""

from dataclasses import replace
from math import ceil, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from invariants import TownRows, check_state
from velfaerd_sim.inputs.evidence import age_shares
from velfaerd_sim.inputs.regimes import DEPARTMENTS
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.levels import STEPS, level_quantiles
from worlds import BASELINE, any_values, differences, several_towns, small

ADULTS = 20_000
ERROR_RATE = 1e-4
BOUND = stats.norm.isf(ERROR_RATE / 2)


def born(scenario, threads=1):
    return Simulation(scenario, threads=threads, burn_in=False)


@pytest.fixture(scope="module")
def population():
    return born(BASELINE.with_(adults=ADULTS)).population


def near(share, expected, count):
    return abs(share - expected) < BOUND * sqrt(expected * (1 - expected) / count)


def test_ages_are_those_of_the_country(population):
    counts = np.bincount(population.citizens.age_band, minlength=8)
    assert stats.chisquare(counts, np.array(age_shares()) * ADULTS).pvalue > ERROR_RATE


def test_rural_towns_are_older_and_cities_younger():
    mean_band = {}
    for kind in ("rural", "provincial_city", "capital"):
        town = replace(BASELINE.towns[0], kind=kind, adults=ADULTS)
        people = born(BASELINE.with_(towns=(town,))).population.citizens
        mean_band[kind] = people.age_band.mean()
    spread = BOUND * sqrt(2 * 4.5 / ADULTS)
    assert mean_band["rural"] > mean_band["provincial_city"] + spread
    assert mean_band["provincial_city"] > mean_band["capital"] + spread


def test_people_are_ordered_by_age_within_a_neighbourhood(population):
    band = population.citizens.age_band[: 150 * (ADULTS // 150)].reshape(-1, 150).astype(int)
    assert np.all(np.diff(band, axis=1) >= 0)


@pytest.mark.parametrize("concentration", [2.0, 4.0, 10.0])
@pytest.mark.parametrize("mean", [0.12, 0.29, 0.45])
def test_level_quantiles_are_those_of_the_beta(mean, concentration):
    table = level_quantiles(np.array([mean]), concentration)[0]
    beta = stats.beta(mean * concentration, (1 - mean) * concentration)
    ranks = np.arange(STEPS + 1) / STEPS
    assert table[0] == 0.0
    assert 0.9 < table[-1] <= 1.0
    assert np.all(np.diff(table) >= 0.0)
    inner = slice(5, -5)
    assert np.allclose(table[inner], beta.ppf(ranks[inner]), atol=0.006)
    assert np.mean((table[1:] + table[:-1]) / 2) == pytest.approx(mean, abs=0.003)


def test_set_points_have_the_means_of_their_age_bands(population):
    values = BASELINE.parameter_values()
    names = [name for name in values if name.startswith("set_point_") and name[10].isdigit()]
    assert len(names) == 8
    for band, name in enumerate(names):
        levels = population.citizens.set_point[population.citizens.age_band == band]
        mean = values[name]
        error = sqrt(mean * (1 - mean) / (values["set_point_concentration"] + 1) / len(levels))
        assert abs(levels.mean() - mean) < BOUND * error + 0.002


def test_initiatives_and_volunteers_start_near_their_shares(population):
    values = BASELINE.parameter_values()
    town = population.towns[0]
    slots = ceil(values["initiative_slots_per_1000"] * ADULTS / 1000)
    assert town["initiative_slots"] == slots
    share = values["initial_initiatives_per_1000"] * ADULTS / 1000 / slots
    assert near(town["initiatives"] / slots, share, slots)
    # Not all who look find a place at once.
    assert 0.8 < town["volunteers"] / ADULTS / values["initial_volunteer_share"] < 1.05
    assert 0 < town["participants"] < 0.3 * np.sum(population.citizens.lonely_history > 0)


def test_formats_and_affiliations_have_their_shares():
    initiatives = born(BASELINE.with_(adults=300_000)).population.initiatives
    running = initiatives[initiatives["running"] == 1]
    values = BASELINE.parameter_values()
    assert near(np.mean(running["format"] == 0), values["one_to_one_share"], len(running))
    assert near(np.mean(running["affiliated"]), values["affiliated_share"], len(running))
    names = ("invited_organisations", "recruited_individuals", "dialogue", "users")
    rates = [values[f"opening_{n}"] for n in (*names, "local_actors", "national_actors")]
    counts = np.bincount(running["route"], minlength=6)
    expected = np.array(rates) / sum(rates) * len(running)
    assert stats.chisquare(counts, expected).pvalue > ERROR_RATE
    assert stats.chisquare(np.bincount(running["department"])).pvalue > ERROR_RATE


def test_staff_are_one_to_so_many_adults_with_a_head_and_a_consultant(population):
    values = BASELINE.parameter_values()
    assert population.towns["staff"][0] == round(ADULTS / values["adults_per_staff"])
    assert population.staff["chief"].sum() == len(DEPARTMENTS)
    smallest = born(small(adults=50)).population
    assert list(smallest.staff["chief"]) == [1, 0]
    assert np.all(population.staff["skill"] >= values["entry_skill"])
    assert np.all(population.staff["skill"] <= values["entry_skill"] + 0.4)


def test_attitudes_of_heads_are_factors_of_mean_one():
    scenario = several_towns(sizes=(50,) * 400, parameters={"chief_attitude_spread": 0.6})
    attitude = born(scenario).population.records.attitude
    assert attitude.shape == (2000, 6)
    assert np.all(attitude > 0)
    assert abs(np.log(attitude).std() - 0.6) < 0.02
    assert abs(attitude.mean() - 1.0) < 0.03
    alike = scenario.with_(parameters={"chief_attitude_spread": 0.0})
    assert np.all(born(alike).population.records.attitude == 1.0)


def test_towns_deviate_from_governance_only_where_the_scenario_says_so():
    scenario = several_towns(sizes=(50,) * 200)
    shifts = born(scenario).population.records.policy_shift
    spread = scenario.parameter_values()["policy_variation"]
    assert abs(shifts.std() - spread) < 0.1 * spread
    assert abs(shifts.mean()) < 0.1 * spread
    alike = born(scenario.with_(local_variation=False)).population.records.policy_shift
    assert not np.any(alike)


def rows_of(population, code):
    """Everything that belongs to one town, as bytes by name."""
    m = int(np.flatnonzero(population.towns["code"] == code)[0])
    rows, town = TownRows(population, m), population.towns[m]
    places = [name for name in town.dtype.names if name.startswith("first_")]
    found = {name: town[name] for name in town.dtype.names if name not in places}
    for table in ("initiatives", "volunteers", "participations", "staff"):
        table_rows = getattr(rows, table)
        found |= {f"{table}.{n}": table_rows[n].tobytes() for n in table_rows.dtype.names}
    found |= {f"citizens.{n}": column.tobytes() for n, column in rows.citizens.items()}
    first, adults = int(town["first_citizen"]) + m, int(town["adults"])
    offsets = population.ties.offsets[first : first + adults + 1]
    found["offsets"] = offsets.tobytes()
    start = int(town["first_tie"])
    found["neighbours"] = population.ties.neighbours[start : start + offsets[-1]].tobytes()
    found["attitude"] = population.records.attitude[5 * m : 5 * m + 5].tobytes()
    found["shift"] = population.records.policy_shift[m].tobytes()
    return found


@pytest.mark.parametrize("burn_in", [False, True])
def test_a_town_alone_and_among_others_holds_the_same_people(burn_in):
    together = several_towns(policy_review=False)
    whole = Simulation(together, burn_in=burn_in).population
    for town in together.towns:
        alone = Simulation(together.with_(towns=(town,)), burn_in=burn_in).population
        assert rows_of(alone, town.code) == rows_of(whole, town.code)


def test_people_do_not_depend_on_the_number_of_threads():
    scenario = several_towns()
    assert differences(born(scenario), born(scenario, threads=3)) == []


def test_people_depend_on_the_seed_and_the_code():
    first = born(small()).population.citizens
    town = replace(small().towns[0], code=2)
    for other in (small(seed=2), small(seed=1 + (1 << 32)), small(towns=(town,))):
        people = born(other).population.citizens
        assert np.mean(people.set_point == first.set_point) < 0.02


@settings(max_examples=25)
@given(any_values, st.integers(50, 400), st.integers(0, 2**53 - 1))
def test_the_first_population_is_sound_for_all_parameters(values, adults, seed):
    simulation = born(small(adults=adults, seed=seed, parameters=values))
    check_state(simulation)
    people = simulation.population.citizens
    rows = TownRows(simulation.population, 0)
    assert np.all(np.diff(simulation.population.ties.offsets) >= 0)
    assert rows.town["mean_loneliness"] == pytest.approx(people.loneliness.mean(), rel=1e-5)
    assert rows.town["mean_skill"] == pytest.approx(rows.staff["skill"].mean(), rel=1e-12)
