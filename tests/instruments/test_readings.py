"""Readings: the model's answer to every target, on common luck, against the tallies themselves."""

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.evidence import ANSWERS, ROUTES
from velfaerd_sim.inputs.targets import TARGETS, named
from velfaerd_sim.instruments.readings import (
    STATIONARY_SHARE,
    ask,
    noise,
    read,
    read_frame,
    scenario_of,
)
from velfaerd_sim.measures.retention import kaplan_meier
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.model.trial import randomised_referral

SMALL = {"adults": 2500, "replicates": 2, "months": 12}


def small(seed=1, **parameters):
    return read(parameters, seed=seed, **SMALL)


@pytest.fixture(scope="module")
def usual():
    return small()


@pytest.fixture(scope="module")
def simulation():
    one = Simulation(scenario_of({}, 2500, 2, 1, 12))
    one.run(12)
    return one


def test_every_target_is_read(usual):
    assert list(usual) == [target.id for target in TARGETS]
    assert all(np.isfinite(value) for value in usual.values())


def test_the_same_call_gives_the_same(usual):
    assert small() == usual


def test_another_seed_gives_other_towns(usual):
    other = small(seed=2)
    assert other["T1.lonely_share"] != usual["T1.lonely_share"]
    assert other["T15.sizes"] == usual["T15.sizes"]


def test_shares_are_those_of_the_year(usual, simulation):
    year = simulation.tallies[:, 61:73]
    total = {name: year[name].sum() for name in year.dtype.names}
    old = range(2, 8)
    expected = {
        "T1.lonely_share": total["lonely"] / total["adults"],
        "T2.age_16_24": total["lonely_band_0"] / total["adults_band_0"],
        "T2.age_35_plus": sum(total[f"lonely_band_{b}"] for b in old)
        / sum(total[f"adults_band_{b}"] for b in old),
        "T4.recovery": total["recoveries"] / total["lonely_a_year_ago"],
        "T5.volunteer_share": total["volunteers"] / total["adults"],
        "T8.association_share": total["affiliated_volunteers"] / total["volunteers"],
        "T10.felt_bureaucracy": total["felt_bureaucracy"] / total["volunteers"],
        "T14.substitution": total["substitution"] / total["initiatives"],
        "V1.stock_retention": total["volunteers_over_12_months"]
        / simulation.tallies["volunteers"][:, 49:61].sum(),
    }
    assert {name: usual[name] for name in expected} == pytest.approx(expected)


def test_the_line_joins_onset_and_recovery(usual):
    line = usual["T4.onset"] * (1 - STATIONARY_SHARE) / STATIONARY_SHARE
    assert usual["T4.line"] == pytest.approx(usual["T4.recovery"] - line)


def test_old_age_lies_around_its_bands(usual, simulation):
    year = simulation.tallies[:, 61:73]
    bands = [year[f"lonely_band_{b}"].sum() / year[f"adults_band_{b}"].sum() for b in (5, 6, 7)]
    assert min(bands[:2]) - 0.01 < usual["T3.age_65_79"] < max(bands[:2]) + 0.01
    assert min(bands[1:]) - 0.02 < usual["T3.age_80_plus"] < max(bands[1:]) + 0.02
    assert (usual["T3.age_90_plus"] > bands[2]) == (bands[2] > bands[1])


def test_hours_are_those_of_volunteers_who_were_active(usual, simulation):
    year = simulation.tallies[:, 61:73]
    active = (year["volunteers"] - year["joins"]).sum()
    forms = simulation.population.departments["administration"][0]
    preparation = simulation.parameters["preparation_share"]
    with_people = (1 - forms) * (1 - preparation)
    assert usual["T6.hours"] == pytest.approx(year["contact_hours"].sum() / active / with_people)
    assert 12.0 < usual["T6.hours"] < 20.0


def test_retention_is_the_kaplan_meier_share(usual, simulation):
    ledgers = (simulation.at_risk, simulation.ended)
    counts = (ledger[:, 61:73, :12].sum(axis=(0, 1)) for ledger in ledgers)
    assert usual["T7.retention"] == kaplan_meier(*counts).share[12]


def test_answers_on_a_route_add_up(usual):
    for route in ROUTES:
        assert sum(usual[f"T9.{route}.{answer}"] for answer in ANSWERS) == pytest.approx(1.0)


def test_trials_are_those_inside_the_model(usual, simulation):
    pairs, groups = (randomised_referral(simulation, form) for form in ("one_to_one", "group"))
    assert usual["T12.befriending"] == pairs.effect_sd
    assert usual["T13.social_interaction"] == -groups.effect_sd
    low, high = sorted((-pairs.effect_sd, -groups.effect_sd))
    assert low <= usual["T13.social_support"] <= high


def test_asking_leaves_the_simulation_as_it_is(usual, simulation):
    assert ask(simulation) == ask(simulation) == usual
    assert simulation.month == 12


OF_ONE_INSTRUMENT = (
    ("intention_threshold", 4.0, ("T10.odds_ratio", "T10.continue_share")),
    ("intention_noise", 1.5, ("T10.odds_ratio", "T10.continue_share", "T11.")),
    ("answer_blind_share", 0.2, ("T9.",)),
    ("collaborations_followed", 9.0, ("T9.",)),
)


@pytest.mark.parametrize(("name", "value", "own"), OF_ONE_INSTRUMENT)
def test_what_only_a_survey_knows_moves_only_its_answers(usual, name, value, own):
    """All other readings stay as they are, to the bit."""
    other = small(**{name: value})
    changed = [key for key in usual if other[key] != usual[key]]
    assert changed
    assert all(key.startswith(own) for key in changed)


DIRECTIONS = (
    ({"set_point_16_24": 0.4}, "T2.age_16_24", 1),
    ({"set_point_85_plus": 0.38}, "T3.age_90_plus", 1),
    ({"loneliness_noise": 0.04}, "T4.onset", 1),
    ({"loneliness_noise": 0.04}, "T4.recovery", 1),
    ({"recruitment_probability": 0.001}, "T5.volunteer_share", -1),
    ({"volunteer_hours": 20.0}, "T6.hours", 1),
    ({"leaving_log_odds": -5.5}, "T7.retention", 1),
    ({"affiliated_share": 0.2}, "T8.association_share", -1),
    ({"opening_dialogue": 2.0}, "T9.dialogue_about_what_to_do_together.as_a_rule", 1),
    ({"leaving_bureaucracy": 0.0}, "T10.odds_ratio", 1),
    ({"intention_threshold": 4.0}, "T10.continue_share", -1),
    ({"bureaucracy_from_rules": 4.0}, "T10.felt_bureaucracy", 1),
    ({"leaving_motivation": 0.0}, "T11.autonomous", -1),
    ({"leaving_controlled": 2.5}, "T11.controlled", -1),
    ({"contact_effect": 0.04}, "T12.befriending", 1),
    ({"group_intensity": 0.0, "ties_rate": 0.0}, "T13.social_interaction", 1),
    ({"base_pressure": 0.6}, "T14.substitution", 1),
)


@pytest.mark.parametrize(("parameters", "name", "sign"), DIRECTIONS, ids=lambda x: str(x))
def test_readings_follow_their_mechanism(usual, parameters, name, sign):
    assert (small(**parameters)[name] - usual[name]) * sign > 0.0


def test_an_offer_without_effect_has_none():
    found = small(contact_effect=0.0, ties_rate=0.0, companion_loss_effect=0.0)
    assert found["T12.befriending"] == pytest.approx(0.0, abs=0.02)


def test_nobody_to_ask_is_no_number_and_no_failure():
    alone = {"initial_volunteer_share": 0.0, "recruitment_probability": 0.0003}
    found = read(alone, adults=50, replicates=1, months=1, seed=5)
    assert list(found) == [target.id for target in TARGETS]
    assert np.isnan(found["T12.befriending"])
    assert np.isfinite(found["T1.lonely_share"])


def test_parameters_out_of_range_are_refused():
    with pytest.raises(InputError, match="contagion_strength"):
        small(contagion_strength=2.0)


def test_noise_is_the_spread_between_seeds_on_the_targets_scale():
    frame = read_frame({}, (1, 2, 3), adults=500, replicates=1, months=12)
    assert frame.index.tolist() == [1, 2, 3]
    assert frame.loc[2].to_dict() == read({}, seed=2, adults=500, replicates=1, months=12)
    found = noise(frame)
    share = frame["T1.lonely_share"]
    assert found["T1.lonely_share"] == pytest.approx(np.log(share / (1 - share)).std())
    assert found["T6.hours"] == pytest.approx(frame["T6.hours"].std())
    assert found["T15.sizes"] == 0.0
    assert set(found) == {named(name).id for name in frame}
