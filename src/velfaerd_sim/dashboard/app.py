"""The dashboard's frame: header, pages, language; what stands around every page.

Each page is a module with a component `Page`; it finds its session with `use_session()` and its
words with `use_words("map")`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "False")

import solara

from velfaerd_sim.dashboard.advice import page as page_advice
from velfaerd_sim.dashboard.compare import page as page_compare
from velfaerd_sim.dashboard.frame.links import address_of, path_of
from velfaerd_sim.dashboard.frame.session import REGISTER, provide_session, use_session, use_words
from velfaerd_sim.dashboard.frame.settings import EMBED, EMBEDDED
from velfaerd_sim.dashboard.frame.settings import PAGES as NAMES
from velfaerd_sim.dashboard.frame.theme import STYLE
from velfaerd_sim.dashboard.map import page as page_map
from velfaerd_sim.dashboard.model import page as page_model
from velfaerd_sim.dashboard.municipality import page as page_municipality
from velfaerd_sim.dashboard.parts.controls import Header, Notice, Text
from velfaerd_sim.dashboard.start import page as page_start
from velfaerd_sim.dashboard.studies import page as page_studies
from velfaerd_sim.dashboard.watch import page as page_watch
from velfaerd_sim.telling.words import Words

PAGES = dict(
    zip(
        NAMES,
        (
            *(page_start.Page, page_municipality.Page, page_compare.Page, page_advice.Page),
            *(page_watch.Page, page_map.Page, page_studies.Page, page_model.Page),
        ),
        strict=True,
    )
)
"""The pages by name."""
_log = logging.getLogger(__name__)


@solara.component
def Guarded(page: Callable[[], Any]) -> None:
    """A page; where it fails, a message in its place, and the rest goes on."""
    words = use_words()
    error, _ = solara.use_exception()
    if error is not None:
        _log.error("a page failed", exc_info=error)
        # Keys, since what failed half-way must not be taken for the message in its place.
        Notice(words("error"), words("error_what"), detail=words("error_unexpected")).key("error")
    else:
        page().key("page")


@solara.component
def Frame(name: str, page: Callable[[], Any]) -> None:
    """Header and content of one page."""
    words = use_words()
    session = use_session()
    router = solara.use_router()
    if not session.admitted:
        count = words.number(REGISTER.most)
        Notice(words("full", count=count), words("full_what"))
        return
    session.embedded = session.embedded and name in EMBEDDED
    Header(name, tuple(PAGES), session, words, router.push, address_of(name, session))
    with solara.v.Html(
        tag="main",
        class_="vf-main vf-embed" if session.embedded else "vf-main",
        attributes={"id": "vf-main", "tabindex": "-1"},
    ):
        Guarded(page)
        if session.embedded:
            Whole(name, words)


@solara.component
def Whole(name: str, words: Words) -> None:
    """Below a page in a frame: whose it is, and the way to the whole of it, in a tab of its own."""
    session = use_session()
    address = address_of(name, session).replace(f"&{EMBED}=1", "").lstrip("/")
    with solara.v.Html(tag="p", class_="vf-small vf-embed-foot"):
        Text("span", words("embed_foot"))
        attributes = {"href": address, "target": "_blank", "rel": "noopener"}
        Text("a", words("embed_open"), classes=["vf-way"], attributes=attributes)


@solara.component
def Layout(children: list[Any]) -> None:
    """What stands around every page: the session, the style."""
    router = solara.use_router()
    provide_session(router.search)
    with solara.Div(classes=["vf-app"], children=children):
        solara.Style(STYLE)


def _page(name: str, component: Any) -> Any:
    @solara.component
    def Page() -> None:
        Frame(name, component)

    return Page


routes = [
    solara.Route(
        path=path_of(name) if name == NAMES[0] else name,
        component=_page(name, component),
        layout=Layout if name == NAMES[0] else None,
        label=Words("en")("name"),
    )
    for name, component in PAGES.items()
]
