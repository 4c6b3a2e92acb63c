"""Folders of sweeps whose runs come from a rule with a known answer instead of the model."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from velfaerd_sim.engine import record
from velfaerd_sim.inputs.factors import Factor
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.sweep import sweeping
from velfaerd_sim.studies.sweep.designs import Design
from velfaerd_sim.studies.sweep.plan import SweepPlan
from velfaerd_sim.studies.sweep.study import SweepStudy

ROLES, TALK, RULES = "clear_roles_no_rigid_rules", "facilitative_dialogue", "rigid_rules"
FACTORS = (
    *("espoused_gap", "promise_weight", "base_pressure", "drift_rate", "companion_loss_effect"),
    *("dialogue_hours_asked", "influence_pace_from_dialogue", "autonomy_from_influence"),
)
Rule = Callable[[dict[str, float], str, str], float]
"""Ranks of a point by factor, the regime, the outcome -> the value without chance."""


def study(
    design: Design, factors: tuple[str, ...] = FACTORS, replicates: int = 3, regimes: int = 2
) -> SweepStudy:
    """A small study of two or three regimes."""
    return SweepStudy(
        name="made",
        scenario=load_scenario("baseline").with_(adults=200, months=12, burn_in_months=3),
        regimes=tuple(map(load_timeline, (ROLES, TALK, RULES)[:regimes])),
        factors=tuple(map(Factor.of, factors)),
        design=design,
        replicates=replicates,
        outcomes=("retention_12m", "lonely_share", "staff_hours_per_1000"),
        title_en="A made study",
    )


def gap_decides(ranks: dict[str, float], regime: str, outcome: str) -> float:
    """Talk beats roles where few promises are broken, most of all where they weigh little."""
    if outcome == "staff_hours_per_1000":
        return 30.0 if regime == TALK else 20.0
    lead = 0.05 - 0.1 * ranks["espoused_gap"] * (0.5 + ranks.get("promise_weight", 0.5))
    value = {TALK: lead, ROLES: 0.0, RULES: -0.2}[regime]
    return 0.7 + value if outcome == "retention_12m" else 0.08 - 0.1 * value


def runs(chosen: SweepStudy, rule: Rule = gap_decides, sd: float = 0.004) -> pd.DataFrame:
    """All runs of a study, with Gaussian chance of the given size."""
    generator = np.random.default_rng(7)
    rank = {factor.name: factor.rank for factor in chosen.factors}
    lines = []
    for replicate, seed in enumerate(chosen.seeds):
        for point in chosen.points.distinct:
            ranks = {name: rank[name](value) for name, value in point.values}
            for timeline in chosen.regimes:
                line = {
                    "run_id": f"{len(lines):016x}",
                    "point_id": point.point_id,
                    "replicate": replicate,
                    "seed": seed,
                    "regime": timeline.name,
                    "status": "done",
                    "message": "",
                    "seconds": 0.01,
                }
                line |= {f"parameter.{name}": value for name, value in point.values}
                for name in chosen.outcomes:
                    value = rule(ranks, timeline.name, name)
                    line[f"outcome.{name}"] = value + generator.normal(0.0, sd)
                lines.append(line)
    return pd.DataFrame(lines)


def folder_of(
    chosen: SweepStudy,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    frame: pd.DataFrame | None = None,
) -> Path:
    """A folder with the record of a study, whose runs are the given ones."""
    path.mkdir()
    made = SweepPlan(chosen).record("velfaerd sweep made.toml --out made")
    (path / "study.json").write_text(record.text(made), encoding="utf-8")
    table = runs(chosen) if frame is None else frame
    monkeypatch.setattr(sweeping, "runs_frame", lambda folder: table)
    return path
