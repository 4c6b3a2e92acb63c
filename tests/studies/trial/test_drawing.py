"""Trials drawn from stored lives whose truth is set by hand, and the recommended design."""

import numpy as np
import pandas as pd
import pytest

from velfaerd_sim.analysis.trials import DISHONEST, ENOUGH, TOO_DEAR, TOO_WEAK, recommended
from velfaerd_sim.errors import InputError, VelfaerdError
from velfaerd_sim.inputs.regimes import REGIMES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.trial.drawing import Draws, Store
from velfaerd_sim.studies.trial.lives import VALUES, Survey
from velfaerd_sim.studies.trial.plan import power_tables
from velfaerd_sim.studies.trial.schedules import (
    CROSSOVER,
    DESIGNS,
    PARALLEL,
    STEPPED_WEDGE,
    Timing,
)
from velfaerd_sim.studies.trial.study import Budget, TrialStudy

STUDY = TrialStudy(
    name="drawn",
    scenario=load_scenario("denmark").with_(adults=98_000),
    control=REGIMES["municipal_baton"],
    intervention=REGIMES["facilitative_dialogue"],
    worlds=Worlds.load("prior:2"),
    survey=Survey("volunteers", "motivation", 0.5, (("motivation", 1.0),)),
    municipalities=(12, 24),
    months=(24,),
    invited=(40,),
    timing=Timing(every=3, baseline=3, implementation=0, settling=0, steps=4),
    imitation=0.25,
    trials=1000,
    budget=Budget(hours_per_municipality=100.0, hours_per_invitation=0.5),
)
LEVEL, BETWEEN, REST, WITHIN = 0.6, 0.05, 0.03, 0.04


def store(study, effect=0.0, seed=1, missing=0, seen_more=0.0):
    """Lives in which a dose gains its share of an effect, at once, in every town alike."""
    draws = np.random.default_rng(seed)
    cases, towns = len(study.worlds), len(study.scenario.towns)
    periods = len(study.measured)
    level = LEVEL + draws.normal(0.0, BETWEEN, (cases, towns, 1))
    level = level + draws.normal(0.0, REST, (cases, towns, periods))
    values = np.zeros((cases, towns, len(study.lives), len(VALUES), periods))
    for life, path in enumerate(study.lives):
        dose = [[d for m, d in path if m < month][-1] for month in study.measured]
        truth = level + effect * np.array(dose)
        for name, value in {
            "truth": truth,
            "seen": truth + seen_more,
            "within": WITHIN,
            "answering": 0.5,
            "persons": 200.0,
            "hours": 25.0 + np.array(dose),
        }.items():
            values[:, :, life, VALUES.index(name)] = value
    values[:, :missing, :, VALUES.index("seen"), -1] = np.nan
    return Store(values, study.names, np.full(towns, 40.0))


@pytest.fixture(scope="module")
def power():
    plain = STUDY.with_(imitation=0.0)
    found, worlds = power_tables(plain, store(plain, 0.06))
    return found, worlds


def test_estimates_hit_the_truth_and_intervals_hold_it(power):
    found, worlds = power
    assert set(found["design"]) == set(DESIGNS)
    assert found["effect"].to_numpy() == pytest.approx(0.06)
    assert found["bias"].abs().max() < 0.003
    assert found["coverage"].between(0.92, 0.985).all()
    assert found["false_alarm"].between(0.025, 0.08).all()
    assert worlds["power"].mean() == pytest.approx(found["power"].mean())
    for _, own in found.groupby("design"):
        assert own.sort_values("municipalities")["power"].is_monotonic_increasing


def test_the_error_is_that_of_the_trials(power):
    found, _ = power
    p = found["power"]
    assert found["mc_error"].to_numpy() == pytest.approx(np.sqrt(p * (1.0 - p) / 1000))


def test_the_correlation_and_the_smallest_effect(power):
    found, _ = power
    known = (BETWEEN**2 + REST**2) / (BETWEEN**2 + REST**2 + WITHIN)
    assert found["icc"].to_numpy() == pytest.approx(known, abs=0.02)
    plain = STUDY.with_(imitation=0.0, municipalities=(12,), designs=(STEPPED_WEDGE,))
    (row,) = power_tables(plain, store(plain, 0.06))[0].to_dict("records")
    (there,) = power_tables(plain, store(plain, row["smallest_effect"]))[0].to_dict("records")
    assert there["power"] == pytest.approx(0.8, abs=0.03)


def test_hours_are_those_beyond_control_and_of_the_trial(power):
    found, _ = power
    row = found[(found["design"] == PARALLEL) & (found["municipalities"] == 12)].iloc[0]
    measured = 9  # every three of 27 months
    assert row["staff_hours_fixed"] == pytest.approx(12 * (100.0 + 0.5 * 40 * measured))
    # One hour more per 1 000 adults and month: six towns of 40 000 adults for 24 months.
    assert row["staff_hours"] - row["staff_hours_fixed"] == pytest.approx(6 * 40 * 24)
    assert row["staff_hours_in_use"] == pytest.approx(12 * 40 * 27 * 25 + 6 * 40 * 24)


def test_a_regime_against_itself_alarms_at_the_level_that_is_meant():
    same = STUDY.with_(trials=4000, municipalities=(16,), worlds=Worlds.load("prior:50"))
    found, _ = power_tables(same, store(same))
    assert found["effect"].to_numpy() == pytest.approx(0.0)
    assert found["power"].between(0.035, 0.065).all()
    assert (found["power"] == found["false_alarm"]).all()


def test_imitation_makes_the_effect_look_smaller_than_it_is():
    own = STUDY.with_(designs=(PARALLEL,), municipalities=(24,))
    (row,) = power_tables(own, store(own, 0.08))[0].to_dict("records")
    assert row["effect"] == pytest.approx(0.08)
    assert row["bias"] == pytest.approx(-0.08 * 0.25 / 2, abs=0.003)
    assert row["coverage"] < 0.95


def test_more_invitations_make_estimates_surer():
    own = STUDY.with_(designs=(PARALLEL,), municipalities=(24,), invited=(2, 40, 400))
    found, _ = power_tables(own, store(own, 0.04))
    assert found["standard_error"].is_monotonic_decreasing
    assert found["standard_error"].iloc[0] > 1.5 * found["standard_error"].iloc[2]


def test_all_who_are_there_leave_no_chance_of_who_answers():
    own = STUDY.with_(designs=(PARALLEL,), municipalities=(12,), invited=(1000,))
    lives = store(own)
    values = lives.values.copy()
    values[..., VALUES.index("answering"), :] = 1.0
    draws = Draws(own, own.points[0], Store(values, lives.lives, lives.thousands))
    cases, towns = draws.drawn()
    noise = (np.ones((*towns.shape, draws.periods)),) * 2
    seen = draws.answers(cases, towns, draws.paths, noise)
    places = cases[:, None], towns, draws.layout.sequence_of[None, :]
    assert seen == pytest.approx(draws.lives("seen")[places])


def test_the_same_seed_draws_the_same_trials():
    own = STUDY.with_(designs=(CROSSOVER,), municipalities=(12,))
    first, second = (power_tables(own, store(own, 0.03))[0] for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_towns_that_cannot_be_measured_are_left_out():
    own = STUDY.with_(designs=(PARALLEL,), municipalities=(12,))
    draws = Draws(own, own.points[0], store(own, missing=80))
    assert (draws.usable().sum(axis=1) == 18).all()
    assert draws.drawn()[1].min() >= 80
    assert np.isfinite(draws.run().estimates.effect).all()
    few = Draws(own, own.points[0], store(own, missing=90))
    with pytest.raises(VelfaerdError, match="only 8 municipalities"):
        few.run()


def rows(*each):
    names = ("design", "municipalities", "months", "n", "staff_hours", "power", "coverage")
    names += ("bias", "effect")
    return pd.DataFrame([dict(zip(names, row, strict=True)) for row in each])


CHEAP = (PARALLEL, 8, 24, 20, 1000.0, 0.6, 0.95, 0.0, 0.1)
GOOD = (PARALLEL, 16, 24, 20, 2000.0, 0.85, 0.95, 0.0, 0.1)
BEST = (PARALLEL, 24, 36, 20, 4000.0, 0.99, 0.85, -0.008, 0.1)
BIASED = (CROSSOVER, 8, 24, 20, 900.0, 0.99, 0.2, -0.07, 0.1)


@pytest.mark.parametrize(
    ("limit", "known", "verdict"),
    [
        (None, GOOD, ENOUGH),
        (3000.0, GOOD, ENOUGH),
        (1500.0, CHEAP, TOO_WEAK),
        (950.0, CHEAP, TOO_DEAR),
        (None, BEST, ENOUGH),
    ],
)
def test_the_cheapest_honest_design_that_is_strong_enough_is_recommended(limit, known, verdict):
    wanted = 0.9 if known is BEST else 0.8
    found = recommended(rows(BEST, BIASED, GOOD, CHEAP), Budget(limit, wanted))
    assert found.verdict == verdict
    assert tuple(found.row.values()) == known


def test_where_all_are_biased_none_is_called_good():
    assert recommended(rows(BIASED), Budget(None, 0.8)).verdict == DISHONEST


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"municipalities": (3,)}, "two municipalities"),
        ({"municipalities": (99,)}, "98 may take part"),
        ({"municipalities": (7,), "designs": (STEPPED_WEDGE,)}, "from 8 to 98"),
        ({"months": (6,), "designs": (STEPPED_WEDGE,)}, "a multiple of 12 months"),
        ({"months": (25,), "designs": (PARALLEL,)}, "a multiple of 3 months"),
        ({"timing": Timing(3, 4, 0, 0, 4)}, "multiple of the 3 months"),
        ({"timing": Timing(3, 0, 0, 0, 4)}, "from 3 to"),
        ({"timing": Timing(3, 3, 0, 0, 1)}, "from 2 to"),
        ({"timing": Timing(3, 3, 0, 6, 4)}, "fewer than the 6 months"),
        ({"timing": Timing(0, 3, 0, 0, 4)}, "design.every"),
        ({"survey": Survey("volunteers", "loneliness")}, "survey.question"),
        ({"survey": Survey("register", "motivation")}, "did you mean 'motivation_mean'"),
        ({"survey": Survey("register", "lonely_years_averted_per_1000")}, "survey.question"),
        ({"survey": Survey("citizens", "lonely", 0.5, (("lonelines", 1.0),))}, "'loneliness'"),
        ({"survey": Survey("citizens", "lonely", 1.0, (("known", 1.0),))}, "below 1"),
        ({"invited": (0,)}, "survey.invited"),
        ({"imitation": 1.5}, "imitation"),
        ({"analysis": "anova"}, "robust"),
        ({"budget": Budget(100.0)}, "at least 2232 hours"),
        ({"trials": 1}, "trials"),
    ],
)
def test_what_cannot_be_is_refused_in_words(changes, message):
    with pytest.raises(InputError, match=message):
        STUDY.with_(**changes)


def test_plain_values_give_the_same_study_again():
    assert TrialStudy.of(STUDY.scenario, STUDY.design()) == STUDY
