"""Compare follows the hand: a dragged slider is drawn at once, and every run is one click away."""

from __future__ import annotations

from typing import Any

from browser.comparing import SMALL, Open, at, move, sentence, settled


def passed(page: Any, slider: str, value: float) -> None:
    """Let a slider pass a value without letting it go, and wait until its first pair is drawn."""
    drawn = page.locator(f"#{slider}").evaluate(
        "(el, v) => { el.value = v; el.dispatchEvent(new Event('input', { bubbles: true }));"
        " return document.querySelector('.vf-charts .vf-chart').dataset.drawn; }",
        str(value),
    )
    page.wait_for_function(
        "drawn => document.querySelector('.vf-verdict[data-fresh=true][data-replicates=\"1\"]')"
        " && document.querySelector('.vf-charts .vf-chart').dataset.drawn !== drawn",
        arg=drawn,
    )


def axes(page: Any) -> list[list[float]]:
    """The ends of the axes of values of all charts."""
    found: list[list[float]] = page.evaluate(
        """async () => { const echarts = await window.vfEcharts;
          return [...document.querySelectorAll('.vf-charts .vf-chart-canvas')].map(e =>
            echarts.getInstanceByDom(e).getOption().yAxis.map(a => [a.min, a.max]).flat()); }"""
    )
    return found


def test_a_dragged_slider_is_drawn_without_being_let_go(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    address, before, ends = page.url, sentence(page), axes(page)
    passed(page, "vf-b-dialogue", 0.5)
    assert "1 of 16 pairs" in page.locator(".vf-verdict-foot").inner_text()
    passed(page, "vf-b-dialogue", 0.1)
    assert "before " in page.locator(".vf-before").first.inner_text()
    assert all(
        now[0] <= then[0] and now[1] >= then[1] for now, then in zip(axes(page), ends, strict=True)
    )
    held = axes(page)
    passed(page, "vf-b-dialogue", 0.3)
    assert axes(page) == held
    assert page.url == address
    assert page.get_by_role("button", name="Undo", exact=True).is_disabled()
    move(page, "vf-b-dialogue", 0.3)
    at(page, "dialogue:0.3")
    settled(page)
    page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for_function("url => location.href === url", arg=address)
    settled(page)
    assert sentence(page) == before


def test_a_slider_that_comes_back_leaves_all_as_it_was(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=da"))
    address, before = page.url, sentence(page)
    start = page.locator("#vf-hours").input_value()
    passed(page, "vf-hours", 40)
    passed(page, "vf-hours", float(start))
    page.locator("#vf-hours").dispatch_event("pointerup")
    settled(page)
    assert sentence(page) == before
    assert page.url == address
    assert page.locator("#vf-hours").input_value() == start


def test_runs_are_listed_named_and_gone_back_to(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    first = page.url
    rows = page.locator(".vf-history li")
    rows.first.wait_for()
    move(page, "vf-b-dialogue", 0.1)
    at(page, "dialogue:0.1")
    settled(page)
    page.wait_for_function("document.querySelectorAll('.vf-history li').length === 2")
    assert "Dialogue 0.10" in rows.nth(0).inner_text()
    page.get_by_role("button", name="Name of run 1: give or change").click()
    page.get_by_label("Name of run 1", exact=True).fill("As it was <b>")
    page.keyboard.press("Enter")
    back = page.get_by_role("button", name="As it was <b>", exact=True)
    back.click()
    page.wait_for_function("url => location.href === url", arg=first)
    settled(page)
    assert back.get_attribute("aria-current") == "true"
    assert rows.count() == 2
