"""Start in a real browser: a story, the tour, the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Open = Callable[..., Any]


def test_a_story_opens_its_view_and_the_tour_goes_on(open_page: Open) -> None:
    page = open_page("/?lang=en")
    page.get_by_role("heading", name="What do you want to know?").wait_for()
    assert "Three-Item Loneliness Scale" in page.locator(".vf-terms").inner_text()
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_text("Step 2 of 5").wait_for()
    page.get_by_role("link", name="Open the page: Compare").wait_for()
    story = page.locator(".vf-card", has_text="Does dialogue pay with few hours?")
    story.get_by_role("link", name="Open in Compare").click()
    page.wait_for_url("**/compare?**hours_per_1000:4**")
    page.go_back()
    page.get_by_role("heading", name="What do you want to know?").wait_for()


def test_the_first_page_is_danish_too(open_page: Open) -> None:
    page = open_page("/?lang=da")
    page.get_by_role("heading", name="Hvad vil du vide?").wait_for()
    page.get_by_role("link", name="Åbn i Råd").click()
    page.wait_for_url("**/advice?**lang=da**")
