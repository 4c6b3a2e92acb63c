"""Policy review: once a year a municipality may move its instruments.

Reads   town.code, kind, adults, volunteers, mean_autonomy, mean_competence, mean_relatedness;
        announced instruments
Writes  records.policy_shift, policy_trial, policy_figure
Draws   POLICY_PEER, POLICY_TRIAL (a few a municipality and year)

Four pulls, whose weights are parameters: the national template (S3: strategies follow guidelines
more than knowledge), peers of one's own type with a good visible figure, a small trial kept only
when the own figure improved (S0), and what volunteers ask for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from velfaerd_sim.compiled import entry, kernel, rule
from velfaerd_sim.curves import clip
from velfaerd_sim.inputs.regimes import (
    DIALOGUE,
    INFLUENCE,
    RECOGNITION,
    RIGIDITY,
    ROLE_CLARITY,
    TRAINING,
)
from velfaerd_sim.population.schema import INSTRUMENT_COUNT
from velfaerd_sim.randomness import POLICY_PEER, POLICY_TRIAL, Key, uniform


@rule
def visible_figure(volunteers: float, adults: float) -> float:
    """What others can see of a municipality: volunteers per adult, not loneliness."""
    return volunteers / adults


@rule
def asked_change(
    instrument: int, autonomy: float, competence: float, relatedness: float, p: Any
) -> float:
    """What volunteers ask for: change of an instrument by how far a need falls short.

    instrument: index into INSTRUMENTS.
    """
    if instrument == RIGIDITY:
        return -max(0.0, p.content_level - autonomy)
    if instrument in (DIALOGUE, INFLUENCE):
        return max(0.0, p.content_level - autonomy)
    if instrument in (ROLE_CLARITY, TRAINING):
        return max(0.0, p.content_level - competence)
    if instrument == RECOGNITION:
        return max(0.0, p.content_level - relatedness)
    return 0.0


@kernel
def best_peer(towns: Any, figures: Any, own: int, key: Key, month: int, p: Any) -> int:
    """The peer of the same type with the best figure among a few; itself if none is better."""
    best = own
    for j in range(int(p.policy_peers_seen)):
        other = int(uniform(key, POLICY_PEER, month, j) * len(towns))
        if towns[other].kind == towns[own].kind and figures[other] > figures[best]:
            best = other
    return best


@entry
def review(
    towns: Any,
    announced: Any,
    template: Any,
    records: Any,
    seed_low: np.uint64,
    seed_high: np.uint64,
    month: int,
    p: Any,
) -> None:
    """Move every municipality's deviation from the announced instruments, all at once.

    announced: float64 (instruments,), the month's, mean over departments; template: float64
    (instruments,).
    """
    count = len(towns)
    step = p.policy_trial_step
    figures = np.empty(count)
    current = np.empty((count, INSTRUMENT_COUNT))
    for m in range(count):
        figures[m] = visible_figure(towns[m].volunteers, towns[m].adults)
        for q in range(INSTRUMENT_COUNT):
            current[m, q] = clip(announced[q] + records.policy_shift[m, q])
    for m in range(count):
        town = towns[m]
        key = (seed_low, seed_high, np.uint64(town.code))
        peer = best_peer(towns, figures, m, key, month, p)
        failed = records.policy_figure[m, 1] > 0.0 and figures[m] <= records.policy_figure[m, 0]
        chosen = int(uniform(key, POLICY_TRIAL, month, 0) * INSTRUMENT_COUNT)
        rise = uniform(key, POLICY_TRIAL, month, 1) < 0.5
        for q in range(INSTRUMENT_COUNT):
            move = p.policy_weight_template * (template[q] - current[m, q])
            move += p.policy_weight_peers * (current[peer, q] - current[m, q])
            move += p.policy_weight_users * asked_change(
                q, town.mean_autonomy, town.mean_competence, town.mean_relatedness, p
            )
            shift = records.policy_shift[m, q] + p.policy_review_rate * move
            if failed:
                shift -= records.policy_trial[m, q]
            trial = 0.0
            if q == chosen:
                trial = p.policy_weight_trial * (step if rise else -step)
            records.policy_trial[m, q] = trial
            records.policy_shift[m, q] = min(1.0, max(-1.0, shift + trial))
        records.policy_figure[m, 0] = figures[m]
        records.policy_figure[m, 1] = 1.0
