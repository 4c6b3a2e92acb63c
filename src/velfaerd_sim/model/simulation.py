"""Simulation: the state of a scenario and its months, without Mesa.

Row r of every table by month is month r - burn_in_months: row 0 is the first population, the row
of month 0 is the end of the burn-in, from which regimes fork.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import numpy as np

from velfaerd_sim import in_force
from velfaerd_sim.errors import InputError
from velfaerd_sim.inputs.parameters import as_record
from velfaerd_sim.inputs.regime_files import load_timeline
from velfaerd_sim.inputs.regimes import (
    INSTRUMENTS,
    LAST_MONTH,
    REGIMES,
    STATUS_QUO,
    YEAR,
    Regime,
    Timeline,
)
from velfaerd_sim.inputs.scenarios import SHOCK_COLUMNS, Scenario
from velfaerd_sim.measures import observation, outcomes
from velfaerd_sim.model.month import Ledgers, MonthlyInputs, run_town
from velfaerd_sim.model.own_code import OwnCode
from velfaerd_sim.population.levels import flow_table, quantiles_of
from velfaerd_sim.population.schema import Population
from velfaerd_sim.population.stationary import stationary_of
from velfaerd_sim.population.synthesis import level_means, synthesise
from velfaerd_sim.population.tallies import TALLY_TYPE, TENURES
from velfaerd_sim.processes.policy_review import review

TEMPLATE = "clear_agreements"
"""The regime that national guidelines recommend (the consensus described in S0)."""

_ANNOUNCED_TYPE = np.dtype([(name, "f8") for name in (*INSTRUMENTS, "espoused_gap")])
_SHOCK_TYPE = np.dtype([(name, "f8") for name in SHOCK_COLUMNS])

Progress = Callable[[int], None]
"""Called with the number of adult-months done since the last call."""


def _announced_records(scenario: Scenario) -> np.ndarray[Any, Any]:
    table = np.ascontiguousarray(scenario.announced())
    return table.view(_ANNOUNCED_TYPE)[:, :, 0]


def _shock_records(scenario: Scenario) -> np.ndarray[Any, Any]:
    return np.ascontiguousarray(scenario.shock_table()).view(_SHOCK_TYPE)[:, 0]


class Simulation:
    """One scenario's population, moved month by month in place.

    Attributes: scenario; population (state, see population.schema); month (0 after the burn-in);
    tallies, records (municipalities, rows); at_risk and ended, int32 (municipalities, rows,
    TENURES): volunteers by tenure who could leave in the month, and who did.
    """

    def __init__(
        self,
        scenario: Scenario,
        threads: int = 1,
        progress: Progress | None = None,
        burn_in: bool = True,
        population: Population | None = None,
    ) -> None:
        """Draw the population, unless one is given, and run the burn-in, unless told otherwise."""
        in_force.check_runs()
        self.plugins = in_force.active()
        self._own_code = OwnCode.of(self.plugins)
        self.scenario = scenario
        self.threads = threads
        self._announced = _announced_records(scenario)
        self._shocks = _shock_records(scenario)
        self.take_values(self.scenario.parameter_values())
        self._seed = (
            np.uint64(scenario.seed & 0xFFFFFFFF),
            np.uint64((scenario.seed >> 32) & 0xFFFFFFFF),
        )
        if population is None:
            population = synthesise(scenario, self._status_quo, threads)
        self.population = population
        self._row = 0
        rows = len(self._announced)
        count = len(scenario.towns)
        self.tallies = np.zeros((count, rows), TALLY_TYPE)
        self.at_risk = np.zeros((count, rows, TENURES), np.int32)
        self.ended = np.zeros((count, rows, TENURES), np.int32)
        self._own = self._own_code.empty(count, rows)
        self._observe_start()
        if burn_in:
            self.run(scenario.burn_in_months, progress)

    @property
    def month(self) -> int:
        """The month reached; 0 is the end of the burn-in."""
        return self._row - self.scenario.burn_in_months

    @property
    def parameters(self) -> Any:
        """The parameters as one record."""
        return self._parameters[0]

    def take_values(self, values: Mapping[str, float]) -> None:
        """Let values of parameters hold from the next month on, and what follows from them."""
        self._parameters = as_record(values)
        status_quo = np.tile(REGIMES[STATUS_QUO].row(values["espoused_gap"]), (5, 1))
        self._status_quo = np.ascontiguousarray(status_quo).view(_ANNOUNCED_TYPE)[:, 0]
        self._quantiles = quantiles_of(level_means(values), values["set_point_concentration"])
        self._stationary = stationary_of(values)
        self._flows = flow_table(values, self._shocks["ageing_probability"])

    def _observe_start(self) -> None:
        for m in range(len(self.population.towns)):
            observation.observe_start(self.population, m, self._parameters, self.tallies)
        if self._own_code and self.scenario.burn_in_months == 0:
            self._own_code.read(self.scenario, self.population, 0, self._own)

    def _extend(self, rows: int) -> None:
        """Make room for a run beyond the scenario's months; governance and shocks go on."""
        scenario = self.scenario.with_(
            months=min(LAST_MONTH, max(rows - 1 - self.scenario.burn_in_months, 1))
        )
        old = len(self._announced)
        self._announced = np.concatenate([self._announced, _announced_records(scenario)[old:]])
        self._shocks = np.concatenate([self._shocks, _shock_records(scenario)[old:]])
        self.scenario = scenario
        self.take_values(self.scenario.parameter_values())
        more = len(self._announced) - old
        for name in ("tallies", "at_risk", "ended"):
            table = getattr(self, name)
            extra = np.zeros((table.shape[0], more, *table.shape[2:]), table.dtype)
            setattr(self, name, np.concatenate([table, extra], axis=1))
        for name, extra in self._own_code.empty(len(self.tallies), more).items():
            self._own[name] = np.concatenate([self._own[name], extra], axis=1)

    def run(self, months: int, progress: Progress | None = None) -> None:
        """Simulate so many months; municipalities in several threads where there are several.

        Raises InputError for months beyond the last one that a scenario can have.
        """
        if self.month + months > LAST_MONTH:
            raise InputError("months", self.month + months, f"a month up to {LAST_MONTH}")
        last = self._row + months
        if last >= len(self._announced):
            self._extend(last + 1)
        with in_force.holding(self.plugins):
            self._run(last, progress)

    def _run(self, last: int, progress: Progress | None) -> None:
        own, burn_in = self._own_code, self.scenario.burn_in_months
        while self._row < last:
            until = last
            if self.scenario.policy_review or len(self.population.towns) > 1 or progress:
                until = min(last, self._row + YEAR - self._row % YEAR)
            if self.scenario.policy_review:
                until = min(until, self._row + YEAR - self.month % YEAR)
            if own:  # plugins see every month after the burn-in
                until = min(until, max(burn_in, self._row + 1))
                if self._row >= burn_in:
                    own.intervene(self.scenario, self.population, self._row)
            self._run_towns(self._row + 1, until, progress)
            self._row = until
            if own and until >= burn_in:
                own.read(self.scenario, self.population, until, self._own)
            if self.scenario.policy_review and self.month > 0 and self.month % YEAR == 0:
                self._review()

    def _run_towns(self, first: int, last: int, progress: Progress | None) -> None:
        towns = self.population.towns

        def one(m: int) -> None:
            self._run_town(m, first, last)
            if progress is not None:
                progress(int(towns["adults"][m]) * (last - first + 1))

        if self.threads == 1 or len(towns) == 1:
            for m in range(len(towns)):
                one(m)
            return
        by_size = np.argsort(-towns["adults"], kind="stable")
        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(one, (int(m) for m in by_size)))

    def _run_town(self, m: int, first: int, last: int) -> None:
        run_town(*self._arguments(m, first, last))

    def _arguments(self, m: int, first: int, last: int) -> tuple[Any, ...]:
        """What the compiled loop takes for the rows first .. last of municipality m."""
        inputs = MonthlyInputs(
            self._announced,
            self._status_quo,
            self._shocks,
            self._flows,
            self._quantiles,
            self._stationary,
            self._parameters,
            self._seed,
        )
        ledgers = Ledgers(self.tallies, self.at_risk, self.ended)
        return self.population, m, (first, last), inputs, ledgers

    def compile_month(self) -> None:
        """Compile the loop over months for tables like these, without running it."""
        type_of: Any = numba.typeof
        compiled: Any = run_town
        compiled.compile(tuple(type_of(argument) for argument in self._arguments(0, 1, 1)))

    def _review(self) -> None:
        now = self._announced[self._row]
        announced = np.array([now[name].mean() for name in INSTRUMENTS])
        review(
            self.population.towns,
            self.population.volunteers,
            announced,
            np.array(REGIMES[TEMPLATE].instruments),
            self.population.records,
            *self._seed,
            self._row,
            self._parameters[0],
        )

    def fork(
        self,
        regime: str | Path | Regime | Timeline | None = None,
        scenario: Scenario | None = None,
    ) -> Simulation:
        """A simulation in the same state, with the same draws, governed otherwise from here on.

        The two share the ties and the past; months from the next one on follow the regime, or the
        whole other scenario: its regime, parameters, shocks and policy review. Parameters that
        only the first population reads stay without effect. Raises InputError for a scenario with
        other municipalities, another seed or another burn-in.
        """
        twin = object.__new__(Simulation)
        twin.__dict__.update(self.__dict__)
        twin.population = self.population.copy()
        twin.tallies = self.tallies.copy()
        twin.at_risk = self.at_risk.copy()
        twin.ended = self.ended.copy()
        twin._own = {name: values.copy() for name, values in self._own.items()}
        if scenario is not None:
            twin._follow(scenario)
        if regime is not None:
            twin.scenario = twin.scenario.with_(regime=load_timeline(regime))
            twin._announced = twin._announced.copy()
            new = _announced_records(twin.scenario)
            twin._announced[self._row + 1 :] = new[self._row + 1 :]
        return twin

    def _follow(self, scenario: Scenario) -> None:
        """Let another scenario hold from the next month on."""
        own = self.scenario
        for name in ("towns", "seed", "burn_in_months"):
            if getattr(own, name) != getattr(scenario, name):
                raise InputError(
                    f"scenario: {name}", getattr(scenario, name), f"as it was: {getattr(own, name)}"
                )
        scenario = scenario.with_(months=own.months)
        self.scenario = scenario
        following = self._row + 1
        for name, rows in (
            ("_announced", _announced_records(scenario)),
            ("_shocks", _shock_records(scenario)),
        ):
            table = getattr(self, name).copy()
            table[following:] = rows[following:]
            setattr(self, name, table)
        self.take_values(self.scenario.parameter_values())

    def measured(
        self, names: Iterable[str] = outcomes.NAMES, last: int | None = None, pooled: bool = False
    ) -> np.ndarray[Any, Any]:
        """Outcomes by municipality and month; float64 (municipalities, months + 1, outcomes).

        last: the row before which they end; pooled: all municipalities together, as of one.
        """
        rows = slice(None, last)
        tables = self.tallies[:, rows], self.at_risk[:, rows], self.ended[:, rows]
        own = {name: values[:, rows] for name, values in self._own.items()}
        with in_force.holding(self.plugins):
            if pooled:
                own = outcomes.pool_own(own, tables[0])
                tables = outcomes.pool(*tables)
            return outcomes.measure(*tables, self.scenario.burn_in_months, names, own)

    def score_sums(self) -> np.ndarray[Any, Any]:
        """Sum of each citizen's monthly T-ILS scores since the first month; uint16 (adults,).

        Of a person who entered later: since the month of entry.
        """
        sums: np.ndarray[Any, Any] = self.population.citizens.score_sum.copy()
        return sums

    def entered_since(self, month: int) -> np.ndarray[Any, Any]:
        """Which citizens entered after a month (0: the end of the burn-in); bool (adults,).

        The same in all forks, since renewal asks nothing of governance.
        """
        row = month + self.scenario.burn_in_months
        later: np.ndarray[Any, Any] = self.population.citizens.entered_month > row
        return later

    def scores_since(
        self, month: int, sums: np.ndarray[Any, Any]
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Sum of the scores of who lives here now since a month, and over how many months.

        sums: `score_sums` as they were at the end of that month. Who entered later is followed from
        the month of entry on. Both int32 (adults,).
        """
        new = self.entered_since(month)
        now = self.score_sums().astype(np.int32)
        entered = self.population.citizens.entered_month.astype(np.int32)
        scores = np.where(new, now, now - sums.astype(np.int32))
        months = np.where(new, self._row + 1 - entered, self.month - month)
        return scores.astype(np.int32), months.astype(np.int32)
