"""The sentences of Compare: what is seen, how large, how sure, in both languages."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from velfaerd_sim.dashboard.compare.results import (
    LEAST_PAIRS,
    SHOWN,
    Curve,
    Finding,
    GroupGains,
    Result,
)
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.compare.words import (
    difference_text,
    gains_text,
    missing_text,
    precision,
    verdict,
)
from velfaerd_sim.telling.words import Words

ENGLISH, DANISH = (Words(language, "compare") for language in ("en", "da"))
NOTHING = Curve(*(np.zeros(121) for _ in range(3)))


def finding(a: float, b: float, half: float, clear: bool, agreeing: float = 1.0) -> Finding:
    gap = b - a
    return Finding(NOTHING, NOTHING, NOTHING, a, b, gap, gap - half, gap + half, agreeing, clear)


def result(replicates: int = 16, worlds: bool = False, **findings: Finding) -> Result:
    still = {name: finding(0.5, 0.5, 0.01, False) for name in SHOWN}
    if replicates < LEAST_PAIRS:  # as `result_of` gives it
        findings = {name: replace(found, clear=False) for name, found in findings.items()}
    return Result(replicates, 16, worlds, 120, still | findings, ())


def test_fewer_lonely_is_told_with_its_interval() -> None:
    found = verdict(CompareView(), result(lonely_share=finding(0.088, 0.083, 0.001, True)), ENGLISH)
    assert found.clear
    assert found.head == (
        "In the model, fewer adults are lonely after 10 years under “Facilitating dialogue” (B):"
        " 8.3% against 8.8% under “The municipality conducts” (A)."
    )
    assert "−0.5\u00a0pp (95% interval −0.6 to −0.4)" in found.more
    assert "16 of 16 pairs" in found.more
    danish = verdict(CompareView(), result(lonely_share=finding(0.088, 0.083, 0.001, True)), DANISH)
    assert "8,3\u00a0% mod 8,8\u00a0%" in danish.head
    assert "(status quo)" not in danish.head


def test_more_lonely_and_what_else_differs() -> None:
    told = result(
        lonely_share=finding(0.08, 0.09, 0.002, True),
        volunteers_per_1000=finding(50.0, 30.0, 2.0, True),
        staff_hours_per_1000=finding(26.0, 28.0, 1.0, True),
        motivation_mean=finding(0.5, 0.6, 0.2, False),
    )
    found = verdict(CompareView(), told, ENGLISH)
    assert "more adults are lonely" in found.head
    assert "20.0 fewer volunteers per 1,000 adults" in found.more
    assert found.more.endswith("B takes 2.0 more staff hours a month per 1,000 adults.")
    assert "motivated" not in found.more


def test_how_sure_it_is_stands_beside_the_difference_it_is_about() -> None:
    also = finding(50.0, 90.0, 2.0, True)
    unclear = result(lonely_share=finding(0.09, 0.089, 0.004, False), volunteers_per_1000=also)
    more = verdict(CompareView(), unclear, ENGLISH).more
    assert more.index("Chance alone") < more.index("B does have 40.0 more volunteers")
    clear = result(lonely_share=finding(0.09, 0.08, 0.001, True), volunteers_per_1000=also)
    more = verdict(CompareView(), clear, DANISH).more
    assert more.index("16 af 16 par") < more.index("B har også 40,0 flere frivillige")


def test_no_difference_in_any_pair_is_not_chance() -> None:
    equal = replace(finding(0.08, 0.08, 0.0, False), equal=True)
    found = verdict(CompareView(), result(lonely_share=equal), ENGLISH)
    assert "exactly as many adults are lonely" in found.head
    assert found.more.startswith("There is no difference in any of 16 pairs.")
    assert "Chance" not in found.more
    assert precision(result(lonely_share=equal), ENGLISH) == ""


def test_precision_is_that_of_the_mean_also_over_worlds() -> None:
    wide = replace(finding(0.09, 0.08, 0.02, True), half=0.0017)
    assert precision(result(lonely_share=wide), ENGLISH) == "precision ±0.17\u00a0pp (loneliness)"
    assert "gennemsnit ±0,17\u00a0procentpoint" in precision(
        result(16, True, lonely_share=wide), DANISH
    )
    assert precision(result(lonely_share=replace(wide, half=math.nan)), ENGLISH) == ""


def test_a_missing_value_says_why() -> None:
    nan = math.nan
    none = Finding(NOTHING, NOTHING, NOTHING, nan, nan, nan, nan, nan, 0.0, False, missing=16)
    assert difference_text("retention_12m", none, DANISH) == ("–", "ingen begyndte i året")
    assert difference_text("motivation_mean", none, ENGLISH) == ("–", "no volunteers")
    assert missing_text(none, ENGLISH) == ""
    some = replace(finding(0.5, 0.6, 0.1, False), missing=4)
    assert missing_text(some, DANISH) == "ingen værdi i 4 par"
    assert missing_text(finding(0.5, 0.6, 0.1, False), DANISH) == ""


def test_gainers_and_losers_are_told_with_their_intervals() -> None:
    def told(gain: tuple[float, float, float], loss: tuple[float, float, float]) -> Result:
        return replace(result(), gains=(GroupGains("all", "all", 2000.0, gain, loss),))

    both = told((0.0048, 0.0039, 0.0057), (0.001, 0.0, 0.0014))
    text = gains_text(both, DANISH)
    assert "4,8 (3,9 til 5,7) mærkbart mindre ensomme" in text
    assert "1,0 (0,0 til 1,4) mærkbart mere" in text
    first = told((0.0048, math.nan, math.nan), (0.001, math.nan, math.nan))
    assert "(" not in gains_text(first, ENGLISH)
    assert "Nobody" in gains_text(told((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), ENGLISH)


def test_what_chance_may_have_done_is_not_called_a_difference() -> None:
    found = verdict(CompareView(), result(lonely_share=finding(0.09, 0.089, 0.004, False)), ENGLISH)
    assert not found.clear
    assert "no clear difference" in found.head
    assert "Chance alone could" in found.more


@pytest.mark.parametrize("count", [2, LEAST_PAIRS - 1])
@pytest.mark.parametrize("worlds", [False, True])
def test_no_verdict_is_told_from_few_pairs(count: int, worlds: bool) -> None:
    also = finding(50.0, 90.0, 2.0, True)
    sure = finding(0.09, 0.08, 0.001, True)
    few = replace(
        result(count, worlds, lonely_share=sure, volunteers_per_1000=also),
        gains=(GroupGains("all", "all", 2000.0, (0.005, 0.004, 0.006), (0.0, 0.0, 0.0)),),
    )
    found = verdict(CompareView(), few, ENGLISH)
    assert f"in the first {count} pairs of runs" in found.head
    assert "fewer" not in found.head
    assert found.more == "Too few to tell a difference from chance: " + (
        f"from {LEAST_PAIRS} pairs on the page says what is clear."
    )
    assert not found.clear
    assert precision(few, ENGLISH) == ""
    assert gains_text(few, DANISH) == f"Fra {LEAST_PAIRS} par fortælles her, hvem der vinder, " + (
        "og hvem der taber."
    )


def test_the_first_pair_is_told_as_such() -> None:
    nan = float("nan")
    one = replace(finding(0.09, 0.08, 0.0, False), low=nan, high=nan)
    assert "i det første par" in verdict(CompareView(), result(1, lonely_share=one), DANISH).head
    assert difference_text("lonely_share", one, ENGLISH)[1] == ""


@pytest.mark.parametrize(
    ("words", "says"), [(ENGLISH, "In the model"), (DANISH, "I modellen")], ids=["en", "da"]
)
def test_every_headline_speaks_of_the_model(words: Words, says: str) -> None:
    shown = (
        result(lonely_share=finding(0.09, 0.08, 0.001, True)),
        result(lonely_share=finding(0.08, 0.09, 0.001, True)),
        result(lonely_share=finding(0.08, 0.081, 0.004, False)),
        result(lonely_share=replace(finding(0.08, 0.08, 0.0, False), equal=True)),
        result(3, lonely_share=finding(0.08, 0.09, 0.001, True)),
    )
    heads = [verdict(CompareView(), each, words).head for each in shown]
    assert len(set(heads)) == len(shown)
    assert all(head.startswith(says) for head in heads)
    assert verdict(CompareView(b=CompareView().a), result(), words).head.startswith(says)


def test_pairs_that_disagree_are_not_called_certain() -> None:
    told = result(lonely_share=finding(0.088, 0.089, 0.0005, True, 10 / 16))
    more = verdict(CompareView(), told, ENGLISH).more
    assert "unlikely explanation" in more
    assert "10 of 16 pairs" in more
    assert "does not explain" not in more


def test_worlds_are_counted() -> None:
    view = CompareView(worlds=True)
    told = result(worlds=True, lonely_share=finding(0.09, 0.08, 0.02, True, 15 / 16))
    found = verdict(view, told, ENGLISH)
    assert "It points the same way in 15 of 16 p" in found.more
    assert "middle 90% of worlds" in found.more
    assert "95%" not in found.more


@pytest.mark.parametrize("words", [ENGLISH, DANISH], ids=["en", "da"])
def test_the_same_governance_twice(words: Words) -> None:
    found = verdict(CompareView(b=CompareView().a), result(), words)
    assert found.head == words("same")
    assert not found.clear


def test_an_interval_off_zero_never_reads_as_zero() -> None:
    small = finding(0.0900, 0.0896, 0.0001, True)
    assert difference_text("lonely_share", small, ENGLISH)[0] == "−0.04\u00a0pp"
    close = replace(finding(0.09, 0.085, 0.005, True), low=-0.0098, high=-0.0004)
    assert difference_text("lonely_share", close, ENGLISH)[1] == "−0.98 to −0.04"
    assert "8.5% against 9.0%" in verdict(CompareView(), result(lonely_share=close), ENGLISH).head
