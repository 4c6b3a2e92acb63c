"""Targets: every published figure with its interval, its error, and what cannot be asked."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.evidence import ANSWERS, KORA_RESPONDENTS, ROUTES, kora_table
from velfaerd_sim.inputs.targets import (
    BY_ID,
    GROUPS,
    TARGETS,
    UNASKED,
    binomial_error,
    count_inside,
    covariance,
    named,
    of_role,
    target_from_table,
)

every_target = pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.id)


def test_all_fifteen_targets_with_all_their_figures():
    assert list(GROUPS) == [*(f"T{n}" for n in range(1, 16)), "V1"]
    numbers = Counter(target.group for target in of_role("fit"))
    counts = [1, 3, 3, 3, 1, 1, 1, 1, 24, 3, 2, 1, 2, 1]
    assert numbers == {f"T{n}": count for n, count in enumerate(counts, 1)}
    assert Counter(target.group for target in of_role("exact")) == {"T15": 2}
    assert [target.id for target in of_role("dependent")] == [f"T9.{r}.dont_know" for r in ROUTES]
    assert len(BY_ID) == len(TARGETS)


@every_target
def test_a_target_says_what_it_is(target):
    for text in ("label_en", "label_da", "unit", "definition", "year", "source"):
        value = getattr(target, text)
        assert value == value.strip() != ""
    assert (target.label(), target.label("da")) == (target.label_en, target.label_da)
    assert target.low <= target.value <= target.high
    assert target.inside(target.value)
    assert not target.inside(target.high + 1e-9)
    assert not target.inside(math.nan)
    assert target.sigma > 0.0


@every_target
def test_the_error_spans_the_interval(target):
    """Two standard errors (1.96) around the centre are the interval, on the target's own scale."""
    if target.low > 0.0 or target.transform == "identity":
        reach = 1.959963984540054 * target.sigma
        ends = [target.transformed(target.low), target.transformed(target.high)]
        expected = [target.centre - reach, target.centre + reach]
        assert ends == pytest.approx(expected, abs=1e-12)


def test_errors_by_hand():
    onset = named("T4.onset")
    assert onset.centre == pytest.approx(0.5 * (math.log(0.015) + math.log(0.035)))
    assert onset.sigma == pytest.approx(
        (math.log(0.035) - math.log(0.015)) / 2 / 1.959964, rel=1e-6
    )
    befriending = named("T12.befriending")
    assert befriending.centre == pytest.approx(0.18)
    assert befriending.distance(0.36) == pytest.approx(1.959964, rel=1e-6)
    never = named("T9.dialogue_about_what_to_do_together.never")
    assert never.sigma == pytest.approx(math.sqrt(0.024 * 0.976 / 330))
    assert (never.low, never.high) == pytest.approx((0.0075, 0.0405), abs=5e-5)
    assert binomial_error(0.5, 100) == 0.05


def test_the_table_of_routes_is_the_published_one():
    for row in kora_table():
        cells = [named(f"T9.{row.route}.{answer}") for answer in ANSWERS]
        assert [100 * cell.value for cell in cells] == pytest.approx(row.percent)
        assert {cell.respondents for cell in cells} == {KORA_RESPONDENTS}


def test_transforms_take_arrays_and_impossible_readings():
    share = named("T1.lonely_share")
    found = share.transformed(np.array([0.0, 0.5, 1.0]))
    assert np.isfinite(found).all()
    assert found[1] == 0.0
    assert np.isnan(share.transformed(math.nan))
    assert named("T10.odds_ratio").transformed(np.array([1.0])) == [0.0]
    assert share.inside(np.array([0.07, 0.09, 0.11])).tolist() == [False, True, False]


def test_answers_on_one_question_lean_against_each_other():
    cells = [target for target in of_role("fit") if target.group == "T9"]
    found = covariance(cells)
    assert found == pytest.approx(found.T)
    assert np.diag(found) == pytest.approx([cell.sigma**2 for cell in cells])
    assert found[0, 1] == pytest.approx(-0.267 * 0.464 / 330)
    assert found[0, 4] == 0.0  # another route
    assert np.linalg.eigvalsh(found).min() > 0.0
    # A share that is the sum of two cells has the error of a share.
    both = cells[0].value + cells[1].value
    assert found[:2, :2].sum() == pytest.approx(binomial_error(both, 330) ** 2)


def test_figures_inside_are_counted():
    chosen = [named("T5.volunteer_share"), named("T6.hours")]
    assert count_inside({"T5.volunteer_share": 0.05, "T6.hours": 20.0}, chosen) == (1, 2)


def test_a_target_of_ones_own():
    base = named("T5.volunteer_share")
    own = target_from_table({"value": 0.4, "low": 0.35, "high": 0.45}, base)
    assert own == replace(base, value=0.4, low=0.35, high=0.45)
    whole = {name: getattr(base, name) for name in ("id", "label_en", "label_da", "transform")}
    whole |= {name: getattr(base, name) for name in ("unit", "definition", "year", "source")}
    whole |= {"value": 0.045, "low": 0.03, "high": 0.06, "secondary": True}
    assert target_from_table(whole) == base
    with pytest.raises(InputError, match="source"):
        target_from_table({key: value for key, value in whole.items() if key != "source"})


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ({"value": 0.9}, "value"),
        ({"low": 0.06}, "value|high"),
        ({"low": -0.1}, "low"),
        ({"high": 2.0}, "high"),
        ({"low": 0.045, "high": 0.045}, "high"),
        ({"transform": "sqrt"}, "transform"),
        ({"role": "fitted"}, "role"),
        ({"value": math.nan}, "value"),
        ({"value": "much"}, "value"),
        ({"valeu": 0.05}, "valeu"),
    ],
)
def test_what_no_target_can_be_is_refused(table, place):
    with pytest.raises(InputError, match=place):
        target_from_table(table, named("T5.volunteer_share"))


def test_an_unknown_target_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"T4\.onset"):
        named("T4.onsets")


def test_what_cannot_be_asked_has_a_reason():
    assert len(UNASKED) == 7
    for one in UNASKED:
        assert all((one.label_en, one.label_da, one.figure, one.source, one.reason))
        assert one.label("da") == one.label_da != one.label("en")
