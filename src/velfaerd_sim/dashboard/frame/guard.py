"""What stands between strangers and the pages: who is let in, how many, and what is not there.

An ASGI application around Solara's own. It knows nothing of pages and sessions but their number.
"""

from __future__ import annotations

import html
import ipaddress
import string
import threading
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from velfaerd_sim.dashboard.frame.links import is_embedded, moved, path_of
from velfaerd_sim.dashboard.frame.messages import is_message
from velfaerd_sim.telling.words import LANGUAGES, Words

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_IN_NAMES = frozenset(string.ascii_letters + string.digits + "_.-")
_IN_ADDRESSES = frozenset(string.hexdigits + ":.")
FORBIDDEN, BUSY, NO_MESSAGE = 4403, 1013, 1007
TAB, CLOSE = "session_id", "/_solara/api/close/"
"""What a tab calls itself when it connects or closes, and the path under which it closes."""
HOPS = (b"script-name", b"x-script-name", b"x-forwarded-host", b"x-forwarded-proto")
"""Headers by which a visitor could tell Solara where the server stands; never believed."""


def safety(framed_by: bytes) -> Headers:
    """With every answer: a browser may load nothing from, and send nothing to, another host."""
    allowed = b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors "
    return [
        (b"content-security-policy", allowed + framed_by),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    ]


SAFETY, SAFETY_EMBEDDED = safety(b"'self'"), safety(b"*")
"""Only a page without controls may be shown in a frame of another site: nothing in it can be
clicked without being seen."""


class Guard:
    """Lets in whom the server may answer, and no more than it can hold.

    hosts: the names under which it may be asked, or None for any; a page of another site that
    has its name point to this machine asks under that name. pages: names of the pages, for the
    answer where there is none. room: whether one more connection may be opened, given its path
    and those of the connections that are open.
    """

    def __init__(
        self,
        inner: Application,
        hosts: frozenset[str] | None,
        pages: Sequence[str],
        room: Callable[[str, Sequence[str]], bool] = lambda path, open_: True,
        left: Callable[[], None] = lambda: None,
        root: str = "",
    ) -> None:
        """inner: the application that is guarded; left: called when a connection has ended.

        root: the path below which a proxy answers, for links.
        """
        self._inner, self._hosts, self._pages, self._room = inner, hosts, pages, room
        self._left, self._root = left, root.rstrip("/")
        self._lock = threading.Lock()
        self._open: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in, and answer the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        headers: Headers = scope.get("headers", [])
        named = self._hosts is None or host_of(headers) in self._hosts
        scope = {**scope, "headers": [pair for pair in headers if pair[0].lower() not in HOPS]}
        if scope["type"] == "http":
            await (self._page if named else _refused)(scope, receive, send)
        elif named and is_same_origin(headers) and names_tab(scope):
            await self._connection(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": FORBIDDEN})

    async def _connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        with self._lock:
            allowed = self._room(path, self._open)
            if allowed:
                self._open.append(path)
        if not allowed:
            await receive()
            await send({"type": "websocket.close", "code": BUSY})
            return

        async def understood() -> Any:
            """What comes in next; a connection ends with what is no message."""
            received = await receive()
            if received["type"] != "websocket.receive" or is_message(received):
                return received
            await send({"type": "websocket.close", "code": NO_MESSAGE})
            return {"type": "websocket.disconnect", "code": NO_MESSAGE}

        try:
            await self._inner(scope, understood, send)
        finally:
            with self._lock:
                self._open.remove(path)
            self._left()

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer over HTTP; where there is nothing, with a page that says so to who reads pages."""
        if CLOSE in scope["path"] and not names_tab(scope):
            await _send_page(send, 400, f"{TAB} is missing")
            return
        if is_below_a_page(scope["path"], self._pages):
            await _send_page(send, 404, not_found(self._pages, self._root))
            return
        query = scope.get("query_string", b"").decode("latin-1")
        if (there := moved(scope["path"], query)) is not None:
            await _send_page(send, 307, "", [(b"location", there.encode("latin-1"))])
            return
        missing = False
        headers = SAFETY_EMBEDDED if is_embedded(scope["path"], query) else SAFETY

        async def answer(message: Message) -> None:
            nonlocal missing
            if message["type"] == "http.response.start":
                missing = message["status"] == 404 and reads_pages(scope["headers"])
                if missing:
                    await _send_page(send, 404, not_found(self._pages, self._root))
                else:
                    message = {**message, "headers": [*message.get("headers", []), *headers]}
            if not missing:
                await send(message)

        await self._inner(scope, receive, answer)


def names_tab(scope: Scope) -> bool:
    """Whether a tab says what it calls itself; Solara answers others with an error of its own."""
    query = scope.get("query_string", b"").decode("latin-1")
    try:
        return TAB in parse_qs(query, max_num_fields=20)
    except ValueError:
        return False


def is_below_a_page(path: str, pages: Sequence[str]) -> bool:
    """Whether a path goes on behind a page's name, where there is nothing: `/map/x`."""
    name, *more = path.strip("/").split("/")
    return bool(more) and name in pages


def is_same_origin(headers: Headers) -> bool:
    """Whether the page that asks, if it is one, was served under the host that it asks."""
    found = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin = found.get(b"origin")
    if origin is None:
        return True
    try:
        scheme, host, *_ = urlsplit(origin)
    except ValueError:
        return False
    return scheme in ("http", "https") and host == found.get(b"host", "")


def host_of(headers: Headers) -> str:
    """The name under which the server is asked, without its port; '' where it is not one name."""
    found = [value.decode("latin-1") for name, value in headers if name.lower() == b"host"]
    return _name_in(found[0]).lower().rstrip(".") if len(found) == 1 else ""


def _name_in(host: str) -> str:
    """The name or address before a port; '' where a web address would have more beside them."""
    if host.startswith("["):
        name, end, rest = host[1:].partition("]")
        known = end == "]" and _IN_ADDRESSES.issuperset(name)
    else:
        name, colon, port = host.partition(":")
        rest, known = colon + port, _IN_NAMES.issuperset(name)
    digits = rest == "" or (rest[0] == ":" and set(rest[1:]) <= set(string.digits))
    return name if known and digits else ""


def hosts_of(bound: str, more: str = "") -> frozenset[str] | None:
    """The names under which a server bound to an address may be asked; None for any.

    One that only this machine reaches has this machine's names, and those in `more`, with commas
    between them; one that others reach has the names in `more` only, or any where there are none.
    """
    named = {name.strip().lower() for name in more.split(",")} - {""}
    if not _is_local(bound):
        return frozenset(named) or None
    return frozenset({"127.0.0.1", "localhost", "::1", bound.lower(), *named})


def _is_local(bound: str) -> bool:
    try:
        return ipaddress.ip_address(bound).is_loopback
    except ValueError:
        return bound.lower() == "localhost"


def reads_pages(headers: Headers) -> bool:
    """Whether who asks wants a page, as a browser's address bar does."""
    return any(name.lower() == b"accept" and b"text/html" in value for name, value in headers)


def not_found(pages: Sequence[str], root: str = "") -> str:
    """A page that says, in both languages, that there is none here, with links to those there."""
    parts = []
    for language in LANGUAGES:
        words = Words(language, "server")
        links = "".join(
            f'<li><a href="{html.escape(root + path_of(page))}?lang={language}">'
            f"{html.escape(words(page))}</a></li>"
            for page in pages
        )
        parts.append(
            f'<section lang="{language}"><h1>{html.escape(words("no_page"))}</h1>'
            f"<p>{html.escape(words('no_page_what'))}</p><ul>{links}</ul></section>"
        )
    title = html.escape(Words(LANGUAGES[0])("name"))
    return _FRAME.format(title=title, content="".join(parts))


async def _refused(scope: Scope, receive: Receive, send: Send) -> None:
    parts = []
    for language in LANGUAGES:
        words = Words(language, "server")
        parts.append(
            f'<section lang="{language}"><h1>{html.escape(words("other_host"))}</h1>'
            f"<p>{html.escape(words('other_host_what'))}</p></section>"
        )
    title = html.escape(Words(LANGUAGES[0])("name"))
    await _send_page(send, 421, _FRAME.format(title=title, content="".join(parts)))


async def _send_page(send: Send, status: int, page: str, more: Headers | None = None) -> None:
    body = page.encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *SAFETY,
        *(more or ()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


_FRAME = """<!doctype html>
<html lang="da"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ margin: 0; background: #f4f3ef; color: #1b2430;
  font: 16px/1.5 Roboto, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; }}
header {{ background: #10283d; color: #fff; padding: 16px 24px; font-size: 18px; }}
main {{ max-width: 720px; margin: 0 auto; padding: 32px 24px; }}
section {{ background: #fff; border: 1px solid #dedfda; border-radius: 10px;
  padding: 20px 24px; margin-bottom: 16px; }}
h1 {{ font-size: 20px; font-weight: 500; margin: 0 0 4px; }}
p {{ margin: 0 0 8px; color: #525c69; }}
ul {{ display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 12px 0 0;
  padding: 0; }}
a {{ color: #00557f; display: inline-block; padding: 4px 0; }}
a:focus-visible {{ outline: 2px solid #0067a3; outline-offset: 2px; }}
</style></head>
<body><header>{title}</header><main>{content}</main></body></html>
"""
