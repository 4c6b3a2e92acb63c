"""Small sweeps for the tests, and how their tables are compared."""

from __future__ import annotations

from typing import Any

import pandas as pd

from velfaerd_sim.inputs.factors import Factor
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.studies.sweep.study import SweepStudy


def small_study(size: int = 8, replicates: int = 2, **changes: Any) -> SweepStudy:
    """Two regimes of a very small town, two factors."""
    world = load_scenario("baseline").with_(adults=200, months=6, burn_in_months=3)
    return SweepStudy(
        name="small",
        scenario=world,
        regimes=tuple(map(load_timeline, ("rigid_rules", "facilitative_dialogue"))),
        factors=(Factor.of("drift_rate"), Factor.of("instrument.training.rigid_rules")),
        design=Design(kind="sobol", size=size),
        replicates=replicates,
        outcomes=("loneliness_mean", "retention_12m", "motivation_mean"),
        read_months=(3,),
    ).with_(**changes)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Equal row for row, apart from the time that a run took."""
    pd.testing.assert_frame_equal(
        one.drop(columns="seconds"), other.drop(columns="seconds"), check_exact=True
    )
