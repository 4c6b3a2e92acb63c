"""Compilation: `rule` for the scalar equations, `kernel` for the loops that call them.

Both compile with numba, without fast-math, so that a sum is taken in the written order and the
same inputs give the same bits. Compiled kernels are kept in a folder named by a digest of the
code: numba itself does not notice a change in a function of another file, and would compile anew
after an edit of a comment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import caching

from velfaerd_sim.digests import engine_digest, writable_folder

Function = TypeVar("Function", bound=Callable[..., Any])
# The options used here and the setting of the cache folder are not in numba's annotations.
_njit: Any = numba.njit
_PACKAGE = __name__.partition(".")[0]
_settings: Any = numba.config
_IndexFile: Any = caching.IndexDataCacheFile


@lru_cache(maxsize=1)
def cache_folder() -> Path | None:
    """Folder of compiled code, or None where no folder can be written."""
    name = f"{engine_digest()[:16]}-py{sys.version_info[0]}{sys.version_info[1]}"
    name += f"-numba{numba.__version__}"
    return writable_folder(name)


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
        compiled = decorate(function)
        ours = function.__module__.startswith(_PACKAGE)
        if folder is not None and ours and hasattr(compiled, "_cache"):  # not without numba's JIT
            _keep_by_digest(compiled, folder)
        return cast(Function, compiled)
    finally:
        _settings.CACHE_DIR = former


def in_python(function: Callable[..., Any]) -> Callable[..., Any]:
    """The Python form of a compiled function: takes any numbers, and there is nothing to compile.

    A rule of plain arithmetic takes arrays in this form.
    """
    form: Callable[..., Any] = getattr(function, "py_func", function)
    return form


def _keep_by_digest(compiled: Any, folder: Path) -> None:
    """Let numba find kept code by the folder's digest alone.

    Of itself it goes by line numbers, by the time and the place of the file.
    """
    name = f"{compiled.py_func.__module__}.{compiled.py_func.__qualname__}"
    compiled._cache._cache_file = _IndexFile(str(folder), name, engine_digest())
