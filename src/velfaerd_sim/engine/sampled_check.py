"""What the verifications of studies have in common: what they found, and a sample made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from velfaerd_sim.engine.runner import Advance, Meter, Progress, stream, thread_pool

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread_evenly(items: Sequence[Item], count: int) -> list[Item]:
    """So many items, the first and the last among them; all where there are no more."""
    count = min(count, len(items))
    return [items[int(place)] for place in np.linspace(0, len(items) - 1, count)] if count else []


class SampledCheck:
    """Verifies one study: `faults` then says what differs, `names` which files are as written.

    sample: how many are made again, None for as many as are usual; runs: how many were, of so many.
    """

    def __init__(
        self,
        path: Path,
        record: Mapping[str, Any],
        sample: int | None,
        workers: int,
        progress: Progress | None,
    ) -> None:
        self.path = path
        self.record = record
        self.names: list[str] = []
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.runs = 0
        self.of_runs = 0
        self.sample = sample
        self.workers = workers
        self.progress = progress

    def made_again(
        self, work: Callable[[Item], Result], chosen: Sequence[Item]
    ) -> Iterator[tuple[Item, Result]]:
        """Make some again, several at a time, and give each with what came out as it is ready."""
        meter, count = Meter(), len(chosen)

        def one(item: Item) -> Result:
            meter(0)  # stops here when the work is called off
            return work(item)

        def tick() -> None:
            if self.progress is not None:
                self.progress(Advance(float(self.runs), float(count), self.runs, count))

        with thread_pool(self.workers, meter) as pool:
            for item, future in stream(pool, one, chosen, window=2 * self.workers, tick=tick):
                self.runs += 1
                yield item, future.result()
            tick()
