"""A comparison that decides by itself when it is precise enough."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from studies.small import REGIMES, compared, digests
from velfaerd_sim.engine.progress import Advance
from velfaerd_sim.measures.outcomes import INDEX, NAMES
from velfaerd_sim.statistics.intervals import IntervalRule, t_quantile
from velfaerd_sim.studies.compare.comparison import Comparison
from velfaerd_sim.studies.compare.stopping import BATCH, DECIDING, SMALLEST, interim_analysis

OPTIONS: dict[str, Any] = {
    "regimes": REGIMES[::2],
    "replicates": None,
    "precision": 0.3,
    "adults": 1500,
    "months": 14,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("precision") / "study"


@pytest.fixture(scope="module")
def found(folder: Path) -> Comparison:
    return compared(folder, **OPTIONS)


def last_year(series: pd.DataFrame, regime: str, outcome: str) -> np.ndarray:
    mine = series[(series["regime"] == regime) & (series["month"] > 2)]
    if outcome == "retention_12m":
        mine = mine[mine["month"] == 14]
    return mine.groupby("replicate")[outcome].mean().to_numpy()


def test_it_stops_when_every_half_width_is_small_enough(found: Comparison) -> None:
    stopping = found.stopping
    assert stopping is not None
    assert stopping["reached"]
    assert stopping["replicates"] == found.replicates == len(found.study["seeds"])
    assert found.replicates % BATCH == 0
    assert SMALLEST < found.replicates < 200
    counts = {"planned": 2 * found.replicates, "done": 2 * found.replicates, "failed": 0}
    assert found.study["counts"] == counts


def test_the_widths_follow_from_the_series(found: Comparison) -> None:
    widths = {}
    for outcome in DECIDING:
        one = last_year(found.series, REGIMES[2], outcome)
        other = last_year(found.series, REGIMES[0], outcome)
        n = float(len(one))
        half = float(t_quantile(np.array(n - 1))) * (one - other).std(ddof=1) * (1 + 1 / n) ** 0.5
        half /= n**0.5
        widths[outcome] = half / other.std(ddof=1)
        rows = found.effects[found.effects["outcome"] == outcome]
        assert rows["ci_high"].item() - rows["difference"].item() == pytest.approx(half)
    stopping = found.stopping
    assert stopping is not None
    assert stopping["width"] == pytest.approx(max(widths.values()))
    assert stopping["outcome"] == max(widths, key=lambda name: widths[name])
    assert stopping["regime"] == REGIMES[2]
    assert stopping["width"] < 0.3


def test_it_had_not_been_precise_enough_before(found: Comparison) -> None:
    before = found.replicates - BATCH
    values = np.full((before, 2, len(NAMES)), np.nan)
    for outcome in DECIDING:
        for index, regime in enumerate(REGIMES[::2]):
            column = last_year(found.series, regime, outcome)
            values[:, index, INDEX[outcome]] = column[:before]
    assert not interim_analysis(values, REGIMES[::2], IntervalRule(sequential=True), 0.3).enough


def test_where_it_stops_does_not_depend_on_workers(
    found: Comparison, folder: Path, tmp_path: Path
) -> None:
    for workers in (1, 5):
        other = compared(tmp_path / str(workers), **OPTIONS | {"workers": workers})
        assert digests(tmp_path / str(workers)) == digests(folder)
        assert other.fingerprint == found.fingerprint


def test_an_interrupted_search_for_precision_goes_on(
    found: Comparison, folder: Path, tmp_path: Path
) -> None:
    def stop(advance: Advance) -> None:
        assert advance.runs_done <= advance.runs_total
        if advance.runs_done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compared(tmp_path / "study", progress=stop, **OPTIONS)
    again = compared(tmp_path / "study", **OPTIONS)
    assert again.replicates == found.replicates
    assert digests(tmp_path / "study") == digests(folder)


@pytest.mark.parametrize("most", [16, 19])
def test_the_maximum_is_reached_and_told(most: int) -> None:
    found = compared(**OPTIONS | {"precision": 0.01, "max_replicates": most})
    assert found.stopping is not None
    assert not found.stopping["reached"]
    assert found.stopping["replicates"] == found.replicates == most
    assert found.stopping["outcome"] in DECIDING


def test_identical_regimes_are_precise_with_the_fewest_replicates() -> None:
    found = compared(**OPTIONS | {"parameters": {"governance_strength": 0.0}})
    assert found.replicates == SMALLEST
    assert found.stopping is not None
    assert found.stopping["width"] == 0.0


def test_what_was_not_observed_is_not_precise() -> None:
    values = np.random.default_rng(3).normal(size=(40, 2, len(NAMES)))
    values[:, 1] = values[:, 0] + 0.001 * values[:, 1]
    rule = IntervalRule(sequential=True)
    assert interim_analysis(values, ("a", "b"), rule, 0.1).enough
    values[:, :, INDEX["retention_12m"]] = np.nan
    found = interim_analysis(values, ("a", "b"), rule, 0.1)
    assert not found.enough
    assert found.outcome == "retention_12m"
    assert found.to_dict()["width"] is None


@pytest.mark.parametrize("alike", [False, True])
def test_intervals_cover_at_the_stop_and_cost_little(alike: bool) -> None:
    """1 200 comparisons for which 32 replicates would do; `python benchmarks/stopping.py` has more.

    A coverage of 95 % has an error of 0.6 %. Where three differences are equally hard to tell, all
    three have to be narrow enough by chance, which costs more.
    """
    path = Path(__file__).parents[3] / "benchmarks" / "stopping.py"
    script = runpy.run_path(str(path))
    found = script["stopped"](script["drawn"](0.0, alike), 32, studies=1200)
    assert (found.coverage >= 0.94).all()
    assert (found.coverage <= 0.97).all()
    assert found.cost <= (1.4 if alike else 1.2)
