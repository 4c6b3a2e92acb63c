"""What the runs of a claim say: verdict, effects, where it turns, what it leans on, what moves it.

Everything is computed from the tables of claims and the worlds they were run in, and is the same
each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from scipy.special import ndtr

from velfaerd_sim.analysis.arrays.frames import Array
from velfaerd_sim.analysis.claim_conditions import Conditions, Leaning, conditions, leanings
from velfaerd_sim.inputs.evidence import ANSWERS, KORA_RESPONDENTS, kora_table
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.studies.claims.claims import COUNTER, Claim, ClaimCriterion
from velfaerd_sim.studies.claims.results import Best, ClaimResults, JudgedClaim
from velfaerd_sim.studies.claims.verdicts import ShareVerdict, verdict, word_of

CHANCE = 0.05
"""Level below which a change between the same worlds is not put down to chance."""
FREE_ANSWERS = 4
SPREAD = (5.0, 95.0)


@dataclass(frozen=True)
class CriterionFound:
    """A criterion over worlds: median and 5th to 95th percentile of its effect, share that hold.

    missing: worlds without an effect.
    """

    criterion: ClaimCriterion
    median: float
    low: float
    high: float
    share: float
    missing: int


@dataclass(frozen=True)
class InSet:
    """A claim in one set of worlds; wrong: share of worlds that chance is expected to misjudge."""

    set: str
    verdict: ShareVerdict
    criteria: tuple[CriterionFound, ...]
    wrong: float


@dataclass(frozen=True)
class MovedShare:
    """The same worlds as written and under a variant; chance: of a change as large by chance."""

    variant: str
    worlds: int
    before: float
    after: float
    chance: float

    @property
    def turned(self) -> bool:
        """Whether the word is another, and the change more than chance."""
        return word_of(self.before) != word_of(self.after) and self.chance < CHANCE

    @property
    def overturned(self) -> bool:
        """Whether the majority is on the other side, by more than chance."""
        return (self.before >= 0.5) != (self.after >= 0.5) and self.chance < CHANCE


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
    number; best: who does best by criteria that compare several, in the first set.
    """

    claim: Claim
    sets: tuple[InSet, ...]
    conditions: Conditions
    leanings: tuple[Leaning, ...]
    judged: int
    moved: tuple[MovedShare, ...]
    counter: MovedShare | None
    cells: tuple[RouteCell, ...]
    best: tuple[Best, ...] = ()

    @property
    def decisive(self) -> InSet:
        """What decides: the first set of worlds."""
        return self.sets[0]

    @property
    def fragile_on(self) -> tuple[str, ...]:
        """Variants under which the verdict turns."""
        return tuple(each.variant for each in self.moved if each.turned)


def conclude(
    results: ClaimResults, worlds: dict[str, Worlds], seed: int = 1
) -> list[ClaimConclusion]:
    """Conclude on every claim; worlds: the sets by their names."""
    return [conclude_one(results, claim, worlds, seed) for claim in results.claims]


def conclude_one(
    results: ClaimResults, claim: Claim, worlds: dict[str, Worlds], seed: int = 1
) -> ClaimConclusion:
    """Conclude on one claim."""
    names = results.sets(claim)
    found = [judged for name in names if (judged := results.of(claim, name)) is not None]
    first = found[0]
    moved = [_moved(results, first, variant) for variant in results.variants(claim, first.set)]
    told = _that_can_matter(claim, [worlds[each.set] for each in found])
    x = [parameters_of(worlds[each.set], each, told) for each in found]
    met = np.concatenate([each.met for each in found])
    return ClaimConclusion(
        claim=claim,
        sets=tuple(_in_set(each) for each in found),
        conditions=conditions(np.concatenate(x), met, told, seed),
        leanings=leanings(x, [margin(each) for each in found], told),
        judged=len(met),
        moved=tuple(each for each in moved if each.variant != COUNTER),
        counter=next((each for each in moved if each.variant == COUNTER), None),
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


def margin(judged: JudgedClaim) -> Array:
    """By how much a claim is met in each world, in smallest effects; the criterion that decides.

    Above zero where it is met. float64 (worlds,), NaN where an effect is missing.
    """
    claim = judged.claim
    slack = []
    for place, criterion in enumerate(claim.criteria):
        if criterion.counts and criterion.how != "table":
            way = 1.0 if criterion.upward else -1.0
            unit = criterion.least or 1.0
            slack.append(way * (judged.effect[:, place] - criterion.threshold) / unit)
    if not slack:
        return np.full(len(judged), np.nan)
    stacked = np.stack(slack)
    return np.asarray(stacked.min(axis=0) if claim.rule == "all" else stacked.max(axis=0))


def _in_set(judged: JudgedClaim) -> InSet:
    if judged.claim.is_table:
        cells = [cell for cell in _cells(judged) if cell.free]
        good = sum(cell.reproduced for cell in cells)
        return InSet(
            judged.set,
            ShareVerdict(good, len(cells), good / len(cells), good / len(cells)),
            _criteria(judged),
            float("nan"),
        )
    met = int(judged.met.sum())
    return InSet(judged.set, verdict(met, len(judged)), _criteria(judged), misjudged(judged))


def _criteria(judged: JudgedClaim) -> tuple[CriterionFound, ...]:
    found = []
    for place, criterion in enumerate(judged.claim.criteria):
        if criterion.how == "table":
            continue
        values = judged.effect[:, place]
        present = values[np.isfinite(values)]
        holds = np.mean([criterion.holds(value) for value in values]) if len(values) else np.nan
        wanted = (50.0, *SPREAD)
        median, low, high = np.percentile(present, wanted) if len(present) else [np.nan] * 3
        missing = len(values) - len(present)
        spread = float(median), float(low), float(high)
        found.append(CriterionFound(criterion, *spread, float(holds), missing))
    return tuple(found)


def misjudged(judged: JudgedClaim) -> float:
    """Share of worlds whose verdict is expected to be turned by the chance of few replicates.

    Each criterion that counts is taken as normal around its effect, and apart from the others; NaN
    where no criterion has an error.
    """
    claim, sure = judged.claim, []
    for place, criterion in enumerate(claim.criteria):
        error = judged.error[:, place]
        if not criterion.counts or not np.isfinite(error).any():
            continue
        way = 1.0 if criterion.upward else -1.0
        slack = way * (judged.effect[:, place] - criterion.threshold)
        certain = np.where(slack >= 0.0, 1.0, 0.0)
        usable = np.isfinite(error) & (error > 0.0) & np.isfinite(slack)
        chance = ndtr(np.divide(slack, error, out=np.zeros(len(slack)), where=usable))
        sure.append(np.where(usable, chance, certain))
    if not sure:
        return float("nan")
    stacked = np.stack(sure)
    if claim.rule == "all":
        holds = stacked.prod(axis=0)
    else:
        holds = 1.0 - (1.0 - stacked).prod(axis=0)
    return float(np.abs(judged.met - holds).mean())


def _moved(results: ClaimResults, first: JudgedClaim, variant: str) -> MovedShare:
    other = results.of(first.claim, first.set, variant)
    assert other is not None
    base = first.at(other.places)
    other = other.at(base.places)
    if first.claim.is_table:
        shares = [np.mean([c.reproduced for c in _cells(each) if c.free]) for each in (base, other)]
        return MovedShare(variant, len(other), float(shares[0]), float(shares[1]), 1.0)
    lost = int((base.met & ~other.met).sum())
    won = int((~base.met & other.met).sum())
    return MovedShare(
        variant,
        len(other),
        float(base.met.mean()) if len(base) else np.nan,
        float(other.met.mean()) if len(other) else np.nan,
        _sign_test(lost, won),
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
