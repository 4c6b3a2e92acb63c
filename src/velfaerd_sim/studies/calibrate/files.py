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
from velfaerd_sim.studies.calibrate.plausibility import (
    JudgedSets,
    effective_number,
    nearness,
)
from velfaerd_sim.studies.calibrate.rounds import Stage, lack_of_fit
from velfaerd_sim.studies.calibrate.steps import SUGGESTED, Found

ENSEMBLES, MEMBERS = "ensembles.parquet", "members.csv"
WORLDS, SUGGESTED_FILE = "worlds.csv", "defaults.toml"


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
    """What a calibration found, in numbers, for its record.

    effective, nearness: None where the figures touch all parameters, or nothing tells.
    """
    stages, judged, emulator = found.stages, found.judged, found.learned.emulator
    scores = found.worlds.scores
    untouched = np.setdiff1d(np.arange(scores.shape[1]), emulator.informed)
    generator = np.random.default_rng([calibration.seed, 3])
    return {
        "members": len(scores),
        "informed": [calibration.free[j] for j in emulator.informed.tolist()],
        "effective": plain(round(effective_number(scores, untouched), 1)),
        "nearness": plain(round(nearness(scores, generator), 3)),
        "failed": [stage.failed for stage in stages],
        "noise": dict(zip(observed.names, np.round(found.noise, 6).tolist(), strict=True)),
        "lack_of_fit": {
            name: round(error, 6)
            for name, error in zip(
                observed.names, lack_of_fit(emulator, found.learned.noise).tolist(), strict=True
            )
        },
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
    return {
        ENSEMBLES: ensembles_table(calibration, found.stages),
        MEMBERS: members_csv(observed.names, found.worlds, found.judged),
        WORLDS: worlds_csv(calibration, found.worlds),
        SUGGESTED_FILE: suggested_toml(found.special[SUGGESTED]["parameters"]),
    }


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
    """How every world fares: misfit, figures inside, worst target.

    names: of the fitted targets.
    """
    rows: list[Sequence[Any]] = [("member", "misfit", "inside", "worst", "worst_target")]
    for i, member in enumerate(last.members.tolist()):
        worst = int(np.argmax(np.abs(judged.residuals[i])))
        rows.append(
            (
                member,
                f"{judged.misfit[i]:.5g}",
                int(judged.inside[i].sum()),
                f"{judged.residuals[i, worst]:.4g}",
                names[worst],
            )
        )
    return csv_text(rows)


def worlds_csv(calibration: Calibration, last: Stage) -> str:
    """The worlds: number, weight, every uncertainty. All weigh the same."""
    rows: list[Sequence[Any]] = []
    weight = f"{1.0 / len(last.members):.8g}"
    for member, scores in zip(last.members.tolist(), last.scores, strict=True):
        world = calibration.whole_world(scores)
        if not rows:
            rows.append(("world", "weight", *world))
        rows.append((member, weight, *(f"{value:.6g}" for value in world.values())))
    return csv_text(rows)


def suggested_toml(suggested: Mapping[str, float]) -> str:
    """The suggested defaults as the parameters of a scenario, with those that move."""
    moved = {name: value for name, value in suggested.items() if value != BY_NAME[name].default}
    head = (
        "# Suggested defaults: the posterior median where the figures say something about a\n"
        "# parameter, where it differs from the default.\n"
    )
    return head + toml_text({"parameters": moved})


def csv_text(rows: Sequence[Sequence[Any]]) -> str:
    """Rows as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
