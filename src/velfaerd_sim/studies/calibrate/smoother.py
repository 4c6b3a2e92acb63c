"""The ensemble smoother: parameter sets are moved toward published figures, several times gently.

Ensemble smoother with multiple data assimilation (ES-MDA; Emerick & Reynolds 2013, doi
10.1016/j.cageo.2012.03.011) on normal scores of the parameters. All sets are read with the same
seed, another one in each assimilation, so that nobody adapts to one seed. Correlations that an
ensemble of this size shows by chance are left out (adaptive localisation; Vossepoel, Evensen & van
Leeuwen 2025, doi 10.1175/MWR-D-24-0269.1).
"""

from __future__ import annotations

import importlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.statistics.normal_scores import limited
from velfaerd_sim.studies.calibrate.observations import Observed

Array = NDArray[np.float64]

MEMBER, NOISE, FINAL, FINAL_NOISE = "member", "noise", "final", "final noise"
"""What a reading is for: a set of the ensemble; how much readings vary from seed to seed; the same
of the last reading, which decides."""
LIBRARY = "iterative_ensemble_smoother"
MOST_REDRAWS = 5
_ENOUGH = 0.5
_NEIGHBOURS = 10
_OUTLIER = 6.0
_MAD = 1.4826
_MORE = 4.0
"""The factor on the observation variance of assimilations beyond those that were asked for."""
_FAR = 5.0
_STILL = 1e-6
_STANDARD_ERRORS = 2.5
"""A correlation counts from so many standard errors on; at 3 the figures are met less well, at 2
more of the spread of idle parameters is lost."""


@dataclass(frozen=True)
class Request:
    """A parameter set to be read.

    stage: 0 is the prior; the last one comes after the last assimilation. attempt: 0, or how often
    the member was redrawn. scores: normal scores of the free parameters.
    """

    stage: int
    purpose: str
    member: int
    attempt: int
    scores: Array

    @property
    def key(self) -> tuple[int, str, int, int]:
        """What tells it from all others of the same calibration."""
        return self.stage, self.purpose, self.member, self.attempt


Result = TypeVar("Result")
Asking: TypeAlias = Generator[Sequence[Request], Array, Result]
"""A course of work that asks for readings of parameter sets and goes on when it is sent them.

What is sent: float64 (requests, observations), as the figures are; NaN where a reading failed."""


@dataclass(frozen=True)
class Stage:
    """The ensemble at one stage.

    members: their numbers. scores: (members, parameters); readings: (members, observations) as the
    figures are; noise: standard deviation of a reading from seed to seed, on the transformed scale.
    redrawn, lost: members that failed and were drawn anew, or had to be given up. refilled:
    readings of members that did not fit and were drawn anew at the end; drawn_anew: these members.
    """

    number: int
    members: NDArray[np.int64]
    scores: Array
    readings: Array
    noise: Array
    redrawn: int
    lost: int
    refilled: int = 0
    drawn_anew: tuple[int, ...] = ()


@dataclass(frozen=True)
class Settings:
    """How an ensemble is smoothed.

    noise_members: how many are read with a second seed. more_assimilations: how many may follow as
    long as half of the sets are further from the figures than errors explain.
    """

    parameters: int
    members: int
    assimilations: int
    noise_members: int
    seed: int
    more_assimilations: int = 0

    @property
    def inflations(self) -> Array:
        """Factors on the observation variance, each half of the one before; inverses add to 1."""
        halves = 0.5 ** np.arange(self.assimilations, dtype=np.float64)
        return np.asarray((2.0**self.assimilations - 1.0) * halves, np.float64)

    def inflation(self, stage: int) -> float:
        """The factor on the observation variance at a stage."""
        return float(self.inflations[stage]) if stage < self.assimilations else _MORE

    @property
    def readings(self) -> int:
        """Readings that are needed in any case, the last ones included."""
        looks = int(self.more_assimilations > 0)  # whether more assimilations are needed
        return (self.members + self.noise_members) * (self.assimilations + looks + 1)

    def is_more(self, request: Request) -> bool:
        """Whether a request comes on top: of a further assimilation, or of a set drawn anew."""
        further = request.purpose in (MEMBER, NOISE) and request.stage > self.assimilations
        return further or request.attempt > 0


def library() -> Any:
    """The library with the smoother. Raises VelfaerdError that says how to install it."""
    try:
        loaded: ModuleType = importlib.import_module(LIBRARY)
    except ImportError as error:
        raise VelfaerdError(
            f"calibration needs the library {LIBRARY}, which cannot be imported ({error}); install "
            "the package with its extra: velfaerd-sim[calibration]"
        ) from None
    return loaded


def prior(settings: Settings) -> Array:
    """Scores of the first ensemble, (members, parameters): even in each parameter.

    A Latin hypercube of normal scores (McKay, Beckman & Conover 1979).
    """
    generator = np.random.default_rng([settings.seed, 0])
    shape = settings.parameters, settings.members
    order = generator.permuted(np.tile(np.arange(settings.members), (shape[0], 1)), axis=1)
    ranks = (order + generator.random(shape)) / settings.members
    return limited(np.asarray(ndtri(ranks), np.float64).T)


def smooth(settings: Settings, observed: Observed) -> Asking[list[Stage]]:
    """Move an ensemble from the prior to the observations; gives every stage, the prior first.

    After the assimilations that were asked for, more may follow until half of the sets are as near
    to the figures as errors explain (the discrepancy principle; Iglesias & Dawson 2013, doi
    10.1007/s10596-013-9373-z). The last stage is read with a seed that no assimilation has seen.
    Raises VelfaerdError where half of the readings of a stage fail, and where the library is
    missing.
    """
    loaded = library()
    scores = prior(settings)
    members = np.arange(settings.members, dtype=np.int64)
    stages: list[Stage] = []
    shown = np.zeros((settings.parameters, len(observed)), bool)
    number = 0
    while number < settings.assimilations + settings.more_assimilations:
        stage = yield from _read(settings, observed, number, members, scores, (MEMBER, NOISE))
        stages.append(stage)
        if number >= settings.assimilations and np.median(misfits(observed, stage)) <= len(
            observed
        ):
            break
        scores, members = _assimilate(loaded, settings, observed, stage, shown), stage.members
        number += 1
    purposes = FINAL, FINAL_NOISE
    last = yield from _read(settings, observed, len(stages), members, scores, purposes)
    return [*stages, last]


def misfits(observed: Observed, stage: Stage) -> Array:
    """Squared Mahalanobis distance of every member from the figures, (members,)."""
    apart = observed.transform(stage.readings) - observed.centre
    solved = np.linalg.solve(observed.with_noise(stage.noise), apart.T)
    return np.asarray((apart.T * solved).sum(axis=0))


def _read(
    settings: Settings,
    observed: Observed,
    number: int,
    members: NDArray[np.int64],
    scores: Array,
    purposes: tuple[str, str],
) -> Asking[Stage]:
    """Read an ensemble; members whose reading fails are redrawn from the others."""
    scores = scores.copy()
    readings = yield [
        Request(number, purposes[0], int(m), 0, scores[i]) for i, m in enumerate(members)
    ]
    good = np.asarray(np.isfinite(readings).all(axis=1))
    if good.mean() < _ENOUGH:
        raise VelfaerdError(
            f"{int((~good).sum())} of {len(good)} readings of stage {number} failed or are not "
            "finite; narrow the ranges of what is free, or leave out targets that such worlds "
            "cannot answer"
        )
    redrawn = int((~good).sum())
    for attempt in range(1, MOST_REDRAWS + 1):
        bad = np.flatnonzero(~good)
        if not len(bad):
            break
        for i in bad:
            draw = np.random.default_rng([settings.seed, 2, number, int(members[i]), attempt])
            scores[i] = neighbour(draw, scores[i], scores[good])
        again = yield [
            Request(number, purposes[0], int(members[i]), attempt, scores[i]) for i in bad
        ]
        readings[bad] = again
        good[bad] = np.isfinite(again).all(axis=1)
    members, scores, readings = members[good], scores[good], readings[good]
    lost = int((~good).sum())
    whole = Stage(number, members, scores, readings, np.zeros(len(observed)), redrawn, lost)
    noise = yield from _noise(settings, observed, whole, purposes[1])
    return replace(whole, noise=noise)


def neighbour(generator: np.random.Generator, failed: Array, others: Array) -> Array:
    """A new set between two of the nearest others, as far from the middle as these are."""
    distance = np.square(others - failed).sum(axis=1)
    near = np.argsort(distance, kind="stable")[:_NEIGHBOURS]
    first, second = others[generator.choice(near, size=2, replace=len(near) < 2)]
    middle, share = others.mean(axis=0), generator.random()
    mixed = np.sqrt(share) * (first - middle) + np.sqrt(1.0 - share) * (second - middle)
    return limited(middle + mixed)


def _noise(settings: Settings, observed: Observed, stage: Stage, purpose: str) -> Asking[Array]:
    """Standard deviation of a reading from seed to seed, from sets that are read twice."""
    count = min(settings.noise_members, len(stage.members))
    if count == 0:
        return stage.noise
    chosen = np.linspace(0, len(stage.members) - 1, count).astype(int)
    again = yield [
        Request(stage.number, purpose, int(stage.members[i]), 0, stage.scores[i]) for i in chosen
    ]
    found = seed_noise(observed, again, stage.readings[chosen])
    if not np.isfinite(found).all():
        raise VelfaerdError(f"no set of stage {stage.number} could be read a second time")
    return found


def seed_noise(observed: Observed, again: Array, first: Array) -> Array:
    """Standard deviation of a reading, from readings of the same sets with two seeds; NaN without.

    again, first: (sets, observations); pairs with a number missing are left out.
    """
    apart = observed.transform(again) - observed.transform(first)
    apart = apart[np.isfinite(apart).all(axis=1)]
    if not len(apart):
        return np.full(len(observed), np.nan)
    return np.asarray(np.sqrt(np.square(apart).mean(axis=0) / 2.0))


def without_outliers(values: Array) -> Array:
    """Transformed readings with those far out set to a limit: lines must not follow a few sets."""
    middle = np.median(values, axis=0)
    reach = _OUTLIER * _MAD * np.median(np.abs(values - middle), axis=0)
    reach = np.where(reach > 0.0, reach, np.inf)
    return np.asarray(np.clip(values, middle - reach, middle + reach))


def _assimilate(
    loaded: Any, settings: Settings, observed: Observed, stage: Stage, shown: NDArray[np.bool_]
) -> Array:
    """Scores after one assimilation, (members, parameters).

    shown: (parameters, observations), pairs that were correlated at some stage so far; this stage's
    are added. Later on sets differ little in a figure, as parameters make up for each other, and
    what each of them does to it can no longer be seen.
    """
    seed = int(np.random.SeedSequence([settings.seed, 1, stage.number]).generate_state(1)[0])
    y = without_outliers(observed.transform(stage.readings))
    inflation = settings.inflation(stage.number)
    covariance = tempered(observed, stage.noise, y, inflation)
    varies = np.ptp(y, axis=0) > 0.0  # what no set moves has no say
    moves = stage.scores.std(axis=0) > _STILL
    if not (varies.any() and moves.any()):
        return stage.scores
    here = np.ix_(moves, varies)

    def counts(correlations: Array, members: int) -> NDArray[np.bool_]:
        shown[here] |= np.abs(correlations) > _STANDARD_ERRORS / np.sqrt(members)
        return np.ascontiguousarray(shown[here])

    smoother = loaded.AdaptiveESMDA(
        np.ascontiguousarray(covariance[np.ix_(varies, varies)] * inflation),
        observed.centre[varies],
        alpha=1,  # the inflation is in the covariance: the library knows only sums of one
        seed=seed,
    )
    smoother.prepare_assimilation(Y=np.ascontiguousarray(y[:, varies].T), truncation=1.0)
    x = stage.scores.copy()
    x[:, moves] = smoother.assimilate_batch(
        X=np.ascontiguousarray(x[:, moves].T), correlation_callback=counts, n_jobs=1
    ).T
    return limited(x)


def tempered(observed: Observed, noise: Array, y: Array, inflation: float) -> Array:
    """Covariance of errors and seed noise, larger where a figure is far from all sets.

    y: transformed readings, (members, observations). A figure that lies beyond 5 standard
    deviations of its innovation counts as if it lay there, as Huber's loss would have it: one that
    cannot be reached must not drag all parameters to their limits.
    """
    covariance = observed.with_noise(noise)
    apart = np.abs(observed.centre - np.median(y, axis=0))
    lacking = np.square(apart / _FAR) - y.var(axis=0) - inflation * np.diag(covariance)
    return covariance + np.diag(np.maximum(0.0, lacking) / inflation)
