"""Ten tasks of a newcomer, from the first page on, with the number of operations of each.

An operation is a click, a choice in a list, a slider that is moved or a field that is filled in.
The table in docs/dashboard.md holds the same numbers.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.comparing import move

ROOT = Path(__file__).parents[2]
Open = Callable[..., Any]


class Hand:
    """What a newcomer does on a page, counted."""

    def __init__(self, page: Any) -> None:
        self.page, self.operations = page, 0

    def click(self, role: str, name: str, within: str = "body") -> None:
        self.operations += 1
        self.page.locator(within).get_by_role(role, name=name, exact=True).first.click()

    def choose(self, label: str, value: str) -> None:
        self.operations += 1
        self.page.get_by_label(label, exact=True).select_option(label=value)

    def fill(self, label: str, value: str) -> None:
        self.operations += 1
        field = self.page.get_by_role("textbox", name=label)
        field.fill(value)
        field.press("Tab")

    def slide(self, slider: str, value: float) -> None:
        self.operations += 1
        move(self.page, slider, value)

    def go(self, page: str) -> None:
        self.click("link", page, ".vf-nav")

    def sees(self, text: str, where: str = "main", seconds: float = 45.0) -> None:
        self.page.locator(where, has_text=re.compile(text)).first.wait_for(timeout=1000 * seconds)


def best_with_few_hours(hand: Hand) -> None:
    hand.click("link", "Åbn i Sammenlign", '.vf-card:has-text("Betaler dialog sig")')
    hand.choose("Byen: Type", "Landkommune")
    hand.click("button", "Stil alle ti op")
    hand.sees("bedst|bedste", ".vf-ranked-said")


def who_gains_most(hand: Hand) -> None:
    hand.go("Kort")
    hand.sees(
        "kan i disse kørsler ikke skelnes fra tilfældigheder|ud over tilfældigheder", ".vf-told"
    )


def my_own_figures(hand: Hand) -> None:
    begin = time.monotonic()
    hand.go("Min kommune")
    hand.choose("Kommune", "Kolding")
    hand.fill("Frivillige på det sociale område", "2900")
    hand.fill("Ensomme voksne (%)", "11")
    hand.fill("Hvor mange svarede i den undersøgelse", "1200")
    hand.page.wait_for_function("location.href.includes(':1200')")
    assert time.monotonic() - begin < 60.0
    hand.go("Sammenlign")
    hand.sees("Kolding", ".vf-place-line")


def what_more_dialogue_does(hand: Hand) -> None:
    hand.go("Sammenlign")
    hand.page.wait_for_selector(".vf-verdict[data-replicates='16']")
    hand.slide("vf-b-dialogue", 0.9)
    hand.sees("før .* nu ", ".vf-before")


def from_how_many_hours_on_nothing_changes(hand: Hand) -> None:
    hand.go("Sammenlign")
    hand.click("button", "Find, hvor flere timer ikke ændrer mere")
    hand.page.wait_for_function(
        "() => !document.querySelector('#vf-enough')"
        " && !document.querySelector('.vf-hours-said [role=status]')"
    )


def back_to_the_run_before(hand: Hand) -> None:
    what_more_dialogue_does(hand)
    hand.page.locator(".vf-history li").nth(1).wait_for()
    hand.operations += 1
    hand.page.locator(".vf-history-go").last.click()
    hand.page.wait_for_function("!location.href.includes('dialogue:0.9')")


def why_somebody_recovered(hand: Hand) -> None:
    hand.go("Følg byen")
    hand.page.wait_for_selector('.vw[data-ready="true"]')
    hand.operations += 1
    hand.page.locator(".vw-jump input").fill("60")
    hand.page.wait_for_selector('.vw[data-month="60"]')
    hand.click("button", "en, der kom ud af ensomhed")
    hand.sees("Det trak ned|Det holdt imod", ".vw-why")


def the_best_package(hand: Hand) -> None:
    hand.click("link", "Åbn i Råd")
    hand.click("button", "Søg efter den bedste pakke")
    hand.sees("Pakke 1", ".vf-packages", 240.0)  # a whole search


def the_report_to_send(hand: Hand) -> None:
    hand.go("Sammenlign")
    hand.page.wait_for_selector(".vf-verdict[data-replicates='16']")
    hand.click("button", "Hent og del")
    with hand.page.expect_download(timeout=180_000) as download:
        hand.operations += 1
        hand.page.locator(".vf-menu-item", has_text="Send rapporten").click()
    assert download.value.suggested_filename.endswith(".html")


def where_a_number_comes_from(hand: Hand) -> None:
    hand.go("Modellen")
    hand.operations += 1
    hand.page.get_by_placeholder("Find en parameter").fill("contagion")
    source = hand.page.locator("[data-id='contagion_strength'] td").last
    source.wait_for()
    assert len(source.inner_text()) > 10


TASKS: dict[str, Callable[[Hand], None]] = {
    "the best regime for a rural town with few hours": best_with_few_hours,
    "which municipalities gain most": who_gains_most,
    "my own figures, in Compare": my_own_figures,
    "what more dialogue does": what_more_dialogue_does,
    "from how many hours on nothing changes": from_how_many_hours_on_nothing_changes,
    "back to the run before": back_to_the_run_before,
    "why somebody is no longer lonely": why_somebody_recovered,
    "the best package for 12 hours": the_best_package,
    "the report, to send": the_report_to_send,
    "where a number of the model comes from": where_a_number_comes_from,
}


def told() -> dict[str, int]:
    """Operations of each task as the document tells them."""
    text = (ROOT / "docs/dashboard.md").read_text(encoding="utf-8")
    table = text.partition("| task | operations |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (.+?) \| (\d+) \|", table, re.MULTILINE)
    return {task: int(count) for task, count in rows}


@pytest.mark.parametrize("task", TASKS)
def test_a_newcomer_gets_there(open_page: Open, task: str) -> None:
    page = open_page("/?lang=da")
    page.set_default_timeout(45_000)
    hand = Hand(page)
    TASKS[task](hand)
    assert hand.operations == told()[task]


def test_every_task_is_told_and_the_promised_ones_are_short() -> None:
    assert told().keys() == TASKS.keys()
    assert told()["the best regime for a rural town with few hours"] <= 3
    assert told()["which municipalities gain most"] == 1
