"""The reference model: Mesa's surface, the first population, the yearly review, a timed run."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import mesa

from velfaerd_sim.curves import clip
from velfaerd_sim.inputs.regimes import INSTRUMENTS, REGIMES, STATUS_QUO
from velfaerd_sim.inputs.scenarios import SHOCK_COLUMNS, load_scenario
from velfaerd_sim.model.simulation import TEMPLATE, Simulation
from velfaerd_sim.population.levels import flow_table
from velfaerd_sim.population.stationary import stationary_of
from velfaerd_sim.processes.policy_review import NOTHING_KNOWN, TRYING, WATCHING
from velfaerd_sim.randomness import POLICY_PEER, POLICY_TRIAL, uniform

from . import rules
from .citizens import YEAR
from .collaboration import mean
from .first_population import settle
from .town import Municipality


class ReferenceModel(mesa.Model):
    """A scenario on plain Mesa agents, from the state that a simulation is in.

    The simulation gives the scenario and the population, which is copied into objects; `step`
    moves every municipality by a month. Months are numbered from the start of the burn-in, as the
    rows of the scenario's tables are.
    """

    def __init__(self, simulation: Simulation) -> None:
        super().__init__()
        scenario = simulation.scenario
        self.seed_of_draws = scenario.seed
        self.p = SimpleNamespace(**scenario.parameter_values())
        self.instruments = (*INSTRUMENTS, "espoused_gap")
        self.status_quo = [float(value) for value in REGIMES[STATUS_QUO].row(self.p.espoused_gap)]
        self.announced = scenario.announced().tolist()
        self.shocks = [
            SimpleNamespace(**dict(zip(SHOCK_COLUMNS, row, strict=True)))
            for row in scenario.shock_table().tolist()
        ]
        ageing = scenario.shock_table()[:, SHOCK_COLUMNS.index("ageing_probability")]
        self.flows = flow_table(scenario.parameter_values(), ageing).tolist()
        self.levels = simulation._quantiles.tolist()
        self.stationary = stationary_of(scenario.parameter_values())
        self.burn_in_months = scenario.burn_in_months
        self.reviews = scenario.policy_review
        self.month = simulation.month + scenario.burn_in_months
        self.towns: list[Municipality] = settle(self, simulation.population)

    def step(self) -> None:
        """Move every municipality by a month; review policies at the end of a year."""
        self.month += 1
        for town in self.towns:
            town.month(self.month, self.announced[self.month], self.shocks[self.month])
        years, rest = divmod(self.month - self.burn_in_months, YEAR)
        if self.reviews and years > 0 and rest == 0:
            self.review_policies()

    def review_policies(self) -> None:
        """Let every municipality move its own deviation from what is announced, all at once."""
        rows = self.announced[self.month]
        announced = [sum(row[q] for row in rows) / len(rows) for q in range(len(INSTRUMENTS))]
        figures = {
            town: rules.policy_review.visible_figure(len(town.volunteers), len(town.citizens))
            for town in self.towns
        }
        current = {
            town: [clip(a + shift) for a, shift in zip(announced, town.shift, strict=True)]
            for town in self.towns
        }
        for town in self.towns:
            self.review_policy(town, figures, current)

    def review_policy(
        self,
        town: Municipality,
        figures: dict[Municipality, float],
        current: dict[Municipality, list[float]],
    ) -> None:
        """Move toward the template, a good peer and what volunteers ask for; try something."""
        p, own = self.p, current[town]
        template = REGIMES[TEMPLATE].instruments
        peer = current[self.best_peer(town, figures)]
        ended, failed, begins = self.close_period(town)
        tried = int(uniform(town.key, POLICY_TRIAL, self.month, 0) * len(INSTRUMENTS))
        rises = uniform(town.key, POLICY_TRIAL, self.month, 1) < 0.5
        step = p.policy_trial_step if rises else -p.policy_trial_step
        shift, trial = [], []
        for q, now in enumerate(own):
            move = p.policy_weight_template * (template[q] - now)
            move += p.policy_weight_peers * (peer[q] - now)
            move += p.policy_weight_users * rules.policy_review.asked_change(
                q, town.mean_autonomy, town.mean_competence, town.mean_relatedness, p
            )
            kept = town.shift[q] - (town.trial[q] if failed else 0.0)
            trial.append(p.policy_weight_trial * step if begins and q == tried else 0.0)
            shift.append(kept + p.policy_review_rate * move + trial[q])
        town.shift = shift
        if begins or ended:
            town.trial = trial

    def close_period(self, town: Municipality) -> tuple[bool, bool, bool]:
        """Say whether a trial ends, whether it failed, and whether one begins."""
        p, rule, people = self.p, rules.policy_review, town.volunteers
        figure = mean(one.motivation for one in people)
        square = mean(one.motivation * one.motivation for one in people)
        error = rule.survey_error(figure, square, len(people))
        start, before, reviews, doing = town.memory
        if doing != NOTHING_KNOWN and (reviews + 1) * YEAR < p.policy_trial_months:
            town.memory = (start, before, reviews + 1, doing)
            return False, False, False
        gain = rule.trial_gain(before, start, figure, p)
        failed = doing == TRYING and not rule.trial_kept(gain, error, p)
        town.memory = (figure, start, 0, TRYING if doing == WATCHING else WATCHING)
        return doing == TRYING, failed, doing == WATCHING

    def best_peer(self, town: Municipality, figures: dict[Municipality, float]) -> Municipality:
        """The municipality of the same kind with the best figure among a few; itself if none is."""
        best = town
        for j in range(int(self.p.policy_peers_seen)):
            u = uniform(town.key, POLICY_PEER, self.month, j)
            other = self.towns[int(u * len(self.towns))]
            if other.kind == town.kind and figures[other] > figures[best]:
                best = other
        return best


def timed_run(adults: int = 5000, months: int = 12, **changes: Any) -> float:
    """Run the baseline and return the nanoseconds a citizen-month takes on the reference.

    Making the population and the first month, in which the equations are compiled, do not count.
    changes: fields of the scenario, as for `Scenario.with_`.
    """
    scenario = load_scenario("baseline").with_(
        adults=adults, months=months + 1, burn_in_months=0, **changes
    )
    model = ReferenceModel(Simulation(scenario, burn_in=False))
    model.step()
    start = time.perf_counter_ns()
    for _ in range(months):
        model.step()
    return (time.perf_counter_ns() - start) / (adults * months)
