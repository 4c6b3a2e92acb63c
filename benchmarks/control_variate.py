"""Whether the twin pays as a control variate over worlds: `python benchmarks/control_variate.py`.

The mean effect of a regime over all worlds can be taken from the effects in some of them, less what
the twin says those worlds lie off the mean of all. That leaves 1 - r^2 of the variance between
worlds, r: the correlation of both effects over worlds. It pays where the twin's lives, in all
worlds, take less time than the runs that they save. Prints the table of docs/explain/twin.md; some
minutes.
"""

from __future__ import annotations

import time

import numpy as np

from velfaerd_sim import compare
from velfaerd_sim.analysis.twin.months import OUTCOMES, twin_of
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.inputs.worlds import Worlds

REGIMES = ("municipal_baton", "facilitative_dialogue", "clear_roles_no_rigid_rules", "hands_off")
TOLD = ("motivation_mean", "volunteers_per_1000", "retention_12m")
WORLDS, REPLICATES, MONTHS = 100, 2, 60


def main() -> None:
    """Run model and twin in the same worlds; print the variance that is left, and the times."""
    scenario = load_scenario("baseline").with_(months=MONTHS)
    worlds = Worlds("sample", tuple(Worlds.load("plausible").sample(WORLDS, 1)))
    compare(REGIMES, scenario, replicates=1, adults=200, workers=1)  # compiles what is not compiled
    twin_of(scenario)
    begun = time.process_time()
    found = compare(REGIMES, scenario, worlds=worlds, replicates=REPLICATES, workers=1).worlds
    runs = time.process_time() - begun
    begun = time.process_time()
    lives = {
        regime: np.stack(
            [
                twin_of(scenario.with_(parameters=each.parameters, regime=load_timeline(regime)))
                for each in worlds
            ]
        )[:, -12:].mean(axis=1)
        for regime in REGIMES
    }
    twins = time.process_time() - begun
    assert found is not None
    print("| outcome | regime, against the status quo | variance between worlds that is left |")
    print("| --- | --- | --- |")
    for outcome in TOLD:
        column = OUTCOMES.index(outcome)
        for regime in REGIMES[1:]:
            rows = found[(found["outcome"] == outcome) & (found["regime"] == regime)]
            effects = rows.sort_values("draw")["difference"].to_numpy(np.float64)
            twin = (lives[regime] - lives[REGIMES[0]])[:, column]
            there = np.isfinite(effects)
            r = np.corrcoef(effects[there], twin[there])[0, 1]
            print(f"| `{outcome}` | `{regime}` | {1.0 - r * r:.2f} |")
    count = len(REGIMES) * WORLDS
    print(
        f"a run of {scenario.adults} adults: {1e3 * runs / count / REPLICATES:.0f} ms, "
        f"a life of the twin: {1e3 * twins / count:.0f} ms"
    )


if __name__ == "__main__":
    main()
