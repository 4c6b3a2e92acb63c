"""Effects of a claim in each world, from its readings.

Readings are averaged over the replicates of a world first; the standard error of an effect comes
from leaving out one replicate at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.instruments.claim_measures import is_judged
from velfaerd_sim.measures import outcomes
from velfaerd_sim.studies.claims.claims import ROUTE_CELLS, Claim, ClaimCriterion
from velfaerd_sim.studies.claims.readings import SPREAD, ArmReading, readings, steps, swing_arms

Array = NDArray[np.float64]
LEAST_BUILT = 0.02
"""Skill that must be built for the time to half of it to mean anything."""


@dataclass(frozen=True)
class Effects:
    """Effects of a claim's criteria.

    effect, error: float64 (worlds, criteria); NaN where there is none.
    """

    effect: Array
    error: Array


def effects_of(claim: Claim, values: Array) -> Effects:
    """Effects from readings; values: float64 (worlds, replicates, readings)."""
    wanted = readings(claim)
    column = {reading: place for place, reading in enumerate(wanted)}
    shape = (len(values), len(claim.criteria))
    effect, error = np.full(shape, np.nan), np.full(shape, np.nan)
    with np.errstate(all="ignore"):
        means = _means(values)
        for place, criterion in enumerate(claim.criteria):
            work = _HOWS[criterion.how]
            one = _Table(claim, criterion, column, values)
            effect[:, place] = work(one, means)
            if values.shape[1] > 1 and criterion.how != "table":
                error[:, place] = _jackknife(one, work)
    return Effects(effect, error)


def readings_met(claim: Claim, effect: Array) -> Array:
    """Which readings are met, 1 or 0; effect: (worlds, criteria), gives (worlds, readings).

    A criterion without an effect is not met: where nobody is left there is nothing to read.
    """
    holds = np.array(
        [[one.holds(value) for value in effect[:, k]] for k, one in enumerate(claim.criteria)], bool
    ).reshape(len(claim.criteria), len(effect))
    place = {criterion.name: k for k, criterion in enumerate(claim.criteria)}
    met = np.empty((len(effect), len(claim.readings)))
    for k, reading in enumerate(claim.readings):
        own = holds[[place[name] for name in reading.criteria]]
        met[:, k] = own.all(axis=0) if reading.rule == "all" else own.any(axis=0)
    return met


def _jackknife(table: _Table, work: Callable[[_Table, Array], Array]) -> Array:
    """Standard error over replicates by leaving out one at a time (Quenouille 1956).

    For what is linear in the readings it is the usual standard error of a mean.
    """
    count = table.values.shape[1]
    left = []
    for out in range(count):
        kept = np.delete(table.values, out, axis=1)
        left.append(work(replace(table, values=kept), _means(kept)))
    each = np.stack(left, axis=1)
    present = np.isfinite(each)
    number = present.sum(axis=1)
    mean = np.where(present, each, 0.0).sum(axis=1) / np.maximum(number, 1)
    squares = (np.where(present, each - mean[:, None], 0.0) ** 2).sum(axis=1)
    variance = squares * (number - 1) / np.maximum(number, 1)
    return np.where(number > 1, np.sqrt(variance), np.nan)


def _means(values: Array) -> Array:
    """Means over replicates, missing ones left out."""
    present = np.isfinite(values)
    total = np.where(present, values, 0.0).sum(axis=1)
    count = present.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


@dataclass(frozen=True)
class _Table:
    """A criterion with the way to find its readings."""

    claim: Claim
    criterion: ClaimCriterion
    column: dict[ArmReading, int]
    values: Array

    def of(
        self,
        found: Array,
        arm: str,
        measure: str | None = None,
        window: tuple[int, int] | None = None,
        locality: str = "",
    ) -> Array:
        first, last = window or self.criterion.window
        name = measure or self.criterion.measure
        return found[:, self.column[ArmReading(locality, arm, name, first, last)]]


def _best(values: Sequence[Array], upward: bool) -> Array:
    stacked = np.stack(list(values))
    return np.asarray(stacked.max(axis=0) if upward else stacked.min(axis=0))


def _each_pair(table: _Table, found: Array, effect: Callable[[Array, Array, str], Array]) -> Array:
    """The best of the arms that are meant, each against the rival that it does worst against."""
    criterion = table.criterion
    margins = [
        _best(
            [
                effect(table.of(found, arm), table.of(found, rival), rival)
                for rival in criterion.against
            ],
            not criterion.upward,
        )
        for arm in criterion.of
    ]
    return _best(margins, criterion.upward)


def _difference(table: _Table, found: Array) -> Array:
    return _each_pair(table, found, lambda one, other, _: one - other)


def _relative(table: _Table, found: Array) -> Array:
    return _each_pair(table, found, lambda one, other, _: one / other - 1.0)


def _standardised(table: _Table, found: Array) -> Array:
    def effect(one: Array, other: Array, rival: str) -> Array:
        return (one - other) / table.of(found, rival, SPREAD)

    return _each_pair(table, found, effect)


def _level(table: _Table, found: Array) -> Array:
    criterion = table.criterion
    levels = [table.of(found, arm) - criterion.reference for arm in criterion.of]
    return _best(levels, criterion.upward)


def _interaction(table: _Table, found: Array) -> Array:
    one, other = (
        table.of(found, arm) - table.of(found, against)
        for arm, against in zip(table.criterion.of, table.criterion.against, strict=True)
    )
    return np.subtract(one, other)


def _mediated(table: _Table, found: Array) -> Array:
    """Share of an effect that is gone when arrows are cut; only where there is an effect."""
    total, direct = (
        table.of(found, arm) - table.of(found, against)
        for arm, against in zip(table.criterion.of, table.criterion.against, strict=True)
    )
    enough = np.abs(total) >= table.criterion.beats_by
    return np.where(enough, 1.0 - direct / np.where(enough, total, 1.0), np.nan)


def _delay(table: _Table, found: Array) -> Array:
    """Months by which an arm beats the baseline later than its rival does."""
    criterion = table.criterion
    windows = steps(table.claim, criterion)

    def month_of(arm: str) -> Array:
        lead = np.stack(
            [
                table.of(found, arm, window=w) - table.of(found, criterion.against[0], window=w)
                for w in windows
            ],
            axis=1,
        )
        beats = lead >= criterion.beats_by
        lasting = beats & np.append(beats[:, 1:], beats[:, -1:], axis=1)
        ends = np.array([float(last) for _, last in windows])
        never = ends[-1] + (windows[0][1] - windows[0][0] + 1)
        found_at: Array = np.where(lasting.any(axis=1), ends[lasting.argmax(axis=1)], never)
        return found_at

    return month_of(criterion.of[0]) - month_of(criterion.rival)


def _half_time(table: _Table, found: Array) -> Array:
    """Months until half of the way from month 0 to the last two years is covered."""
    windows = steps(table.claim, table.criterion)
    arm = table.criterion.of[0]
    path = np.stack([table.of(found, arm, window=w) for w in windows], axis=1)
    start = table.of(found, arm, window=(0, 0))
    years = max(1, 24 // (windows[0][1] - windows[0][0] + 1))
    way = path[:, -years:].mean(axis=1) - start
    there = path - start[:, None] >= 0.5 * way[:, None]
    middle = np.array([(first + last) / 2.0 for first, last in windows])
    return np.where(way >= LEAST_BUILT, middle[there.argmax(axis=1)], np.nan)


def swings(table: _Table, found: Array) -> dict[str, Array]:
    """Change of a measure over the whole range of each factor."""
    return {
        name: table.of(found, f"{name}_1") - table.of(found, f"{name}_0") for name in swing_arms()
    }


def _largest_swing(table: _Table, found: Array) -> Array:
    """How much further down one instrument moves the measure than any other moves it at all."""
    moved = swings(table, found)
    name = table.criterion.of[0]
    others = [np.abs(value) for key, value in moved.items() if key not in (name, "gap")]
    return -moved[name] - _best(others, True)


def _regret(table: _Table, _: Array) -> Array:
    """What the best single regime costs the locality that it serves worst, judged out of sample.

    The regimes and the locality are chosen on one half of the replicates and judged on the other,
    and the other way round; without two replicates there is no such effect.
    """
    values, claim, criterion = table.values, table.claim, table.criterion
    better = outcomes.named(criterion.measure).direction
    found = np.stack(
        [
            np.stack(
                [
                    values[
                        :,
                        :,
                        table.column[
                            ArmReading(p.name, a.name, criterion.measure, *criterion.window)
                        ],
                    ]
                    for a in claim.arms
                ],
                axis=-1,
            )
            for p in claim.localities
        ],
        axis=-2,
    )
    if found.shape[1] < 2:
        return np.full(len(found), np.nan)
    halves = [better * np.nanmean(found[:, half::2], axis=1) for half in (0, 1)]
    folds = [_regret_fold(one, other) for one, other in (halves, halves[::-1])]
    return np.asarray(np.mean(folds, axis=0))


def _regret_fold(chosen_on: Array, judged_on: Array) -> Array:
    """Regret of one fold; arrays (worlds, localities, regimes), more is better."""
    worlds = np.arange(len(chosen_on))
    single = chosen_on.mean(axis=1).argmax(axis=1)
    own = chosen_on.argmax(axis=2)
    places = np.arange(chosen_on.shape[1])[None, :]
    gain = chosen_on[worlds[:, None], places, own] - chosen_on[worlds, :, single]
    worst = gain.argmax(axis=1)
    best_there = own[worlds, worst]
    gain_there: Array = judged_on[worlds, worst, best_there] - judged_on[worlds, worst, single]
    return gain_there


def _table_share(table: _Table, found: Array) -> Array:
    """Nothing by world: a table is judged over all worlds."""
    return np.full(len(found), np.nan)


def cells_of(claim: Claim, values: Array) -> Array:
    """The simulated tables in per cent, means over replicates; float64 (worlds, 30)."""
    criterion = next(each for each in claim.criteria if each.how == "table")
    means, wanted = _means(values), readings(claim)
    first, last = criterion.window
    columns = [
        wanted.index(ArmReading("", criterion.of[0], criterion.measure, first, last, cell))
        for cell in range(ROUTE_CELLS)
    ]
    return means[:, columns]


def winners(claim: Claim, values: Array) -> list[tuple[str, str, list[str]]]:
    """Who does best in each world, for criteria that compare several.

    A list of (criterion, locality, winner of each world). Of one-at-a-time factors it is the one
    that moves the measure most, with the sign of its move; ties go to the first. The winner is ''
    in a world in which nobody has a value.
    """
    wanted = readings(claim)
    column = {reading: place for place, reading in enumerate(wanted)}
    means, found = _means(values), []
    for criterion in claim.criteria:
        table = _Table(claim, criterion, column, values)
        if criterion.how == "largest_swing":
            moved = {name: v for name, v in swings(table, means).items() if name != "gap"}
            sizes = np.stack(list(moved.values()))
            best = _largest(np.abs(sizes), list(moved))
            signs = ("-" if k and moved[k][w] < 0.0 else "+" for w, k in enumerate(best))
            signed = [s + k if k else "" for s, k in zip(signs, best, strict=True)]
            found.append((criterion.name, "", signed))
        elif criterion.how == "regret":
            names = [arm.name for arm in claim.arms]
            for place in claim.localities:
                levels = [table.of(means, name, locality=place.name) for name in names]
                found.append((criterion.name, place.name, _first(criterion, names, levels)))
        elif len(criterion.against) > 2 and is_judged(criterion.measure):
            names = [*criterion.of, *criterion.against]
            levels = [table.of(means, name) for name in names]
            found.append((criterion.name, "", _first(criterion, names, levels)))
    return found


def _first(criterion: ClaimCriterion, names: Sequence[str], levels: Sequence[Array]) -> list[str]:
    """The name with the best level in each world."""
    better = outcomes.named(criterion.measure).direction
    return _largest(better * np.stack(list(levels)), names)


def _largest(sizes: Array, names: Sequence[str]) -> list[str]:
    """The name with the largest size in each world, '' where none has one; (names, worlds)."""
    present = np.isfinite(sizes)
    best = np.where(present, sizes, -np.inf).argmax(axis=0)
    there = np.asarray(present.any(axis=0))
    return [names[int(k)] if some else "" for k, some in zip(best, there, strict=True)]


_HOWS: dict[str, Callable[[_Table, Array], Array]] = {
    "difference": _difference,
    "relative": _relative,
    "standardised": _standardised,
    "level": _level,
    "interaction": _interaction,
    "mediated": _mediated,
    "delay": _delay,
    "half_time": _half_time,
    "largest_swing": _largest_swing,
    "regret": _regret,
    "table": _table_share,
}
