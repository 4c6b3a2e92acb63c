"""A small choice: what regimes bring in twelve worlds, drawn from a seed."""

from collections.abc import Sequence

import numpy as np

from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.surveys import Survey
from velfaerd_sim.inputs.worlds import World, Worlds
from velfaerd_sim.studies.value.decision import Decision

SURVEYS = tuple(
    Survey(name, kind, name, name, municipalities=1, adults=500, people=10, months=1)
    for name, kind in (("asked", "volunteers"), ("panel", "panel"))
)
NAMES = ("contagion_strength", "life_event_probability", "dropout_rate")


def small_decision(
    scenario: Scenario, regimes: Sequence[str], worlds: int = 12, replicates: int = 2
) -> Decision:
    """A decision whose first parameter decides which of two regimes is better."""
    draws = np.random.default_rng(7)
    ranks = draws.random((worlds, len(NAMES)))
    values = [[BY_NAME[n].quantile(u) for n, u in zip(NAMES, row, strict=True)] for row in ranks]
    world = np.repeat(np.arange(worlds), replicates)
    gain = 10.0 * (ranks[world, 0] - 0.4) + draws.normal(0.0, 0.1, len(world))
    chance = draws.normal(0.0, 1.0, len(world))
    reached = np.stack([chance, chance + gain], axis=1)
    return Decision(
        {"kind": "compare", "name": "small", "fingerprint": "0" * 64, "model_digest": None},
        "lonely_years_averted_per_1000",
        scenario,
        tuple(map(load_timeline, regimes)),
        Worlds(
            "small",
            tuple(
                World(k, 1.0 / worlds, dict(zip(NAMES, row, strict=True)))
                for k, row in enumerate(values)
            ),
        ),
        world.astype(np.int64),
        None,
        reached,
        np.stack([np.full(len(world), 2.0), np.full(len(world), 3.0)], axis=1),
    )
