"""Surveys of a simulation: volunteers as the rule of leaving sees them, expected starts."""

import numpy as np
import pytest

from velfaerd_sim.measures import volunteer_survey
from velfaerd_sim.model import surveys
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE
from velfaerd_sim.population.traits import opening_rate
from velfaerd_sim.processes.initiatives import opening_factor
from velfaerd_sim.processes.volunteering import leaving_probability
from worlds import BASELINE, settled, several_towns


def logit(p):
    return np.log(p / (1 - p))


def test_every_volunteer_is_asked_in_the_present_state():
    simulation = Simulation(several_towns(sizes=(600, 300, 900)))
    asked = surveys.volunteers_now(simulation)
    state, p = simulation.population, simulation.parameters
    n = 0
    for m, town in enumerate(state.towns):
        first = town["first_volunteer"]
        for row in state.volunteers[first : first + town["volunteer_slots"]]:
            if row["citizen"] == FREE:
                continue
            ini = state.initiatives[town["first_initiative"] + row["initiative"]]
            chance = leaving_probability(
                row["motivation"],
                row["controlled_motivation"],
                row["exhaustion"],
                row["ownership"],
                ini["strain"],
                row["felt_bureaucracy"],
                max(6, row["tenure_months"]),
                row["friends"] / (row["friends"] + p["friends_half_effect"]),
                ini["left"],
                state.departments[5 * m + ini["department"]]["rigidity"],
                state.departments[5 * m + ini["department"]]["training"],
                p,
            )
            assert asked.leaving_log_odds[n] == pytest.approx(logit(chance))
            assert (asked.town[n], asked.citizen[n]) == (m, row["citizen"])
            assert asked.felt[n] == (row["felt_bureaucracy"] == 1.0)
            assert asked.autonomous[n] == row["motivation"]
            assert asked.controlled[n] == row["controlled_motivation"]
            n += 1
    assert n == len(asked.town) == state.towns["volunteers"].sum() > 20


def test_being_new_does_not_count():
    simulation = settled()
    simulation.population.volunteers["tenure_months"] = 6
    before = surveys.volunteers_now(simulation).leaving_log_odds
    simulation.population.volunteers["tenure_months"] = 0
    assert np.array_equal(surveys.volunteers_now(simulation).leaving_log_odds, before)


def test_answers_are_scores_above_the_threshold_with_the_persons_own_noise():
    simulation = settled()
    asked = surveys.volunteers_now(simulation)
    scores, said = surveys.intentions(simulation, asked)
    code = int(simulation.population.towns["code"][0])
    own = volunteer_survey.own_noise(1, code, 60, asked.citizen)
    noise, threshold = (simulation.parameters[f"intention_{n}"] for n in ("noise", "threshold"))
    assert scores == pytest.approx(noise * own - asked.leaving_log_odds)
    assert np.array_equal(said, scores > threshold)
    chances = volunteer_survey.continuing_chances(asked.leaving_log_odds, noise, threshold)
    error = np.sqrt(np.sum(chances * (1 - chances))) / len(said)
    assert abs(said.mean() - chances.mean()) < 4.5 * error


def test_half_say_to_continue_at_the_middle_score_and_fewer_above_it():
    simulation = settled()
    asked = surveys.volunteers_now(simulation)
    scores, _ = surveys.intentions(simulation, asked)
    values = simulation.scenario.parameter_values()
    shares = []
    for rank in (0.0, 0.5, 1.0):
        threshold = float(np.quantile(scores, rank))
        simulation.take_values(values | {"intention_threshold": threshold})
        shares.append(surveys.intentions(simulation, asked)[1].mean())
    assert shares[0] > 0.9
    assert shares[1] == pytest.approx(0.5, abs=1 / len(scores))
    assert shares[2] == 0.0


def test_a_town_answers_alike_alone_and_among_others():
    scenario = several_towns(sizes=(600, 300, 900), policy_review=False)
    together = Simulation(scenario)
    alone = Simulation(scenario.with_(towns=scenario.towns[1:2]))
    everyone, few = (surveys.volunteers_now(one) for one in (together, alone))
    here = everyone.town == 1
    assert np.array_equal(everyone.leaving_log_odds[here], few.leaving_log_odds)
    found = surveys.intentions(together, everyone)[0][here]
    assert np.array_equal(found, surveys.intentions(alone, few)[0])


def test_expected_starts_are_what_the_rule_makes_of_the_month():
    simulation = settled()
    tally = simulation.tallies[0, simulation.scenario.burn_in_months]
    state, p = simulation.population, simulation.parameters
    department = state.departments[0]
    room = 1.0 - tally["initiatives"] / state.towns["initiative_slots"][0]
    expected = [
        room
        * opening_rate(route, p)
        * opening_factor(
            route,
            tally["capacity"],
            department["enacted_dialogue"],
            department["openness"],
            department["rigidity"],
            tally["ownership"] / tally["volunteers"],
            p,
        )
        for route in range(6)
    ]
    assert surveys.start_rates(simulation, months=1)[0] == pytest.approx(expected)


def test_what_starts_is_what_was_expected():
    """Starts of three years in 20 towns against their expectation, within 4.5 standard errors."""
    towns = several_towns(sizes=(2500,) * 20, kinds=("provincial_city",), local_variation=False)
    simulation = Simulation(towns.with_(policy_review=False, burn_in_months=60))
    records = simulation.population.records
    fond = records.attitude.reshape(20, 5, 6).sum(axis=1) * 0.5  # thousands of adults by attitude
    expected = (3.0 * surveys.start_rates(simulation) * fond).sum(axis=0)
    found = records.route_starts.sum(axis=(0, 1))
    assert np.all(np.abs(found - expected) < 4.5 * np.sqrt(expected))
    assert found.sum() > 100


def test_every_town_has_its_own_rates():
    scenario = several_towns(sizes=(500, 4000), policy_review=False)
    rates = surveys.start_rates(Simulation(scenario))
    assert rates.shape == (2, 6)
    alone = Simulation(scenario.with_(towns=scenario.towns[1:]))
    assert np.array_equal(surveys.start_rates(alone)[0], rates[1])


def test_nothing_is_changed_by_asking():
    simulation = settled()
    before = simulation.population.volunteers.copy()
    surveys.intentions(simulation, surveys.volunteers_now(simulation))
    surveys.start_rates(simulation)
    assert before.tobytes() == simulation.population.volunteers.tobytes()


def test_a_town_without_volunteers_or_initiatives_can_be_asked():
    changes = {"initial_volunteer_share": 0.0, "initial_initiatives_per_1000": 1.0}
    scenario = BASELINE.with_(adults=50, burn_in_months=0, parameters=changes)
    simulation = Simulation(scenario)
    simulation.population.volunteers["citizen"] = FREE
    assert len(surveys.volunteers_now(simulation).town) == 0
    simulation.run(1)
    assert np.isfinite(surveys.start_rates(simulation)).all()
