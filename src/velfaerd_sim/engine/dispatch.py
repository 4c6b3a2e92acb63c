"""Handing out the work of a study in chunks, and doing again what a dead worker has lost.

A chunk is made as large as about half a second of work, and smaller toward the end, so that the
workers finish together. When a worker dies, nobody can say which of the chunks at work killed it;
all are done again. A chunk that is lost twice is then done alone, lost again item by item; an item
that still kills its worker has failed, and the others go on. Work that takes longer than all other
is named after a minute, and ended with its worker where that was asked for.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    wait,
)
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from velfaerd_sim import in_force
from velfaerd_sim.engine.process import Order, message_of, versions
from velfaerd_sim.engine.workers import Workers
from velfaerd_sim.errors import VelfaerdError

_log = logging.getLogger("velfaerd_sim")

CHUNK_SECONDS = 0.5
NAMED_SECONDS = 60.0
"""After so long, and ten times as long as usual, work is named; again after twice that time."""
_LONG = 10.0
MOST_ITEMS = 500
ALONE, LAST = 2, 5
"""Times that a chunk is lost before it is done alone; before its only item has failed."""
_MOST_LOSSES = 15


Item = TypeVar("Item")
Result = TypeVar("Result")
_Wanted = TypeVar("_Wanted", covariant=True)


@dataclass(frozen=True)
class Work(Generic[Item, Result]):
    """How a kind of study does its items.

    run: a function at the top of a module, from what `pack` makes of a chunk of items to what they
    gave; it catches what goes wrong in one item. seconds: that a chunk took. give_up: what stands
    for one item that cannot be done, with the reason. name: an item in words.
    """

    kind: str
    run: Callable[[Any], Result]
    pack: Callable[[tuple[Item, ...]], Any]
    seconds: Callable[[Result], float]
    give_up: Callable[[Item, str], Result]
    name: Callable[[Item], str] = str


class ItemSource(Protocol[_Wanted]):
    """Where the items come from. What a study asks for next may depend on what came back."""

    def take(self, count: int) -> tuple[_Wanted, ...]:
        """So many items, or fewer; none where there are none for now."""

    def left(self) -> int:
        """How many items are still to be taken, about."""


class Listed(Generic[Item]):
    """Items that are all known beforehand."""

    def __init__(self, items: Iterator[Item], count: int) -> None:
        self._items = items
        self._left = count

    def take(self, count: int) -> tuple[Item, ...]:
        """The next items."""
        taken = tuple(islice(self._items, count))
        self._left -= len(taken)
        return taken

    def left(self) -> int:
        """How many are left."""
        return self._left


@dataclass(frozen=True)
class _Chunk(Generic[Item]):
    items: tuple[Item, ...]
    lost: int = 0


class Dispatch(Generic[Item, Result]):
    """Does the items of a source. tick is called about ten times a second while waiting.

    longest: seconds after which work is ended with its worker, where workers can be replaced; a
    single item has then failed. Without, work is waited for as long as it takes.
    """

    def __init__(
        self,
        workers: Workers,
        work: Work[Item, Result],
        source: ItemSource[Item],
        tick: Callable[[], None],
        longest: float | None = None,
    ) -> None:
        self._workers = workers
        self._work = work
        self._source = source
        self._tick = tick
        self._versions = versions(work.kind)
        self._plugins = in_force.sources()
        self._longest = longest
        self._running: dict[Future[Result], _Chunk[Item]] = {}
        self._begun: dict[Future[Result], float] = {}
        self._named: dict[Future[Result], float] = {}
        self._again: list[_Chunk[Item]] = []
        self._seconds: float | None = None
        self._losses = 0

    def results(self) -> Generator[tuple[tuple[Item, ...], Result], None, None]:
        """What the items gave, as it comes; closing the iterator cancels what has not started."""
        try:
            while self._fill():
                ready, _ = wait(self._running, timeout=0.1, return_when=FIRST_COMPLETED)
                self._tick()
                for future in ready:
                    chunk = self._running.pop(future)
                    yield from self._collected(chunk, future)
                yield from self._hung()
                if reason := self._workers.gone():
                    raise _broken(reason)
        finally:
            for future in self._running:
                future.cancel()

    def _fill(self) -> bool:
        """Hand out what there is room for; whether anything is at work."""
        while len(self._running) < self._window():
            chunk = self._next()
            if chunk is None:
                break
            payload = self._work.pack(chunk.items)
            order = Order(self._work.kind, self._versions, self._work.run, payload, self._plugins)
            try:
                future = self._workers.submit(order)
            except BrokenExecutor as error:
                self._again.append(chunk)
                if self._running:  # these come back as lost first
                    break
                self._renew(error)
                continue
            self._running[future] = chunk
        return bool(self._running)

    def _window(self) -> int:
        alone = any(chunk.lost >= ALONE for chunk in self._running.values())
        return 1 if alone else self._workers.count + max(2, self._workers.count // 2)

    def _next(self) -> _Chunk[Item] | None:
        """The next chunk: first those that were lost; one that is done alone waits for the rest."""
        self._again.sort(key=lambda chunk: -chunk.lost)
        if self._again and self._again[-1].lost < ALONE:
            return self._again.pop()
        items = self._source.take(self._size()) if not self._again else ()
        if items:
            return _Chunk(items)
        return self._again.pop() if self._again and not self._running else None

    def _size(self) -> int:
        """How many items the next chunk has."""
        if self._seconds is None:
            return 1
        by_time = CHUNK_SECONDS / max(self._seconds, 1e-6)
        by_share = math.ceil(self._source.left() / (3 * self._workers.count))
        return int(max(1, min(by_time, by_share, MOST_ITEMS)))

    def _collected(
        self, chunk: _Chunk[Item], future: Future[Result]
    ) -> Iterator[tuple[tuple[Item, ...], Result]]:
        try:
            given = future.result()
        except VelfaerdError:
            raise
        except (Exception, CancelledError) as error:  # noqa: BLE001  the worker, or the way to it
            yield from self._lost(chunk, error)
            return
        self._losses = 0
        spent = self._work.seconds(given) / len(chunk.items)
        self._seconds = spent if self._seconds is None else 0.7 * self._seconds + 0.3 * spent
        yield chunk.items, given

    def _lost(
        self, chunk: _Chunk[Item], error: BaseException
    ) -> Iterator[tuple[tuple[Item, ...], Result]]:
        lost = chunk.lost + 1
        if len(chunk.items) == 1 and lost >= LAST:
            self._losses = 0
            message = f"the worker died {LAST} times ({message_of(error)})"
            yield chunk.items, self._work.give_up(chunk.items[0], message)
        elif lost > ALONE:
            self._again += [_Chunk((item,), lost) for item in reversed(chunk.items)]
        else:
            self._again.append(_Chunk(chunk.items, lost))
        if not self._running:
            self._renew(error)

    def _hung(self) -> Iterator[tuple[tuple[Item, ...], Result]]:
        """Name work that takes long; end it where that was asked for, and go on with the others.

        What waits in the queue is not at work: the oldest chunks are, as many as there are workers.
        """
        now = time.monotonic()
        at_work = list(self._running)[: self._workers.count]
        self._begun = {future: self._begun.get(future, now) for future in at_work}
        self._named = {each: after for each, after in self._named.items() if each in self._begun}
        over = []
        for future, begun in self._begun.items():
            chunk, spent = self._running[future], now - begun
            usual = _LONG * (self._seconds or 0.0) * len(chunk.items)
            if self._longest is not None and spent > self._longest:
                over.append(future)
            elif spent > self._named.get(future, max(NAMED_SECONDS, usual)):
                self._named[future] = 2.0 * spent
                self._tell(chunk, spent)
        if not over or not self._workers.renew():
            return
        lost, self._running, self._begun = self._running, {}, {}
        for future, chunk in lost.items():
            if future not in over:
                self._again.append(chunk)
            elif len(chunk.items) > 1:
                self._again += [_Chunk((item,), ALONE - 1) for item in reversed(chunk.items)]
            else:
                message = f"it took longer than {self._longest:.0f} s and was ended"
                yield chunk.items, self._work.give_up(chunk.items[0], message)

    def _tell(self, chunk: _Chunk[Item], spent: float) -> None:
        others = f" and {len(chunk.items) - 1} more" if len(chunk.items) > 1 else ""
        name = self._work.name(chunk.items[0])
        _log.warning(
            "note: a worker has been at work for %.0f s on %s%s; --task-minutes N ends what takes "
            "longer, where workers are processes of this machine",
            spent,
            name,
            others,
        )

    def _renew(self, error: BaseException) -> None:
        """After a loss, when nothing is at work any more: replace the workers if they broke."""
        self._losses += 1
        if self._losses > _MOST_LOSSES:
            raise VelfaerdError(
                f"the workers fail whatever they are given ({message_of(error)}); the folder is "
                "kept and the same command goes on from there"
            ) from error
        # What died may take a moment to be gone, and is asked for again until then.
        time.sleep(0.05 * 2 ** min(self._losses, 5))
        if isinstance(error, BrokenExecutor) and not self._workers.renew():
            raise _broken(error) from error


def _broken(reason: object) -> VelfaerdError:
    return VelfaerdError(
        f"the executor broke ({reason}); the folder is kept and the same command with a new "
        "executor goes on from there"
    )
