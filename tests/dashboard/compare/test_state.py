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
from velfaerd_sim.dashboard.frame.carried import Carried
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
    session = SimpleNamespace(
        jobs=jobs, views={}, language=solara.Reactive("en"), carried=Carried({})
    )
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


def test_a_view_is_undone_redone_and_found_by_its_address() -> None:
    jobs = Waited(JobQueue(2))
    state = state_at(jobs)
    first, second, third = SMALL, replace(SMALL, seed=7), replace(SMALL, seed=9)
    assert state.can == (False, False)
    state.change(second)
    state.change(second)
    state.change(third)
    state.undo()
    assert state.view.value == second
    assert state.can == (True, True)
    state.undo()
    state.undo()
    assert (state.view.value, state.can) == (first, (False, True))
    state.redo()
    state.back_to(third.to_query() + "&lang=da")
    assert (state.view.value, state.can) == (third, (True, False))
    state.back_to(first.to_query() + "&show=differences")
    assert (state.view.value, state.mode.value) == (first, "differences")
    state.change(replace(SMALL, seed=4))
    assert state.can == (True, False)
    state.back_to("b=nobody")
    assert state.view.value.seed == 4


def test_what_came_before_is_kept_where_it_can_be_drawn_over() -> None:
    jobs = Waited(JobQueue(2))
    state = state_at(jobs)
    state.run()
    assert jobs.latest.finished.wait(PATIENCE)
    shown = state.result.value
    assert shown is not None
    assert state.before is None
    state.change(replace(SMALL, seed=7))
    assert state.before is shown
    assert jobs.latest.finished.wait(PATIENCE)
    state.change(replace(state.view.value, replicates=64))
    assert state.before is shown, "surer of the same is no other view"
    assert jobs.latest.finished.wait(PATIENCE)
    state.change(replace(state.view.value, months=4))
    assert state.before is None
