"""Ticks of axes: round, few, never beyond what can be, never the same text twice."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velfaerd_sim.dashboard.parts.axes import axis_for
from velfaerd_sim.dashboard.parts.options import ChartLine, line_chart
from velfaerd_sim.dashboard.parts.rows import gains_option
from velfaerd_sim.reporting.figures.specifications import Axis, Gains, Group, Scale
from velfaerd_sim.telling.words import Words

ENGLISH = Words("en")


def test_a_share_ends_at_a_hundred_per_cent() -> None:
    axis = axis_for([[0.7, 0.985], [0.6, 1.0]], 100.0, 1, limits=(0.0, 1.0))
    assert (axis.low, axis.high, axis.step, axis.decimals) == (0.6, 1.0, 0.1, 0)
    assert axis_for([[0.1, 1.0]], 100.0, 1, limits=(0.0, 1.0)).high == 1.0


@pytest.mark.parametrize(("factor", "decimals"), [(100.0, 1), (1.0, 2), (1000.0, 1), (1.0, 0)])
def test_nothing_but_zero_gets_a_small_axis_around_it(factor: float, decimals: int) -> None:
    axis = axis_for([[0.0, 0.0]], factor, decimals, zero=True)
    assert axis.low == -axis.high
    assert factor * axis.high == pytest.approx(10.0 ** (1 - decimals))
    assert axis_for([], factor, decimals) == axis_for([[math.nan]], factor, decimals) == axis


NUMBERS = st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 4)), min_size=1, max_size=6)


@given(NUMBERS, st.sampled_from((1.0, 100.0, 1000.0)), st.integers(0, 3), st.booleans())
def test_ticks_hold_the_values_and_differ_as_written(
    values: list[float], factor: float, decimals: int, zero: bool
) -> None:
    axis = axis_for([values], factor, decimals, zero=zero)
    room = 1e-6 * max(1.0, abs(axis.low), abs(axis.high))
    assert axis.low - room <= min(values)
    assert axis.high + room >= max(values)
    count = round((axis.high - axis.low) / axis.step)
    assert 1 <= count <= 6
    ticks = [factor * (axis.low + n * axis.step) for n in range(count + 1)]
    assert len({f"{tick:.{axis.decimals}f}" for tick in ticks}) == len(ticks)


def test_months_are_named_once_and_end_with_the_last() -> None:
    for months, step in ((24, 6), (60, 12), (120, 24), (240, 48), (360, 60), (6, 1)):
        axis = line_chart(
            [ChartLine("A", "#000000", [0.0] * (months + 1))], ENGLISH, Scale(), months=months
        )
        assert axis["xAxis"]["interval"] == step
        named = axis["xAxis"]["axisLabel"]["formatter"]["$number"]
        assert (named["lead"], named["at"]) == ("Month", 0)


def test_gainers_and_losers_carry_their_intervals():
    groups = (
        Group("x", (0.004, 0.002, 0.006), (0.001, 0.0, 0.002)),
        Group("y", (0.001, math.nan, math.nan), (0.0, 0.0, 0.0)),
    )
    shown = Gains(Axis(scale=Scale(1000.0, 1, absolute=True)), groups, "gain", "loss")
    option = gains_option(shown, ENGLISH)
    losers, gainers, *whiskers = option["series"]
    assert (losers["name"], gainers["name"]) == ("loss", "gain")
    assert losers["data"][0]["value"] == -0.001
    assert gainers["data"][0]["between"] == [0.002, 0.006]
    assert "between" not in gainers["data"][1]
    assert [each["data"] for each in whiskers] == [[[0, -0.0, -0.002]], [[0, 0.002, 0.006]]]
    assert option["xAxis"]["max"] >= 0.006
    assert option["xAxis"]["min"] <= -0.002
