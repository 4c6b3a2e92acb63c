"""What one browser tab has on the server: its language, its work, its views. Nothing is shared.

A session begins when a tab connects and ends when it closes; then its work is called off and its
state is freed. `use_session()` gives the session inside any component.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import solara
import solara.lab
from solara.server import kernel_context

from velfaerd_sim.dashboard.frame.carried import Carried
from velfaerd_sim.dashboard.frame.links import values_of
from velfaerd_sim.dashboard.frame.settings import EMBED, MOST_SESSIONS
from velfaerd_sim.dashboard.frame.work import JOB_QUEUE, SessionJobs, nobodys_thread
from velfaerd_sim.telling.words import LANGUAGES, Words


class Register:
    """Counts the sessions that are open, and holds the count to its limit."""

    def __init__(self, most: int = MOST_SESSIONS) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._open: set[int] = set()

    def admit(self, session: Session) -> bool:
        """Whether there is room; counts the session if there is."""
        with self._lock:
            if len(self._open) >= self.most:
                return False
            self._open.add(id(session))
            return True

    def leave(self, session: Session) -> None:
        """Forget a session."""
        with self._lock:
            self._open.discard(id(session))

    @property
    def count(self) -> int:
        """How many sessions are open."""
        with self._lock:
            return len(self._open)


REGISTER = Register()
"""The sessions of this server."""


class Views:
    """The query of each page's view; who reads one is drawn anew when it changes."""

    def __init__(self) -> None:
        self._queries: solara.Reactive[dict[str, str]] = solara.Reactive({})

    def __setitem__(self, page: str, query: str) -> None:
        """Note the query of a page's view."""
        now = self._queries.peek()
        if now.get(page) != query:
            self._queries.value = {**now, page: query}

    def __getitem__(self, page: str) -> str:
        """The query of a page's view. Raises KeyError where none was noted."""
        query: str = self._queries.value[page]
        return query

    def get(self, page: str, default: str = "") -> str:
        """The query of a page's view, or the default."""
        query: str = self._queries.value.get(page, default)
        return query


RETURN_SECONDS = 5.0
"""After a session is closed, until its memory is given back: by then its page is let go of."""


ARENAS, LARGE_BYTES = 2, 256 * 2**10
"""Heaps that threads share, and the size from which an array has pages of its own."""
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # as in the header of the allocator of GNU


def bound_memory() -> None:
    """Let freed memory go back to the system: few heaps, and large arrays in pages of their own.

    Otherwise the allocator of Linux makes heaps for every thread, and small pieces that are in use
    keep each of them as large as it ever was. Called before threads are started.
    """
    choose = _of_the_allocator("mallopt")
    if choose is not None:
        choose(_ARENA_MAX, ARENAS)
        choose(_MMAP_THRESHOLD, LARGE_BYTES)


def give_memory_back() -> None:
    """Collect what closed pages held in circles, and hand free memory to the system.

    The allocator of Linux keeps freed memory for itself unless it is asked to trim.
    """
    gc.collect()
    trim = _of_the_allocator("malloc_trim")
    if trim is not None:
        trim(0)


def _of_the_allocator(name: str) -> Any:
    """A function of the C library of Linux; None where it has none of that name."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


class Return:
    """Gives memory back some time after it was asked to, once for all who ask meanwhile."""

    def __init__(self, work: Callable[[], None] = give_memory_back) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._due = 0.0
        self._running = False

    def ask(self, seconds: float = RETURN_SECONDS) -> None:
        """Give memory back after so many seconds, or somewhat later."""
        with self._lock:
            self._due = max(self._due, time.monotonic() + seconds)
            if not self._running:
                self._running = True
                nobodys_thread(self._wait, "velfaerd-memory").start()

    def _wait(self) -> None:
        due = 0.0
        while True:
            with self._lock:
                if due >= self._due:
                    self._running = False
                    return
                due = self._due
            time.sleep(max(0.0, due - time.monotonic()))
            self._work()


RETURN = Return()
"""Gives the memory of closed sessions back."""


class Session:
    """The state of one tab.

    language: 'da' or 'en', reactive. jobs: its background work. views: the query of each page's
    view, so that a page is found as it was left. kept: what pages hold between visits, by page;
    what has a `close` is closed with the session. embedded: whether it is shown in a frame of
    another site, without controls. carried: the place and the governances that
    follow from page to page.
    """

    def __init__(self, language: str, around: Callable[[], Any], search: str | None = None) -> None:
        """search: the query of the link that the session begins with."""
        self.language: solara.Reactive[str] = solara.Reactive(language)
        self.views = Views()
        self.kept: dict[str, Any] = {}
        self.carried = Carried(values_of(search))
        self.embedded = values_of(search).get(EMBED) == "1"
        self.jobs = SessionJobs(JOB_QUEUE, around)
        self.admitted = REGISTER.admit(self)

    def went_back(self, page: str, query: object) -> None:
        """The browser went back or forward to a view of a page: the page's state shows it."""
        back_to = getattr(self.kept.get(page), "back_to", None)
        if isinstance(query, str) and back_to is not None:
            back_to(query.removeprefix("?"))

    def close(self) -> None:
        """Call its work off and forget its state."""
        REGISTER.leave(self)
        self.jobs.close()
        for kept in self.kept.values():
            if hasattr(kept, "close"):
                kept.close()
        self.kept.clear()
        RETURN.ask()


_CONTEXT: Any = solara.create_context(None)


def preferred(accepted: str) -> str:
    """The language for a browser's Accept-Language header: Danish where it comes first."""
    for part in accepted.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in ("da", "nb", "nn", "no"):
            return "da"
        if code in ("en", "de", "fr", "sv"):
            return "en"
    return "en"


def first_language(search: str | None) -> str:
    """The language that a link asks for, or the one that the browser prefers."""
    for part in (search or "").split("&"):
        if part.removeprefix("lang=") in LANGUAGES and part.startswith("lang="):
            return part.removeprefix("lang=")
    headers = solara.lab.headers.value or {}
    return preferred(",".join(headers.get("accept-language", [])))


def provide_session(search: str | None) -> Session:
    """Make the session of this tab, once, and give it to all components below."""

    def make() -> Session:
        context = kernel_context.get_current_context()
        return Session(first_language(search), lambda: context, search)

    session: Session = solara.use_memo(make, [])
    solara.use_effect(lambda: session.close, [])
    _CONTEXT.provide(session)
    return session


def use_session() -> Session:
    """The session of this tab; for components of pages."""
    session: Session = solara.use_context(_CONTEXT)
    return session


def use_words(*files: str) -> Words:
    """The words of the session's language; the component is drawn anew when it changes."""
    language = use_session().language.value
    words: Words = solara.use_memo(lambda: Words(language, *files), [language])
    return words
