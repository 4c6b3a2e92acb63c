"""What a calibration's record says, whatever it holds."""

import math

import pytest

from velfaerd_sim.dashboard.studies.calibration import numbers_of, unreachable_of


def test_numbers_and_missed_targets_are_read():
    result = {
        "members": 400,
        "plausible": 120,
        "effective": 80.5,
        "noise": {},
        "unreachable": [{"target": "T1.lonely_share", "closest": 0.1}],
    }
    assert numbers_of({"result": result}) == {"members": 400, "plausible": 120, "effective": 80.5}
    assert unreachable_of({"result": result}) == ["T1.lonely_share"]


@pytest.mark.parametrize(
    "record",
    [{}, {"result": None}, {"result": [1]}, {"result": {"members": "many", "plausible": True}}],
)
def test_other_records_break_nothing(record):
    assert numbers_of(record) == {}
    assert unreachable_of(record) == []


def test_odd_entries_are_left_out():
    entries = [None, 3, {}, {"target": "x" * 500}]
    assert [len(name) for name in unreachable_of({"result": {"unreachable": entries}})] == [80]
    assert math.isnan(numbers_of({"result": {"members": math.nan}})["members"])
