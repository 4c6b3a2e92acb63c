"""Traits of persons, and the tables of routes, age bands and formats."""

import math

import numpy as np
import pytest
from scipy import stats

from compiled_steps import weights_of
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.parameters import BY_NAME, defaults
from velfaerd_sim.population.schema import GROUP, ONE_TO_ONE, ROUTES
from velfaerd_sim.population.traits import (
    hours_needed,
    influence_phase,
    newcomer_expectation,
    own_say,
    route_influence,
    set_point_mean,
    volunteer_places,
)
from velfaerd_sim.randomness import key_of
from worlds import default_record, parameters

PEOPLE = 20_000
ERROR_RATE = 1e-4
BOUND = stats.norm.isf(ERROR_RATE / 2)
NUMBERED = parameters(**{name: float(n) for n, name in enumerate(defaults())})


def traits(seed=1, code=1, first=0, count=PEOPLE, entered=0, **values):
    out = np.empty((count, 4))
    weights_of(key_of(seed, code), first, entered, default_record(**values), out)
    return out


def number_of(name):
    return float(list(BY_NAME).index(name))


@pytest.mark.parametrize("band", range(8))
def test_each_age_band_has_its_own_set_point(band):
    name = "set_point_" + AGE_BANDS[band].replace("-", "_").replace("+", "_plus")
    assert set_point_mean.py_func(band, NUMBERED) == number_of(name)


@pytest.mark.parametrize(
    ("route", "name"),
    enumerate(
        (
            "invited_organisations",
            "recruited_individuals",
            "dialogue",
            "users",
            "local_actors",
            "national_actors",
        )
    ),
)
def test_each_route_brings_its_own_say(route, name):
    assert route_influence.py_func(route, NUMBERED) == number_of(f"influence_{name}")
    words = name.split("_") + (["invite"] if "actors" in name else [])
    assert any(word.rstrip("s")[:6] in ROUTES[route] for word in words)


def test_rules_take_from_the_say_that_came_with_the_origin():
    p = parameters(influence_lost_to_rules=0.4)
    assert own_say.py_func(0.5, 0.75, p) == pytest.approx(0.2)
    assert own_say.py_func(0.3, 1.0, p) == 0.0
    assert own_say.py_func(0.5, 1.0, parameters(influence_lost_to_rules=0.0)) == 0.5


def test_newcomers_expect_what_they_are_told_and_what_the_others_live():
    rule = newcomer_expectation.py_func
    assert rule(0.8, 0.4, parameters(expectation_from_others=0.25)) == pytest.approx(0.7)
    assert rule(0.8, 0.4, parameters(expectation_from_others=0.0)) == 0.8
    assert rule(0.8, 0.4, parameters(expectation_from_others=1.0)) == 0.4


def test_roles_are_defined_in_the_first_month():
    p = parameters(influence_at_definition=0.9, influence_at_delivery=0.2)
    assert [influence_phase.py_func(age, p) for age in (0, 1, 60)] == [0.9, 0.2, 0.2]


def test_a_format_takes_its_hours():
    assert hours_needed.py_func(ONE_TO_ONE, NUMBERED) == number_of("hours_per_companion")
    assert hours_needed.py_func(GROUP, NUMBERED) == number_of("hours_per_group_member")


def test_places_need_backing():
    p = parameters(volunteers_per_initiative=10, places_from_backing=0.5)
    places = [volunteer_places.py_func(b, p) for b in (0.0, 0.3, 0.5, 1.0)]
    assert places == pytest.approx([5.0, 8.0, 10.0, 10.0])
    p = parameters(volunteers_per_initiative=10, places_from_backing=0.0)
    assert volunteer_places.py_func(0.0, p) == 10.0


def test_weights_are_shares_of_one():
    weights = traits()[:, :3]
    assert np.all(weights > 0.0)
    assert np.allclose(weights.sum(axis=1), 1.0, atol=1e-12)


@pytest.mark.parametrize("need", range(3))
def test_weights_have_the_moments_of_dirichlet_2_2_2(need):
    # Of six parts two belong to each need: mean 2/6, variance 2 (6 - 2) / (6^2 (6 + 1)); the
    # margin is a beta with parameters 2 and 4.
    weights = traits()[:, need]
    variance = 2 * 4 / (36 * 7)
    assert abs(weights.mean() - 1 / 3) < BOUND * math.sqrt(variance / PEOPLE)
    assert stats.kstest(weights, stats.beta(2, 4).cdf).pvalue > ERROR_RATE


def test_a_need_may_weigh_more_or_nothing():
    weights = traits(autonomy_weight=0.0, competence_weight=2.0)
    assert np.all(weights[:, 0] == 0.0)
    assert weights[:, 1].mean() > 1.3 * weights[:, 2].mean()
    assert np.allclose(weights[:, :3].sum(axis=1), 1.0, atol=1e-12)


def test_two_weights_of_a_person_move_against_each_other():
    # The correlation between two shares of a symmetric Dirichlet of three is -1/2.
    weights = traits()
    for one, other in ((0, 1), (0, 2), (1, 2)):
        r = np.corrcoef(weights[:, one], weights[:, other])[0, 1]
        assert abs(r + 0.5) < BOUND / math.sqrt(PEOPLE)


def test_tolerance_is_a_uniform_rank_apart_from_the_weights():
    drawn = traits()
    assert stats.kstest(drawn[:, 3], stats.uniform.cdf).pvalue > ERROR_RATE
    for need in range(3):
        r = np.corrcoef(drawn[:, 3], drawn[:, need])[0, 1]
        assert abs(r) < BOUND / math.sqrt(PEOPLE)


def test_who_enters_later_is_another_person():
    first, later = traits(count=500), traits(count=500, entered=61)
    assert np.all(first != later)


def test_traits_belong_to_the_person():
    assert np.array_equal(traits(first=0, count=50)[10:], traits(first=10, count=40))
    assert not np.any(traits(seed=2, count=50) == traits(seed=1, count=50))
    assert not np.any(traits(code=2, count=50) == traits(code=1, count=50))
