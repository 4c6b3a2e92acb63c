"""Loaded by the server process that workers are forked from: they start with compiled code."""

from __future__ import annotations

from contextlib import suppress

from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.measures.outcomes import measure
from velfaerd_sim.model.simulation import Simulation


def load_compiled_code() -> None:
    """Run a month in a small town and forget it: everything that is compiled is then loaded."""
    scenario = load_scenario("baseline").with_(adults=50, months=1, burn_in_months=1)
    town = Simulation(scenario).fork()
    town.run(scenario.months)
    measure(town.tallies, town.at_risk, town.ended, scenario.burn_in_months)


with suppress(Exception):  # a worker that has it to do itself can tell what is wrong
    load_compiled_code()
