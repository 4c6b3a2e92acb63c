"""Outcomes and interventions of plugins: what they see, what they write, what is refused."""

import re

import numpy as np
import pytest

import velfaerd_sim
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.model.model import WelfareModel
from velfaerd_sim.model.simulation import Simulation

SMALL = {"adults": 300, "months": 6, "seed": 3}


def small(**changes):
    return load_scenario("baseline").with_(burn_in_months=6, **{**SMALL, **changes})


def test_an_outcome_is_what_a_count_by_hand_gives(worked):
    velfaerd_sim.plugin(worked("volunteers_over_65"))
    model = WelfareModel(small())
    model.run(6)
    people = model.snapshot("citizens")
    old = people["is_volunteer"] & people["age_band"].isin(["65-74", "75-84", "85+"])
    last = model.series().iloc[-1]
    assert old.sum() > 0
    assert last["volunteers_over_65_per_1000"] == pytest.approx(1000 * old.sum() / len(people))
    assert last["volunteers_over_65_share"] == pytest.approx(
        old.sum() / people["is_volunteer"].sum()
    )


def test_other_outcomes_do_not_move_by_a_bit(worked):
    plain = WelfareModel(small(regime="rigid_rules"))
    plain.run(6)
    with velfaerd_sim.plugin(worked("volunteers_over_65")):
        own = WelfareModel(small(regime="rigid_rules"))
        own.run(6)
        series = own.series()
    assert list(plain.series()) == list(series)[: len(plain.series().columns)]
    assert plain.series().equals(series[list(plain.series())])


def test_a_model_keeps_its_plugins_and_others_have_none(worked):
    with velfaerd_sim.plugin(worked("volunteers_over_65")):
        own = WelfareModel(small())
    assert "volunteers_over_65_share" not in NAMES
    own.run(3)
    with velfaerd_sim.plugin(worked("volunteers_over_65")):
        assert own.series()["volunteers_over_65_share"].notna().all()
    assert "volunteers_over_65_share" not in WelfareModel(small()).series()


def test_an_outcome_is_pooled_by_adults_or_summed(write):
    velfaerd_sim.plugin(
        write("""
@outcome(unit="number", label_en="Adults", label_da="Voksne", pooled="sum")
def adults_here(town):
    return len(town["citizens.age_band"])

@outcome(unit="months", label_en="Code", label_da="Kode")
def code_here(town):
    return town.code
""")
    )
    towns = load_scenario("denmark").towns[:2]
    simulation = Simulation(small(towns=towns, adults=300))
    simulation.run(2)
    adults = simulation.population.towns["adults"]
    found = simulation.measured(("adults_here", "code_here"), last=9, pooled=True)[0, -1]
    assert found[0] == adults.sum() == 300
    codes = simulation.population.towns["code"]
    assert found[1] == pytest.approx((codes * adults).sum() / adults.sum())


def test_an_intervention_gives_the_same_draws_under_every_regime(write):
    seen = write("""
import velfaerd_sim.errors
SEEN = velfaerd_sim.errors.SEEN = []

@intervention(writes={"volunteers.motivation": (0.2, 0.9)})
def nudge(town, write):
    who = town["volunteers.citizen"]
    SEEN.append((town.regime, town.month, dict(zip(who.tolist(), write.draws(who).tolist()))))
    write("volunteers.motivation", 0.9, write.draws(who) < 0.5)
""")
    velfaerd_sim.plugin(seen)
    base = Simulation(small())
    for regime in ("hands_off", "rigid_rules"):
        base.fork(regime).run(3)
    from velfaerd_sim import errors

    found = errors.SEEN
    del errors.SEEN
    assert [each[:2] for each in found] == [
        (regime, month) for regime in ("hands_off", "rigid_rules") for month in (0, 1, 2)
    ]
    for one, other in zip(found[:3], found[3:], strict=True):
        shared = one[2].keys() & other[2].keys()
        assert shared
        assert all(one[2][who] == other[2][who] for who in shared)
    first, second = found[0][2], found[1][2]
    assert any(first[who] != second[who] for who in first.keys() & second.keys())


def test_a_bonus_raises_competence_and_a_chance_of_nothing_changes_nothing(worked):
    plain = WelfareModel(small())
    plain.run(6)
    velfaerd_sim.plugin(worked("training_bonus"))
    assert BY_NAME["course_chance"].default == 0.1
    without = WelfareModel(small(parameters={"course_chance": 0.0}))
    with_it = WelfareModel(small(parameters={"course_chance": 1.0}))
    without.run(6)
    with_it.run(6)
    assert without.series().equals(plain.series())
    gain = with_it.series()["competence_mean"] - without.series()["competence_mean"]
    assert gain.iloc[0] == 0.0
    assert gain.iloc[-1] > 0.01


def test_what_a_view_shows_cannot_be_written(write):
    velfaerd_sim.plugin(
        write("""
@outcome(unit="share", label_en="X", label_da="X")
def spoiled(town):
    town["volunteers.motivation"][:] = 0.0
    return 0.5
""")
    )
    with pytest.raises(InputError, match=r"plugin mine\.py: outcome spoiled.*read-only"):
        Simulation(small())


def test_every_column_of_a_view_can_be_read(write):
    velfaerd_sim.plugin(
        write("""
@outcome(unit="number", label_en="X", label_da="X")
def columns_read(town):
    return sum(len(town[name]) >= 0 for name in town.columns)
""")
    )
    simulation = Simulation(small())
    assert simulation.measured(("columns_read",), last=7)[0, -1, 0] > 100


OUTCOME = """
@outcome(unit="share", label_en="X", label_da="X")
def mine_share(town):
    return {}
"""
REFUSED_IN_A_RUN = {
    "1.5": r"outcome mine_share: 1.5 is not allowed; allowed: a number from 0 to 1",
    "float('nan')": r"outcome mine_share: nan is not allowed",
    "'many'": r"outcome mine_share: 'many' is not allowed; allowed: a number",
    "1 / 0": r"outcome mine_share: 'its code' .*ZeroDivisionError",
    "town['volunteers.motivatio']": r"did you mean 'volunteers.motivation'",
}


@pytest.mark.parametrize("text", REFUSED_IN_A_RUN)
def test_a_wrong_value_is_refused_by_name(write, text):
    velfaerd_sim.plugin(write(OUTCOME.format(text)))
    with pytest.raises(InputError, match=REFUSED_IN_A_RUN[text]):
        Simulation(small())


def test_none_is_no_value(write):
    velfaerd_sim.plugin(write(OUTCOME.format("None")))
    simulation = Simulation(small())
    assert np.isnan(simulation.measured(("mine_share",), last=7)).all()


WRITES = """
@intervention(writes={{"volunteers.motivation": (0.2, 0.9)}})
def nudge(town, write):
    {}
"""
WRITTEN_WRONG = {
    'write("volunteers.motivation", 0.95)': r"nudge: volunteers.motivation: 0.95 .*0.2 to 0.9",
    'write("volunteers.motivation", float("nan"))': r"motivation: nan is not allowed",
    'write("volunteers.exhaustion", 0.5)': r"nudge: 'volunteers.exhaustion' is not allowed",
    'write("volunteers.motivation", [0.5, 0.5])': r"allowed: one number or \d+ numbers",
    'write("volunteers.motivation", 0.5, [100000])': r"motivation: who: .*rows from 0 to",
    'write("volunteers.motivation", 0.5, [True])': r"motivation: who: .*a truth value for each",
    "write.draws([-1])": r"draws: 'agents' is not allowed",
    "write.draws([1], 4)": r"draws: 4 is not allowed",
}


@pytest.mark.parametrize("text", WRITTEN_WRONG)
def test_a_wrong_write_is_refused_by_name(write, text):
    velfaerd_sim.plugin(write(WRITES.format(text)))
    simulation = Simulation(small())
    before = simulation.population.volunteers["motivation"].copy()
    with pytest.raises(InputError, match=r"plugin mine\.py: intervention") as refused:
        simulation.run(1)
    assert re.search(WRITTEN_WRONG[text], str(refused.value))
    assert np.array_equal(before, simulation.population.volunteers["motivation"])
