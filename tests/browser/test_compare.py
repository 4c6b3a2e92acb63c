"""Compare in a real browser: move, read, share, take along, open again; keyboard; broken input."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from browser.comparing import SMALL, Open, at, menu, move, sentence, settled

LAPTOP, TABLET = (1280, 800), (820, 1180)


def test_a_moved_slider_runs_again_and_says_what_is_seen(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    before = sentence(page)
    assert "(A" in before
    assert "(B" in before
    assert page.locator(".vf-verdict-foot").inner_text().startswith("16 of 16 pairs")
    move(page, "vf-b-dialogue", 0.1)
    page.get_by_text("adjusted", exact=True).wait_for()
    page.wait_for_function(
        "t => document.querySelector('.vf-verdict-head').innerText !== t", arg=before
    )
    settled(page)
    at(page, "b=facilitative_dialogue,dialogue:0.1")
    page.get_by_role("button", name="Reset B").click()
    page.wait_for_function(
        "t => document.querySelector('.vf-verdict-head').innerText === t", arg=before
    )


def test_regimes_town_shocks_and_worlds_can_be_changed(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    page.get_by_label("Governance B", exact=True).select_option("rigid_rules")
    at(page, "b=rigid_rules")
    page.get_by_label("The town: Type").select_option("rural")
    at(page, "type=rural")
    page.get_by_role("button", name="Lockdown").click()
    at(page, "shocks=crisis")
    settled(page)
    assert "worlds" in page.locator(".vf-verdict-more").inner_text()
    page.get_by_role("switch", name="Uncertain world").uncheck(force=True)
    at(page, "worlds=0")
    settled(page)
    assert "worlds" not in page.locator(".vf-verdict-more").inner_text()
    assert "no forecast" in page.locator(".vf-verdict-caveat").inner_text()
    page.get_by_role("button", name="B minus A").click()
    at(page, "show=differences")
    page.get_by_role("button", name="Swap A and B").click()
    at(page, "a=rigid_rules")
    page.get_by_role("button", name="Be surer: 64 pairs").click()
    settled(page, 64)


def test_the_same_on_both_sides_is_told(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&a=hands_off&b=hands_off&lang=da"))
    assert (
        sentence(page) == "I modellen styrer A og B ens, så alle resultater er nøjagtig de samme."
    )
    assert "±" not in page.locator(".vf-verdict-foot").inner_text()
    assert "Der er ingen, hvis ensomhed" in page.locator(".vf-who").inner_text()


def test_a_link_shows_the_same_in_another_session(open_page: Open) -> None:
    query = "a=rigid_rules,openness:0.6&b=experimenting&seed=9&show=differences&lang=da"
    first = settled(open_page(f"/compare?{SMALL}&{query}"))
    other = settled(open_page("/" + first.url.split("/", 3)[3]))
    assert sentence(other) == sentence(first)
    assert other.locator("table").inner_text() == first.locator("table").inner_text()
    assert other.get_by_role("button", name="B minus A").get_attribute("aria-pressed") == "true"


def test_both_languages_say_the_same_in_their_own_form(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    english = page.locator("td").first.inner_text()
    page.get_by_role("button", name="Dansk").click()
    page.get_by_text("Hvem vinder, og hvem taber").wait_for()
    danish = page.locator("td").first.inner_text()
    assert "." in english
    assert danish == english.replace(".", ",")
    assert sentence(page).startswith("I modellen")
    assert page.get_by_label("Dialog, styring A").count() == 1


def test_two_sessions_do_not_share_anything(open_page: Open) -> None:
    one = settled(open_page(f"/compare?{SMALL}&lang=en"))
    other = settled(open_page(f"/compare?{SMALL}&lang=da"))
    said = sentence(other)
    move(one, "vf-a-rigidity", 1.0)
    at(one, "rigidity:1")
    settled(one)
    assert sentence(other) == said
    assert "rigidity" not in other.url


def test_a_scenario_is_taken_along_and_opened_again(open_page: Open, tmp_path: Path) -> None:
    page = settled(
        open_page(f"/compare?{SMALL}&b=workplace_partnership,training:0.9&seed=5&lang=en")
    )
    said = sentence(page)
    menu(page)
    with page.expect_download() as download:
        page.locator(".vf-menu-item", has_text="Scenario B").click()
    path = tmp_path / "b.toml"
    download.value.save_as(path)
    assert "training = 0.9" in path.read_text()
    other = settled(open_page("/compare?adults=500&months=24&lang=en"))
    menu(other)
    other.locator(".vf-menu-file", has_text="as B").locator("input").set_input_files(path)
    at(other, "seed=5")
    settled(other)
    assert sentence(other) == said


def test_data_and_figures_are_taken_along(open_page: Open, tmp_path: Path) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    found = {}
    labels = (
        *("CSV, every run", "Parquet", "CSV, all outcomes", "by group", "SVG", "PNG"),
        "HTML, one file; takes about ten seconds",
    )
    for label in labels:
        menu(page)
        with page.expect_download(timeout=180_000) as download:
            page.locator(".vf-menu-item", has_text=label).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        found[label] = path.read_bytes()
    rows = list(csv.DictReader(io.StringIO(found["CSV, every run"].decode())))
    assert len(rows) == 2 * 16 * 25
    assert len(pq.read_table(io.BytesIO(found["Parquet"]))) == len(rows)
    assert b"lonely_share" in found["CSV, all outcomes"]
    assert b"gainers_low" in found["by group"]
    assert b"<svg" in found["SVG"]
    assert found["PNG"].startswith(b"\x89PNG")
    assert b"</html>" in found[labels[-1]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"adults = ", "valid TOML"),
        (b"adults = 5000000", "whole number from 50 to 20000"),
        (b'based_on = "baseline"', "based_on"),
        (b'adults = 300\nname = "<img src=x onerror=alert(1)>"\nregime = "<b>"', "<b>"),
        (b"#" * 300_000, "200000 bytes"),
        (bytes(range(256)), "TOML"),
    ],
)
def test_a_broken_file_is_refused_and_the_view_stays(
    open_page: Open, tmp_path: Path, content: bytes, told: str
) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    said = sentence(page)
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    menu(page)
    page.locator(".vf-menu-file", has_text="as A").locator("input").set_input_files(path)
    message = page.get_by_role("alert")
    assert told in message.inner_text()
    assert sentence(page) == said
    page.get_by_role("button", name="Close the message").click()
    message.wait_for(state="detached")


def test_a_broken_link_is_told_and_the_rest_shown(open_page: Open) -> None:
    query = "b=%3Cscript%3Ealert(1)%3C/script%3E&seed=x&replicates=99999&lang=en"
    page = settled(open_page(f"/compare?adults=300&months=24&{query}"))
    text = page.get_by_role("alert").inner_text()
    assert "<script>alert(1)</script>" in text
    assert "seed" in text
    assert page.locator("script", has_text="alert(1)").count() == 0
    page.get_by_role("button", name="Dansk").click()
    page.get_by_text("En del af linket kunne ikke læses").wait_for()
    assert "seed: 'x' kan ikke bruges; brug et helt tal" in page.get_by_role("alert").inner_text()


def test_the_names_of_both_governances_can_be_read(open_page: Open) -> None:
    for size in (LAPTOP, TABLET):
        page = settled(open_page(f"/compare?{SMALL}&b=workplace_partnership&lang=da", size=size))
        cut = page.evaluate(
            """() => [...document.querySelectorAll('.vf-pick-name, .vf-panel-note span')]
              .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
              .map(e => e.innerText)"""
        )
        assert cut == []
        assert page.locator(".vf-side-a .vf-pick-name").inner_text().endswith("(status quo)")
        box = page.locator(".vf-side-a .vf-pick").bounding_box()
        name = page.locator(".vf-side-a .vf-pick-name").bounding_box()
        assert name["height"] <= box["height"]


def test_the_legend_is_that_of_the_view_that_is_drawn(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    page.get_by_label("Governance B", exact=True).select_option("rigid_rules")
    at(page, "b=rigid_rules")
    settled(page)
    assert "B Rigid rules" in page.locator(".vf-toolbar .vf-legend").inner_text()
    page.get_by_role("button", name="B minus A").click()
    page.get_by_text("B − A: Rigid rules minus The municipality conducts").wait_for()


def test_a_slider_that_is_moved_many_times_ends_where_it_was_let_go(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    for step in range(10):
        move(page, "vf-b-dialogue", step / 20)
    at(page, "dialogue:0.45")
    settled(page)
    assert page.locator("#vf-b-dialogue").input_value() == "0.45"
    shown = page.url
    page.get_by_role("link", name="Watch").click()
    page.wait_for_selector('.vw[data-ready="true"]')
    page.get_by_role("link", name="Compare").click()
    settled(page)
    assert page.url == shown


def test_nobody_left_to_measure_says_so(open_page: Open) -> None:
    page = settled(open_page("/compare?adults=50&months=6&b=hands_off&lang=en&show=differences"))
    assert "ended without volunteers" in page.locator(".vf-charts").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= LAPTOP[0]


def test_the_keyboard_moves_a_slider(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    slider = page.get_by_label("Dialogue, governance A")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    at(page, "a=municipal_baton,dialogue:0.5")
    settled(page)
    assert slider.get_attribute("aria-valuetext") == "0.50"


def test_every_control_can_be_reached_and_has_a_name(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    reached = set()
    for _ in range(100):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => { const e = document.activeElement;
                  const name = e.getAttribute('aria-label') || (e.labels && e.labels[0]?.innerText)
                    || e.innerText || '';
                  const named = name.trim() ? 'named' : 'NAMELESS';
                  return e.tagName + '|' + (e.id || name.trim()) + '|' + named }"""
            )
        )
    assert not [found for found in reached if found.endswith("NAMELESS") and "BODY" not in found]
    sliders = [found for found in reached if found.startswith("INPUT|vf-")]
    assert len(sliders) == 8 * 2 + 3  # instruments, staff hours, price of an hour, uncertain world
    names = " ".join(sorted(reached))
    for name in (
        *("vf-regime-a", "vf-type", "vf-adults", "vf-months", "Lockdown", "B minus A"),
        *("Help: Type", "Help: Adults", "Help: Horizon", "Help: What may happen"),
    ):
        assert name in names


@pytest.mark.parametrize("size", [LAPTOP, TABLET], ids=["laptop", "tablet"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_nothing_is_cut_off(
    open_page: Open, keep_picture: Callable[..., Path], size: tuple[int, int], language: str
) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang={language}", size=size))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.vf-card, .vf-card button, .vf-card input')]
          .filter(e => !e.closest('.vf-help-text'))
          .map(e => [e, e.getBoundingClientRect()])
          .filter(([e, r]) => r.width && (r.left < 0 || r.right > innerWidth + 1))
          .map(([e]) => e.outerHTML.slice(0, 80))"""
    )
    assert outside == []
    keep_picture(page, f"compare-{language}-{size[0]}")


def test_views_are_undone_gone_back_to_and_adopted(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    first = page.url
    undo = page.get_by_role("button", name="Undo", exact=True)
    assert undo.is_disabled()
    for value in (0.1, 0.3):
        move(page, "vf-b-dialogue", value)
        at(page, f"dialogue:{value}")
        settled(page)
    assert "before " in page.locator(".vf-before").first.inner_text()
    undo.click()
    at(page, "dialogue:0.1")
    page.get_by_role("button", name="Redo", exact=True).click()
    at(page, "dialogue:0.3")
    for part in ("dialogue:0.1", "dialogue:0.3", "dialogue:0.1"):
        page.go_back()
        at(page, part)
        page.wait_for_function(
            "part => document.getElementById('vf-b-dialogue').value === part.split(':')[1]",
            arg=part,
        )
    page.go_back()
    page.wait_for_function("url => location.href === url", arg=first)
    assert settled(page).url == first
    page.get_by_role("button", name="Make B the new A").click()
    at(page, "a=facilitative_dialogue")
    settled(page)
    assert sentence(page) == (
        "In the model, A and B govern alike, so every result is exactly equal."
    )


def test_on_a_local_address_the_report_comes_before_the_link(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    menu(page)
    items = page.locator(".vf-menu-item").all_inner_texts()
    assert items[0].startswith("Send the report")
    assert "open nowhere else" in items[0]
    link = next(each for each in items if each.startswith("Copy link"))
    assert "127.0.0.1" in link
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    page.locator(".vf-menu-item", has_text="the page without its").click()
    page.wait_for_selector("body[data-printed=yes]")


def test_a_snapshot_opens_anywhere_and_shows_the_same(
    open_page: Open, browser: Any, tmp_path: Path, keep_picture: Callable[..., Path]
) -> None:
    page = settled(open_page(f"/compare?{SMALL}&b=rigid_rules,dialogue:0.7&lang=en"))
    menu(page)
    with page.expect_download() as download:
        page.locator(".vf-menu-item", has_text="Snapshot").click()
    path = tmp_path / "snapshot.html"
    download.value.save_as(path)
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    other = context.new_page()
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(path.as_uri())
    keep_picture(other, "snapshot")
    assert sentence(other) == sentence(page)
    assert other.locator("table").inner_text() == page.locator("table").inner_text()
    assert other.locator("#vf-b-dialogue").input_value() == "0.7"
    assert other.locator("#vf-regime-b").input_value() == "rigid_rules"
    drawn = ".vf-chart img"
    assert other.locator(drawn).count() == page.locator(".vf-chart canvas").count()
    assert other.locator(drawn).first.evaluate("image => image.naturalWidth") > 100
    assert other.locator("script, .vf-menu").count() == 0
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    context.close()
