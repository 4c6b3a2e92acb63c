"""From the tidy frame of a sweep to arrays: one value a point and replicate.

A frame has one row a run: run_id, point_id, replicate, seed, regime, status, then parameters as
`parameter.NAME` and outcomes as `outcome.NAME`. A point is a set of parameter values (a possible
world); replicates are repetitions of it by chance, on the same seeds at every point and in every
regime. Runs that failed and values that are missing are left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.analysis.arrays.facts import Count, Fact, Thing, UnsuitedError
from velfaerd_sim.errors import MISSING, InputError, nearest, refusal
from velfaerd_sim.instruments.losses import counted, number_of
from velfaerd_sim.measures.outcomes import INDEX, OUTCOMES

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]

PARAMETER = "parameter."
OUTCOME = "outcome."
LOST = "lost."
"""Before the name of an outcome: runs in which nobody was left of whom it speaks."""
DONE = ("done", "ok")
"""What the column `status` says of a run that ended well."""

REQUIRED = ("point_id", "replicate", "seed", "regime", "status")


@dataclass(frozen=True)
class LeftOut:
    """What was not used: failed runs, runs without a value, points without any value.

    lost: runs in which nobody was left, and which count with the worst value (`losses_as_worst`);
    over: of whom the outcome speaks, 'volunteers' or 'initiatives', '' where of everybody.
    """

    runs: int = 0
    failed: int = 0
    without_value: int = 0
    points: int = 0
    points_without_value: int = 0
    lost: int = 0
    over: str = ""

    def facts(self) -> tuple[Fact, ...]:
        """What was left out; none where nothing was."""
        without = f"runs_without_{self.over or 'value'}"
        counts = (("runs_failed", self.failed), (without, self.without_value))
        parts = tuple(Fact(key, runs=Count(count, "run")) for key, count in counts if count)
        told = [Fact(f"lost_{self.over}", runs=Count(self.lost, "run"))] if self.lost else []
        told += [Fact("left_out", runs=Count(self.runs, "run"), parts=parts)] if parts else []
        if self.points_without_value:
            lost = Count(self.points_without_value, "point")
            told.append(Fact("points_lost", points=lost, all=self.points))
        return tuple(told)


def together(parts: Sequence[LeftOut], points_without_value: int) -> LeftOut:
    """What was not used of several tables of the same points."""
    return replace(
        parts[0],
        runs=sum(part.runs for part in parts),
        failed=sum(part.failed for part in parts),
        without_value=sum(part.without_value for part in parts),
        points_without_value=points_without_value,
        lost=sum(part.lost for part in parts),
    )


def losses_as_worst(frame: pd.DataFrame) -> pd.DataFrame:
    """Count runs that ended well but in which nobody was left with the outcome's worst value.

    A regime under which all volunteers leave would else be judged by the runs in which some stay.
    Columns `lost.OUTCOME` tell the runs; where the number of volunteers or initiatives was kept and
    some are left, a value is missing for another reason and stays so.
    """
    done, added = frame["status"].isin(DONE).to_numpy(), {}
    for name in outcomes_of(frame):
        plain, dot, month = name.partition(".")
        if plain not in INDEX or not (number := number_of(plain)):
            continue
        values = frame[OUTCOME + name].to_numpy(np.float64)
        there = f"{OUTCOME}{number}{dot}{month}"
        numbers = frame[there].to_numpy(np.float64) if there in frame else None
        filled = np.where(done, counted(plain, values, numbers), values)
        lost = np.isfinite(filled) & ~np.isfinite(values)
        if lost.any():
            added[OUTCOME + name] = filled
            added[LOST + name] = lost.astype(np.int64)
    return frame.assign(**added) if added else frame


def about(outcome: str, regime: str, against: str | None) -> Fact:
    """An outcome of a regime, or its difference to another."""
    one, other = Thing("outcome", outcome), Thing("regime", regime)
    if against is None:
        return Fact("level", outcome=one, regime=other)
    return Fact("difference", outcome=one, regime=other, against=Thing("regime", against))


@dataclass(frozen=True)
class PointValues:
    """One quantity at every point: an outcome of a regime, or the difference of two regimes.

    point_ids (points,); parameters: a column a parameter, a row a point; values (points,
    replicates), NaN where missing; replicates: their numbers. Points stand in the order of their
    ids. A difference is taken run by run, on the same seed.
    """

    outcome: str
    regime: str
    against: str | None
    point_ids: NDArray[Any]
    parameters: pd.DataFrame
    values: Array
    replicates: tuple[int, ...]
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def about(self) -> Fact:
        """The quantity."""
        return about(self.outcome, self.regime, self.against)

    @property
    def names(self) -> tuple[str, ...]:
        """The outcome, the regime, and the one it is compared with where there is one."""
        return tuple(name for name in (self.outcome, self.regime, self.against) if name)

    @property
    def mean(self) -> Array:
        """Mean over replicates at every point; NaN without any."""
        number = self.number
        total = np.where(np.isfinite(self.values), self.values, 0.0).sum(axis=1)
        mean: Array = np.where(number > 0, total / np.maximum(number, 1), np.nan)
        return mean

    @property
    def number(self) -> Rows:
        """Number of replicates with a value at every point."""
        number: Rows = np.isfinite(self.values).sum(axis=1).astype(np.int64)
        return number

    def select(self, rows: Rows | Flags) -> PointValues:
        """Keep some points."""
        return PointValues(
            self.outcome,
            self.regime,
            self.against,
            self.point_ids[rows],
            self.parameters.iloc[np.arange(len(self.point_ids))[rows]].reset_index(drop=True),
            self.values[rows],
            self.replicates,
            self.left_out,
        )


def outcomes_of(frame: pd.DataFrame) -> list[str]:
    """Names of the outcomes in a frame."""
    return [name.removeprefix(OUTCOME) for name in frame.columns if name.startswith(OUTCOME)]


def regimes_of(frame: pd.DataFrame) -> list[str]:
    """Names of the regimes in a frame, in order of appearance."""
    return [str(name) for name in pd.unique(frame["regime"])]


def known(place: str, name: str | None, names: Iterable[str]) -> str:
    """Return the name when it is one of the known ones.

    Raises InputError with the nearest known name.
    """
    choices = list(names)
    if name is None:
        raise InputError(place, MISSING, refusal("one_of", names=", ".join(choices)))
    if name not in choices:
        shown = ", ".join(choices) if len(choices) <= 12 else f"one of {len(choices)} in the study"
        raise InputError(place, name, shown or "none: the study has none", nearest(name, choices))
    return name


def check_frame(frame: pd.DataFrame) -> None:
    """Check that a frame has the columns of a sweep and any run that ended well."""
    missing = [name for name in REQUIRED if name not in frame.columns]
    if missing:
        raise InputError("study", MISSING, f"a frame with the columns {', '.join(missing)}")
    if not outcomes_of(frame):
        raise InputError("study", MISSING, f"a frame with columns of outcomes ({OUTCOME}NAME)")
    if not len(frame) or not frame["status"].isin(DONE).any():
        raise InputError("study", f"{len(frame)} runs, none done", "at least one run that is done")


def direction(outcome: str, better: str | None = None) -> int:
    """1 where more of an outcome is better, -1 where less is.

    better: 'higher' or 'lower' overrules the table of outcomes. An outcome that is neither good
    nor bad, or that the table does not know, needs it said.
    """
    if better is not None:
        return 1 if known("better", better, ("higher", "lower")) == "higher" else -1
    name = outcome.partition(".")[0]  # a month may follow, as in 'retention_12m.month_12'
    sign = OUTCOMES[INDEX[name]].direction if name in INDEX else 0
    if sign == 0:
        allowed = f"'higher' or 'lower', as {outcome} is in itself neither good nor bad"
        needs = Fact("needs_direction", outcome=Thing("outcome", outcome))
        raise UnsuitedError("better", MISSING, allowed, needs)
    return sign


def _order(frame: pd.DataFrame) -> NDArray[Any]:
    """Return the point ids in the order of the design."""
    ids = np.asarray(pd.unique(frame["point_id"]))
    return np.sort(ids) if np.issubdtype(ids.dtype, np.number) else ids


def _table(rows: pd.DataFrame, column: str, ids: Any, replicates: Any) -> Array:
    wide = rows.pivot(index="point_id", columns="replicate", values=column)
    table = wide.reindex(index=ids, columns=replicates).to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(table), table, np.nan)


def _check_single(rows: pd.DataFrame, regime: str) -> None:
    twice = rows.duplicated(["point_id", "replicate"])
    if twice.any():
        row = rows[twice].iloc[0]
        where = f"regime {regime}, point {row['point_id']}, replicate {row['replicate']}"
        raise InputError("study", f"{where} twice", "one run a regime, point and replicate")


def read_points(
    frame: pd.DataFrame, outcome: str, regime: str | None = None, against: str | None = None
) -> PointValues:
    """Read an outcome of a regime, or its paired difference to another regime, off a frame.

    regime may be left out where the frame has one only. The difference is regime minus against,
    run by run; both must have been run on the same seeds. Points without any value stay, as NaN.
    Raises InputError for names that are not in the frame and frames that are not of a sweep.
    """
    check_frame(frame)
    known("outcome", outcome, outcomes_of(frame))
    regimes = regimes_of(frame)
    regime = known(
        "regime", regimes[0] if regime is None and len(regimes) == 1 else regime, regimes
    )
    sides = [regime]
    if against is not None:
        sides.append(known("against", against, [name for name in regimes if name != regime]))
    ids, replicates = _order(frame), np.unique(frame["replicate"].to_numpy())
    tables: list[Array] = []
    parts: list[pd.DataFrame] = []
    runs = failed = without = lost_runs = 0
    for side in sides:
        rows = frame[frame["regime"] == side]
        _check_single(rows, side)
        done = rows["status"].isin(DONE)
        good = rows[done]
        tables.append(_table(good, OUTCOME + outcome, ids, replicates))
        parts.append(good)
        runs, failed = runs + len(rows), failed + int((~done).sum())
        without += int(done.sum()) - int(np.isfinite(tables[-1]).sum())
        lost_runs += int(rows[LOST + outcome].sum()) if LOST + outcome in rows else 0
    if against is not None:
        _check_paired(*parts)
    values = tables[0] if against is None else tables[0] - tables[1]
    columns = [name for name in frame.columns if name.startswith(PARAMETER)]
    first = frame.drop_duplicates("point_id").set_index("point_id")[columns].reindex(ids)
    parameters = first.rename(columns=lambda name: name.removeprefix(PARAMETER))
    lost = int((~np.isfinite(values).any(axis=1)).sum())
    plain = outcome.partition(".")[0]
    over = OUTCOMES[INDEX[plain]].over if plain in INDEX else ""
    counts = LeftOut(runs, failed, without, len(ids), lost, lost_runs, over)
    numbers = tuple(int(r) for r in replicates)
    table = parameters.reset_index(drop=True).astype(np.float64)
    return PointValues(outcome, regime, against, ids, table, values, numbers, counts)


def _check_paired(one: pd.DataFrame, other: pd.DataFrame) -> None:
    keys = ["point_id", "replicate"]
    both = one[[*keys, "seed", "regime"]].merge(other[[*keys, "seed", "regime"]], on=keys)
    unlike = both[both["seed_x"] != both["seed_y"]]
    if len(unlike):
        row = unlike.iloc[0]
        where = f"point {row['point_id']}, replicate {row['replicate']}"
        value = f"{row['regime_x']} and {row['regime_y']} on different seeds ({where})"
        raise InputError("study", value, "the same seeds in both regimes (paired runs)")


def require(count: int, least: int, method: str, left_out: LeftOut | None = None) -> None:
    """Raise InputError where there are fewer points than a method needs.

    left_out: tells whether points are missing because nobody is left of whom the outcome speaks.
    """
    if count >= least:
        return
    advice, key = "enlarge the design and run the study again", "needs_points"
    if left_out is not None and left_out.over and count + left_out.points_without_value >= least:
        advice = f"the other points have no {left_out.over}: choose more adults"
        key = f"needs_{left_out.over}"
    needs = Fact(key, least=least, method=Thing("analysis", method), there=count)
    raise UnsuitedError("points", count, f"at least {least} for {method}; {advice}", needs)
