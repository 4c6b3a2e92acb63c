"""The loneliness scale: seven equal steps, lonely from 7 on, and what is counted of the answers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import compiled_steps
import tables
from velfaerd_sim.population.scale import HIGHEST, LONELY_FROM, LOWEST, tils_score
from velfaerd_sim.population.schema import KNOWN, PARTICIPATING

levels = st.floats(0.0, 1.0, width=32)


@pytest.mark.parametrize("step", range(1, 7))
def test_a_step_of_the_scale_is_a_seventh(step):
    assert tils_score(step / 7 + 1e-9) == LOWEST + step
    assert tils_score(step / 7 - 1e-9) == LOWEST + step - 1


def test_the_ends_of_the_scale():
    assert tils_score(0.0) == LOWEST == 3
    assert tils_score(math.nextafter(1.0, 0.0)) == tils_score(1.0) == HIGHEST == 9
    # Lonely is a score of 7 or more: loneliness of four sevenths or more.
    assert LONELY_FROM == 7
    assert tils_score(4.0 / 7.0) == 7
    assert tils_score(float(np.float32(4.0 / 7.0))) == 7
    assert tils_score(float(np.nextafter(np.float32(4.0 / 7.0), np.float32(0.0)))) == 6


@given(st.floats(0.0, 1.0))
def test_a_score_is_the_step_that_the_loneliness_lies_in(level):
    score = tils_score(level)
    assert type(score) is int
    assert LOWEST <= score <= HIGHEST
    assert (score - 3) / 7 - 1e-12 <= level <= (score - 2) / 7 + 1e-12


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_score_rises_with_loneliness(one, other):
    low, high = sorted((one, other))
    assert tils_score(low) <= tils_score(high)


people = st.integers(1, 30).flatmap(
    lambda n: st.tuples(
        arrays.arrays(np.float32, n, elements=levels),
        arrays.arrays(np.uint16, n),
        arrays.arrays(np.uint8, n, elements=st.integers(0, 15)),
        arrays.arrays(np.uint8, n, elements=st.integers(0, 7)),
    )
)


@given(people, st.data())
def test_counts_are_those_of_the_answers(drawn, data):
    level, history, flags, band = drawn
    first = data.draw(st.integers(0, len(level) - 1))
    count = data.draw(st.integers(1, len(level) - first))
    before = tables.citizens(
        len(level), loneliness=level, lonely_history=history, flags=flags, age_band=band
    )
    after = tables.citizens(
        len(level), loneliness=level, lonely_history=history, flags=flags, age_band=band
    )
    tally = tables.tally()
    total = compiled_steps.observe_block(after, first, count, tally)
    mine = range(first, first + count)
    score = {i: tils_score(float(level[i])) for i in mine}
    lonely = {i: score[i] >= 7 for i in mine}
    # Bit 11 of the history was last month's eleventh: twelve months ago from now.
    then = {i: bool(int(history[i]) >> 11 & 1) for i in mine}
    row = tally[0]
    assert total == sum(int(float(level[i]) * 2**30) for i in mine)
    assert row["score"] == sum(score.values())
    assert row["lonely"] == sum(lonely.values())
    assert row["known"] == sum(bool(flags[i] & KNOWN) for i in mine)
    assert row["lonely_known"] == sum(bool(flags[i] & KNOWN) and lonely[i] for i in mine)
    reached = sum(bool(flags[i] & PARTICIPATING) and lonely[i] for i in mine)
    assert row["lonely_reached"] == reached
    assert row["lonely_a_year_ago"] == sum(then.values())
    assert row["onsets"] == sum(lonely[i] and not then[i] for i in mine)
    assert row["recoveries"] == sum(then[i] and not lonely[i] for i in mine)
    for n in range(8):
        assert row[f"lonely_band_{n}"] == sum(lonely[i] and band[i] == n for i in mine)
    for i in range(len(level)):
        if i in mine:
            assert after.lonely_history[i] == (int(history[i]) << 1 | lonely[i]) & 0xFFFF
            assert after.score_sum[i] == score[i]
        else:
            assert after.lonely_history[i] == before.lonely_history[i]
            assert after.score_sum[i] == 0


def test_bands_are_counted():
    bands = np.full(8, 99.0)
    compiled_steps.count_bands(tables.citizens(5, age_band=[0, 7, 7, 3, 0]), bands)
    assert list(bands) == [2, 0, 0, 1, 0, 0, 0, 2]
