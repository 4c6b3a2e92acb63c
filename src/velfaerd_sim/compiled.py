"""Compilation: `rule` for the scalar equations, `kernel` for the loops that call them.

Both compile with numba, without fast-math, so that a sum is taken in the written order and the
same inputs give the same bits. Compiled kernels are kept in a folder named by a digest of the
code: numba itself does not notice a change in a function of another file, and would compile anew
after an edit of a comment.

Where a plugin replaces rules, what calls them is compiled once more, with the plugin's in their
place, and kept in a folder of its own. What the package compiled stays as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import caching, errors

from velfaerd_sim import in_force
from velfaerd_sim.digests import engine_digest, writable_folder
from velfaerd_sim.errors import InputError
from velfaerd_sim.own_rules import Replaced, Twins, replaced_by
from velfaerd_sim.plugins import Plugin

Function = TypeVar("Function", bound=Callable[..., Any])
# The options used here and the setting of the cache folder are not in numba's annotations.
_njit: Any = numba.njit
_PACKAGE = __name__.partition(".")[0]
_settings: Any = numba.config
_IndexFile: Any = caching.IndexDataCacheFile
_decorators: dict[Any, Callable[[Any], Any]] = {}
"""What a compiled function was made with."""


@lru_cache(maxsize=8)
def folder_of(own: str = "") -> Path | None:
    """Folder of what is compiled with these rules of plugins, or None where none can be written."""
    name = f"{engine_digest()[:16]}-py{sys.version_info[0]}{sys.version_info[1]}"
    name += f"-numba{numba.__version__}"
    return writable_folder(f"{name}-own-{own[:16]}" if own else name)


def cache_folder() -> Path | None:
    """Folder of compiled code, or None where no folder can be written."""
    return folder_of(_own.key)


def own_rules() -> str:
    """What tells the rules of plugins that are in force from others; '' without any."""
    return _own.key


def is_warm() -> bool:
    """Whether compiled code of this version is already on disk (else the first run compiles)."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("*run_town*.nbi"))


def rule(function: Function) -> Function:
    """Compile a small pure function of scalars; its Python form stays in `.py_func`."""
    compiled = _njit(error_model="numpy", nogil=True)(function)
    _decorators[compiled] = rule
    return cast(Function, compiled)


def kernel(function: Function) -> Function:
    """Compile a loop over arrays that is called from other kernels, not from Python.

    Without the entrance from Python it compiles in half the time; `.py_func` is its Python form.
    """
    decorate = _njit(
        error_model="numpy", nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
    )
    compiled = decorate(function)
    _decorators[compiled] = kernel
    return cast(Function, compiled)


class Entry:
    """A loop that Python calls: the package's own, or with the rules of plugins in it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        """Compile a function when it is called first."""
        self._packaged = _entry(function, "")
        self.__doc__, self.__name__ = function.__doc__, function.__name__
        self.__module__, self.__wrapped__ = function.__module__, function

    def __call__(self, *given: Any) -> Any:
        """Call it. Raises InputError where a rule of a plugin cannot be compiled, or fails."""
        if not _own.replaced:
            return self._packaged(*given)
        try:
            return _own.twin(self._packaged)(*given)
        except errors.NumbaError as error:
            text = " ".join(str(error).split())[:300]
            raise InputError(_own.place, "its code", f"code that numba compiles ({text})") from None

    def __getattr__(self, name: str) -> Any:
        """What numba's form of it has."""
        packaged = self.__dict__["_packaged"]
        return getattr(_own.twin(packaged) if _own.replaced else packaged, name)


def inner(function: Function) -> Function:
    """Compile a kernel that is called once a person: no references to arrays are counted in it.

    Counting takes longer than most such calls do. It may neither make arrays nor return views.
    """
    decorate = _njit(
        error_model="numpy",
        nogil=True,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        _nrt=False,
    )
    compiled = decorate(function)
    _decorators[compiled] = inner
    return cast(Function, compiled)


def entry(function: Function) -> Function:
    """Compile a loop that Python calls; it releases the interpreter lock and is kept on disk."""
    return cast(Function, Entry(function))


def _entry(function: Callable[..., Any], own: str) -> Any:
    folder = folder_of(own)
    former = _settings.CACHE_DIR
    _settings.CACHE_DIR = str(folder or "")
    try:
        decorate = _njit(error_model="numpy", nogil=True, cache=folder is not None)
        compiled = decorate(function)
        ours = function.__module__.startswith(_PACKAGE)
        if folder is not None and ours and hasattr(compiled, "_cache"):  # not without numba's JIT
            _keep_by_digest(compiled, folder)
        _decorators[compiled] = lambda again: _entry(again, _own.key)
        return compiled
    finally:
        _settings.CACHE_DIR = former


def in_python(function: Callable[..., Any]) -> Callable[..., Any]:
    """The Python form of a compiled function: takes any numbers, and there is nothing to compile.

    A rule of plain arithmetic takes arrays in this form. A rule that a plugin replaces is the
    plugin's.
    """
    if function in _own.replaced:
        return _own.replaced[function][1]
    chosen = _own.twin(function) if _own.replaced else function
    form: Callable[..., Any] = getattr(chosen, "py_func", chosen)
    return form


def _keep_by_digest(compiled: Any, folder: Path) -> None:
    """Let numba find kept code by the folder's digest alone.

    Of itself it goes by line numbers, by the time and the place of the file.
    """
    name = f"{compiled.py_func.__module__}.{compiled.py_func.__qualname__}"
    compiled._cache._cache_file = _IndexFile(str(folder), name, engine_digest())


class _Own:
    """The rules of plugins that are in force, and what was compiled with them."""

    def __init__(self) -> None:
        self.key = self.place = ""
        self.replaced: Replaced = {}
        self.twin: Callable[[Any], Any] = lambda function: function
        self._known: dict[str, tuple[Replaced, Twins]] = {}

    def take(self, plugins: tuple[Plugin, ...]) -> None:
        """Let the rules of these plugins be in force. Raises InputError for one that does not fit.

        Those of a plugin that is only declared are not: nothing is run with it.
        """
        own = tuple(each for each in plugins if each.rules and each.runs)
        key = in_force.key(own)
        if own and key not in self._known:
            replaced = replaced_by(own, rule, _decorators)
            self._known[key] = replaced, Twins(replaced, _decorators, f"own_{key[:16]}")
        self.key = key
        self.place = ", ".join(f"plugin {each.name}" for each in own)
        self.replaced, twins = self._known[key] if own else ({}, None)
        if twins is not None:
            self.twin = twins.of


_own = _Own()
in_force.listen(_own.take)
