"""The state of Compare in one session: the view, its runs, and what is shown of them.

A changed view calls the old runs off and starts those that are missing; what is shown follows the
first pair at once, then as pairs arrive, until all have. While a slider is dragged, the first pair
alone is run and drawn for the value it has; a newer value calls the runs of an older one off.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

import solara

from velfaerd_sim.dashboard.compare.enough import apart_from_hours, enough_hours
from velfaerd_sim.dashboard.compare.files import Exports
from velfaerd_sim.dashboard.compare.money import price_from, price_text
from velfaerd_sim.dashboard.compare.ranking_state import RankingState
from velfaerd_sim.dashboard.compare.results import Result, result_of
from velfaerd_sim.dashboard.compare.runs import Track, Tracks, sides, work_for
from velfaerd_sim.dashboard.compare.trail.dragging import Drag, Frames, first_pair, is_alike
from velfaerd_sim.dashboard.compare.trail.history import KeptRun, with_run
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
    frames: what the axes of the charts hold beside what is drawn. history: the session's runs.
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
        self._before: Result | None = None
        self._drag: Drag | None = None
        self._passed = Tracks()
        self.frames = Frames()
        self.history: solara.Reactive[tuple[KeptRun, ...]] = solara.Reactive(())
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

    def drag(self, view: CompareView) -> None:
        """Draw the first pair of a view that a slider passes: no step, and nothing for a link."""
        now = self.view.peek()
        if self._drag is None:
            whole = self.result.peek() if self.shown_view == now else None
            self._drag = Drag(whole, first_pair(now, *self._tracks.show(now)))
            self.frames.let_go()
            if whole is not None and is_alike(view, now):
                self.frames.hold(whole)
        self._wanted = view
        a, b = self._passed.show(view)
        work = [each for each in work_for(view, a, b) if each[0] == 0]
        if sides(view)[0] == sides(view)[1]:
            b = a

        def came(index: int, track: Track) -> None:
            (a if work[index][1] == "a" else b)[0] = track

        def done() -> None:
            result = first_pair(view, a, b)
            if result is not None and self._wanted is view:
                self.frames.hold(result)
                self.shown_view = view
                self.result.value = result

        with suppress(BusyError):  # it is told when the slider is let go
            tasks = [task for *_, task in work]
            self._session.jobs.start(
                KEY, tasks, on_result=came, on_done=done, on_error=self._failed
            )

    def stay(self) -> None:
        """A slider was let go where it was taken up: show again what stood there."""
        if self._drag is not None:
            self._drag = None
            self.frames.let_go()
            self._wanted = self.view.peek()
            self.run()

    @property
    def dragged(self) -> bool:
        """Whether a slider is under way."""
        return self._drag is not None

    @property
    def whole(self) -> Result | None:
        """The result; while a slider is dragged what stood there before, of all pairs."""
        return self.result.value if self._drag is None else self._drag.whole

    @property
    def before(self) -> Result | None:
        """What came of the view before, where the two can be drawn over each other."""
        return self._before if self._drag is None else self._drag.before

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
        now, drag = self.view.value, self._drag
        whole = self.result.value if self.shown_view == now else drag.whole if drag else None
        surer = replace(view, replicates=now.replicates) == now
        if whole is not None and not surer:
            self._before = whole if is_alike(view, now) else None
        if drag is None:
            self.frames.let_go()
        self._drag = None
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
                on_done=lambda: self._end(view, a, b),
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

    def _end(self, view: CompareView, a: dict[int, Track], b: dict[int, Track]) -> None:
        self._look(view, a, b)
        result = self.result.peek()
        if self._wanted is view and result is not None and result.replicates == view.replicates:
            self.history.value = with_run(self.history.peek(), view, result)

    def _failed(self, error: Exception) -> None:
        self.message.value = StateMessage(
            "failed", (error,) if isinstance(error, VelfaerdError) else ()
        )

    @property
    def bytes(self) -> int:
        """Size of the runs in memory."""
        return self._tracks.bytes + self._passed.bytes


def state_of(session: Session, make: Any) -> CompareState:
    """The session's state of Compare; made by `make()` when it is first asked for."""
    found = session.kept.get(KEY)
    if not isinstance(found, CompareState):
        found = session.kept[KEY] = make()
    return found
