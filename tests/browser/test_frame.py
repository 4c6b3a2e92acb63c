"""The frame of the dashboard in a real browser: pages, language, addresses, keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

PAGES = {
    "/": "Start",
    "/municipality": "Min kommune",
    "/compare": "Sammenlign",
    "/advice": "Råd",
    "/watch": "Følg byen",
    "/map": "Kort",
    "/model": "Modellen",
}


def test_the_language_is_the_browsers_until_it_is_changed(
    open_page: Callable[..., Any], launch: Callable[..., Any]
) -> None:
    page = open_page("/", other=launch("--accept-lang=da-DK,da"))
    assert page.locator("html").get_attribute("lang") == "da"
    assert page.get_by_role("link", name="Sammenlign", exact=True).is_visible()
    page.get_by_role("button", name="English").click()
    page.get_by_role("link", name="Compare", exact=True).wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.wait_for_function("location.search.includes('lang=en')")
    page.reload()
    page.get_by_role("link", name="Compare", exact=True).wait_for()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_by_its_address(open_page: Callable[..., Any], path: str) -> None:
    page = open_page(f"{path}?lang=da")
    current = page.locator("[aria-current=page]")
    assert current.inner_text() == PAGES[path]
    assert PAGES[path] in page.title()


def test_pages_are_left_and_found_again(open_page: Callable[..., Any]) -> None:
    page = open_page("/?lang=en")
    page.get_by_role("link", name="Map").click()
    page.wait_for_url("**/map?**")
    page.go_back()
    page.wait_for_url(lambda url: "/map" not in url)
    page.locator("[aria-current=page]", has_text="Start").wait_for()


def test_the_keyboard_reaches_the_pages(open_page: Callable[..., Any]) -> None:
    page = open_page("/?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Compare"
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?**")


def test_a_link_of_the_time_when_compare_came_first_still_opens_it(
    open_page: Callable[..., Any],
) -> None:
    page = open_page("/?a=rigid_rules&b=hands_off&adults=300&months=12&lang=en")
    page.wait_for_url("**/compare?a=rigid_rules&b=hands_off&adults=300&months=12&lang=en")
    page.locator("[aria-current=page]", has_text="Compare").wait_for()
