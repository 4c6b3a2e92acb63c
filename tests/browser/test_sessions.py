"""Sessions come and go: what they held is freed, what is too much is refused, others go on."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from velfaerd_sim.dashboard.settings import CULL_SECONDS

SMALL = "adults=300&months=24&burn_in_months=24&lang=en"
PATIENCE = CULL_SECONDS + 60


def kernels(server: str) -> int:
    """How many sessions the server holds."""
    with urllib.request.urlopen(f"{server}/resourcez", timeout=10) as answer:
        return int(json.load(answer)["kernels"]["total"])


def test_closed_sessions_are_freed(open_page: Callable[..., Any], server: str) -> None:
    pages = [open_page(f"/?{SMALL}&seed={n}") for n in range(3)]
    for page in pages:
        page.wait_for_selector(".vf-verdict[data-replicates='16']")
    held = kernels(server)
    assert held >= 3
    for page in pages:
        page.context.close()
    deadline = time.monotonic() + PATIENCE
    while kernels(server) > held - 3 and time.monotonic() < deadline:
        time.sleep(1)
    assert kernels(server) <= held - 3


def test_a_session_that_asks_for_too_much_goes_on(open_page: Callable[..., Any]) -> None:
    other = open_page(f"/?{SMALL}")
    page = open_page(f"/?{SMALL}")
    page.wait_for_selector(".vf-verdict[data-replicates='16']")
    # Many moves at once, as no hand could make them: only the last one counts.
    page.evaluate(
        """() => { const slider = document.getElementById('vf-b-dialogue');
          for (let n = 0; n < 60; n++) { slider.value = (n % 20) / 20;
            slider.dispatchEvent(new Event('change', { bubbles: true })); } }"""
    )
    page.wait_for_function("() => location.search.includes('dialogue:0.95')")
    page.wait_for_selector(".vf-verdict[data-replicates='16']")
    other.wait_for_selector(".vf-verdict[data-replicates='16']")
