"""Losing all volunteers is the worst outcome there can be, and not a missing one: the rule of it.

A mean over nobody has no value. Were it left out, a regime under which all volunteers leave would
be judged by the runs, worlds and municipalities in which some stay. So where nobody is left of whom
an outcome speaks, in a month or in a whole year, it counts with the worst end of its scale. What is
missing for another reason, as retention where nobody is new, stays missing. Every study, and the
dashboard, reads this rule here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.measures.outcomes import LEVEL, NAMES, named

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def number_of(name: str) -> str:
    """The outcome that counts those of whom an outcome speaks; '' where it cannot lose them."""
    outcome = named(name)
    return "" if np.isnan(outcome.worst) else f"{outcome.over}_per_1000"


def counted(name: str, values: Array, numbers: Array | None = None) -> Array:
    """Values of an outcome, with the worst where nobody is left of whom it speaks.

    numbers: of those, in the same runs; None where they were not kept: then whatever is missing
    counts as lost.
    """
    if not number_of(name):
        return values
    lost = ~np.isfinite(values)
    if numbers is not None:
        lost &= numbers == 0.0
    return np.where(lost, named(name).worst, values)


def nobody_left(summary: Array, names: Sequence[str] = NAMES) -> Flags:
    """Where an outcome speaks of volunteers or initiatives, and there are none.

    summary: (..., outcomes) as `outcomes.summarise` gives it, or the same by month; the same shape.
    Where their number is not among the names, a mean over them tells: it is there as long as they
    are.
    """
    place = {name: index for index, name in enumerate(names)}
    left = np.zeros(summary.shape, np.bool_)
    for name, index in place.items():
        if not (number := number_of(name)):
            continue
        if number in place:
            left[..., index] = summary[..., place[number]] == 0.0
            continue
        left[..., index] = ~np.isfinite(summary[..., index])
        for other, column in place.items():
            if number_of(other) == number and named(other).kind == LEVEL:
                left[..., index] = ~np.isfinite(summary[..., column])
                break
    return left


def losses_as_worst(summary: Array, names: Sequence[str] = NAMES) -> Array:
    """Summaries in which a run that ended without anybody of whom an outcome speaks has its worst.

    summary: (..., outcomes) as in `nobody_left`.
    """
    worst = np.array([named(name).worst for name in names])
    return np.where(nobody_left(summary, names) & ~np.isfinite(summary), worst, summary)
