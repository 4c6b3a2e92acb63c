"""One server and one browser for all browser tests; a page fails on console errors and strangers.

Skipped by name where there is no Chromium or no playwright: nothing is ever downloaded.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

HERE = Path(__file__).parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 120_000
"""Milliseconds that a page may take under a loaded machine; no test asks for speed."""
LAPTOP, TABLET = (1280, 800), (820, 1180)


def chromium() -> str | None:
    """The browser of this machine, or None."""
    names = (os.environ.get("VELFAERD_CHROMIUM", ""), "chromium", "chromium-browser")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def missing() -> str | None:
    """Why browser tests cannot run here, or None."""
    for name in ("playwright", "solara"):
        try:
            __import__(name)
        except ImportError:
            return f"{name} is not installed"
    return None if chromium() else "no Chromium on this machine (scripts/browser.sh installs it)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = missing()
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    return a_free_port


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder whose studies the server shows."""
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def serve(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Start a dashboard as the command does, with more in its environment; gives its address."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(**environment: str) -> str:
        port = a_free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [sys.executable, "-m", "velfaerd_sim", "dashboard"]
        command += ["--port", str(port), "--results", str(results)]
        address = f"http://127.0.0.1:{port}"
        with log.open("w") as out:
            own = os.environ | environment
            process = subprocess.Popen(command, stdout=out, stderr=out, env=own)
        processes.append(process)
        deadline = time.monotonic() + 300
        while True:
            try:
                with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                    return address
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"the dashboard did not start:\n{log.read_text()}")
                time.sleep(0.1)

    yield start
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def server(serve: Callable[..., str]) -> str:
    """The address of a dashboard that runs as the command starts it."""
    return serve()


class Watch:
    """Notes what must not happen on a page."""

    def __init__(self, page: Any, server: str) -> None:
        self.faults: list[str] = []
        home = urlsplit(server).netloc
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error on the page: {error}"))
        page.on("request", lambda request: self._request(request.url, home))

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _request(self, url: str, home: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != home:
            self.faults.append(f"a request to another host: {url}")


Open = Callable[..., Any]


@pytest.fixture
def open_page(server: str, browser: Any) -> Iterator[Open]:
    """Open a path in a fresh browser session: open_page("/watch?lang=en", size=TABLET).

    other: another browser than the usual one. at: another address than the usual server's.
    Fails afterwards on console errors, and on requests to other hosts.
    """
    contexts, watches = [], []

    def open_one(
        path: str = "/", size: tuple[int, int] = LAPTOP, other: Any = None, at: str = ""
    ) -> Any:
        home = at or server
        context = (other or browser).new_context(
            viewport={"width": size[0], "height": size[1]}, locale="en-GB", accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        watches.append(Watch(page, home))
        page.goto(home + path)
        page.wait_for_selector(".vf-header")
        return page

    yield open_one
    for context in contexts:
        context.close()
    faults = [fault for watch in watches for fault in watch.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def keep_picture(tmp_path: Path) -> Callable[[Any, str], Path]:
    """Keep a picture of a page among the test's files, for people to look at."""

    def keep(page: Any, name: str) -> Path:
        folder = Path(os.environ.get("VELFAERD_PICTURES", tmp_path))
        path = folder / f"{name}.png"
        page.screenshot(path=path)
        return path

    return keep
