"""The files of a calibration: ensembles, members, worlds, the suggested defaults."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from velfaerd_sim.engine.plan import Table
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.inputs.toml_files import toml_text
from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.plan import Calibration
from velfaerd_sim.studies.calibrate.plausibility import FEWEST, JudgedSets
from velfaerd_sim.studies.calibrate.smoother import Stage
from velfaerd_sim.studies.calibrate.steps import SUGGESTED, Found

ENSEMBLES, MEMBERS = "ensembles.parquet", "members.csv"
WORLDS, MEDOID_FILE = "worlds.csv", "medoid.toml"


def plain(content: Any) -> Any:
    """Plain values with None where a number is not finite."""
    if isinstance(content, Mapping):
        return {key: plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [plain(value) for value in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content


def result(calibration: Calibration, observed: Observed, found: Found) -> dict[str, Any]:
    """What a calibration found, in numbers, for its record."""
    stages, judged = found.stages, found.judged
    last = stages[-1]
    kept = int(judged.kept.sum())
    return {
        "members": len(last.members),
        "plausible": kept,
        "effective": round(judged.effective, 1),
        "limit": round(judged.limit, 3),
        "has_ensemble": kept >= FEWEST,
        "medoid": int(last.members[judged.medoid]),
        "inside_medoid": int(judged.inside[judged.medoid].sum()),
        "redrawn": [stage.redrawn for stage in stages],
        "lost": [stage.lost for stage in stages],
        "refilled": last.refilled,
        "plausible_drawn_anew": int(np.isin(last.members[judged.kept], last.drawn_anew).sum()),
        "noise": dict(zip(observed.names, np.round(last.noise, 6).tolist(), strict=True)),
        "spread": dict(zip(calibration.free, np.round(judged.spread, 4).tolist(), strict=True)),
        "unreachable": [
            closest(observed, stages, j) for j in np.flatnonzero(~judged.reachable).tolist()
        ],
    }


def closest(observed: Observed, stages: Sequence[Stage], j: int) -> dict[str, Any]:
    """The reading nearest to a target over all stages: value, stage, member, distance."""
    best: dict[str, Any] = {}
    target = observed.targets[j]
    for stage in stages:
        distance = np.abs(target.distance(stage.readings[:, j]))
        i = int(np.argmin(distance))
        if not best or distance[i] < best["standard_errors"]:
            best = {
                "target": target.id,
                "wanted": target.value,
                "low": target.low,
                "high": target.high,
                "closest": float(stage.readings[i, j]),
                "stage": stage.number,
                "member": int(stage.members[i]),
                "standard_errors": float(distance[i]),
            }
    best["standard_errors"] = round(best["standard_errors"], 3)
    return best


def tables(calibration: Calibration, observed: Observed, found: Found) -> dict[str, Table]:
    """The files of a calibration that is done, beside its readings."""
    last, judged = found.stages[-1], found.judged
    contents: dict[str, Table] = {
        ENSEMBLES: ensembles_table(calibration, found.stages),
        MEMBERS: members_csv(observed.names, last, judged),
    }
    if judged.kept.sum() >= FEWEST:
        contents[WORLDS] = worlds_csv(calibration, last, judged)
    contents[MEDOID_FILE] = medoid_toml(found.special[SUGGESTED]["parameters"])
    return contents


def ensembles_table(calibration: Calibration, stages: Sequence[Stage]) -> dict[str, Any]:
    """Normal scores of every member at every stage, one row each."""
    columns: dict[str, Any] = {
        "stage": np.concatenate([np.full(len(s.members), s.number, np.int64) for s in stages]),
        "member": np.concatenate([stage.members for stage in stages]),
    }
    scores = np.concatenate([stage.scores for stage in stages])
    for j, name in enumerate(calibration.free):
        columns[f"score.{name}"] = scores[:, j]
    return columns


def members_csv(names: Sequence[str], last: Stage, judged: JudgedSets) -> str:
    """How every member of the last stage fares: misfit, worst target, weight.

    names: of the fitted targets.
    """
    rows: list[Sequence[Any]] = [
        ("member", "weight", "plausible", "misfit", "limit", "inside", "worst", "worst_target")
    ]
    for i, member in enumerate(last.members.tolist()):
        worst = int(np.argmax(np.abs(judged.residuals[i])))
        rows.append(
            (
                member,
                f"{judged.weights[i]:.8g}",
                int(judged.kept[i]),
                f"{judged.misfit[i]:.5g}",
                f"{judged.limit:.5g}",
                int(judged.inside[i].sum()),
                f"{judged.residuals[i, worst]:.4g}",
                names[worst],
            )
        )
    return csv_text(rows)


def worlds_csv(calibration: Calibration, last: Stage, judged: JudgedSets) -> str:
    """The plausible members as worlds: number, weight, every uncertainty."""
    rows: list[Sequence[Any]] = []
    for i in np.flatnonzero(judged.kept).tolist():
        world = calibration.whole_world(last.scores[i])
        if not rows:
            rows.append(("world", "weight", *world))
        values = (f"{value:.6g}" for value in world.values())
        rows.append((int(last.members[i]), f"{judged.weights[i]:.8g}", *values))
    return csv_text(rows)


def medoid_toml(suggested: Mapping[str, float]) -> str:
    """The suggested defaults as the parameters of a scenario, with those that move."""
    moved = {name: value for name, value in suggested.items() if value != BY_NAME[name].default}
    head = (
        "# Suggested defaults: the medoid of the plausible parameter sets, where it differs from\n"
        "# the defaults.\n"
    )
    return head + toml_text({"parameters": moved})


def csv_text(rows: Sequence[Sequence[Any]]) -> str:
    """Rows as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
