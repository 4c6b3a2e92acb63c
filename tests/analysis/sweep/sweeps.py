"""Frames as a sweep writes them, made from functions with known answers."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.words import Words

Array = NDArray[np.float64]
Rule = Callable[[Array, Array], Array]
"""Maps coordinates (points, parameters) and replicate numbers to values (points, replicates)."""


def sweep(
    x: Array,
    outcomes: Mapping[str, Mapping[str, Rule]],
    *,
    names: Sequence[str] | None = None,
    replicates: int = 1,
) -> pd.DataFrame:
    """Make the frame of a sweep over points x; outcomes[regime][name] is a rule."""
    names = names or [f"x{j + 1}" for j in range(x.shape[1])]
    number = np.arange(replicates, dtype=np.float64)
    parts = []
    for regime, rules in outcomes.items():
        part = pd.DataFrame(
            {
                "run_id": [f"{regime}-{k}" for k in range(len(x) * replicates)],
                "point_id": np.repeat(np.arange(len(x)), replicates),
                "replicate": np.tile(np.arange(replicates), len(x)),
                "seed": np.tile(np.arange(replicates) + 101, len(x)),
                "regime": regime,
                "status": "done",
                "message": "",
            }
        )
        for j, name in enumerate(names):
            part[f"parameter.{name}"] = np.repeat(x[:, j], replicates)
        for name, rule in rules.items():
            values = np.broadcast_to(rule(x, number), (len(x), replicates))
            part[f"outcome.{name}"] = values.reshape(-1)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def plain(function: Callable[[Array], Array]) -> Rule:
    """Make a rule of a function of the coordinates alone: no chance."""
    return lambda x, number: function(x)[:, None] + 0.0 * number


def noisy(function: Callable[[Array], Array], sd: float, seed: int = 1) -> Rule:
    """Make a rule of a function with independent Gaussian chance of the given size."""

    def rule(x: Array, number: Array) -> Array:
        chance = np.random.default_rng(seed).normal(0.0, sd, (len(x), len(number)))
        return function(x)[:, None] + chance

    return rule


def ishigami(x: Array, a: float = 7.0, b: float = 0.1) -> Array:
    """Ishigami's function of three coordinates in [-pi, pi]."""
    return np.asarray(
        np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
    )


def ishigami_indices(a: float = 7.0, b: float = 0.1) -> tuple[Array, Array]:
    """Its first-order and total indices, in closed form (Ishigami & Homma 1990)."""
    v1 = 0.5 * (1.0 + b * np.pi**4 / 5.0) ** 2
    v2 = a**2 / 8.0
    v13 = b**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = v1 + v2 + v13
    first = np.array([v1, v2, 0.0]) / variance
    total = np.array([v1 + v13, v2, v13]) / variance
    return first, total


def told(*findings):
    """What findings say in English, things by their names."""
    tell = Teller(Words("en", "findings"))
    return tell.sentence(*(fact for finding in findings for fact in finding.facts))


def about(finding):
    """What a finding is about in English, things by their names."""
    return Teller(Words("en", "findings")).sentence(finding.about)
