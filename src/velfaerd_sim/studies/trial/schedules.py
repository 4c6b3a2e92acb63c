"""Schedules: which towns change their governance when, and what each of them lives under.

A town's life is a path of doses: from a month on, so much of the way from the control regime to the
intervention. Lives that are alike in several designs are run once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.regimes import Phase, Regime, Timeline, blend

PARALLEL, STEPPED_WEDGE, CROSSOVER = "parallel", "stepped_wedge", "crossover"
DESIGNS = (PARALLEL, STEPPED_WEDGE, CROSSOVER)
Path: TypeAlias = tuple[tuple[int, float], ...]
"""Months and the dose that is in force after each; the first is month 0."""
CONTROL: Path = ((0, 0.0),)


@dataclass(frozen=True)
class Timing:
    """When things happen, in months.

    every: between measurements; baseline: before the first town changes; implementation: until a
    change is fully in force; settling: after a change of a town, in which its measurements are
    left out of the analysis; steps: groups of a stepped wedge.
    """

    every: int
    baseline: int
    implementation: int
    settling: int
    steps: int


@dataclass(frozen=True)
class Schedule:
    """A design over so many months from the first change on, with spill-over by imitation.

    imitation: the share of the way to the intervention that a town goes which is not in it, where
    all others are; in proportion where some are.
    """

    design: str
    months: int
    timing: Timing
    imitation: float = 0.0
    switches: tuple[tuple[int, ...], ...] = field(init=False)
    """By sequence: the months after which it changes over, first to the intervention."""

    def __post_init__(self) -> None:
        start, steps = self.timing.baseline, self.timing.steps
        if self.design == PARALLEL:
            found: tuple[tuple[int, ...], ...] = ((), (start,))
        elif self.design == STEPPED_WEDGE:
            found = tuple((start + step * self.months // steps,) for step in range(steps))
        else:
            middle = start + self.months // 2
            found = (start, middle), (middle,)
        object.__setattr__(self, "switches", found)

    @property
    def measured(self) -> tuple[int, ...]:
        """The months at whose end is measured."""
        every, last = self.timing.every, self.timing.baseline + self.months
        return tuple(range(every, last + 1, every))

    def on(self, sequence: int, month: int) -> bool:
        """Whether a sequence is in the intervention in the month after this one."""
        return sum(switch <= month for switch in self.switches[sequence]) % 2 == 1

    def treated(self) -> NDArray[np.float64]:
        """Who is in the intervention when it is measured, float64 (sequences, periods)."""
        found = [
            [self.on(s, month - 1) for month in self.measured] for s in range(len(self.switches))
        ]
        return np.array(found, np.float64)

    def used(self) -> NDArray[np.bool_]:
        """Which measurements are analysed, bool (sequences, periods)."""
        settling = self.timing.settling
        found = [
            [not any(0 < month - switch <= settling for switch in own) for month in self.measured]
            for own in self.switches
        ]
        return np.array(found, np.bool_)

    def lives(self) -> tuple[Path, ...]:
        """What the towns of each sequence live under."""
        changes = sorted({0, *(switch for own in self.switches for switch in own)})
        count = len(self.switches)
        paths = []
        for sequence in range(count):
            path: list[tuple[int, float]] = []
            for month in changes:
                on = [self.on(other, month) for other in range(count)]
                dose = 1.0 if on[sequence] else self.imitation * sum(on) / count
                if not path or path[-1][1] != dose:
                    path.append((month, dose))
            paths.append(tuple(path) if path[0][0] == 0 else (*CONTROL, *path))
        return tuple(paths)

    def sizes(self, municipalities: int) -> NDArray[np.int64]:
        """How many towns follow each sequence: as even as can be, the first ones more."""
        count = len(self.switches)
        whole, rest = divmod(municipalities, count)
        return np.array([whole + (s < rest) for s in range(count)], np.int64)


def name_of(path: Path) -> str:
    """A life in a word: '0:0 12:1' is the intervention after twelve months."""
    return " ".join(f"{month}:{dose:g}" for month, dose in path)


def timeline_of(path: Path, control: Regime, intervention: Regime, implementation: int) -> Timeline:
    """The governance of a life. Raises InputError where only one regime has an espoused gap."""
    phases = [Phase(0, control)]
    for (_, before), (month, dose) in pairwise((CONTROL[0], *path)):
        if dose != before:
            phases.append(Phase(month + 1, _mixed(control, intervention, dose), implementation))
    return Timeline(name_of(path), tuple(phases))


def _mixed(control: Regime, intervention: Regime, dose: float) -> Regime:
    if dose in (0.0, 1.0):
        return intervention if dose else control
    return blend(control, intervention, dose, f"dose {dose:g}")
