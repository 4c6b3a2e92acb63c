"""A stand-in for the model in calibrations: five figures that follow from five parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from velfaerd_sim.inputs.targets import named
from velfaerd_sim.statistics.normal_scores import scores
from velfaerd_sim.studies.calibrate.plan import Calibration, load_calibration
from velfaerd_sim.studies.calibrate.rounds import Asking, Result

FREE = (
    "espoused_gap",
    "drift_rate",
    "base_pressure",
    "dialogue_hours_asked",
    "adults_per_staff",
    "fit_from_review",
    "clarity_from_dialogue",
)
TARGETS = ("T1.lonely_share", "T4.onset", "T6.hours", "T7.retention", "T10.odds_ratio")
SLOPES = np.array(
    [
        [1.0, 0.5, 0.0, 0.0, 0.2],
        [0.0, 1.0, -0.5, 0.0, 0.0],
        [0.3, 0.0, 1.0, 0.4, 0.0],
        [0.0, 0.0, 0.3, 1.0, 0.0],
        [-0.5, 0.2, 0.0, 0.0, 1.0],
    ]
)
STEP = 3.0
"""Standard errors of observation that a standard deviation of a parameter makes."""


def read(
    parameters: Mapping[str, float], *, adults: int, replicates: int, seed: int, months: int
) -> dict[str, float]:
    """Figures on their own scale; luck as of so many replicates of so many adults."""
    x = scores({name: parameters[name] for name in FREE[: SLOPES.shape[1]]})
    luck = np.random.default_rng(seed).normal(size=len(TARGETS))
    distance = STEP * SLOPES @ x + luck * 0.3 / np.sqrt(replicates)
    found = {}
    for name, apart in zip(TARGETS, distance, strict=True):
        target = named(name)
        y = target.centre + target.sigma * float(apart)
        if target.transform == "log_odds":
            found[name] = 1.0 / (1.0 + np.exp(-y))
        else:
            found[name] = float(np.exp(y)) if target.transform == "log" else y
    return found


def read_or_fail(parameters: Mapping[str, float], **size: Any) -> dict[str, float]:
    """As `read`, but where the first parameter is high it fails, or gives no number."""
    place = scores({FREE[0]: parameters[FREE[0]]})[0]
    if place > 1.5:
        raise ZeroDivisionError("no volunteers")
    found = read(parameters, **size)
    return found | ({TARGETS[0]: float("nan")} if place > 1.2 else {})


def small(**changes: Any) -> Calibration:
    """A calibration of the stand-in that takes a moment."""
    values: dict[str, Any] = {
        "name": "small",
        "targets": tuple(named(name) for name in TARGETS),
        "free": FREE,
        "members": 120,
        "rounds": 3,
        "round_members": 150,
        "noise_members": 6,
        "adults": 200,
        "replicates": 2,
        "final_replicates": 4,
    }
    return Calibration(**(values | changes))


def answered(asking: Asking[Result], answer: Callable[..., Any]) -> Result:
    """Answer what a course of work asks for with a function, until it gives its result."""
    try:
        requests = next(asking)
        while True:
            requests = asking.send(answer(requests))
    except StopIteration as end:
        result: Result = end.value
        return result


def load_toml(folder: Path, text: str) -> Calibration:
    path = folder / "asked.toml"
    path.write_text(text, encoding="utf-8")
    return load_calibration(path)
