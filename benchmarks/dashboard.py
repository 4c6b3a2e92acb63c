"""Speed and memory of the dashboard in a real browser: `python benchmarks/run.py dashboard`.

One server as the command starts it, Debian's Chromium through playwright. A move is timed inside
the page: from the release of a slider to the first chart with new numbers, and to all charts with
all sixteen pairs. Without a browser nothing is measured.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
MOVES, SESSIONS, SHARE = 40, 20, 0.95
NATIONAL_MOVES = 20
SETTLE_SECONDS = 60
ALL = "16"
INSTRUMENTS = ("dialogue", "influence", "openness", "rigidity", "training", "recognition")

SHOWN = f"""
() => document.querySelector('.vf-verdict')?.dataset.replicates === '{ALL}'
  && [...document.querySelectorAll('.vf-chart')].every((c) => c.dataset.version === '{ALL}')
"""
MOVE = """
({ id, value, all }) => new Promise((resolve) => {
  const charts = [...document.querySelectorAll('.vf-charts .vf-chart')];
  const before = charts.map((c) => c.dataset.drawn);
  const isNew = (c, place) => c.dataset.drawn !== before[place];
  const input = document.getElementById(id);
  const begin = performance.now();
  let first = null;
  const look = () => {
    const now = performance.now() - begin;
    if (first === null && charts.some(isNew)) first = now;
    const done = charts.every((c, place) => isNew(c, place) && c.dataset.version === all);
    if (done || now > 20000) resolve([first, now]);
    else requestAnimationFrame(look);
  };
  input.value = value;
  for (const name of ['input', 'change']) input.dispatchEvent(new Event(name, { bubbles: true }));
  requestAnimationFrame(look);
})
"""

DRAG_SECONDS, PASS_MS = 5, 50
"""A slider is dragged for so long, and passes another of its 21 values every so often."""
DRAG = """
({ id, seconds, between }) => new Promise((resolve) => {
  const chart = document.querySelector('.vf-charts .vf-chart');
  const input = document.getElementById(id);
  const begin = performance.now();
  let drawn = chart.dataset.drawn, value = Number(input.value), way = 1;
  let told = null; // when the oldest value that is not drawn yet was passed
  let passed = 0;
  const waits = [];
  const step = () => {
    const now = performance.now();
    if (chart.dataset.drawn !== drawn) {
      drawn = chart.dataset.drawn;
      if (told !== null) waits.push(now - told);
      told = null;
    }
    if (now - begin > 1000 * seconds) {
      input.dispatchEvent(new Event('change', { bubbles: true }));
      resolve(waits);
      return;
    }
    if (now - passed >= between) {
      if (value + 0.05 * way > 1 || value + 0.05 * way < 0) way = -way;
      value += 0.05 * way;
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      passed = now;
      if (told === null) told = now;
    }
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})
"""

DRAGGED = {"seconds": DRAG_SECONDS, "between": PASS_MS}


@contextmanager
def served() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A dashboard as the command starts it: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "velfaerd_sim", "dashboard", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 180
        while True:
            try:
                with urllib.request.urlopen(f"{address}/readyz", timeout=1):
                    break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("the dashboard did not start") from None
                time.sleep(0.05)
        yield address, process
    finally:
        process.terminate()
        process.wait(20)


def megabytes(process: subprocess.Popen[bytes]) -> float:
    """Memory that belongs to the server alone."""
    import psutil

    return float(psutil.Process(process.pid).memory_full_info().uss) / 2**20


def opened(browser: Any, address: str, query: str = "/compare?lang=en") -> tuple[Any, float, float]:
    """A page in a session of its own; seconds to its first paint, and to the first charts."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    begin = time.perf_counter()
    page.goto(address + query)
    page.wait_for_selector(".vf-panel")
    painted = time.perf_counter() - begin
    page.wait_for_function(
        "() => Number(document.querySelector('.vf-charts .vf-chart')?.dataset.version) >= 1"
    )
    return page, painted, time.perf_counter() - begin


def moved(page: Any, number: int) -> tuple[float, float]:
    """Move a slider; milliseconds to the first chart and to all pairs."""
    side, name = "ab"[number % 2], INSTRUMENTS[number % len(INSTRUMENTS)]
    value = f"{0.05 * ((7 * number) % 20):.2f}"
    what = {"id": f"vf-{side}-{name}", "value": value, "all": ALL}
    first, last = page.evaluate(MOVE, what)
    return float(first if first is not None else last), float(last)


def at_share(values: list[float], share: float) -> float:
    """The value that a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def dashboard(figure: Callable[..., Any]) -> list[Any]:
    """All figures of the dashboard; none where there is no browser."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        print("no Chromium or no playwright: the dashboard is not measured", file=sys.stderr)
        return []
    with served() as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            found = _speed(figure, browser, address)
            found += _load(figure, browser, address, process)
            return found + _national(figure, browser, address)
        finally:
            browser.close()


def _speed(figure: Callable[..., Any], browser: Any, address: str) -> list[Any]:
    paints, charts = [], []
    for _ in range(5):
        page, painted, charted = opened(browser, address)
        paints.append(painted)
        charts.append(charted)
        page.context.close()
    page, _, _ = opened(browser, address)
    page.wait_for_function(SHOWN)
    times = []
    for number in range(MOVES):
        times.append(moved(page, number))
        time.sleep(0.2)
    dragged = []
    for name in INSTRUMENTS[:2]:
        page.wait_for_function(SHOWN)
        dragged += page.evaluate(DRAG, DRAGGED | {"id": f"vf-b-{name}"})
    page.wait_for_function(SHOWN)
    page.context.close()
    first, last = [one for one, _ in times], [other for _, other in times]
    return [
        figure("first paint, median", statistics.median(paints), "s", 3.0),
        figure("first paint, slowest", max(paints), "s", 3.0),
        figure("first charts of a new session, median", statistics.median(charts), "s"),
        figure("slider to first chart, median", statistics.median(first), "ms", 300, 150),
        figure("slider to first chart, 95 %", at_share(first, SHARE), "ms", 600),
        figure("slider to 16 pairs, median", statistics.median(last), "ms", 1500),
        figure("slider to 16 pairs, 95 %", at_share(last, SHARE), "ms", 1500),
        figure("dragged slider to the first pair, median", statistics.median(dragged), "ms", 100),
        figure("dragged slider to the first pair, 95 %", at_share(dragged, SHARE), "ms", 250),
    ]


def _load(
    figure: Callable[..., Any], browser: Any, address: str, process: subprocess.Popen[bytes]
) -> list[Any]:
    """Twenty sessions at once, then none, and the same again: what stays must not grow."""
    time.sleep(SETTLE_SECONDS)
    before = megabytes(process)
    during, waits = _twenty(browser, address, process, first=0)
    once = megabytes(process)
    _twenty(browser, address, process, first=SESSIONS)
    twice = megabytes(process)
    return [
        figure("memory a session, of twenty", (during - before) / SESSIONS, "MB", 40),
        figure("memory kept of twenty, a minute after", once - before, "MB"),
        figure("memory kept after the second twenty, beyond the first", twice - once, "MB", 20),
        figure("slider to first chart, twenty open, median", statistics.median(waits), "ms"),
    ]


def _twenty(
    browser: Any, address: str, process: subprocess.Popen[bytes], first: int
) -> tuple[float, list[float]]:
    """Twenty sessions, each moved to a governance of its own, closed, and a minute after.

    Gives the memory with all of them open, and each one's wait for its first chart.
    """
    pages = []
    for number in range(first, first + SESSIONS):
        page, _, _ = opened(
            browser, address, f"/compare?b=rigid_rules,training:{number / 40}&lang=en"
        )
        page.wait_for_function(SHOWN, timeout=120_000)
        pages.append(page)
    waits = [moved(page, number)[0] for number, page in enumerate(pages)]
    for page in pages:
        page.wait_for_function(SHOWN, timeout=120_000)
    during = megabytes(process)
    for page in pages:
        page.context.close()
    time.sleep(SETTLE_SECONDS)
    return during, waits


def _national(figure: Callable[..., Any], browser: Any, address: str) -> list[Any]:
    """Sliders of one session while another runs every adult of the country."""
    page, _, _ = opened(browser, address)
    page.wait_for_function(SHOWN)
    country = browser.new_context().new_page()
    country.goto(f"{address}/map?one_in=1&lang=en")
    country.get_by_role("button", name="Run Denmark").click()
    bar = country.locator(".vf-running .vf-progress")
    bar.wait_for()
    times = []
    while len(times) < NATIONAL_MOVES and bar.count():
        times.append(moved(page, len(times)))
        time.sleep(0.2)
    if len(times) < NATIONAL_MOVES:
        print(f"the country was done after {len(times)} moves", file=sys.stderr)
    country.context.close()
    page.context.close()
    first, last = [one for one, _ in times], [other for _, other in times]
    what = "during a national run"
    return [
        figure(f"slider to first chart {what}, median", statistics.median(first), "ms", 300),
        figure(f"slider to first chart {what}, 95 %", at_share(first, SHARE), "ms", 600),
        figure(f"slider to 16 pairs {what}, median", statistics.median(last), "ms", 1500),
    ]
