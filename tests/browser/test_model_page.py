"""The page of the model in a real browser: search, tabs, equations, fit, everything as a zip."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LAPTOP, TABLET, PHONE = (1280, 800), (820, 1180), (390, 844)
TABS = ("parameters", "regimes", "outcomes", "equations", "fit")
Open = Callable[..., Any]


@pytest.mark.parametrize("size", [LAPTOP, TABLET])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_by_its_address_and_fits(
    open_page: Open, keep_picture: Any, tab: str, size: tuple[int, int]
) -> None:
    page = open_page(f"/model?tab={tab}&lang=da", size=size)
    page.locator(".vf-sheet tbody tr").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    keep_picture(page, f"model_{tab}_{size[0]}")


def test_parameters_are_searched_and_filtered(open_page: Open) -> None:
    page = open_page("/model?lang=en")
    rows = page.locator(".vf-sheet tbody tr")
    rows.first.wait_for()
    everything = rows.count()
    page.get_by_role("button", name="Levers").click()
    page.wait_for_function("n => document.querySelectorAll('tbody tr').length < n", arg=everything)
    page.wait_for_function("location.href.includes('role=lever')")
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_placeholder("Find a parameter").fill("contagion")
    page.locator("[data-id='contagion_strength']").wait_for()
    assert rows.count() < 5
    page.get_by_placeholder("Find a parameter").fill("ensomhed smitter <script>")
    page.get_by_text("Nothing fits the search").wait_for()


def test_tabs_are_reached_by_keyboard(open_page: Open) -> None:
    page = open_page("/model?lang=en")
    page.locator("[data-id='governance_strength']").wait_for()
    page.get_by_role("button", name="Regimes").focus()
    page.keyboard.press("Enter")
    page.locator("[data-id='facilitative_dialogue']").wait_for()
    assert page.locator("tbody tr").count() == 10
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("[data-id='lonely_share']").wait_for()


def test_a_rule_leads_to_its_chapter(open_page: Open) -> None:
    page = open_page("/model?tab=equations&lang=en")
    page.get_by_role("heading", name="Volunteering").wait_for()
    page.get_by_placeholder("Find a rule").fill("closing_probability")
    page.get_by_role("button", name="closing_probability").click()
    page.get_by_role("heading", name="Initiatives").wait_for()
    page.locator(".vf-formula", has_text="closing_probability").wait_for()
    page.wait_for_function("location.href.includes('chapter=Initiatives')")
    page.get_by_label("Chapter", exact=True).select_option("Loneliness")
    page.get_by_role("heading", name="Loneliness").wait_for()


def test_a_box_of_the_diagram_is_opened_by_keyboard(open_page: Open) -> None:
    page = open_page("/model?tab=causes&lang=en")
    page.locator(".vf-causes-open[data-open='volunteering']").wait_for()
    assert page.locator(".vf-causes svg .vf-causes-tip").count() > 20
    off = page.evaluate(
        """() => { const of = wanted => document.querySelector(wanted).getBoundingClientRect();
          const top = of('.vf-causes-drawing').top, step = of('.vf-causes svg').height / 10;
          return [...document.querySelectorAll('.vf-causes-drawing .vf-cause')].map((e, row) => {
            const at = e.getBoundingClientRect();
            return Math.abs(at.top + at.height / 2 - top - step * (row + 0.5)); }); }"""
    )
    assert len(off) == 10
    assert max(off) < 1.0, "the arcs end at the boxes"
    page.locator("[data-box='loneliness']").focus()
    page.keyboard.press("Enter")
    opened = page.locator(".vf-causes-open[data-open='loneliness']")
    opened.wait_for()
    page.wait_for_function("location.href.includes('box=loneliness')")
    rule = opened.locator("[data-rule='pull_of_ties']")
    assert "Contagion along ties" in rule.inner_text()
    opened.locator("[data-rule='comfort_of_contact'] summary").click()
    parameter = opened.locator("[data-rule='comfort_of_contact'] [data-parameter='contact_effect']")
    assert all(part in parameter.inner_text() for part in ("contact_effect", "At zero, "))
    parameter.get_by_role("link", name="Run without it in Compare").click()
    page.wait_for_function("location.pathname === '/compare'")
    page.wait_for_function("decodeURIComponent(location.href).includes('contact_effect:0.0')")
    page.locator(".vf-verdict[data-fresh=true]").wait_for()


def test_a_box_on_a_phone_shows_what_it_opens(open_page: Open, keep_picture: Any) -> None:
    page = open_page("/model?tab=causes&lang=da", size=PHONE)
    page.get_by_role("button", name="Medarbejdertimer").click()
    page.locator(".vf-causes-open[data-open='staff_hours']").wait_for()
    page.wait_for_function(
        "document.querySelector('.vf-causes-open h2').getBoundingClientRect().top < innerHeight / 2"
    )
    assert page.evaluate("Boolean(document.elementFromPoint(195, 20).closest('.vf-card'))")
    keep_picture(page, "model_causes_phone_opened")


def test_the_model_is_asked_for_the_published_figures(open_page: Open) -> None:
    page = open_page("/model?tab=fit&lang=en")
    page.locator("[data-id='T1.lonely_share']").wait_for()
    page.get_by_text("figures that are fitted lie inside").wait_for()
    cells = page.locator("[data-id='T1.lonely_share'] td").all_inner_texts()
    assert cells[3].endswith("%"), "shares are told in per cent, and nobody has to ask for them"
    assert 0.0 < float(cells[3].rstrip("%")) < 50.0
    assert cells[4] in ("yes", "no")


def test_everything_is_taken_along(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/model?lang=en")
    page.locator("[data-id='governance_strength']").wait_for()
    page.get_by_role("button", name="Download and share").click()
    with page.expect_download() as found:
        page.get_by_role("button", name="All tables").click()
    path = tmp_path / found.value.suggested_filename
    found.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
    assert {"parameters.csv", "regimes.toml", "equations.json", "scenarios/denmark.toml"} <= names


def test_the_language_changes_labels_and_numbers(open_page: Open) -> None:
    page = open_page("/model?lang=en")
    row = page.locator("[data-id='adults_per_staff']")
    assert "6,000" in row.inner_text()
    page.get_by_role("button", name="Dansk").click()
    page.get_by_text("Voksne pr. medarbejder", exact=True).wait_for()
    assert "6.000" in row.inner_text()


@pytest.mark.parametrize("query", ["tab=nothing", "role=king", "group=%3Cb%3E", "chapter=x"])
def test_a_broken_address_shows_the_first_view(open_page: Open, query: str) -> None:
    page = open_page(f"/model?{query}&lang=en")
    page.locator("[data-id='governance_strength']").wait_for()
