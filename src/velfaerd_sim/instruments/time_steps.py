"""The model at other time steps: would the answer be another with half a month, or two, a step.

The code knows steps; the parameters say how long they are. Each parameter with a time in its unit
is converted so that several short steps do what one month did; nothing in the code is changed. What
cannot be converted is said in STAYS.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.measures import outcomes
from velfaerd_sim.measures.retention import kaplan_meier
from velfaerd_sim.model.simulation import Simulation

Array = NDArray[np.float64]
STEPS_PER_MONTH = (0.5, 1.0, 2.0)
"""Two months, one month and half a month a step."""

FEEDS = {
    "contagion_strength": "set_point_rate",
    "contact_effect": "set_point_rate",
    "own_benefit": "set_point_rate",
    "life_event_probability": "set_point_rate",
    "ties_rate": "ties_decay_rate",
    "fit_from_dialogue": "drift_rate",
    "fit_from_review": "drift_rate",
    "skill_from_training": "skill_decay_rate",
    "skill_from_dialogue": "skill_decay_rate",
    "known_rate_lonely": "forgotten_rate",
    "known_rate_others": "forgotten_rate",
}
"""What feeds a stock -> the rate at which the stock goes back: both shrink alike."""

HOURS = tuple(one.name for one in PARAMETERS if one.unit.startswith("hours "))
"""Flows a month that are only ever divided by one another: the same at every step."""

QUESTIONS = ("collaborations_followed", "intention_threshold", "dialogue_before_start_share")
"""They belong to questionnaires, or to a first year of twelve steps, and are not compared."""

BY_RENEWAL = ("moving_rate",)
"""Flows of renewal, which the pace of renewal makes slower or faster altogether."""

LIMITS = ("newcomer_months", "idle_months_to_closing")
"""Limits in months that stay as many steps, see STAYS."""

STAYS = ("newcomers", "closing", "memories", "waiting", "hours", "chances")
"""What is not, or not fully, converted; the words stand in the catalogue.

The six months in which a newcomer leaves more easily are six steps, with an excess so that as many
leave by it; an initiative without volunteers closes after six steps; heads of department remember
36 steps; what one process leaves for another waits until the next step; hours are flows a month, of
which only ratios count; several chances of one step exclude one another.
"""


def converted(values: Mapping[str, float], steps: float) -> dict[str, float]:
    """Parameters for so many steps a month, from those for months.

    Rates of approach and chances r become 1 - (1 - r)^(1/steps), persistence p becomes p^(1/steps),
    what feeds a stock shrinks as the rate at which the stock goes back, noise keeps the variance of
    loneliness, log odds of events move by -ln(steps), starts a year are divided, months multiplied.
    The log odds of strain keep the mean of its memory instead. Values may leave the ranges of the
    table. Raises InputError unless steps is above 0.
    """
    if not steps > 0.0:
        raise InputError("steps per month", steps, "a number above 0")
    result = dict(values)
    for parameter in PARAMETERS:
        name, value = parameter.name, values[parameter.name]
        if name in (*QUESTIONS, *LIMITS, *BY_RENEWAL):
            continue
        if name in FEEDS:
            result[name] = value * _share(values[FEEDS[name]], steps)
        elif parameter.unit == "per month" and name != "loneliness_noise":
            result[name] = _rate(value, steps)
        elif parameter.unit.startswith(("per year", "years of age a year", "starts a year")):
            result[name] = value / steps
        elif parameter.unit == "share per month":
            result[name] = value ** (1.0 / steps)
        elif parameter.unit == "log odds per month":
            result[name] = value - math.log(steps)
        elif parameter.unit == "months":
            result[name] = value * steps
    memory = values["strain_persistence"]
    kept = (1.0 - memory ** (1.0 / steps)) / (1.0 - memory)
    result["strain_log_odds"] = values["strain_log_odds"] + math.log(kept)
    stay = 1.0 - values["set_point_rate"]
    spread = (1.0 - stay ** (2.0 / steps)) / (1.0 - stay**2) if stay < 1.0 else 1.0 / steps
    result["loneliness_noise"] = values["loneliness_noise"] * math.sqrt(spread)
    excess = math.expm1(values["leaving_newcomer"])
    result["leaving_newcomer"] = math.log1p(steps * excess)
    return result


def _rate(value: float, steps: float) -> float:
    """The rate or chance a step of one a month."""
    return 1.0 - math.pow(1.0 - value, 1.0 / steps)


def _share(value: float, steps: float) -> float:
    """What is left of a rate by conversion, as a share of it."""
    return _rate(value, steps) / value if value > 0.0 else 1.0 / steps


def stepped(scenario: Scenario, steps: float = 1.0) -> Simulation:
    """The simulation of a scenario after its burn-in, at so many steps a month.

    Its rows are steps. With steps = 1 it is `Simulation(scenario)` to the bit. Raises InputError
    for a scenario with shocks, policy reviews or a change of regime: those know months only.
    """
    if steps == 1.0:
        return Simulation(scenario)
    if scenario.shocks or scenario.policy_review or scenario.timeline.single() is None:
        raise InputError("scenario", scenario.name, "one regime, no shocks and no policy review")
    rows = round(scenario.burn_in_months * steps)
    changed = scenario.with_(burn_in_months=rows, months=max(1, round(scenario.months * steps)))
    simulation = Simulation(changed, burn_in=False)
    simulation.take_values(converted(scenario.parameter_values(), steps))
    simulation.run(rows)
    return simulation


def read(simulation: Simulation, names: tuple[str, ...], steps: float = 1.0) -> Array:
    """Outcomes of a simulation over its last year, municipalities pooled; float64 (outcomes,).

    Levels: the mean over the year. retention_12m: Kaplan-Meier over the year and twelve months of
    tenure. lonely_years_averted_per_1000: summed from month 0. Raises InputError for an outcome
    whose definition counts steps in another way.
    """
    for name in names:
        kind = outcomes.named(name).kind
        own = ("retention_12m", "lonely_years_averted_per_1000")
        if kind not in (outcomes.LEVEL, outcomes.FLOW) and name not in own:
            raise InputError("outcome", name, "a level, or one of " + ", ".join(own))
    start = simulation.scenario.burn_in_months
    last = min(round(YEAR * steps), max(1, simulation.month))
    ran = start + simulation.month + 1
    series = simulation.measured(names, last=ran, pooled=True)[0]
    result = np.empty(len(names))
    for k, name in enumerate(names):
        if name == "retention_12m":
            tenures = round(YEAR * steps)
            ledgers = simulation.at_risk, simulation.ended
            at_risk, ended = (
                table[:, :ran].sum(axis=0)[-last:, :tenures].sum(axis=0) for table in ledgers
            )
            result[k] = kaplan_meier(at_risk, ended).share[-1]
        elif outcomes.named(name).kind == outcomes.CUMULATIVE:
            result[k] = series[-1, k] / steps
        else:
            known = series[-last:, k][np.isfinite(series[-last:, k])]
            result[k] = known.mean() if len(known) else np.nan
    return result
