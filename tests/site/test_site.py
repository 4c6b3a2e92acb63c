"""The site is built without a warning, needs no network, and no link in it is dead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("mkdocs", reason="MkDocs is not installed (velfaerd-sim[site]): no site")
from building.site import build

from browser.conftest import PATIENCE, missing

pytestmark = pytest.mark.slow
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""What a browser loads by itself; links that a reader follows are no such thing."""


class Reading(HTMLParser):
    """What a page links to, what it loads, and its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in LOADED and given.get(LOADED[tag]) and given.get("rel") != "alternate":
            self.loads.append(given[LOADED[tag]])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("site") / "site"
    return folder, build(folder, shown=False)


@pytest.fixture(scope="module")
def pages(made: tuple[Path, list[str]]) -> dict[Path, Reading]:
    found = {}
    for path in sorted(made[0].rglob("*.html")):
        found[path] = Reading()
        found[path].feed(path.read_text(encoding="utf-8"))
    return found


def test_it_is_built_without_a_warning(made: tuple[Path, list[str]]) -> None:
    assert made[1] == []


def test_every_kind_of_page_is_there_and_danish_where_it_is_promised(
    pages: dict[Path, Reading], made: tuple[Path, list[str]]
) -> None:
    names = {path.relative_to(made[0]).as_posix(): page for path, page in pages.items()}
    for name in ("reference/commands.html", "reference/api.html", "explain/month.html", "odd.html"):
        assert name in names
    danish = [name for name in names if re.match(r"(tutorial|howto)/|(index|decide)\.html", name)]
    assert len(danish) > 14
    for name in danish:
        text = (made[0] / "da" / name).read_text(encoding="utf-8")
        assert names[f"da/{name}"].language == "da"
        assert re.search(r"[æøåÆØÅ]", text.partition("<article")[2]), name
        assert text != (made[0] / name).read_text(encoding="utf-8")
    first = (made[0] / "tutorial/analyst.html").read_text(encoding="utf-8")
    assert 'class="language-sh highlight"' in first, "the style sheet wraps commands by this"


def test_nothing_is_loaded_from_the_network(
    pages: dict[Path, Reading], made: tuple[Path, list[str]]
) -> None:
    assert len(pages) > 80
    assert not {load for page in pages.values() for load in page.loads if urlsplit(load).netloc}
    for path in made[0].rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", path.read_text("utf-8")), path
    for path in pages:
        assert "mermaid" not in path.read_text(encoding="utf-8"), (
            "its script is not of this machine"
        )


def dead(pages: dict[Path, Reading]) -> Iterator[str]:
    """Links inside of the site that lead nowhere."""
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            lost = target in pages and anchor and anchor not in pages[target].ids
            if not target.exists() or lost:
                yield f"{path.name}: {link}"


def test_no_link_is_dead(pages: dict[Path, Reading]) -> None:
    assert sorted(set(dead(pages))) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("", encoding="utf-8")
    page = Reading()
    page.feed('<a href="nowhere.html">a</a><a href="#none">b</a><a href="#there" id="there">c</a>')
    assert list(dead({tmp_path / "page.html": page})) == [
        "page.html: nowhere.html",
        "page.html: #none",
    ]


def test_the_search_finds_danish_pages_and_no_page_twice(made: tuple[Path, list[str]]) -> None:
    text = (made[0] / "search/search_index.json").read_text(encoding="utf-8")
    places = {each["location"].partition("#")[0] for each in json.loads(text)["docs"]}
    assert {"da/howto/sweep.html", "howto/sweep.html", "odd.html", "reference/api.html"} <= places
    assert not {"da/odd.html", "da/reference/api.html"} & places
    assert f"var __index = {text}" == (made[0] / "search/search_index.js").read_text("utf-8")


@pytest.mark.browser
@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_it_is_searched_from_a_disk_without_a_request(
    made: tuple[Path, list[str]], browser: Any
) -> None:
    asked: list[str] = []
    page: Any = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda request: asked.append(request.url))
    for start, word in (("index.html", "timeline"), ("da/index.html", "tidslinje")):
        page.goto((made[0] / start).as_uri())
        page.locator("input.md-search__input").press_sequentially(word)
        page.locator(".md-search-result__item a").first.wait_for()
    page.close()
    assert len(asked) > 5
    assert {urlsplit(each).scheme for each in asked} <= {"file", "data", "blob"}
