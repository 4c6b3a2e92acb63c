"""What an attack is: many tries with draws of their own, each of which a promise withstands or not.

The same attacks are made by the tests, a few times each, and by `make attack`, many times.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Attack:
    """One way to try a promise.

    promise: a sentence that the document says. how: what a try does, in a sentence. attempt: makes
    a try in an empty folder; gives '' where the promise held, else what went wrong; whatever it
    raises went wrong too. tries: in the tests; many: in `make attack`. over: what tries go over in
    turn, such as the kinds of studies; a try is then given one of them too. possible: '' or why
    this machine cannot make it.
    """

    key: str
    promise: str
    how: str
    attempt: Callable[..., str]
    tries: int
    many: int
    over: Sequence[str] = ()
    possible: Callable[[], str] = lambda: ""


@dataclass
class Tried:
    """What came of an attack: how often it was tried, and the tries that went wrong."""

    tried: int = 0
    failed: list[str] = field(default_factory=list)


def carried_out(attack: Attack, tries: int, seed: int = 1, seconds: float = 1e9) -> Tried:
    """Try so often, or until the time is up; the first try is always made.

    Every try has a generator of its own, so that `seed` and its number make it again.
    """
    found = Tried()
    end = time.monotonic() + seconds
    for number in range(tries):
        if number and time.monotonic() > end:
            break
        name = f"{seed} {attack.key} {number}"
        with tempfile.TemporaryDirectory(prefix="attack-") as folder:
            try:
                which = (attack.over[number % len(attack.over)],) if attack.over else ()
                said = attack.attempt(random.Random(name), Path(folder), *which)
            except Exception as error:  # noqa: BLE001  whatever it is, the promise did not hold
                said = f"{type(error).__name__}: {error}"
        found.tried += 1
        if said:
            found.failed.append(f"{name}: {' '.join(said.split())[:300]}")
    return found
