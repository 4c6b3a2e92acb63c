"""The table of parameters: complete, in use, and what is refused as a value."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import velfaerd_sim
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import (
    BY_NAME,
    DISTRIBUTIONS,
    PARAMETER_DTYPE,
    PARAMETERS,
    RENAMED,
    ROLES,
    as_record,
    check,
    defaults,
    lever_names,
    named,
)

PACKAGE = Path(velfaerd_sim.__file__).parent
ENGINE = ("population", "processes", "measures", "model")
FIXED_NAMES = (  # of the interface
    "governance_strength",
    "hours_per_1000",
    "espoused_gap",
    "contagion_strength",
    "companion_loss_effect",
    "life_event_probability",
    "leaving_log_odds",
)

every_parameter = pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
parameters = st.sampled_from(PARAMETERS)


@every_parameter
def test_a_parameter_is_fully_declared(parameter):
    assert parameter.name.isidentifier()
    assert parameter.name == parameter.name.lower()
    for text in ("unit", "group", "source", "label_en", "label_da"):
        value = getattr(parameter, text)
        assert isinstance(value, str)
        assert value == value.strip() != ""
    assert parameter.role in ROLES
    assert parameter.distribution in DISTRIBUTIONS
    assert parameter.label() == parameter.label("en") == parameter.label_en
    assert parameter.label("da") == parameter.label_da


@every_parameter
def test_a_default_lies_in_its_range(parameter):
    assert all(math.isfinite(x) for x in (parameter.low, parameter.default, parameter.high))
    assert parameter.low <= parameter.default <= parameter.high
    assert parameter.low < parameter.high
    if parameter.distribution == "log_uniform":
        assert parameter.low > 0.0
    if parameter.unit in {"share", "0-1", "probability", "share of adults"}:
        assert parameter.low >= 0.0
        assert parameter.high <= 1.0


def test_names_and_labels_are_told_apart():
    for field in ("name", "label_en", "label_da"):
        values = [getattr(p, field) for p in PARAMETERS]
        assert len(set(values)) == len(values)
    assert tuple(BY_NAME) == tuple(p.name for p in PARAMETERS)


def test_a_name_of_old_brings_the_new_one_and_its_unit():
    for old, new in RENAMED.items():
        with pytest.raises(InputError, match=new) as caught:
            check(old, 20.0, "[parameters]")
        assert BY_NAME[new].unit in str(caught.value)
        assert old not in BY_NAME


def test_the_names_of_the_interface_are_there():
    assert set(FIXED_NAMES) <= set(BY_NAME)


def test_levers_are_what_governance_decides():
    assert lever_names() == tuple(p.name for p in PARAMETERS if p.role == "lever")
    assert {"governance_strength", "hours_per_1000"} <= set(lever_names())


# Levels, not arrows: what there is of a thing, how fast it moves, how common it is. For these,
# zero would not mean "no effect" but another world, or none at all.
LEVELS = {
    "adults_per_staff",
    "contact_hours_asked",
    "dialogue_hours_asked",  # at least an hour: model.md, section 4
    "strain_log_odds",
    "leaving_log_odds",
    "closing_log_odds",
    "recruitment_probability",
    "asking_threshold",
    "known_rate_lonely",
    "recovered_ending_rate",
    "hours_per_companion",
    "hours_per_group_member",
    "set_point_16_24",
    "set_point_25_34",
    "set_point_35_44",
    "set_point_45_54",
    "set_point_55_64",
    "set_point_65_74",
    "set_point_75_84",
    "set_point_85_plus",
    "set_point_concentration",
    "set_point_rate",
    "loneliness_noise",
    "ties_decay_rate",
    "answer_as_a_rule_share",
    "answer_sometimes_share",
    "collaborations_followed",
    "intention_noise",
    "intention_threshold",
    "volunteer_hours",
}


def test_every_uncertain_effect_may_be_zero():
    uncertain = [p for p in PARAMETERS if p.role == "uncertainty"]
    assert {p.name for p in uncertain if not p.low <= 0.0 <= p.high} == LEVELS


def test_effects_of_governance_are_no_constants():
    marks = ("_from_", "_lost_to_", "_by_", "_effect", "_strength")
    effects = [p for p in PARAMETERS if any(mark in p.name for mark in marks)]
    assert len(effects) > 30
    # Where a curve stands at half of its height is its shape, not its strength.
    shapes = ["dialogue_half_effect", "friends_half_effect"]
    assert [p.name for p in effects if p.role == "constant"] == shapes


def names_in_use():
    """Names read off a parameter record (`p.NAME`) and texts used as a key, in the engine."""
    fields, keys = set(), set()
    for room in ENGINE:
        for path in (PACKAGE / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Attribute(value=ast.Name(id="p"), attr=name):
                        fields.add(name)
                    case ast.Subscript(slice=ast.Constant(value=str(name))):
                        keys.add(name)
    return fields, keys


def test_every_parameter_acts_somewhere():
    fields, keys = names_in_use()
    elsewhere = {"espoused_gap"}  # fills in announced governance, in inputs
    assert set(BY_NAME) - fields - keys - elsewhere == set()


def test_every_name_that_is_read_is_a_parameter():
    fields, _ = names_in_use()
    assert len(fields) > 50
    assert fields - set(BY_NAME) == set()


def test_a_record_holds_the_table_in_order_with_defaults():
    record = as_record({"peer_factor": 3.5})
    assert record.shape == (1,)
    assert record.dtype == PARAMETER_DTYPE
    assert record.dtype.names == tuple(BY_NAME)
    expected = defaults() | {"peer_factor": 3.5}
    assert {name: float(record[name][0]) for name in BY_NAME} == expected


@given(parameters, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_quantiles_run_through_the_range(parameter, rank, other):
    low, high = sorted((rank, other))
    values = [parameter.quantile(rank) for rank in (0.0, low, high, 1.0)]
    assert values == sorted(values)
    assert values[0] == parameter.low
    assert values[-1] == pytest.approx(parameter.high, rel=1e-12)
    for value in values:
        assert check(parameter.name, value, "here") == value


def test_the_middle_of_a_range_follows_its_distribution():
    even = BY_NAME["espoused_gap"]
    assert even.quantile(0.5) == pytest.approx((even.low + even.high) / 2)
    stretched = BY_NAME["adults_per_staff"]
    assert stretched.distribution == "log_uniform"
    assert stretched.quantile(0.5) == pytest.approx(math.sqrt(stretched.low * stretched.high))


@given(parameters, st.floats(0.0, 1.0))
def test_a_value_in_range_is_taken(parameter, share):
    value = parameter.low + share * (parameter.high - parameter.low)
    value = min(value, parameter.high)
    for same in (value, np.float64(value)):
        assert check(parameter.name, same, "--set") == value


def test_whole_numbers_are_taken_as_numbers():
    for value in (3, np.int64(3), np.float32(3.0)):
        taken = check("peer_factor", value, "--set")
        assert type(taken) is float
        assert taken == 3.0


NOT_TAKEN = (
    math.nan,
    math.inf,
    -math.inf,
    np.float64("nan"),
    True,
    np.True_,
    "0.5",
    None,
    [0.5],
    {},
    0.5 + 0j,
    10**400,
    -(10**400),
    10**5000,
    1e300,
    np.array([0.5]),
)


@pytest.mark.parametrize("value", NOT_TAKEN, ids=lambda value: type(value).__name__)
def test_what_is_no_number_in_range_is_refused(value):
    with pytest.raises(InputError) as caught:
        check("espoused_gap", value, "parameters.espoused_gap")
    message = str(caught.value)
    assert message.startswith("parameters.espoused_gap: ")
    assert "allowed: a number from 0 to 0.9 (share)" in message
    assert "\n" not in message
    assert len(message) < 250


@given(parameters)
def test_a_value_beyond_the_range_is_refused(parameter):
    for value in (
        math.nextafter(parameter.low, -math.inf),
        math.nextafter(parameter.high, math.inf),
    ):
        with pytest.raises(InputError, match=r"allowed: a number from"):
            check(parameter.name, value, "here")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("espoused_gaps", "espoused_gap"),
        ("Hours-per-100", "hours_per_1000"),
        ("leaving_logodds", "leaving_log_odds"),
        ("zzzzzz", None),
    ],
)
def test_an_unknown_name_brings_the_nearest_one(written, meant):
    for ask in (lambda: named(written, "--set"), lambda: check(written, 0.5, "--set")):
        with pytest.raises(InputError) as caught:
            ask()
        assert caught.value.suggestion == meant
        assert str(caught.value).startswith("--set: ")
        if meant:
            assert f"did you mean '{meant}'?" in str(caught.value)
