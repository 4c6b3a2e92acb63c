"""What Compare shows while runs come, are called off, or cannot start."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

pytest.importorskip("solara")

import solara

from velfaerd_sim.dashboard.compare.state import CompareState
from velfaerd_sim.dashboard.compare.trail.history import (
    LONGEST_NAME,
    MOST_RUNS,
    named,
    run_of,
    with_run,
)
from velfaerd_sim.dashboard.compare.trail.history_part import described
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.frame.carried import Carried
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.frame.work import BusyError, JobQueue, SessionJobs
from velfaerd_sim.inputs.towns import Town
from velfaerd_sim.telling.words import Words

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


def test_a_dragged_slider_runs_the_first_pair_and_is_no_step() -> None:
    jobs = Waited(JobQueue(2))
    state = state_at(jobs)
    state.run()
    assert jobs.latest.finished.wait(PATIENCE)
    whole = state.result.value
    passed = [
        SMALL.with_governance("b", SMALL.b.with_instrument("dialogue", step / 10))
        for step in range(4)
    ]
    for view in passed:
        state.drag(view)
    assert jobs.latest.finished.wait(PATIENCE)
    assert state.dragged
    assert state.shown_view is passed[-1], "what was in flight when a newer value came is dropped"
    assert state.result.value is not None
    assert state.result.value.replicates == 1
    assert state.before is not None
    assert state.before.replicates == 1, "the ghost is of the first pair too"
    assert (state.view.value, state.can) == (SMALL, (False, False))
    assert "dialogue:" not in state._session.views["compare"]
    state.change(passed[-1])
    assert jobs.latest.finished.wait(PATIENCE)
    assert not state.dragged
    assert state.before is whole
    assert state.result.value.replicates == SMALL.replicates
    assert state.can == (True, False)
    state.close()


def test_a_slider_that_comes_back_shows_what_stood_there() -> None:
    jobs = Waited(JobQueue(2))
    state = state_at(jobs)
    state.run()
    assert jobs.latest.finished.wait(PATIENCE)
    state.drag(SMALL.with_governance("a", SMALL.a.with_instrument("training", 0.95)))
    assert jobs.latest.finished.wait(PATIENCE)
    assert state.result.value is not None
    assert state.result.value.replicates == 1
    state.stay()
    assert jobs.latest.finished.wait(PATIENCE)
    assert (state.shown_view, state.result.value.replicates) == (SMALL, SMALL.replicates)
    assert state.before is None
    assert not state.frames.ends("lonely_share", differences=False).size
    state.close()


def test_axes_stay_while_a_slider_is_dragged() -> None:
    jobs = Waited(JobQueue(2))
    state = state_at(jobs)
    state.run()
    assert jobs.latest.finished.wait(PATIENCE)
    assert state.result.value is not None
    whole = state.result.value.findings["motivation_mean"]
    seen = []
    for value in (0.0, 1.0, 0.5):
        state.drag(SMALL.with_governance("b", SMALL.b.with_instrument("influence", value)))
        assert jobs.latest.finished.wait(PATIENCE)
        seen.append(state.frames.ends("motivation_mean", differences=False).tolist())
    assert seen[0][0] <= np.nanmin([whole.a.low, whole.b.low])
    assert seen[0][1] >= np.nanmax([whole.a.high, whole.b.high])
    assert seen[1][0] <= seen[0][0]
    assert seen[1][1] >= seen[0][1]
    assert seen[2] == seen[1]
    state.close()


def test_runs_of_the_session_are_kept_by_view_with_names() -> None:
    jobs = Waited(JobQueue(2))
    state = state_at(jobs)
    state.run()
    assert jobs.latest.finished.wait(PATIENCE)
    state.change(replace(SMALL, seed=7))
    assert jobs.latest.finished.wait(PATIENCE)
    state.drag(SMALL.with_governance("b", SMALL.b.with_instrument("influence", 0.0)))
    assert jobs.latest.finished.wait(PATIENCE)
    state.stay()
    state.undo()
    assert jobs.latest.finished.wait(PATIENCE)
    assert [(run.number, run.view.seed) for run in state.history.value] == [(1, 1), (2, 7)]
    runs = named(state.history.value, 2, "  Our \n agreement " + "x" * 100)
    assert runs[1].name.startswith("Our agreement x")
    assert len(runs[1].name) == LONGEST_NAME
    assert named(runs, 2, None)[1].name == ""
    assert run_of(runs, "2") is None
    for seed in range(8, 8 + MOST_RUNS):
        runs = with_run(runs, replace(SMALL, seed=seed), runs[0].result)
    assert len(runs) == MOST_RUNS
    assert runs[0].name.startswith("Our agreement"), "a run with a name stays"
    state.close()


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_run_is_told_by_what_was_compared(language: str) -> None:
    words = Words(language, "compare")
    view = replace(
        SMALL.with_governance("b", SMALL.b.with_instrument("dialogue", 0.1)).with_hours(25.0),
        worlds=False,
        seed=4,
    )
    text = described(view, words)
    moved = {"en": "(Dialogue 0.10)", "da": "(Dialog 0,10)"}[language]
    assert moved in text
    parts = {
        "en": ("Rural area", "200 adults", "25 h", "usual parameters"),
        "da": ("Landkommune", "200 voksne", "25 t.", "sædvanlige parametre"),
    }[language]
    assert all(part in text for part in parts)
    assert "{" not in text
