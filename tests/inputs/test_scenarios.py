"""Scenarios: the packaged ones, what a file may hold, what is refused, and the digest."""

import json
import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inputs.strategies import timelines
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs import shocks
from velfaerd_sim.inputs.evidence import MUNICIPALITY_KINDS
from velfaerd_sim.inputs.parameters import PARAMETERS, defaults
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import (
    SCENARIOS,
    SHOCK_COLUMNS,
    Scenario,
    Town,
    load_scenario,
)

BASELINE = load_scenario("baseline")
COLUMN = {name: n for n, name in enumerate(SHOCK_COLUMNS)}


def parameter_values():
    ranges = {p.name: st.floats(p.low, p.high) for p in PARAMETERS[:12]}
    return st.fixed_dictionaries({}, optional=ranges)


def shock_values(kind):
    values = {}
    for entry in shocks.value_fields(kind):
        low, high = entry.metadata["low"], entry.metadata["high"]
        whole = entry.metadata["whole"]
        values[entry.name] = st.integers(low, high) if whole else st.floats(low, high)
    return st.builds(kind, **values, source=st.sampled_from(["", "assumption"]))


towns = st.lists(
    st.builds(
        Town,
        code=st.integers(1, 9999),
        name=st.sampled_from(["Ærø", 'Town "X"', "By"]),
        kind=st.sampled_from(MUNICIPALITY_KINDS),
        adults=st.integers(50, 1_000_000),
        region=st.sampled_from(["", "Sjælland"]),
        latitude=st.just(math.nan) | st.floats(-90, 90),
        longitude=st.just(math.nan) | st.floats(-180, 180),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda town: town.code,
)
scenarios = st.builds(
    Scenario,
    name=st.sampled_from(["own", "egen æøå"]),
    towns=towns,
    timeline=timelines,
    months=st.integers(1, 1200),
    burn_in_months=st.integers(0, 600),
    seed=st.integers(0, 2**53 - 1),
    parameters=parameter_values(),
    shocks=st.lists(
        st.one_of([shock_values(kind) for kind in shocks.SHOCK_KINDS.values()]), max_size=3
    ),
    policy_review=st.booleans(),
    local_variation=st.booleans(),
    title_da=st.sampled_from(["", "Titel med \n linjeskift"]),
)


def written(folder, content, name="f.toml"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


# --- the packaged ones


def test_the_baseline():
    assert BASELINE.name == "baseline"
    assert [(t.kind, t.adults) for t in BASELINE.towns] == [("provincial_city", 5000)]
    assert (BASELINE.months, BASELINE.burn_in_months, BASELINE.seed) == (120, 60, 1)
    assert BASELINE.timeline.single() == REGIMES[STATUS_QUO]
    assert not BASELINE.shocks
    assert not BASELINE.parameters
    assert not BASELINE.policy_review
    assert not BASELINE.local_variation


def test_denmark_has_every_adult():
    denmark = load_scenario("denmark")
    assert len(denmark.towns) == 98
    assert denmark.adults == 4_823_384
    assert denmark.policy_review
    assert denmark.local_variation
    kolding = next(town for town in denmark.towns if town.code == 621)
    assert kolding.adults == round(93_175 * 4_823_384 / 5_822_679)
    assert (kolding.latitude, kolding.longitude) == (55.456, 9.440)


@pytest.mark.parametrize("name", SCENARIOS)
def test_packaged_scenarios_come_back_whole(name, tmp_path):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title("en") != name != scenario.title("da")
    assert scenario.summary_en
    assert scenario.summary_da
    assert Scenario.from_dict(json.loads(json.dumps(scenario.to_dict()))) == scenario
    assert load_scenario(written(tmp_path, scenario.to_toml())) == scenario
    assert all(shock.source for shock in scenario.shocks)


def test_digests_of_packaged_scenarios_differ():
    assert len({load_scenario(name).digest() for name in SCENARIOS}) == len(SCENARIOS)


# --- what happens from outside


def test_nothing_happens_in_the_baseline():
    table = BASELINE.shock_table()
    assert table.shape == (181, 7)
    assert (table == np.array([1, 0, 1, 1, 1, 0, 0])).all()


def test_the_crisis_by_hand():
    table = load_scenario("crisis").with_(burn_in_months=10).shock_table()[10:]
    contact = table[:, COLUMN["contact_factor"]]
    assert (contact[:12] == 1).all()
    assert (contact[12:24] == 0.35).all()
    assert contact[24:30] == pytest.approx([0.35 + 0.65 * k / 7 for k in range(1, 7)])
    assert (contact[30:] == 1).all()
    assert (table[12:18, COLUMN["recruitment_factor"]] == 1.8).all()
    assert table[24, COLUMN["recruitment_factor"]] == 1


def test_austerity_by_hand():
    hours = load_scenario("austerity").shock_table()[60:, COLUMN["hours_factor"]]
    assert (hours[:12] == 1).all()
    assert hours[[12, 23, 24, 120]] == pytest.approx([0.97, 0.97, 0.97**2, 0.97**10])
    stopped = shocks.Austerity(month=1, yearly_cut=0.1, years=2).values(60)["hours_factor"]
    assert stopped[[0, 1, 13, 25, 60]] == pytest.approx([1, 0.9, 0.81, 0.81, 0.81])


def test_ageing_acts_once_a_year():
    table = load_scenario("ageing").shock_table()[60:]
    moved = table[:, COLUMN["ageing_probability"]]
    assert np.flatnonzero(moved).tolist() == list(range(12, 121, 12))
    assert set(moved[12::12]) == {0.01}
    demand = table[:, COLUMN["demand_factor"]]
    assert demand[[0, 1, 60, 120]] == pytest.approx([1, 1 + 0.15 / 120, 1.075, 1.15])
    twice = shocks.Ageing(month=13, yearly_probability=0.02, years=2).values(60)
    assert np.flatnonzero(twice["ageing_probability"]).tolist() == [24, 36]


def test_shocks_join():
    both = (
        shocks.Demand(month=2, demand_factor=2.0),
        shocks.Demand(month=3, demand_factor=1.5),
        shocks.ConsultantLoss(month=3),
        shocks.ConsultantLoss(month=3, consultants=2),
        shocks.Ageing(month=12, yearly_probability=0.7),
        shocks.Ageing(month=1, yearly_probability=0.7),
    )
    table = shocks.shock_table(both, 12)
    assert table[:4, COLUMN["demand_factor"]].tolist() == [1, 1, 2, 3]
    assert table[2:5, COLUMN["consultants_lost"]].tolist() == [0, 3, 0]
    assert table[12, COLUMN["ageing_probability"]] == 1.0


@given(scenarios)
def test_tables_fit_the_run_and_leave_the_burn_in_alone(scenario):
    rows, first = scenario.burn_in_months + scenario.months + 1, scenario.burn_in_months + 1
    happens, said = scenario.shock_table(), scenario.announced()
    assert happens.shape == (rows, 7)
    assert said.shape == (rows, 5, 9)
    assert (happens[:first] == np.array(shocks.NEUTRAL)).all()
    gap = scenario.parameter_values()["espoused_gap"]
    assert (said[:first] == REGIMES[STATUS_QUO].row(gap)).all()
    assert np.isfinite(happens).all()
    assert (happens[:, [0, 2, 3, 4, 5, 6]] >= 0).all()
    assert ((said >= 0) & (said <= 1)).all()


def test_the_timeline_begins_after_the_burn_in():
    scenario = BASELINE.with_(regime="rigid_rules", burn_in_months=2, months=3)
    assert scenario.announced()[:, 0, 0].tolist() == [0.5, 0.5, 0.5, 0.9, 0.9, 0.9]


# --- there and back


@given(scenarios)
def test_scenarios_come_back_from_plain_values(scenario):
    again = Scenario.from_dict(json.loads(json.dumps(scenario.to_dict(), allow_nan=False)))
    assert again == scenario
    assert again.to_dict() == scenario.to_dict()
    assert again.digest() == scenario.digest()
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_scenarios_come_back_from_files(tmp_path):
    @given(scenarios)
    def check(scenario):
        again = load_scenario(written(tmp_path, scenario.to_toml()))
        assert again == scenario
        assert again.to_dict() == scenario.to_dict()

    check()


# --- the digest


def test_the_digest_does_not_depend_on_order_words_or_ways_of_saying(tmp_path):
    one = written(
        tmp_path,
        'name = "x"\nadults = 500\nseed = 3\nregime = "hands_off"\n'
        "[parameters]\nespoused_gap = 0.25\nleaving_log_odds = -4.5\n",
    )
    two = written(
        tmp_path,
        'based_on = "baseline"\ntitle_en = "Other words"\ntown_kind = "provincial_city"\n'
        "seed = 3\nadults = 500\n[parameters]\nleaving_log_odds = -4.5\nespoused_gap = 0.25\n"
        '[[phase]]\nmonth = 0\nregime = "hands_off"',
        "x.toml",
    )
    assert load_scenario(one).digest() == load_scenario(two).digest()
    content = load_scenario(one).to_dict()
    assert (
        Scenario.from_dict(dict(reversed(content.items()))).digest() == load_scenario(one).digest()
    )


def test_the_digest_sees_what_counts():
    changed = [
        BASELINE,
        BASELINE.with_(seed=2),
        BASELINE.with_(months=121),
        BASELINE.with_(adults=5001),
        BASELINE.with_(burn_in_months=61),
        BASELINE.with_(regime="hands_off"),
        BASELINE.with_(parameters={"espoused_gap": 0.123}),
        BASELINE.with_(policy_review=True),
        BASELINE.with_(shocks=(shocks.ConsultantLoss(month=3),)),
    ]
    assert len({scenario.digest() for scenario in changed}) == len(changed)


def test_a_parameter_set_to_its_default_changes_nothing():
    same = BASELINE.with_(parameters={"espoused_gap": defaults()["espoused_gap"]})
    assert same.digest() == BASELINE.digest()


def test_the_order_of_towns_and_shocks_does_not_count():
    denmark = load_scenario("denmark")
    assert replace(denmark, towns=denmark.towns[::-1]) == denmark
    crisis = load_scenario("crisis")
    assert replace(crisis, shocks=crisis.shocks[::-1]).digest() == crisis.digest()


# --- changes


def test_with_changes_one_thing():
    changed = BASELINE.with_(adults=700, parameters={"espoused_gap": 0.5})
    assert (BASELINE.adults, changed.adults) == (5000, 700)
    again = changed.with_(parameters={"leaving_log_odds": -5})
    assert again.parameters == (("espoused_gap", 0.5), ("leaving_log_odds", -5.0))
    assert again.parameter_values() == defaults() | dict(again.parameters)


def test_a_smaller_denmark_keeps_its_proportions():
    small = load_scenario("denmark").with_(adults=100_000)
    assert small.adults == 100_000
    assert min(town.adults for town in small.towns) == 50
    copenhagen = small.towns[0].adults / small.adults
    assert copenhagen == pytest.approx(632_340 / 5_822_679, rel=0.01)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"adults": 0}, "adults"),
        ({"adults": 49}, "adults"),
        ({"adults": -5}, "adults"),
        ({"adults": 6_000_001}, "adults"),
        ({"adults": 500.0}, "adults"),
        ({"adults": True}, "adults"),
        ({"months": 0}, "months"),
        ({"months": 1201}, "months"),
        ({"months": float("nan")}, "months"),
        ({"burn_in_months": -1}, "burn_in_months"),
        ({"burn_in_months": 601}, "burn_in_months"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**53}, "seed"),
        ({"seed": "1"}, "seed"),
        ({"towns": ()}, "town"),
        ({"towns": BASELINE.towns * 2}, r"town\[2\].code"),
        ({"towns": (5,)}, r"town\[1\]"),
        (
            {"towns": tuple(replace(BASELINE.towns[0], code=c, adults=4_000_000) for c in (1, 2))},
            "adults",
        ),
        ({"regime": "rigid_rule"}, "did you mean 'rigid_rules'"),
        ({"regime": 3}, "regime"),
        ({"parameters": {"hours_per_100": 3}}, "did you mean 'hours_per_1000'"),
        ({"parameters": {"espoused_gap": math.inf}}, "parameters.espoused_gap"),
        ({"parameters": {"espoused_gap": True}}, "parameters.espoused_gap"),
        ({"policy_review": 1}, "policy_review"),
        ({"shocks": (3,)}, r"shock\[1\]"),
        ({"shocks": 3}, "shock"),
        ({"name": ""}, "name"),
        ({"title_en": 3}, "title_en"),
        ({"mnths": 3}, "did you mean 'months'"),
    ],
)
def test_changes_that_cannot_be(changes, place):
    with pytest.raises(InputError, match=place):
        BASELINE.with_(**changes)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"kind": "city"}, "kind"),
        ({"code": 0}, "code"),
        ({"adults": 0}, "adults"),
        ({"name": " x"}, "name"),
        ({"latitude": 91.0}, "latitude"),
        ({"longitude": math.inf}, "longitude"),
        ({"latitude": "north"}, "latitude"),
    ],
)
def test_towns_that_cannot_be(changes, place):
    with pytest.raises(InputError, match=place):
        replace(BASELINE.towns[0], **changes)


# --- files
