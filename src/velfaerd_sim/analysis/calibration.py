"""What a calibration says: which targets are met, what the figures tell about parameters.

Read from the files of a calibration alone. Levels are of its worlds, which all weigh the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from velfaerd_sim.analysis.arrays.facts import NOTHING, Amount, Count, Fact, Thing
from velfaerd_sim.engine import store
from velfaerd_sim.engine.record import COMPLETE
from velfaerd_sim.errors import InputError, StudyError, reason_of, refusal
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.targets import BY_ID, Target
from velfaerd_sim.instruments.readings import EFFECTS
from velfaerd_sim.statistics.normal_scores import table as parameters_of
from velfaerd_sim.studies.calibrate.calibrating import KIND, calibration_of
from velfaerd_sim.studies.calibrate.files import ENSEMBLES
from velfaerd_sim.studies.calibrate.observations import Array
from velfaerd_sim.studies.calibrate.plan import Calibration, names_of
from velfaerd_sim.studies.calibrate.plausibility import PRIOR, standing
from velfaerd_sim.studies.calibrate.reading_plan import READINGS
from velfaerd_sim.studies.calibrate.rounds import DESIGN, FINAL
from velfaerd_sim.studies.calibrate.steps import SPECIAL_WORLDS

RANKS = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_PAIRS = 20
_SIGNIFICANT = 3.0
SIX_ROUTES = "T9"


@dataclass(frozen=True)
class Findings:
    """What the files of a calibration say.

    scores, readings: of all worlds; first_readings: of the first round, drawn from the prior.
    targets, parameters, pairs, effects: tables, see `targets_table`, `parameters_table`,
    `pairs_table`, `effects_table`.
    """

    folder: Path
    record: Mapping[str, Any]
    calibration: Calibration
    scores: Array
    readings: Array
    first_readings: Array
    targets: pd.DataFrame
    parameters: pd.DataFrame
    pairs: pd.DataFrame
    effects: pd.DataFrame

    @property
    def result(self) -> Mapping[str, Any]:
        """The numbers of the result."""
        found: Mapping[str, Any] = self.record["result"]
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the figures in the columns of the readings."""
        return names_of(self.calibration.targets)

    def world(self, name: str) -> Mapping[str, float]:
        """Readings of a set beside the worlds: defaults, median or suggested."""
        found: Mapping[str, float] = self.record["special"][name]["readings"]
        return found


def read_calibration(folder: str | Path) -> Findings:
    """Read a calibration that is done.

    Raises InputError where the folder holds none, StudyError where its files do not fit.
    """
    path = Path(folder)
    record = store.read_record(path)
    if record["kind"] != KIND:
        allowed = (
            f"a folder with a calibration; this one holds a study of the kind {record['kind']}"
        )
        raise InputError("folder", str(folder), allowed)
    if record["status"] != COMPLETE:
        allowed = refusal("done_calibration")
        raise InputError("folder", str(folder), allowed)
    calibration = calibration_of(record)
    try:
        scores, first = _scores(path, calibration)
        readings = _readings(path, calibration, FINAL, scores.index)
        first_readings = _readings(path, calibration, DESIGN, first.index)
    except (KeyError, ValueError) as error:
        raise StudyError(refusal("do_not_fit", name=path, reason=reason_of(error))) from None
    values = scores.to_numpy(np.float64)
    names = names_of(calibration.targets)
    return Findings(
        path,
        record,
        calibration,
        values,
        readings,
        first_readings,
        targets_table(calibration, names, readings, first_readings, record),
        parameters_table(calibration, values, record),
        pairs_table(calibration, values),
        effects_table(names, readings),
    )


def _scores(path: Path, calibration: Calibration) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores of the last stage and of the first, a row a member."""
    frame = store.frame(store.read_table(path / ENSEMBLES)).set_index("member")
    columns = [f"score.{name}" for name in calibration.free]
    last = frame[frame["stage"] == frame["stage"].max()][columns]
    return last, frame[frame["stage"] == 0][columns]


def _readings(path: Path, calibration: Calibration, purpose: str, members: Any) -> Array:
    """Readings of members, of the first round or of the worlds, (members, figures)."""
    frame = store.frame(store.read_table(path / READINGS))
    columns = [f"target.{name}" for name in names_of(calibration.targets)]
    chosen = frame[frame["purpose"] == purpose]
    if purpose == DESIGN:
        chosen = chosen[chosen["stage"] == 0]
    return np.asarray(chosen.set_index("member").loc[members, columns].to_numpy(np.float64))


def targets_table(
    calibration: Calibration,
    names: tuple[str, ...],
    readings: Array,
    first: Array,
    record: Mapping[str, Any],
) -> pd.DataFrame:
    """Every figure: published, before and after, in the special worlds; what was not fitted too.

    Columns: target, group, role, label_en, label_da, unit, transform, value, low, high; prior_QQ
    and posterior_QQ quantiles in per cent; share_inside (of the worlds); defaults, median,
    suggested (readings of these sets); inside (whether the posterior median is);
    outside_by (in standard errors of observation beyond the interval's end, with its sign).
    """
    fitted = {target.id: target for target in calibration.targets}
    rows = []
    after, before = _quantiles_of_finite(readings), _quantiles_of_finite(first)
    for j, name in enumerate(names):
        target = fitted.get(name, BY_ID.get(name))
        if target is None or not np.isfinite(readings[:, j]).any():
            continue
        role = "fit" if name in fitted else ("validation" if target.role == "fit" else target.role)
        row: dict[str, Any] = {
            "target": name,
            "group": target.group,
            "role": role,
            "label_en": target.label_en,
            "label_da": target.label_da,
            "unit": target.unit,
            "transform": target.transform,
            "value": target.value,
            "low": target.low,
            "high": target.high,
        }
        for k, rank in enumerate(RANKS):
            row[f"prior_{100 * rank:02.0f}"] = before[k, j]
            row[f"posterior_{100 * rank:02.0f}"] = after[k, j]
        row["share_inside"] = float(target.inside(readings[:, j]).mean())
        for world in SPECIAL_WORLDS:
            value = record["special"][world]["readings"].get(name)
            row[world] = math.nan if value is None else value
        middle = float(after[RANKS.index(0.5), j])
        row["inside"] = bool(target.inside(middle))
        row["outside_by"] = outside_by(target, middle)
        rows.append(row)
    return pd.DataFrame(rows)


def outside_by(target: Target, reading: float) -> float:
    """Standard errors of observation beyond the nearer end of the interval; 0 inside."""
    if target.inside(reading) or not math.isfinite(reading) or target.role == "exact":
        return 0.0
    end = target.low if reading < target.low else target.high
    return float((target.transformed(reading) - target.transformed(end)) / target.sigma)


def _quantiles_of_finite(values: Array) -> Array:
    """Quantiles of every column over its finite values, (RANKS, columns)."""
    columns = []
    for column in values.T:
        good = column[np.isfinite(column)]
        columns.append(np.quantile(good, RANKS) if len(good) else np.full(len(RANKS), np.nan))
    return np.array(columns).T


def effects_table(names: tuple[str, ...], readings: Array) -> pd.DataFrame:
    """What governance does in the worlds: facilitative dialogue minus the status quo.

    Columns: outcome, q05, q25, q50, q75, q95 over the worlds, share_above (of zero).
    """
    rows = []
    for name in EFFECTS:
        values = readings[:, names.index(name)]
        values = values[np.isfinite(values)]
        if len(values):
            ends = dict(
                zip((f"q{100 * r:02.0f}" for r in RANKS), np.quantile(values, RANKS), strict=True)
            )
            above = float((values > 0.0).mean())
            rows.append({"outcome": name.partition(".")[2], **ends, "share_above": above})
    return pd.DataFrame(rows)


def parameters_table(
    calibration: Calibration, scores: Array, record: Mapping[str, Any]
) -> pd.DataFrame:
    """Every free parameter, the best known first.

    Columns: parameter, group, label_en, label_da, unit, low, high, default; spread (posterior over
    prior standard deviation of its normal score), shift (of the mean, in prior standard
    deviations), standing; posterior_QQ quantiles; suggested, moves.
    """
    values = parameters_of(calibration.free, scores)
    found: Array = np.asarray(np.quantile(values, RANKS, axis=0))
    special = record["special"]
    middle = scores.mean(axis=0)
    rows = []
    for j, name in enumerate(calibration.free):
        one = BY_NAME[name]
        spread = float(record["result"]["spread"][name])
        suggested = special["suggested"]["parameters"][name]
        row: dict[str, Any] = {
            "parameter": name,
            "group": one.group,
            "label_en": one.label_en,
            "label_da": one.label_da,
            "unit": one.unit,
            "low": one.low,
            "high": one.high,
            "default": one.default,
            "spread": spread,
            "shift": float(middle[j]),
            "standing": standing(spread),
        }
        for k, rank in enumerate(RANKS):
            row[f"posterior_{100 * rank:02.0f}"] = found[k, j]
        row["suggested"] = suggested
        row["moves"] = suggested != one.default
        rows.append(row)
    frame = pd.DataFrame(rows)
    return frame.sort_values("spread", kind="stable", ignore_index=True)


def pairs_table(calibration: Calibration, scores: Array) -> pd.DataFrame:
    """Pairs of parameters that trade off: the strongest posterior correlations of their scores.

    Columns: first, second, correlation, shown (beyond three standard errors). At most 20 rows.
    """
    with np.errstate(all="ignore"):
        correlation = np.atleast_2d(np.nan_to_num(np.corrcoef(scores.T))).astype(np.float64)
    first, second = np.triu_indices(len(calibration.free), 1)
    size = correlation[first, second]
    order = np.argsort(-np.abs(size), kind="stable")[:MOST_PAIRS]
    return pd.DataFrame(
        {
            "first": [calibration.free[k] for k in first[order]],
            "second": [calibration.free[k] for k in second[order]],
            "correlation": size[order],
            "shown": np.abs(size[order]) > _SIGNIFICANT / math.sqrt(len(scores)),
        }
    )


def groups_inside(targets: pd.DataFrame, column: str = "posterior_50") -> pd.DataFrame:
    """How many figures of every group are inside, read off a column: group, inside, figures."""
    fitted = targets[targets["role"] == "fit"]
    inside = (fitted[column] >= fitted["low"]) & (fitted[column] <= fitted["high"])
    counted = inside.groupby(fitted["group"], sort=False).agg(["sum", "size"]).reset_index()
    counted.columns = pd.Index(["group", "inside", "figures"])
    return counted


def facts(result: Mapping[str, Any], targets: pd.DataFrame, parameters: pd.DataFrame) -> list[Fact]:
    """The result, what does not fit first; result: of the record."""
    told = [
        Fact(
            "unreachable",
            target=_target(each["target"]),
            low=Amount(each["low"]),
            high=Amount(each["high"]),
            closest=Amount(each["closest"]),
            member=each["member"],
            stage=each["stage"],
            errors=Amount(round(each["standard_errors"], 1)),
        )
        for each in result["unreachable"]
    ]
    fitted = targets[targets["role"] == "fit"]
    outside = fitted[~fitted["inside"]]
    ordered = outside.reindex(outside["outside_by"].abs().sort_values(ascending=False).index)
    told += [
        Fact(
            "target_outside",
            target=_target(row["target"]),
            median=Amount(row["posterior_50"]),
            low=Amount(row["low"]),
            high=Amount(row["high"]),
        )
        for row in ordered.to_dict("records")
    ]
    groups = groups_inside(targets)
    cells = groups[groups["group"] == SIX_ROUTES]
    others = groups[groups["group"] != SIX_ROUTES]
    whole = int((others["inside"] == others["figures"]).sum())
    routes = NOTHING
    if len(cells):
        inside, figures = int(cells["inside"].iloc[0]), int(cells["figures"].iloc[0])
        routes = Fact("routes_inside", inside=inside, all=figures)
    told.append(Fact("groups_inside", whole=whole, all=len(others), routes=routes))
    known = parameters["standing"] != PRIOR
    worth = effective(result)
    if math.isfinite(worth):
        told.append(Fact("worlds_independent", worlds=result["members"], effective=round(worth)))
    else:
        told.append(Fact("worlds_drawn", worlds=result["members"]))
    told.append(Fact("parameters_known", known=int(known.sum()), all=len(known)))
    if failed := sum(result["failed"]):
        told.append(Fact("readings_failed", readings=Count(failed, "reading")))
    return told


def effective(result: Mapping[str, Any]) -> float:
    """How many independent worlds a calibration is worth; NaN where nothing tells."""
    found = result["effective"]
    return math.nan if found is None else float(min(result["members"], found))


def _target(name: object) -> Thing:
    return Thing("target", str(name))
