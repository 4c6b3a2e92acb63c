"""Studies that are run from a page: one at a time in the whole server, behind what people wait for.

A study takes a minute or two. It stands in a folder of its own below a folder of the server's, and
is kept for all sessions, so that who reloads the page, or opens a link to it, finds it there: the
same question has the same answer to the last digit. The eldest are removed.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import solara

from velfaerd_sim.dashboard.frame.session import Session, give_memory_back
from velfaerd_sim.dashboard.frame.work import COUNTRY, Job, nobodys_thread, step_back
from velfaerd_sim.dashboard.parts.downloads import DRAWING
from velfaerd_sim.engine.progress import Advance, CalledOffError, Progress
from velfaerd_sim.errors import VelfaerdError
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.telling.words import LANGUAGES

MOST_KEPT = 12
_LOOK_SECONDS = 0.1
_FIRST_SHARE = 0.02
"""From this share on the time that is left can be told from the time that has passed."""
Make = Callable[[Path, Progress], None]
Write = Callable[[Path, Progress | None, str], Path]
"""Writes the report of a study in a language."""


@dataclass
class _Work:
    """What the thread of a study shares with the one that waits for it."""

    share: float = 0.0
    cancelled: bool = False
    finished: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None

    def tell(self, advance: Advance) -> None:
        """Note how far it is; raises where it was called off."""
        if self.cancelled:
            raise CalledOffError("called off")
        self.share = min(1.0, advance.done / advance.total) if advance.total else 0.0


class StudyShelf:
    """The studies of a server that were run from its pages, by what was asked for."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Path] = OrderedDict()
        self._root: TemporaryDirectory[str] | None = None
        self._count = 0

    def known(self, asked: Hashable) -> Path | None:
        """The folder of a study that is done, or None."""
        with self._lock:
            found = self._kept.get(asked)
            if found is not None:
                self._kept.move_to_end(asked)
            return found

    def get(self, asked: Hashable, make: Make, write: Write, job: Job) -> Path:
        """The folder of a study; carries it out where it is not there, behind other threads.

        make: carries it out in a folder; write: its report, made in every language. Raises what
        they raise, CalledOffError where the job was called off.
        """
        found = self.known(asked)
        if found is not None:
            return found
        folder, work = self._new(), _Work()

        def carry_out() -> None:
            step_back()
            try:
                make(folder, work.tell)
                with DRAWING:
                    for language in LANGUAGES:
                        write(folder, None, language)
            except BaseException as error:  # noqa: BLE001  raised again by who waits
                work.error = error
            finally:
                work.finished.set()
                give_memory_back()

        nobodys_thread(carry_out, "velfaerd-study").start()
        told = -1.0
        while not work.finished.wait(_LOOK_SECONDS):
            work.cancelled = work.cancelled or job.cancelled
            if work.share >= told + 0.01:
                told = work.share
                job.progress(told)
        if work.error is not None:
            shutil.rmtree(folder, ignore_errors=True)
            raise work.error
        self._keep(asked, folder)
        return folder

    def _new(self) -> Path:
        with self._lock:
            if self._root is None:
                name = "velfaerd-studies-"
                self._root = TemporaryDirectory(prefix=name, ignore_cleanup_errors=True)
            self._count += 1
            return Path(self._root.name, f"study-{self._count}")

    def _keep(self, asked: Hashable, folder: Path) -> None:
        with self._lock:
            self._kept[asked] = folder
            while len(self._kept) > self._most:
                _, old = self._kept.popitem(last=False)
                shutil.rmtree(old, ignore_errors=True)


SHELF = StudyShelf()
"""The studies of this server; sessions share them, and nobody can change them."""


@dataclass(frozen=True)
class LongRun:
    """A study that is under way, or what it failed of.

    begun: whether its turn has come; left: seconds, None while not known.
    """

    asked: Hashable = None
    begun: bool = False
    share: float = 0.0
    left: float | None = None
    error: Exception | None = None


class StudyRunner:
    """The study of one page in one session: started, called off, told of."""

    def __init__(self, session: Session, key: str, shelf: StudyShelf = SHELF) -> None:
        """key: under which its work is known; the newer one takes the place of the older."""
        self._session, self._key, self._shelf = session, key, shelf
        self.run: solara.Reactive[LongRun] = solara.Reactive(LongRun())

    def known(self, asked: Hashable) -> Path | None:
        """The folder of a study that is done."""
        return self._shelf.known(asked)

    def start(self, asked: Hashable, make: Make, write: Write) -> None:
        """Carry a study out in the background."""
        began: list[float] = []

        def task(job: Job) -> Path:
            began.append(time.monotonic())
            job.progress(0.0)
            return self._shelf.get(asked, make, write, job)

        def told(share: float) -> None:
            left = None
            if share >= _FIRST_SHARE:
                left = (time.monotonic() - began[0]) * (1.0 - share) / share
            self.run.value = LongRun(asked, True, share, left)

        def failed(error: Exception) -> None:
            self.run.value = LongRun(error=error)

        self.run.value = LongRun(asked)
        try:
            self._session.jobs.start(
                self._key,
                [task],
                lane=COUNTRY,
                on_done=lambda: self.run.set(LongRun()),
                on_error=failed,
                on_progress=told,
            )
        except VelfaerdError as error:  # too much is under way
            failed(error)

    def cancel(self) -> None:
        """Call the study off."""
        self._session.jobs.cancel(self._key)
        self.run.value = LongRun()


@cache
def seconds_per_adult_month() -> float:
    """How long this machine takes for an adult and month, on a core that does nothing else.

    Measured once, on a town of 1 000.
    """
    scenario = load_scenario("baseline").with_(adults=1000)
    Simulation(scenario)  # compiles
    begin = time.thread_time()
    Simulation(scenario)
    return (time.thread_time() - begin) / (scenario.adults * scenario.burn_in_months)
