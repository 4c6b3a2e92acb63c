"""Rules of plugins in the place of the model's own: compiled, docked, kept apart, refused."""

import numpy as np
import pytest

import velfaerd_sim
from reference.model import ReferenceModel
from test_docking import same_citizens, same_roles, same_tallies, town_scenario
from velfaerd_sim import compiled, in_force
from velfaerd_sim.compiled import in_python
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import PARAMETER_DTYPE, record_type
from velfaerd_sim.measures.loneliness_scale import tils_scores
from velfaerd_sim.model.month import run_town
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.processes import matching, renewal
from velfaerd_sim.processes.volunteering import hours_given, leaving_probability

MONTHS = 6


def test_the_readable_reference_lives_by_the_same_rule(worked):
    velfaerd_sim.plugin(worked("leaving_by_habit"))
    simulation = Simulation(town_scenario(months=MONTHS))
    reference = ReferenceModel(simulation)
    for month in range(1, MONTHS + 1):
        simulation.run(1)
        reference.step()
        for m, town in enumerate(reference.towns):
            same_tallies(simulation, town, m, month)
            same_citizens(simulation.population, town, m)
            same_roles(simulation.population, town, m)
    assert simulation.tallies["leaves"].sum() > 0


def test_who_leaves_is_another_on_the_same_people(worked):
    scenario = town_scenario()
    plain = Simulation(scenario)
    with velfaerd_sim.plugin(worked("leaving_by_habit")):
        habit = Simulation(scenario)
        habit.run(24)
    plain.run(24)
    assert not np.array_equal(plain.ended, habit.ended)
    for column in ("age_band", "entered_month"):
        one, other = (getattr(each.population.citizens, column) for each in (plain, habit))
        assert np.array_equal(one, other)


def test_nothing_of_the_package_is_touched(worked):
    before = run_town.signatures, in_python(leaving_probability), record_type()
    assert record_type() == PARAMETER_DTYPE
    with velfaerd_sim.plugin(worked("leaving_by_habit")):
        assert compiled.cache_folder() != compiled.folder_of()
        assert in_python(leaving_probability) is not before[1]
        assert in_python(hours_given) is hours_given.py_func
        assert record_type().names[-3:] == (
            "habit_first_chance",
            "habit_months",
            "habit_last_chance",
        )
    assert (run_town.signatures, in_python(leaving_probability), record_type()) == before
    assert compiled.own_rules() == ""


ARGUMENTS = "motivation, factor, p"
RULE = """
@rule("volunteering.{name}"{more})
def own({arguments}):
    return {result}
"""


def refused_rule(write, **changes):
    given = {"name": "hours_given", "arguments": ARGUMENTS, "result": "1.0", "more": ""}
    with pytest.raises(InputError) as refused:
        velfaerd_sim.plugin(write(RULE.format(**given | changes)))
    assert in_force.active() == ()
    return str(refused.value)


KNOWN = """
from velfaerd_sim.plugins import rule

@rule("matching.known_change")
def nobody(known, lonely, u, rate_lonely, rate_others, forgotten):
    return False
"""
FATE = """
from velfaerd_sim.plugins import rule

@rule("renewal.fate")
def stays(own, shared, leave, leave_or_move, most, age):
    return 0
"""


@pytest.mark.parametrize(
    ("text", "loop"), [(KNOWN, matching.seek_block), (FATE, renewal.renew_block)]
)
def test_loops_that_count_no_references_call_the_rule_too(write, text, loop):
    with velfaerd_sim.plugin(write(text)):
        assert compiled._own.twin(loop) is not loop
        assert compiled._own.twin(loop).targetoptions["_nrt"] is False


def test_a_wrong_signature_is_refused_by_name(write):
    text = refused_rule(write, arguments="motivation, p")
    place = "plugin mine.py: rule volunteering.hours_given: '(motivation, p)' is not allowed"
    assert text == f"{place}; allowed: the arguments (motivation, factor, p)"


def test_an_unknown_rule_is_refused_with_the_nearest(write):
    assert "did you mean 'hours_given'?" in refused_rule(write, name="hours_give")
    assert "MODULE.NAME of a rule" in refused_rule(write, name="hours.given.twice")


def test_a_kernel_is_no_rule(write):
    assert "a rule of volunteering" in refused_rule(write, name="feel")


def test_a_rule_is_replaced_once(write):
    velfaerd_sim.plugin(
        write(RULE.format(name="hours_given", arguments=ARGUMENTS, result="1.0", more=""), "one")
    )
    other = RULE.format(name="hours_given", arguments=ARGUMENTS, result="2.0", more="")
    with pytest.raises(InputError, match="each rule replaced once"):
        velfaerd_sim.plugin(write(other, "two"))
    assert [each.name for each in in_force.active()] == ["one.py"]


@pytest.mark.parametrize("result", ["1.5", "0.0 / 0.0", "-0.25"])
def test_a_result_out_of_range_is_refused_in_python_form(write, result):
    arguments = "target, trait, p"
    text = RULE.format(name="own_target", arguments=arguments, result=result, more="")
    velfaerd_sim.plugin(write(text.replace("0.0 / 0.0", "float('nan')")))
    from velfaerd_sim.processes.volunteering import own_target

    with pytest.raises(InputError, match=r"rule volunteering\.own_target: .* from 0 to 1"):
        in_python(own_target)(0.5, 0.0, None)


def test_a_range_of_the_plugins_own_counts(write):
    more = ", low=0, high=5"
    velfaerd_sim.plugin(
        write(RULE.format(name="hours_given", arguments=ARGUMENTS, result="factor", more=more))
    )
    assert in_python(hours_given)(0.5, 4.0, None) == 4.0
    with pytest.raises(InputError, match=r"rule volunteering\.hours_given: .* from 0 to 5"):
        in_python(hours_given)(0.5, 6.0, None)


SCORE = RULE.replace("volunteering", "scale")


def test_compiled_code_refuses_a_result_out_of_range(write):
    text = SCORE.format(name="tils_score", arguments="loneliness", result="{}", more=", {}")
    ends = "low=3, high=9"
    loneliness = np.array([0.1, 0.9], np.float32)
    usual = tils_scores(loneliness)
    velfaerd_sim.plugin(write(text.format(ends, "3 + int(8 * loneliness)")))
    with pytest.raises(InputError, match=r"rule scale\.tils_score: .*a number from 3 to 9"):
        tils_scores(loneliness)
    velfaerd_sim.plugin(write(text.format(ends, "3 + int(6 * loneliness)")))
    assert tils_scores(loneliness).tolist() == [3, 8]
    in_force.let_be(())
    assert np.array_equal(tils_scores(loneliness), usual)


def test_code_that_numba_does_not_compile_is_named(write):
    text = SCORE.format(
        name="tils_score", arguments="loneliness", result="loneliness.no_such", more=""
    )
    velfaerd_sim.plugin(write(text))
    with pytest.raises(InputError, match=r"plugin mine\.py: 'its code' .* numba compiles"):
        tils_scores(np.array([0.5], np.float32))
