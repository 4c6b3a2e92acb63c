"""Analyses of studies with their true designs: what was planted is named in the sentences."""

import numpy as np
import pytest

from analysis.sweep.made import studied
from analysis.sweep.sweeps import told
from velfaerd_sim.analysis.arrays.layouts import PointLayout
from velfaerd_sim.analysis.sweep.choice import best_regimes, regret
from velfaerd_sim.analysis.sweep.discovery import cart, prim
from velfaerd_sim.analysis.sweep.distributions import pawn
from velfaerd_sim.analysis.sweep.front import front
from velfaerd_sim.analysis.sweep.maps import reversal_map
from velfaerd_sim.analysis.sweep.screening import morris
from velfaerd_sim.analysis.sweep.sensitivity import sobol
from velfaerd_sim.analysis.sweep.variance import split

pytest.importorskip("SALib")
pytest.importorskip("ema_workbench")

PAIR = ("retention_12m", "facilitative_dialogue", "rigid_rules")
PLANTED = {"espoused_gap", "hours_per_1000"}


def given(kind, **options):
    frame, study = studied(kind, **options)
    return frame, PointLayout.of(study.design, study.points)


def test_a_saltelli_study_names_what_decides():
    frame, design = given("saltelli", size=128)
    found = sobol(frame, *PAIR, design=design)
    table = found.table
    assert set(table["parameter"][table["role"] == "decides"]) == PLANTED
    box = prim(frame, *PAIR, design=design, resamples=40)
    limits = box.table.set_index("parameter")
    assert set(limits.index) == PLANTED
    assert limits["low"]["hours_per_1000"] == pytest.approx(30.0, abs=2.0)
    assert limits["high"]["espoused_gap"] == pytest.approx(0.5, abs=0.04)
    assert box.sufficient
    assert len(box.data["labels"].holds) == 256


def test_a_latin_hypercube_study():
    frame, design = given("latin_hypercube", size=150)
    table = pawn(frame, *PAIR, design=design).table
    assert set(table["parameter"][table["role"] == "influential"]) == PLANTED
    chosen = best_regimes(frame, PAIR[0], design=design).table
    ahead = (chosen["hours_per_1000"] > 30.0) & (chosen["espoused_gap"] < 0.5)
    np.testing.assert_array_equal(chosen["best"] == "facilitative_dialogue", ahead)


def test_a_grid_study_maps_the_line():
    frame, design = given("grid", levels=6)
    found = reversal_map(frame, *PAIR, "hours_per_1000", "espoused_gap", design=design)
    assert found.names == PAIR
    (line,) = found.data["map"].line
    hours, gap = line[:, 0], line[:, 1]
    assert (hours.min(), gap.max()) == pytest.approx((30.0, 0.5), abs=3.0)


def test_a_morris_study():
    frame, design = given("morris", size=16, levels=4)
    found = morris(frame, *PAIR, design=design)
    table = found.table
    assert set(table["parameter"][table["role"] == "matters"]) == PLANTED


@pytest.mark.parametrize("kind", ["saltelli", "latin_hypercube", "grid"])
def test_sentences_can_be_read(kind):
    frame, design = given(kind, **({"levels": 4} if kind == "grid" else {"size": 64}))
    found = [
        split(frame, *PAIR, design=design, draws=50),
        prim(frame, *PAIR, design=design, resamples=10),
        cart(frame, *PAIR, design=design),
        regret(frame, PAIR[0], design=design, draws=50),
        best_regimes(frame, PAIR[0], design=design, draws=50),
        front(frame, PAIR[0], design=design, draws=50),
    ]
    for finding in found:
        assert told(finding).endswith(".")
        assert "nan" not in told(finding)
        assert "  " not in told(finding)
        assert finding.names[0] == PAIR[0]
