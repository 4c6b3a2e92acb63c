"""WelfareModel as a Mesa client uses it, on whichever Mesa the environment has."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import warnings
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model.agents import (
    Citizen,
    Initiative,
    Municipality,
    StaffMember,
    Volunteer,
)
from velfaerd_sim.model.model import WelfareModel

SMALL = {"adults": 600, "seed": 3, "months": 24}


@pytest.fixture(autouse=True)
def _no_warnings_of_ours():
    """A client of either Mesa sees no deprecation warning for what the model itself does."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def model(**changes) -> WelfareModel:
    return WelfareModel(load_scenario("baseline").with_(burn_in_months=12), **(SMALL | changes))


def test_it_is_a_mesa_model_that_steps_by_months() -> None:
    one = model()
    assert isinstance(one, mesa.Model)
    assert one.month == 0
    one.step()
    one.step()
    assert (one.month, one.steps, one.running) == (2, 2, True)


def test_steps_and_a_run_give_the_same_bits() -> None:
    stepped, ran = model(), model()
    for _ in range(7):
        stepped.step()
    ran.run(7)
    pd.testing.assert_frame_equal(stepped.series(), ran.series(), check_exact=True)
    assert stepped.steps == ran.steps == 7


def test_running_ends_at_the_scenario_s_last_month() -> None:
    one = model(months=5)
    one.run_model()
    assert one.month == 5
    assert not one.running
    one.step()
    assert one.month == 6


@pytest.mark.parametrize("months", [-1, 1.5, True, "3"])
def test_a_run_of_no_number_of_months_is_refused(months: object) -> None:
    with pytest.raises(InputError, match="months"):
        model().run(months)  # type: ignore[arg-type]


def test_series_has_a_row_a_month_and_every_outcome() -> None:
    one = model()
    one.run(3)
    series = one.series()
    assert list(series.columns) == ["municipality", "month", *outcomes.NAMES]
    assert series["month"].tolist() == [0, 1, 2, 3]


def test_an_unseeded_model_differs_and_says_its_seed() -> None:
    first, second = WelfareModel(adults=100), WelfareModel(adults=100)
    assert first.seed != second.seed
    again = WelfareModel(adults=100, seed=first.seed)
    assert np.array_equal(again.history(), first.history(), equal_nan=True)


def test_a_scenario_brings_its_own_seed() -> None:
    assert WelfareModel(load_scenario("baseline").with_(adults=100, seed=77)).seed == 77


def test_parameters_are_given_by_name_and_checked() -> None:
    one = model(hours_per_1000=11)
    assert one.simulation.parameters["hours_per_1000"] == 11
    with pytest.raises(InputError, match="hours_per_1000"):
        model(hours_per_100=11)
    with pytest.raises(InputError, match="2 to 80"):
        model(hours_per_1000=500)


@pytest.mark.parametrize(
    ("kind", "entity"),
    [
        (Citizen, "citizens"),
        (Volunteer, "volunteers"),
        (Initiative, "initiatives"),
        (StaffMember, "staff"),
        (Municipality, "municipalities"),
    ],
)
def test_views_are_the_rows_in_use(kind: type, entity: str) -> None:
    one = model()
    assert len(one.agents_by_type[kind]) == len(one.snapshot(entity))
    one.run(9)
    assert len(one.agents_by_type[kind]) == len(one.snapshot(entity))


def test_nobody_is_made_before_someone_asks() -> None:
    one = model()
    one.run(3)
    assert not one._view_rows
    assert len(one.agents_by_type[Volunteer]) > 0
    assert set(one._view_rows) == {Volunteer}


def test_all_agents_together_and_their_types() -> None:
    one = model()
    total = sum(len(agents) for agents in one.agents_by_type.values())
    assert len(one.agents) == total
    assert set(one.agents_by_type) == set(one.agent_types)
    assert one.agents_by_type.get(int) is None
    ids = [agent.unique_id for agent in one.agents]
    assert len(ids) == len(set(ids))


def test_agent_set_operations_read_and_write_the_columns() -> None:
    one = model()
    volunteers = one.agents_by_type[Volunteer]
    frame = one.snapshot("volunteers")
    assert volunteers.agg("motivation", np.mean) == pytest.approx(frame["motivation"].mean())
    assert volunteers.get("citizen_id") == frame["citizen_id"].tolist()
    keen = volunteers.select(lambda v: v.motivation > 0.5)
    assert len(keen) == (frame["motivation"] > 0.5).sum()
    volunteers.set("motivation", 0.25)
    assert (one.snapshot("volunteers")["motivation"] == 0.25).all()
    volunteers.do(lambda v: setattr(v, "ownership", 1.0))
    assert (one.snapshot("volunteers")["ownership"] == 1.0).all()
    groups = one.agents_by_type[Citizen].groupby("age_band")
    counts = one.snapshot("citizens")["age_band"].value_counts()
    assert {band: len(agents) for band, agents in groups} == counts[counts > 0].to_dict()
    volunteers.shuffle_do(lambda v: None)


def test_views_follow_births_and_deaths_and_keep_their_identity() -> None:
    one = model(regime="rigid_rules")
    before = {view.citizen_id: view for view in one.agents_by_type[Volunteer]}
    one.run(12)
    after = {view.citizen_id: view for view in one.agents_by_type[Volunteer]}
    assert set(after) == set(one.snapshot("volunteers")["citizen_id"])
    stayed = one.snapshot("volunteers").query("tenure_months >= 12")["citizen_id"]
    assert len(stayed) > 0
    assert all(after[person] is before[person] for person in stayed)
    gone = next(before[person] for person in before if person not in after)
    with pytest.raises(VelfaerdError, match="no longer there"):
        _ = gone.motivation


def test_a_view_writes_only_shares() -> None:
    volunteer = next(iter(model().agents_by_type[Volunteer]))
    with pytest.raises(InputError, match="motivation"):
        volunteer.motivation = 1.5
    with pytest.raises(AttributeError):
        volunteer.tenure_months = 3


def test_views_have_words_and_places() -> None:
    one = model()
    citizen = next(iter(one.agents_by_type[Citizen]))
    row = one.snapshot("citizens").iloc[0]
    assert citizen.age_band == row["age_band"]
    assert (citizen.tils_score, citizen.lonely) == (row["tils_score"], row["lonely"])
    assert (citizen.known, citizen.is_volunteer) == (row["known"], row["is_volunteer"])
    town = next(iter(one.agents_by_type[Municipality]))
    assert (town.adults, town.kind) == (600, "provincial_city")
    initiative = next(iter(one.agents_by_type[Initiative]))
    assert initiative.department in set(one.snapshot("initiatives")["department"])
    assert initiative.municipality == one.snapshot("municipalities")["municipality"].iloc[0]


def test_a_data_collector_of_one_s_own_collects() -> None:
    one = model()
    collector = mesa.DataCollector(
        model_reporters={"month": "month", "volunteers": _volunteers},
        agenttype_reporters={Volunteer: {"motivation": "motivation"}},
    )
    for _ in range(3):
        one.step()
        collector.collect(one)
    frame = collector.get_model_vars_dataframe()
    assert frame["month"].tolist() == [1, 2, 3]
    assert frame["volunteers"].iloc[-1] == len(one.snapshot("volunteers"))
    by_agent = collector.get_agenttype_vars_dataframe(Volunteer)
    assert len(by_agent.xs(3, level="Step")) == frame["volunteers"].iloc[-1]


def _volunteers(one: WelfareModel) -> int:
    return len(one.agents_by_type[Volunteer])


def test_the_model_s_own_collector_holds_every_month() -> None:
    one = model()
    one.run(4)
    frame = one.datacollector.get_model_vars_dataframe()
    assert frame.shape == (5, len(outcomes.NAMES))
    shared = one.series()["lonely_share"]
    assert frame["lonely_share"].tolist() == pytest.approx(shared.tolist())


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_goes_on_alike_and_apart(duplicate) -> None:
    one = model()
    one.run(3)
    _ = one.agents
    twin = duplicate(one)
    _ = twin.agents_by_type[Volunteer]
    one.run(5)
    assert twin.month == 3
    twin.step()
    twin.run(4)
    pd.testing.assert_frame_equal(twin.series(), one.series(), check_exact=True)
    assert len(twin.agents) == len(one.agents)
    assert next(iter(twin.agents)).model is twin


def test_a_fork_goes_another_way_and_leaves_the_first_alone() -> None:
    one = model(regime="rigid_rules")
    one.run(6)
    same, other = one.fork(), one.fork(regime="facilitative_dialogue")
    for each in (one, same, other):
        each.run(12)
    pd.testing.assert_frame_equal(same.series(), one.series(), check_exact=True)
    here, there = one.snapshot("citizens"), same.snapshot("citizens")
    assert (here["loneliness"] == there["loneliness"]).all()
    before, after = other.series().iloc[:7], other.series().iloc[7:]
    pd.testing.assert_frame_equal(before, one.series().iloc[:7], check_exact=True)
    assert (after["autonomy_mean"] > one.series().iloc[7:]["autonomy_mean"]).all()


def test_batch_run_takes_it_as_any_model() -> None:
    seeds = {"iterations": 2}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        seeds = {"rng": [1, 2]}
    results = pd.DataFrame(
        mesa.batch_run(
            WelfareModel,
            {"regime": ["rigid_rules", "hands_off"], "adults": 1000, "espoused_gap": 0.1},
            max_steps=4,
            display_progress=False,
            **seeds,
        )
    )
    assert len(results) == 4
    assert set(results["Step"]) == {4}
    assert results["motivation_mean"].nunique() == 4  # in four months hardly anything else moves


def test_a_model_that_is_let_go_frees_its_memory() -> None:
    one = model()
    assert len(one.agents) > 600
    gone = weakref.ref(one.simulation)
    del one
    gc.collect()
    assert gone() is None


def test_snapshots_have_the_promised_columns() -> None:
    one = model()
    citizens = one.snapshot("citizens")
    promised = "citizen_id municipality age_band loneliness tils_score lonely known participating"
    assert {*promised.split(), "is_volunteer"} <= set(citizens.columns)
    assert list(citizens["age_band"].cat.categories) == list(AGE_BANDS)
    assert ((citizens["tils_score"] >= 7) == citizens["lonely"]).all()
    volunteers = one.snapshot("volunteers")
    promised = "citizen_id motivation autonomy competence relatedness ownership exhaustion"
    assert {*promised.split(), "tenure_months", "initiative"} <= set(volunteers.columns)
    assert citizens.set_index("citizen_id").loc[volunteers["citizen_id"], "is_volunteer"].all()
    teams = volunteers["initiative"].value_counts()
    initiatives = one.snapshot("initiatives").set_index("initiative")["volunteers"]
    assert initiatives[initiatives > 0].sort_index().equals(teams.sort_index().rename("volunteers"))
    participations = one.snapshot("participations")
    companions = participations["companion_citizen_id"]
    assert set(companions[companions >= 0]) <= set(volunteers["citizen_id"])
    with pytest.raises(InputError, match="citizens"):
        one.snapshot("citizen")


def test_writes_are_checked_and_take_effect() -> None:
    one = model()
    one.set("citizens", "loneliness", 0.9)
    assert (one.snapshot("citizens")["tils_score"] == 9).all()
    values = np.linspace(0, 1, 600)
    one.set("citizens", "loneliness", values)
    assert one.snapshot("citizens")["loneliness"].to_numpy() == pytest.approx(values)
    for entity, column, wrong in [
        ("citizens", "loneliness", np.nan),
        ("citizens", "loneliness", -0.1),
        ("citizens", "loneliness", [0.1, 0.2]),
        ("citizens", "loneliness", "much"),
        ("citizens", "lonelyness", 0.1),
        ("volunteers", "initiative", 0),
        ("houses", "loneliness", 0.1),
    ]:
        with pytest.raises(InputError):
            one.set(entity, column, wrong)


def test_ties_are_symmetric_rows_over_all_towns() -> None:
    towns = load_scenario("denmark").with_(adults=98 * 60, burn_in_months=0)
    offsets, neighbours = WelfareModel(towns).ties()
    assert offsets[-1] == len(neighbours)
    source = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    assert not np.any(source == neighbours)
    pairs = set(zip(source.tolist(), neighbours.tolist(), strict=True))
    assert len(pairs) == len(neighbours)
    assert all((b, a) in pairs for a, b in pairs)


def test_retention_curves_and_the_questionnaire_are_tables() -> None:
    one = model(adults=3000)
    one.run(24)
    curve = one.retention_curve(1, 12)
    assert curve["share"].iloc[0] == 1.0
    assert curve["share"].iloc[1:12].is_monotonic_decreasing
    assert ((curve["low"] <= curve["share"]) | curve["share"].isna()).all()
    with pytest.raises(InputError, match="cohort"):
        one.retention_curve(30, 40)
    table = one.questionnaire()
    assert table.shape == (6, 5)
    assert table.sum(axis=1).to_numpy() == pytest.approx(100.0)


def test_the_volunteer_survey_is_a_row_a_volunteer() -> None:
    one = model(adults=3000)
    one.run(2)
    survey, volunteers = one.volunteer_survey(), one.snapshot("volunteers")
    assert survey["citizen_id"].tolist() == volunteers["citizen_id"].tolist()
    assert survey["motivation"].tolist() == volunteers["motivation"].tolist()
    threshold = float(one.simulation.parameters["intention_threshold"])
    assert survey["will_continue"].equals(survey["intention_score"] > threshold)
    felt = survey.groupby("felt_bureaucracy")["will_continue"].mean()
    assert felt[True] < felt[False]
    assert one.volunteer_survey().equals(survey)
