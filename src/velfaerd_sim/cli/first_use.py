"""The first use: the model is compiled, with a bar that tells how long it still takes.

Two processes compile at once, as in `model.warm_up`: the loop over months takes most of the time.
Each tells of every function of the package that it has compiled, so that the estimate follows what
is done, on a fast machine and on a slow one.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numba.core import event
from numba.core.registry import CPUDispatcher

from velfaerd_sim import compiled
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.model import warm_up
from velfaerd_sim.model.simulation import Simulation

PACKAGE = __name__.partition(".")[0]
COURSE = (0.0, 0.19, 0.27, 0.31, 0.35, 0.39, 0.44, 0.48, 0.62, 0.81, 1.0)
"""Share of the time at tenths of the functions: the first wait for the second process to start, and
the last, which call others, take longest. Measured as processor time of the longer process."""
FEWEST = 0.05
"""Share of the time before which nothing is said of what is left."""
SECONDS_BETWEEN = 0.2


def share_of_time(share: float) -> float:
    """The share of the time that a share of the functions takes."""
    return float(np.interp(share, np.linspace(0.0, 1.0, len(COURSE)), COURSE))


def seconds_left(elapsed: float, share: float) -> float | None:
    """How long it still takes after so many seconds; None where that cannot be told yet."""
    return elapsed * (1.0 - share) / share if share >= FEWEST else None


class Compilations(event.Listener):
    """Tells the name of each function of the package that was compiled."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell

    def on_start(self, event: Any) -> None:
        """A function begins to be compiled, which nobody is told of."""

    def on_end(self, event: Any) -> None:
        """A function is compiled; numba's own are not told of."""
        function = event.data["dispatcher"].py_func
        if function.__module__.startswith(PACKAGE):
            self._tell(f"{function.__module__}.{function.__qualname__}")


def listening(tell: Callable[[str], object]) -> Any:
    """Tell the name of each function of the package as it is compiled, while this is entered."""
    return event.install_listener("numba:compile", Compilations(tell))


def functions() -> int:
    """How many functions of the package there are to be compiled."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith(PACKAGE)]
    found = {id(each) for module in modules for each in vars(module).values() if _is_one(each)}
    return len(found)


def _is_one(each: object) -> bool:
    return isinstance(each, CPUDispatcher | compiled.Entry)


def compile_month() -> None:
    """Compile the loop over months; prints the names of what is compiled."""
    with listening(lambda name: sys.stdout.write(f"{name}\n") and sys.stdout.flush()):
        warm_up.compile_month()


class Course:
    """How far two processes are with the same functions. tell: takes the share of the time."""

    def __init__(self, tell: Callable[[float], object]) -> None:
        self._tell, self._names, self._count = tell, set[str](), functions()

    def note(self, name: str) -> None:
        """Take note of a function that was compiled."""
        self._names.add(name)

    def tell(self) -> None:
        """Tell how far the work is."""
        self._tell(share_of_time(min(1.0, len(self._names) / self._count)))

    def note_and_tell(self, name: str) -> None:
        """Take note of a function that this process has compiled, and tell."""
        self.note(name)
        self.tell()


def compile_model(tell: Callable[[float], object]) -> None:
    """Compile what is not compiled yet. tell: takes the share of the time, in this thread."""
    if compiled.is_warm() or compiled.cache_folder() is None:
        warm_up.warm_up()
        return
    course = Course(tell)
    command = f"from {__name__} import compile_month; compile_month()"
    # In a session of its own, Ctrl-C reaches this process alone, which then ends the child.
    child = subprocess.Popen(
        [sys.executable, "-c", command], start_new_session=True, stdout=subprocess.PIPE, text=True
    )

    def read() -> None:
        for line in child.stdout or ():
            course.note(line.strip())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        with listening(course.note_and_tell):
            Simulation(load_scenario("baseline").with_(adults=50), burn_in=False)
        while reader.is_alive():
            reader.join(SECONDS_BETWEEN)
            course.tell()
        child.wait()
    finally:
        child.kill()
    warm_up.warm_up()
