"""What the runs of a claim say: verdict, readings, effects, what it turns on, what moves it.

Everything is computed from the tables of claims and the worlds they were run in, and is the same
each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from velfaerd_sim.analysis.arrays.frames import Array
from velfaerd_sim.analysis.claim_conditions import Conditions, Leaning, conditions, leanings
from velfaerd_sim.inputs.evidence import ANSWERS, KORA_RESPONDENTS, kora_table
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.claims.claims import BASE, CUT, Claim, ClaimCriterion, ClaimReading
from velfaerd_sim.studies.claims.noise import MOST_NOISE, noise_share
from velfaerd_sim.studies.claims.results import Best, ClaimResults, JudgedClaim
from velfaerd_sim.studies.claims.verdicts import APART, Verdict, verdict

CHANCE = 0.05
"""Level below which a change between the same worlds is not put down to chance."""
MOVED = 0.5
"""Share of worlds in which a lever must move for the contrast to be one."""
FREE_ANSWERS = 4
SPREAD = (5.0, 95.0)


@dataclass(frozen=True)
class CriterionFound:
    """A criterion over worlds: median and 5th to 95th percentile of its effect.

    sign: share of worlds with the sign that is claimed; size: with the sign and the smallest effect
    that matters. noise: share of the variance over worlds that is chance, NaN where not known.
    missing: worlds without an effect.
    """

    criterion: ClaimCriterion
    median: float
    low: float
    high: float
    sign: float
    size: float
    noise: float
    missing: int

    @property
    def drowned(self) -> bool:
        """Whether chance exceeds a fifth of the variance, so that it cannot be told."""
        return self.noise > MOST_NOISE


@dataclass(frozen=True)
class ReadingFound:
    """A reading over worlds and theories: the share in which it is met, and its 95 % interval.

    noisy: the criteria of it that drown in chance; moved: share of worlds in which its lever moves
    what it should, NaN where it has none. A reading counts where neither is in the way.
    """

    reading: ClaimReading
    share: float
    low: float
    high: float
    noisy: tuple[str, ...]
    moved: float

    @property
    def still(self) -> bool:
        """Whether its lever moves nothing."""
        return self.moved < MOVED

    @property
    def counts(self) -> bool:
        """Whether it can be told."""
        return not self.noisy and not self.still


@dataclass(frozen=True)
class InSet:
    """A claim in one set of worlds; replicates: of each world."""

    set: str
    worlds: int
    replicates: int
    criteria: tuple[CriterionFound, ...]
    readings: tuple[ReadingFound, ...]
    verdict: Verdict


@dataclass(frozen=True)
class MovedShare:
    """The same worlds as written and under a variant; chance: of a change as large by chance.

    before, after: the share of worlds, mean over the readings that count.
    """

    variant: str
    worlds: int
    before: float
    after: float
    chance: float

    @property
    def turned(self) -> bool:
        """Whether the share is another by as much as readings are told apart, beyond chance."""
        return abs(self.after - self.before) >= APART and self.chance < CHANCE


@dataclass(frozen=True)
class RouteCell:
    """A cell of the table: published per cent and its interval, median and spread over worlds."""

    route: str
    answer: str
    published: float
    low: float
    high: float
    median: float
    spread: tuple[float, float]

    @property
    def free(self) -> bool:
        """Whether it counts: the last answer follows from the other four."""
        return self.answer in ANSWERS[:FREE_ANSWERS]

    @property
    def reproduced(self) -> bool:
        """Whether the median lies within what the survey leaves open."""
        return self.low <= self.median <= self.high


@dataclass(frozen=True)
class ClaimConclusion:
    """All that is said about a claim.

    sets: the first decides; conditions and leanings are over the worlds of all of them, `judged` in
    number, for the readings that count; theories: their names, the model as written first; cut: the
    claim when its arrow is cut; best: who does best by criteria that compare several, in the first
    set.
    """

    claim: Claim
    sets: tuple[InSet, ...]
    theories: tuple[str, ...]
    conditions: Conditions
    leanings: tuple[Leaning, ...]
    judged: int
    moved: tuple[MovedShare, ...]
    cut: MovedShare | None
    cells: tuple[RouteCell, ...]
    best: tuple[Best, ...] = ()

    @property
    def decisive(self) -> InSet:
        """What decides: the first set of worlds."""
        return self.sets[0]

    @property
    def verdict(self) -> Verdict:
        """The verdict in the set that decides."""
        return self.decisive.verdict

    @property
    def fragile_on(self) -> tuple[str, ...]:
        """Variants under which the share of worlds turns."""
        return tuple(each.variant for each in self.moved if each.turned)

    @property
    def telling(self) -> str:
        """What tells most of where the claim is met, '' where nothing is clear of chance."""
        return next((each.parameter for each in self.leanings if each.clear), "")

    def reading(self, place: int) -> ReadingFound:
        """A reading by its place in the verdict."""
        return self.decisive.readings[place]


def conclude(
    results: ClaimResults,
    worlds: Mapping[str, Worlds],
    theories: Sequence[str] = (),
    seed: int = 1,
) -> list[ClaimConclusion]:
    """Conclude on every claim of which a world was run.

    worlds: the sets by name; theories: variants that are theories. What tells most is asked to be
    clear of chance over all parameters and all claims together.
    """
    there = [
        claim
        for claim in results.claims
        if any(results.of(claim, name) is not None for name in results.sets(claim))
    ]
    return [conclude_one(results, claim, worlds, theories, seed) for claim in there]


def conclude_one(
    results: ClaimResults,
    claim: Claim,
    worlds: Mapping[str, Worlds],
    theories: Sequence[str] = (),
    seed: int = 1,
) -> ClaimConclusion:
    """Conclude on one claim."""
    names = results.sets(claim)
    found = [judged for name in names if (judged := results.of(claim, name)) is not None]
    first = found[0]
    variants = results.variants(claim, first.set)
    rivals = [name for name in variants if name in theories]
    sets = tuple(_in_set(results, each, theories) for each in found)
    told = _that_can_matter(claim, [worlds[each.set] for each in found])
    x = [parameters_of(worlds[each.set], each, told) for each in found]
    counts = [reading.counts for reading in sets[0].readings]
    share = [_mean_met(each, counts) for each in found]
    moved = [_moved(first, results.of(claim, first.set, name), name, counts) for name in variants]
    return ClaimConclusion(
        claim=claim,
        sets=sets,
        theories=(BASE.name, *rivals),
        conditions=conditions(np.concatenate(x), np.concatenate(share) > 0.5, told, seed),
        leanings=leanings(x, share, told, len(results.claims)),
        judged=sum(len(each) for each in found),
        moved=tuple(each for each in moved if each.variant not in (CUT, *rivals)),
        cut=next((each for each in moved if each.variant == CUT), None),
        cells=_cells(first) if claim.is_table else (),
        best=tuple(one for one in results.best.get(claim.id, ()) if one.set == first.set),
    )


def _that_can_matter(claim: Claim, sets: Sequence[Worlds]) -> list[str]:
    """Parameters set in all worlds that can move a claim: not of questionnaires, nor of policy.

    Policy moves only where several municipalities review theirs or differ.
    """
    left_out = {"questionnaire"} if claim.local_variation else {"questionnaire", "policy"}
    return [
        name
        for name in sets[0].names
        if all(name in each.names for each in sets)
        and (name not in BY_NAME or BY_NAME[name].group not in left_out)
    ]


def parameters_of(worlds: Worlds, judged: JudgedClaim, names: Sequence[str]) -> Array:
    """Parameters of the worlds a claim was judged in; float64 (worlds, names)."""
    return np.array(
        [[worlds[place].parameters[name] for name in names] for place in judged.places]
    ).reshape(len(judged), len(names))


def _met(judged: JudgedClaim) -> Array:
    """Which readings are met, (worlds, readings); of a table every world says the same: its cells.

    A reading of the table has the share of cells that are reproduced in the place of a yes or no.
    """
    met = judged.met
    for place, reading in enumerate(judged.claim.readings):
        if any(judged.claim.criterion(name).how == "table" for name in reading.criteria):
            met[:, place] = _share_of_cells(judged)
    return met


def _share_of_cells(judged: JudgedClaim) -> float:
    free = [cell for cell in _cells(judged) if cell.free]
    return float(np.mean([cell.reproduced for cell in free]))


def _mean_met(judged: JudgedClaim, counts: Sequence[bool]) -> Array:
    """The share of readings that count which is met in each world, float64 (worlds,)."""
    met = _met(judged)[:, np.array(counts, bool)]
    return met.mean(axis=1) if met.shape[1] else np.full(len(judged), np.nan)


def _in_set(results: ClaimResults, judged: JudgedClaim, theories: Sequence[str]) -> InSet:
    claim = judged.claim
    criteria = _criteria(judged)
    noisy = {one.criterion.name for one in criteria if one.drowned}
    rivals = [results.of(claim, judged.set, name) for name in theories]
    tables = [_met(one) for one in (judged, *rivals) if one is not None and len(one)]
    stacked = np.full((len(tables), max(map(len, tables)), len(claim.readings)), np.nan)
    for place, table in enumerate(tables):
        stacked[place, : len(table)] = table
    moved = [_lever(judged, reading) for reading in claim.readings]
    drowned = [tuple(n for n in one.criteria if n in noisy) for one in claim.readings]
    counts = np.array(
        [not names and not share < MOVED for names, share in zip(drowned, moved, strict=True)]
    )
    cut = results.of(claim, judged.set, CUT)
    found = verdict(
        stacked,
        counts,
        None if cut is None else _met(cut).mean(axis=0),
        evidence=claim.has_evidence,
        fitted=claim.fitted,
    )
    readings = tuple(
        ReadingFound(reading, float(found.shares[k]), float(found.low[k]), float(found.high[k]),
                     drowned[k], moved[k])
        for k, reading in enumerate(claim.readings)
    )  # fmt: skip
    return InSet(judged.set, len(judged), judged.replicates, criteria, readings, found)


def _lever(judged: JudgedClaim, reading: ClaimReading) -> float:
    """The share of worlds in which a reading's lever moves what it should, either way."""
    if not reading.lever:
        return float("nan")
    names = [criterion.name for criterion in judged.claim.criteria]
    place = names.index(reading.lever)
    effect = np.abs(judged.effect[:, place])
    return float(np.mean(effect >= judged.claim.criteria[place].least))


def _criteria(judged: JudgedClaim) -> tuple[CriterionFound, ...]:
    found = []
    for place, criterion in enumerate(judged.claim.criteria):
        if criterion.how == "table":
            continue
        values = judged.effect[:, place]
        present = values[np.isfinite(values)]
        wanted = (50.0, *SPREAD)
        median, low, high = np.percentile(present, wanted) if len(present) else [np.nan] * 3
        found.append(
            CriterionFound(
                criterion,
                float(median),
                float(low),
                float(high),
                float(np.mean([criterion.has_sign(value) for value in values])),
                float(np.mean([criterion.holds(value) for value in values])),
                noise_share(values, judged.error[:, place]),
                len(values) - len(present),
            )
        )
    return tuple(found)


def _moved(
    first: JudgedClaim, other: JudgedClaim | None, variant: str, counts: Sequence[bool]
) -> MovedShare:
    assert other is not None
    base = first.at(other.places)
    other = other.at(base.places)
    one, two = (_mean_met(each, counts) for each in (base, other))
    if not len(one) or np.isnan(one).any():
        return MovedShare(variant, len(one), np.nan, np.nan, 1.0)
    lost, won = int((two < one).sum()), int((two > one).sum())
    return MovedShare(
        variant, len(one), float(one.mean()), float(two.mean()), _sign_test(lost, won)
    )


def _sign_test(lost: int, won: int) -> float:
    """Two-sided chance that a fair coin gives so uneven a count (McNemar's exact test)."""
    total, most = lost + won, max(lost, won)
    if total == 0:
        return 1.0
    tail = sum(comb(total, k) for k in range(most, total + 1)) / 2.0**total
    return min(1.0, 2.0 * tail)


def _cells(judged: JudgedClaim) -> tuple[RouteCell, ...]:
    """The table cell by cell: medians over worlds against the published per cents."""
    found = []
    for row, published in enumerate(kora_table()):
        for column, answer in enumerate(ANSWERS):
            value = published.percent[column]
            share = value / 100.0
            half = 196.0 * float(np.sqrt(share * (1.0 - share) / KORA_RESPONDENTS))
            simulated = judged.cells[:, row * len(ANSWERS) + column]
            spread = tuple(float(q) for q in np.percentile(simulated, SPREAD))
            found.append(
                RouteCell(
                    published.route,
                    answer,
                    value,
                    value - half,
                    value + half,
                    float(np.median(simulated)),
                    (spread[0], spread[1]),
                )
            )
    return tuple(found)
