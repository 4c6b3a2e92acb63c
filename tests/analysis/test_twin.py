"""The twin: the same rules without persons, beside the model."""

from __future__ import annotations

import numpy as np
import pytest

from velfaerd_sim.analysis.twin.comparison import agreement, beside_agents, twin_levels
from velfaerd_sim.analysis.twin.months import OUTCOMES, twin_of
from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario

NAMES = [name for name in REGIMES if name != "crisis_mode"]


@pytest.fixture(scope="module")
def town() -> Scenario:
    return load_scenario("baseline").with_(adults=6000, months=60, seed=2)


def test_the_twin_is_settled_under_the_status_quo(town: Scenario) -> None:
    found = twin_of(town.with_(regime=STATUS_QUO), 120)
    assert found.shape == (120, len(OUTCOMES))
    assert np.isfinite(found).all()
    assert np.allclose(found[0], found[-1], rtol=0.02)


def test_without_governance_all_regimes_are_alike(town: Scenario) -> None:
    none = town.with_(parameters={"governance_strength": 0.0})
    found = twin_levels(none, NAMES)
    assert (found == found.iloc[0]).all(axis=None)


def test_the_twin_ranks_regimes_as_the_model_does(town: Scenario) -> None:
    """A check of both: two ways of working out the same rules."""
    found = agreement(beside_agents(town, NAMES, 3)).set_index("outcome")
    for outcome in ("motivation_mean", "volunteers_per_1000", "initiatives_per_1000"):
        assert found.loc[outcome, "correlation"] > 0.9, outcome
    assert found.loc["retention_12m", "correlation"] > 0.6
    assert found.loc["staff_hours_per_1000", "correlation"] > 0.9


def test_more_hours_for_talks_raise_kept_promises(town: Scenario) -> None:
    few, many = (
        twin_levels(
            town.with_(parameters={"hours_per_1000": hours, "espoused_gap": 0.0}),
            ["facilitative_dialogue"],
        )
        for hours in (6.0, 60.0)
    )
    assert many["motivation_mean"].iloc[0] > few["motivation_mean"].iloc[0]
