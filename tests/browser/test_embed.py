"""The answer and the figure in a page of another site: no controls, nothing to click away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from browser.comparing import SMALL, Open, menu, settled

SHOWN = {
    "compare": (f"/compare?{SMALL}&b=rigid_rules", ".vf-verdict[data-replicates='16']"),
    "map": ("/map?one_in=100&runs=1", ".vf-tiles:has(.vf-legend-bar)"),
}


@pytest.fixture
def other_site(free_port: Callable[[], int]) -> Iterator[Callable[[str], str]]:
    """Serve a page of another site that shows addresses in a frame; gives its address."""
    shown = {"page": ""}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(shown["page"].encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    port = free_port()
    served = HTTPServer(("127.0.0.1", port), Answer)
    threading.Thread(target=served.serve_forever, daemon=True).start()

    def page(frame: str) -> str:
        shown["page"] = f"<!doctype html><html lang=da><title>x</title><body>{frame}</body></html>"
        return f"http://localhost:{port}/"

    yield page
    served.shutdown()


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", SHOWN)
def test_another_site_shows_the_answer_and_the_figure(
    server: str,
    browser: Any,
    other_site: Callable[[str], str],
    keep_picture: Callable[..., Path],
    name: str,
    language: str,
) -> None:
    path, done = SHOWN[name]
    address = f"{server}{path}&lang={language}&embed=1".replace("&", "&amp;")
    site = other_site(f'<iframe src="{address}" width="100%" height="720"></iframe>')
    context = browser.new_context(viewport={"width": 900, "height": 760})
    page = context.new_page()
    page.goto(site)
    frame = page.frame_locator("iframe")
    frame.locator(done).wait_for(timeout=120_000)
    for control in (".vf-nav", ".vf-panel", ".vf-menu", "select", "input", ".vf-history"):
        assert not any(each.is_visible() for each in frame.locator(control).all()), control
    link = frame.locator(".vf-embed-foot a")
    assert link.get_attribute("target") == "_blank"
    with context.expect_page() as opened:
        link.click()
    whole = opened.value
    whole.locator(".vf-nav").wait_for()
    assert "embed" not in whole.url
    keep_picture(page, f"embed_{name}_{language}")
    context.close()


def test_a_page_with_controls_is_shown_in_no_frame(
    server: str, browser: Any, other_site: Callable[[str], str]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(other_site(f'<iframe src="{server}/compare?{SMALL}"></iframe>'))
    page.wait_for_timeout(1000)
    assert any("frame-ancestors" in text for text in said)
    page.goto(f"{server}/watch?lang=en&embed=1")
    page.locator(".vf-nav").wait_for()
    context.close()


def test_the_menu_gives_the_line(open_page: Open) -> None:
    page = settled(open_page(f"/compare?{SMALL}&lang=en"))
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (t) => {"
        " document.body.dataset.copied = t; } } })"
    )
    menu(page)
    page.locator(".vf-menu-item", has_text="Copy frame for a website").click()
    page.wait_for_selector("body[data-copied]")
    line = page.evaluate("document.body.dataset.copied")
    assert line.startswith(f'<iframe src="{page.url.replace("&", "&amp;")}&amp;embed=1"')
    assert 'title="Compare' in line
