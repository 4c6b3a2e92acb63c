"""Labels in the place of names, and true minus signs."""

import pytest

from velfaerd_sim.telling.labelled import labelled, true_minus


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-0.5 to 0.5", "−0.5 to 0.5"),
        ("from -3 to -1 (-2)", "from −3 to −1 (−2)"),
        ("10.1016/j-2012, 16-24 years, T9-1", "10.1016/j-2012, 16-24 years, T9-1"),
    ],
)
def test_only_negative_numbers_get_a_minus(text, shown):
    assert true_minus(text) == shown


def test_names_that_stand_alone_get_their_labels():
    labels = {"rigid_rules": "“Rigid rules”", "T9.a": "“A”", "T9.a.never": "“A: never”"}
    assert labelled("rigid_rules, T9.a.never: -1.", labels) == "“Rigid rules”, “A: never”: −1."
    assert labelled("T9.a.seldom and rigid_rules_2", labels) == "T9.a.seldom and rigid_rules_2"
    assert labelled("T9.a.", labels) == "“A”."
