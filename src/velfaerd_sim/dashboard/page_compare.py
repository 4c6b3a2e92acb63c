"""Compare: two governances of one town, the same people and the same luck."""

from __future__ import annotations

import solara

from velfaerd_sim.dashboard.controls import Notice
from velfaerd_sim.dashboard.session import use_words


@solara.component
def Page() -> None:
    """The page."""
    words = use_words()
    Notice(words("not_ready"), words("not_found_what"))
