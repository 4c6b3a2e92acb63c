"""Losing all volunteers is the worst outcome there can be, and not a missing one."""

from pathlib import Path

import numpy as np
import pytest

from velfaerd_sim.instruments.losses import losses_as_worst, nobody_left
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.reporting.pages.report import write_report
from velfaerd_sim.studies.compare.comparison import compare
from velfaerd_sim.studies.compare.work import REVERSAL_OUTCOMES
from velfaerd_sim.telling.reading import load

NUMBER, MOTIVATION, EXHAUSTION, RETENTION, LONELY = (
    INDEX[name]
    for name in (
        *("volunteers_per_1000", "motivation_mean", "exhaustion_mean"),
        *("retention_12m", "lonely_share"),
    )
)
REGIMES = ("municipal_baton", "hands_off", "facilitative_dialogue")


def test_a_run_without_volunteers_counts_with_the_worst_value() -> None:
    """M: the first run has lost them, the second has no new ones, the third has all values."""
    summary = np.full((3, len(NAMES)), 0.5)
    summary[0, [MOTIVATION, EXHAUSTION, RETENTION, LONELY]] = np.nan
    summary[:, NUMBER] = [0.0, 40.0, 40.0]
    summary[1, RETENTION] = np.nan
    made = losses_as_worst(summary)
    worst = made[0, [MOTIVATION, EXHAUSTION, RETENTION]]
    assert worst.tolist() == [0.0, 1.0, 0.0]
    assert np.isnan(made[0, LONELY]), "it speaks of everybody"
    assert np.isnan(made[1, RETENTION]), "there are volunteers, but no new ones"
    assert made[2].tolist() == summary[2].tolist()
    assert nobody_left(made)[:, MOTIVATION].tolist() == [True, False, False]
    assert not nobody_left(made)[:, [NUMBER, LONELY]].any()


def test_runs_at_other_staff_hours_count_likewise() -> None:
    """M."""
    place = REVERSAL_OUTCOMES.index
    summary = np.full((1, len(REVERSAL_OUTCOMES)), np.nan)
    summary[0, place("volunteers_per_1000")] = 0.0
    made = losses_as_worst(summary, REVERSAL_OUTCOMES)[0]
    assert made[place("motivation_mean")] == made[place("stock_retention_12m")] == 0.0
    assert np.isnan(made[place("lonely_share")])


@pytest.mark.slow
def test_a_comparison_in_a_tiny_town_counts_and_tells_its_losses(tmp_path: Path) -> None:
    """M: the effect of a regime is not judged by the runs in which some volunteers stay."""
    done = compare(REGIMES, adults=100, months=36, replicates=8, out=tmp_path, workers=1)
    levels = done.levels[done.levels["outcome"] == "motivation_mean"].set_index("regime")
    series = done.series[done.series["month"] > 24]
    runs = series.groupby(["regime", "replicate"])["motivation_mean"].mean()
    assert runs.isna().any(), "all kept their volunteers, so this tests nothing"
    for regime in REGIMES:
        own = runs[regime]
        assert levels.loc[regime, "lost"] == own.isna().sum()
        assert levels.loc[regime, "replicates"] == 8
        assert levels.loc[regime, "mean"] == pytest.approx(own.fillna(0.0).mean())
    effects = done.effects[done.effects["outcome"] == "motivation_mean"].set_index("regime")
    for regime in REGIMES[1:]:
        gap = runs[regime].fillna(0.0) - runs[REGIMES[0]].fillna(0.0)
        assert effects.loc[regime, "difference"] == pytest.approx(gap.mean())
    results = load(tmp_path)
    values = results.values["motivation_mean"].unstack("regime")
    assert values.to_numpy() == pytest.approx(runs.fillna(0.0).unstack("regime").to_numpy())
    for language, words in (("en", "ended without volunteers"), ("da", "endte uden frivillige")):
        assert words in write_report(tmp_path, language=language).read_text(encoding="utf-8")
    course = done.bands[done.bands["outcome"] == "motivation_mean"].set_index(["regime", "month"])
    everyone = series.set_index(["regime", "replicate", "month"])["motivation_mean"].fillna(0.0)
    mean = everyone.groupby(["regime", "month"]).mean()
    assert course.loc[mean.index, "mean"].to_numpy() == pytest.approx(mean.to_numpy())
