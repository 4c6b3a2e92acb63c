"""Policy review: once a year a municipality may move its instruments.

Reads   town.code, kind, adults, volunteers, first_volunteer, volunteer_rows, mean_autonomy,
        mean_competence, mean_relatedness; volunteers.citizen, motivation; announced instruments
Writes  records.policy_shift, policy_trial, policy_figure
Draws   POLICY_PEER, POLICY_TRIAL (a few a municipality and year)

Four pulls, whose weights are parameters: the national template (S3: strategies follow guidelines
more than knowledge), peers of one's own type with a good visible figure, a trial of one's own (S0),
and what volunteers ask for. A trial is judged by what volunteers answer about their motivation: of
the figures that a municipality can see it has the most signal for its noise. The answers have to
rise beyond their own trend by more than chance, and between trials nothing is tried for as long,
so that the trend is known and a trial that was taken back is over.
"""

from __future__ import annotations

import math
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
    YEAR,
)
from velfaerd_sim.population.schema import FREE, INSTRUMENT_COUNT, REVIEW_MEMORY
from velfaerd_sim.randomness import POLICY_PEER, POLICY_TRIAL, Key, uniform

START, BEFORE, REVIEWS, DOING = range(len(REVIEW_MEMORY))
"""Columns of records.policy_figure."""
NOTHING_KNOWN, WATCHING, TRYING = 0, 1, 2
"""What a municipality does between two reviews, in the column DOING."""


@rule
def visible_figure(volunteers: float, adults: float) -> float:
    """What others can see of a municipality: volunteers per adult, not loneliness."""
    return volunteers / adults


@rule
def survey_error(mean: float, mean_square: float, volunteers: float) -> float:
    """Standard error of the mean of what so many volunteers answer."""
    return math.sqrt(max(0.0, mean_square - mean * mean) / max(1.0, volunteers))


@rule
def trial_gain(before: float, start: float, end: float, p: Any) -> float:
    """Change of the figure during a trial beyond its own trend, of which a share goes on."""
    return (end - start) - p.policy_trend_carried * (start - before)


@rule
def trial_kept(gain: float, error: float, p: Any) -> bool:
    """Whether a trial is kept: its gain is more than so many standard errors of the figure."""
    return gain > p.policy_trial_threshold * error


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


@kernel
def ask(volunteers: Any) -> tuple[float, float]:
    """Mean motivation that volunteers answer, and its standard error; 0 where there are none."""
    count, total, squares = 0.0, 0.0, 0.0
    for row in range(len(volunteers)):
        vol = volunteers[row]
        if vol.citizen != FREE:
            count += 1.0
            total += vol.motivation
            squares += vol.motivation * vol.motivation
    mean = total / max(1.0, count)
    return mean, survey_error(mean, squares / max(1.0, count), count)


@kernel
def close_period(memory: Any, figure: float, error: float, p: Any) -> tuple[bool, bool, bool]:
    """Whether a trial ends with this review, whether it failed, and whether one begins.

    memory: the municipality's row of records.policy_figure, which moves on.
    """
    start, before, doing = memory[START], memory[BEFORE], memory[DOING]
    memory[REVIEWS] += 1.0
    if doing != NOTHING_KNOWN and memory[REVIEWS] * YEAR < p.policy_trial_months:
        return False, False, False
    ended = doing == TRYING
    failed = ended and not trial_kept(trial_gain(before, start, figure, p), error, p)
    memory[START] = figure
    memory[BEFORE] = start
    memory[REVIEWS] = 0.0
    memory[DOING] = TRYING if doing == WATCHING else WATCHING
    return ended, failed, doing == WATCHING


@entry
def review(
    towns: Any,
    volunteers: Any,
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
        first = town.first_volunteer
        figure, error = ask(volunteers[first : first + town.volunteer_rows])
        ended, failed, begins = close_period(records.policy_figure[m], figure, error, p)
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
            if begins and q == chosen:
                trial = p.policy_weight_trial * (step if rise else -step)
            if begins or ended:
                records.policy_trial[m, q] = trial
            records.policy_shift[m, q] = min(1.0, max(-1.0, shift + trial))
