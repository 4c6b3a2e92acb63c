"""Keyed draws: known answers of the generator, independence, and the registry of processes.

The statistical tests draw with fixed keys, so they give the same answer at every run; each would
fail for one generator in 10 000 (or the rate it states) if the generator were perfect.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compiled_steps import centred_numbers, fill_lanes, uniforms, uniforms_by_month
from velfaerd_sim import randomness
from velfaerd_sim.randomness import centred, key_of, philox, uniform, unit, words

ERROR_RATE = 1e-4
BOUND = stats.norm.isf(ERROR_RATE / 2)  # of a standard normal number, on both sides
COUNT = 1 << 16

# Random123, kat_vectors: philox4x32-10; counter, key, answer.
KNOWN_ANSWERS = (
    ((0x0,) * 4, (0x0,) * 2, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)

words32 = st.integers(0, 2**32 - 1)
seeds = st.integers(0, 2**63 - 1)
codes = st.integers(1, 9999)
processes = st.integers(0, 127)
months = st.integers(0, 2000)
agents = st.integers(0, 6_000_000)


def as_words(numbers):
    return tuple(np.uint64(number) for number in numbers)


def draws(key=None, process=0, month=7, first=0, count=COUNT):
    out = np.empty(count)
    uniforms(key or key_of(1, 1), process, month, first, out)
    return out


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, answer):
    assert philox(*as_words(counter), *as_words(key)) == answer


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_the_counter_is_agent_month_group_and_town(counter, key, answer):
    agent, month, group, town = counter
    own = (*as_words(key), np.uint64(town))
    for lane in range(4):
        process = 4 * group + lane
        assert words(own, process, month, agent) == answer
        assert uniform(own, process, month, agent) == (answer[lane] + 0.5) / 2**32
    if agent < 2**31:
        lanes = np.zeros((4, 3), np.uint32)
        fill_lanes(lanes, own, 4 * group, month, agent, 3)
        assert tuple(lanes[:, 0]) == answer


@given(seeds, codes, processes, months, agents, st.integers(1, 5))
def test_filling_a_block_gives_the_scalar_words(seed, code, process, month, first, count):
    key = key_of(seed, code)
    lanes = np.zeros((4, count), np.uint32)
    fill_lanes(lanes, key, process, month, first, count)
    for i in range(count):
        assert tuple(lanes[:, i]) == words(key, process, month, first + i)


@given(seeds, codes, processes, months, agents)
def test_a_process_takes_its_lane_of_its_group(seed, code, process, month, agent):
    key = key_of(seed, code)
    lane = words(key, process, month, agent)[process % 4]
    assert uniform(key, process, month, agent) == unit(lane)
    group = [uniform(key, 4 * (process // 4) + n, month, agent) for n in range(4)]
    assert group == [unit(word) for word in words(key, process, month, agent)]


@given(seeds, codes, processes, months, st.lists(agents, max_size=9))
def test_many_agents_at_once_have_their_own_numbers(seed, code, process, month, some):
    key = key_of(seed, code)
    one_by_one = [uniform(key, process, month, agent) for agent in some]
    assert randomness.uniforms(key, process, month, np.array(some, np.int64)).tolist() == one_by_one


@given(seeds, codes)
def test_the_key_holds_the_halves_of_the_seed_and_the_code(seed, code):
    low, high, town = key_of(seed, code)
    assert int(low) + (int(high) << 32) == seed
    assert town == code


def test_a_unit_number_lies_inside_the_open_interval():
    assert unit(np.uint64(0)) == 2.0**-33
    assert 0.0 < unit(np.uint64(0)) < unit(np.uint64(2**32 - 1)) < 1.0
    assert unit(np.uint64(2**31)) == 0.5 + 2.0**-33


def test_a_centred_number_is_symmetric_and_bounded():
    lowest, highest = centred(np.uint64(0)), centred(np.uint64(2**32 - 1))
    assert lowest == -highest
    assert math.sqrt(6.0) * (1 - 2.0**-15) < highest < math.sqrt(6.0)
    # One half at 0, the other at its most: the total is 65 536 of 2 x 65 536, the middle.
    assert centred(np.uint64(0xFFFF0000)) == centred(np.uint64(0xFFFF)) == 0.0


@given(words32)
def test_a_centred_number_and_its_mirror_image_cancel(word):
    assert centred(np.uint64(word)) == -centred(np.uint64(word ^ 0xFFFFFFFF))


@pytest.mark.parametrize("lane", range(4))
def test_uniform_numbers_have_the_moments_of_the_uniform(lane):
    x = draws(process=lane)
    for power in (1, 2, 3, 4):
        mean, variance = 1 / (power + 1), 1 / (2 * power + 1) - 1 / (power + 1) ** 2
        assert abs(np.mean(x**power) - mean) < BOUND * math.sqrt(variance / COUNT)


@pytest.mark.parametrize("lane", range(4))
def test_uniform_numbers_fall_evenly_into_cells(lane):
    x = draws(process=lane)
    assert stats.chisquare(np.bincount((x * 256).astype(int))).pvalue > ERROR_RATE


def test_uniform_numbers_of_the_months_fall_evenly_into_cells():
    out = np.empty(COUNT)
    uniforms_by_month(key_of(3, 621), randomness.STRAIN, 0, 17, out)
    assert stats.chisquare(np.bincount((out * 256).astype(int))).pvalue > ERROR_RATE


@pytest.mark.parametrize("lane", range(4))
def test_centred_numbers_have_mean_zero_and_standard_deviation_one(lane):
    x = np.empty(COUNT)
    centred_numbers(key_of(1, 1), randomness.MOOD, 5, lane, x)
    assert abs(x.mean()) < BOUND / math.sqrt(COUNT)
    # The fourth moment of a triangular number of variance 1 is 2.4.
    assert abs(np.mean(x**2) - 1.0) < BOUND * math.sqrt(1.4 / COUNT)


BESIDE = {
    "next citizen": draws(first=1),
    "next month": draws(month=8),
    "next process": draws(process=1),
    "next group": draws(process=4),
    "next seed": draws(key_of(2, 1)),
    "seed of another upper half": draws(key_of(1 + (1 << 32), 1)),
    "halves of the seed exchanged": draws(key_of(1 << 32, 1)),
    "next town": draws(key_of(1, 2)),
    "month and citizen exchanged": draws(month=0, first=7),
}


@pytest.mark.parametrize("name", BESIDE)
def test_draws_of_another_key_are_independent(name):
    x, y = draws(), BESIDE[name]
    assert np.mean(x == y) < 0.001
    assert abs(np.corrcoef(x, y)[0, 1]) < BOUND / math.sqrt(COUNT)
    table = np.histogram2d(x, y, bins=16, range=((0, 1), (0, 1)))[0]
    assert stats.chisquare(table.ravel()).pvalue > ERROR_RATE


def test_a_draw_does_not_depend_on_what_was_drawn_before():
    key = key_of(5, 9)
    once = uniform(key, randomness.LEAVING, 3, 11)
    for agent in range(20):
        uniform(key, randomness.CLOSING, 4, agent)
    assert uniform(key, randomness.LEAVING, 3, 11) == once


# Processes that look at several words at once: their number of lanes.
WIDE = {
    "VOLUNTEER_PROBE": 4,
    "PARTICIPANT_PROBE": 4,
    "TRANSFER_PROBE": 4,
    "BORN_VOLUNTEER_PROBE": 4,
    "BORN_PARTICIPANT_PROBE": 4,
    "TIE_LOCAL": 8,
    "TRAIT_WEIGHTS": 6,
    "TRAIT_HOURS": 2,
    "TRAIT_NEEDS": 3,
    "QUESTIONNAIRE": 4,
}


def registry():
    """Every process constant: public whole numbers in capitals, but for the number of lanes."""
    found = {
        name: value
        for name, value in vars(randomness).items()
        if name.isupper() and name[0] != "_" and name != "LANES" and type(value) is int
    }
    assert found
    return found


def test_no_two_processes_share_a_lane():
    taken = {}
    for name, number in registry().items():
        for lane in range(number, number + WIDE.get(name, 1)):
            assert lane not in taken, f"{name} and {taken.get(lane)} share lane {lane}"
            taken[lane] = name


@pytest.mark.parametrize("name", WIDE)
def test_a_process_of_several_lanes_starts_a_group_or_stays_in_one(name):
    lane = registry()[name] % 4
    assert lane == 0 or lane + WIDE[name] <= 4
