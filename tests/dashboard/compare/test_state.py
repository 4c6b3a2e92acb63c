"""What Compare shows while runs come, are called off, or cannot start."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

pytest.importorskip("solara")

import solara

from velfaerd_sim.dashboard.compare.state import CompareState
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.frame.work import BusyError, JobQueue, SessionJobs
from velfaerd_sim.inputs.towns import Town

SMALL = CompareView(
    town=Town(code=1, name="Stylised town", kind="rural", adults=200), months=3, burn_in_months=3
)
PATIENCE = 60.0


class Waited(SessionJobs):
    """Jobs of a session that can be full, and of which the latest piece of work is waited for."""

    full = False

    def start(self, *given: Any, **listeners: Any) -> Any:
        if self.full:
            raise BusyError("full")
        self.latest = super().start(*given, **listeners)
        return self.latest


def state_at(jobs: SessionJobs) -> CompareState:
    session = SimpleNamespace(jobs=jobs, views={}, language=solara.Reactive("en"))
    return CompareState(cast(Session, session), SMALL)


def test_the_result_belongs_to_the_view_that_is_shown() -> None:
    jobs = Waited(JobQueue(2))
    state = state_at(jobs)
    for seed in (1, 2, 3):
        state.change(replace(SMALL, seed=seed))
    assert jobs.latest.finished.wait(PATIENCE)
    assert state.shown_view is state.view.value
    assert state.shown_view.seed == 3
    assert state.result.value is not None
    assert state.result.value.replicates == SMALL.replicates
    state.close()


def test_who_is_told_that_there_is_too_much_work_goes_on_reading_it() -> None:
    jobs = Waited(JobQueue(1))
    state = state_at(jobs)
    jobs.full = True
    state.change(replace(SMALL, seed=4))
    assert state.message.value is not None
    assert state.message.value.key == "busy"
    jobs.full = False
    state.change(replace(SMALL, seed=5))
    assert state.message.value is None
    state.close()
