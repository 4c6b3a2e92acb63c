"""The work of a selection: one replicate under the regimes that are still in it."""

from __future__ import annotations

from dataclasses import replace

from velfaerd_sim.engine.task import Answer, Context
from velfaerd_sim.instruments.replicates import ReplicateTask, run_replicate


def run_left(task: ReplicateTask, context: Context) -> list[Answer]:
    """Run the regimes of a replicate; an answer a regime with all outcomes."""
    found = run_replicate(replace(task, threads=context.threads), context.advance)
    return [Answer(values.tolist()) for values in found.summary]
