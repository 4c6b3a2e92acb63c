"""What all tests share: one thread a worker, and the same hypothesis examples everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest

# Each test worker has a core to itself; libraries that start threads of their own would
# only get in each other's way. Set before they are imported.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("MPLBACKEND", "agg")

# Compiled code makes a first example slow, which says nothing about the rule under test.
hypothesis.settings.register_profile("here", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))


# Two instances of Playwright cannot run in one process: all tests with a browser share these.
@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Any]]:
    """Start a browser; the flags are added to the usual ones."""
    from playwright.sync_api import sync_playwright

    from browser.conftest import FLAGS, chromium

    with sync_playwright() as playwright:
        browsers = []

        def start(*flags: str) -> Any:
            browsers.append(
                playwright.chromium.launch(
                    executable_path=chromium(), args=[*FLAGS, *flags], headless=True
                )
            )
            return browsers[-1]

        yield start
        for browser in browsers:
            browser.close()


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Any]) -> Any:
    return launch()
