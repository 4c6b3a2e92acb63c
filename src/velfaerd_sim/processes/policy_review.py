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
from velfaerd_sim.randomness import POLICY_PEER, POLICY_TRIAL, Key, uniform

PEERS_SEEN = 5
CONTENT = 0.6


@rule
def visible_figure(volunteers: float, adults: float) -> float:
    """What others can see of a municipality: volunteers per adult, not loneliness."""
    return volunteers / adults


@rule
def asked_change(instrument: int, autonomy: float, competence: float, relatedness: float) -> float:
    """What volunteers ask for: change of an instrument by the need that falls short of 0.6.

    Order of instruments as in INSTRUMENTS: rigidity, role_clarity, dialogue, influence,
    recognition, boundary_protection, openness, training.
    """
    if instrument == 0:
        return -max(0.0, CONTENT - autonomy)
    if instrument == 2 or instrument == 3:
        return max(0.0, CONTENT - autonomy)
    if instrument == 1 or instrument == 7:
        return max(0.0, CONTENT - competence)
    if instrument == 4:
        return max(0.0, CONTENT - relatedness)
    return 0.0


@kernel
def best_peer(towns: Any, figures: Any, own: int, key: Key, month: int) -> int:
    """The peer of the same type with the best figure among a few; itself if none is better."""
    best = own
    for j in range(PEERS_SEEN):
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

    announced: float64 (8,), the month's instruments, mean over departments; template: float64 (8,).
    """
    count = len(towns)
    figures = np.empty(count)
    current = np.empty((count, 8))
    for m in range(count):
        figures[m] = visible_figure(towns[m].volunteers, towns[m].adults)
        for q in range(8):
            current[m, q] = clip(announced[q] + records.policy_shift[m, q])
    for m in range(count):
        town = towns[m]
        key = (seed_low, seed_high, np.uint64(town.code))
        peer = best_peer(towns, figures, m, key, month)
        failed = records.policy_figure[m, 1] > 0.0 and figures[m] <= records.policy_figure[m, 0]
        chosen = int(uniform(key, POLICY_TRIAL, month, 0) * 8)
        rise = uniform(key, POLICY_TRIAL, month, 1) < 0.5
        for q in range(8):
            move = p.policy_weight_template * (template[q] - current[m, q])
            move += p.policy_weight_peers * (current[peer, q] - current[m, q])
            move += p.policy_weight_users * asked_change(
                q, town.mean_autonomy, town.mean_competence, town.mean_relatedness
            )
            shift = records.policy_shift[m, q] + p.policy_review_rate * move
            if failed:
                shift -= records.policy_trial[m, q]
            trial = 0.0
            if q == chosen:
                trial = p.policy_weight_trial * (0.2 if rise else -0.2)
            records.policy_trial[m, q] = trial
            records.policy_shift[m, q] = min(1.0, max(-1.0, shift + trial))
        records.policy_figure[m, 0] = figures[m]
        records.policy_figure[m, 1] = 1.0
