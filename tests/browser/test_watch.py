"""The page Watch in a real browser: clock, pictures, log, lives, keyboard, sizes, languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Open = Callable[..., Any]
LAPTOP, TABLET = (1280, 800), (820, 1180)


def opened(open_page: Open, query: str = "", size: tuple[int, int] = LAPTOP) -> Any:
    """The page with its town drawn, and its clock at the month of the link, where there is one."""
    page = open_page(f"/watch?lang=en{query}", size=size)
    at = re.search(r"&month=(\d+)", query)
    page.wait_for_selector(f'.vw[data-ready="true"][data-month="{at[1] if at else 0}"]')
    return page


def month(page: Any) -> int:
    return int(page.get_attribute(".vw", "data-month"))


def wait_for_month(page: Any, at_least: int) -> None:
    page.wait_for_function(f"+document.querySelector('.vw').dataset.month >= {at_least}")


def colours(page: Any, layer: str) -> int:
    """How many colours a canvas shows; one that nobody drew on shows none."""
    script = """name => {
      const canvas = document.querySelector(name);
      const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      const seen = new Set();
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] > 250) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      }
      return seen.size;
    }"""
    return int(page.evaluate(script, layer))


def test_the_town_is_drawn_twice_and_alike(open_page: Open) -> None:
    page = opened(open_page)
    assert page.get_by_role("heading", name="One town, two ways of governing it").is_visible()
    same = page.evaluate(
        """() => ['.vw-town-0 canvas', '.vw-town-1 canvas']
             .map(name => document.querySelector(name).toDataURL())"""
    )
    assert same[0] == same[1]
    assert colours(page, ".vw-town-0 canvas") > 8
    counts = page.locator(".vw-counts").all_inner_texts()
    assert counts[0] == counts[1]
    assert "volunteers" in counts[0]


def test_play_pause_step_and_back(open_page: Open) -> None:
    page = opened(open_page, "&speed=5&years=20&adults=1000&month=24")
    page.get_by_role("button", name="Play").click()
    wait_for_month(page, 30)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()
    at = month(page)
    page.wait_for_timeout(500)
    assert month(page) == at
    page.get_by_role("button", name="One month").click()
    wait_for_month(page, at + 1)
    assert month(page) == at + 1
    first, second = page.locator(".vw-log").all_inner_texts()
    assert "became a volunteer in no." in first
    assert first != second
    page.get_by_role("button", name="Back to the start").click()
    page.wait_for_function("document.querySelector('.vw').dataset.month === '0'")
    assert "Press play" in page.locator(".vw-log").first.inner_text()
    page.wait_for_function(
        "document.querySelector('.vw > [role=status]').textContent.includes('Month 0')"
    )


def test_the_clock_stops_at_the_end(open_page: Open) -> None:
    page = opened(open_page, "&years=5&adults=500&month=50&speed=20")
    page.get_by_role("button", name="Play").click()
    wait_for_month(page, 60)
    page.get_by_role("button", name="Play").wait_for()
    assert page.get_by_role("button", name="One month").is_disabled()
    assert "Month 60 of 60 · year 5, month 12" in page.inner_text(".vw-jump")


def test_jump_far_ahead_and_back(open_page: Open) -> None:
    page = opened(open_page, "&years=20&adults=1000")
    slider = page.get_by_label("Jump to month")
    slider.evaluate(
        """(element) => {
          element.value = 230;
          element.dispatchEvent(new Event('input'));
          element.dispatchEvent(new Event('change'));
        }"""
    )
    wait_for_month(page, 230)
    far = page.inner_text(".vw-log-0")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.vw').dataset.month === '229'")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.vw').dataset.month === '230'")
    assert page.inner_text(".vw-log-0") == far


def test_click_on_somebody_to_read_a_life(open_page: Open) -> None:
    page = opened(open_page, "&month=48")
    box = page.locator(".vw-town-1 .vw-top").bounding_box()
    # A seat in the rings, to the right of the middle.
    page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.5 * box["height"])
    life = page.locator(".vw-life")
    life.get_by_role("heading", name=re.compile(r"Citizen [\d,]+")).wait_for()
    assert "25–34 years" in life.inner_text()
    assert life.locator(".vw-own").count() == 2
    for text in life.locator(".vw-own").all_inner_texts():
        assert "of 49 months" in text
    life.get_by_role("button", name="Close").click()
    assert "Click on a dot" in life.inner_text()


def test_a_line_of_the_log_leads_to_its_life(open_page: Open) -> None:
    page = opened(open_page, "&month=60")
    line = page.locator(".vw-log-0 .vw-line-left .vw-link").first
    text = line.inner_text()
    line.click()
    who = re.search(r"Citizen ([\d,]+) stopped in (no\. \d+)", text)
    assert who is not None
    page.get_by_role("heading", name=f"Citizen {who[1]}").wait_for()
    own = page.locator('.vw-own[data-side="A"] .vw-events')
    own.get_by_text(f"Stopped as a volunteer in {who[2]}").first.wait_for()


def test_the_life_follows_the_clock(open_page: Open) -> None:
    page = opened(open_page, "&month=60&citizen=40")
    months = page.locator('.vw-own[data-side="B"]')
    months.get_by_text("of 61 months").wait_for()
    page.get_by_role("button", name="One month").click()
    months.get_by_text("of 62 months").wait_for()


def test_find_somebody(open_page: Open) -> None:
    page = opened(open_page, "&month=60&adults=1000")
    life = page.locator(".vw-life")
    life.get_by_role("button", name="a lonely citizen").click()
    life.get_by_role("heading", name=re.compile(r"Citizen \d")).wait_for()
    scores = life.locator(".vw-own-head").all_inner_texts()
    assert any(", lonely" in text for text in scores)
    life.get_by_role("button", name="a volunteer").click()
    life.get_by_text(re.compile(r"^volunteer in no\. \d+ .*motivation 0\.\d\d")).first.wait_for()
    life.get_by_label("Citizen no.").fill("1001")
    life.get_by_role("button", name="Show").click()
    assert life.get_by_role("alert").inner_text() == "There are citizens 1 to 1,000."
    life.get_by_label("Citizen no.").fill("<b>")
    page.keyboard.press("Enter")
    assert life.get_by_role("alert").is_visible()
    life.get_by_label("Citizen no.").fill("1,000")
    page.keyboard.press("Enter")
    life.get_by_role("heading", name="Citizen 1,000").wait_for()


def test_the_keyboard_alone(open_page: Open) -> None:
    page = opened(open_page, "&adults=500&years=20")
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")
    wait_for_month(page, 2)
    page.keyboard.press("Enter")
    at = month(page)
    page.locator(".vw-town-0 .vw-top").focus()
    page.keyboard.press("ArrowRight")
    life = page.get_by_role("region", name="One life so far")
    life.get_by_role("heading", name="Citizen 1").wait_for()
    for way in (
        "ArrowRight",
        "ArrowDown",
        "ArrowLeft",
        "ArrowUp",
    ):  # who stands at an edge has fewer
        page.keyboard.press(way)
        page.wait_for_timeout(500)
        if page.locator(".vw-life h2").inner_text() != "Citizen 1":
            break
    assert page.locator(".vw-life h2").inner_text() != "Citizen 1"
    page.keyboard.press("Space")
    wait_for_month(page, at + 1)
    page.keyboard.press("Space")
    page.keyboard.press("Home")
    assert month(page) == 0


def test_every_control_has_a_name(open_page: Open) -> None:
    page = opened(open_page, "&month=30&citizen=5")
    page.get_by_role("heading", name="Citizen 5").wait_for()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('.vw-page button, .vw-page input, .vw-page select')]
             .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() ||
                            (e.labels && e.labels.length)))
             .map(e => e.outerHTML)"""
    )
    assert nameless == []
    label = page.locator(".vw-town-0 .vw-top").get_attribute("aria-label")
    assert re.match(r"Picture of town A: \d+ volunteers, \d+ initiatives", label or "")


def test_kinds_of_lines_are_shown_and_hidden(open_page: Open) -> None:
    page = opened(open_page, "&month=60")
    logs, log = page.locator(".vw-logs"), page.locator(".vw-log-0")
    assert log.locator(".vw-line-matched").count() == 0
    logs.get_by_role("button", name="Participants").click()
    log.locator(".vw-line-matched").first.wait_for()
    for name in ("Participants", "Volunteers"):
        logs.get_by_role("button", name=name).click()
    page.wait_for_function("!document.querySelector('.vw-log-0 .vw-line-joined')")
    kinds = log.locator(".vw-line").evaluate_all("lines => lines.map(line => line.className)")
    assert {kind.split("vw-line-")[1] for kind in kinds} <= {"opened", "closed"}


def test_colour_by_motivation(open_page: Open) -> None:
    page = opened(open_page, "&month=40")
    lonely = colours(page, ".vw-town-0 canvas")
    page.get_by_role("button", name="Motivation", exact=True).click()
    assert colours(page, ".vw-town-0 canvas") < lonely
    assert "Volunteers' motivation" in page.locator(".vw-legend").inner_text()


def test_another_governance_is_another_life_of_the_same_town(open_page: Open) -> None:
    page = opened(open_page, "&month=24&adults=1000")
    page.get_by_label("Governance B", exact=True).select_option("municipal_baton")
    page.wait_for_selector('.vw[data-ready="true"]')
    page.locator(".vw-town-1 .vw-title", has_text="status quo").wait_for()
    page.get_by_role("button", name="One month").click()
    wait_for_month(page, 1)
    counts = page.locator(".vw-counts").all_inner_texts()
    assert counts[0] == counts[1]


def test_a_link_shows_the_same_view(open_page: Open) -> None:
    query = "&a=hands_off&b=clear_agreements&adults=500&month=33&colour=motivation&citizen=7"
    page = opened(open_page, query)
    assert month(page) == 33
    page.get_by_role("heading", name="Citizen 7").wait_for()
    titles = page.locator(".vw-title").all_inner_texts()
    assert titles[0] != titles[1]
    assert (
        page.get_by_role("button", name="Motivation", exact=True).get_attribute("aria-pressed")
        == "true"
    )


def test_a_broken_link_says_so_and_shows_the_usual(open_page: Open) -> None:
    page = opened(open_page, "&a=<script>alert(1)</script>&month=12")
    page.get_by_text("Part of the link could not be read").wait_for()
    assert month(page) == 12
    page.get_by_role("button", name="Dismiss").click()
    page.wait_for_function("!document.body.textContent.includes('Part of the link')")


def test_in_danish(open_page: Open) -> None:
    page = opened(open_page, "&month=36&citizen=1200")
    page.get_by_role("button", name="Dansk").click()
    page.get_by_role("button", name="Afspil").wait_for()
    page.wait_for_function("document.querySelector('.vw').dataset.month === '36'")
    page.get_by_role("heading", name="Borger 1.200").wait_for()
    assert "Hvad der skete i A" in page.inner_text(".vw-log-0")
    assert "blev frivillig i nr." in page.inner_text(".vw-log-0")
    english = page.evaluate("document.querySelector('.vw-page').innerText")
    assert "volunteer" not in english


@pytest.mark.parametrize("size", [LAPTOP, TABLET], ids=["laptop", "tablet"])
def test_it_fits_the_window(
    open_page: Open, keep_picture: Callable[[Any, str], Path], size: tuple[int, int]
) -> None:
    page = opened(open_page, "&month=60&citizen=672", size=size)
    page.get_by_role("heading", name="Citizen 672").wait_for()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size[0]
    for name in (".vw-town-0", ".vw-town-1", ".vw-clock"):
        box = page.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
    pictures = page.locator(".vw-picture").all()
    tops = {round(picture.bounding_box()["y"]) for picture in pictures}
    assert len(tops) == 1
    assert page.locator(".vw-picture").first.bounding_box()["width"] > 300
    keep_picture(page, f"watch-{size[0]}")


def test_both_logs_begin_above_the_fold(open_page: Open) -> None:
    page = opened(open_page, "&month=60")
    for name in (".vw-log-0 .vw-line", ".vw-log-1 .vw-line", ".vw-corner li"):
        page.locator(name).first.wait_for()
        box = page.locator(name).first.bounding_box()
        assert box["y"] + box["height"] <= LAPTOP[1], name


def test_the_address_follows_the_view(open_page: Open) -> None:
    page = opened(open_page, "&adults=500")
    page.get_by_label("Governance A", exact=True).select_option("hands_off")
    page.locator(".vw-town-0 .vw-title", has_text="Hands off").wait_for()
    page.get_by_role("button", name="One month").click()
    page.wait_for_function("location.search.includes('month=1')")
    page.get_by_label("Citizen no.").fill("42")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('citizen=42')")
    page.reload()
    page.wait_for_selector('.vw[data-ready="true"]')
    page.get_by_role("heading", name="Citizen 42").wait_for()
    assert month(page) == 1
    assert page.get_by_label("Governance A", exact=True).input_value() == "hands_off"


def test_files_are_taken_along(open_page: Open) -> None:
    page = opened(open_page, "&adults=500&month=15&a=hands_off")
    files = {}
    for item in ("Scenario A", "What happened CSV", "All outcomes by month CSV", "SVG, for print"):
        page.get_by_role("button", name="Download and share").click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name=item).click()
        files[item] = Path(waiting.value.path()).read_text("utf-8")
        assert waiting.value.suggested_filename.startswith("velfaerd-")
    assert 'regime = "hands_off"' in files["Scenario A"]
    assert files["What happened CSV"].startswith('"side","regime","month","event"')
    assert '"B","facilitative_dialogue"' in files["All outcomes by month CSV"]
    assert files["SVG, for print"].startswith("<svg")


def test_two_visitors_do_not_share_a_clock(open_page: Open) -> None:
    one, two = opened(open_page, "&adults=500"), opened(open_page, "&adults=500")
    one.get_by_role("button", name="One month").click()
    wait_for_month(one, 1)
    assert month(two) == 0


def test_a_governance_that_was_chosen_and_taken_back_leaves_the_first_town(
    open_page: Open,
) -> None:
    """The town of the choice is drawn although nobody wants it any more, and comes too late."""
    page = opened(open_page, "&adults=5000&years=20")
    page.evaluate(
        """() => { const chosen = document.querySelectorAll('.vw-settings select')[1];
          const first = chosen.value;
          for (const value of ['hands_off', first]) { chosen.value = value;
            chosen.dispatchEvent(new Event('change', { bubbles: true })); } }"""
    )
    page.wait_for_timeout(4000)
    page.wait_for_selector('.vw[data-ready="true"]', timeout=15_000)
    assert page.locator(".vw-title").all_inner_texts()[1] == "Facilitating dialogue"


@pytest.mark.parametrize("language", ["en", "da"])
def test_one_who_recovered_is_found_and_told_why(
    open_page: Open, keep_picture: Any, language: str
) -> None:
    page = open_page(f"/watch?adults=500&lang={language}")
    page.wait_for_selector('.vw[data-ready="true"]')
    find, nobody = {
        "en": ("one who recovered", "nobody has recovered"),
        "da": ("en, der kom ud af ensomhed", "er ingen kommet ud af ensomhed"),
    }[language]
    page.get_by_role("button", name=find).click()
    page.locator(".vw-counted", has_text=nobody).wait_for()
    page.locator(".vw-jump input").fill("60")
    wait_for_month(page, 60)
    page.get_by_role("button", name=find).click()
    page.locator(".vw-why").first.wait_for()
    told = page.locator(".vw-why").first.inner_text()
    assert {"en": "What brought it down", "da": "Det trak ned"}[language] in told
    assert {"en": "months from then on", "da": "måneder derefter"}[language] in told
    keep_picture(page, f"watch_recovered_{language}")
