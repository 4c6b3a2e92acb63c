"""How a result shows itself in a notebook: the rooms above say it, the results only ask for it."""

from __future__ import annotations

from collections.abc import Callable

View = Callable[[object, str], str]
"""From a result and a language to HTML."""

_VIEWS: list[View] = []


class Shown:
    """A result that shows itself in a notebook: its answer, a figure and a table."""

    def to_html(self, language: str = "en") -> str:
        """What a notebook shows, as HTML; language: 'en' or 'da'. Raises InputError."""
        return _VIEWS[-1](self, language)

    def _repr_html_(self) -> str:
        return self.to_html()


def show_with(view: View) -> None:
    """Let results be shown by a function."""
    _VIEWS.append(view)
