"""The month: its order stands in one place, and a citizen's month is the sum of its rules."""

import ast
import inspect

import numpy as np
import pytest

from compiled_steps import centred_numbers, uniforms
from invariants import check_balance, check_state
from velfaerd_sim.model import month
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import PARTICIPATING, VOLUNTEERING
from velfaerd_sim.randomness import LIFE_EVENT, MOOD, key_of
from worlds import BASELINE, small

MODULES = {"staff_process": "staff", "initiative_process": "initiatives"}


def calls(function):
    """(module, function) of the calls into processes, in the order of the source."""
    tree = ast.parse(inspect.getsource(function.py_func))
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)):
                found.append((node.lineno, MODULES.get(module, module), name))
    return [(module, name) for _, module, name in sorted(found)]


def without_repeats(names):
    return [name for n, name in enumerate(names) if n == 0 or names[n - 1] != name]


def test_the_printed_order_is_the_order_of_the_calls():
    outer, inner = calls(month.one_month), calls(month.citizens_month)
    place = outer.index(("loneliness", "own_benefit")) + 1
    processes = {name for name, _ in month.ORDER}
    names = [module for module, _ in (*outer[:place], *inner, *outer[place:])]
    order = without_repeats([name for name in names if name in processes])
    # The review is held between the months, by the simulation.
    assert order == [name for name, _ in month.ORDER if name != "policy_review"]
    for _, meaning in month.ORDER:
        assert meaning


@pytest.mark.parametrize("adults", [50, month.BLOCK - 1, month.BLOCK, month.BLOCK + 1, 2500])
def test_towns_of_any_size_live_through_their_months(adults):
    simulation = Simulation(BASELINE.with_(adults=adults, burn_in_months=6))
    simulation.run(6)
    check_state(simulation)
    check_balance(simulation)


def uninvolved(simulation):
    flags = simulation.population.citizens.flags
    return flags & (VOLUNTEERING | PARTICIPATING) == 0


def test_the_month_of_citizens_is_the_sum_of_its_rules():
    """Two and a half blocks of citizens; those who take no part in anything."""
    simulation = Simulation(BASELINE.with_(adults=2500, burn_in_months=12))
    values = BASELINE.parameter_values()
    people, ties = simulation.population.citizens, simulation.population.ties
    rows = np.repeat(np.arange(2500), np.diff(ties.offsets))
    degrees = np.maximum(1, np.diff(ties.offsets))
    for _ in range(3):
        before = people.loneliness.astype(float)
        gained, level = people.ties_gained.astype(float), people.set_point.astype(float)
        untouched = uninvolved(simulation) & (people.push == 0)
        lived = people.entered_month.copy()
        simulation.run(1)
        row = simulation.month + 12
        mood, event = np.empty(2500), np.empty(2500)
        centred_numbers(key_of(1, 1), MOOD, row, MOOD % 4, mood)
        uniforms(key_of(1, 1), LIFE_EVENT, row, 0, event)
        of_ties = np.bincount(rows, before[ties.neighbours], 2500) / degrees
        of_ties = np.where(np.diff(ties.offsets) > 0, of_ties, before)
        change = values["set_point_rate"] * (np.maximum(0, level - gained) - before)
        change += values["contagion_strength"] * (of_ties - before[ties.neighbours].mean())
        change += values["loneliness_noise"] * mood
        change += values["life_event_size"] * (event < values["life_event_probability"])
        expected = np.clip(before + change, 0, 1)
        untouched &= people.entered_month == lived
        assert np.sum(untouched) > 2000
        found = people.loneliness.astype(float)
        assert found[untouched] == pytest.approx(expected[untouched], abs=2e-7)


def test_the_first_row_tells_who_there_is_before_any_month():
    simulation = Simulation(small(), burn_in=False)
    people, town = simulation.population.citizens, simulation.population.towns[0]
    first = simulation.tallies[0, 0]
    for name in ("adults", "volunteers", "participants", "initiatives"):
        assert first[name] == town[name]
    assert first["loneliness"] == pytest.approx(people.loneliness.sum(), rel=1e-6)
    assert first["lonely"] == np.sum(people.lonely_history & 1)
