"""Coverage and cost of intervals of comparisons: `python benchmarks/stopping.py`.

Prints the two tables of docs/uncertainty.md: comparisons that stop by precision, and intervals from
few replicates. Half an hour on one core, most of it for the runs of the model. Studies are drawn
from a pool of replicates, with replacement, so that the true difference is known: the pool's.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.instruments.replicates import run_replicate
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.statistics.intervals import IntervalRule, interval, spread, t_quantile
from velfaerd_sim.studies.compare.design import checked_design
from velfaerd_sim.studies.compare.stopping import BATCH, DECIDING, SMALLEST, interim_analysis

Array = NDArray[np.float64]
RULE = IntervalRule(sequential=True)
REGIMES = ("municipal_baton", "facilitative_dialogue", "hands_off")
COLUMNS = [INDEX[name] for name in DECIDING]
STUDIES = 4000
SIZES = (16, 24, 32, 48, 96)
FEW = (4, 8)
SHARES = ("lonely_share", "lonely_reached_share", "lonely_known_share", "retention_12m")
TOWNS = {"1 500 adults, 2 years": (1_500, 24, 4_000), "20 000 adults, 5 years": (20_000, 60, 1_000)}
"""Adults, months and replicates of the pools."""


def of_model(adults: int, months: int, replicates: int) -> Array:
    """Outcomes of replicates of the model; (replicates, regimes, outcomes)."""
    design = checked_design(REGIMES, "baseline", adults=adults, months=months, replicates=1)
    return np.stack([run_replicate(design.task(number)).summary for number in range(replicates)])


def drawn(skewness: float, alike: bool, replicates: int = 20_000, seed: int = 1) -> Array:
    """Two regimes whose differences are Gaussian, or gamma with a skewness; as `of_model`.

    alike: whether all deciding outcomes are equally hard to tell, or the first decides alone.
    """
    generator = np.random.default_rng(seed)
    values = np.zeros((replicates, 2, len(NAMES)))
    for place, column in enumerate(COLUMNS):
        apart = generator.normal(size=replicates)
        if skewness:
            shape = 4.0 / skewness**2
            apart = (generator.gamma(shape, size=replicates) - shape) / np.sqrt(shape)
        values[:, 0, column] = generator.normal(size=replicates)
        values[:, 1, column] = values[:, 0, column] + apart * (1.0 if alike or place == 0 else 0.3)
    return values


def precision_for(pool: Array, size: int) -> float:
    """The precision that Student's intervals have with `size` replicates and known deviations."""
    some = pool[:, :, COLUMNS]
    ratio = spread(some[:, 1:] - some[:, :1]).sd / spread(some[:, 0]).sd
    return float(t_quantile(np.array(size - 1.0)) / np.sqrt(size) * ratio.max() * (1.0 + 1e-9))


class Stopped(NamedTuple):
    """What many comparisons that stop by precision came to.

    coverage: (regimes - 1, deciding outcomes), the share of intervals that hold the truth; cost:
    replicates on average over those that suffice when the deviations are known beforehand.
    """

    coverage: Array
    cost: float


def stopped(pool: Array, size: int, studies: int = STUDIES, seed: int = 2) -> Stopped:
    """Let comparisons drawn from the pool stop by the precision for which `size` would do."""
    pool = pool[np.isfinite(pool[:, :, COLUMNS]).all(axis=(1, 2))]
    generator = np.random.default_rng(seed)
    wanted, most = precision_for(pool, size), 4 * size + 5 * SMALLEST
    regimes = tuple(map(str, range(pool.shape[1])))
    gaps = pool[:, 1:] - pool[:, :1]
    true = gaps.mean(axis=0)[:, COLUMNS]
    covered, replicates = np.zeros(true.shape), 0
    for _ in range(studies):
        rows = generator.integers(len(pool), size=most)
        values = pool[rows]
        count = SMALLEST
        while not interim_analysis(values[:count], regimes, RULE, wanted).enough and count < most:
            count += BATCH
        found = interval(gaps[rows[:count]][:, :, COLUMNS], RULE)
        covered += (found.low <= true) & (true <= found.high)
        replicates += count
    return Stopped(covered / studies, replicates / studies / size)


class Missed(NamedTuple):
    """How often intervals lie below and above the truth, and how wide they are on average."""

    below: float
    above: float
    width: float


def missed(values: Array, count: int, skewed: bool, studies: int = 20_000) -> Missed:
    """Intervals of the mean of `count` values; skewed: as the package has them, or Student's."""
    values = values[np.isfinite(values)]
    drawn_values = np.random.default_rng(3).choice(values, (count, studies))
    rule, true = IntervalRule(), values.mean()
    low, high = interval(drawn_values, rule)[1:3]
    if not skewed:
        found = spread(drawn_values)
        half = rule.half_width(found.sd, found.number)
        low, high = found.mean - half, found.mean + half
    return Missed(
        float(np.mean(high < true)), float(np.mean(low > true)), float(np.mean(high - low))
    )


def stopping_table(pools: dict[str, Array]) -> None:
    """Coverage of the least and the best covered difference, and cost, by size and pool."""
    print("| pool | " + " | ".join(f"{size}" for size in SIZES) + " |")
    print("| --- |" + " --- |" * len(SIZES))
    for name, pool in pools.items():
        cells = []
        for size in SIZES:
            found = stopped(pool, size)
            low, high = 100.0 * found.coverage.min(), 100.0 * found.coverage.max()
            cells.append(f"{low:.1f}–{high:.1f} %, {found.cost:.2f}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def few_table(pool: Array) -> None:
    """Student's intervals and the package's, by outcome, regime and number of replicates."""
    print("| outcome | regime | replicates | Student's | with skewness | width |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in SHARES:
        for place, regime in enumerate(REGIMES[1:], start=1):
            gap = pool[:, place, INDEX[name]] - pool[:, 0, INDEX[name]]
            for count in FEW:
                one, other = (missed(gap, count, skewed) for skewed in (False, True))
                cells = " | ".join(
                    f"{100.0 * (1.0 - each.below - each.above):.1f} % "
                    f"({100.0 * each.below:.1f}, {100.0 * each.above:.1f})"
                    for each in (one, other)
                )
                ratio = other.width / one.width
                print(f"| `{name}` | `{regime}` | {count} | {cells} | {ratio:.2f} |", flush=True)


def main() -> None:
    """Print both tables; `gaussian` as an argument leaves out the runs of the model."""
    pools = {
        "Gaussian, one difference decides": drawn(0.0, alike=False),
        "Gaussian, three alike": drawn(0.0, alike=True),
        "gamma of skewness 0.5, one decides": drawn(0.5, alike=False),
    }
    towns = {}
    if "gaussian" not in sys.argv[1:]:
        towns = {name: of_model(*size) for name, size in TOWNS.items()}
    stopping_table(pools | towns)
    for name, pool in towns.items():
        print(f"\n{name}\n")
        few_table(pool)


if __name__ == "__main__":
    main()
