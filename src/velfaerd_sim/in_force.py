"""The plugins in force in this process, and who is told when they change.

A session puts plugins in force (`put_in_force`); a simulation, an order of work or a folder that is
read may hold others for a while (`holding`), during which those who want yet others wait.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.plugins import Plugin, declared, made_from, read_plugin

Plugins = tuple[Plugin, ...]
Sources = tuple[tuple[str, str], ...]
"""Name and text of every plugin, as sent to workers."""


class _State:
    """The plugins of the session, those in force now, and who holds them."""

    def __init__(self) -> None:
        self.session: Plugins = ()
        self.now: Plugins = ()
        self.holders = 0
        self.closed = False
        self.own = threading.local()
        self.change = threading.Condition(threading.RLock())
        self.listeners: list[Callable[[Plugins], None]] = []


_state = _State()


def active() -> Plugins:
    """The plugins in force now."""
    return _state.now


def key(plugins: Plugins | None = None) -> str:
    """SHA-256 (hex) over the plugins in force, or over these; '' without any."""
    chosen = _state.now if plugins is None else plugins
    if not chosen:
        return ""
    return hashlib.sha256(" ".join(each.digest for each in chosen).encode()).hexdigest()


def listen(listener: Callable[[Plugins], None]) -> None:
    """Call with the plugins in force, now and at every change.

    A listener raises InputError where a plugin does not fit what it looks after.
    """
    with _state.change:
        listener(_state.now)
        _state.listeners.append(listener)


def _switch(plugins: Plugins) -> None:
    former = _state.now
    if former == plugins:
        return
    try:
        for listener in _state.listeners:
            listener(plugins)
    except BaseException:
        for listener in _state.listeners:
            listener(former)
        raise
    _state.now = plugins


def put_in_force(*paths: str | Path, folder: Path | None = None) -> Plugins:
    """Load plugins and let them be in force for the session; gives those that are.

    A file that was changed takes the place of what it was before. Raises InputError for a file that
    cannot be read, that fails, or that does not fit the model, and then nothing is changed.
    """
    with _state.change:
        chosen = list(_state.session)
        names = [Path(str(path)).name for path in paths]
        for path in paths:
            if names.count(Path(str(path)).name) > 1:
                raise InputError("plugin", str(path), "each name of a file once")
            new = read_plugin(path, folder)
            same = [i for i, each in enumerate(chosen) if each.name == new.name]
            if same and chosen[same[0]].digest == new.digest:
                continue
            if _state.closed:
                raise InputError("plugins", str(path), "plugins named on the command line only")
            if same:
                chosen[same[0]] = new
            else:
                chosen.append(new)
        let_be(tuple(chosen))
        return _state.session


def let_be(plugins: Plugins) -> None:
    """Let exactly these be in force for the session. Raises InputError."""
    with _state.change:
        _wait_for(plugins)
        _switch(plugins)
        _state.session = plugins


def session() -> Plugins:
    """The plugins of the session, whatever is held for a while."""
    return _state.session


def close() -> None:
    """Let no file name plugins from here on, as in a server that is sent files by others."""
    _state.closed = True


def _own_holds() -> int:
    return getattr(_state.own, "holds", 0)


def _wait_for(plugins: Plugins) -> None:
    """Wait until nobody else holds other plugins than these."""
    while _state.now != plugins and _state.holders > _own_holds():
        _state.change.wait()


@contextmanager
def holding(plugins: Plugins) -> Iterator[None]:
    """Hold plugins in force for a while, in all threads. Raises InputError."""
    with _state.change:
        _wait_for(plugins)
        former = _state.now
        _switch(plugins)
        _state.holders += 1
        _state.own.holds = _own_holds() + 1
    try:
        yield
    finally:
        with _state.change:
            _state.holders -= 1
            _state.own.holds -= 1
            if _state.holders == 0:
                _switch(_state.session)
            elif _state.holders == _own_holds():
                _switch(former)
            _state.change.notify_all()


# --- workers and records --------------------------------------------------------------------------


def sources() -> Sources:
    """What workers need of the plugins in force. Raises InputError for one without its code."""
    check_runs()
    return tuple((each.name, each.source) for each in _state.now)


def check_runs() -> None:
    """Raise InputError where a plugin in force is known by a record alone."""
    for each in _state.now:
        if not each.runs:
            raise InputError("plugin", each.name, f"its file, named with --plugin {each.name}")


_made: dict[tuple[str, str], Plugin] = {}


def made(given: Sources) -> Plugins:
    """The plugins of these sources, which are run once a process."""
    if given == tuple((each.name, each.source) for each in _state.now):
        return _state.now
    for one in given:
        if one not in _made:
            _made[one] = made_from(*one)
    return tuple(_made[one] for one in given)


def reading(record: Mapping[str, Any]) -> AbstractContextManager[None]:
    """Hold what it takes to read a study: nothing is changed where its plugins are in force."""
    now = {each.digest for each in _state.now}
    there = all(each["digest"] in now for each in listed(record))
    return holding(_state.now if there else of_record(record))


def of_record(record: Mapping[str, Any]) -> Plugins:
    """The plugins of a study: as they are in force where they are, else as its record declares."""
    known = {each.digest: each for each in _state.session}
    return tuple(known.get(each["digest"]) or declared(each) for each in listed(record))


def named_in(content: Mapping[str, Any], folder: Path | None) -> None:
    """Put the plugins in force that a file names under `plugins`, beside it. Raises InputError."""
    if "plugins" not in content:
        return
    names = content["plugins"]
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise InputError("plugins", names, "a list of files of Python")
    if folder is None:
        raise InputError("plugins", ", ".join(names), refusal("file_only"))
    put_in_force(*names, folder=folder)


def listed(record: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What a record says of its plugins."""
    found: Sequence[Mapping[str, Any]] = record.get("plugins", ())
    return found


def missing(record: Mapping[str, Any]) -> list[str]:
    """What of the plugins of a study is not in force, each with what is: for a message."""
    known = {each.name: each for each in _state.session}
    faults = []
    for each in listed(record):
        name, digest = str(each["name"]), str(each["digest"])
        if name not in known:
            faults.append(f"{name} (SHA-256 {digest[:12]})")
        elif known[name].digest != digest:
            here = known[name].digest[:12]
            faults.append(f"{name} (SHA-256 {digest[:12]}, and that of the one given is {here})")
    return faults
