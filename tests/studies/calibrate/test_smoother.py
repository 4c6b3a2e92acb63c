"""The smoother on a linear model, whose posterior is known, and on models that fail."""

import importlib
from collections.abc import Sequence

import numpy as np
import pytest

from studies.calibrate.stand_in import answered
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.inputs.targets import NORMAL_95, Target, named, of_role
from velfaerd_sim.studies.calibrate import plausibility, resampling, smoother
from velfaerd_sim.studies.calibrate.observations import Observed
from velfaerd_sim.studies.calibrate.smoother import Request, Settings

PARAMETERS, FIGURES, SIGMA = 20, 6, 0.3


def line(seed: int) -> np.ndarray:
    """How figures follow from parameters, (figures, parameters); the last half has no effect."""
    found = np.random.default_rng(seed).normal(size=(FIGURES, PARAMETERS))
    found[:, PARAMETERS // 2 :] = 0.0
    return found


def target(name: str, value: float, sigma: float = SIGMA) -> Target:
    return Target(
        id=name,
        label_en=name,
        label_da=name,
        value=value,
        low=value - NORMAL_95 * sigma,
        high=value + NORMAL_95 * sigma,
        transform="identity",
        unit="",
        definition="",
        year="",
        source="a test",
        secondary=False,
    )


def observed(values: Sequence[float], sigma: float = SIGMA) -> Observed:
    return Observed([target(f"T{j}", float(v), sigma) for j, v in enumerate(values)])


def settings(members: int = 400, seed: int = 1, noise_members: int = 0) -> Settings:
    return Settings(PARAMETERS, members, 5, noise_members, seed)


def smooth(settings: Settings, figures: Observed, model: "Linear") -> list[smoother.Stage]:
    return answered(smoother.smooth(settings, figures), model)


def resample(
    settings: Settings, figures: Observed, model: "Linear", last: smoother.Stage, rounds: int
) -> smoother.Stage:
    return answered(resampling.resample(settings, figures, last, rounds), model)


class Linear:
    """A linear model with luck of its own a seed, which may fail in part of the space."""

    def __init__(self, slope: np.ndarray, luck: float = 0.0, fails_above: float = np.inf) -> None:
        self.slope = slope
        self.luck = luck
        self.fails_above = fails_above
        self.asked: list[tuple[int, str, int, int]] = []

    def __call__(self, requests: Sequence[Request]) -> np.ndarray:
        rows = []
        for one in requests:
            self.asked.append(one.key)
            words = [one.stage, one.member, one.attempt, one.purpose == smoother.NOISE]
            draw = np.random.default_rng([int(word) for word in words])
            row = self.slope @ one.scores + self.luck * draw.normal(size=len(self.slope))
            rows.append(np.full_like(row, np.nan) if one.scores[0] > self.fails_above else row)
        return np.array(rows)


def test_a_known_posterior_is_found() -> None:
    slope = line(3)
    truth = np.random.default_rng(4).normal(size=PARAMETERS)
    figures = slope @ truth + SIGMA * np.random.default_rng(5).normal(size=FIGURES)
    covariance = np.linalg.inv(np.eye(PARAMETERS) + slope.T @ slope / SIGMA**2)
    mean = covariance @ slope.T @ figures / SIGMA**2
    spread = np.sqrt(np.diag(covariance))
    found = smooth(settings(1500), observed(figures), Linear(slope))[-1].scores
    assert np.abs((found.mean(axis=0) - mean) / spread).max() < 0.35
    assert np.abs(found.std(axis=0) / spread - 1.0).max() < 0.2


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """60 truths x 10 parameters: 90 % intervals cover 90 %, 50 % intervals 50 %, as they should."""
    hits = {0.5: [], 0.9: []}
    for case in range(60):
        draw = np.random.default_rng([7, case])
        slope, truth = line(case), draw.normal(size=PARAMETERS)
        figures = slope @ truth + SIGMA * draw.normal(size=FIGURES)
        found = smooth(settings(200, case), observed(figures), Linear(slope))[-1].scores
        for level, share in hits.items():
            ends = np.quantile(found, [0.5 - level / 2, 0.5 + level / 2], axis=0)
            share.append(((truth >= ends[0]) & (truth <= ends[1]))[: PARAMETERS // 2].mean())
    # Four standard errors of 60 means; an ensemble of 200 may be a little narrow.
    assert 0.85 < np.mean(hits[0.9]) < 0.95
    assert 0.42 < np.mean(hits[0.5]) < 0.58


def test_parameters_without_effect_keep_their_prior() -> None:
    found = smooth(settings(500), observed(np.zeros(FIGURES)), Linear(line(1)))
    spread = found[-1].scores[:, PARAMETERS // 2 :].std(axis=0)
    assert 0.9 < spread.mean() < 1.05
    assert spread.min() > 0.8


def test_the_same_seed_gives_the_same_ensemble_and_another_another() -> None:
    slope, figures = line(2), observed(np.ones(FIGURES))
    first, again, other = (
        smooth(settings(60, seed, 5), figures, Linear(slope, luck=0.1)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first[-1].scores, again[-1].scores)
    assert not np.array_equal(first[-1].scores, other[-1].scores)


def test_members_that_fail_are_redrawn_and_counted() -> None:
    model = Linear(line(2), fails_above=1.0)
    stages = smooth(settings(200), observed(np.zeros(FIGURES)), model)
    assert stages[0].redrawn == sum(1 for key in model.asked if key[0] == 0 and key[3] == 1)
    assert stages[0].redrawn > 20
    assert stages[0].lost == 0
    for stage in stages:
        assert np.isfinite(stage.readings).all()
        assert (stage.scores[:, 0] <= 1.0).all()


def test_a_model_that_fails_mostly_is_refused() -> None:
    with pytest.raises(VelfaerdError, match="readings of stage 0 failed"):
        smooth(settings(50), observed(np.zeros(FIGURES)), Linear(line(1), fails_above=-0.5))


def test_luck_is_measured_from_seed_to_seed() -> None:
    stages = smooth(
        settings(300, noise_members=200), observed(np.zeros(FIGURES)), Linear(line(1), luck=0.2)
    )
    assert np.abs(stages[0].noise / 0.2 - 1.0).max() < 0.25


def test_inflations_fall_by_half_and_their_inverses_add_to_one() -> None:
    found = settings().inflations
    assert np.allclose(found[:-1] / found[1:], 2.0)
    assert np.isclose((1.0 / found).sum(), 1.0)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise ImportError(f"No module named '{name}'")

    monkeypatch.setattr(importlib, "import_module", refuse)
    with pytest.raises(VelfaerdError, match=r"velfaerd-sim\[calibration\]"):
        smoother.library()


def test_observations_are_compared_on_the_scale_of_their_errors() -> None:
    figures = Observed([named("T1.lonely_share"), *of_role("fit")[-2:]])
    readings = np.array([[0.0895, 0.1, 0.2], [np.nan, 0.1, 0.2]])
    found = figures.transform(readings)
    assert np.isclose(found[0, 0], np.log(0.0895 / 0.9105))
    assert np.isnan(found[1, 0])
    assert figures.inside(readings)[:, 0].tolist() == [True, False]
    luck = np.array([0.1, 0.0, 0.0])
    assert np.isclose(figures.with_noise(luck)[0, 0], figures.sigma[0] ** 2 + 0.01)


def test_drawn_errors_have_their_covariance() -> None:
    figures = Observed([t for t in of_role("fit") if t.group == "T9"][:3])
    generator = np.random.default_rng(1)
    drawn = np.array([figures.deviates(generator) for _ in range(4000)])
    assert np.allclose(np.cov(drawn.T), figures.covariance, atol=0.08 * figures.sigma.max() ** 2)


def judged_members() -> tuple[Observed, smoother.Stage]:
    slope = line(1)
    figures = observed(slope @ np.full(PARAMETERS, 0.3))
    return figures, smooth(settings(300), figures, Linear(slope))[-1]


def test_plausible_members_are_near_all_figures_and_weights_add_to_one() -> None:
    figures, last = judged_members()
    found = plausibility.judge(figures, last)
    assert found.kept.mean() > 0.8
    assert np.isclose(found.weights.sum(), 1.0)
    assert (np.abs(found.residuals[found.kept]) <= 3.0).all()
    assert (found.weights[~found.kept] == 0.0).all()
    assert 0.7 * found.kept.sum() < found.effective <= found.kept.sum()
    assert found.kept[found.medoid]
    assert found.inside[found.medoid].sum() >= found.inside[found.kept].sum(axis=1).max() - 1
    best = found.misfit[found.kept] <= FIGURES
    assert np.allclose(found.weights[found.kept][best], found.weights.max())


def test_an_unreachable_figure_is_told_and_does_not_empty_the_ensemble() -> None:
    slope = line(1)
    slope[0] = 0.0
    figures = observed([50.0, *np.zeros(FIGURES - 1)])
    found = plausibility.judge(figures, smooth(settings(300), figures, Linear(slope))[-1])
    assert found.reachable.tolist() == [False] + [True] * (FIGURES - 1)
    assert found.kept.mean() > 0.8


def test_standings_follow_the_spread() -> None:
    found = [plausibility.standing(spread) for spread in (0.2, 0.7, 0.95)]
    assert found == ["identified", "partly", "stays at its prior"]


def test_weighted_quantiles_are_those_of_repeated_values() -> None:
    values = np.array([[1.0], [2.0], [3.0]])
    found = plausibility.quantiles(values, np.array([1.0, 1.0, 2.0]), (0.5,))
    assert np.isclose(found[0, 0], 2.0 + (0.5 - 0.375) / 0.375)


def test_members_that_do_not_fit_are_drawn_anew_between_plausible_ones() -> None:
    slope = line(1)
    figures, model = observed(slope @ np.full(PARAMETERS, 0.3)), Linear(slope)
    last = smooth(settings(100), figures, model)[-1]
    far = last.scores.copy()
    far[:40] += 2.0
    spoiled = smoother.Stage(
        last.number, last.members, far, far @ slope.T, last.noise, last.redrawn, last.lost
    )
    before = plausibility.judge(figures, spoiled)
    after = resample(settings(100), figures, model, spoiled, 3)
    found = plausibility.judge(figures, after)
    assert before.kept.mean() < 0.75
    assert found.kept.mean() > before.kept.mean() + 0.15
    assert after.refilled > 0
    assert np.array_equal(after.scores[before.kept], spoiled.scores[before.kept])
    again = resample(settings(100), figures, model, spoiled, 3)
    assert np.array_equal(after.scores, again.scores)
    assert resample(settings(100), figures, model, spoiled, 0) is spoiled
