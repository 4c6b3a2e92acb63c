"""Published signs against total effects: one instrument moved, everything else let run.

Most arrows of the model have their sign by construction, those that the literature disputes either
sign; what comes out in the end goes by many paths and need have neither. A reading moves one
instrument of the status quo and follows the same people, or compares volunteers, or initiatives, of
one town with one another, as the study did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, YEAR, Regime
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.schema import FREE

MONTHS = 60
STEP = 0.3
"""How far an instrument is moved, up, on its scale from 0 to 1."""
NEEDS = ("autonomy", "competence", "relatedness")
ADULTS_FACTOR = 3
"""Staying is regressed on needs in a town so many times larger: it takes many volunteers."""

Array = NDArray[np.float64]


def moved(**changes: float) -> Regime:
    """The status quo with some instruments, or the gap, moved by so much, inside their limits."""
    base = REGIMES[STATUS_QUO]
    values = {
        name: min(1.0, max(0.0, (getattr(base, name) or 0.0) + change))
        for name, change in changes.items()
    }
    return replace(base, name=f"moved_{'_'.join(changes)}", **values)  # type: ignore[arg-type]


def _rates(simulation: Simulation) -> dict[str, float]:
    """Means over the last three of the five years."""
    rows = slice(simulation.scenario.burn_in_months + MONTHS - 36, None)
    total = simulation.tallies[:, rows]

    def ratio(above: str, below: str) -> float:
        bottom = float(total[below].sum())
        return float(total[above].sum()) / bottom if bottom else float("nan")

    return {
        "leaving": ratio("leaves", "volunteers"),
        "joining": 1000.0 * ratio("joins", "adults"),
        "exhaustion": ratio("exhaustion", "volunteers"),
        "satisfaction": ratio("satisfaction", "posts"),
    }


def read_signs(parameters: Mapping[str, float], adults: int, seed: int) -> dict[str, float]:
    """Differences to the status quo when one instrument is moved, by id of the pattern."""
    base = Simulation(
        load_scenario("baseline").with_(
            adults=adults, months=MONTHS, seed=seed, parameters=parameters
        )
    )
    gap = base.scenario.parameter_values()["espoused_gap"]
    regimes = {
        "rules": moved(rigidity=STEP),
        "clarity": moved(role_clarity=STEP),
        "recognition": moved(recognition=STEP),
        "training": moved(training=STEP),
        "gap": replace(REGIMES[STATUS_QUO], name="gap", espoused_gap=min(1.0, gap + STEP)),
    }
    usual = _after(base, REGIMES[STATUS_QUO])
    found = {name: _after(base, regime) for name, regime in regimes.items()}
    wanted = {
        "H8.rules_leaving": ("rules", "leaving"),
        "H8.rules_joining": ("rules", "joining"),
        "H8.rules_satisfaction": ("rules", "satisfaction"),
        "H8.clarity_exhaustion": ("clarity", "exhaustion"),
        "H8.recognition_leaving": ("recognition", "leaving"),
        "H8.training_leaving": ("training", "leaving"),
        "H8.gap_leaving": ("gap", "leaving"),
    }
    return {id: found[one][rate] - usual[rate] for id, (one, rate) in wanted.items()}


def _after(base: Simulation, regime: Regime) -> dict[str, float]:
    twin = base.fork(regime)
    twin.run(MONTHS)
    return _rates(twin)


def read_staying(parameters: Mapping[str, float], adults: int, seed: int) -> dict[str, float]:
    """What goes with what inside a larger town: needs and staying, motivation and hours, and so on.

    Standardised coefficients of a linear regression of staying a year on the three needs at once,
    over volunteers; correlations of motivation with hours given, over volunteers, and of the say
    that volunteers have with the quality of the work, over initiatives.
    """
    scenario = load_scenario("baseline").with_(
        adults=ADULTS_FACTOR * adults, months=YEAR, seed=seed, parameters=parameters
    )
    simulation = Simulation(scenario)
    before = _active(simulation)
    initiatives = simulation.population.initiatives
    running = initiatives[initiatives["running"] == 1].copy()
    needs = np.column_stack([before[name] for name in NEEDS])
    hours = before["contact_hours"]
    effort = _correlation(before["motivation"], hours)
    tenure = dict(zip(before["citizen"].tolist(), before["tenure_months"].tolist(), strict=True))
    simulation.run(YEAR)
    after = _active(simulation)
    months = dict(zip(after["citizen"].tolist(), after["tenure_months"].tolist(), strict=True))
    stayed = np.array([months.get(one, -1) >= since + YEAR for one, since in tenure.items()], float)
    autonomy, competence, relatedness = standardised_slopes(needs, stayed)
    return {
        "H8.competence_staying": competence,
        "H8.relatedness_staying": relatedness,
        "H8.autonomy_staying": autonomy - min(competence, relatedness),
        "H8.motivation_hours": effort,
        "H8.say_quality": _correlation(running["influence"], running["quality"]),
    }


def _active(simulation: Simulation) -> NDArray[np.void]:
    rows = simulation.population.volunteers
    found: NDArray[np.void] = rows[rows["citizen"] != FREE].copy()
    return found


def standardised_slopes(causes: Array, effect: Array) -> tuple[float, ...]:
    """Coefficients of a linear regression on several causes at once, all in standard deviations.

    causes: (persons, causes); effect: (persons,). NaN where something does not vary.
    """
    constant = effect.std() == 0.0 or bool((causes.std(axis=0) == 0.0).any())
    if len(effect) <= causes.shape[1] + 1 or constant:
        return tuple([float("nan")] * causes.shape[1])
    x = (causes - causes.mean(axis=0)) / causes.std(axis=0)
    y = (effect - effect.mean()) / effect.std()
    return tuple(float(slope) for slope in np.linalg.lstsq(x, y, rcond=None)[0])


def _correlation(one: Array, other: Array) -> float:
    if len(one) < 3 or one.std() == 0.0 or other.std() == 0.0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
