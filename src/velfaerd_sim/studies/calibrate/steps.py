"""The steps of a calibration: learn, draw and read the worlds, read the centre and the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from velfaerd_sim.inputs.parameters import PARAMETERS
from velfaerd_sim.statistics.normal_scores import rounded
from velfaerd_sim.studies.calibrate.observations import Array, Observed
from velfaerd_sim.studies.calibrate.plan import UNCERTAINTY, Calibration, names_of
from velfaerd_sim.studies.calibrate.plausibility import PARTLY_BELOW, JudgedSets, judge
from velfaerd_sim.studies.calibrate.requests import Course, course_of, wanted
from velfaerd_sim.studies.calibrate.rounds import Learned, Stage, learn, worlds

SPECIAL = "special"
DEFAULTS, MEDIAN, SUGGESTED = "defaults", "median", "suggested"
SPECIAL_WORLDS = (DEFAULTS, MEDIAN, SUGGESTED)
"""Parameter sets that are read beside the worlds: the table's defaults; the median of every
parameter; the suggested defaults."""
_SUGGESTED_DIGITS = 3


@dataclass(frozen=True)
class Found:
    """What a calibration found: what the rounds taught, the worlds, how well these fit.

    noise: standard deviation of a world's reading from seed to seed, on the transformed scale.
    special: parameters and readings of the sets beside the worlds, by name.
    """

    learned: Learned
    worlds: Stage
    noise: Array
    judged: JudgedSets
    special: Mapping[str, Mapping[str, Mapping[str, float]]]

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The rounds, and then the worlds."""
        return (*self.learned.stages, self.worlds)


def calibrated(calibration: Calibration, observed: Observed) -> Course[Found]:
    """All of a calibration."""
    settings = calibration.settings
    learned = yield from course_of(calibration, learn(settings, observed))
    last = yield from course_of(calibration, worlds(settings, learned))
    noise = noise_of_worlds(calibration, learned)
    judged = judge(observed, last, noise)
    special = yield from _special(calibration, last, judged)
    return Found(learned, last, noise, judged, special)


def noise_of_worlds(calibration: Calibration, learned: Learned) -> Array:
    """Standard deviation of a world's reading from seed to seed.

    Replicates are independent towns, so it falls with the root of their number.
    """
    smaller = calibration.replicates / calibration.final_replicates
    return np.asarray(learned.noise * np.sqrt(smaller))


def _special(
    calibration: Calibration, last: Stage, judged: JudgedSets
) -> Course[dict[str, dict[str, dict[str, float]]]]:
    """Parameters and readings of the sets beside the worlds, by name."""
    sets = special_worlds(calibration, last, judged)
    readings = yield [
        wanted(calibration, (last.number, SPECIAL, place), world)
        for place, world in enumerate(sets.values())
    ]
    names = names_of(calibration.targets)
    return {
        name: {
            "parameters": world,
            "readings": dict(zip(names, readings[place].tolist(), strict=True)),
        }
        for place, (name, world) in enumerate(sets.items())
    }


def special_worlds(
    calibration: Calibration, last: Stage, judged: JudgedSets
) -> dict[str, dict[str, float]]:
    """The parameters of the sets beside the worlds, by name.

    Suggested defaults follow from a rule: the posterior median with three digits where the figures
    say something about a parameter, the default of the table where they do not.
    """
    median = calibration.whole_world(np.median(last.scores, axis=0))
    defaults = {
        one.name: one.default for one in PARAMETERS if one.role == UNCERTAINTY or one.name in median
    }
    known = {
        name
        for name, spread in zip(calibration.free, judged.spread, strict=True)
        if spread < PARTLY_BELOW
    }
    fixed = dict(calibration.fixed)
    suggested = {
        name: rounded(name, median[name], _SUGGESTED_DIGITS)
        if name in known
        else fixed.get(name, value)
        for name, value in defaults.items()
    }
    return {DEFAULTS: defaults, MEDIAN: median, SUGGESTED: suggested}
