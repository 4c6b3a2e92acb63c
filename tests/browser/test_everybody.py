"""Every page for everybody: no violation that axe finds, phones, keyboard, dark screens, paper.

The pages are those of the dashboard's own list. A page is opened once in each language and then
looked at in four widths.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from velfaerd_sim.dashboard.frame.links import path_of
from velfaerd_sim.dashboard.frame.settings import PAGES
from velfaerd_sim.inputs.scenarios import load_scenario
from velfaerd_sim.studies.compare.comparison import compare

axe_package = pytest.importorskip("axe_playwright_python.sync_playwright")

SIZES = ((390, 844), (768, 1024), (1280, 800), (1920, 1080))
PHONE, LAPTOP = SIZES[0], SIZES[2]
LANGUAGES = ("da", "en")
QUICK = {
    "compare": "adults=300&months=24&burn_in_months=24",
    "watch": "adults=500",
    "map": "one_in=100&runs=1",
    "studies": "study=everybody",
}
"""What a page is asked for, so that it is there soon; any other page is asked for nothing."""
DONE = {
    "compare": ".vf-verdict[data-fresh=true][data-replicates='16']",
    "watch": ".vw[data-ready=true]",
    "map": ".vf-tiles:has(.vf-legend-bar)",
    "studies": ".vf-chart[data-drawn]",
    "model": ".vf-sheet",
}
"""What of a page is its first result, and when it is there; of any other page the whole."""
RULES = {
    "resultTypes": ["violations"],
    "preload": False,
    "rules": {
        "target-size": {"enabled": True},
        "label-content-name-mismatch": {"enabled": True},
    },
}
ROWS = 6
"""Rows of a long table that are looked at; the others are made alike."""
MOST_TAB_STOPS = 15
SMALLEST_TARGET = 24
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def study(results: Path) -> Path:
    """A comparison for the page of studies."""
    scenario = load_scenario("baseline").with_(adults=300, months=6, burn_in_months=6)
    compare(["municipal_baton", "rigid_rules"], scenario, replicates=2, out=results / "everybody")
    return results


def opened(open_page: Open, name: str, language: str, size: tuple[int, int] = LAPTOP) -> Any:
    """A page with what it shows."""
    query = "&".join(part for part in (QUICK.get(name, ""), f"lang={language}") if part)
    page = open_page(f"{path_of(name)}?{query}", size=size)
    page.wait_for_selector(DONE.get(name, "main *"))
    return page


def resized(page: Any, size: tuple[int, int]) -> None:
    """Make the window another size and let the page settle: two frames and a turn."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame("
        "() => setTimeout(done, 60))))"
    )


def violations(page: Any, tags: tuple[str, ...] = ()) -> list[str]:
    """What axe finds, of any impact: rule, element, reason."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(axe_package.Axe().axe_script)
    options = RULES | ({"runOnly": list(tags)} if tags else {})
    found = page.evaluate(
        "([options, rows]) => axe.run({exclude: [[`tbody tr:nth-child(n+${rows + 1})`]]}, options)",
        [options, ROWS],
    )
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def too_wide(page: Any) -> list[str]:
    """What stands out to the right of the window, where the page can be pushed aside."""
    found: list[str] = page.evaluate(
        """() => { const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const within = e => e && e !== document.body && e !== document.documentElement
            && (getComputedStyle(e).overflowX !== 'visible' || within(e.parentElement));
          return [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > width + 1 && !within(e.parentElement))
            .map(e => e.tagName + '.' + e.className + ' ' + e.getBoundingClientRect().right); }"""
    )
    return found[-6:]


def small_targets(page: Any) -> list[str]:
    """Controls that are seen and smaller than a finger needs; not links inside of a sentence."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll('main, header')].flatMap(part =>
            [...part.querySelectorAll('a[href], button, select, input, summary, [role=button]')])
          .filter(e => !(e.tagName === 'A' && e.closest('p, dd, li, td')) && e.tabIndex >= 0)
          .map(e => [e, e.getBoundingClientRect()])
          .filter(([e, r]) => r.width > 2 && r.height > 2 && getComputedStyle(e).display !== 'none')
          .filter(([e, r]) => Math.min(r.width, r.height) < least - 0.5)
          .map(([e, r]) => `${Math.round(r.width)}x${Math.round(r.height)} `
            + e.outerHTML.slice(0, 120))""",
        SMALLEST_TARGET,
    )
    return found[:6]


def other_names(page: Any) -> list[str]:
    """Buttons and links whose spoken name is not the text that is seen on them."""
    found: list[str] = page.evaluate(
        """() => { const plain = text => text.replace(/\\u00ad/g, '').replace(/\\s+/g, ' ').trim();
          return [...document.querySelectorAll('a[aria-label], button[aria-label]')]
            .map(e => [plain(e.innerText), plain(e.getAttribute('aria-label'))])
            .filter(([seen, said]) => /\\p{L}/u.test(seen) && !said.startsWith(seen))
            .map(pair => pair.join(' | ')); }"""
    )
    return found


def structure(page: Any) -> dict[str, Any]:
    """How many mains there are, and the levels of the headings in order."""
    found: dict[str, Any] = page.evaluate(
        """() => ({
          mains: document.querySelectorAll('main, [role=main]').length,
          levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
            .filter(e => getComputedStyle(e).display !== 'none').map(e => Number(e.tagName[1])),
          zoom: document.querySelector('meta[name=viewport]').content })"""
    )
    return found


def presses_until(page: Any, wanted: str) -> int:
    """How often one presses Tab, the link to the result being taken, until one is past its begin.

    Gives more than the limit where it is not reached.
    """
    reached = """wanted => { const e = document.activeElement;
      const result = document.querySelector(wanted);
      return result.contains(e) || e.contains(result) && e.tabIndex === -1 ||
        Boolean(result.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING); }"""
    for presses in range(1, MOST_TAB_STOPS + 1):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('vf-skip')"):
            page.keyboard.press("Enter")
        if page.evaluate(reached, wanted):
            return presses
    return MOST_TAB_STOPS + 1


def kept_out(page: Any, keep_picture: Any, name: str) -> list[str]:
    """What keeps somebody out of a page in any of the widths; a picture of each is kept."""
    faults = []
    for size in SIZES:
        resized(page, size)
        found = {
            "axe": violations(page),
            "too wide": too_wide(page),
            "too small": small_targets(page),
        }
        faults += [f"{size[0]}: {kind}: {each}" for kind in found for each in found[kind]]
        keep_picture(page, f"everybody_{name}_{size[0]}")
    return faults


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_out(
    open_page: Open, study: Path, keep_picture: Any, name: str, language: str
) -> None:
    page = opened(open_page, name, language)
    assert not kept_out(page, keep_picture, f"{name}_{language}")
    assert not other_names(page)
    built = structure(page)
    assert built["mains"] == 1
    levels = built["levels"]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "user-scalable" not in built["zoom"]
    assert "maximum-scale" not in built["zoom"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_kept_out_of_the_diagram_of_causes(
    open_page: Open, keep_picture: Any, language: str
) -> None:
    page = open_page(f"/model?tab=causes&box=agreements&lang={language}")
    page.locator(".vf-causes-open[data-open='agreements']").wait_for()
    assert not kept_out(page, keep_picture, f"causes_{language}")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert not kept_out(page, keep_picture, f"causes_opened_{language}")


@pytest.mark.parametrize("name", DONE)
def test_results_are_soon_reached_with_the_keyboard(
    open_page: Open, study: Path, name: str
) -> None:
    page = opened(open_page, name, "da")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Gå til resultatet"
    page.keyboard.press("Shift+Tab")
    assert presses_until(page, DONE[name].partition(":")[0].partition("[")[0]) <= MOST_TAB_STOPS


@pytest.mark.parametrize("name", PAGES)
def test_a_dark_screen_and_paper_can_be_read(
    open_page: Open, study: Path, keep_picture: Any, name: str
) -> None:
    page = opened(open_page, name, "da")
    page.emulate_media(color_scheme="dark")
    resized(page, LAPTOP)
    ground = page.evaluate(
        "getComputedStyle(document.querySelector('.v-application')).backgroundColor"
    )
    assert sum(int(part) for part in ground.strip("rgb()").split(",")) < 3 * 60
    assert not violations(page, ("color-contrast",))
    keep_picture(page, f"everybody_{name}_dark")
    page.emulate_media(color_scheme="dark", media="print")
    seen = page.locator(".vf-nav, .vf-menu, .vf-help > button").all()
    assert not any(each.is_visible() for each in seen)
    ground = page.evaluate("getComputedStyle(document.querySelector('main')).color")
    assert sum(int(part) for part in ground.strip("rgb()").split(",")) < 3 * 60
    keep_picture(page, f"everybody_{name}_print")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_shows_the_answer_first(open_page: Open, keep_picture: Any, language: str) -> None:
    page = opened(open_page, "compare", language, PHONE)
    box = page.locator(".vf-verdict-head").bounding_box()
    assert box["y"] + box["height"] < PHONE[1]
    keep_picture(page, f"everybody_phone_{language}")
