"""Shocks: what the scenario does to a municipality in a month.

Reads   staff.chief, skill, vacant_months; citizens.age_band, set_point; the month's
        consultants_lost, ageing_probability
Writes  staff.skill, concern, satisfaction, tenure_months, vacant_months; citizens.age_band,
        set_point; tallies
Draws   AGEING (one a citizen, only in a month with ageing)

Factors on contact, staff hours, demand and recruitment are read by the processes they act on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import kernel
from velfaerd_sim.population.bundles import Now
from velfaerd_sim.population.levels import level_kept
from velfaerd_sim.population.schema import BAND_COUNT, Citizens
from velfaerd_sim.randomness import AGEING, Key, uniform

LAST_BAND = BAND_COUNT - 1


@kernel
def lose_consultant(staff: Any, p: Any, tally: Any) -> None:
    """The most skilled consultant in post leaves; the post stands vacant before it is filled."""
    best = -1
    for s in range(len(staff)):
        if (
            staff[s].chief == 0
            and staff[s].vacant_months == 0
            and (best < 0 or staff[s].skill > staff[best].skill)
        ):
            best = s
    if best >= 0:
        staff[best].skill = p.entry_skill
        staff[best].concern = p.concern_base
        staff[best].satisfaction = p.entry_satisfaction
        staff[best].tenure_months = 0
        staff[best].vacant_months = np.int64(p.vacancy_months)
        tally.staff_left += 1.0


@kernel
def age(citizens: Citizens, key: Key, month: int, probability: float, quantiles: Any) -> None:
    """A share of each age band moves one band up, and keeps its rank in loneliness level there."""
    for i in range(len(citizens.age_band)):
        band = np.int64(citizens.age_band[i])
        if band < LAST_BAND and uniform(key, AGEING, month, i) < probability:
            level = np.float64(citizens.set_point[i])
            citizens.age_band[i] = band + 1
            citizens.set_point[i] = level_kept(level, quantiles[band], quantiles[band + 1])


@kernel
def step(staff: Any, citizens: Citizens, now: Now, quantiles: Any, tally: Any) -> None:
    """Carry out the month's events; quantiles: of the loneliness level by age band."""
    shock = now.shock
    for _ in range(np.int64(shock.consultants_lost)):
        lose_consultant(staff, now.p, tally)
    if shock.ageing_probability > 0.0:
        age(citizens, now.key, now.month, shock.ageing_probability, quantiles)
