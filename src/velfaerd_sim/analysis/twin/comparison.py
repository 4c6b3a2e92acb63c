"""What of a conclusion needs persons: the twin beside the model, regime by regime."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from velfaerd_sim.analysis.twin.months import OUTCOMES, twin_of
from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.studies.compare.comparison import compare


def twin_levels(scenario: Scenario, regimes: Sequence[str]) -> pd.DataFrame:
    """Outcomes of the twin in the last year of a scenario: a row a regime, a column an outcome."""
    rows = {
        regime: twin_of(scenario.with_(regime=regime))[-YEAR:].mean(axis=0) for regime in regimes
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(OUTCOMES))


def beside_agents(scenario: Scenario, regimes: Sequence[str], replicates: int) -> pd.DataFrame:
    """The twin's outcomes beside the model's: regime, outcome, twin, model, low, high.

    low, high: 95 % interval of the model's mean over replicates. Raises as `compare`.
    """
    there = twin_levels(scenario, regimes)
    here = compare(list(regimes), scenario, replicates=replicates).levels
    there = there.rename_axis("regime").reset_index()
    twin = there.melt(id_vars="regime", var_name="outcome", value_name="twin")
    columns = ["regime", "outcome", "mean", "ci_low", "ci_high"]
    found = twin.merge(here[columns], on=["regime", "outcome"], how="left")
    return found.rename(columns={"mean": "model", "ci_low": "low", "ci_high": "high"})


def agreement(table: pd.DataFrame) -> pd.DataFrame:
    """How well the twin tells what the model finds, outcome by outcome over the regimes.

    Columns: outcome; correlation; tau (Kendall's, of the two rankings); gap (mean of model minus
    twin); spread (range of the model over the regimes).
    """
    rows = []
    for outcome, part in table.groupby("outcome", sort=False):
        twin, model = (part[name].to_numpy(np.float64) for name in ("twin", "model"))
        varies = np.ptp(twin) > 0.0 and np.ptp(model) > 0.0
        correlation = float(np.corrcoef(twin, model)[0, 1]) if varies else float("nan")
        tau = float(kendalltau(twin, model).statistic)
        gap, spread = float((model - twin).mean()), float(np.ptp(model))
        rows.append((outcome, correlation, tau, gap, spread))
    return pd.DataFrame(rows, columns=["outcome", "correlation", "tau", "gap", "spread"])
