"""Draws are keyed: what changes in one place moves no draw in another (model.md, section 10.2)."""

import numpy as np
import pytest

import compiled_steps
import tables
from invariants import TownRows
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE, PARTICIPATING, VOLUNTEERING
from worlds import BASELINE, default_record, settled, small

BUSY = PARTICIPATING | VOLUNTEERING
APART = {"contagion_strength": 0.0}  # no one's loneliness depends on another's


def followed(simulation, months):
    """Loneliness by month, and whether each citizen has taken part in anything so far."""
    people = simulation.population.citizens
    ever = (people.flags & BUSY) != 0
    levels = []
    for _ in range(months):
        simulation.run(1)
        ever |= (people.flags & BUSY) != 0
        levels.append(people.loneliness.copy())
    return np.array(levels), ever


def end_initiative(simulation, k):
    """Take an initiative out of the town with its volunteers and participants."""
    rows = TownRows(simulation.population, 0)
    people, towns = simulation.population.citizens, simulation.population.towns
    for row in np.flatnonzero(rows.participations["citizen"] != FREE):
        if rows.participations["initiative"][row] == k:
            compiled_steps.dismiss(
                towns, rows.participations, rows.volunteers, rows.initiatives, people, row
            )
    for row in np.flatnonzero(rows.volunteers["citizen"] != FREE):
        if rows.volunteers["initiative"][row] == k:
            compiled_steps.discharge(towns, rows.volunteers, rows.initiatives, people, row)
    rows.initiatives["running"][k] = 0
    towns["initiatives"][0] -= 1


@pytest.fixture(scope="module")
def apart():
    """A town in which loneliness is not contagious, after its burn-in."""
    return Simulation(BASELINE.with_(adults=3000, parameters=APART))


def test_a_removed_initiative_moves_no_other_citizens_luck(apart):
    whole, without = apart.fork(), apart.fork()
    initiatives = without.population.initiatives
    k = int(np.argmax(initiatives["volunteers"] * initiatives["running"]))
    assert initiatives["volunteers"][k] > 0
    end_initiative(without, k)
    assert without.population.towns["volunteers"] < whole.population.towns["volunteers"]
    (levels, ever), (others, also) = followed(whole, 12), followed(without, 12)
    untouched = ~(ever | also)
    assert np.sum(untouched) > 2000
    assert np.array_equal(levels[:, untouched], others[:, untouched])
    assert not np.array_equal(levels, others)


@pytest.mark.parametrize("regime", ["rigid_rules", "facilitative_dialogue", "hands_off"])
def test_a_regime_moves_no_luck_of_those_whom_it_does_not_reach(apart, regime):
    (levels, ever), (others, also) = followed(apart.fork(), 24), followed(apart.fork(regime), 24)
    untouched = ~(ever | also)
    assert np.sum(untouched) > 2000
    assert np.array_equal(levels[:, untouched], others[:, untouched])
    assert not np.array_equal(levels, others)


def test_a_process_without_effect_moves_no_draw_of_another():
    """Without comfort, loss and benefit, loneliness is the same whatever volunteers do."""
    nothing = {"contact_effect": 0.0, "ties_rate": 0.0, "own_benefit": 0.0}
    nothing |= {"companion_loss_effect": 0.0}
    busy = {"recruitment_probability": 0.006, "asking_effect": 15.0, "referral_rate": 0.3}
    start = small(adults=1500, months=12, parameters=nothing)
    quiet, lively = Simulation(start), Simulation(start.with_(parameters=busy))
    for simulation in (quiet, lively):
        simulation.run(12)
    assert quiet.tallies["joins"].sum() < lively.tallies["joins"].sum()
    one, other = quiet.population.citizens, lively.population.citizens
    assert np.array_equal(one.loneliness, other.loneliness)


def test_the_same_person_brings_the_same_traits_under_any_regime():
    start = settled(3000)
    seen = {}
    for regime in ("rigid_rules", "experimenting"):
        fork = start.fork(regime)
        fork.run(24)
        rows = fork.population.volunteers[fork.population.volunteers["citizen"] != FREE]
        for row in rows:
            traits = tuple(row[f"weight_{n}"] for n in ("autonomy", "competence", "relatedness"))
            seen.setdefault(int(row["citizen"]), set()).add((*traits, row["tolerance"]))
    assert len(seen) > 100
    assert all(len(traits) == 1 for traits in seen.values())


def test_no_volunteers_no_contact_effect():
    """Where nobody volunteers, nobody is comforted, and nobody is missed."""
    alone = APART | {"recruitment_probability": 0.0003, "asking_effect": 0.0}
    scenario = small(adults=1500, parameters=alone)
    runs = {}
    for effect in (0.0, 0.04):
        simulation = Simulation(
            scenario.with_(parameters={"contact_effect": effect}), burn_in=False
        )
        rows = TownRows(simulation.population, 0)
        rows.initiatives["running"] = 0
        for k in range(len(rows.initiatives)):
            rows.initiatives["running"][k] = 1
            end_initiative(simulation, k)
        simulation.population.towns["initiatives"] = 0
        simulation.population.towns["adults"] = 1500
        simulation.run(1)
        runs[effect] = simulation
    for simulation in runs.values():
        assert simulation.tallies["matches"][0, 1] == 0.0
        assert simulation.tallies["contact_hours"][0, 1] == 0.0
    levels = [simulation.population.citizens.loneliness for simulation in runs.values()]
    assert np.array_equal(*levels)


def test_an_initiative_without_volunteers_comforts_nobody():
    parts = tables.participations(1, citizen=0, initiative=0, bond=1.0)
    people = tables.citizens(1)
    slots = tables.initiatives(1, format=1, participants=1, leeway=1.0, contact_hours=0.0)
    compiled_steps.contact(slots, parts, people, default_record())
    assert people.push[0] == 0.0
    assert people.ties_gained[0] == 0.0


@pytest.mark.parametrize("effect", [0.0, 0.1, 0.3])
def test_the_loss_of_a_companion_raises_loneliness_by_the_bond(effect):
    """The same month with and without the companion, for everyone who had one."""
    start = Simulation(
        BASELINE.with_(
            adults=3000, parameters=APART | {"companion_loss_effect": effect, "dropout_rate": 0.0}
        )
    )
    rows = TownRows(start.population, 0)
    parts = rows.participations.copy()
    pairs = np.flatnonzero((parts["citizen"] != FREE) & (parts["companion"] != FREE))
    # A month more with the companion brings comfort at the most of this size.
    comfort = 0.05
    together, parted = start.fork(), start.fork()
    mine = TownRows(parted.population, 0)
    for companion in set(parts["companion"][pairs]):
        compiled_steps.discharge(
            parted.population.towns,
            mine.volunteers,
            mine.initiatives,
            parted.population.citizens,
            companion,
        )
    for simulation in (together, parted):
        simulation.run(1)
    assert parted.tallies["pairs_broken"][0, parted.scenario.burn_in_months + 1] >= len(pairs) > 5
    # Left out: who has moved away, and whose companion has left in both.
    team = together.population.volunteers["citizen"]
    same = team[parts["companion"][pairs]] == rows.volunteers["citizen"][parts["companion"][pairs]]
    pairs = pairs[same & ~together.entered_since(0)[parts["citizen"][pairs]]]
    people = parts["citizen"][pairs]
    levels = [s.population.citizens.loneliness[people].astype(float) for s in (together, parted)]
    loss = effect * parts["bond"][pairs]
    difference = levels[1] - levels[0]
    inside = (levels[1] < 1.0) & (levels[0] > 0.0)
    assert np.all(difference[inside] >= loss[inside] - 1e-6)
    assert np.all(difference[inside] <= loss[inside] + comfort)
