"""The frame around the pages: where a page fails, a message stands in its place."""

from __future__ import annotations

import logging
from typing import Any

import pytest

pytest.importorskip("solara")

import solara

from velfaerd_sim.dashboard import app
from velfaerd_sim.dashboard.frame.session import Session
from velfaerd_sim.telling.words import Words


@solara.component
def Failing(wrong: Any) -> None:
    """A page with effects of its own that fails while it is asked to."""
    solara.use_effect(lambda: None, [])
    solara.use_effect(lambda: None, [])
    solara.use_memo(lambda: 1, [])
    solara.use_state(1)
    with solara.Div():
        solara.Text("a card that stood before")
        with solara.Div():
            if wrong.value:
                raise ValueError("on purpose")


@pytest.mark.parametrize("at_first", [True, False])
def test_a_page_that_fails_leaves_a_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, at_first: bool
) -> None:
    session = object.__new__(Session)
    session.language = solara.Reactive("en")
    monkeypatch.setattr(app, "use_words", lambda *tables: Words("en"))
    wrong = solara.Reactive(at_first)
    with caplog.at_level(logging.CRITICAL):
        box, context = solara.render(app.Guarded(lambda: Failing(wrong)), handle_error=False)
        if not at_first:
            assert "Something went wrong" not in texts_in(box)
            wrong.value = True
    assert "Something went wrong" in texts_in(box)
    context.close()


def texts_in(widget: Any) -> list[str]:
    """All texts of a widget and what it holds."""
    found = [widget.text] if isinstance(getattr(widget, "text", None), str) else []
    for child in getattr(widget, "children", ()):
        found += [child] if isinstance(child, str) else texts_in(child)
    return found
