"""Factors and designs: where points lie, that they are stable, and what SALib makes of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.factors import Factor, described, factors_of, governed
from velfaerd_sim.inputs.parameters import BY_NAME, PARAMETERS
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, Phase, Timeline
from velfaerd_sim.studies.sweep import designs
from velfaerd_sim.studies.sweep.designs import KINDS, Design, sample

HOURS = Factor.of("hours_per_1000", low=4, high=64, distribution="log_uniform")
GAP = Factor.of("espoused_gap", values=[0, 0.4, 0.8])
DRIFT = Factor.of("drift_rate")
THREE = (HOURS, DRIFT, Factor.of("instrument.rigidity"))
ISHIGAMI = tuple(Factor.of(name) for name in ("drift_rate", "base_pressure", "fit_from_dialogue"))


# --- factors


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_factors_have_the_range_of_the_table(parameter):
    factor = Factor.of(parameter.name)
    found = factor.low, factor.high, factor.distribution, factor.role, factor.unit
    table = parameter.low, parameter.high, parameter.distribution, parameter.role, parameter.unit
    assert found == table
    assert factor.value(0.0) == parameter.low
    assert factor.value(1.0) == parameter.high
    assert factor.column == f"parameter.{parameter.name}"
    assert factor.label("da") == parameter.label_da


@given(st.floats(0, 1))
def test_ranks_go_there_and_back(rank):
    for factor in (HOURS, DRIFT, Factor.of("incident_log_odds")):
        value = factor.value(rank)
        assert factor.low <= value <= factor.high
        assert value == float(f"{value:.12g}")
        assert factor.rank(value) == pytest.approx(rank, abs=1e-9)
        assert factor.checked(value, "x") == value


def test_a_log_uniform_factor_has_its_middle_on_the_log_scale():
    assert HOURS.value(0.5) == 16
    assert HOURS.steps(5) == (4, 8, 16, 32, 64)
    assert Factor.of("hours_per_1000", low=4, high=64).value(0.5) == 34


def test_explicit_values_share_the_ranks():
    assert [GAP.value(r) for r in (0, 0.33, 0.34, 0.66, 0.67, 1)] == [0, 0, 0.4, 0.4, 0.8, 0.8]
    assert [GAP.rank(v) for v in GAP.values] == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    assert math.isnan(GAP.rank(0.5))
    assert (GAP.low, GAP.high, GAP.steps(99)) == (0, 0.8, (0, 0.4, 0.8))


def test_instruments_are_levers_of_all_regimes_or_of_one():
    every = Factor.of("instrument.rigidity")
    one = Factor.of("instrument.rigidity.our. regime")
    assert (every.instrument, every.regime, every.role) == ("rigidity", None, "lever")
    assert (one.instrument, one.regime, one.column) == ("rigidity", "our. regime", one.name)
    assert (every.low, every.high) == (0, 1)
    assert (HOURS.instrument, HOURS.regime) == (None, None)
    assert all(Factor.of(f"instrument.{name}").label() for name in INSTRUMENTS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"low": 5, "high": 5}, "factors.drift_rate.low: 5 is not allowed"),
        ({"low": 0.1, "high": 0.1}, "drift_rate.high: 0.1 is not allowed; allowed: a range that "),
        ({"low": 0.1, "high": 0.05}, "a range that is not inverted: more than low, which is 0.1"),
        ({"low": -1}, "a number from 0 to 0.15 (per month), the range of drift_rate"),
        ({"high": math.nan}, "factors.drift_rate.high: nan"),
        ({"high": True}, "factors.drift_rate.high: True"),
        ({"values": [0.1]}, "2 to 10000 numbers; what does not vary stands under [parameters]"),
        ({"values": []}, "at least two numbers"),
        ({"values": "0.1"}, "at least two numbers"),
        ({"values": [0, 0.1, 0]}, "values[3]: 0.0 is not allowed; allowed: each value once"),
        ({"values": [0, 7]}, "factors.drift_rate.values[2]: 7 is not allowed"),
        ({"values": [0, math.inf]}, "values[2]: inf"),
        ({"values": [0, 0.1], "low": 0}, "either values or a range"),
        ({"values": [0, 0.1], "levels": 3}, "either values or levels"),
        ({"levels": 1}, "levels: 1 is not allowed"),
        ({"distribution": "loguniform"}, "did you mean 'log_uniform'?"),
        ({"distribution": "log_uniform"}, "a number above 0, as the distribution is log_uniform"),
    ],
)
def test_wrong_factors_are_refused(options, message):
    with pytest.raises(InputError) as caught:
        Factor.of("drift_rate", **options)
    assert message in str(caught.value)
    assert str(caught.value).startswith("factors.drift_rate.")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("drift_rates", "drift_rate"),
        ("rigidity", "instrument.rigidity"),
        ("instrument.rigidty", "instrument.rigidity"),
        ("instrument.rigidity.", "instrument.rigidity"),
        ("instrument", None),
        ("", None),
        (7, None),
    ],
)
def test_unknown_factors_are_refused(name, suggestion):
    with pytest.raises(InputError, match=r"instrument\.NAME") as caught:
        Factor.of(name)
    if suggestion:
        assert caught.value.suggestion == suggestion


def test_factors_of_roles_and_groups():
    uncertain = factors_of(["uncertainty"])
    assert uncertain == tuple(p.name for p in PARAMETERS if p.role == "uncertainty")
    assert set(factors_of(["loneliness"])) < set(uncertain)
    assert "bond_rate" in factors_of(["loneliness"], constants=True)
    assert set(factors_of(["lever"])) == {p.name for p in PARAMETERS if p.role == "lever"}
    with pytest.raises(InputError, match=r"all_of\[2\]: 'lonelines'.*did you mean 'loneliness'"):
        factors_of(["lever", "lonelines"])


def test_instruments_are_set_in_every_phase_and_department():
    phases = (Phase(0, REGIMES["rigid_rules"]), Phase(12, REGIMES["hands_off"], 6))
    timeline = Timeline("mixed", phases, (("social", phases),))
    changed = governed(timeline, {"rigidity": 0.25, "training": 1.0})
    paths = [changed.phases, changed.departments[0][1]]
    assert {(p.regime.rigidity, p.regime.training) for path in paths for p in path} == {(0.25, 1.0)}
    assert changed.phases[0].regime.dialogue == REGIMES["rigid_rules"].dialogue
    assert [p.regime.name for p in changed.phases] == ["rigid_rules", "hands_off"]
    assert (changed.name, changed.phases[1].ramp_months) == ("mixed", 6)
    assert governed(timeline, {}) is timeline


# --- designs


def test_a_grid_has_every_combination_in_order():
    drift = Factor.of("drift_rate", levels=2)
    points = sample(Design(levels=3), (GAP, drift, HOURS), 1)
    assert points.values.shape == (3 * 2 * 3, 3)
    assert points.values[:4].tolist() == [[0, 0, 4], [0, 0, 16], [0, 0, 64], [0, 0.15, 4]]
    assert np.unique(points.values, axis=0).shape == (18, 3)
    assert points.ranks[1].tolist() == pytest.approx([1 / 6, 0, 0.5])
    assert Design(levels=3).count((GAP, drift, HOURS)) == 18


def test_no_factors_are_one_point():
    points = sample(Design(), (), 1)
    assert points.values.shape == (1, 0)
    assert len(points.distinct) == len(points.ids) == Design().count(()) == 1


def test_one_at_a_time_leaves_the_others():
    design = Design(kind="one_at_a_time", levels=3)
    rigid = Factor.of("instrument.rigidity")
    points = sample(design, (HOURS, rigid), 1, (16.0, math.nan))
    nan = math.nan
    expected = [[16, nan], [4, nan], [16, nan], [64, nan], [16, 0], [16, 0.5], [16, 1]]
    np.testing.assert_array_equal(points.values, expected)
    assert len(points.ids) == design.count((HOURS, rigid)) == 7
    assert [p.index for p in points.distinct] == list(range(6))
    assert points.distinct[0].values == (("hours_per_1000", 16.0),)
    assert points.ids[0] == points.ids[2]


def test_a_latin_hypercube_has_one_point_in_every_slice():
    points = sample(Design(kind="latin_hypercube", size=50), (HOURS, DRIFT), 3)
    for column in points.ranks.T:
        assert sorted((column * 50).astype(int)) == list(range(50))
    below = (points.values[:, 0] < 16).sum()
    assert below == 25


def test_a_sobol_sequence_is_even_and_on_the_log_scale():
    points = sample(Design(kind="sobol", size=64), THREE, 1)
    for column in points.ranks.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    np.testing.assert_allclose(points.values[:, 0], 4 * 16 ** points.ranks[:, 0], rtol=1e-11)
    np.testing.assert_allclose(points.values[:, 1], 0.15 * points.ranks[:, 1], rtol=1e-11)


@pytest.mark.parametrize("kind", ["sobol", "saltelli", "morris"])
def test_larger_designs_begin_with_the_smaller_ones(kind):
    if kind == "morris":
        pytest.importorskip("SALib")
    small, large = (sample(Design(kind=kind, size=size), THREE, 5) for size in (8, 16))
    assert large.ids[: len(small.ids)] == small.ids
    assert designs.lost_points(small, large) == ()


def test_a_larger_latin_hypercube_is_another_one():
    small, large = (sample(Design(kind="latin_hypercube", size=n), THREE, 5) for n in (8, 16))
    assert len(designs.lost_points(small, large)) == 3


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "saltelli", "morris"])
def test_the_seed_decides_the_points(kind):
    if kind == "morris":
        pytest.importorskip("SALib")
    design = Design(kind=kind, size=8)
    first = sample(design, THREE, 1)
    designs.sample.cache_clear()
    again = sample(design, THREE, 1)
    assert first is not again
    np.testing.assert_array_equal(first.values, again.values)
    assert not np.array_equal(first.values, sample(design, THREE, 2).values)
    assert len(first.ids) == design.count(THREE)
    assert first.ranks.min() >= 0
    assert first.ranks.max() <= 1


def test_points_are_known_by_their_values():
    a = sample(Design(kind="points", rows=((0.1, 8.0), (0.15, 4.0))), (DRIFT, HOURS), 1)
    b = sample(Design(kind="points", rows=((8.0, 0.1), (8.0, 0.1))), (HOURS, DRIFT), 2)
    assert a.ids[0] == b.ids[0] == b.ids[1] == "75e9bb2f070a4bb1"
    assert a.ids[1] != a.ids[0]
    assert len(b.distinct) == 1
    assert a.ranks[0].tolist() == pytest.approx([2 / 3, 0.25])


def test_many_points_have_different_names():
    points = sample(Design(kind="sobol", size=4096), THREE, 1)
    assert len(set(points.ids)) == 4096


def test_points_cannot_be_written():
    points = sample(Design(kind="sobol", size=8), THREE, 1)
    with pytest.raises(ValueError, match="read-only"):
        points.values[0, 0] = 1.0


@pytest.mark.parametrize("second", [False, True])
def test_saltelli_rows_are_those_of_salib(second):
    sobol = pytest.importorskip("SALib.sample.sobol")
    points = sample(Design(kind="saltelli", size=32, second_order=second), ISHIGAMI, 9)
    seed = np.random.default_rng(designs.design_seed(9))
    theirs = sobol.sample(points.problem, 32, calc_second_order=second, seed=seed)
    np.testing.assert_array_equal(points.ranks, theirs)


def test_salib_finds_the_sobol_indices_of_ishigami():
    analyze = pytest.importorskip("SALib.analyze.sobol").analyze
    points = sample(Design(kind="saltelli", size=1024), ISHIGAMI, 1)
    x, y, z = ((2 * points.ranks - 1) * math.pi).T
    output = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    found = analyze(points.problem, output, calc_second_order=False, seed=1)
    np.testing.assert_allclose(found["S1"], [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose(found["ST"], [0.5576, 0.4424, 0.2437], atol=0.02)


def test_salib_finds_the_effects_of_a_line():
    analyze = pytest.importorskip("SALib.analyze.morris").analyze
    points = sample(Design(kind="morris", size=8), ISHIGAMI, 1)
    output = points.ranks @ [1.0, -2.0, 0.0]
    found = analyze(points.problem, points.ranks, output, num_levels=4, seed=1)
    np.testing.assert_allclose(found["mu"], [1, -2, 0], atol=1e-9)
    np.testing.assert_allclose(found["sigma"], 0, atol=1e-9)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "sobol"}, "size: nothing is given; allowed: the number of parameter sets"),
        ({"kind": "sobol", "size": 100}, "a power of two, such as 64 or 128, since only so many"),
        ({"kind": "saltelli", "size": 3}, "a power of two, such as 2 or 4"),
        ({"kind": "sobol", "size": 0}, "size: 0"),
        ({"kind": "sobol", "size": 64.0}, "size: 64.0"),
        ({"kind": "sobol", "size": 8, "levels": 3}, "levels: 3 is not allowed; allowed: with the "),
        ({"kind": "grid", "size": 8}, "with the kind grid: levels"),
        ({"kind": "morris", "size": 8, "levels": 5}, "an even number"),
        ({"kind": "morris", "size": 8, "second_order": True}, "with the kind morris: size, levels"),
        ({"kind": "saltelli", "size": 8, "second_order": 1}, "true or false"),
        ({"kind": "latin-hypercube", "size": 8}, "did you mean 'latin_hypercube'?"),
    ],
)
def test_wrong_designs_are_refused(options, message):
    with pytest.raises(InputError) as caught:
        Design(**options)
    assert message in str(caught.value)


def test_too_large_designs_tell_their_size():
    factors = tuple(Factor.of(p.name) for p in PARAMETERS if p.role == "uncertainty")[:10]
    with pytest.raises(
        InputError, match="at most 1000000 parameter sets, and this design has 9765625"
    ):
        sample(Design(levels=5), factors, 1)


def test_levels_are_for_grids_only():
    factor = Factor.of("drift_rate", levels=4)
    with pytest.raises(InputError, match=r"factors\.drift_rate\.levels: 4"):
        sample(Design(kind="sobol", size=4), (factor,), 1)


def test_designs_other_than_a_grid_need_factors():
    with pytest.raises(InputError, match="grid, as there are no factors"):
        sample(Design(kind="sobol", size=4), (), 1)


def test_morris_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "SALib", None)
    monkeypatch.setitem(__import__("sys").modules, "SALib.sample.morris", None)
    designs.sample.cache_clear()
    with pytest.raises(InputError, match=r"velfaerd-sim\[analysis\]"):
        sample(Design(kind="morris", size=4), THREE, 77)


factor_choices = st.lists(
    st.sampled_from([*BY_NAME, *(f"instrument.{name}" for name in INSTRUMENTS)]),
    min_size=1,
    max_size=4,
    unique=True,
).map(lambda names: tuple(Factor.of(name) for name in names))


@settings(max_examples=40, deadline=None)
@given(factor_choices, st.sampled_from(KINDS[:5]), st.integers(0, 2**53 - 1))
def test_every_point_lies_in_the_ranges(factors, kind, seed):
    size = None if kind in ("grid", "one_at_a_time") else 4
    base = tuple(described(factor.name).default for factor in factors)
    points = sample(Design(kind=kind, size=size), factors, seed, base)
    assert points.values.shape == points.ranks.shape == (len(points.ids), len(factors))
    for i, factor in enumerate(factors):
        for value in points.values[:, i].tolist():
            assert factor.checked(value, "x") == value
