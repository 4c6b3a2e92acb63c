"""A dashboard in mixed use, as in hours of it: how much memory it takes.

    PYTHONPATH=tests python -m attacks.dashboard CLICKS SEED [SECONDS]

The pages are drawn in this process as the server draws them, without a browser: sessions open and
close, pages are gone through with other towns, horizons, seeds and languages, and the work behind
them is done. After every ten clicks the memory is told.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from attacks.machines import no_proc
from velfaerd_sim.dashboard.frame.settings import RESULTS_VARIABLE

CLICKS = 300
STUDIES = ("run", "compare", "sweep", "calibration", "claims", "validation", "robustness")
BESIDE_THE_CACHE = 400
"""MB above what the server takes at its start, the towns that it keeps burnt in left out."""
DRIFT = 60
"""MB by which the least of the last quarter may lie above the least of the second one."""
LONGEST_SECONDS = 200.0


def grown_in_use(draws: random.Random, folder: Path) -> str:
    """Mixed use of the dashboard takes bounded memory, and does not grow for ever."""
    told = subprocess.run(
        [sys.executable, "-m", "attacks.dashboard", str(CLICKS), str(draws.randrange(10**6))],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=2 * LONGEST_SECONDS,
    )
    if told.returncode:
        return told.stderr.strip()[-300:]
    return judged([int(line.split()[-2]) for line in told.stdout.splitlines()])


def judged(taken: list[int]) -> str:
    """What is wrong with the memory taken over time, in MB; the first is that of the start.

    Work that is under way takes some for a while, so growth is seen in what is taken at least.
    """
    start, *then = taken
    if max(then) > start + BESIDE_THE_CACHE:
        return f"{max(then)} MB were taken beside the cache, {start} at the start"
    quarter = max(1, len(then) // 4)
    before, last = min(then[quarter : 2 * quarter] or then), min(then[-quarter:])
    return f"it grew from {before} to {last} MB" if last > before + DRIFT else ""


def megabytes() -> int:
    """The memory of this process beside the towns that it keeps burnt in."""
    from velfaerd_sim.dashboard.compare.runs import BURN_INS

    return whole_megabytes() - BURN_INS.bytes // 2**20


def whole_megabytes() -> int:
    """All the memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def no_pages() -> str:
    """Why the dashboard cannot be used here, '' where it can."""
    return no_proc() if find_spec("solara") else "the dashboard is not installed"


@contextmanager
def session(language: str) -> Iterator[Callable[[str], None]]:
    """A session of the server, as a tab opens one; gives what goes to an address."""
    import solara
    from solara.autorouting import RenderPage, RoutingProvider
    from solara.server import kernel_context

    from velfaerd_sim.dashboard import app

    pushed: list[Callable[[str], None]] = []

    @solara.component
    def Root() -> None:
        router = solara.use_router()
        pushed[:] = [router.push]
        RenderPage()

    context = kernel_context.create_dummy_context()
    with context:
        children: list[Any] = [Root()]
        root = RoutingProvider(children, app.routes, f"/?lang={language}")
        _, drawn = solara.render(root, handle_error=False)
        yield lambda address: pushed[0](address)
        drawn.close()
    context.close()


def address(draws: random.Random, page: str) -> str:
    """An address of a page, such as a click or a move of a slider leads to."""
    from velfaerd_sim.dashboard.frame.links import path_of

    language = draws.choice(["da", "en"])
    seed, months = draws.randrange(1, 40), draws.choice([24, 60, 120])
    adults = draws.choice([300, 1000, 2000, 5000])
    queries = {
        "compare": f"seed={seed}&adults={adults}&months={months}",
        "watch": f"seed={1 + seed % 9}",
        "map": f"seed={1 + seed % 5}",
        "studies": f"study={draws.choice(['', *STUDIES])}",
    }
    return f"{path_of(page)}?lang={language}&{queries.get(page, '')}"


def use(clicks: int, seed: int, seconds: float = LONGEST_SECONDS) -> None:
    """Use the dashboard, and tell the memory taken after every ten clicks."""
    from velfaerd_sim.dashboard.frame.session import bound_memory
    from velfaerd_sim.dashboard.frame.settings import PAGES
    from velfaerd_sim.dashboard.frame.work import JOB_QUEUE
    from velfaerd_sim.dashboard.server import warm_up

    draws, end, done = random.Random(seed), time.monotonic() + seconds, 0
    bound_memory()
    warm_up()
    print(f"at the start: {megabytes()} MB", flush=True)
    while done < clicks and time.monotonic() < end:
        with session(draws.choice(["da", "en"])) as go:
            last = ""
            for _ in range(draws.randint(5, 30)):
                last = draws.choice([page for page in PAGES if page != last])
                go(address(draws, last))
                patience = time.monotonic() + draws.choice([0.1, 2.0, 20.0])
                time.sleep(0.02)
                while JOB_QUEUE.open and time.monotonic() < patience:
                    time.sleep(0.02)
                done += 1
                if done % 10 == 0:
                    whole = f"{whole_megabytes()} MB, without the towns it keeps"
                    print(f"after {done} clicks: {whole}: {megabytes()} MB", flush=True)


def main() -> None:
    """Use the dashboard with a folder of studies of several kinds."""
    from attacks.folders import whole

    with tempfile.TemporaryDirectory(prefix="studies-") as results:
        for kind in STUDIES:
            shutil.copytree(whole(kind)[0], Path(results) / kind)
        os.environ[RESULTS_VARIABLE] = results
        use(int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:]))
    os._exit(0)  # what is still under way is waited for by nobody


if __name__ == "__main__":
    main()
