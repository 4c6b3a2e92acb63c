"""Which regime the answer of a place names."""

from __future__ import annotations

import pandas as pd
import pytest

from velfaerd_sim.telling.place.words import SHOWN, place_words
from velfaerd_sim.telling.short.comparing import of_place

GAINS = {"clear_agreements": (3, 1, 1, 1), "hands_off": (1, 3, 3, 3), "rigid_rules": (4, 4, 4, -1)}
LEARNED = {"effective": 5.0, "worlds": 1000, "moved": True}


@pytest.mark.parametrize("order", [list(GAINS), list(reversed(GAINS))])
def test_of_all_that_are_better_in_as_much_the_one_most_often_ahead_is_named(
    order: list[str],
) -> None:
    moves = pd.DataFrame(
        [
            {"outcome": outcome, "regime": regime, "place": middle, "place_share_positive": 0.9}
            | {"place_low": middle - 0.005, "place_high": middle + 0.005}
            for regime in order
            for outcome, gain in zip(SHOWN, GAINS[regime], strict=True)
            for middle in [gain * (-0.01 if outcome == "lonely_share" else 0.01)]
        ]
    )
    effects = pd.DataFrame({"outcome": [], "regime": []})
    learned = pd.DataFrame({"figure": ["volunteers"]})
    told = of_place(place_words("en"), {"learned": LEARNED}, learned, moves, effects)
    assert str(told.found).startswith("In the model Hands off does clearly better here")
    assert "Hands off" in str(told.do)
    assert "the worlds were moved toward them" in str(told.sure)
