"""Links: the state of a view as the query of an address, and back; read like any input.

A page writes its view into `session.views[page]`; the header keeps the browser's address in step,
so that the address, reloaded or sent to somebody, shows the same view.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from velfaerd_sim.dashboard.frame.session import Session

LONGEST_QUERY = 4000
MOST_KEYS = 120


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
    """The path of a page; Compare is the first."""
    return "/" if page == "compare" else f"/{page}"


def address_of(page: str, session: Session) -> str:
    """The address of a page's view in the session's language."""
    query = session.views.get(page, "")
    parts = [part for part in (query, f"lang={session.language.value}") if part]
    return f"{path_of(page)}?{'&'.join(parts)}"
