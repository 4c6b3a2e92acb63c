"""Study folders below the results folder: which there are, how far each is, what its tables hold.

Names come from a browser, so they are looked at like any input: a name leads to a folder inside
the results folder or is refused, also by way of a symbolic link. Nothing here writes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from velfaerd_sim.dashboard.frame.refusals import told
from velfaerd_sim.dashboard.studies.labels import titles_of
from velfaerd_sim.engine import store
from velfaerd_sim.engine.reading import read_record
from velfaerd_sim.engine.record import COMPLETE, RECORD
from velfaerd_sim.errors import InputError, StorageError, VelfaerdError, cannot_read, refusal
from velfaerd_sim.inputs.scenarios import Scenario
from velfaerd_sim.studies.recovery import recovering

MOST_LISTED = 300
DEEPEST = 5
MOST_LOOKED_AT = 4000
LARGEST_TABLE_BYTES = 512 * 2**20
MOST_ROWS = 300
TABLES = (".parquet", ".csv")
INSIDE = (store.BRANCHES, recovering.FOLDER)
"""Folders inside a study's own that hold studies."""
_ALLOWED = refusal("study_folder")
_LONGEST_NAME = 400


@dataclass(frozen=True)
class Entry:
    """A study that was found. name: its folder, as seen from the results folder.

    kind: 'run', 'compare', 'sweep' or another; status: 'complete', 'incomplete' or 'broken';
    done, failed, planned: runs; changed: seconds since 1970; problem: why it cannot be opened.
    """

    name: str
    kind: str
    status: str
    title_en: str = ""
    title_da: str = ""
    done: int = 0
    failed: int = 0
    planned: int = 0
    changed: float = 0.0
    problem: str = ""

    def title(self, language: str) -> str:
        """The title in a language, or the folder's own name."""
        found = self.title_da if language == "da" else self.title_en
        return found or PurePosixPath(self.name).name or self.name

    @property
    def share(self) -> float:
        """The share of its runs that are there, from 0 to 1."""
        return min(1.0, (self.done + self.failed) / self.planned) if self.planned else 0.0


def folder_of(root: Path, name: object) -> Path:
    """Return the folder of a study by its name. Raises InputError unless it lies inside the root.

    Names have parts parted by '/'. A part may not be empty, begin with a dot, or be a symbolic
    link; a name that is not a text, too long, or leads nowhere is refused with the same words, so
    that nothing is told of what lies outside.
    """
    if not isinstance(name, str) or not name or len(name) > _LONGEST_NAME or "\0" in name:
        raise InputError("study", name if isinstance(name, str) else type(name).__name__, _ALLOWED)
    parts = name.split("/")
    if "\\" in name or any(not part or part.startswith(".") or ":" in part for part in parts):
        raise InputError("study", name, _ALLOWED)
    path = root
    try:
        for part in parts:
            path = path / part
            if path.is_symlink() or not path.is_dir():
                raise InputError("study", name, _ALLOWED)
        path.resolve(strict=True).relative_to(root.resolve(strict=True))
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("study", name, _ALLOWED) from None
    record = path / RECORD
    if record.is_symlink() or not record.is_file():
        raise InputError("study", name, _ALLOWED)
    _check_links(path, name)
    return path


def _check_links(folder: Path, name: str) -> None:
    """Refuse a study that holds a symbolic link: what is read must lie in the folder itself."""
    looked_at = 0
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as found:
                for each in found:
                    looked_at += 1
                    if each.is_symlink():
                        allowed = refusal("no_links")
                        raise InputError("study", name, allowed)
                    if each.is_dir(follow_symlinks=False):
                        waiting.append(Path(each.path))
                    if looked_at > MOST_LOOKED_AT:
                        return
        except OSError:
            continue


def listed(root: Path) -> list[Entry]:
    """Return the studies below a folder, the last changed first; none where there is no folder.

    Looks at a limited number of folders, to a limited depth, and follows no symbolic links.
    """
    found = [entry_of(root, name) for name in _names(root)]
    return sorted(found, key=lambda entry: (-entry.changed, entry.name))


def _names(root: Path) -> Iterator[str]:
    waiting: list[tuple[Path, int]] = [(root, 0)]
    looked_at = given = 0
    while waiting:
        folder, depth = waiting.pop(0)
        inner: list[Path] = []
        with suppress(OSError), os.scandir(folder) as found:
            names = set()
            for each in found:
                looked_at += 1
                if each.is_file(follow_symlinks=False):
                    names.add(each.name)
                elif each.is_dir(follow_symlinks=False) and not each.name.startswith("."):
                    inner.append(Path(each.path))
            if RECORD in names and depth > 0:
                yield folder.relative_to(root).as_posix()
                given += 1
                inner = [path for path in inner if path.name in INSIDE]
        if given >= MOST_LISTED or looked_at > MOST_LOOKED_AT:
            return
        if depth < DEEPEST:
            waiting += [(path, depth + 1) for path in sorted(inner)]


def entry_of(root: Path, name: str) -> Entry:
    """Return what is known of a study; a record that cannot be read is said, not raised."""
    folder = root / name
    changed = 0.0
    with suppress(OSError):
        changed = (folder / RECORD).stat().st_mtime
    try:
        record = read_record(folder)
    except (VelfaerdError, RecursionError, MemoryError) as error:
        return Entry(name, "", "broken", changed=changed, problem=told_of(error, root))
    return entry_of_record(folder, name, record, changed)


def told_of(error: Exception, root: Path, language: str = "en") -> str:
    """What an error says in a language, without the path to the results folder."""
    return told(error, language).replace(f"{root}{os.sep}", "").replace(str(root), "")


def entry_of_record(
    folder: Path, name: str, record: Mapping[str, Any], changed: float = 0.0
) -> Entry:
    """Return what a record says of a study; rows of one that goes on are counted anew."""
    counts = record.get("counts")
    numbers = {key: _count(counts, key) for key in ("planned", "done", "failed")}
    status = "complete" if record.get("status") == COMPLETE else "incomplete"
    if status != "complete":
        numbers["done"] = max(numbers["done"], rows_in(folder) - numbers["failed"])
    source = record.get("study")
    titles: Mapping[str, Any] = source if isinstance(source, Mapping) else {}
    english, danish = titles_of(record)
    return Entry(
        name=name,
        kind=_text(record.get("kind")),
        status=status,
        title_en=_text(titles.get("title_en")) or english,
        title_da=_text(titles.get("title_da")) or danish,
        done=numbers["done"],
        failed=numbers["failed"],
        planned=numbers["planned"],
        changed=changed,
    )


def _count(counts: object, key: str) -> int:
    value = counts.get(key) if isinstance(counts, Mapping) else 0
    return value if isinstance(value, int) and 0 <= value < 2**62 else 0


def _text(value: object, longest: int = 300) -> str:
    return value[:longest] if isinstance(value, str) else ""


def rows_in(folder: Path) -> int:
    """Return how many rows the parts of a study hold, from their heads alone."""
    total = 0
    for path in (folder / store.RUNS).glob("part-*.parquet"):
        with suppress(OSError, pa.ArrowException):
            total += pq.ParquetFile(path).metadata.num_rows
    return total


@dataclass(frozen=True)
class RecordFacts:
    """What a record says of how a study was made, as far as it can be read.

    regimes: timelines as plain values, the baseline first; scenario: None where it is not one;
    over: the key of the words for what its means are over.
    """

    version: str
    fingerprint: str
    command: str
    started: str
    finished: str
    seconds: float
    seeds: int
    regimes: tuple[Mapping[str, Any], ...]
    scenario: Scenario | None
    over: str = "over_replicates"


def facts_of(record: Mapping[str, Any]) -> RecordFacts:
    """Return the facts of a record; what is missing or of another type is left empty."""

    def table(key: str) -> Mapping[str, Any]:
        value = record.get(key)
        return value if isinstance(value, Mapping) else {}

    times, seconds = table("times"), table("times").get("seconds")
    regimes = record.get("regimes")
    scenario: Scenario | None = None
    with suppress(VelfaerdError, KeyError, TypeError, ValueError, AttributeError):
        scenario = Scenario.from_dict(table("scenario"))
    return RecordFacts(
        version=_text(table("package").get("version")),
        fingerprint=_text(record.get("fingerprint")),
        command=_text(record.get("command"), 2000),
        started=_text(times.get("started")),
        finished=_text(times.get("finished")),
        seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
        seeds=len(record.get("seeds") or []) if isinstance(record.get("seeds"), list) else 0,
        regimes=tuple(each for each in regimes if isinstance(each, Mapping))
        if isinstance(regimes, list)
        else (),
        scenario=scenario,
        over="over_worlds" if worlds_of(record) else "over_replicates",
    )


def worlds_of(record: Mapping[str, Any]) -> int:
    """In how many worlds a comparison was run; 0 where in one only."""
    design = record.get("design")
    worlds = design.get("worlds") if isinstance(design, Mapping) else None
    numbers = worlds.get("numbers") if isinstance(worlds, Mapping) else None
    return len(numbers) if isinstance(numbers, list) else 0


def tables_in(folder: Path) -> list[str]:
    """Return the tables of a study, as names inside its folder: at the top, then of analyses."""
    found: list[str] = []
    for place in ("", "analysis", "tables", "claims", store.RUNS):
        with suppress(OSError):
            for path in sorted((folder / place).iterdir()):
                plain = path.suffix in TABLES and not path.name.startswith(".")
                twin = path.suffix == ".csv" and path.with_suffix(".parquet").is_file()
                if plain and not twin and path.is_file() and not path.is_symlink():
                    found.append(path.relative_to(folder).as_posix())
    return found[:MOST_LISTED]


@dataclass(frozen=True)
class TableHead:
    """The first rows of a table, and how many there are in all (-1 where it is not known)."""

    name: str
    frame: pd.DataFrame
    rows: int


def table_of(folder: Path, name: str) -> TableHead:
    """Return the first rows of one of the tables of a study.

    Raises InputError for another name, StorageError where it cannot be read.
    """
    known = tables_in(folder)
    if name not in known:
        raise InputError("table", name, refusal("table_of_study"))
    path = folder / name
    try:
        if path.stat().st_size > LARGEST_TABLE_BYTES:
            raise InputError("table", name, refusal("most", size=LARGEST_TABLE_BYTES // 2**20))
        if path.suffix == ".csv":
            frame = pd.read_csv(path, nrows=MOST_ROWS + 1)
            return TableHead(
                name, frame.head(MOST_ROWS), len(frame) if len(frame) <= MOST_ROWS else -1
            )
        with pq.ParquetFile(path) as file:
            rows = file.metadata.num_rows
            batches = file.iter_batches(batch_size=MOST_ROWS)
            first = next(batches, None)
            frame = pd.DataFrame() if first is None else first.to_pandas()
    except (OSError, pa.ArrowException, ValueError, UnicodeError) as error:
        if isinstance(error, InputError):
            raise
        raise StorageError(cannot_read(name, error)) from None
    return TableHead(name, frame, rows)
