"""Speed of the page Watch in a real browser: `python benchmarks/run.py watch`.

A town of 2 000 adults (and one of 5 000) is played with both pictures in view. Months are counted
inside the page, in its own animation frames, so a month counts when it was drawn. Without a
browser nothing is measured.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from dashboard import FLAGS, megabytes, served

SECONDS, RUNS = 6, 3
READY = '.vw[data-ready="true"]'
PLAYED = """
seconds => new Promise((resolve) => {
  const town = document.querySelector('.vw');
  const begin = performance.now(), months = [], frames = [];
  let last = null, former = begin;
  const look = (now) => {
    frames.push(now - former);
    former = now;
    if (town.dataset.month !== last) months.push([now, Number(last = town.dataset.month)]);
    if (now - begin < 1000 * seconds) requestAnimationFrame(look);
    else resolve({ months, frames });
  };
  requestAnimationFrame(look);
})
"""
JUMPED = """
month => new Promise((resolve) => {
  const town = document.querySelector('.vw'), input = town.querySelector('input[type=range]');
  const begin = performance.now();
  input.value = month;
  for (const name of ['input', 'change']) input.dispatchEvent(new Event(name));
  const look = () => {
    if (Number(town.dataset.month) === month) resolve(performance.now() - begin);
    else requestAnimationFrame(look);
  };
  look();
})
"""
PICKED = """
() => new Promise((resolve) => {
  const begin = performance.now(), former = document.querySelector('.vw-life h2').textContent;
  document.querySelectorAll('.vw-life .vw-chip')[1].click();
  const look = () => {
    if (document.querySelector('.vw-life h2').textContent !== former) {
      resolve(performance.now() - begin);
    } else requestAnimationFrame(look);
  };
  look();
})
"""


def opened(browser: Any, address: str, query: str) -> tuple[Any, float]:
    """A page in a session of its own; seconds until its town is drawn."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(120_000)
    begin = time.perf_counter()
    page.goto(f"{address}/watch?lang=en{query}")
    page.wait_for_selector(READY)
    return page, time.perf_counter() - begin


def played(browser: Any, address: str, adults: int, speed: int) -> tuple[float, float]:
    """Months a second that were drawn, and the median of the milliseconds between frames."""
    page, _ = opened(browser, address, f"&adults={adults}&years=20&speed={speed}")
    page.get_by_role("button", name="Play").click()
    found = page.evaluate(PLAYED, SECONDS)
    page.context.close()
    months = found["months"]
    seconds = (months[-1][0] - months[0][0]) / 1000.0
    return (len(months) - 1) / seconds, statistics.median(found["frames"])


def watch(figure: Callable[..., Any]) -> list[Any]:
    """All figures of the page; none where there is no browser."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        print("no Chromium or no playwright: Watch is not measured", file=sys.stderr)
        return []
    with served() as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            opened(browser, address, "")[0].context.close()
            figures = []
            for adults, speed in ((2000, 10), (2000, 20), (5000, 10)):
                runs = [played(browser, address, adults, speed) for _ in range(RUNS)]
                rate, between = (statistics.median(each) for each in zip(*runs, strict=True))
                name = f"{adults} citizens twice, played at {speed} months/s"
                limit = 10 if (adults, speed) == (2000, 20) else None
                figures.append(figure(f"{name}: drawn", rate, "months/s", limit, more=True))
                figures.append(figure(f"{name}: between frames, median", between, "ms"))
            return figures + _waits(figure, browser, address, process)
        finally:
            browser.close()


def _waits(figure: Callable[..., Any], browser: Any, address: str, process: Any) -> list[Any]:
    before = megabytes(process)
    opens, jumps, picks = [], [], []
    pages = []
    for _ in range(5):
        page, seconds = opened(browser, address, "&years=20")
        pages.append(page)
        opens.append(seconds)
        jumps.append(page.evaluate(JUMPED, 240))
        picks += [page.evaluate(PICKED) for _ in range(4)]
    during = megabytes(process)
    for page in pages:
        page.context.close()
    return [
        figure("town of 2000 drawn after opening, median", statistics.median(opens), "s", 3.0),
        figure("jump of 20 years ahead, median", statistics.median(jumps), "ms"),
        figure("a life after a click, median", statistics.median(picks), "ms"),
        figure("memory a session with 20 years run", (during - before) / 5, "MB", 40),
    ]
