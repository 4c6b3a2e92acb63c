"""My municipality and Advice in a real browser: what is stated, what is refused, what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Open = Callable[..., Any]


def test_what_is_stated_stands_in_the_link_and_follows(open_page: Open) -> None:
    page = open_page("/municipality?lang=en")
    page.get_by_label("Municipality", exact=True).select_option(label="Kolding")
    field = page.get_by_label("Volunteers in the social field", exact=True)
    field.fill("2.900")
    field.press("Tab")
    page.wait_for_url("**place=621**volunteers:2900**")
    hours = page.get_by_label("Staff hours a month per 1,000 adults", exact=True)
    hours.fill("many")
    hours.press("Tab")
    page.get_by_text("Write a number from 2 to 80.").wait_for()
    assert hours.get_attribute("aria-invalid") == "true"
    assert "hours" not in page.url
    hours.fill("15")
    hours.press("Tab")
    page.wait_for_url("**hours:15**")
    assert page.get_by_text("Write a number").count() == 0
    page.get_by_role("link", name="Model", exact=True).click()
    page.wait_for_url("**/model?**place=621**hours:15**")
    page.locator("[aria-current=page]", has_text="Model").wait_for()
    page.get_by_role("link", name="Advice", exact=True).click()
    page.get_by_text("In Kolding, governed as stated").wait_for()


def test_questions_on_governance_are_answered_in_danish(open_page: Open) -> None:
    page = open_page("/municipality?place=621&lang=da")
    page.get_by_label("Styring i dag", exact=True).select_option(label="Ud fra tolv spørgsmål")
    page.get_by_label("Hvor mange skemaer").select_option(index=2)
    page.wait_for_url("**today=forms:b**")
    page.get_by_text("1 af 12 besvaret").wait_for()


def test_hours_that_cannot_be_are_told_at_the_field(open_page: Open) -> None:
    page = open_page("/advice?lang=da")
    hours = page.get_by_role("textbox", name="Højst så mange medarbejdertimer")
    hours.fill("0")
    hours.press("Tab")
    page.get_by_text("Skriv timer om måneden").wait_for()
    hours.fill("7,5")
    hours.press("Tab")
    page.wait_for_url("**most=7.5**")
    page.get_by_label("Regler og dokumentation: bliver på").first.check(force=True)
    page.wait_for_url("**fix=rigidity**")
