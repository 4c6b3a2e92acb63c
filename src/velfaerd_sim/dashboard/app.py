"""The dashboard's frame: header, pages, language; what stands around every page.

Each page is a module with a component `Page`; it finds its session with `use_session()` and its
words with `use_words(TEXTS)`.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "False")

import solara

from velfaerd_sim.dashboard import page_compare
from velfaerd_sim.dashboard.controls import Header, Notice
from velfaerd_sim.dashboard.links import address_of
from velfaerd_sim.dashboard.session import REGISTER, provide_session, use_session, use_words
from velfaerd_sim.dashboard.theme import STYLE

PAGES = ("compare", "watch", "map", "studies", "model")
_log = logging.getLogger(__name__)


def _component(name: str) -> Any:
    """The `Page` of a page's module, or a note that it is not built yet."""
    try:
        return importlib.import_module(f"velfaerd_sim.dashboard.page_{name}").Page
    except (ImportError, SyntaxError, AttributeError):
        _log.warning("the page %s is not there", name)
        return NotReady


@solara.component
def NotReady() -> None:
    """A page that is not there yet."""
    words = use_words()
    Notice(words("not_ready"), words("not_found_what"))


@solara.component
def Guarded(page: Callable[[], Any]) -> None:
    """A page; where it fails, a message in its place, and the rest goes on."""
    words = use_words()
    error, _ = solara.use_exception()
    if error is not None:
        _log.error("a page failed", exc_info=error)
        Notice(words("error"), words("error_what"), detail=words("error_unexpected"))
    else:
        page()


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
    Header(name, PAGES, session, words, router.push, address_of(name, session))
    with solara.Div(classes=["vf-main"], attributes={"id": "vf-main", "tabindex": "-1"}):
        Guarded(page)


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
        path="/",
        component=_page("compare", page_compare.Page),
        layout=Layout,
        label="Velfærd",
    ),
    *(
        solara.Route(path=name, component=_page(name, _component(name)), label=name)
        for name in PAGES[1:]
    ),
]
"""The pages of the dashboard; Compare opens first."""
