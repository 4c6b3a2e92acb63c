"""Runs of all of Denmark: one at a time in the whole server, their outcomes kept and shared.

A run of every adult takes hundreds of megabytes while it goes on and three afterwards, when only
the outcomes by municipality and month are left. These are read-only and shared by all sessions, so
a regime that somebody has already run for the same share of adults is there at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from velfaerd_sim.dashboard.compare.governance import Governance
from velfaerd_sim.dashboard.frame.session import give_memory_back
from velfaerd_sim.dashboard.frame.work import step_back
from velfaerd_sim.engine.cores import cores
from velfaerd_sim.engine.progress import CalledOffError
from velfaerd_sim.errors import InputError, refusal
from velfaerd_sim.inputs import checks
from velfaerd_sim.inputs.scenarios import Scenario, load_scenario
from velfaerd_sim.instruments.losses import losses_as_worst
from velfaerd_sim.measures.outcomes import INDEX, summarise
from velfaerd_sim.model.simulation import Simulation
from velfaerd_sim.telling.words import LANGUAGES, Words

Values = NDArray[np.float32]

ONE_IN = (100, 10, 4, 1)
"""Shares of adults that can be simulated: one adult in so many."""
USUAL_ONE_IN = 10
MONTHS = 120
LARGEST_SEED = 2**31 - 1
_KEPT = 16
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class NationalRequest:
    """What is run: one adult in ``one_in`` of every municipality, under each of the regimes.

    regimes: governances as they stand in links. Raises InputError for an unknown regime, a share
    that is not offered, or a seed out of limits.
    """

    regimes: tuple[str, ...]
    one_in: int = USUAL_ONE_IN
    seed: int = 1

    def __post_init__(self) -> None:
        texts = tuple(Governance.from_text(text).to_text() for text in self.regimes)
        object.__setattr__(self, "regimes", texts)
        if self.one_in not in ONE_IN:
            allowed = refusal("one_of", names=", ".join(str(number) for number in ONE_IN))
            raise InputError("one_in", self.one_in, allowed)
        checks.whole(self.seed, "seed", 0, LARGEST_SEED)

    def scenario(self) -> Scenario:
        """Return the scenario: `denmark`, with fewer adults where only some are simulated."""
        return scenario_of(self.one_in).with_(seed=self.seed, months=MONTHS)


@cache
def scenario_of(one_in: int) -> Scenario:
    """Return the scenario `denmark` with one adult in so many, at least 50 a municipality."""
    country = load_scenario("denmark")
    if one_in == 1:
        return country
    english, danish = (
        Words(language, "map")("scenario_title", number=one_in) for language in LANGUAGES
    )
    adults = country.adults // one_in
    return country.with_(adults=adults, title_en=english, title_da=danish)


@dataclass(frozen=True)
class Outcomes:
    """What came of one regime.

    towns: float32 (98 municipalities in the order of their codes, months + 1, outcomes);
    country: float32 (months + 1, outcomes), all municipalities pooled. Read-only.
    """

    towns: Values
    country: Values

    def of(self, outcome: str) -> tuple[Values, Values]:
        """Return one outcome by municipality (98, months + 1), and of the country (months + 1,)."""
        place = INDEX[outcome]
        return self.towns[:, :, place], self.country[:, place]

    def last_year(self, outcome: str) -> NDArray[np.float64]:
        """Return one value a municipality, as studies summarise a run; shape (98,)."""
        values = losses_as_worst(summarise(self.towns.astype(np.float64)))[:, INDEX[outcome]]
        return np.asarray(values, np.float64)


def outcomes_of(simulation: Simulation) -> Outcomes:
    """Measure a finished simulation."""
    towns = simulation.measured().astype(np.float32)
    country = simulation.measured(pooled=True)[0].astype(np.float32)
    towns.setflags(write=False)
    country.setflags(write=False)
    return Outcomes(towns, country)


Run = Callable[[NationalRequest, Sequence[str], Callable[[float], None]], dict[str, Outcomes]]


def run_country(
    request: NationalRequest, regimes: Sequence[str], progress: Callable[[float], None]
) -> dict[str, Outcomes]:
    """Run the burn-in once and each of the regimes from its end, with the same draws.

    progress is called with the share that is done, and may raise to break the run off.
    """
    scenario = request.scenario()
    months = scenario.burn_in_months + len(regimes) * scenario.months
    total, done = float(scenario.adults) * months, 0.0
    lock = threading.Lock()

    def count(adult_months: int) -> None:
        nonlocal done
        with lock:
            done += adult_months
            progress(min(1.0, done / total))

    base = Simulation(scenario, threads=cores(), progress=count)
    found: dict[str, Outcomes] = {}
    for name in regimes:
        twin = base.fork(Governance.from_text(name).as_regime("b"))
        twin.run(scenario.months, count)
        found[name] = outcomes_of(twin)
        del twin
    return found


@dataclass
class _Work:
    """What the thread of a run shares with the one that waits for it."""

    share: float = 0.0
    cancelled: bool = False
    finished: threading.Event = field(default_factory=threading.Event)
    found: dict[str, Outcomes] = field(default_factory=dict)
    error: BaseException | None = None

    def tell(self, share: float) -> None:
        if self.cancelled:
            raise CalledOffError("the national run was cancelled")
        self.share = share


class NationalRuns:
    """The national runs of a server: one at a time, the latest results kept."""

    def __init__(self, run: Run = run_country, kept: int = _KEPT) -> None:
        """run: what makes the outcomes; kept: how many regimes' outcomes are kept, 3 MB each."""
        self._run = run
        self._most = kept
        self._one = threading.Lock()
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int], Outcomes] = OrderedDict()

    def known(self, request: NationalRequest) -> dict[str, Outcomes]:
        """Return the outcomes of those regimes of a request that are kept."""
        with self._lock:
            found = {}
            for name in request.regimes:
                key = (name, request.one_in, request.seed)
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[name] = self._kept[key]
            return found

    def _keep(self, request: NationalRequest, found: dict[str, Outcomes]) -> None:
        with self._lock:
            for name, outcomes in found.items():
                self._kept[name, request.one_in, request.seed] = outcomes
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    @property
    def busy(self) -> bool:
        """Whether a run is going on."""
        return self._one.locked()

    def get(
        self,
        request: NationalRequest,
        cancelled: Callable[[], bool],
        progress: Callable[[float], None],
        waiting: Callable[[], None] = lambda: None,
    ) -> dict[str, Outcomes]:
        """Return the outcomes of every regime of a request; runs those that are not kept.

        cancelled: looked at every now and then. progress: called with the share that is done.
        waiting: called once where another run goes first. Raises CalledOffError when cancelled.
        """
        if not self._one.acquire(blocking=False):
            waiting()
            while not self._one.acquire(timeout=_LOOK_SECONDS):
                if cancelled():
                    raise CalledOffError("the national run was cancelled")
        try:
            found = self.known(request)
            missing = [name for name in dict.fromkeys(request.regimes) if name not in found]
            if missing:
                new = self._carried_out(request, missing, cancelled, progress)
                self._keep(request, new)
                found |= new
            return found
        finally:
            self._one.release()

    def _carried_out(
        self,
        request: NationalRequest,
        regimes: Sequence[str],
        cancelled: Callable[[], bool],
        progress: Callable[[float], None],
    ) -> dict[str, Outcomes]:
        """Run in a thread of its own, behind what somebody waits for, and pass on how far it is."""
        work = _Work()

        def carry_out() -> None:
            step_back()
            try:
                work.found = self._run(request, regimes, work.tell)
            except BaseException as error:  # noqa: BLE001  raised again by whoever waits
                work.error = error
            finally:
                work.finished.set()
                give_memory_back()

        thread = threading.Thread(target=carry_out, name="velfaerd-denmark", daemon=True)
        thread.current_context = None  # type: ignore[attr-defined]  # no session's: it serves all
        thread.start()
        told = -1.0
        while not work.finished.wait(_LOOK_SECONDS):
            work.cancelled = work.cancelled or cancelled()
            if work.share >= told + 0.01 and not work.cancelled:
                told = work.share
                progress(told)
        if work.error is not None:
            raise work.error
        if cancelled():
            raise CalledOffError("the national run was cancelled")
        return work.found


RUNS = NationalRuns()
"""The national runs of this server; sessions share their outcomes, which nobody can change."""
