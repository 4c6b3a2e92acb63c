"""Who changes when, what a town lives under, and which measurements are analysed."""

import numpy as np
import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.regimes import REGIMES, Regime, announced
from velfaerd_sim.studies.trial.schedules import (
    CONTROL,
    CROSSOVER,
    PARALLEL,
    STEPPED_WEDGE,
    Schedule,
    Timing,
    name_of,
    timeline_of,
)

TIMING = Timing(every=3, baseline=3, implementation=0, settling=3, steps=2)
STATUS_QUO, DIALOGUE = REGIMES["municipal_baton"], REGIMES["facilitative_dialogue"]


def test_parallel_groups():
    found = Schedule(PARALLEL, 9, TIMING)
    assert found.measured == (3, 6, 9, 12)
    assert found.treated().tolist() == [[0, 0, 0, 0], [0, 1, 1, 1]]
    assert found.used().tolist() == [[True] * 4, [True, False, True, True]]
    assert found.lives() == (CONTROL, ((0, 0.0), (3, 1.0)))
    assert found.sizes(5).tolist() == [3, 2]


def test_a_stepped_wedge_ends_with_all_treated():
    found = Schedule(STEPPED_WEDGE, 12, TIMING)
    assert found.switches == ((3,), (9,))
    assert found.treated().tolist() == [[0, 1, 1, 1, 1], [0, 0, 0, 1, 1]]
    assert found.used().tolist() == [
        [True, False, True, True, True],
        [True, True, True, False, True],
    ]


def test_a_crossover_goes_back_and_leaves_out_what_settles():
    found = Schedule(CROSSOVER, 12, TIMING)
    assert found.treated().tolist() == [[0, 1, 1, 0, 0], [0, 0, 0, 1, 1]]
    assert found.used()[0].tolist() == [True, False, True, False, True]
    assert found.lives() == (
        ((0, 0.0), (3, 1.0), (9, 0.0)),
        ((0, 0.0), (9, 1.0)),
    )


def test_imitation_grows_with_those_who_are_in_it():
    first, second = Schedule(STEPPED_WEDGE, 12, TIMING, imitation=0.4).lives()
    assert first == ((0, 0.0), (3, 1.0))
    assert second == ((0, 0.0), (3, 0.2), (9, 1.0))
    assert name_of(second) == "0:0 3:0.2 9:1"
    control, treated = Schedule(PARALLEL, 9, TIMING, imitation=0.4).lives()
    assert (control, treated) == (((0, 0.0), (3, 0.2)), ((0, 0.0), (3, 1.0)))


def test_a_life_is_governed_as_its_doses_say():
    path = ((0, 0.0), (3, 0.5), (9, 1.0), (15, 0.0))
    found = timeline_of(path, STATUS_QUO, DIALOGUE, 0)
    rows = announced(found, 20, 0.2)[:, 0, :8]
    before, after = np.array(STATUS_QUO.instruments), np.array(DIALOGUE.instruments)
    for month, dose in ((0, 0.0), (3, 0.0), (4, 0.5), (9, 0.5), (10, 1.0), (15, 1.0), (16, 0.0)):
        assert rows[month] == pytest.approx(before + dose * (after - before)), month
    slow = announced(timeline_of(((0, 0.0), (3, 1.0)), STATUS_QUO, DIALOGUE, 4), 20, 0.2)
    assert slow[4, 0, :8] == pytest.approx(before)
    assert slow[6, 0, :8] == pytest.approx((before + after) / 2)
    assert slow[8, 0, :8] == pytest.approx(after)


def test_a_regime_with_a_gap_of_its_own_is_not_mixed_with_one_without():
    own = Regime(**{**DIALOGUE.to_dict(), "name": "own", "espoused_gap": 0.1})
    timeline_of(((0, 0.0), (3, 1.0)), STATUS_QUO, own, 0)
    with pytest.raises(InputError, match="espoused_gap"):
        timeline_of(((0, 0.0), (3, 0.5)), STATUS_QUO, own, 0)
