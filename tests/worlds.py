"""Small worlds and parameter sets that tests share."""

from functools import lru_cache

import numpy as np
from hypothesis import strategies as st

from velfaerd_sim.inputs.parameters import PARAMETERS, as_record
from velfaerd_sim.inputs.scenarios import Scenario, Town, load_scenario
from velfaerd_sim.model.simulation import Simulation

BASELINE = load_scenario("baseline")
FIGURES = ("towns", "departments", "staff", "initiatives", "volunteers", "participations")


def parameters(**values):
    """One record of parameters, the table's defaults but for the values named."""
    return as_record(values).view(np.recarray)[0]


def default_record(**values):
    """The same as compiled code takes it: an array of one record."""
    return as_record(values)


def drawn_values(seed):
    """Every parameter drawn from its range; a third of them at an end of it."""
    generator = np.random.default_rng(seed)
    ranks = generator.uniform(size=len(PARAMETERS))
    ends = generator.uniform(size=len(PARAMETERS)) < 1 / 3
    ranks[ends] = np.round(ranks[ends])
    return {p.name: p.quantile(rank) for p, rank in zip(PARAMETERS, ranks, strict=True)}


@lru_cache(maxsize=256)
def drawn_parameters(seed):
    return parameters(**drawn_values(seed))


shares = st.floats(0.0, 1.0)
any_parameters = st.integers(0, 255).map(drawn_parameters)
any_values = st.integers(0, 2**32 - 1).map(drawn_values)


def small(adults=400, **changes):
    """A small town of the baseline with a short burn-in."""
    changes = {"months": 24, "burn_in_months": 12} | changes
    return BASELINE.with_(adults=adults, **changes)


def several_towns(sizes=(300, 700, 120, 450), kinds=None, **changes):
    """Some towns with unlike numbers of adults, reviewing their policy every year."""
    kinds = kinds or ("capital", "rural", "commuter", "large_city", "rural")
    towns = tuple(
        Town(code=100 + 7 * n, name=f"Town {n}", kind=kinds[n % len(kinds)], adults=adults)
        for n, adults in enumerate(sizes)
    )
    settings = {
        "months": 24,
        "burn_in_months": 12,
        "policy_review": True,
        "local_variation": True,
    }
    return Scenario(name="several", towns=towns, **(settings | changes))


@lru_cache(maxsize=8)
def settled_town(adults=2000, seed=1):
    """A town after the burn-in of the baseline; take a fork of it, never itself."""
    return Simulation(BASELINE.with_(adults=adults, seed=seed))


def settled(adults=2000, seed=1):
    """A copy of a town after the burn-in, which the test may change."""
    return settled_town(adults, seed).fork()


def arrays_of(population):
    """Every array of a population by name."""
    found = {name: getattr(population, name) for name in FIGURES}
    for group in ("citizens", "ties", "records"):
        columns = getattr(population, group)._asdict()
        found |= {f"{group}.{name}": column for name, column in columns.items()}
    return found


def same_bits(one, other):
    """Whether two arrays hold the same bits, whatever stands between their fields."""
    if one.dtype.names:
        return one.shape == other.shape and all(
            one[name].tobytes() == other[name].tobytes() for name in one.dtype.names
        )
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def differences(one, other):
    """Names of what is not the same to the bit in the state and the past of two simulations."""
    found = []
    first, second = arrays_of(one.population), arrays_of(other.population)
    for name in first:
        if not same_bits(first[name], second[name]):
            found.append(name)
    for name in ("tallies", "at_risk", "ended"):
        if not same_bits(getattr(one, name), getattr(other, name)):
            found.append(name)
    return found


def tenures_by_month(simulation, months):
    """Tenure of every volunteer by person: now, and at the end of each of the months run."""
    found = []
    for month in range(months + 1):
        if month > 0:
            simulation.run(1)
        rows = simulation.population.volunteers
        rows = rows[rows["citizen"] >= 0]
        tenures = rows["tenure_months"].tolist()
        found.append(dict(zip(rows["citizen"].tolist(), tenures, strict=True)))
    return found
