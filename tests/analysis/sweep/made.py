"""Studies with their true designs, and outcomes that are made up, not simulated."""

import numpy as np

from analysis.sweep import sweeps
from velfaerd_sim.inputs.factors import Factor
from velfaerd_sim.inputs.regimes import REGIMES, Timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.studies.sweep.study import SweepStudy

FACTORS = (
    Factor.of("hours_per_1000", low=4, high=64),
    Factor.of("espoused_gap"),
    Factor.of("drift_rate"),
)


def studied(kind, replicates=3, regimes=("rigid_rules", "facilitative_dialogue"), **options):
    """Make a study and its frame: dialogue is ahead where hours are many and promises are kept."""
    study = SweepStudy(
        name="made_up",
        scenario=load_scenario("baseline"),
        regimes=tuple(Timeline.of(REGIMES[name]) for name in regimes),
        factors=FACTORS,
        design=Design(kind=kind, **options),
        replicates=replicates,
        outcomes=("retention_12m", "staff_hours_per_1000"),
    )
    first = dict(zip(study.points.ids, study.points.values, strict=True))
    x = np.array(list(first.values()))

    def ahead(x):
        return np.where((x[:, 0] > 30.0) & (x[:, 1] < 0.5), 0.2, -0.1) + 0.001 * x[:, 0]

    hours = sweeps.plain(lambda x: x[:, 0])
    rules = {
        "rigid_rules": {
            "retention_12m": sweeps.noisy(lambda x: 0.5 + 0.0 * x[:, 0], 0.01, 1),
            "staff_hours_per_1000": hours,
        },
        "facilitative_dialogue": {
            "retention_12m": sweeps.noisy(lambda x: 0.5 + ahead(x), 0.01, 2),
            "staff_hours_per_1000": sweeps.plain(lambda x: 1.2 * x[:, 0]),
        },
    }
    chosen = {name: rules[name] for name in regimes}
    frame = sweeps.sweep(x, chosen, names=study.points.names, replicates=replicates)
    frame["point_id"] = np.array(list(first))[frame["point_id"].to_numpy()]
    return frame, study
