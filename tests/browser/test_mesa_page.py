"""Mesa's SolaraViz page in a real browser: step, play, reset; nothing from outside."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

START = 120
MODULE = "velfaerd_sim.dashboard.model.mesa_page"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page as a user starts it: solara run velfaerd_sim.dashboard.model.mesa_page."""
    folder = tmp_path_factory.mktemp("mesa")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "solara", "run", MODULE, "--production", "--no-open"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
    log = folder / "log.txt"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder, env=environment)
    try:
        deadline = time.monotonic() + START
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                    break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"the page did not start:\n{log.read_text()}")
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    text = Path(log).read_text(errors="replace")
    assert "Traceback" not in text, text


def month(page: Any) -> int:
    found = re.search(r"^Month (\d+)$", page.inner_text("body"), re.MULTILINE)
    assert found is not None
    return int(found[1])


def test_step_play_and_reset(address: str, browser: Any, keep_picture: Any) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            faults.append(request.url)
            if urlsplit(request.url).scheme.startswith(("http", "ws"))
            and urlsplit(request.url).netloc != urlsplit(address).netloc
            else None
        ),
    )
    page.goto(address)
    page.get_by_text("Month 0", exact=True).wait_for()
    page.locator("svg[aria-label^='1000 citizens']").wait_for()
    page.get_by_role("button", name="Step").click()
    page.get_by_text("Month 1", exact=True).wait_for()
    page.get_by_role("button", name="▶").click()
    page.wait_for_function("/^Month [3-9]/m.test(document.body.innerText)")
    page.get_by_role("button", name="❚❚").click()
    page.get_by_role("button", name="▶").wait_for()
    assert month(page) >= 3
    keep_picture(page, "mesa-page")
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("Month 0", exact=True).wait_for()
    page.context.close()
    assert faults == []


def test_on_a_tablet_the_settings_do_not_cover_the_page(
    address: str, browser: Any, keep_picture: Any
) -> None:
    page = browser.new_context(viewport={"width": 820, "height": 1180}).new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.get_by_text("Month 0", exact=True).wait_for()
    drawer = page.locator(".v-navigation-drawer")
    page.wait_for_function(
        "() => document.querySelector('.v-navigation-drawer').getBoundingClientRect().right <= 0"
    )
    page.wait_for_function(
        "() => document.elementFromPoint(60, 600).closest('.solara-content-main') !== null"
    )
    keep_picture(page, "mesa-page-tablet")
    assert "Solara" not in page.inner_text("body")
    page.locator("header button").first.click()
    page.get_by_role("button", name="Step").click()
    assert drawer.bounding_box()["x"] >= 0
    page.get_by_text("Month 1", exact=True).wait_for()
    page.context.close()
