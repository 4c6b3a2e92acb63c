"""Trials drawn from stored lives of towns: which take part, in what order, who answers.

Every town was run under all governances that a design has, so a trial is a draw, and its truth is
known: the mean over all towns of what the intervention does to the measurements that are analysed,
against the same town under control without any spill-over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.statistics.cluster_trials import Estimates, Layout, analyse
from velfaerd_sim.studies.trial.lives import REGISTER, VALUES, VOLUNTEERS
from velfaerd_sim.studies.trial.schedules import CONTROL, Schedule, name_of
from velfaerd_sim.studies.trial.study import Point, TrialStudy

Array = NDArray[np.float64]
SPREAD = (0.05, 0.95)
"""Quantiles over worlds that stand beside a mean."""


@dataclass(frozen=True)
class Store:
    """All lives, float64 (cases, towns, lives, VALUES, periods); a case is a world's population."""

    values: Array
    lives: tuple[str, ...]
    thousands: Array
    """Thousands of adults of each town as it is."""

    def life(self, name: str, value: str, periods: int) -> Array:
        """A value of a life, (cases, towns, periods)."""
        found: Array = self.values[:, :, self.lives.index(name), VALUES.index(value), :periods]
        return found


class Draws:
    """Trials of one design."""

    def __init__(self, study: TrialStudy, point: Point, store: Store) -> None:
        self.study = study
        self.point = point
        self.store = store
        self.schedule: Schedule = study.schedule(point)
        self.periods = len(self.schedule.measured)
        self.paths = [name_of(path) for path in self.schedule.lives()]
        sizes = self.schedule.sizes(point.municipalities)
        self.layout = Layout(self.schedule.treated(), self.schedule.used(), sizes, study.growing)
        self.generator = np.random.default_rng(
            [study.scenario.seed, point.municipalities, point.months, point.n, len(point.design)]
        )

    def lives(self, value: str, paths: list[str] | None = None) -> Array:
        """A value by sequence, (cases, towns, sequences, periods)."""
        named = paths or self.paths
        return np.stack([self.store.life(name, value, self.periods) for name in named], axis=2)

    def usable(self) -> NDArray[np.bool_]:
        """Towns that can be measured throughout, bool (cases, towns).

        One that has volunteers to ask at first and loses them later can: all left is an answer.
        """
        found = np.isfinite(self.lives("seen")).all(axis=(2, 3))
        found &= np.isfinite(self._control("seen")).all(axis=2)
        if self.study.survey.of == VOLUNTEERS:
            found &= self._control("persons")[:, :, 0] > 0.0
        return np.asarray(found, np.bool_)

    def lost(self) -> float:
        """Share of towns that end without volunteers to ask, over cases and sequences."""
        if self.study.survey.of != VOLUNTEERS:
            return 0.0
        return float((self.lives("persons")[self.usable()][..., -1] == 0.0).mean())

    def _control(self, value: str) -> Array:
        return self.store.life(name_of(CONTROL), value, self.periods)

    def truths(self) -> Array:
        """What the intervention does in each case, mean over towns; float64 (cases,)."""
        gained = self.lives("truth") - self._control("truth")[:, :, None]
        cells = self.layout.treated * self.layout.used * self.layout.towns[:, None]
        each = np.einsum("ctsk,sk->ct", np.nan_to_num(gained), cells) / cells.sum()
        return np.array([row[good].mean() for row, good in zip(each, self.usable(), strict=True)])

    def correlation(self) -> float:
        """Share of the variance of an answer that lies between towns, under control.

        Of a register outcome: of a period's value of a town.
        """
        truth, within, found = self._control("truth"), self._control("within"), []
        for case, good in enumerate(self.usable()):
            own = truth[case, good]
            between = float(own.var(axis=0, ddof=1).mean())
            rest = float(within[case, good].mean())
            if self.study.survey.of == REGISTER:
                centred = own - own.mean(axis=0) - own.mean(axis=1, keepdims=True) + own.mean()
                rest = float(np.square(centred).sum()) / max(1, (len(own) - 1) * (own.shape[1] - 1))
                between = max(0.0, between - rest)
            total = between + rest
            found.append(between / total if total > 0.0 else 0.0)
        return float(np.mean(found))

    def hours(self) -> tuple[Array, Array]:
        """Hours of collaboration of a town over the trial, and those beyond control.

        Both (cases, towns, sequences).
        """
        months = self.schedule.timing.every * self.store.thousands[None, :, None, None]
        spent = np.nan_to_num(self.lives("hours"))
        more = spent - np.nan_to_num(self._control("hours"))[:, :, None]
        return (spent * months).sum(axis=3), (more * months).sum(axis=3)

    def drawn(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The case of every trial (trials,), and who takes part in order (trials, towns).

        Raises VelfaerdError where too few towns can be measured.
        """
        usable, count = self.usable(), self.point.municipalities
        cases = np.arange(self.study.trials) % len(usable)
        if (least := int(usable.sum(axis=1).min())) < count:
            raise VelfaerdError(
                f"only {least} municipalities can be measured throughout in some world, and "
                f"{count} are to take part; take larger ones or fewer"
            )
        ranks = self.generator.random((len(cases), usable.shape[1]))
        ranks[~usable[cases]] = 2.0
        return cases, np.argsort(ranks, axis=1, kind="stable")[:, :count].astype(np.int64)

    def answers(
        self, cases: Any, towns: Any, paths: list[str], noise: tuple[Array, Array]
    ) -> Array:
        """The means that a trial finds, float64 (trials, towns, periods).

        Those invited are drawn at random from who there is and answer by their chance, so a mean
        varies around that of all who would answer, less the more of these are asked.
        """
        places = cases[:, None], towns, self.layout.sequence_of[None, :]
        seen: Array = self.lives("seen", paths)[places]
        if self.study.survey.of == REGISTER:
            return seen
        within, share, persons = (
            self.lives(name, paths)[places] for name in ("within", "answering", "persons")
        )
        invited = np.minimum(self.point.n, persons)
        spread = np.sqrt(invited * share * (1.0 - share))
        count = np.clip(np.rint(invited * share + spread * noise[1]), 1.0, np.maximum(1.0, invited))
        left = 1.0 - np.minimum(1.0, count / np.maximum(1.0, persons * share))
        return np.asarray(seen + np.sqrt(within / count * left) * noise[0])

    def run(self) -> Found:
        """Draw and analyse all trials, and the same with nobody treated."""
        cases, towns = self.drawn()
        shape = (*towns.shape, self.periods)
        noise = self.generator.standard_normal(shape), self.generator.standard_normal(shape)
        control = [name_of(CONTROL)] * len(self.paths)
        both = [
            analyse(self.layout, self.answers(cases, towns, paths, noise), self.study.analysis)
            for paths in (self.paths, control)
        ]
        places = cases[:, None], towns, self.layout.sequence_of[None, :]
        spent, more = (each[places].sum(axis=1) for each in self.hours())
        return Found(cases, self.truths(), both[0], both[1], spent, more)


@dataclass(frozen=True)
class Found:
    """Trials of a design: the case of each, the truth of each case, estimates and hours.

    without: of the same trials with nobody treated.
    """

    cases: NDArray[np.int64]
    truths: Array
    estimates: Estimates
    without: Estimates
    spent: Array
    more: Array

    def row(self, study: TrialStudy, point: Point) -> dict[str, Any]:
        """What the trials say of the design."""
        told = self.estimates.told()
        truth = self.truths[self.cases]
        count, power, effect = len(told), float(told.mean()), float(self.truths.mean())
        fixed = study.budget.fixed(point, len(study.schedule(point).measured))
        sign = -1.0 if effect < 0.0 else 1.0
        needed = self.without.reach - sign * self.without.effect
        return {
            "effect": effect,
            "power": power,
            "mc_error": float(np.sqrt(power * (1.0 - power) / count)),
            "bias": float((self.estimates.effect - truth).mean()),
            "coverage": float(self.estimates.holds(truth).mean()),
            "staff_hours": fixed + float(self.more.mean()),
            "staff_hours_fixed": fixed,
            "staff_hours_in_use": float(self.spent.mean()),
            "false_alarm": float(self.without.told().mean()),
            "smallest_effect": float(np.quantile(needed, study.budget.power)),
            "standard_error": float(np.sqrt(np.square(self.estimates.standard_error).mean())),
            "df": float(np.median(self.estimates.df)),
        }

    def by_world(self, populations: int) -> Iterator[tuple[int, float, float]]:
        """World (its place in the set), effect and power in it."""
        worlds = self.cases // populations
        told = self.estimates.told()
        for world in np.unique(worlds):
            effect = float(self.truths.reshape(-1, populations)[world].mean())
            yield int(world), effect, float(told[worlds == world].mean())
