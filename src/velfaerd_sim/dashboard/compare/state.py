"""The state of Compare in one session: the view, its runs, and what is shown of them.

A changed view calls the old runs off and starts those that are missing; what is shown follows the
first pair at once, then as pairs arrive, until all have.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, NamedTuple

import solara

from velfaerd_sim.dashboard.compare.enough import apart_from_hours, enough_hours
from velfaerd_sim.dashboard.compare.files import Exports
from velfaerd_sim.dashboard.compare.money import price_from, price_text
from velfaerd_sim.dashboard.compare.ranking_state import RankingState
from velfaerd_sim.dashboard.compare.results import Result, result_of
from velfaerd_sim.dashboard.compare.runs import Track, Tracks, sides, work_for
from velfaerd_sim.dashboard.compare.view import CompareView, scenario_from_text, view_from
from velfaerd_sim.dashboard.frame.links import query_of, values_of
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.frame.work import LATER, BusyError
from velfaerd_sim.dashboard.parts.downloads import File, Upload
from velfaerd_sim.errors import VelfaerdError

KEY, FILES, ENOUGH = "compare", "compare_files", "compare_enough"
LOOK_SECONDS = 0.2
"""Between two looks at what has come, so that drawing does not hold up the browser."""
LEVELS, DIFFERENCES = "levels", "differences"
MOST_STEPS = 50
"""Views that one can go back to."""


class StateMessage(NamedTuple):
    """A message: the key of its text, and the errors that it is about."""

    key: str
    errors: tuple[VelfaerdError, ...] = ()


class HoursRange(NamedTuple):
    """From how many hours on nothing changes, for a view whatever its hours; None: nowhere."""

    view: CompareView
    hours: float | None


class CompareState:
    """What Compare holds: reactive view, result, message, and what charts show.

    price: kroner an hour, None for none. ranks: the ranking. enough: the range of hours in which
    nothing changes, where it was looked for; looking: whether it is.

    shown_view: the view that the result belongs to; another one while its first pair runs.
    before: what came of the view before this one, where the two can be drawn over each other.
    """

    def __init__(
        self, session: Session, view: CompareView, faults: tuple[VelfaerdError, ...] = ()
    ) -> None:
        """faults: what could not be read in the link."""
        self._session = session
        self._tracks = Tracks()
        self._shown_at = 0.0
        self._wanted = view
        self.shown_view: CompareView | None = None
        self.view: solara.Reactive[CompareView] = solara.Reactive(view)
        self.result: solara.Reactive[Result | None] = solara.Reactive(None)
        self.message: solara.Reactive[StateMessage | None] = solara.Reactive(
            StateMessage("link_faults", faults) if faults else None
        )
        self.mode: solara.Reactive[str] = solara.Reactive(LEVELS)
        self.before: Result | None = None
        self._past: list[CompareView] = []
        self._future: list[CompareView] = []
        self.price: solara.Reactive[float | None] = solara.Reactive(None)
        self.ranks = RankingState(session)
        self.enough: solara.Reactive[HoursRange | None] = solara.Reactive(None)
        self.looking: solara.Reactive[bool] = solara.Reactive(False)
        self.exports = Exports()
        self.file: solara.Reactive[File | None] = solara.Reactive(None)
        self.preparing: solara.Reactive[str] = solara.Reactive("")
        self._note_address()

    def change(self, view: CompareView) -> None:
        """Show another view and run what it needs; the one before can be undone to."""
        if view != self.view.value:
            self._past = [*self._past, self.view.value][-MOST_STEPS:]
            self._future.clear()
        self._go(view)

    def undo(self) -> None:
        """Show the view before, if there is one."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Show the view that was undone, if there is one."""
        self._step(self._future, self._past)

    def back_to(self, query: str) -> None:
        """Show the view of an address that the browser has gone back, or forward, to."""
        values = values_of(query)
        view, faults = view_from(values)
        if faults:
            return
        self.show(values.get("show", LEVELS))
        if view == self.view.value:
            return
        if view in self._past:
            while self.view.value != view:
                self.undo()
        elif view in self._future:
            while self.view.value != view:
                self.redo()
        else:
            self.change(view)

    @property
    def can(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and something to redo."""
        return bool(self._past), bool(self._future)

    def _step(self, source: list[CompareView], target: list[CompareView]) -> None:
        if source:
            target.append(self.view.value)
            self._go(source.pop())

    def _go(self, view: CompareView) -> None:
        now = self.view.value
        if view != now and self.shown_view == now:
            alike = (view.months, view.town, view.worlds) == (now.months, now.town, now.worlds)
            if replace(view, replicates=now.replicates) != now:  # not only surer of the same
                self.before = self.result.value if alike else None
        self._wanted = view
        self.message.value = None
        self.run()
        self.view.value = view
        if self.looking.peek():
            self._session.jobs.cancel(ENOUGH)
            self.looking.value = False
        self.ranks.follow(view)
        self._note_address()

    def rank(self, outcome: str) -> None:
        """Rank all regimes by an outcome; '' for no ranking."""
        self.ranks.choose(outcome, self.view.value)
        self._note_address()

    def set_price(self, given: object) -> None:
        """Tell hours in kroner too, at a price of an hour; empty for none. Raises InputError."""
        self.price.value = price_from(given)
        self._note_address()

    def look_for_enough(self) -> None:
        """Find from how many hours on nothing changes, in the background."""
        view = self.view.value

        def found(_: int, hours: float | None) -> None:
            self.looking.value = False
            self.enough.value = HoursRange(apart_from_hours(view), hours)

        def failed(error: Exception) -> None:
            self.looking.value = False
            self._failed(error)

        tasks = [lambda job: enough_hours(view, lambda: job.cancelled)]
        self.looking.value = True
        try:
            self._session.jobs.start(ENOUGH, tasks, lane=LATER, on_result=found, on_error=failed)
        except BusyError:
            self.looking.value = False
            self.message.value = StateMessage("busy")

    def refuse(self, error: VelfaerdError) -> None:
        """Say why something could not be done; the view stays."""
        self.message.value = StateMessage("refused", (error,))

    def show(self, mode: str) -> None:
        """Let the charts show levels or differences."""
        if mode in (LEVELS, DIFFERENCES):
            self.mode.value = mode
            self._note_address()

    def prepare(self, kind: str) -> None:
        """Make a file of the view in the background and hand it to the browser."""
        view = self.view.value
        if kind.startswith("scenario_"):
            self.file.value = self.exports.make(kind, view)
            return

        def failed(error: Exception) -> None:
            self.preparing.value = ""
            self._failed(error)

        def made(_: int, file: File) -> None:
            self.preparing.value = ""
            self.file.value = file

        self.preparing.value = kind
        language = self._session.language.value
        tasks = [lambda job: self.exports.make(kind, view, job, language)]
        try:
            self._session.jobs.start(FILES, tasks, lane=LATER, on_result=made, on_error=failed)
        except BusyError:
            self.preparing.value = ""
            self.message.value = StateMessage("busy")

    def open(self, upload: Upload) -> None:
        """Show an uploaded scenario, its regime on the side that was chosen."""
        try:
            scenario = scenario_from_text(upload.text, upload.name)
            self.change(self.view.value.with_scenario(scenario, upload.key))
        except VelfaerdError as error:
            self.refuse(error)

    def close(self) -> None:
        """Free what is held outside of memory."""
        self.exports.close()

    def _note_address(self) -> None:
        query = self.view.value.to_query()
        shown = {
            "show": self.mode.value if self.mode.value != LEVELS else "",
            "rank": self.ranks.outcome.value,
            "price": price_text(self.price.value),
        }
        self._session.views[KEY] = "&".join(filter(None, (query, query_of(shown))))
        self._session.carried.compare(self.view.value.a.to_text(), self.view.value.b.to_text())

    def run(self) -> None:
        """Start the runs that are missing; show at once what there is."""
        view = self._wanted
        a, b = self._tracks.show(view)
        work = work_for(view, a, b)
        if sides(view)[0] == sides(view)[1]:
            b = a
        self._shown_at = 0.0
        if any(replicate in a and replicate in b for replicate in range(view.replicates)):
            self._look(view, a, b)

        def came(index: int, track: Track) -> None:
            replicate, side, _ = work[index]
            (a if side == "a" else b)[replicate] = track
            if self._is_time(view, a, b):
                self._look(view, a, b)

        try:
            self._session.jobs.start(
                KEY,
                [task for *_, task in work],
                on_result=came,
                on_done=lambda: self._look(view, a, b),
                on_error=self._failed,
            )
        except BusyError:
            self.message.value = StateMessage("busy")

    def _is_time(self, view: CompareView, a: dict[int, Track], b: dict[int, Track]) -> bool:
        there = sum(r in a and r in b for r in range(view.replicates))
        if there == 0 or there == view.replicates:  # the last look is on_done's
            return False
        return time.monotonic() - self._shown_at > LOOK_SECONDS

    def _look(self, view: CompareView, a: dict[int, Track], b: dict[int, Track]) -> None:
        result = result_of(a, b, view.replicates, view.worlds)
        if result is not None and self._wanted is view:
            self.shown_view = view
            self.result.value = result
        self._shown_at = time.monotonic()

    def _failed(self, error: Exception) -> None:
        self.message.value = StateMessage(
            "failed", (error,) if isinstance(error, VelfaerdError) else ()
        )

    @property
    def bytes(self) -> int:
        """Size of the runs in memory."""
        return self._tracks.bytes


def state_of(session: Session, make: Any) -> CompareState:
    """The session's state of Compare; made by `make()` when it is first asked for."""
    found = session.kept.get(KEY)
    if not isinstance(found, CompareState):
        found = session.kept[KEY] = make()
    return found
