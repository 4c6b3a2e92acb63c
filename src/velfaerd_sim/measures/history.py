"""Tallies by month and municipality, and what needs the months before: a year ago, retention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.inputs.regimes import YEAR
from velfaerd_sim.population.tallies import TALLY_TYPE

Array = NDArray[np.float64]


class TallyHistory:
    """Tallies by name from month 0 on, with the months before where a window reaches back.

    Every array has shape (municipalities, months + 1); row 0 is month 0.
    """

    def __init__(
        self,
        tallies: NDArray[Any],
        at_risk: NDArray[Any],
        ended: NDArray[Any],
        start: int,
        own: Mapping[str, Array] | None = None,
    ) -> None:
        """tallies: TALLY_TYPE (municipalities, rows); start: the row of month 0; own: by name."""
        self._own = own or {}
        self.start = start
        self._tallies = tallies
        self._numbers = tallies.view(np.float64).reshape(*tallies.shape, -1)
        self._at_risk = at_risk
        self._ended = ended

    def __getitem__(self, name: str) -> Array:
        assert TALLY_TYPE.names is not None
        column: Array = self._numbers[:, self.start :, TALLY_TYPE.names.index(name)]
        return column

    def own(self, name: str) -> Array:
        """The values of a plugin's outcome; NaN where there is none."""
        values: Array = self._own[name][:, self.start :]
        return values

    def ratio(self, above: str, below: str) -> Array:
        """One tally over another; NaN where the lower one is zero."""
        return divide(self[above], self[below])

    def per_1000(self, name: str) -> Array:
        """A tally per 1 000 adults."""
        return 1000.0 * self.ratio(name, "adults")

    def a_year_before(self, name: str) -> Array:
        """A tally twelve months earlier; NaN before the first month."""
        assert TALLY_TYPE.names is not None
        column = self._numbers[:, :, TALLY_TYPE.names.index(name)]
        shifted = np.full_like(column, np.nan)
        shifted[:, YEAR:] = column[:, :-YEAR]
        result: Array = shifted[:, self.start :]
        return result

    def last_year(self, name: str) -> Array:
        """A tally summed over each month and the eleven before it, as far as there are any."""
        assert TALLY_TYPE.names is not None
        column = self._numbers[:, :, TALLY_TYPE.names.index(name)]
        result: Array = _last_year(column)[:, self.start :]
        return result

    def retention(self, months: int = YEAR) -> Array:
        """Kaplan-Meier share still volunteering `months` after joining, over the last 12 months.

        In each window the volunteers at risk by month of tenure, and those who left, give the
        chance to stay through that month; their product is the estimate. Volunteers who joined
        before the window enter it late, those still there leave it by censoring.
        """
        stay = np.ones((self._at_risk.shape[0], self._at_risk.shape[1]))
        for tenure in range(months):
            at_risk = _last_year(self._at_risk[:, :, tenure])
            ended = _last_year(self._ended[:, :, tenure])
            stay *= 1.0 - np.where(at_risk > 0, ended / np.maximum(at_risk, 1.0), 0.0)
        anyone = _last_year(self._at_risk[:, :, 0]) > 0
        result: Array = np.where(anyone, stay, np.nan)[:, self.start :]
        return result


def divide(above: Array, below: Array) -> Array:
    """Quotient with NaN where the denominator is zero."""
    result = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=result, where=below != 0.0)
    return result


def _last_year(counts: NDArray[Any]) -> Array:
    """Sum over each month and the eleven before it."""
    total = np.cumsum(counts, axis=1, dtype=np.float64)
    total[:, YEAR:] = total[:, YEAR:] - total[:, :-YEAR].copy()
    return total
