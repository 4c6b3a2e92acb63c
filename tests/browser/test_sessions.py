"""Sessions come and go: what they held is freed, what is too much is refused, others go on."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from velfaerd_sim.dashboard.frame.settings import CULL_SECONDS

SMALL = "adults=300&months=24&burn_in_months=24&lang=en"
PATIENCE = CULL_SECONDS + 60


def kernels(server: str) -> int:
    """How many sessions the server holds."""
    with urllib.request.urlopen(f"{server}/resourcez", timeout=10) as answer:
        return int(json.load(answer)["kernels"]["total"])


def test_closed_sessions_are_freed(open_page: Callable[..., Any], server: str) -> None:
    pages = [open_page(f"/compare?{SMALL}&seed={n}") for n in range(3)]
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


def test_an_unknown_path_leads_to_the_pages(
    browser: Any, server: str, keep_picture: Callable[[Any, str], Any]
) -> None:
    page = browser.new_context(viewport={"width": 820, "height": 1180}).new_page()
    answer = page.goto(f"{server}/no/such/page")
    assert answer.status == 404
    page.get_by_role("heading", name="Her er ingen side").wait_for()
    page.get_by_role("heading", name="There is no page here").wait_for()
    keep_picture(page, "no_page")
    page.get_by_role("link", name="Studies").click()
    page.wait_for_selector(".vf-header")
    page.locator("[aria-current=page]", has_text="Studies").wait_for()
    page.context.close()


def test_another_name_for_this_machine_is_not_answered(server: str) -> None:
    asked = urllib.request.Request(f"{server}/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=10)
    assert refused.value.code == 421


def test_broken_messages_end_their_own_connection_only(
    open_page: Callable[..., Any], server: str
) -> None:
    """What a stranger may send: no JSON, no message, too deep, too long, and unknown targets."""
    page = open_page(f"/compare?{SMALL}")
    page.wait_for_selector(".vf-verdict[data-replicates='16']")
    comm = {"header": {"msg_type": "comm_open", "msg_id": "1"}, "channel": "shell"}
    odd = [
        *("{{{", "{}", "1", "[" * 100_000, "x" * 5_000_000),
        json.dumps({**comm, "content": {"comm_id": [1], "target_name": {}, "data": 1}}),
    ]
    closed = page.evaluate(
        """async ([address, texts]) => Promise.all(texts.map((text) => new Promise((done) => {
          const socket = new WebSocket(address + '/jupyter/api/kernels/' + crypto.randomUUID()
            + '/channels?session_id=1');
          socket.onopen = () => socket.send(text);
          socket.onclose = (event) => done(true);
          setTimeout(() => done(false), 20000);
        })))""",
        [server.replace("http", "ws"), odd],
    )
    assert closed == [True] * len(odd)
    page.get_by_role("button", name="Dansk").click()
    page.get_by_role("link", name="Sammenlign").wait_for()


def test_a_session_that_asks_for_too_much_goes_on(open_page: Callable[..., Any]) -> None:
    other = open_page(f"/compare?{SMALL}")
    page = open_page(f"/compare?{SMALL}")
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
