"""Whether a new study goes on with an old one."""

from __future__ import annotations

from dataclasses import replace

from velfaerd_sim.inputs.regimes import REGIMES, STATUS_QUO, Timeline
from velfaerd_sim.studies.sweep.designs import LATIN_HYPERCUBE, lost_points
from velfaerd_sim.studies.sweep.study import SweepStudy


def continuation_faults(old: SweepStudy, new: SweepStudy) -> tuple[str, ...]:
    """Why a new study does not go on with an old one, in words; nothing where it does.

    It goes on when replicates are raised or points added, and all else that counts is the same.
    """
    faults = []
    plain = Timeline.of(REGIMES[STATUS_QUO])
    worlds = [replace(study.scenario, timeline=plain).digest() for study in (old, new)]
    if worlds[0] != worlds[1]:
        faults.append("the scenario, its seed or a fixed parameter is another")
    regimes = [
        [replace(new.scenario, timeline=timeline).digest() for timeline in study.regimes]
        for study in (old, new)
    ]
    if regimes[0] != regimes[1]:
        faults.append("the regimes are others, or in another order")
    columns = [[factor.name for factor in study.factors] for study in (old, new)]
    if columns[0] != columns[1]:
        faults.append("other factors vary, or in another order")
    elif lost := lost_points(old.points, new.points):
        text = f"{len(old.points.ids)} points became {len(new.points.ids)}, and {', '.join(lost)} "
        faults.append(text + "and perhaps more are not among them" + _reason(old, new))
    if old.worlds != new.worlds:
        faults.append("the worlds are others")
    if old.readings != new.readings:
        faults.append("other outcomes are kept, or read at other months")
    if new.replicates < old.replicates:
        faults.append(f"{old.replicates} replicates became {new.replicates}")
    return tuple(faults)


def _reason(old: SweepStudy, new: SweepStudy) -> str:
    same = old.design.kind == new.design.kind == LATIN_HYPERCUBE and old.factors == new.factors
    return (
        ": a Latin hypercube of another size has other parameter sets throughout; a Sobol "
        "sequence can be extended"
        if same
        else ""
    )
