"""The lock of a study folder: one process writes, others are told.

The lock is a file opened for writing, so that it also holds on network file systems and Windows.
"""

from __future__ import annotations

import errno
import logging
import os
import warnings
from contextlib import suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from velfaerd_sim.engine.own_names import LOCK
from velfaerd_sim.errors import StorageError

_log = logging.getLogger("velfaerd_sim")


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
