"""Policy review: what is seen, what is asked for, and each of the four pulls by itself."""

import numpy as np
import pytest

import tables
from compiled_steps import best_peer
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.population.schema import Records
from velfaerd_sim.processes import policy_review
from velfaerd_sim.processes.policy_review import review
from velfaerd_sim.randomness import POLICY_PEER, POLICY_TRIAL, key_of, uniform
from worlds import default_record, parameters

P = parameters()

NEEDS = {"mean_autonomy": 0.6, "mean_competence": 0.6, "mean_relatedness": 0.6}


def test_what_others_see_is_volunteers_per_adult():
    assert policy_review.visible_figure.py_func(25, 500) == 0.05


def test_volunteers_ask_for_what_they_lack():
    asked = [policy_review.asked_change.py_func(q, 0.5, 0.4, 0.3, P) for q in range(8)]
    wanted = {
        "rigidity": -0.1,
        "role_clarity": 0.2,
        "dialogue": 0.1,
        "influence": 0.1,
        "recognition": 0.3,
        "boundary_protection": 0.0,
        "openness": 0.0,
        "training": 0.2,
    }
    assert dict(zip(INSTRUMENTS, asked, strict=True)) == pytest.approx(wanted)
    assert not any(policy_review.asked_change.py_func(q, 0.6, 0.8, 1.0, P) for q in range(8))


def towns(count, **values):
    codes = np.arange(1, count + 1)
    return tables.towns(count, **({"code": codes, "adults": 100, "kind": 1} | NEEDS | values))


def test_a_peer_is_one_of_five_looked_at_of_the_same_kind():
    table = towns(12, kind=[1, 2] * 6)
    figures = np.linspace(0.02, 0.08, 12)
    for own in range(12):
        key = key_of(1, own + 1)
        seen = [int(uniform(key, POLICY_PEER, 24, j) * 12) for j in range(5)]
        peers = [m for m in seen if table["kind"][m] == table["kind"][own]]
        expected = max([own, *peers], key=lambda m: (figures[m], -m))
        assert best_peer(table, figures, own, key, 24, default_record()) == expected


class Review:
    """A review of some towns with the weights named, zero elsewhere."""

    def __init__(self, count=3, announced=0.5, template=0.9, shift=0.0, towns_of=None, **weights):
        self.towns = towns(count, **(towns_of or {}))
        shifts = np.full((count, 8), shift)
        figures = np.zeros((count, 2))
        self.records = Records(
            np.zeros((0, 36, 6), np.int32), np.zeros((0, 6)), shifts, shifts * 0.0, figures
        )
        self.announced, self.template = np.full(8, announced), np.full(8, template)
        zero = dict.fromkeys(
            (f"policy_weight_{name}" for name in ("template", "peers", "trial", "users")), 0.0
        )
        self.values = zero | {"policy_review_rate": 0.5} | weights

    def hold(self, month=12):
        record = default_record(**self.values)[0]
        review(
            self.towns,
            self.announced,
            self.template,
            self.records,
            np.uint64(1),
            np.uint64(0),
            month,
            record,
        )
        return self.records.policy_shift


def test_without_weights_nothing_moves_but_the_figure():
    held = Review(shift=0.1, towns_of={"volunteers": [2, 5, 3]})
    assert np.all(held.hold() == 0.1)
    assert list(held.records.policy_figure[:, 0]) == [0.02, 0.05, 0.03]


def test_the_template_pulls_at_its_rate():
    held = Review(policy_weight_template=0.4)
    # 0.5 x 0.4 x (0.9 - 0.5) a year, then from there
    assert held.hold() == pytest.approx(0.08)
    assert held.hold(24) == pytest.approx(0.08 + 0.2 * (0.9 - 0.58))


def test_volunteers_move_what_they_lack():
    held = Review(policy_weight_users=0.2, towns_of={"mean_autonomy": [0.6, 0.3, 0.6]})
    shifts = held.hold()
    assert np.all(shifts[[0, 2]] == 0.0)
    expected = [-0.03, 0.0, 0.03, 0.03, 0.0, 0.0, 0.0, 0.0]  # 0.5 x 0.2 x 0.3
    assert shifts[1] == pytest.approx(expected)


def test_peers_with_better_figures_are_followed():
    count = 30
    volunteers = np.arange(count) + 1
    held = Review(count, policy_weight_peers=0.6, towns_of={"volunteers": volunteers})
    held.records.policy_shift[:] = (np.arange(count) / 100)[:, None]
    before = held.records.policy_shift.copy()
    after = held.hold()
    for m in range(count):
        peer = best_peer(held.towns, volunteers / 100, m, key_of(1, m + 1), 12, default_record())
        # All move at once: the peer's governance counts as it was before.
        move = 0.5 * 0.6 * (before[peer] - before[m])
        assert after[m] == pytest.approx(before[m] + move)
    assert np.any(after != before)


def test_a_trial_moves_one_instrument_and_is_kept_only_if_the_figure_rose():
    held = Review(20, policy_weight_trial=0.3)
    held.towns["volunteers"] = 5
    first = held.hold(12).copy()
    for m in range(20):
        key = key_of(1, m + 1)
        chosen = int(uniform(key, POLICY_TRIAL, 12, 0) * 8)
        size = 0.06 if uniform(key, POLICY_TRIAL, 12, 1) < 0.5 else -0.06
        expected = np.zeros(8)
        expected[chosen] = size
        assert first[m] == pytest.approx(expected)
        assert held.records.policy_trial[m] == pytest.approx(expected)
    held.towns["volunteers"][:10] = 6
    second = held.hold(24)
    kept = second - held.records.policy_trial
    assert kept[:10] == pytest.approx(first[:10])
    assert kept[10:] == pytest.approx(np.zeros((10, 8)))


def test_governance_counts_as_it_is_in_force_cut_to_its_range():
    held = Review(policy_weight_template=1.0, announced=0.9, shift=0.5)
    assert held.hold() == pytest.approx(0.5 + 0.5 * (0.9 - 1.0))


def test_the_deviation_stays_within_the_length_of_an_instrument():
    held = Review(policy_weight_users=1.0, towns_of={"mean_autonomy": 0.0})
    for year in range(1, 9):
        held.hold(12 * year)
    assert held.records.policy_shift.max() == 1.0
    assert held.records.policy_shift.min() == -1.0
