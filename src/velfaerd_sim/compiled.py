"""Compilation: `rule` for the scalar equations, `kernel` for the loops that call them.

Both compile with numba, without fast-math, so that a sum is taken in the written order and the
same inputs give the same bits. Compiled kernels are kept in a folder named by a digest of the
package's sources: numba itself does not notice a change in a function of another file.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])
# The options used here and the setting of the cache folder are not in numba's annotations.
_njit: Any = numba.njit
_settings: Any = numba.config
PACKAGE_FOLDER = Path(__file__).resolve().parent


@lru_cache(maxsize=1)
def source_digest() -> str:
    """SHA-256 (hex) over the names and contents of the package's Python and TOML/CSV files.

    It stands in every study record, and names the folder of compiled code.
    """
    digest = hashlib.sha256()
    for path in sorted(PACKAGE_FOLDER.rglob("*")):
        if path.suffix in {".py", ".toml", ".csv"} and path.is_file():
            digest.update(path.relative_to(PACKAGE_FOLDER).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """SHA-256 (hex) over the files that decide compiled code: those that hold rules or kernels.

    The rooms `inputs` and `population` count as a whole, since their types and constants are
    compiled in. A changed report template must not make the next run compile the model again.
    """
    digest = hashlib.sha256()
    for path in sorted(PACKAGE_FOLDER.rglob("*.py")):
        content = path.read_bytes()
        whole_room = path.parent.name in ("inputs", "population")
        if whole_room or b"velfaerd_sim.compiled import" in content:
            digest.update(path.relative_to(PACKAGE_FOLDER).as_posix().encode())
            digest.update(content)
    digest.update((PACKAGE_FOLDER / "compiled.py").read_bytes())
    return digest.hexdigest()


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@lru_cache(maxsize=1)
def cache_folder() -> Path | None:
    """Folder of compiled code, or None where no folder can be written."""
    name = f"{engine_digest()[:16]}-py{sys.version_info[0]}{sys.version_info[1]}"
    name += f"-numba{numba.__version__}"
    chosen = os.environ.get("VELFAERD_CACHE_DIR")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "velfaerd_sim"
    own = f"velfaerd_sim-{getattr(os, 'getuid', int)()}"
    candidates = [Path(chosen)] if chosen else [base, Path(tempfile.gettempdir()) / own]
    for candidate in candidates:
        if _writable(candidate / name):
            return candidate / name
    return None


def is_warm() -> bool:
    """Whether compiled code of this version is already on disk (else the first run compiles)."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("*run_town*.nbi"))


def rule(function: Function) -> Function:
    """Compile a small pure function of scalars; its Python form stays in `.py_func`."""
    return cast(Function, _njit(error_model="numpy", nogil=True)(function))


def kernel(function: Function) -> Function:
    """Compile a loop over arrays that is called from other kernels, not from Python.

    Without the entrance from Python it compiles in half the time; `.py_func` is its Python form.
    """
    decorate = _njit(
        error_model="numpy", nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
    )
    return cast(Function, decorate(function))


def entry(function: Function) -> Function:
    """Compile a loop that Python calls; it releases the interpreter lock and is kept on disk."""
    folder = cache_folder()
    former = _settings.CACHE_DIR
    _settings.CACHE_DIR = str(folder or "")
    try:
        decorate = _njit(error_model="numpy", nogil=True, cache=folder is not None)
        return cast(Function, decorate(function))
    finally:
        _settings.CACHE_DIR = former
