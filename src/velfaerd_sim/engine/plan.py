"""Plans: a study is a plan that names the tasks that are wanted, as far as the rows tell.

What every kind of study gets for its plan: rows that outlive any stop, and are found again; tasks
that fail, or kill their worker, as failed rows while the others go on; failed rows again on
request; threads, processes, Dask or any executor; a deadline that ends well; a check of versions,
of the room on the disk and of what the folder holds; progress; verification by running a sample
again.

Decisions:

- `tasks` names everything that is wanted so far, also what is done; the engine leaves that out. So
  the same method serves the first session, the next one, and verification.
- A plan that decides on its way has `stages = True`. It is asked again whenever there is nothing
  left to hand out and rows have come in, while other tasks are still at work. It may answer the
  same tasks; what is at work is left out too. Nothing new and nothing at work: it is finished.
- A plan depends on rows alone: not on the time, nor on the order in which rows come in.
- A task may give several rows (regimes after one burn-in). Each row has its key and may fail alone.
- Rows of any size stand in one store. A value may be a list of numbers (a series); such columns are
  read as a stream, and only the columns in `held` stay in memory.
- Rows are put in order at the end of each session, by `order` or `ranks`, each key once. Where
  they stand in tables when all is done, they are only written before that when a session lasts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from velfaerd_sim.engine import record as records
from velfaerd_sim.engine.task import Run, Task

STATUS, MESSAGE, SECONDS = "status", "message", "seconds"
ENGINES_COLUMNS = (STATUS, MESSAGE, SECONDS)
"""Columns that the engine fills in: 'done' or 'failed', why it failed, the time it took."""

_MOST_SAMPLED = 10_000

Table: TypeAlias = str | pa.Table | Mapping[str, Any] | Iterable[pa.Table]
"""A file of a study: text, a Parquet file, or one of several row groups."""


class Held(NamedTuple):
    """What stands in memory of a row: its held values in their order, or why it failed."""

    values: tuple[Any, ...]
    message: str


class Rows(Protocol):
    """What a plan sees of its rows. done, failed: their numbers by how they ended."""

    done: int
    failed: int

    def __len__(self) -> int:
        """How many rows there are, failed ones too."""

    def there(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Which rows are there, bool (keys,)."""

    def get(self, key: str) -> Held | None:
        """The held values of a row, None where it is not there. A failed row has no values."""

    def stream(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """All rows in order, as tables of a size that fits into memory."""

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows in order."""


@dataclass(frozen=True)
class Outlook:
    """The whole of a study as far as can be said: rows, their cost, tasks.

    left: the cost of the rows that are not there, for the progress where rows cost differently.
    """

    rows: int
    cost: float
    tasks: int
    left: float | None = None


class Plan(ABC):
    """A study to be carried out. `kind` names what it is in its record.

    work: what is done with the payload of every task; it stands in a module that loads neither
    pandas nor Mesa. Files beside the model that decide a row stand in `asking.FILES`, by kind.
    stages: whether tasks depend on rows. processes: whether the work is done in processes
    rather than threads where no executor is given. held: value columns that stay in memory by key.
    takes_failures: whether a study is whole where rows of it failed, as they are answers too.
    keeps_parts: whether the rows stay in the folder beside the tables when all is done; where
    not, `rows_in_tables` must give them again.
    """

    kind: ClassVar[str]
    work: ClassVar[Run]
    stages: bool = False
    processes: bool = True
    held: tuple[str, ...] = ()
    takes_failures: bool = False
    keeps_parts: bool = True
    exact: tuple[str, ...] = ()
    """Tables that must come out again to the bit; others to the rounding of a mean.

    Without parts they are the tables that hold the rows.
    """
    order: tuple[str, ...] = ()
    """Columns that rows are sorted by; by their key without any."""

    # --- what is wanted -------------------------------------------------------------------------

    @abstractmethod
    def record(self, command: str) -> dict[str, Any]:
        """The record of the study when nothing of it is done, see `record.new_record`."""

    @abstractmethod
    def schema(self) -> pa.Schema:
        """The columns of the rows, the key first.

        After it labels and values in any order, with the engine's own (`status`, `message`,
        `seconds`) among them. Which of them are labels is told by `labels`.
        """

    @abstractmethod
    def labels(self) -> tuple[str, ...]:
        """The columns, beside the key, that a task knows beforehand, in the order of its labels."""

    @abstractmethod
    def tasks(self, rows: Rows) -> Iterable[Task]:
        """Every task that is wanted as far as the rows tell, in the order in which it is done.

        A generator may be long; it is read as far as there is room. With `stages` it may end
        before all is named. Tasks whose rows are there need not be named then.
        """

    def common(self) -> Any:
        """What all tasks share; it is sent with every chunk, so it is small."""
        return None

    def inputs(self) -> Mapping[str, str]:
        """Texts that the study was asked with, by file; written before anything is run."""
        return {}

    # --- how it goes on -------------------------------------------------------------------------

    def check_continues(self, old: Mapping[str, Any], new: Mapping[str, Any], folder: str) -> None:
        """Raise StudyError, naming what differs, unless a new record goes on with an old one."""
        records.check_same_study(old, new, folder)

    def enough(self, rows: Rows) -> bool:
        """Whether the rows suffice, whatever tasks were named; asked after every task."""
        return False

    def partly(self, task: Task, wanted: tuple[int, ...]) -> Task:
        """A task that gives some of its rows only; by default it is done whole."""
        return task

    # --- how large it is ------------------------------------------------------------------------

    def outlook(self, rows: Rows) -> Outlook:
        """The whole study, done or not, as far as can be said."""
        count, cost, tasks = 0, 0.0, 0
        for task in self.tasks(rows):
            count, cost, tasks = count + len(task.keys), cost + task.cost, tasks + 1
        return Outlook(count, cost, tasks)

    def samples(self, rows: Rows, count: int) -> list[Task]:
        """Some of the first tasks, to time; spread over them where there are not too many."""
        tasks = list(islice(self.tasks(rows), _MOST_SAMPLED))
        count = min(count, len(tasks))
        return [tasks[place * len(tasks) // count] for place in range(count)]

    def division(self, workers: int) -> tuple[int, int]:
        """How to use so many workers: (tasks side by side, threads inside each)."""
        return workers, 1

    def bytes_per_row(self) -> float:
        """Room for a row on the disk."""
        return 96.0 + 8.0 * len(self.schema())

    def usual_sample(self, rows: Rows) -> int | None:
        """How many tasks verification runs again where nobody says; None for all."""
        return 12

    # --- what comes out -------------------------------------------------------------------------

    def ranks(self, table: pa.Table) -> NDArray[np.int64] | None:
        """The place of every row in the study, -1 for a row of another study.

        table: the columns of `order_columns` of some rows; the same key has the same place. None
        where rows are sorted by these columns, which needs all rows at once.
        """
        return None

    def owns(self, table: pa.Table) -> bool:
        """Whether some rows, their key and `order_columns`, may be of this study.

        Where the keys tell studies apart, it is False for rows that have a place in the study and
        another key than what belongs there.
        """
        return True

    def order_columns(self) -> tuple[str, ...]:
        """The columns that `ranks` needs."""
        return self.order or (self.schema().names[0],)

    def tables(self, rows: Rows) -> Mapping[str, Table]:
        """The files of the study beside its rows, by name; called at the end of every session.

        They are functions of the rows alone. Nothing where the rows do not suffice.
        """
        return {}

    def rows_in_tables(self, folder: Path, record: Mapping[str, Any]) -> Iterator[pa.Table]:
        """The rows of a finished study that keeps no parts, from those tables that it names."""
        return iter(())

    def describe(self, record: dict[str, Any], rows: Rows) -> None:  # noqa: B027  may be left out
        """Enter into the record what the rows tell, before it is written.

        Status, counts, failures, files, table and times are the engine's.
        """

    def failure(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A failed row as it stands in the record: its key, its labels and the message."""
        return dict(row)

    def name_of(self, row: Mapping[str, Any]) -> str:
        """A row in words, for messages."""
        return ", ".join(f"{name} {value}" for name, value in row.items() if name != MESSAGE)
