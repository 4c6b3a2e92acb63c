"""WelfareModel: the simulation as a mesa.Model.

The state lives in columns; Mesa's agents are views on them, made when `agents` or `agents_by_type`
is asked for and kept in step with births and deaths of rows.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.regimes import LAST_MONTH, Regime, Timeline
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.measures import outcomes
from velfaerd_sim.model import frames
from velfaerd_sim.model.agents import KINDS, RowAgent
from velfaerd_sim.model.simulation import Simulation


def reported(name: str, model: WelfareModel) -> float:
    """The present value of an outcome over all municipalities, for a DataCollector."""
    return float(model.history()[-1, outcomes.INDEX[name]])


class OutcomeCollector(mesa.DataCollector):
    """A DataCollector whose values are computed from the tallies when they are read.

    It holds every outcome for every month from 0 on, over all municipalities together, so a step
    costs nothing for it. A DataCollector of one's own works beside it.
    """

    def __init__(self, model: WelfareModel) -> None:
        """Report every outcome of the model."""
        self._model = model
        super().__init__({name: partial(reported, name) for name in outcomes.NAMES})

    def collect(self, model: mesa.Model) -> None:
        """Nothing to do: the months are there."""

    @property
    def model_vars(self) -> dict[str, list[float]]:
        """Outcome name to its values by month."""
        values = self._model.history()
        return {name: values[:, i].tolist() for i, name in enumerate(outcomes.NAMES)}

    @model_vars.setter
    def model_vars(self, value: dict[str, list[float]]) -> None:
        """Mesa empties it when a collector is made; there is nothing to empty."""

    @property
    def _collection_steps(self) -> list[int]:
        return list(range(max(0, self._model.month) + 1))

    @_collection_steps.setter
    def _collection_steps(self, value: list[int]) -> None:
        """As for model_vars."""


class AgentTypes(dict[type[RowAgent], Any]):
    """Agent types to AgentSets; a type's views are made or renewed when it is looked up."""

    def __init__(self, model: WelfareModel) -> None:
        """Show the five kinds of agent of a model."""
        super().__init__(dict.fromkeys(KINDS))
        self._model = model

    def __getitem__(self, kind: type[RowAgent]) -> Any:
        """The AgentSet of a kind, in step with the rows."""
        if kind not in KINDS:
            raise KeyError(kind)
        return self._model.views_of(kind)

    def get(self, kind: type[RowAgent], default: Any = None) -> Any:
        """The AgentSet of a kind, or the default for another type."""
        return self[kind] if kind in KINDS else default

    def values(self) -> Any:
        """The AgentSets of all kinds."""
        return [self[kind] for kind in KINDS]

    def items(self) -> Any:
        """Kinds and their AgentSets."""
        return [(kind, self[kind]) for kind in KINDS]

    def __iter__(self) -> Iterator[type[RowAgent]]:
        """The kinds."""
        return iter(KINDS)

    def __reduce__(self) -> Any:
        """Pickle as a mapping of the same model."""
        return AgentTypes, (self._model,)


class WelfareModel(mesa.Model):
    """Municipality and civil society, month by month.

    Attributes: simulation (the state and the months), seed, month, datacollector.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "baseline",
        *,
        regime: str | Path | Regime | Timeline | None = None,
        adults: int | None = None,
        months: int | None = None,
        seed: int | None = None,
        threads: int = 1,
        **parameters: float,
    ) -> None:
        """Draw the population and run the burn-in; month 0 is reached.

        scenario: a Scenario, a packaged name or a TOML file; regime, adults, months and any
        parameter of the table by name replace what it says. seed None: the seed of a Scenario or
        file that is given, else a fresh one, so that replicates of an unseeded model differ as
        Mesa users expect; the attribute `seed` tells which. Raises InputError.
        """
        own_seed = isinstance(scenario, Scenario | Path) or str(scenario).endswith(".toml")
        changes: dict[str, Any] = {"regime": regime, "adults": adults}
        if parameters:
            changes["parameters"] = parameters
        if months is not None:
            changes["months"] = months
        if seed is not None:
            changes["seed"] = seed
        elif not own_seed:
            changes["seed"] = secrets.randbits(53)
        threads = checks.whole(threads, "threads", 1, 1024)
        self._adopt(Simulation(load_scenario(scenario).with_(**changes), threads))

    def _adopt(self, simulation: Simulation) -> None:
        super().__init__(rng=simulation.scenario.seed)
        self.simulation = simulation
        self.running = simulation.month < simulation.scenario.months
        self._view_rows: dict[type[RowAgent], dict[tuple[int, int], RowAgent]] = {}
        self._view_month: dict[type[RowAgent], int] = {}
        self._next_id = 1
        self._types = AgentTypes(self)
        self.datacollector = OutcomeCollector(self)

    @property
    def seed(self) -> int:
        """The seed of every draw."""
        return self.simulation.scenario.seed

    @property
    def month(self) -> int:
        """Months since the end of the burn-in."""
        return self.simulation.month

    def step(self) -> None:
        """Simulate one month."""
        self._advance(1)

    def run(self, months: int) -> None:
        """Simulate so many months at once, faster than as many steps.

        Raises InputError when months is not a whole number of 0 or more.
        """
        months = checks.whole(months, "months", 0, LAST_MONTH)
        self._advance(months)
        self.steps += months

    def _advance(self, months: int) -> None:
        self.simulation.run(months)
        self.running = self.month < self.simulation.scenario.months

    def fork(self, regime: str | Path | Regime | Timeline | None = None) -> WelfareModel:
        """The same state with the same draws, governed otherwise from the next month on.

        Without a regime it is a copy. The ties are shared; nothing else is.
        """
        twin = type(self).__new__(type(self))
        twin._adopt(self.simulation.fork(regime))
        return twin

    def history(self) -> NDArray[np.float64]:
        """Outcomes over all municipalities together by month; float64 (months + 1, outcomes)."""
        simulation = self.simulation
        until = simulation.scenario.burn_in_months + max(0, self.month) + 1
        history: NDArray[np.float64] = simulation.measured(last=until, pooled=True)[0]
        return history

    def series(self) -> pd.DataFrame:
        """One row a municipality and month: municipality, month, then a column an outcome."""
        return frames.series(self.simulation)

    def snapshot(self, entity: str) -> pd.DataFrame:
        """The rows of an entity as they are now.

        entity: citizens, volunteers, participations, initiatives, staff or municipalities. Raises
        InputError for any other.
        """
        return frames.snapshot(self.simulation, entity)

    def set(self, entity: str, column: str, values: object) -> None:
        """Write a state column of an entity, for experiments; numbers from 0 to 1.

        values: one number, or one a row in the order of the snapshot. Raises InputError.
        """
        frames.write(self.simulation, entity, column, values)

    def ties(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The network as compressed sparse rows: offsets and neighbours, citizen ids."""
        return frames.ties(self.simulation)

    def questionnaire(self) -> pd.DataFrame:
        """What heads of department answer now on the six routes, in per cent (KORA/SDU 2016)."""
        return frames.questionnaire(self.simulation)

    def volunteer_survey(self) -> pd.DataFrame:
        """What each volunteer answers now on bureaucracy and continuing (NCVO 2018)."""
        return frames.volunteer_survey(self.simulation)

    def retention_curve(self, first_month: int, last_month: int) -> pd.DataFrame:
        """Share still volunteering by months since joining, of who joined in these months.

        Months count from the end of the burn-in and may be negative. Kaplan-Meier with 95 %
        interval; who is still there is censored. Raises InputError for months not simulated.
        """
        return frames.retention_curve(self.simulation, first_month, last_month)

    def score_sums(self) -> NDArray[np.uint16]:
        """Each citizen's sum of monthly T-ILS scores since the first month of the burn-in."""
        return self.simulation.score_sums()

    def views_of(self, kind: type[RowAgent]) -> Any:
        """The AgentSet of one kind of agent, in step with the rows."""
        if self._view_month.get(kind) != self.month or kind not in self._view_rows:
            self._renew_views(kind)
        return super().agents_by_type.get(kind) or mesa.agent.AgentSet([], random=self.random)

    def _renew_views(self, kind: type[RowAgent]) -> None:
        """Remove the views whose row has another holder or none; make those that lack."""
        known = self._view_rows.setdefault(kind, {})
        rows = {int(row) for row in frames.active_rows(self.simulation, kind.entity)}
        for place, view in list(known.items()):
            if place[0] in rows and view._identity() == place[1]:
                rows.discard(place[0])
            else:
                del known[place]
                view.remove()
        for row in sorted(rows):
            view = kind(self, row, self._next_id)
            self._next_id += 1
            known[row, view.identity] = view
        # Mesa 3.3 counts ids in a table that would keep every model alive.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self._view_month[kind] = self.month

    @property
    def agents(self) -> Any:
        """All agents, as views on the rows now."""
        for kind in KINDS:
            self.views_of(kind)
        return super().agents

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("agents are views on the tables and cannot be replaced")

    @property
    def agents_by_type(self) -> Any:
        """Agent types to AgentSets, as views on the rows now."""
        return self._types

    @property
    def agent_types(self) -> list[type[RowAgent]]:
        """The five kinds of agent."""
        return list(KINDS)

    def __repr__(self) -> str:
        """Scenario, regime, size, seed and month."""
        scenario = self.simulation.scenario
        return (
            f"WelfareModel({scenario.name!r}, regime={scenario.timeline.name!r}, "
            f"adults={scenario.adults}, seed={self.seed}, month={self.month})"
        )
