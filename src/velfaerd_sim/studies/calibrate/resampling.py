"""Resampling: sets that were dropped at the end are drawn anew between plausible ones, and read.

A line between two plausible sets mostly runs through plausible ones, and where it does not the
reading says so: what is drawn is read and judged like every other set.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.plausibility import judge
from velfaerd_sim.studies.calibrate.smoother import (
    FINAL,
    Asking,
    Request,
    Settings,
    Stage,
    neighbour,
)

FIRST_ATTEMPT = 100
"""Attempts from this on are resampled sets; lower ones replace readings that failed."""
_LEAST_SHARE = 0.1
"""With fewer plausible sets there is nothing to draw between."""


def resample(settings: Settings, observed: Observed, last: Stage, rounds: int) -> Asking[Stage]:
    """The last stage with dropped members drawn anew, round by round, as long as there are some.

    Whatever is read last of a member counts, plausible or not.
    """
    stage = last
    for turn in range(rounds):
        kept = judge(observed, stage).kept
        dropped = np.flatnonzero(~kept)
        if not len(dropped) or kept.mean() < _LEAST_SHARE:
            break
        scores, readings = stage.scores.copy(), stage.readings.copy()
        requests = []
        for i in dropped:
            member, attempt = int(stage.members[i]), FIRST_ATTEMPT + turn
            draw = np.random.default_rng([settings.seed, 4, stage.number, member, attempt])
            scores[i] = neighbour(draw, stage.scores[i], stage.scores[kept])
            requests.append(Request(stage.number, FINAL, member, attempt, scores[i]))
        found = yield requests
        good = np.isfinite(found).all(axis=1)
        readings[dropped[good]] = found[good]
        scores[dropped[~good]] = stage.scores[dropped[~good]]
        refilled = stage.refilled + int(good.sum())
        anew = {*stage.drawn_anew, *stage.members[dropped[good]].tolist()}
        stage = replace(
            stage,
            scores=scores,
            readings=readings,
            refilled=refilled,
            drawn_anew=tuple(sorted(anew)),
        )
    return stage
