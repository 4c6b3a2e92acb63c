"""Places: what a file may say, with which uncertainty, and what contradicts itself."""

import math

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.evidence import AGE_BANDS, MUNICIPALITY_KINDS, municipalities
from velfaerd_sim.inputs.governing import LETTERS, governing_of, questionnaire
from velfaerd_sim.inputs.places import Place, load_place, tilt_of
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.population.levels import age_mixes

TILTS = ("age_tilt_rural", "age_tilt_urban")
TOWN = {"adults": 20_000}


def figure(**stated):
    (found,) = load_place({**TOWN, **stated}).figures
    return found


def test_all_98_municipalities_are_places_by_name_and_code():
    for each in municipalities():
        place = load_place(each.name)
        assert place == load_place(str(each.code))
        assert (place.town.code, place.town.kind) == (each.code, each.kind)
        assert place.says_nothing


def test_a_place_that_says_nothing():
    place = load_place({})
    assert place.town is None
    assert place.says_nothing
    assert place.governing.regime == REGIMES[STATUS_QUO]


def test_figures_by_hand():
    lonely = figure(lonely_share={"value": 0.1, "n": 900})
    # Wilson: the shares p with (0.1 - p)^2 = 1.96^2 p (1 - p) / 900
    for p in (lonely.low, lonely.high):
        assert (0.1 - p) ** 2 == pytest.approx(1.96**2 * p * (1.0 - p) / 900.0, rel=1e-3)
    assert lonely.sigma == pytest.approx(math.sqrt(0.1 * 0.9 / 900.0) / (0.1 * 0.9), rel=0.02)
    small = figure(lonely_share={"value": 0.1, "n": 30})
    assert small.sigma == pytest.approx(math.sqrt(0.1 * 0.9 / 30.0) / (0.1 * 0.9), rel=0.15)
    near = figure(lonely_share={"value": 0.05, "plus_minus": 0.05})
    assert near.low == pytest.approx(0.005)
    with pytest.raises(InputError, match="without a sign between thousands"):
        figure(volunteers="ca. 2.900")
    volunteers = figure(volunteers=1000)
    assert (volunteers.value, volunteers.low, volunteers.high) == pytest.approx(
        (0.05, 0.045, 0.055)
    )
    about = figure(initiatives="ca. 100")
    assert (about.value, about.low, about.high) == pytest.approx((5.0, 3.75, 6.25))
    waiting = figure(waiting={"value": 0})
    assert (waiting.value, waiting.low, waiting.high) == pytest.approx((0.0, 0.0, 0.05))
    left = figure(volunteers_left={"value": 200, "plus_minus": 50})
    assert (left.low, left.high) == pytest.approx((0.0075, 0.0125))


def test_hours_are_per_1000_adults():
    assert load_place({**TOWN, "hours": 300}).hours == pytest.approx((15.0, 13.5, 16.5))


def test_routes_are_means_of_heads():
    route = "local_civil_actors_invite"
    answers = {"as_a_rule": 1, "seldom": 1, "dont_know": 3}
    (found,) = load_place({"routes": {route: answers}}).figures
    assert (found.value, found.n) == (2.0, 2.0)
    (one,) = load_place({"routes": {route: "seldom"}}).figures
    assert one.high - one.value == pytest.approx(math.sqrt(2) * (found.high - found.value))
    assert load_place({"routes": {route: "dont_know"}}).figures == ()


def test_plain_values_and_back():
    place = load_place(
        {
            **TOWN,
            "hours": "about 300",
            "lonely_share": {"value": 0.1, "n": 900},
            "today": {"answers": {"forms": "d"}},
        }
    )
    assert Place.from_dict(place.to_dict()) == place


def test_ages_choose_the_nearest_tilt_of_the_national_mix(tmp_path):
    """The mix that the model gives a rural municipality is found again, from numbers or a file."""
    mix = np.diff(age_mixes(0.08, 0.08), prepend=0.0)
    for kind, sign in (("rural", 1.0), ("large_city", -1.0), ("provincial_city", 0.0)):
        own = mix[MUNICIPALITY_KINDS.index(kind)]
        persons = dict(zip(AGE_BANDS, (1e6 * own).round().tolist(), strict=True))
        assert tilt_of(tuple(own)) == pytest.approx(sign * 0.08, abs=1e-4)
        place = load_place({**TOWN, "ages": persons})
        scenario = place.scenario(load_scenario("baseline"), 1000)
        found = np.diff(age_mixes(*(scenario.parameter_values()[n] for n in TILTS)), prepend=0.0)[
            MUNICIPALITY_KINDS.index(scenario.towns[0].kind)
        ]
        assert found == pytest.approx(own, abs=2e-4)
    file = tmp_path / "ages.csv"
    file.write_text("age_band;persons\n" + "".join(f"{b};{n:g}\n" for b, n in persons.items()))
    (tmp_path / "town.toml").write_text('adults = 20000\nages = "ages.csv"\n')
    assert load_place(tmp_path / "town.toml").ages == place.ages


WRONG = [
    ({**TOWN, "ages": dict.fromkeys(AGE_BANDS, 0.5)}, "ages", "add up to 1"),
    ({**TOWN, "ages": {"16-24": 1.0}}, "25-34", "number"),
    ({**TOWN, "kind": "rural", "ages": dict.fromkeys(AGE_BANDS, 0.125)}, "ages", "without kind"),
    ({**TOWN, "volunteers": 20_001}, "volunteers", "at most as many as there are adults"),
    ({**TOWN, "volunteers": 100, "volunteers_left": 900}, "volunteers_left", "twice"),
    ({**TOWN, "volunteers": 0}, "volunteers", "above 0"),
    ({**TOWN, "volunteers": "many"}, "volunteers", "number"),
    ({**TOWN, "volunteers": {"value": 9, "n": 3}}, "volunteers.n", "a share"),
    ({**TOWN, "volunteers": {"value": 9, "plus_minus": 3, "about": True}}, "volunteers", "one of"),
    ({**TOWN, "lonely_share": 1.0}, "lonely_share", "between 0 and 1"),
    ({**TOWN, "hours": 3}, "hours", "40"),
    ({"volunteers": 100}, "adults", "municipality"),
    ({"municipality": "Koldin"}, "municipality", "Danish"),
    ({**TOWN, "volunters": 4}, "", "volunteers"),
    ({**TOWN, "kind": "town"}, "kind", "rural"),
    ({"routes": {"local_civil_actors_invite": "often"}}, "routes.local", "seldom"),
    ({"today": {"regime": "hands_off", "answers": {}}}, "today", "one"),
    ({"today": {"answers": {}}}, "today.answers", "at least one"),
    ({"today": {"answers": {"forms": "e"}}}, "today.answers.forms", "a, b, c, d"),
    ({"today": {"instruments": {"dialogue": 2}}}, "today", "0"),
]


@pytest.mark.parametrize(("content", "place", "allowed"), WRONG)
def test_what_is_wrong_is_named(content, place, allowed):
    with pytest.raises(InputError) as caught:
        load_place(content)
    assert place in caught.value.place
    assert allowed in str(caught.value)


def test_a_misspelt_municipality_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'Kolding'"):
        load_place("Koldin")


def test_questions_stand_for_every_instrument():
    asked = questionnaire()
    assert 10 <= len(asked.questions) <= 14
    assert {each.instrument for each in asked.questions} == set(INSTRUMENTS)
    assert tuple(asked.values) == LETTERS
    for each in asked.questions:
        assert len(each.answers("en")) == len(each.answers("da")) == len(LETTERS)
        assert each.text("en") != each.text("da")


def test_answers_by_hand():
    found = governing_of({"answers": {"forms": "a", "exceptions": "d"}}, "today", None)
    asked = questionnaire()
    at = INSTRUMENTS.index("rigidity")
    assert found.regime.rigidity == pytest.approx((asked.values["a"] + asked.values["d"]) / 2)
    assert found.sd[at] == pytest.approx(asked.answered / math.sqrt(2))
    other = INSTRUMENTS.index("dialogue")
    assert found.regime.dialogue == REGIMES[STATUS_QUO].dialogue
    assert found.sd[other] == asked.unanswered
    draws = [found.drawn(1, k).phases[0].regime.rigidity for k in range(400)]
    assert sum(draws) / 400 == pytest.approx(found.regime.rigidity, abs=0.02)
    assert found.drawn(1, 3) == found.drawn(1, 3)
    assert governing_of({"regime": "hands_off"}, "today", None).drawn(1, 3).name == "hands_off"
