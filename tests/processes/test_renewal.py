"""Renewal: people grow older, leave and enter; the age mix, pairs and counts stay as they must."""

import numpy as np
import pytest

from invariants import check_balance, check_state
from velfaerd_sim.compiled import in_python
from velfaerd_sim.inputs.parameters import defaults
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.shocks import Ageing
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.levels import (
    AGE,
    ENTER,
    LEAVE,
    LEAVE_OR_MOVE,
    STEPS,
    age_mixes,
    flow_table,
    flows_of,
    level_at,
    quantiles_of,
    rank_of,
)
from velfaerd_sim.population.schema import KNOWN, LEFT_ROLE, PARTICIPATING, RECOVERED, VOLUNTEERING
from velfaerd_sim.population.synthesis import level_means
from velfaerd_sim.processes.renewal import AGES, LEAVES, MOVES, STAYS, TOGETHER, fate
from worlds import BASELINE, differences, several_towns, small

KINDS = 5
CLOSED = {"renewal": 0.0}
BANDS = [f"adults_band_{band}" for band in range(8)]


def mixes():
    values = defaults()
    return np.diff(age_mixes(values["age_tilt_rural"], values["age_tilt_urban"]), prepend=0.0)


def a_month_later(mix, flows):
    """The expected mix after a month of these flows."""
    grows, leaves = mix * flows[AGE], mix * flows[LEAVE]
    moves = mix * (flows[LEAVE_OR_MOVE] - flows[LEAVE])
    enters = leaves.sum() * np.diff(flows[ENTER], prepend=0.0)
    after = mix - grows - leaves - moves + enters + moves
    after[1:] += grows[:-1]
    return after


@pytest.mark.parametrize("kind", range(KINDS))
@pytest.mark.parametrize("strength", [1.0, 0.4])
def test_the_flows_leave_the_mix_of_every_type_as_it_is(kind, strength):
    mix = mixes()[kind]
    flows = flow_table(defaults() | {"renewal": strength}, np.zeros(2))[1, kind]
    assert a_month_later(mix, flows) == pytest.approx(mix, abs=1e-15)
    assert flows[AGE, 0] == pytest.approx(strength / (12 * 9))
    assert flows[AGE, 7] == 0.0
    assert np.all(flows[LEAVE] >= 0.0)
    assert flows[ENTER, 7] == pytest.approx(1.0)


def test_where_more_grow_in_than_out_the_surplus_leaves_and_elsewhere_people_enter():
    mix = np.array([0.09, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.11])
    flows = flows_of(mix, 0.06)
    # From 16-24 come 0.09 / 108 a month, 0.3 / 120 go on: 1/600 have to move in at 25-34.
    entering = np.diff(flows[ENTER], prepend=0.0) * np.sum(mix * flows[LEAVE])
    assert entering[1] == pytest.approx(0.3 / 120 - 0.09 / 108)
    assert flows[LEAVE, 2] == pytest.approx((0.3 - 0.1) / 120 / 0.1)
    assert flows[LEAVE, 7] == pytest.approx(0.1 / 120 / 0.11)
    assert flows[LEAVE_OR_MOVE] - flows[LEAVE] == pytest.approx(0.005)


def test_the_mix_that_is_kept_is_the_one_a_shock_has_made():
    ageing = np.zeros(5)
    ageing[3] = 0.25
    table = flow_table(defaults(), ageing)
    before = mixes()[2]
    after = before.copy()
    after[:-1] -= 0.25 * before[:-1]
    after[1:] += 0.25 * before[:-1]
    assert a_month_later(before, table[2, 2]) == pytest.approx(before)
    assert a_month_later(after, table[3, 2]) == pytest.approx(after)
    assert a_month_later(after, table[4, 2]) == pytest.approx(after)


@pytest.mark.parametrize(
    ("own", "shared", "found"),
    [
        (0.5, 0.5, STAYS),
        (0.995, 0.5, LEAVES),
        (0.985, 0.5, MOVES),
        (0.5, 0.965, AGES),
        (0.5, 0.98, STAYS),
        (0.5, 0.955, STAYS),
        (0.985, 0.965, MOVES),
    ],
)
def test_the_upper_ends_of_two_draws_decide(own, shared, found):
    assert in_python(fate)(own, shared, 0.01, 0.02, 0.03, 0.01) == found


def test_a_rank_is_where_its_level_stands():
    levels = quantiles_of(level_means(defaults()), defaults()["set_point_concentration"])
    for band in range(8):
        for rank in (0.5, 7.25, 200.0, 511.5, float(STEPS)):
            level = in_python(level_at)(levels[band], rank)
            assert in_python(rank_of)(levels[band], level) == pytest.approx(rank)
        assert in_python(rank_of)(levels[band], -1.0) == 0.0
        assert in_python(rank_of)(levels[band], 2.0) == STEPS


@pytest.fixture(scope="module")
def long_run():
    """Thirty years of a town of 30 000, with who lived in each row a year before the end."""
    simulation = Simulation(BASELINE.with_(adults=30_000, burn_in_months=0))
    simulation.run(348)
    earlier = simulation.fork()
    simulation.run(12)
    return simulation, earlier


def test_the_age_mix_stays_over_thirty_years(long_run):
    simulation, _ = long_run
    shares = np.array([simulation.tallies[name][0] for name in BANDS]).T / 30_000
    mix = mixes()[int(simulation.population.towns["kind"][0])]
    # At most TOGETHER people share a draw, so the error is at most that of adults / TOGETHER.
    error = np.sqrt(mix * (1.0 - mix) / 30_000 * TOGETHER)
    assert np.all(np.abs(shares[1::12] - mix) < 4.5 * error)
    assert not np.array_equal(shares[1], shares[-1])


def test_who_has_entered_is_as_the_first_people_were(long_run):
    """Their loneliness levels have the quantiles of their age, and nearly all are new."""
    simulation, _ = long_run
    people = simulation.population.citizens
    assert 0.85 < np.mean(people.entered_month > 0) < 0.95
    levels = quantiles_of(level_means(defaults()), defaults()["set_point_concentration"])
    for band in range(8):
        found = people.set_point[people.age_band == band]
        for share in (0.25, 0.5, 0.9):
            error = np.sqrt(share * (1.0 - share) / len(found) * TOGETHER)
            below = np.mean(found < levels[band, int(share * STEPS)])
            assert abs(below - share) < 4.5 * error


def test_adults_leave_and_enter_at_the_rates_of_the_mix(long_run):
    simulation, _ = long_run
    flows = flow_table(defaults(), np.zeros(1))[0, simulation.population.towns["kind"][0]]
    mix = mixes()[int(simulation.population.towns["kind"][0])]
    a_month = np.sum(mix * flows[LEAVE_OR_MOVE])
    arrivals = simulation.tallies["arrivals"][0, 1:]
    assert np.mean(arrivals) / 30_000 == pytest.approx(a_month, rel=0.03)


def test_a_person_keeps_what_is_the_persons_and_a_new_one_starts_anew(long_run):
    simulation, earlier = long_run
    now, then = simulation.population.citizens, earlier.population.citizens
    new = simulation.entered_since(earlier.month)
    assert np.array_equal(new, now.entered_month != then.entered_month)
    assert np.all(now.age_band[~new] >= then.age_band[~new])
    same_age = ~new & (now.age_band == then.age_band)
    assert np.array_equal(now.set_point[same_age], then.set_point[same_age])
    assert np.all((now.flags[~new] & RECOVERED) >= (then.flags[~new] & RECOVERED))
    months = simulation.month + 1 - now.entered_month[new].astype(int)
    assert np.all(now.score_sum[new] >= 3 * months)
    assert np.all(now.score_sum[new] <= 9 * months)
    scores, lived = simulation.scores_since(earlier.month, earlier.score_sums())
    assert np.array_equal(lived, np.where(new, simulation.month + 1 - now.entered_month, 12))
    assert np.all((scores >= 3 * lived) & (scores <= 9 * lived))


def test_a_new_person_has_no_role_and_nothing_waiting():
    simulation = Simulation(BASELINE.with_(adults=30_000, parameters={"moving_rate": 0.09}))
    simulation.run(1)
    people, row = simulation.population.citizens, simulation.scenario.burn_in_months + 1
    new = people.entered_month == row
    assert new.sum() > 150
    assert np.all(people.flags[new] & ~np.uint8(KNOWN) == 0)
    assert np.all(people.ties_gained[new] == 0.0)
    assert np.all(people.push[new] == 0.0)
    assert np.all(people.score_sum[new] <= 9)
    lonely = people.lonely_history[new] & 1
    assert np.array_equal(people.lonely_history[new], np.where(lonely, 0xFFFF, 0))
    assert (
        0.0 < np.mean((people.flags[new] & KNOWN) > 0) < np.mean((people.flags & KNOWN) > 0) + 0.1
    )
    tallies = simulation.tallies[0]
    for name in ("volunteers_departed", "participants_departed"):
        assert tallies[name][1:].sum() > 0


@pytest.mark.parametrize("other", ["facilitative_dialogue", "hands_off"])
def test_the_same_persons_live_under_all_regimes(other):
    start = Simulation(small(adults=3000))
    twins = [start.fork(regime) for regime in ("municipal_baton", other)]
    for twin in twins:
        twin.run(60)
    one, two = (twin.population.citizens for twin in twins)
    for name in ("entered_month", "age_band", "set_point"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
    assert not np.array_equal(one.loneliness, two.loneliness)


def test_a_regime_against_itself_is_zero_for_every_person_ever_born():
    start = Simulation(small(adults=3000))
    twins = [start.fork("facilitative_dialogue") for _ in range(2)]
    born = np.zeros(3000, int)
    for _ in range(48):
        for twin in twins:
            twin.run(1)
        born += twins[0].population.citizens.entered_month == twins[0].month + 12
        assert not differences(*twins)
    assert born.sum() > 500
    assert born.max() > 1


def test_a_fork_goes_on_as_the_straight_run_does():
    straight = Simulation(several_towns(months=36))
    fork = straight.fork()
    straight.run(36)
    for months in (5, 7, 24):
        fork.run(months)
    assert not differences(straight, fork)


def test_counts_balance_where_many_come_and_go():
    values = {"moving_rate": 0.09, "recruitment_probability": 0.006, "referral_rate": 0.3}
    simulation = Simulation(small(adults=2000, parameters=values))
    for _ in range(24):
        simulation.run(1)
        check_state(simulation)
    check_balance(simulation)
    flags = simulation.population.citizens.flags
    assert not np.any(flags & LEFT_ROLE)
    assert np.any(flags & VOLUNTEERING)
    assert np.any(flags & PARTICIPATING)


def test_without_renewal_nobody_ages_enters_or_leaves():
    simulation = Simulation(small(adults=2000, parameters=CLOSED))
    bands = simulation.population.citizens.age_band.copy()
    simulation.run(24)
    people = simulation.population.citizens
    assert np.array_equal(people.age_band, bands)
    assert not people.entered_month.any()
    for name in ("arrivals", "volunteers_departed", "participants_departed"):
        assert not simulation.tallies[name].any()


def test_without_renewal_moving_has_no_effect():
    one, other = (
        Simulation(small(adults=800, parameters=CLOSED | {"moving_rate": rate}))
        for rate in (0.0, 0.09)
    )
    one.run(24)
    other.run(24)
    assert not differences(one, other)


def test_neighbours_are_of_an_age_for_decades(long_run):
    simulation, _ = long_run
    offsets, neighbours = simulation.population.ties
    band = simulation.population.citizens.age_band.astype(int)
    rows = np.repeat(np.arange(30_000), np.diff(offsets))
    by_chance = np.sum((np.bincount(band) / 30_000) ** 2)
    assert np.mean(band[rows] == band[neighbours]) > 1.4 * by_chance


def test_ageing_moves_the_mix_and_renewal_keeps_it_there():
    shocks = (Ageing(month=12, yearly_probability=0.3, years=1),)
    scenario = load_scenario("baseline").with_(adults=30_000, burn_in_months=0, shocks=shocks)
    simulation = Simulation(scenario)
    simulation.run(120)
    shares = np.array([simulation.tallies[name][0] for name in BANDS]).T / 30_000
    wanted = mixes()[int(simulation.population.towns["kind"][0])]
    up = 0.3 * wanted[:-1]
    wanted[:-1] -= up
    wanted[1:] += up
    error = np.sqrt(wanted * (1.0 - wanted) / 30_000 * TOGETHER)
    for month in (12, 60, 119):
        assert np.all(np.abs(shares[month] - wanted) < 4.5 * error)
