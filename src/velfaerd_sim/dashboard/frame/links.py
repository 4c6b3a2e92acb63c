"""Links: the state of a view as the query of an address, and back; read like any input.

A page writes its view into `session.views[page]`; the header keeps the browser's address in step,
so that the address, reloaded or sent to somebody, shows the same view.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from velfaerd_sim.dashboard.frame.carried import COMPARING
from velfaerd_sim.dashboard.frame.settings import EMBED, EMBEDDED, PAGES

LONGEST_QUERY = 4000
MOST_KEYS = 120
OF_COMPARE = (
    *("a", "b", "town", "type", "adults", "months", "burn_in_months", "seed", "replicates", "set"),
    *("shocks", "policy_review", "local_variation", "worlds", "show"),
)
"""Keys of a link to Compare as they stood in a bare address while Compare was the first page."""


class HoldsViews(Protocol):
    """What links are made of: the views of a session, what is carried, and its language."""

    views: Any
    carried: Any
    language: Any
    embedded: bool


def query_of(values: Mapping[str, object]) -> str:
    """The query of a view; what is None or empty is left out."""
    kept = {key: str(value) for key, value in values.items() if value not in (None, "")}
    return urlencode(kept, safe=",:~")


def values_of(query: str | None) -> dict[str, str]:
    """The values in a query; the last of a doubled key. Too long a query counts as empty."""
    if not query or len(query) > LONGEST_QUERY:
        return {}
    try:
        return dict(parse_qsl(query, max_num_fields=MOST_KEYS))
    except ValueError:
        return {}


def path_of(page: str) -> str:
    """The path of a page; that of the first is the bare address."""
    return "/" if page == PAGES[0] else f"/{page}"


def address_of(page: str, session: HoldsViews) -> str:
    """The address of a page's view in the session's language, with the place that is carried.

    It shows the same: in a frame without controls where the session is in one.
    """
    parts = [query_in(page, session), f"lang={session.language.value}"]
    if session.embedded:
        parts.append(f"{EMBED}=1")
    return f"{path_of(page)}?{'&'.join(filter(None, parts))}"


def is_embedded(path: str, query: str | None) -> bool:
    """Whether a link is to be shown in a frame of another site: a page that may be, asked so."""
    return path.strip("/") in EMBEDDED and values_of(query).get(EMBED) == "1"


def query_in(page: str, session: HoldsViews) -> str:
    """The query of a page's view with what is carried: the place, and the pair of governances."""
    view = session.views.get(page, "")
    carried = session.carried
    if page in COMPARING and carried.pair.value is not None:
        view = query_of(carried.of_page(page, values_of(view)))
    return "&".join(filter(None, [view, query_of(carried.query())]))


def moved(path: str, query: str) -> str | None:
    """Where a link leads that was made while Compare was the first page; None for all others.

    The answer is seen from the bare address, so that it holds wherever the server stands.
    """
    if path != "/" or values_of(query).keys().isdisjoint(OF_COMPARE):
        return None
    return f"compare?{query}"
