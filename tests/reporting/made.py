"""Results made by hand: every number of a study as a test wants it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from velfaerd_sim.inputs.evidence import AGE_BANDS
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures.outcomes import NAMES
from velfaerd_sim.studies.compare.tables import AVERTED_AGAINST_BASELINE
from velfaerd_sim.telling.reading import words_of
from velfaerd_sim.telling.results import Results, Study
from velfaerd_sim.telling.words import LANGUAGES

THREE = ("municipal_baton", "facilitative_dialogue", "hands_off")
FINGERPRINT = "0f1e2d3c4b5a6978" * 4
BASE = {
    "retention_12m": 0.70,
    "stock_retention_12m": 0.72,
    "motivation_mean": 0.50,
    "lonely_share": 0.09,
    "volunteers_per_1000": 45.0,
    "lonely_reached_share": 0.25,
    "staff_satisfaction_mean": 0.6,
    "staff_hours_per_1000": 22.0,
    "lonely_years_averted_per_1000": 0.0,
}
Differences = Mapping[tuple[str, str], tuple[float, float]]
"""(outcome, regime) -> difference to the baseline and half-width of its interval."""


def made(
    differences: Differences,
    regimes: Sequence[str] = THREE,
    replicates: int = 20,
    hours: pd.DataFrame | None = None,
    noise: float = 0.0,
    **study: object,
) -> Results:
    """Results in which a difference is as told, and elsewhere 0 with half-width 0.01.

    noise: standard deviation of every regime's values around its mean, regime by regime, by which
    two regimes can or cannot be told apart.
    """
    names = list(NAMES)
    given = {(o, r): differences.get((o, r), (0.0, 0.01)) for o in names for r in regimes[1:]}
    mean = {
        (o, r): BASE.get(o, 1.0) + given.get((o, r), (0.0, 0.0))[0] for o in names for r in regimes
    }
    generator = np.random.default_rng(1)
    values = pd.DataFrame(
        {
            o: [mean[o, r] + noise * generator.normal() for r in regimes for _ in range(replicates)]
            for o in names
        },
        index=pd.MultiIndex.from_product(
            [regimes, range(replicates)], names=["regime", "replicate"]
        ),
    )
    sure = replicates > 1
    return Results(
        study=made_study(replicates, **study),
        regimes=tuple(regimes),
        spoken={each: {r: words_of(r, None, each) for r in regimes} for each in LANGUAGES},
        levels=levels(mean, regimes, sure),
        bands=bands(mean, regimes, names, sure),
        effects=effects(given, sure),
        groups=groups(regimes, sure),
        values=values,
        staff_hours=pd.DataFrame() if hours is None else hours,
    )


def made_study(replicates: int, **changes: object) -> Study:
    content: dict[str, object] = {
        "kind": "compare",
        "version": "0.1.0",
        "source_digest": "a" * 64,
        "fingerprint": FINGERPRINT,
        "command": "velfaerd compare municipal_baton facilitative_dialogue hands_off",
        "scenario": load_scenario("baseline").with_(months=24),
        "replicates": replicates,
    }
    return Study(**(content | changes))  # type: ignore[arg-type]


def levels(
    mean: Mapping[tuple[str, str], float], regimes: Sequence[str], sure: bool
) -> pd.DataFrame:
    rows = [(o, r, value, 0.02 * max(1.0, abs(value))) for (o, r), value in mean.items()]
    rows += [(AVERTED_AGAINST_BASELINE, r, 0.4, 0.1) for r in regimes]
    frame = pd.DataFrame(rows, columns=["outcome", "regime", "mean", "half"])
    return with_ends(frame, "mean", sure)


def effects(given: Mapping[tuple[str, str], tuple[float, float]], sure: bool) -> pd.DataFrame:
    rows = [(o, r, value, half) for (o, r), (value, half) in given.items()]
    frame = pd.DataFrame(rows, columns=["outcome", "regime", "difference", "half"])
    return with_ends(frame, "difference", sure).assign(variance_reduction=4.0)


def with_ends(frame: pd.DataFrame, column: str, sure: bool) -> pd.DataFrame:
    half = frame.pop("half") if sure else math.nan * frame.pop("half")
    return frame.assign(ci_low=frame[column] - half, ci_high=frame[column] + half)


def bands(
    mean: Mapping[tuple[str, str], float], regimes: Sequence[str], names: Sequence[str], sure: bool
) -> pd.DataFrame:
    rows = []
    for month in (0, 12, 24):
        for r in regimes:
            for o in names:
                start = mean[o, regimes[0]]
                value = start + (mean[o, r] - start) * month / 24
                rows.append((r, month, o, value, 0.02, value - start))
    columns = ["regime", "month", "outcome", "mean", "half", "difference"]
    frame = with_ends(pd.DataFrame(rows, columns=columns), "mean", sure)
    return frame.assign(
        difference_low=frame["difference"] - 0.01, difference_high=frame["difference"] + 0.01
    )


def groups(regimes: Sequence[str], sure: bool) -> pd.DataFrame:
    half = 0.001 if sure else math.nan
    parts = [("all", "all"), ("known", "known"), ("known", "unknown")]
    parts += [("age_band", band) for band in AGE_BANDS]
    return pd.DataFrame(
        [
            {
                "regime": regime,
                "grouping": grouping,
                "group": group,
                "citizens": 100.0,
                "gainers_share": 0.006,
                "gainers_low": 0.006 - half,
                "gainers_high": 0.006 + half,
                "losers_share": 0.002,
                "losers_low": 0.002 - half,
                "losers_high": 0.002 + half,
            }
            for regime in regimes[1:]
            for grouping, group in parts
        ]
    )


def by_hours(
    leads: Mapping[float, tuple[float, float]],
    name: str = "motivation_mean",
    regimes: Sequence[str] = THREE,
) -> pd.DataFrame:
    """Staff hours: the lead of the second regime over the third, with its half-width."""
    rows = []
    for hours, (lead, half) in leads.items():
        for regime, value in ((regimes[0], 0.4), (regimes[1], 0.5 + lead), (regimes[2], 0.5)):
            wide = half / 2.0 if regime != regimes[0] else math.nan
            apart = value - 0.4
            rows.append(
                {
                    "hours_per_1000": hours,
                    "regime": regime,
                    "outcome": name,
                    "mean": value,
                    "ci_low": value - 0.01,
                    "ci_high": value + 0.01,
                    "difference_to_baseline": apart,
                    "difference_low": apart - wide,
                    "difference_high": apart + wide,
                    "replicates": 8,
                }
            )
    return pd.DataFrame(rows)
