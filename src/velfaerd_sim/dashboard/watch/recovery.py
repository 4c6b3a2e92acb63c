"""Who recovered from loneliness for good, and what did it: a fall taken apart by its causes.

A recovery counts where it lasts: lonely in most months of a year, and in none of the year that
follows. A month moves loneliness by a sum of terms, and draws every deviation from the person's
own level back at a fixed rate; so what each term has done by a later month adds up exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from velfaerd_sim.dashboard.watch.frames import PARTICIPANT_BIT, SCORE_BITS, TownFrame
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.scale import HIGHEST, LONELY_FROM, LOWEST
from velfaerd_sim.population.schema import ONE_TO_ONE

LASTING = YEAR
"""Months without loneliness from which on it counts as a recovery."""
LONELY_BEFORE = YEAR // 2
"""Months of the year before in which the person was lonely at least."""
STEPS = HIGHEST - LOWEST + 1
"""Points of the T-ILS scale to a loneliness of 1."""

COMPANION, GROUP, TIES, VOLUNTEERING, DRIFT, CHANCE = CAUSES = (
    *("companion", "group", "ties", "volunteering", "drift", "chance"),
)
"""What moves loneliness: company two and two, company in a group, ties (found, and what those
who are close feel), volunteering, the return to the own level, and life itself."""


class Recovery(NamedTuple):
    """A recovery that lasted: who, the first month without loneliness, lonely months before.

    helped: whether the person took part in an initiative in the year before.
    """

    citizen: int
    month: int
    lonely_before: int
    helped: bool


@dataclass(frozen=True)
class Explained:
    """A fall of loneliness from a month to a later one, and what each cause did, in points.

    before, after: loneliness in points of the T-ILS scale, not rounded; parts: by cause, negative
    where it took loneliness off; they add up to after - before.
    """

    first: int
    last: int
    before: float
    after: float
    parts: dict[str, float]


def recoveries(frames: Sequence[TownFrame], until: int, still: bool = True) -> tuple[Recovery, ...]:
    """All recoveries that had lasted a year by a month, by month and citizen.

    still: only those after which the person was not lonely again by then.
    """
    shown = frames[: until + 1]
    if len(shown) < YEAR + LASTING:
        return ()
    status = np.stack([frame.status for frame in shown])
    lonely = (status & SCORE_BITS) + LOWEST >= LONELY_FROM
    took_part = (status & PARTICIPANT_BIT) > 0
    ever = np.cumsum(np.pad(lonely, ((1, 0), (0, 0))), axis=0, dtype=np.int32)
    found = []
    for month in range(YEAR, len(shown) - LASTING + 1):
        before = ever[month] - ever[month - YEAR]
        after = ever[-1 if still else month + LASTING] - ever[month]
        now = lonely[month - 1] & (before >= LONELY_BEFORE) & (after == 0)
        for citizen in np.flatnonzero(now).tolist():
            lived = range(month - YEAR + 1, len(shown) if still else month + LASTING)
            if any(citizen in shown[each].entered for each in lived):
                continue
            helped = bool(took_part[month - YEAR : month + 1, citizen].any())
            found.append(Recovery(citizen, month, int(before[citizen]), helped))
    return tuple(found)


def chosen(found: Sequence[Sequence[Recovery]], after: int | None = None) -> Recovery | None:
    """Somebody who recovered under A or B: those who took part first, each in turn.

    after: the citizen on show, whose successor is wanted.
    """
    each = {entry.citizen: entry for side in found for entry in side}
    order = sorted(each.values(), key=lambda entry: (not entry.helped, entry.month, entry.citizen))
    if not order:
        return None
    places = [place for place, entry in enumerate(order) if entry.citizen == after]
    return order[(places[0] + 1) % len(order) if places else 0]


def explained(simulation: Simulation, recovery: Recovery) -> Explained:
    """Take the fall of a recovery apart, from the highest month of the year before it.

    It ends with the year that it has to last. simulation: the town at month 0 under the regime of
    the side, which is run once more as far as that.
    """
    path = _Path(simulation, recovery.citizen)
    last = recovery.month + LASTING - 1
    for _ in range(last):
        path.step()
    year = path.levels[recovery.month - YEAR : recovery.month]
    first = recovery.month - YEAR + int(np.argmax(year))
    parts = path.parts(first, last)
    points = {name: STEPS * value for name, value in parts.items()}
    before, after = (LOWEST + STEPS * path.levels[month] for month in (first, last))
    return Explained(first, last, before, after, points)


class _Path:
    """One citizen's months: the level, and the terms of every month by cause."""

    def __init__(self, simulation: Simulation, citizen: int) -> None:
        self._simulation, self._citizen = simulation, citizen
        self._p = simulation.scenario.parameter_values()
        state = simulation.population
        first, last = state.ties.offsets[citizen], state.ties.offsets[citizen + 1]
        self._close = state.ties.neighbours[first:last].copy()
        self._degrees = np.diff(state.ties.offsets).astype(np.float64)
        self.levels = [self._level()]
        self._terms: list[dict[str, float]] = []

    def _level(self) -> float:
        return float(self._simulation.population.citizens.loneliness[self._citizen])

    def step(self) -> None:
        """Run a month and keep its terms; what no rule explains is chance."""
        who, p = self._citizen, self._p
        before = self._simulation.population.citizens.loneliness.astype(np.float64)
        comforts = self._comfort()
        self._simulation.run(1)
        citizens = self._simulation.population.citizens
        set_point = float(citizens.set_point[who])
        gained = float(citizens.ties_gained[who]) / (1.0 - p["ties_decay_rate"])
        rate = p["set_point_rate"]
        terms = dict.fromkeys(CAUSES, 0.0)
        for kind, now in self._comfort().items():
            terms[kind] -= max(0.0, now - (1.0 - rate) * comforts.get(kind, 0.0))
        terms[TIES] += rate * (max(0.0, set_point - gained) - set_point)
        if len(self._close):
            everybody = float(before @ self._degrees / self._degrees.sum())
            felt = float(before[self._close].mean())
            terms[TIES] += p["contagion_strength"] * (felt - everybody)
        terms[VOLUNTEERING] -= p["own_benefit"] * self._relatedness()
        terms[DRIFT] = rate * (set_point - before[who])
        now = self._level()
        terms[CHANCE] = now - before[who] - sum(terms.values())
        self.levels.append(now)
        self._terms.append(terms)

    def _comfort(self) -> dict[str, float]:
        """What company holds off now, by its kind."""
        state = self._simulation.population
        rows = np.flatnonzero(state.participations["citizen"] == self._citizen)
        found: dict[str, float] = {}
        for row in rows.tolist():
            part = state.participations[row]
            form = state.initiatives["format"][part["initiative"]]
            kind = COMPANION if form == ONE_TO_ONE else GROUP
            found[kind] = found.get(kind, 0.0) + float(part["comfort"])
        return found

    def _relatedness(self) -> float:
        volunteers = self._simulation.population.volunteers
        rows = np.flatnonzero(volunteers["citizen"] == self._citizen)
        return float(volunteers["relatedness"][rows].sum())

    def parts(self, first: int, last: int) -> dict[str, float]:
        """What each cause did from a month to a later one; they add up to the change.

        An effect is drawn back with everything else; that is counted against the effect, and the
        return to the own level holds only what would have come of it alone.
        """
        keep = 1.0 - self._p["set_point_rate"]
        kept = keep ** np.arange(last - first)[::-1]
        found = {}
        for name in CAUSES:
            if name != DRIFT:
                values = np.array([terms[name] for terms in self._terms[first:last]])
                found[name] = float(values @ kept)
        change = self.levels[last] - self.levels[first]
        found[DRIFT] = change - sum(found.values())
        return found
