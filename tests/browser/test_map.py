"""The map in a real browser: run and cancel, click, arrow keys, months, languages, both sizes."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LAPTOP, TABLET = (1280, 800), (820, 1180)
QUICK = "one_in=100"
RUN_PATIENCE = 120_000
"""Milliseconds that a run of the country may take on a busy machine."""
Open = Callable[..., Any]


def ready(page: Any) -> Any:
    """Wait until the map has values; gives the page."""
    page.locator(".vf-legend-bar").wait_for(timeout=RUN_PATIENCE)
    page.locator("[data-id='101']").wait_for()
    return page


def tile(page: Any, code: int) -> Any:
    return page.locator(f".vf-tile[data-code='{code}']")


def at(page: Any, part: str) -> None:
    """Wait until the address holds something."""
    page.wait_for_function("part => location.href.includes(part)", arg=part)


def town(page: Any) -> str:
    return str(page.locator("#vf-town").inner_text())


@pytest.mark.parametrize("size", [LAPTOP, TABLET])
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_map_opens_and_fits(
    open_page: Open, keep_picture: Any, size: tuple[int, int], language: str
) -> None:
    page = ready(open_page(f"/map?{QUICK}&lang={language}", size=size))
    assert page.locator(".vf-tile").count() == 98
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    cut = page.evaluate(
        "[...document.querySelectorAll('.vf-tile > span')].filter(s =>"
        " s.scrollWidth > s.parentElement.clientWidth + 1 ||"
        " s.scrollHeight > s.parentElement.clientHeight + 1).map(s => s.innerText)"
    )
    assert cut == []
    keep_picture(page, f"map_{language}_{size[0]}")


def test_a_municipality_is_chosen_and_the_link_shows_it_again(open_page: Open) -> None:
    page = ready(open_page(f"/map?{QUICK}&lang=en"))
    assert town(page) == "Denmark"
    tile(page, 621).click()
    page.get_by_role("heading", name="Kolding").wait_for()
    assert tile(page, 621).get_attribute("aria-pressed") == "true"
    assert page.locator(".vf-tile-near").count() == 4
    at(page, "town=621")
    page.get_by_role("button", name="Silkeborg", exact=True).first.click()
    page.get_by_role("heading", name="Silkeborg").wait_for()
    at(page, "town=740")
    address = page.url
    other = ready(open_page(address.partition("//")[2].partition("/")[2].join(["/", ""])))
    other.get_by_role("heading", name="Silkeborg").wait_for()
    page.get_by_role("button", name="Show all of Denmark").click()
    page.get_by_role("heading", name="Denmark", exact=True).wait_for()


def test_outcome_side_and_month_change_what_is_shown(open_page: Open) -> None:
    page = ready(open_page(f"/map?{QUICK}&lang=en"))
    before = tile(page, 751).get_attribute("aria-label")
    assert "pp" in before
    sides = page.get_by_role("group", name="On the map")
    sides.get_by_role("button", name="A", exact=True).click()
    page.get_by_text("under A: The municipality").wait_for()
    level = tile(page, 751).get_attribute("aria-label")
    assert level.startswith("Aarhus: ")
    assert level.endswith("%")
    page.get_by_label("Outcome", exact=True).select_option("volunteers_per_1000")
    page.locator(".vf-legend-title", has_text="Volunteers").wait_for()
    at(page, "outcome=volunteers_per_1000")
    slider = page.get_by_label("Time")
    slider.focus()
    slider.press("Home")
    page.wait_for_function("document.querySelector('.vf-month-value').innerText === '0 months'")
    page.get_by_text("Volunteers, at the start").first.wait_for()
    at(page, "month=0")
    page.reload()
    ready(page)
    assert page.get_by_label("Time").input_value() == "0"


def test_what_cannot_be_told_apart_is_coloured_alike_and_not_ranked(open_page: Open) -> None:
    page = ready(open_page(f"/map?{QUICK}&runs=1&lang=en"))
    page.get_by_text("all have the same colour, and none is ranked").wait_for()
    ranks = page.locator("table").last.locator("tbody tr td:first-child")
    assert set(ranks.all_inner_texts()) == {""}
    alike = "tiles => new Set(tiles.map(tile => getComputedStyle(tile).backgroundColor)).size"
    assert page.locator(".vf-tile").evaluate_all(alike) == 1
    page.locator(".vf-tile").first.click()
    page.get_by_text("95% interval of the difference").wait_for()
    page.get_by_role("group", name="On the map").get_by_role("button", name="A", exact=True).click()
    page.get_by_text("under A: The municipality").wait_for()
    assert ranks.first.inner_text() == "1"
    assert page.locator(".vf-tile").evaluate_all(alike) > 10


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_tables_show_every_interval_and_mark_what_may_be_chance(
    open_page: Open, language: str
) -> None:
    page = ready(open_page(f"/map?{QUICK}&town=621&lang={language}", size=TABLET))
    bodies = page.locator(".vf-sheet-body")
    assert bodies.count() == 2
    for number in range(2):
        fits = "body => body.scrollWidth <= body.clientWidth + 1"
        assert bodies.nth(number).evaluate(fits), number
    for rows in (bodies.first.locator("tbody tr"), bodies.last.locator("tbody tr")):
        seen = rows.evaluate_all(
            "rows => rows.map(r => [...r.cells].slice(-2))"
            ".map(([gap, span]) => [gap.style.color !== '', span.innerText])"
        )
        for grey, text in seen:
            low, high = (
                float(re.sub(r"[^0-9.+-]", "", part.replace("−", "-").replace(",", ".")))
                for part in re.split(" til | to ", text)
            )
            if abs(low) > 0.05 and abs(high) > 0.05:  # an end that is written as zero says neither
                assert grey == (low < 0.0 < high), text
    grey = page.get_by_text(re.compile("^(Grå|Grey): ")).count() >= 1
    marked = "rows => rows.some(row => [...row.cells].slice(-2)[0].style.color !== '')"
    assert grey == any(body.locator("tbody tr").evaluate_all(marked) for body in bodies.all())


def test_play_moves_the_months(open_page: Open) -> None:
    page = ready(open_page(f"/map?{QUICK}&month=100&lang=en"))
    page.get_by_role("button", name="Play the months").click()
    page.wait_for_function("Number(document.querySelector('.vf-month input').value) > 104")
    page.get_by_role("button", name="Pause").click()
    value = page.get_by_label("Time").input_value()
    at(page, f"month={value}") if value != "120" else None


def test_a_run_is_cancelled_and_made_again(open_page: Open) -> None:
    page = open_page("/map?one_in=4&seed=77&lang=en")
    page.get_by_role("button", name="Run Denmark").click()
    page.locator(".vf-running .vf-progress").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Run Denmark").wait_for()
    assert page.locator(".vf-legend-bar").count() == 0
    page.get_by_label("Adults simulated", exact=True).select_option("100")
    ready(page)


def test_other_pages_answer_while_denmark_is_run(open_page: Open) -> None:
    page = open_page("/map?one_in=4&seed=78&lang=en")
    page.get_by_role("button", name="Run Denmark").click()
    page.locator(".vf-running .vf-progress").wait_for()
    page.get_by_role("link", name="Model").click()
    page.locator("[data-id='governance_strength']").wait_for()
    page.get_by_role("link", name="Map").click()
    cancel = page.get_by_role("button", name="Cancel")
    cancel.or_(page.locator(".vf-legend-bar")).first.wait_for()
    if cancel.count():
        cancel.click()


def test_arrow_keys_move_over_the_map(open_page: Open) -> None:
    page = ready(open_page(f"/map?{QUICK}&town=751&lang=en"))
    tile(page, 751).focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.code") == "730"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Favrskov").wait_for()
    assert page.locator(".vf-tile[tabindex='0']").count() == 1


def test_the_ranking_is_sorted_and_searched(open_page: Open) -> None:
    page = ready(open_page(f"/map?{QUICK}&lang=en"))
    names = page.locator("table").last.locator("tbody tr td:nth-child(2)")
    page.get_by_role("button", name="Inhabitants", exact=True).last.click()
    assert names.first.inner_text() == "København"
    page.get_by_role("button", name="Inhabitants").last.click()
    assert names.first.inner_text() == "Læsø"
    page.get_by_role("button", name="Municipality", exact=True).last.click()
    page.get_by_placeholder("Find a municipality").fill("rural nordjylland")
    assert "Morsø" in names.all_inner_texts()
    assert "Kolding" not in names.all_inner_texts()
    page.get_by_placeholder("Find a municipality").fill("<b>no such place")
    page.get_by_text("Nothing fits the search").wait_for()
    page.get_by_placeholder("Find a municipality").fill("ærø")
    page.get_by_role("button", name="Ærø", exact=True).last.click()
    page.get_by_role("heading", name="Ærø").wait_for()


def test_values_figure_and_scenario_are_taken_along(open_page: Open, tmp_path: Path) -> None:
    page = ready(open_page(f"/map?{QUICK}&lang=en"))

    def take(item: str) -> Path:
        page.get_by_role("button", name="Download and share").click()
        with page.expect_download() as found:
            page.get_by_role("button", name=item).click()
        path = tmp_path / found.value.suggested_filename
        found.value.save_as(path)
        return path

    with take("Values (CSV)").open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.DictReader(file)) == 98 * 121
    assert "Kolding" in take("Map (SVG)").read_text(encoding="utf-8")
    assert tomllib.loads(take("Scenario under B").read_text(encoding="utf-8"))["regime"]


@pytest.mark.parametrize(
    "query",
    ["outcome=%3Cscript%3E", "month=9999", "town=1", "a=nobody", "one_in=2", "month=%C2%B2"],
)
def test_a_broken_address_is_said_and_survived(open_page: Open, query: str) -> None:
    page = open_page(f"/map?{query}&lang=en")
    page.get_by_text("The address held something").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    page.get_by_text("The address held something").wait_for(state="detached")
    assert page.locator(".vf-tile").count() == 98
