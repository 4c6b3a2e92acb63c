"""Selection of the best: against drawn values of which the best is known."""

from __future__ import annotations

import numpy as np
import pytest

from velfaerd_sim.statistics.selection import Procedure, _of_differences, select, wanted


def drawn(means: list[float], number: int, seed: int, shared: float = 3.0) -> np.ndarray:
    """Values of alternatives whose replicates share most of their chance."""
    generator = np.random.default_rng(seed)
    own = generator.normal(size=(number, len(means)))
    return np.array(means) + own + shared * generator.normal(size=(number, 1))


def run(means: list[float], procedure: Procedure, seed: int) -> tuple[int, int, int]:
    """Who is selected, the replicates and the runs that it took."""
    whole = drawn(means, 4000, seed)
    values = np.empty((0, len(means)))
    found = select(values, procedure)
    while more := wanted(found, procedure):
        rows = np.where(found.left, whole[list(more)], np.nan)
        values = np.vstack([values, rows])
        found = select(values, procedure)
    return int(np.argmax(found.left)), found.replicates, int(np.isfinite(values).sum())


def test_the_constant_is_that_of_the_article() -> None:
    # With c = 1: 2 eta (n0 - 1), eta = ((2 alpha / (k - 1)) ** (-2 / (n0 - 1)) - 1) / 2.
    eta = ((2.0 * 0.05 / 9.0) ** (-2.0 / 15.0) - 1.0) / 2.0
    assert Procedure(1.0).factor(10, 16) == pytest.approx(2.0 * eta * 15.0)


def test_the_best_is_selected_as_often_as_is_stated_where_it_is_hardest() -> None:
    # All others are behind by just the zone: 300 repeats, at least 95 % less three errors.
    procedure = Procedure(0.5, first=10)
    right = [run([0.5, 0.0, 0.0, 0.0, 0.0], procedure, seed)[0] == 0 for seed in range(300)]
    assert np.mean(right) >= 0.95 - 3.0 * np.sqrt(0.95 * 0.05 / 300.0)


def test_who_is_clearly_behind_is_run_no_longer() -> None:
    procedure = Procedure(0.3)
    best, replicates, runs = run([0.6, 0.3, -5.0, -5.0, -5.0, -5.0], procedure, 1)
    assert best == 0
    assert runs <= 2 * replicates + 4 * procedure.first
    assert replicates > procedure.first


def test_alternatives_that_are_alike_end_in_one_of_them() -> None:
    assert run([0.0, 0.0], Procedure(0.5), 3)[1] < 4000
    same = np.ones((40, 3)) * np.arange(40)[:, None]
    found = select(same, Procedure(0.5))
    assert found.settled


def test_looks_depend_on_the_rows_alone() -> None:
    values = drawn([0.4, 0.0, 0.0], 100, 5)
    early, late = select(values[:60], Procedure(0.5)), select(values, Procedure(0.5))
    out = (early.dropped > 0) & (early.dropped <= 60)
    assert (late.dropped[out] == early.dropped[out]).all()


def test_who_was_left_out_is_looked_at_no_more() -> None:
    values = drawn([0.3, 0.0, -4.0], 400, 7)
    whole = select(values, Procedure(0.3))
    values[whole.dropped[2] :, 2] = np.nan
    again = select(values, Procedure(0.3))
    assert (whole.dropped == again.dropped).all()
    assert 0 < whole.dropped[2] < whole.replicates


def test_before_the_first_stage_nobody_is_left_out() -> None:
    found = select(drawn([9.0, 0.0], 15, 1), Procedure(1.0))
    assert (found.replicates, found.settled) == (0, False)
    assert wanted(found, Procedure(1.0)) == range(16)


def test_variances_of_differences_are_those_of_numpy() -> None:
    values = drawn([1.0, 0.0, 2.0], 20, 4)
    centred = values - values[0]
    found = _of_differences(centred.T @ centred, centred.sum(axis=0), 20)
    apart = values[:, :, None] - values[:, None, :]
    assert found == pytest.approx(apart.var(axis=0, ddof=1), abs=1e-9)
