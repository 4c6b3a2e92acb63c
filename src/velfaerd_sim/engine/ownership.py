"""What is ours in a study folder: files of our own making, told by their names, and its lock.

Only such files are ever removed, and no link is followed to remove or to write one. The lock is a
file opened for writing, so that it also holds on network file systems and Windows.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from velfaerd_sim.errors import StorageError, StudyError

_log = logging.getLogger("velfaerd_sim")

PARTS = "parts"
RUNS, BRANCHES = "runs", "branches"
"""Inside the folder of a sweep: its parts; folders of the same sweep by other versions."""
LOCK = ".velfaerd.lock"
"""Held open by the process that writes in the folder."""
_ROOMS = (PARTS, RUNS, BRANCHES)
_LEFT_BY_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}
_TEMPORARY = re.compile(r"\..+\.\d+\.tmp")
_PART = re.compile(r"(.+-[0-9a-f]{16}|(series|gains)-\d{5}|staff_hours_runs)\.parquet(\.damaged)?")
_TABLE = re.compile(r"[a-z][a-z0-9_]*\.(parquet|csv|toml|json)|claims/\w+\.csv|sets/[^/]+\.json")
"""Names of tables and inputs of studies, inside of their folder."""


def is_temporary(path: Path) -> bool:
    """Whether a killed process of ours left the file: .NAME.PID.tmp, and no link."""
    return bool(_TEMPORARY.fullmatch(path.name)) and path.is_file() and not path.is_symlink()


def is_part(path: Path) -> bool:
    """Whether a file is a part of a study: a table whose name ends in a digest or a number."""
    return bool(_PART.fullmatch(path.name)) and path.is_file() and not path.is_symlink()


def is_own_name(name: str) -> bool:
    """Whether a study may have written a file of such a name, inside of its folder."""
    room, _, last = name.rpartition("/")
    if room in ("", PARTS, RUNS) and (_TEMPORARY.fullmatch(last) or _PART.fullmatch(last)):
        return True
    return bool(_TABLE.fullmatch(name))


def foreign(folder: Path) -> str | None:
    """A file in a folder without a record that is not ours, such as 'parts/thesis.docx'.

    Folders without files, as a full disk leaves them, are nobody's.
    """
    for each in sorted(folder.iterdir()):
        if each.name in _LEFT_BY_THE_SYSTEM | {LOCK, BRANCHES} or is_temporary(each):
            continue
        if each.is_symlink() or not each.is_dir():
            return each.name
        for inner in _files_in(each):
            ours = each.name == PARTS and inner.parent == each and is_part(inner)
            if not ours and not is_temporary(inner):
                return inner.relative_to(folder).as_posix()
    return None


def _files_in(folder: Path) -> Iterator[Path]:
    """Files in a folder and those inside of it; a link counts as a file and is not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        yield from (Path(place, name) for name in sorted([*names, *links]))


def check_rooms(folder: Path) -> None:
    """Raise StudyError where a folder inside of a study folder is a link or a file."""
    for name in _ROOMS:
        check_room(folder, name)


def check_room(folder: Path, name: str) -> None:
    """Raise StudyError unless a folder inside of a study folder is one, or is not there."""
    room = folder / name
    if room.is_symlink():
        raise StudyError(
            f"out: '{room}' is a link to another folder; allowed: a folder of the study itself"
        )
    if room.exists() and not room.is_dir():
        raise StudyError(f"out: '{room}' is a file; allowed: a folder of the study")


def is_inside(folder: Path, name: str) -> bool:
    """Whether a name in a study folder leads to a file there, through no link and no '..'."""
    parts = Path(name).parts
    if Path(name).is_absolute() or not parts or ".." in parts:
        return False
    above = [folder.joinpath(*parts[:count]) for count in range(1, len(parts))]
    return not any(each.is_symlink() for each in above)


class FolderLock:
    """The lock of a folder, held until it is released.

    Raises StorageError where another process holds it. Where the file system knows no locks, that
    is said in the log, as two processes are then not kept apart.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._lock: BaseFileLock | None = FileLock(self._path, blocking=False)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of falling back to a file that is only made
                self._lock.acquire()
        except Timeout:
            self._lock = None
            raise StorageError(f"out: another process is writing a study in {folder}") from None
        except (OSError, NotImplementedError) as error:
            self._lock = None
            if getattr(error, "errno", None) in (errno.EACCES, errno.EROFS):
                return  # nothing can be written there, which the folder says itself
            reason = getattr(error, "strerror", None) or str(error)
            _log.warning(
                "note: %s cannot be locked (%s); see to it that only one process writes there",
                folder,
                reason,
            )

    def release(self) -> None:
        """Let other processes in, and take the file of the lock away."""
        if self._lock is None:
            return
        # Where it can be, the file is removed while it is held: who waits for it finds a file
        # without a name and opens anew. Windows removes no open file.
        if os.name != "nt":
            self._remove_file()
        with suppress(OSError):
            self._lock.release()
        self._lock = None
        if os.name == "nt":
            self._remove_file()

    def _remove_file(self) -> None:
        with suppress(OSError):
            self._path.unlink()
