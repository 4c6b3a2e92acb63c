"""The state of Compare in one session: the view, its runs, and what is shown of them.

A changed view calls the old runs off and starts those that are missing; what is shown follows the
first pair at once, then as pairs arrive, until all have.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import solara

from velfaerd_sim.dashboard.compare.files import Exports
from velfaerd_sim.dashboard.compare.results import Result, result_of
from velfaerd_sim.dashboard.compare.runs import Track, Tracks, sides, work_for
from velfaerd_sim.dashboard.compare.view import CompareView, scenario_from_text
from velfaerd_sim.dashboard.frame.links import query_of
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.dashboard.frame.work import LATER, BusyError
from velfaerd_sim.dashboard.parts.downloads import File, Upload
from velfaerd_sim.errors import VelfaerdError

KEY, FILES = "compare", "compare_files"
LOOK_SECONDS = 0.2
"""Between two looks at what has come, so that drawing does not hold up the browser."""
LEVELS, DIFFERENCES = "levels", "differences"


class StateMessage(NamedTuple):
    """A message: the key of its text, and the errors that it is about."""

    key: str
    errors: tuple[VelfaerdError, ...] = ()


class CompareState:
    """What Compare holds: reactive view, result, message, and what charts show.

    shown_view: the view that the result belongs to; another one while its first pair runs.
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
        self.exports = Exports()
        self.file: solara.Reactive[File | None] = solara.Reactive(None)
        self.preparing: solara.Reactive[str] = solara.Reactive("")
        self._note_address()

    def change(self, view: CompareView) -> None:
        """Show another view and run what it needs."""
        self._wanted = view
        self.message.value = None
        self.run()
        self.view.value = view
        self._note_address()

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
        if self.mode.value != LEVELS:
            query += "&" + query_of({"show": self.mode.value})
        self._session.views[KEY] = query

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
