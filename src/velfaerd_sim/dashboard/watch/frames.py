"""What is kept of a town's months: one small frame a side and month."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.watch.events import Event

# Bits of a citizen's status; the lowest three are the T-ILS score less 3.
SCORE_BITS, KNOWN_BIT, VOLUNTEER_BIT, PARTICIPANT_BIT = 7, 8, 16, 32
NOBODY = 65_535
"""Stands for no companion where rows are unsigned."""
SCALE = 1_000.0
"""Shares in [0, 1] are kept in thousandths."""


class InitiativePlace(NamedTuple):
    """What stays the same in an initiative: its number in the town and where it belongs."""

    number: int
    department: int
    route: int
    format: int
    opened: int


class TownFrame(NamedTuple):
    """One side of a town at the end of one month.

    status: uint8 (citizens,), the bits above; volunteers: uint16 (n, 5): citizen, number of the
    initiative, x, y, motivation; initiatives: uint16 (n, 6): number, department, x, y, volunteers,
    participants; participants: uint16 (n, 3): citizen, companion, number of the initiative;
    events: of the month, with numbers in the place of slots; onsets, recoveries: citizens who
    are lonely and were not a month ago, and the other way round; entered: citizens who were
    another person a month ago.
    """

    status: NDArray[np.uint8]
    volunteers: NDArray[np.uint16]
    initiatives: NDArray[np.uint16]
    participants: NDArray[np.uint16]
    events: tuple[Event, ...]
    onsets: int
    recoveries: int
    entered: frozenset[int]
