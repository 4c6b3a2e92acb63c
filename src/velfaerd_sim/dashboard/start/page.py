"""Start: what one may want to know, with ways into the pages."""

from __future__ import annotations

import solara

from velfaerd_sim.dashboard.frame.links import address_of, path_of, query_of
from velfaerd_sim.dashboard.frame.session import use_session, use_words
from velfaerd_sim.dashboard.frame.settings import settings
from velfaerd_sim.dashboard.parts.controls import Button, Link, Text
from velfaerd_sim.dashboard.parts.sheets import pages_style
from velfaerd_sim.dashboard.start.stories import (
    STORIES,
    STUDIES,
    TERMS,
    TOUR,
    command_of,
    opened_at,
)
from velfaerd_sim.telling.words import Words

PAGE = "start"


@solara.component
def Page() -> None:
    """The page."""
    words = use_words("start")
    solara.Style(pages_style())
    with solara.Div(classes=["vf-title"]), solara.Div():
        Text("h1", words("title"))
        Text("p", words("intro"), classes=["vf-intro"])
    with solara.Div(classes=["vf-stack"]):
        Stories(words)
        Tour(words)
        Glossary(words)
        Studies(words)


@solara.component
def Stories(words: Words) -> None:
    """The questions, each with a way into a prepared view."""
    session, router = use_session(), solara.use_router()
    with solara.Div(classes=["vf-stories"]):
        for story in STORIES:
            with solara.Div(classes=["vf-card", "vf-tight"]):
                Text("h2", words(f"story_{story.name}"))
                Text("p", words(f"story_{story.name}_what"))
                with solara.Div(classes=["vf-row", "vf-last"]):
                    label = words(f"open_{story.page}")
                    Link(label, story.address(session), router.push, look="vf-button")


@solara.component
def Tour(words: Words) -> None:
    """Five steps through the pages, one at a time."""
    session, router = use_session(), solara.use_router()
    step, set_step = solara.use_state(0)
    page = TOUR[step]
    with solara.Div(classes=["vf-card", "vf-tight"]):
        Text("h2", words("tour"))
        count = {"step": words.number(step + 1), "count": words.number(len(TOUR))}
        with solara.Div(classes=["vf-tight"], attributes={"aria-live": "polite"}):
            Text("p", words("tour_step", **count), classes=["vf-small", "vf-soft"])
            Text("h3", words(page))
            Text("p", words(f"tour_{page}"))
        with solara.Div(classes=["vf-row"]):
            Button(words("tour_back"), lambda: set_step(step - 1), disabled=step == 0)
            last = step == len(TOUR) - 1
            Button(words("tour_on"), lambda: set_step(step + 1), disabled=last)
            Link(words("tour_open", page=words(page)), address_of(page, session), router.push)


@solara.component
def Glossary(words: Words) -> None:
    """The words that the pages use, a sentence each."""
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("glossary"))
        with solara.v.Html(tag="dl", class_="vf-terms"):
            for term in TERMS:
                Text("dt", words(f"term_{term}"))
                Text("dd", words(f"term_{term}_what"))


@solara.component
def Studies(words: Words) -> None:
    """The studies that come with the project: to be opened, or the command that runs them."""
    session, router = use_session(), solara.use_router()
    root = settings().results
    found: dict[str, str] = solara.use_memo(
        lambda: {name: opened_at(root, name) for name in STUDIES}, [root]
    )
    with solara.Div(classes=["vf-card"]):
        Text("h2", words("studies_head"))
        Text("p", words("studies_what"), classes=["vf-soft"])
        with solara.Div(classes=["vf-studies"]):
            for name in STUDIES:
                with solara.Div(classes=["vf-tight"]):
                    Text("h3", words(f"study_{name}_title"))
                    Text("p", words(f"study_{name}_asks"))
                    if found[name]:
                        query = query_of({"study": found[name], "lang": session.language.value})
                        address = f"{path_of('studies')}?{query}"
                        Link(words("studies_open"), address, router.push)
                    else:
                        Text("div", command_of(name), classes=["vf-code-line"])
