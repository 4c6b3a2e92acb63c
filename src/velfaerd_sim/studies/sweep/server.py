"""Loaded by the server process that workers are forked from: they start with compiled code."""

from __future__ import annotations

from contextlib import suppress

from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.sweep import worker as sweep_worker

with suppress(Exception):  # a worker that has it to do itself can tell what is wrong
    sweep_worker.run_months(load_scenario("baseline").with_(adults=50, months=1, burn_in_months=1))
