"""Numbers: units, signs, digits, intervals, lists."""

import math

import pytest

from velfaerd_sim.measures.outcomes import OUTCOMES
from velfaerd_sim.telling.formats import (
    Format,
    decimals_for,
    of_unit,
    per_1000_citizens,
)
from velfaerd_sim.telling.words import Words

SHARE = of_unit("share")
WORDS = Words("en")


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (0.0, 1, True, "0.0"),
        (-0.04, 1, True, "0.0"),
        (-0.04, 2, True, "−0.04"),
        (1234567.8, 0, False, "1,234,568"),
        (12.345, 1, True, "+12.3"),
        (-12.345, 1, False, "−12.3"),
        (math.nan, 1, False, "–"),
        (math.inf, 1, False, "–"),
    ],
)
def test_numbers(value: float, decimals: int, signed: bool, text: str) -> None:
    assert WORDS.number(value, decimals, signed) == text


def test_shares_are_per_cent_and_their_differences_points() -> None:
    assert SHARE.level(0.0861) == "8.6%"
    assert SHARE.difference(-0.0123) == "−1.2\u00a0pp"
    assert SHARE.size(-0.0123) == "1.2\u00a0pp"
    assert SHARE.interval(0.08, 0.09) == "8.0–9.0"
    assert SHARE.difference_interval(-0.02, 0.01) == "−2.0 to +1.0"


def test_other_units() -> None:
    assert of_unit("hours a month per 1000 adults").level(22.26) == "22.3\u00a0h"
    assert of_unit("per 1000 adults").level(45.04) == "45.0 per 1,000"
    assert of_unit("0-1").difference(0.123) == "+0.12"
    assert of_unit("per year").level(0.25) == "25.0% a year"
    assert of_unit("bananas").level(2.0) == "2.00 bananas"
    assert per_1000_citizens().level(0.0056) == "5.6 per 1,000"


def test_every_outcome_has_a_unit_that_is_known() -> None:
    unknown = [o.name for o in OUTCOMES if o.unit in of_unit(o.unit).suffix]
    assert unknown == []


def test_missing_numbers_carry_no_unit() -> None:
    assert SHARE.level(math.nan) == "–"
    assert SHARE.difference(math.nan) == "–"
    assert SHARE.interval(math.nan, 1.0) == ""


@pytest.mark.parametrize(
    ("widths", "least", "decimals"),
    [([], 1, 1), ([3.0], 1, 1), ([0.3], 1, 1), ([0.04], 1, 2), ([0.0, math.nan, 0.002], 1, 3)],
)
def test_digits_follow_the_width_of_the_interval(
    widths: list[float], least: int, decimals: int
) -> None:
    assert decimals_for(widths, least) == decimals


def test_what_is_clear_does_not_look_like_zero() -> None:
    shown = SHARE.showing(-0.0030, -0.0002)
    assert shown.difference_interval(-0.0030, -0.0002) == "−0.30 to −0.02"
    assert SHARE.showing(-0.003, 0.0002) is SHARE
    assert SHARE.for_widths([0.0004], [0.0004]).difference(0.00512) == "+0.51\u00a0pp"


def test_spans_with_a_negative_end_are_not_read_as_minus() -> None:
    assert WORDS.interval(-1.0, 2.0, 1) == "−1.0 to 2.0"
    assert WORDS.interval(1.0, 2.0, 1) == "1.0–2.0"


def test_plain_numbers_keep_their_digits() -> None:
    assert [WORDS.plain(x) for x in (28.0, 0.003, -4.6, 0.0025, 1200.0, 0.00005)] == [
        *("28", "0.003", "−4.6", "0.0025", "1,200", "0.00005"),
    ]
    assert WORDS.number(4800000.0) == "4,800,000"
    assert isinstance(of_unit("share"), Format)


def test_lists() -> None:
    assert WORDS.listed([]) == ""
    assert WORDS.listed(["a"]) == "a"
    assert WORDS.listed(["a", "b"], "or") == "a or b"
    assert WORDS.listed(["a", "b", "c"]) == "a, b and c"
