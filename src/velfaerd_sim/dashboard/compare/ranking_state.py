"""The ranking of Compare in one session: which outcome, how far the runs are, what they say."""

from __future__ import annotations

from typing import Any

import solara

from velfaerd_sim.dashboard.compare.ranking import (
    Array,
    Ranked,
    RankRuns,
    missing,
    ranked,
    summary_of,
)
from velfaerd_sim.dashboard.compare.results import SHOWN
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.frame.work import LATER, BusyError

KEY = "compare_ranking"


class RankingState:
    """What the ranking holds: reactive outcome, rows, and share of the runs that are there.

    outcome: '' while there is no ranking. busy: whether there was too much work to start it.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._runs = RankRuns()
        self._view = CompareView()
        self.outcome: solara.Reactive[str] = solara.Reactive("")
        self.rows: solara.Reactive[list[Ranked]] = solara.Reactive([])
        self.share: solara.Reactive[float] = solara.Reactive(0.0)
        self.problem: solara.Reactive[str] = solara.Reactive("")

    def choose(self, outcome: str, view: CompareView) -> None:
        """Rank a view by an outcome; '' for no ranking."""
        if outcome and outcome not in SHOWN:
            return
        self.outcome.value = outcome
        self.follow(view)

    def follow(self, view: CompareView) -> None:
        """Rank another view, if there is a ranking."""
        self._view = view
        if not self.outcome.peek():
            self._session.jobs.cancel(KEY)
            return
        runs = self._runs.show(view)
        work = missing(view, runs)
        done = 0
        self.problem.value = ""
        self.share.value = 0.0 if work else 1.0
        self.rows.value = [] if work else ranked(view, runs, self.outcome.peek())

        def came(index: int, summary: Array) -> None:
            nonlocal done
            replicate, regime = work[index]
            runs[regime][replicate] = summary
            done += 1
            if done * 20 // len(work) > (done - 1) * 20 // len(work):
                self.share.value = done / len(work)

        def complete() -> None:
            self.rows.value = ranked(view, runs, self.outcome.peek()) if self._is(view) else []

        def failed(_: Exception) -> None:
            self.problem.value = "rank_failed"

        def task(replicate: int, regime: Any) -> Any:
            return lambda _: summary_of(view, replicate, regime)

        try:
            self._session.jobs.start(
                KEY,
                [task(*each) for each in work],
                lane=LATER,
                on_result=came,
                on_done=complete if work else None,
                on_error=failed,
            )
        except BusyError:
            self.problem.value = "busy"

    def _is(self, view: CompareView) -> bool:
        return self._view is view and bool(self.outcome.peek())
