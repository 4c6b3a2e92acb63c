"""From how many staff hours on more of them change nothing, in the town of Compare under A and B.

Hours act through what they leave unserved. Where no month of any run, the burn-in among them, is
short of hours, the same runs with more hours are the same to the last bit; so the least such number
is found by halving, on the runs that Compare makes.
"""

from __future__ import annotations

from collections.abc import Callable

from velfaerd_sim.dashboard.compare.runs import replicate_scenario, sides
from velfaerd_sim.dashboard.compare.view import HOURS, CompareView
from velfaerd_sim.engine.progress import CalledOffError
from velfaerd_sim.inputs.parameters import BY_NAME
from velfaerd_sim.model.simulation import Simulation


def apart_from_hours(view: CompareView) -> CompareView:
    """The view with the usual hours: what the range depends on."""
    return view.with_hours(BY_NAME[HOURS].default)


def is_short(run: Simulation) -> bool:
    """Whether some month of a run, the burn-in among them, had too few hours for what was asked.

    A month in which no post was filled had none, however many hours a post carries.
    """
    capacity = run.tallies["capacity"][:, 1:]
    return bool(((capacity > 0.0) & (capacity < 1.0)).any())


def are_enough(view: CompareView, cancelled: Callable[[], bool] = lambda: False) -> bool:
    """Whether no run of a view is ever short of hours. Raises CalledOffError when cancelled."""
    for replicate in range(view.replicates):
        base = Simulation(replicate_scenario(view, replicate))
        for regime in dict.fromkeys(sides(view)):
            if cancelled():
                raise CalledOffError("called off")
            run = base.fork(regime)
            run.run(view.months)
            if is_short(run):
                return False
    return True


def enough_hours(view: CompareView, cancelled: Callable[[], bool] = lambda: False) -> float | None:
    """The least whole number of hours from which on nothing changes; None beyond the slider's end.

    Raises CalledOffError when cancelled.
    """
    low, high = int(BY_NAME[HOURS].low), int(BY_NAME[HOURS].high)
    if not are_enough(view.with_hours(high), cancelled):
        return None
    while low < high:
        middle = (low + high) // 2
        if are_enough(view.with_hours(middle), cancelled):
            high = middle
        else:
            low = middle + 1
    return float(high)
