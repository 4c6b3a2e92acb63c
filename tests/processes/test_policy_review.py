"""Policy review: what is seen, what is asked for, and each of the four pulls by itself."""

import numpy as np
import pytest

import tables
from compiled_steps import best_peer
from velfaerd_sim.inputs.regimes import INSTRUMENTS
from velfaerd_sim.population.schema import VOLUNTEER_TYPE, Records
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

    SIDES = np.array([-0.1, 0.1, -0.1, 0.1])

    def __init__(self, count=3, announced=0.5, template=0.9, shift=0.0, towns_of=None, **weights):
        self.towns = towns(count, **(towns_of or {}))
        self.towns["first_volunteer"] = 4 * np.arange(count)
        self.towns["volunteer_rows"] = 4
        self.volunteers = np.zeros(4 * count, VOLUNTEER_TYPE)
        shifts = np.full((count, 8), shift)
        figures = np.zeros((count, 4))
        self.records = Records(
            np.zeros((0, 36, 6), np.int32), np.zeros((0, 6)), shifts, shifts * 0.0, figures
        )
        self.announced, self.template = np.full(8, announced), np.full(8, template)
        zero = dict.fromkeys(
            (f"policy_weight_{name}" for name in ("template", "peers", "trial", "users")), 0.0
        )
        self.values = zero | {"policy_review_rate": 0.5} | weights

    def answer(self, mean, towns=None):
        """Let the four volunteers of towns answer 0.1 to both sides of a mean."""
        answers = self.volunteers["motivation"].reshape(-1, 4)
        answers[range(len(self.towns)) if towns is None else towns] = mean + self.SIDES

    def hold(self, month=12):
        record = default_record(**self.values)[0]
        review(
            self.towns,
            self.volunteers,
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
    held = Review(shift=0.1)
    held.answer(0.6)
    held.answer(0.5, towns=[1])
    assert np.all(held.hold() == 0.1)
    assert list(held.records.policy_figure[:, 0]) == pytest.approx([0.6, 0.5, 0.6])


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


def test_what_volunteers_answer_has_a_standard_error():
    # Answers 0.4 and 0.8: mean 0.6, variance 0.04, over two.
    assert policy_review.survey_error.py_func(0.6, 0.4, 2) == pytest.approx(np.sqrt(0.04 / 2))
    assert policy_review.survey_error.py_func(0.6, 0.36, 50) == pytest.approx(0.0, abs=1e-9)
    assert policy_review.survey_error.py_func(0.0, 0.0, 0) == 0.0


def test_a_gain_is_what_goes_beyond_the_trend():
    rule = policy_review.trial_gain.py_func
    # 0.58 - 0.55, of which half of the year before, 0.55 - 0.51, was to be expected.
    assert rule(0.51, 0.55, 0.58, parameters(policy_trend_carried=0.5)) == pytest.approx(0.01)
    assert rule(0.51, 0.55, 0.58, parameters(policy_trend_carried=0.0)) == pytest.approx(0.03)


def test_a_trial_is_kept_beyond_chance_only():
    rule = policy_review.trial_kept.py_func
    careful = parameters(policy_trial_threshold=1.5)
    assert [rule(gain, 0.02, careful) for gain in (0.03, 0.031)] == [False, True]
    ready = parameters(policy_trial_threshold=0.0)
    assert [rule(gain, 0.02, ready) for gain in (0.0, 0.001)] == [False, True]


def tried(m, month):
    """The step that a town tries, by its draws."""
    step, key = np.zeros(8), key_of(1, m + 1)
    size = 0.06 if uniform(key, POLICY_TRIAL, month, 1) < 0.5 else -0.06
    step[int(uniform(key, POLICY_TRIAL, month, 0) * 8)] = size
    return step


def test_a_year_is_watched_and_a_trial_is_kept_only_if_the_figure_rose_beyond_chance():
    held = Review(20, policy_weight_trial=0.3, policy_trial_step=0.2, policy_trial_threshold=1.0)
    held.answer(0.5)
    assert np.all(held.hold(12) == 0.0)  # no figure of the year before yet
    second = held.hold(24).copy()
    for m in range(20):
        assert second[m] == pytest.approx(tried(m, 24))
        assert held.records.policy_trial[m] == pytest.approx(tried(m, 24))
    # Answers 0.1 to both sides of the mean: a standard error of 0.1 / 2 over four volunteers.
    held.answer(0.5 + 0.051, towns=range(10))
    held.answer(0.5 + 0.049, towns=range(10, 20))
    third = held.hold(36).copy()
    assert third[:10] == pytest.approx(second[:10])
    assert third[10:] == pytest.approx(np.zeros((10, 8)))
    assert np.all(held.records.policy_trial == 0.0)  # a year without a trial
    fourth = held.hold(48)
    for m in range(20):
        assert fourth[m] - third[m] == pytest.approx(tried(m, 48))


def test_a_trial_lasts_as_long_as_it_is_meant_to():
    held = Review(3, policy_weight_trial=0.3, policy_trial_months=24.0)
    doing = []
    for year in range(1, 8):
        held.hold(12 * year)
        doing.append(bool(np.any(held.records.policy_trial)))
    assert doing == [False, False, True, True, False, False, True]


def test_without_weight_nothing_is_tried():
    held = Review(3)
    for year in range(1, 5):
        assert np.all(held.hold(12 * year) == 0.0)


def test_governance_counts_as_it_is_in_force_cut_to_its_range():
    held = Review(policy_weight_template=1.0, announced=0.9, shift=0.5)
    assert held.hold() == pytest.approx(0.5 + 0.5 * (0.9 - 1.0))


def test_the_deviation_stays_within_the_length_of_an_instrument():
    held = Review(policy_weight_users=1.0, towns_of={"mean_autonomy": 0.0})
    for year in range(1, 9):
        held.hold(12 * year)
    assert held.records.policy_shift.max() == 1.0
    assert held.records.policy_shift.min() == -1.0
