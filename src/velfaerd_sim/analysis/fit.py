"""What fits and what does not: targets, held-out patterns and scales, the misfits first.

A target fits where the model's answer lies in the published interval; how far it is outside is told
in standard errors of observation. Patterns without a published figure are shown for judgement.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.analysis.arrays.facts import (
    NOTHING,
    Amount,
    Count,
    Fact,
    Share,
    Thing,
    Value,
)
from velfaerd_sim.inputs.targets import BY_ID, TARGETS, Target
from velfaerd_sim.instruments.conditions import DEFAULTS
from velfaerd_sim.instruments.losses import losses_as_worst
from velfaerd_sim.instruments.patterns import PATTERNS, Pattern
from velfaerd_sim.statistics.intervals import IntervalRule, paired
from velfaerd_sim.studies.validate.validating import (
    AT_DEFAULTS,
    HELD_OUT_PART,
    SCALE_PART,
    TARGETS_PART,
    Validation,
)

Array = NDArray[np.float64]
SIX_ROUTES = "T9"
CELLS_NEEDED = 20
"""So many of the 24 cells inside their sampling interval count as the six-route table inside."""
MOST_NAMED = 6
"""Misfits in a sentence; the rest is in the table."""
MOST_MOVED = 5
"""Levels that a scale moves in a sentence."""
SURE = 0.999
"""Confidence with which a scale must move a level to be told: some 200 levels are looked at."""
NOTABLE = 0.03
"""A share of its level below which a clear difference between scales is not worth a sentence."""


def targets_table(study: Validation) -> pd.DataFrame:
    """One row a target, what does not fit first.

    Columns: id, group, label, role, unit, value, low, high (published); at_defaults (mean over
    seeds); median, from_, to (middle nine tenths of the worlds, or of seeds without worlds);
    inside (the median; the defaults without worlds), share_inside, missing (worlds in which there
    is nobody to ask: none of them meets the target, and where they are half of all the median does
    not either), distance (of the median, in standard errors of observation), beyond (how far
    outside of the interval, in its unit).
    """
    at_defaults = study.values(AT_DEFAULTS)
    spread = at_defaults if study.worlds is None else study.values(TARGETS_PART)
    rows = []
    for target in TARGETS:
        rows.append(
            _target_row(target, at_defaults[target.id].to_numpy(), spread[target.id].to_numpy())
        )
    table = pd.DataFrame(rows)
    size = table["distance"].abs().fillna(np.inf)
    table = table.assign(size=size)
    table = table.sort_values(["inside", "size"], ascending=[True, False], kind="stable")
    return table.drop(columns="size").reset_index(drop=True)


def _spread(drawn: Array) -> tuple[Array, bool]:
    """The 5th, 50th and 95th percentile of what could be read, and whether most could be."""
    there = drawn[np.isfinite(drawn)]
    ends = np.percentile(there, [5.0, 50.0, 95.0]) if len(there) else np.full(3, np.nan)
    return ends, bool(2 * len(there) > len(drawn))


def _target_row(target: Target, of_seeds: Array, drawn: Array) -> dict[str, Any]:
    most_seeds = _spread(of_seeds)[1]
    (low, median, high), most = _spread(drawn)
    seeds = of_seeds[np.isfinite(of_seeds)]
    at_defaults = float(seeds.mean()) if len(seeds) else np.nan
    inside = bool(target.inside(median)) and most
    share = float(np.mean(target.inside(drawn))) if len(drawn) else np.nan
    beyond = max(target.low - median, median - target.high, 0.0)
    return {
        "id": target.id,
        "group": target.group,
        "label": target.label_en,
        "role": target.role,
        "unit": target.unit,
        "value": target.value,
        "low": target.low,
        "high": target.high,
        "at_defaults": at_defaults,
        "median": float(median),
        "from_": float(low),
        "to": float(high),
        "inside": inside,
        "defaults_inside": bool(target.inside(at_defaults)) and most_seeds,
        "share_inside": share,
        "missing": int((~np.isfinite(drawn)).sum()),
        "distance": float(target.distance(median)),
        "beyond": float(beyond),
    }


def groups_table(table: pd.DataFrame, column: str = "inside") -> pd.DataFrame:
    """Inside or not by group (T1 to T15): a group is inside where all its figures are.

    The six-route table counts as inside from 20 of its 24 free cells on. table: of
    `targets_table`; column: `inside` or `defaults_inside`.
    """
    rows = []
    used = table[table["role"].isin(["fit", "exact"])]
    for group in dict.fromkeys(BY_ID[id].group for id in BY_ID):
        own = used[used["group"] == group]
        if own.empty:
            continue
        inside = int(own[column].sum())
        enough = inside >= CELLS_NEEDED if group == SIX_ROUTES else inside == len(own)
        rows.append({"group": group, "inside": inside, "figures": len(own), "fits": bool(enough)})
    return pd.DataFrame(rows)


def held_out_table(study: Validation) -> pd.DataFrame:
    """One row a held-out pattern and validation target; contradicted ones first, then unjudged.

    Columns: id, group, label, unit, question, figure, source, median, from_, to, verdict ('inside',
    'outside' or 'no figure').
    """
    drawn = study.values(HELD_OUT_PART)
    rows = [_pattern_row(pattern, drawn[pattern.id].to_numpy()) for pattern in PATTERNS]
    targets = targets_table(study).set_index("id")
    for target in (each for each in TARGETS if each.role == "validation"):
        own = targets.loc[target.id]
        rows.append(
            {
                "id": target.id,
                "group": target.group,
                "label": target.label_en,
                "unit": target.unit,
                "question": target.definition,
                "figure": f"{target.low:.3g} to {target.high:.3g}",
                "source": target.source,
                "median": own["median"],
                "from_": own["from_"],
                "to": own["to"],
                "verdict": "inside" if own["inside"] else "outside",
            }
        )
    order = {"outside": 0, "inside": 1, "no figure": 2}
    table = pd.DataFrame(rows)
    table["place"] = table["verdict"].map(order)
    table = table.sort_values("place", kind="stable", ignore_index=True)
    return table.drop(columns="place")


def _pattern_row(pattern: Pattern, drawn: Array) -> dict[str, Any]:
    (low, median, high), most = _spread(drawn)
    verdict = "no figure"
    if pattern.low is not None and pattern.high is not None:
        verdict = "inside" if most and pattern.low <= median <= pattern.high else "outside"
    return {
        "id": pattern.id,
        "group": pattern.group,
        "label": pattern.label,
        "unit": pattern.unit,
        "question": pattern.question,
        "figure": pattern.figure,
        "source": pattern.source,
        "median": float(median),
        "from_": float(low),
        "to": float(high),
        "verdict": verdict,
    }


def scale_table(study: Validation) -> pd.DataFrame:
    """One row an outcome and scale: its level, the difference to the first scale, the interval.

    Columns: outcome, condition, level, base, difference, low, high (95%, over pairs of seeds),
    relative (difference over base), notable (99.9% sure and above 3% of the level), the largest
    first.
    """
    base = _levels(study, DEFAULTS)
    own = study.frame[study.frame["part"] == SCALE_PART]["condition"]
    rows = []
    for condition in (each for each in dict.fromkeys(own) if each != DEFAULTS):
        other = _levels(study, condition)
        for outcome in base.columns:
            one, first = (table[outcome].to_numpy()[:, None] for table in (other, base))
            pair = paired(one, first, IntervalRule())
            sure = paired(one, first, IntervalRule(confidence=SURE))
            level = float(pair.baseline_mean[0])
            relative = float(pair.difference[0]) / level if level else np.nan
            clear = bool(sure.low[0] > 0.0 or sure.high[0] < 0.0)
            rows.append(
                {
                    "outcome": outcome,
                    "condition": condition,
                    "level": float(pair.regime_mean[0]),
                    "base": level,
                    "difference": float(pair.difference[0]),
                    "low": float(pair.low[0]),
                    "high": float(pair.high[0]),
                    "relative": relative,
                    "notable": clear and abs(relative) > NOTABLE,
                }
            )
    table = pd.DataFrame(rows)
    table = table.assign(size=table["relative"].abs())
    table = table.sort_values(["notable", "size"], ascending=False, kind="stable")
    return table.drop(columns="size").reset_index(drop=True)


def _levels(study: Validation, condition: str) -> pd.DataFrame:
    """Levels at a scale; where nobody is left of whom one speaks, it is the worst there can be."""
    table = study.values(SCALE_PART, condition)
    values = losses_as_worst(table.to_numpy(np.float64), list(table.columns))
    return pd.DataFrame(values, index=table.index, columns=table.columns)


def facts(
    targets: pd.DataFrame, held_out: pd.DataFrame, scale: pd.DataFrame, worlds: int
) -> Iterator[Fact]:
    """What to say, misfits first. worlds: how many, 0 where the defaults stand in for them."""
    where = Fact("at_median", worlds=Count(worlds, "world")) if worlds else Fact("at_defaults")
    fitted = targets[targets["role"] == "fit"]
    cells = fitted["group"] == SIX_ROUTES
    single, table = fitted[~cells], fitted[cells]
    off = single[~single["inside"]]
    if len(off):
        parts = tuple(map(_off, off.head(MOST_NAMED).to_dict("records")))
        more = len(off) - MOST_NAMED
        yield Fact(
            "off_targets",
            where=where,
            parts=Fact("each_of", parts=parts),
            more=Fact("more_targets", count=more) if more > 0 else NOTHING,
        )
    groups = groups_table(targets)
    missed = tuple(groups.loc[~groups["fits"], "group"])
    yield Fact(
        "targets_inside",
        inside=int(groups["fits"].sum()),
        all=len(groups),
        where=where,
        missed=Fact("targets_missed", names=missed) if missed else NOTHING,
        cells=int(table["inside"].sum()),
        all_cells=len(table),
    )
    yield from _held_out_facts(held_out)
    moved = scale[scale["notable"]]
    common: dict[str, Value] = {"all": len(scale), "share": Share(NOTABLE)}
    if not len(moved):
        yield Fact("scale_moves_none", **common)
        return
    moves = tuple(
        Fact(
            "scale_one",
            outcome=Thing("outcome", row["outcome"]),
            change=_change(row["relative"]),
            condition=Thing("condition", row["condition"]),
        )
        for row in moved.head(MOST_MOVED).to_dict("records")
    )
    yield Fact("scale_moves", moved=len(moved), parts=moves, **common)


def _change(relative: float) -> Fact:
    return Fact("more_by" if relative > 0.0 else "less_by", share=Share(abs(relative)))


def _held_out_facts(held_out: pd.DataFrame) -> Iterator[Fact]:
    against = held_out[held_out["verdict"] == "outside"]
    known = held_out[held_out["verdict"] != "no figure"]
    for row in against.to_dict("records"):
        yield Fact(
            "contradicted",
            figure=Thing("figure", row["id"]),
            median=Amount(row["median"]),
            unit=Thing("unit", row["unit"]),
            published=Thing("published", row["id"]),
        )
    yield Fact(
        "held_out",
        figures=Count(len(held_out), "figure"),
        known=len(known),
        inside=len(known) - len(against),
        outside=len(against),
        unknown=len(held_out) - len(known),
    )


def _off(row: Mapping[Hashable, Any]) -> Fact:
    return Fact(
        "off_target",
        figure=Thing("figure", row["id"]),
        id=str(row["id"]),
        median=Amount(row["median"]),
        low=Amount(row["low"]),
        high=Amount(row["high"]),
        distance=Amount(round(abs(row["distance"]), 1)),
    )
