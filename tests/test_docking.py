"""Docking: the compiled engine and the readable reference live through the same months.

What agrees how exactly, every month: every count (all event tallies, persons, lonely, scores, the
ledger of tenures) is equal, and loneliness, its set point, ties gained and what waits for the next
month are equal bit for bit for every citizen; who volunteers and who takes part where, with which
companion, is the same. Sums of real numbers over volunteers, initiatives and staff agree within
1e-9 of their size: the engine adds them by row, the reference by the order of joining (measured in
120 drawn worlds: 3e-15). Which order a team stands in does matter, since the newest member comes
first when a companion is sought, and is the same in both.
"""

from collections import Counter
from itertools import pairwise

import mesa
import numpy as np
import pytest

from reference.citizens import Citizen, Volunteer
from reference.collaboration import Department, Initiative, StaffMember
from reference.model import ReferenceModel, timed_run
from reference.observation import OF_INITIATIVES, OF_STAFF, OF_TOWN, OF_VOLUNTEERS
from reference.town import Municipality
from velfaerd_sim.inputs.regimes import REGIMES, Phase, Timeline
from velfaerd_sim.inputs.scenarios import Town, load_scenario
from velfaerd_sim.inputs.shocks import (
    Ageing,
    Austerity,
    ConsultantLoss,
    Demand,
    Lockdown,
    Spontaneous,
)
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE, KNOWN, RECOVERED, WAITING
from velfaerd_sim.population.tallies import EVENTS, TALLY_TYPE
from worlds import drawn_values

BOUND = 1e-9
SUMS = {*OF_TOWN, *OF_VOLUNTEERS, *OF_INITIATIVES, *OF_STAFF} - {"felt_bureaucracy"}
SUMS |= {"motivation_squares", "influence_gap", "expectation_gap", "dialogue_enacted"}
SUMS |= {"company", "hours_short"}
COUNTS = sorted(set(TALLY_TYPE.names) - SUMS)

# A town so small sees little in two years; here much happens in it.
LIVELY = {
    "adults_per_staff": 300,
    "initiative_slots_per_1000": 20,
    "opening_dialogue": 2,
    "opening_local_actors": 2,
    "opening_recruited_individuals": 1.5,
    "closing_log_odds": -3.2,
    "recruitment_probability": 0.006,
    "recovered_ending_rate": 0.2,
    "incident_log_odds": -4.5,
    "staff_leaving_log_odds": -3.5,
}
TROUBLED = (
    Lockdown(month=5, months=4, release_months=3, contact_factor=0.35, loneliness_push=0.003),
    Spontaneous(month=5, months=3, recruitment_factor=3.0),
    ConsultantLoss(month=3),
    Ageing(month=6, yearly_probability=0.1),
    Austerity(month=13, yearly_cut=0.3),
    Demand(month=10, demand_factor=1.5, ramp_months=6),
)


def town_scenario(regime="municipal_baton", adults=600, parameters=LIVELY, **changes):
    changes = {"months": 24, "burn_in_months": 0, "shocks": TROUBLED} | changes
    return load_scenario("baseline").with_(
        regime=regime, adults=adults, parameters=parameters, **changes
    )


def mixed_timeline():
    first, then = REGIMES["clear_agreements"], REGIMES["experimenting"]
    phases = (Phase(0, first), Phase(6, then, ramp_months=6))
    return Timeline("mixed", phases, (("social", (Phase(0, REGIMES["rigid_rules"]),)),))


def several_towns(**changes):
    towns = tuple(
        Town(code=code, name=f"Town {code}", kind="rural", adults=adults)
        for code, adults in ((101, 300), (263, 350))
    )
    return town_scenario(
        "experimenting", 650, towns=towns, policy_review=True, local_variation=True, **changes
    )


def own_rows(state, m, kind, table, size):
    first = state.towns[m][f"first_{kind}"]
    return table[first : first + state.towns[m][size]]


def people(state, m, column):
    return own_rows(state, m, "citizen", getattr(state.citizens, column), "adults")


def same_tallies(simulation, town, m, row):
    """Compare what was counted and summed in the month."""
    tally, other = simulation.tallies[m, row], town.tally
    counts = {name: float(tally[name]) for name in COUNTS}
    assert counts == {name: float(other[name]) for name in COUNTS}
    for name in SUMS:
        assert other[name] == pytest.approx(tally[name], rel=BOUND, abs=BOUND), name
    assert simulation.at_risk[m, row].tolist() == town.at_risk
    assert simulation.ended[m, row].tolist() == town.ended


def same_citizens(state, town, m):
    """Compare every citizen: numbers to the bit, and the roles."""
    citizens = town.citizens
    for name in ("loneliness", "set_point", "ties_gained", "push"):
        here = np.array([getattr(citizen, name) for citizen in citizens])
        np.testing.assert_array_equal(people(state, m, name).astype(np.float64), here, name)
    for name in ("age_band", "score_sum", "entered_month"):
        assert people(state, m, name).tolist() == [getattr(one, name) for one in citizens]
    flags = people(state, m, "flags")
    assert ((flags & KNOWN) > 0).tolist() == [one.known for one in citizens]
    assert ((flags & RECOVERED) > 0).tolist() == [one.recovered for one in citizens]
    assert ((flags & WAITING) > 0).tolist() == [one.waiting for one in citizens]


def same_roles(state, town, m):
    """Compare who volunteers where, in the order of the team, and who is paired with whom."""
    volunteers = own_rows(state, m, "volunteer", state.volunteers, "volunteer_slots")
    initiatives = own_rows(state, m, "initiative", state.initiatives, "initiative_slots")
    parts = own_rows(state, m, "participation", state.participations, "participation_slots")
    for row, initiative in zip(initiatives, town.places, strict=True):
        assert bool(row["running"]) == (initiative is not None)
        if initiative is None:
            continue
        team, member = [], row["first_volunteer"]
        while member != FREE:
            team.append(int(volunteers[member]["citizen"]))
            member = volunteers[member]["next_in_team"]
        assert team == [one.citizen.number for one in initiative.team]
    pairs = {
        int(part["citizen"]): (
            int(part["initiative"]),
            None if part["companion"] == FREE else int(volunteers[part["companion"]]["citizen"]),
        )
        for part in parts[parts["citizen"] != FREE]
    }
    assert pairs == {
        part.citizen.number: (
            part.initiative.place,
            part.companion and part.companion.citizen.number,
        )
        for part in town.participations
    }


def dock(simulation, months, begin=None):
    """Move both by so many months; compare after each, and return the events counted."""
    model = ReferenceModel(begin or simulation)
    events = Counter()
    for _ in range(months):
        simulation.run(1)
        model.step()
        for m, town in enumerate(model.towns):
            row = simulation.month + simulation.scenario.burn_in_months
            assert row == model.month
            same_tallies(simulation, town, m, row)
            same_citizens(simulation.population, town, m)
            same_roles(simulation.population, town, m)
            shift = simulation.population.records.policy_shift[m]
            assert town.shift == pytest.approx(shift.tolist(), rel=BOUND, abs=BOUND)
            events.update({name: town.tally[name] for name in EVENTS})
    return events


def test_regimes_in_troubled_times_dock() -> None:
    seen = Counter()
    for regime in ("rigid_rules", "facilitative_dialogue", "hands_off"):
        seen += dock(Simulation(town_scenario(regime), burn_in=False), 24)
    missed = [name for name in EVENTS if not seen[name]]
    assert not missed, f"never happened, so nothing was shown: {missed}"


def test_towns_that_review_their_policy_dock() -> None:
    simulation = Simulation(several_towns(months=38), burn_in=False)
    before = simulation.population.records.policy_shift.copy()
    dock(simulation, 38)
    assert (simulation.population.records.policy_shift != before).any(axis=1).all()


def test_a_fork_after_the_burn_in_docks_under_a_mixed_timeline() -> None:
    scenario = town_scenario(adults=500, parameters={}, burn_in_months=12)
    dock(Simulation(scenario).fork(mixed_timeline()), 24)


@pytest.mark.parametrize("seed", range(4))
def test_any_parameters_dock(seed: int) -> None:
    regime = list(REGIMES)[seed * 3 % len(REGIMES)]
    values = drawn_values(seed) | {"adults_per_staff": 300}
    dock(Simulation(town_scenario(regime, 300, values, seed=seed), burn_in=False), 13)


def test_starts_by_route_dock() -> None:
    simulation = Simulation(town_scenario("reverse_dialogue"), burn_in=False)
    model = ReferenceModel(simulation)
    simulation.run(24)
    for _ in range(24):
        model.step()
    starts = simulation.population.records.route_starts
    assert starts.sum() > 0
    for department, own in zip(model.towns[0].departments, starts, strict=True):
        found = {(month, route): own[month, route] for month, route in np.argwhere(own)}
        assert found == dict(department.starts)


def test_docking_sees_a_small_difference() -> None:
    scenario = town_scenario("clear_agreements", shocks=())
    other = Simulation(scenario.with_(parameters={"bond_rate": 0.1001}), burn_in=False)
    with pytest.raises(AssertionError):
        dock(Simulation(scenario, burn_in=False), 24, begin=other)


def test_the_reference_is_plain_mesa() -> None:
    model = ReferenceModel(Simulation(town_scenario(adults=300), burn_in=False))
    assert isinstance(model, mesa.Model)
    for _ in range(3):
        model.step()
    (town,) = model.agents_by_type[Municipality]
    for kind, ours in (
        (Citizen, town.citizens),
        (Volunteer, town.volunteers),
        (Initiative, town.initiatives),
        (Department, town.departments),
        (StaffMember, town.staff),
    ):
        assert set(model.agents_by_type[kind]) == set(ours)
    levels = model.agents_by_type[Citizen].get("loneliness")
    assert np.mean(levels) == pytest.approx(town.mean_loneliness, abs=1e-8)


def test_counts_of_the_reference_balance() -> None:
    model = ReferenceModel(Simulation(town_scenario("hands_off"), burn_in=False))
    tallies = []
    for _ in range(12):
        model.step()
        tallies.append(model.towns[0].tally)
    for before, now in pairwise(tallies):
        ended = now["pairs_broken"] + now["recovered"] + now["dropped_out"]
        ended += now["participants_departed"]
        gone = now["leaves"] + now["volunteers_departed"]
        assert now["volunteers"] == before["volunteers"] + now["joins"] - gone
        assert now["participants"] == before["participants"] + now["matches"] - ended
        assert now["initiatives"] == before["initiatives"] + now["opened"] - now["closed"]


def test_timed_run_gives_nanoseconds() -> None:
    assert 100 < timed_run(adults=200, months=2) < 10**7
