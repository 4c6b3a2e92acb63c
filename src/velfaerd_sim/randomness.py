"""Keyed draws: every random number is a function of (seed, place, process, month, agent).

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy
as 1, 2, 3"), a counter-based generator with published known answers. Nothing is drawn in sequence,
so a draw never depends on how many others were made before it: two runs that differ in the way of
governing give the same person the same draws.

Counter words: agent, month, group of processes, municipality code. Key words: the two halves of
the seed. One call yields four 32-bit numbers, and four processes share it: process p takes lane
p mod 4 of group p div 4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.compiled import kernel, rule

Key = tuple[np.uint64, np.uint64, np.uint64]
LANES: int = 4
"""Words that one hash gives, for as many draws of a group."""

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_LANE = np.uint64(LANES - 1)
_TWO = np.uint64(2)
_SIXTEEN = np.uint64(16)
_LOW16 = np.uint64(0xFFFF)
_STEP32 = 2.0**-32
_STEP16 = 2.0**-16
SQRT_SIX = 2.449489742783178
SQRT_TWO = 1.4142135623730951

# Processes in groups of four. A new process takes a new number; no number is ever reused.
# Group 0, agent = citizen: one hash a citizen and month.
MOOD, LIFE_EVENT, RECRUITMENT, REFERRAL = 0, 1, 2, 3
# Groups 1 and 2, agent = citizen: the places that a joining volunteer, a participant looks at.
VOLUNTEER_PROBE, PARTICIPANT_PROBE = 4, 8
# Group 3, agent = citizen.
LEAVING, TRANSFER, ENDING, AGEING = 12, 13, 14, 15
# Group 4, agent = citizen: the places that a volunteer whose initiative closed looks at.
TRANSFER_PROBE = 16
# Group 5, agent = slot of the initiative.
STRAIN, INCIDENT, CLOSING = 20, 21, 22
# Group 6, agent = 6 x department + route.
OPENING = 24
# Group 7, agent = 6 x department + route + 30 x ordinal of the start in the month.
OPENING_SLOT, OPENING_FORMAT, OPENING_AFFILIATION, OPENING_COMPANY = 28, 29, 30, 31
# Group 8, agent = staff member.
STAFF_LEAVING = 32
# Group 9, once a year, agent = ordinal of the draw; POLICY_INITIAL: instrument, month word 0.
POLICY_PEER, POLICY_TRIAL, POLICY_INITIAL = 36, 37, 38
# Groups 16 to 26: the first population (month word 0, but for TIE_LONG).
BORN_AGE, BORN_SET_POINT, BORN_LONELINESS, BORN_KNOWN = 64, 65, 66, 67
TIE_LOCAL = 68  # groups 17 and 18: up to eight forward ties
TIE_LONG = 76  # lanes 0 and 1: the row looked at, the chance; month word: number of the try
BORN_VOLUNTEER, BORN_TENURE, BORN_PARTICIPANT, BORN_BOND = 80, 81, 82, 83
BORN_VOLUNTEER_PROBE, BORN_PARTICIPANT_PROBE = 84, 88
BORN_INITIATIVE, BORN_ROUTE, BORN_FORMAT, BORN_AFFILIATION = 92, 93, 94, 95
BORN_INITIATIVE_AGE, BORN_DEPARTMENT, BORN_COMPANY = 96, 97, 98
BORN_ATTITUDE = 100
BORN_STAFF_SKILL, BORN_STAFF_TENURE = 104, 105
# Groups 27 to 29: traits, agent = citizen, month word 0.
TRAIT_WEIGHTS = 108  # groups 27 and 28: six of eight lanes
TRAIT_HOURS = 114  # lanes 2 and 3
TRAIT_TOLERANCE = 116
TRAIT_NEEDS = 117  # lanes 1 to 3
# Group 30, month word: month asked. Lane 0, agent = department; lanes 1 (not seen), 2 (starts that
# are followed) and 3 (starts of a head who is drawn), 6 x department + route.
QUESTIONNAIRE = 120
# Group 31, agent = citizen, month word: month asked.
INTENTION = 124
# Group 32, agent = citizen, month word: month of the trial.
TRIAL = 128
# Group 33, agent = citizen, month word: month of entry. A new person's band, level, mood, known.
ENTERING = 132
# Group 34, agent and month word 0: how a municipality differs from others.
TOWN_LONELINESS, TOWN_VOLUNTEERING, TOWN_HOURS = 136, 137, 138


@rule
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox4x32-10: four 32-bit words (held in uint64) from a counter and a key of such words."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _HALF) ^ c1 ^ k0
        c1 = p1 & _LOW
        c2 = (p0 >> _HALF) ^ c3 ^ k1
        c3 = p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@rule
def words(
    key: Key, process: int, month: int, agent: int
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The four 32-bit words of the group that `process` belongs to."""
    return philox(
        np.uint64(agent),
        np.uint64(month),
        np.uint64(process) >> _TWO,
        key[2],
        key[0],
        key[1],
    )


@rule
def unit(word: np.uint64) -> float:
    """A 32-bit word as a number in the open interval (0, 1), in steps of 2**-32."""
    return (np.float64(word) + 0.5) * _STEP32


@rule
def lower_end(word: np.uint64) -> float:
    """The lower half of a 32-bit word as a number in (0, 1), in steps of 2**-16."""
    return (np.float64(word & _LOW16) + 0.5) * _STEP16


@rule
def uniform(key: Key, process: int, month: int, agent: int) -> float:
    """The uniform number in (0, 1) that belongs to this process, month and agent."""
    four = words(key, process, month, agent)
    lane = np.uint64(process) & _LANE
    word = four[0]
    if lane == np.uint64(1):
        word = four[1]
    elif lane == np.uint64(2):
        word = four[2]
    elif lane == np.uint64(3):
        word = four[3]
    return unit(word)


def uniforms(key: Key, process: int, month: int, agents: NDArray[Any]) -> NDArray[np.float64]:
    """The uniform numbers of many agents at once, as `uniform` gives them one by one.

    The generator in its plain form on arrays, for instruments that ask many people now and then.
    """
    plain: Any = philox
    group, lane = divmod(process, LANES)
    counters = np.asarray(agents).astype(np.uint64), np.uint64(month), np.uint64(group), key[2]
    word = plain.py_func(*counters, key[0], key[1])[lane]
    numbers: NDArray[np.float64] = (word.astype(np.float64) + 0.5) * _STEP32
    return numbers


@rule
def centred(word: np.uint64) -> float:
    """A 32-bit word as a triangular number of mean 0 and standard deviation 1.

    The sum of its two 16-bit halves, centred and scaled; its range is plus or minus sqrt(6).
    """
    total = np.float64(word >> _SIXTEEN) + np.float64(word & _LOW16) + 1.0
    return (total * _STEP16 - 1.0) * SQRT_SIX


@rule
def nearly_normal(word: np.uint64, other: np.uint64) -> float:
    """Two 32-bit words as a number of mean 0 and standard deviation 1 that is nearly normal.

    The sum of their four 16-bit halves, centred and scaled; its range is plus or minus sqrt(12).
    """
    return (centred(word) + centred(other)) / SQRT_TWO


@kernel
def fill(lanes: Any, key: Key, process: int, month: int, first: int, count: int) -> None:
    """Write the group's words of agents first .. first + count - 1 into lanes[0:4, 0:count]."""
    group = np.uint64(process) >> _TWO
    when = np.uint64(month)
    for i in range(count):
        w0, w1, w2, w3 = philox(np.uint64(first + i), when, group, key[2], key[0], key[1])
        lanes[0, i] = np.uint32(w0)
        lanes[1, i] = np.uint32(w1)
        lanes[2, i] = np.uint32(w2)
        lanes[3, i] = np.uint32(w3)


def key_of(seed: int, municipality: int) -> Key:
    """The key of one municipality's draws in a run: seed (0 to 2**63 - 1) and its code."""
    return (
        np.uint64(seed & 0xFFFFFFFF),
        np.uint64((seed >> 32) & 0xFFFFFFFF),
        np.uint64(municipality),
    )
