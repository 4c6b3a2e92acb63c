"""Compile the model ahead of its first use, in two processes at once.

The loop over months takes most of the time; a second process compiles it while this one compiles
what draws the first population. Both leave their work in the folder of compiled code.
"""

from __future__ import annotations

import subprocess
import sys

from velfaerd_sim.compiled import cache_folder, is_warm
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.population.layout import allocate


def compile_month() -> None:
    """Compile the loop over months."""
    scenario = load_scenario("baseline").with_(adults=50, burn_in_months=0)
    Simulation(scenario, burn_in=False, population=allocate(scenario)).compile_month()


def warm_up() -> None:
    """Compile everything that is not compiled yet; at once where it is."""
    scenario = load_scenario("baseline").with_(adults=50, burn_in_months=1)
    if is_warm() or cache_folder() is None:
        Simulation(scenario)
        return
    command = f"from {__name__} import compile_month; compile_month()"
    # In a session of its own, Ctrl-C reaches this process alone, which then ends the child.
    child = subprocess.Popen([sys.executable, "-c", command], start_new_session=True)
    try:
        Simulation(scenario, burn_in=False)
        child.wait()
    finally:
        child.kill()
    Simulation(scenario)
