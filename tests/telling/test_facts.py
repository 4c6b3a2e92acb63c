"""Facts as sentences."""

import pytest

from velfaerd_sim.analysis.arrays.facts import Amount, Change
from velfaerd_sim.telling.facts import Teller
from velfaerd_sim.telling.words import Words


@pytest.mark.parametrize(
    ("language", "level", "change"),
    [
        ("en", "0.153 [0.12, 0.186]", "+0.153 [+0.12, +0.186]"),
        ("da", "0,153 [0,12; 0,186]", "+0,153 [+0,12; +0,186]"),
    ],
)
def test_a_difference_has_its_sign(language: str, level: str, change: str) -> None:
    teller = Teller(Words(language, "findings"))
    assert teller.value(Amount(0.153, 0.12, 0.186)) == level
    assert teller.value(Change(0.153, 0.12, 0.186)) == change
    assert teller.value(Change(-0.153)) == teller.value(Amount(-0.153))
