"""Municipalities differ: in loneliness levels, tradition of volunteering, collaboration hours."""

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.scenarios import Scenario, Town, load_scenario
from velfaerd_sim.inputs.towns import LEVELS
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.layout import allocate
from worlds import differences, several_towns

COLUMNS = tuple(LEVELS)
ALIKE = {"town_loneliness_spread": 0, "town_volunteering_spread": 0, "town_hours_spread": 0}


def many(count=400, **changes):
    """Many small towns of one size, so that their factors can be counted."""
    towns = tuple(
        Town(code=n, name=f"Town {n}", kind="rural", adults=50) for n in range(1, count + 1)
    )
    return Scenario(name="many", towns=towns, **({"local_variation": True} | changes))


def levels(scenario):
    return {name: allocate(scenario).towns[name] for name in COLUMNS}


@pytest.mark.parametrize("name", COLUMNS)
def test_the_factors_have_the_spread_of_the_parameter_and_a_mean_of_one(name):
    own = {"loneliness_level": "loneliness", "volunteering_tradition": "volunteering"}
    parameter = f"town_{own.get(name, 'hours')}_spread"
    found = levels(many(parameters=ALIKE | {parameter: 0.1}))
    assert np.std(np.log(found[name])) == pytest.approx(0.1, rel=0.12)
    assert np.mean(found[name]) == pytest.approx(1.0, abs=4 * 0.1 / 20)
    for other in set(COLUMNS) - {name}:
        assert np.all(found[other] == 1.0)


def test_factors_belong_to_the_municipality_and_the_seed():
    few, more, other = levels(many(3)), levels(many(9)), levels(many(3, seed=2))
    for name in COLUMNS:
        assert np.array_equal(more[name][:3], few[name])
        assert not np.any(other[name] == few[name])
    assert abs(np.corrcoef(list(levels(many()).values()))[np.triu_indices(3, 1)]).max() < 0.2


def test_size_acts_by_its_elasticity():
    values = ALIKE | {"hours_size_elasticity": 0.2, "volunteering_size_elasticity": -0.1}
    found = levels(several_towns((100, 300), parameters=values))
    assert found["hours_level"] == pytest.approx([0.5**0.2, 1.5**0.2])
    assert found["volunteering_tradition"] == pytest.approx([0.5**-0.1, 1.5**-0.1])
    assert np.all(found["loneliness_level"] == 1.0)


def test_without_local_variation_and_without_spread_municipalities_are_alike():
    for scenario in (many(5, local_variation=False), many(5, parameters=ALIKE)):
        assert all(np.all(own == 1.0) for own in levels(scenario).values())


def test_national_volunteering_differs_as_much_as_is_published():
    """Of any volunteering the highest share of 98 municipalities is 2.0 times the lowest."""
    ratios = []
    for seed in range(8):
        found = levels(load_scenario("denmark").with_(adults=9800, seed=seed))
        own = found["volunteering_tradition"]
        ratios.append(own.max() / own.min())
    assert np.mean(ratios) == pytest.approx(2.0, abs=0.2)


def one_town(**set_levels):
    town = Town(code=7, name="Town", kind="commuter", adults=8000, **set_levels)
    return Simulation(Scenario(name="one", towns=(town,), months=12))


def test_each_factor_moves_what_it_is_about():
    usual = one_town()
    usual.run(12)

    def moved(name, **set_levels):
        other = one_town(**set_levels)
        other.run(12)
        rows = slice(-12, None)
        return other.tallies[name][0, rows].mean() / usual.tallies[name][0, rows].mean()

    assert moved("lonely", loneliness_level=1.1) > 1.15
    assert moved("volunteers", volunteering_tradition=1.4) > 1.15
    assert moved("hours_dialogue", hours_level=0.3) < 0.7


def test_a_level_of_loneliness_holds_for_the_first_and_for_new_people():
    low, high = (one_town(loneliness_level=factor) for factor in (0.8, 1.2))
    for twin in (low, high):
        twin.run(60)
    one, two = (twin.population.citizens for twin in (low, high))
    new = one.entered_month > 0
    for who in (new, ~new):
        ratio = np.mean(two.set_point[who]) / np.mean(one.set_point[who])
        assert ratio == pytest.approx(1.5, rel=0.02)
    assert np.array_equal(one.entered_month, two.entered_month)


def test_a_scenario_sets_municipalities_by_name_and_by_code(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'name = "own"\ntowns = ["Kolding", 461, "Aarhus"]\nlocal_variation = true\n'
        "[municipality.Kolding]\nhours_level = 0.8\n"
        "[municipality.461]\nloneliness_level = 1.1\nvolunteering_tradition = 1.3\n",
        "utf-8",
    )
    scenario = load_scenario(path)
    drawn, found = levels(scenario), allocate(scenario).towns
    by_code = {int(code): row for code, row in zip(found["code"], found, strict=True)}
    assert by_code[621]["hours_level"] == 0.8
    assert by_code[461]["loneliness_level"] == 1.1
    assert by_code[461]["volunteering_tradition"] == 1.3
    assert by_code[621]["loneliness_level"] not in (1.0, 1.1)
    assert len(np.unique(drawn["hours_level"])) == 3
    again = Scenario.from_dict(scenario.to_dict())
    assert again == scenario
    assert again.digest() == scenario.digest()
    assert scenario.digest() != load_scenario("denmark").digest()


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ("[municipality.Koldin]\nhours_level = 1\n", "Koldin"),
        ("[municipality.Kolding]\nhours = 1\n", "hours"),
        ("[municipality.Kolding]\nhours_level = -1\n", "hours_level"),
        ('[municipality]\nKolding = "few"\n', "Kolding"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path, table, place):
    path = tmp_path / "own.toml"
    path.write_text(f'name = "own"\ntowns = ["Kolding"]\n{table}', "utf-8")
    with pytest.raises(InputError, match=place):
        load_scenario(path)


def test_towns_that_differ_give_the_same_in_a_fork():
    straight = Simulation(several_towns())
    fork = straight.fork()
    straight.run(24)
    for months in (5, 19):
        fork.run(months)
    assert not differences(straight, fork)
