"""What a folder says, in the form that figures and texts ask for: levels, differences, groups.

A difference to the baseline is the one the study measured. A difference between any two regimes
is taken here from the replicates, which all regimes share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.inputs.theories import Theory
from velfaerd_sim.inputs.worlds import Worlds
from velfaerd_sim.measures.outcomes import INDEX, NAMES, OUTCOMES, Outcome, summarise
from velfaerd_sim.statistics.intervals import CONFIDENCE, IntervalRule, interval
from velfaerd_sim.statistics.over_worlds import Units
from velfaerd_sim.telling.formats import Format, of_unit
from velfaerd_sim.telling.words import Words

EVERYWHERE = 0
"""The municipality code of all municipalities pooled."""
Frame = pd.DataFrame


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval; the ends are NaN where there is no interval."""

    value: float
    low: float = math.nan
    high: float = math.nan

    @property
    def sure(self) -> bool:
        """Whether there is an interval at all."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def clear(self) -> bool:
        """Whether there is an interval and zero lies outside it."""
        return self.sure and (self.low > 0.0 or self.high < 0.0)

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2.0

    def times(self, factor: float) -> Estimate:
        """Return the estimate in another unit; a negative factor turns the interval round."""
        ends = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, *ends) if self.sure else Estimate(self.value * factor)


@dataclass(frozen=True)
class Gains:
    """Shares of a group of citizens who are clearly less lonely, or lonelier, than at baseline."""

    group: str
    citizens: float
    gainers: Estimate
    losers: Estimate


@dataclass(frozen=True)
class RegimeWords:
    """A regime as readers meet it: labels, one sentence, and its instruments if it has eight."""

    name: str
    label: str
    short: str
    summary: str = ""
    source: str = ""
    instruments: tuple[float, ...] = ()


@dataclass(frozen=True)
class Study:
    """What ran: read from study.json. replicates: in all worlds together; plugins: their names."""

    kind: str
    version: str
    source_digest: str
    fingerprint: str
    command: str
    scenario: Scenario
    replicates: int
    stopping: Mapping[str, Any] = field(default_factory=dict)
    sequential: bool = False
    dependencies: Mapping[str, str] = field(default_factory=dict)
    failed: int = 0
    finished: str = ""
    worlds: Worlds | None = None
    theories: tuple[Theory, ...] = ()
    plugins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """All that a report shows.

    regimes: names in the order of the study, the baseline first; spoken: their words by language
    and name. levels, effects,
    bands, groups, staff_hours and staff_hours_runs are the frames of a comparison (see
    studies.tables and studies.reversal), worlds and theories of one in worlds, or under theories
    (see studies.compare.all_tables);
    values: one row a (regime, replicate); towns: one row a municipality, of the last year. Frames
    that a study does not have are empty. language: 'en' or 'da'.
    """

    study: Study
    regimes: tuple[str, ...]
    spoken: Mapping[str, Mapping[str, RegimeWords]]
    levels: Frame
    bands: Frame
    effects: Frame = field(default_factory=Frame)
    groups: Frame = field(default_factory=Frame)
    staff_hours: Frame = field(default_factory=Frame)
    staff_hours_runs: Frame = field(default_factory=Frame)
    values: Frame = field(default_factory=Frame)
    towns: Frame = field(default_factory=Frame)
    worlds: Frame = field(default_factory=Frame)
    theories: Frame = field(default_factory=Frame)
    language: str = "en"

    @property
    def words(self) -> Mapping[str, RegimeWords]:
        """The regimes' words by name."""
        return self.spoken[self.language]

    @property
    def baseline(self) -> str:
        """The regime that the others are compared with."""
        return self.regimes[0]

    @property
    def others(self) -> tuple[str, ...]:
        """The regimes but for the baseline."""
        return self.regimes[1:]

    @property
    def compares(self) -> bool:
        """Whether there is more than one regime."""
        return len(self.regimes) > 1

    @property
    def in_worlds(self) -> bool:
        """Whether the regimes were compared in several worlds."""
        worlds = self.study.worlds
        return worlds is not None and len(worlds) > 1 and not self.worlds.empty

    @property
    def has_intervals(self) -> bool:
        """Whether there are at least two replicates."""
        return self.study.replicates > 1

    @property
    def write(self) -> Words:
        """Writes numbers in the language of the report."""
        return Words(self.language)

    def label(self, regime: str) -> str:
        """The regime's full label."""
        return self.words[regime].label

    def short(self, regime: str) -> str:
        """The regime's label in figures."""
        return self.words[regime].short

    @cached_property
    def _levels(self) -> dict[tuple[str, str], Estimate]:
        return _by_pair(self.levels, "mean")

    @cached_property
    def _differences(self) -> dict[tuple[str, str], Estimate]:
        return _by_pair(self.effects, "difference")

    def level(self, name: str, regime: str) -> Estimate:
        """An outcome's mean over replicates under a regime."""
        return self._levels.get((name, regime), Estimate(math.nan))

    def difference(self, name: str, regime: str) -> Estimate:
        """An outcome's paired difference to the baseline."""
        if regime == self.baseline:
            return Estimate(0.0, 0.0, 0.0) if self.has_intervals else Estimate(0.0)
        return self._differences.get((name, regime), Estimate(math.nan))

    def between(self, name: str, first: str, second: str, comparisons: int = 1) -> Estimate:
        """First minus second, paired by replicate; by the means of worlds where there are several.

        comparisons: of how many this is one; the interval is widened for them (Bonferroni), so
        that all of them together hold with 95 %.
        """
        if self.values.empty:
            return Estimate(self.level(name, first).value - self.level(name, second).value)
        column = self.values[name].unstack("regime")
        rule = IntervalRule(self.study.sequential, 1.0 - (1.0 - CONFIDENCE) / max(1, comparisons))
        apart = np.asarray(column[first] - column[second], float)
        return paired(self.units(column.index).means(apart), rule)

    def units(self, replicates: Iterable[int]) -> Units:
        """What counts as one observation of these replicates: each, or a world."""
        worlds = self.study.worlds
        return Units.of(list(replicates), 0 if worlds is None else len(worlds))

    def known_outcomes(self, names: Iterable[str]) -> list[Outcome]:
        """The outcomes among these that the study measured with a finite value."""
        return [
            OUTCOMES[INDEX[name]]
            for name in names
            if any(math.isfinite(self.level(name, regime).value) for regime in self.regimes)
        ]

    def gains(self, regime: str, grouping: str) -> dict[str, Gains]:
        """Gainers and losers of a regime by group; grouping: 'all', 'age_band' or 'known'."""
        frame = self.groups
        if frame.empty:
            return {}
        rows = frame[(frame["regime"] == regime) & (frame["grouping"] == grouping)]
        found = {}
        for name, count, *values in zip(
            rows["group"], rows["citizens"], *(rows[key] for key in _GAIN_COLUMNS), strict=True
        ):
            numbers = [float(value) for value in values]
            ends = Estimate(*numbers[:3]), Estimate(*numbers[3:])
            found[str(name)] = Gains(str(name), float(count), *ends)
        return found

    def unit(self, name: str) -> Format:
        """How numbers of an outcome's unit are written in the language of the report."""
        return of_unit(OUTCOMES[INDEX[name]].unit, self.language)

    def format_of(self, name: str) -> Format:
        """The outcome's format, with the digits that its intervals bear."""
        return self.unit(name).for_widths(
            [self.level(name, regime).half_width for regime in self.regimes],
            [self.difference(name, regime).half_width for regime in self.others],
        )

    def difference_format(self, name: str, regime: str) -> Format:
        """The format for an outcome's difference under a regime: what is clear looks clear."""
        found = self.difference(name, regime)
        return self.format_of(name).showing(found.low, found.high)

    @cached_property
    def months(self) -> int:
        """The last month."""
        return int(self.bands["month"].max()) if not self.bands.empty else 0

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The order of rows: the baseline, then by retention, the highest first."""
        name = "retention_12m"
        return (
            self.baseline,
            *sorted(self.others, key=lambda r: -_or_low(self.level(name, r).value)),
        )

    def band(self, name: str, regime: str) -> Frame:
        """An outcome by month under a regime, sorted by month."""
        bands = self.bands
        return bands[(bands["outcome"] == name) & (bands["regime"] == regime)].sort_values("month")


_GAIN_COLUMNS = (
    *("gainers_share", "gainers_low", "gainers_high"),
    *("losers_share", "losers_low", "losers_high"),
)


def _or_low(value: float) -> float:
    return value if math.isfinite(value) else -math.inf


def _by_pair(frame: Frame, column: str) -> dict[tuple[str, str], Estimate]:
    if frame.empty:
        return {}
    wanted = frame[["outcome", "regime", column, "ci_low", "ci_high"]]
    return {
        (str(outcome), str(regime)): Estimate(float(value), float(low), float(high))
        for outcome, regime, value, low, high in wanted.itertuples(index=False)
    }


def paired(differences: NDArray[np.float64], rule: IntervalRule) -> Estimate:
    """The mean of differences over replicates with the interval that the rule makes."""
    found = interval(differences, rule)
    mean, low, high = float(found.mean), float(found.low), float(found.high)
    return Estimate(mean, low, high) if math.isfinite(high - low) else Estimate(mean)


def values_of(series: Frame, by: Sequence[str] = ("regime", "replicate")) -> Frame:
    """One value an outcome for every row of `by` in series, as comparisons summarise them.

    series: columns of `by`, month and every outcome. The index is `by`.
    """
    ordered = series.sort_values([*by, "month"])
    months = ordered["month"].nunique()
    keys = ordered[list(by)].iloc[::months]
    table = (
        ordered.reindex(columns=list(NAMES)).to_numpy(float).reshape(len(keys), months, len(NAMES))
    )
    index = pd.MultiIndex.from_frame(keys)
    return Frame(summarise(table), index=index, columns=list(NAMES))


def pooled(series: Frame) -> Frame:
    """The rows for all municipalities together: of the only one, or of code EVERYWHERE."""
    codes = series["municipality"].unique()
    return series if len(codes) == 1 else series[series["municipality"] == EVERYWHERE]
