"""How a result shows itself in a notebook: the rooms above say it, the results only ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

View = Callable[[object, str], str]
"""From a result and a language to HTML."""

_VIEWS: list[View] = []


class InOneLine:
    """A result that says in a line what it is; the record of a study is long."""

    def __repr__(self) -> str:
        """Where it stands, how much is done and which frames it has: a line, not the record."""
        own: dict[str, Any] = vars(self)
        counts = own["study"]["counts"]
        place = f" in {own['folder']}" if own.get("folder") else ""
        done = f"{counts['done']} of {counts['planned']} runs done"
        return f"{type(self).__name__}{place}: {'; '.join([done, *_frames(own)])}"


class Shown(InOneLine):
    """A result that shows itself in a notebook: its answer, a figure and a table."""

    def to_html(self, language: str = "en") -> str:
        """What a notebook shows, as HTML; language: 'en' or 'da'. Raises InputError."""
        return _VIEWS[-1](self, language)

    def _repr_html_(self) -> str:
        return self.to_html()


def _frames(own: dict[str, Any]) -> Iterator[str]:
    for name, part in (own | own.get("frames", {})).items():
        if hasattr(part, "columns"):
            yield f"{name} ({len(part)} rows)"


def show_with(view: View) -> None:
    """Let results be shown by a function."""
    _VIEWS.append(view)
