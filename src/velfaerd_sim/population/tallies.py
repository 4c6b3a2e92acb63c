"""The tallies of a month: counts and sums from which every outcome is computed.

One record a municipality and month. They are sums, not means, so that municipalities, months and
replicates can be pooled without loss.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.population.schema import BAND_COUNT

TENURES = 48
"""Months of tenure that the retention ledger tells apart; longer ones share the last."""

# Counted by the processes while they act.
EVENTS = (
    "joins",
    "leaves",
    "transfers",
    "referrals",
    "matches",
    "gave_up",
    "pairs_broken",
    "recovered",
    "dropped_out",
    "opened",
    "opened_by_municipality",
    "closed",
    "incidents",
    "staff_left",
    "arrivals",
    "volunteers_departed",
    "participants_departed",
)
# Read off at the end of the month.
STOCKS = (
    "adults",
    "volunteers",
    "volunteers_over_12_months",
    "affiliated_volunteers",
    "motivation",
    "motivation_squares",
    "autonomy",
    "competence",
    "relatedness",
    "controlled_motivation",
    "ownership",
    "exhaustion",
    "felt_bureaucracy",
    "contact_hours",
    "expectation_gap",
    "participants",
    "company",
    "with_room",
    "hours_short",
    "initiatives",
    "effective_clarity",
    "fit",
    "influence",
    "influence_gap",
    "strained",
    "substitution",
    "quality",
    "leeway",
    "overload",
    "dialogue_enacted",
    "posts",
    "skill",
    "concern",
    "satisfaction",
    "capacity",
    "hours_contact",
    "hours_rules",
    "hours_agreements",
    "hours_dialogue",
    "loneliness",
    "score",
    "lonely",
    "lonely_known",
    "lonely_reached",
    "waiting",
    "known",
    "lonely_a_year_ago",
    "onsets",
    "recoveries",
    *(f"adults_band_{band}" for band in range(BAND_COUNT)),
    *(f"lonely_band_{band}" for band in range(BAND_COUNT)),
)
TALLY_TYPE: np.dtype[Any] = np.dtype([(name, "f8") for name in EVENTS + STOCKS], align=True)
