"""What the browser tests of Compare share: wait, move, read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SMALL = "adults=300&months=24&burn_in_months=24"
Open = Callable[..., Any]


def settled(page: Any, pairs: int = 16) -> Any:
    """Wait until all pairs of the view are in and drawn; gives the page."""
    page.wait_for_function(
        "n => document.querySelector('.vf-verdict[data-fresh=true]')?.dataset.replicates === n"
        " && [...document.querySelectorAll('.vf-chart')].every(c => c.dataset.version === n)",
        arg=str(pairs),
    )
    return page


def sentence(page: Any) -> str:
    return str(page.locator(".vf-verdict-head").inner_text())


def move(page: Any, slider: str, value: float) -> None:
    """Let a slider go at a value, as a pointer would."""
    page.locator(f"#{slider}").evaluate(
        "(el, v) => { el.value = v; for (const name of ['input', 'change'])"
        " el.dispatchEvent(new Event(name, { bubbles: true })); }",
        str(value),
    )


def at(page: Any, part: str) -> None:
    """Wait until the address holds something."""
    page.wait_for_function("part => location.href.includes(part)", arg=part)


def menu(page: Any, name: str = "Download and share") -> None:
    page.get_by_role("button", name=name).click()
