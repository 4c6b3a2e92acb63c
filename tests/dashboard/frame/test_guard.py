"""Who is let in: own pages, known names, so many at a time; and what is said where nothing is."""

from __future__ import annotations

import asyncio
import json
import random
import struct
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

pytest.importorskip("solara")

from velfaerd_sim.dashboard.frame import guard
from velfaerd_sim.dashboard.frame.guard import Guard, hosts_of
from velfaerd_sim.dashboard.frame.messages import is_message
from velfaerd_sim.dashboard.frame.settings import PAGES

LOCAL = hosts_of("127.0.0.1")


class Inner:
    """An application that notes what reaches it, and answers with a status."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.scopes: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["type"] == "http":
            head = [(b"content-type", b"text/plain"), (b"content-length", b"4")]
            await send({"type": "http.response.start", "status": self.status, "headers": head})
            await send({"type": "http.response.body", "body": b"mine"})


def asked(
    guarded: Guard, kind: str, path: str = "/", query: str = "session_id=tab", **headers: str
) -> list[dict[str, Any]]:
    """What is sent to one who asks."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    pairs = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    scope = {"type": kind, "path": path, "headers": pairs, "query_string": query.encode()}
    run(guarded(scope, receive, send))
    return sent


def run(answer: Any) -> None:
    """Run to the end in a thread, as browser tests hold the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, answer).result()


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        (None, "127.0.0.1:8765", True),
        ("http://127.0.0.1:8765", "127.0.0.1:8765", True),
        ("https://tool.example", "tool.example", True),
        ("http://127.0.0.1:8765", "localhost:8765", False),
        ("http://evil.example", "127.0.0.1:8765", False),
        ("null", "127.0.0.1:8765", False),
        ("ftp://127.0.0.1:8765", "127.0.0.1:8765", False),
        ("http://[::1", "[::1", False),
    ],
)
def test_only_own_pages_may_open_a_session(origin: str | None, host: str, same: bool) -> None:
    inner = Inner()
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    sent = asked(Guard(inner, None, PAGES), "websocket", **headers)
    assert len(inner.scopes) == same
    assert [message["type"] for message in sent] == ([] if same else ["websocket.close"])


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8765", True),
        ("localhost:8765", True),
        ("LOCALHOST", True),
        ("[::1]:8765", True),
        ("evil.example:8765", False),
        ("127.0.0.1.evil.example", False),
        ("127.0.0.1@evil.example", False),
        ("evil@127.0.0.1", False),
        ("127.0.0.1#evil.example", False),
        ("127.0.0.1/evil.example", False),
        ("127.0.0.1:x", False),
        ("localhost.evil.example:8765", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_a_name_that_was_pointed_to_this_machine_is_not_answered(host: str, known: bool) -> None:
    inner = Inner()
    guarded = Guard(inner, LOCAL, PAGES)
    start = asked(guarded, "http", host=host)[0]
    assert start["status"] == (200 if known else 421)
    sent = asked(guarded, "websocket", host=host, origin=f"http://{host}")
    assert len(inner.scopes) == (2 if known else 0)
    assert sent == ([] if known else [{"type": "websocket.close", "code": guard.FORBIDDEN}])


def test_two_names_at_once_are_none() -> None:
    assert guard.host_of([(b"host", b"127.0.0.1"), (b"Host", b"evil.example")]) == ""
    assert guard.host_of([]) == ""


def test_names_depend_on_where_the_server_answers() -> None:
    assert hosts_of("127.0.0.1", "Tool.example, ") == {
        *("127.0.0.1", "localhost", "::1", "tool.example"),
    }
    assert hosts_of("localhost") == hosts_of("::1") == LOCAL
    assert hosts_of("0.0.0.0") is None
    assert hosts_of("::", "tool.example") == {"tool.example"}


def test_no_visitor_says_where_the_server_stands() -> None:
    inner = Inner()
    asked(Guard(inner, None, PAGES), "http", host="a", script_name="//evil.example", accept="x")
    assert inner.scopes[0]["headers"] == [(b"host", b"a"), (b"accept", b"x")]


def test_connections_beyond_the_limit_are_refused_and_come_back_later() -> None:
    held: list[list[dict[str, Any]]] = []
    inner = Inner()

    async def nested(scope: Any, receive: Any, send: Any) -> None:
        inner.scopes.append(scope)
        if len(inner.scopes) < 3:
            await guarded({**scope, "path": f"/{len(inner.scopes)}"}, receive, keep)

    async def keep(message: Any) -> None:
        held.append(dict(message))

    guarded = Guard(nested, None, PAGES, lambda path, open_: len(open_) < 2)
    asked(guarded, "websocket")
    assert len(inner.scopes) == 2
    assert held == [{"type": "websocket.close", "code": guard.BUSY}]
    inner.scopes.clear()
    asked(guarded, "websocket")
    assert len(inner.scopes) == 2, "places are free again once connections end"


def test_a_page_that_is_not_there_is_said_in_both_languages() -> None:
    start, body = asked(Guard(Inner(404), None, PAGES), "http", "/<b>", accept="text/html,*/*")
    text = body["body"].decode()
    assert start["status"] == 404
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
    assert "Her er ingen side" in text
    assert "There is no page here" in text
    assert "<b>" not in text
    for path in (
        "/?lang=da",
        "/compare?lang=da",
        "/map?lang=en",
        "/studies?lang=en",
        "/model?lang",
    ):
        assert f'href="{path}' in text


def test_a_bare_address_with_a_view_of_compare_leads_to_compare() -> None:
    inner = Inner()
    guarded = Guard(inner, None, PAGES)
    for query in ("a=hands_off", "lang=da&shocks=crisis", "set=hours_per_1000:5"):
        start, _ = asked(guarded, "http", "/", query)
        assert start["status"] == 307
        assert dict(start["headers"])[b"location"] == f"compare?{query}".encode()
    assert not inner.scopes
    for path, query in (
        ("/", ""),
        ("/", "lang=en&place=621"),
        ("/map", "a=hands_off"),
        ("/", "x=a"),
    ):
        assert asked(guarded, "http", path, query)[0]["status"] == 200


def test_behind_a_page_there_is_nothing() -> None:
    inner = Inner()
    guarded = Guard(inner, None, PAGES)
    for path in ("/map/x", "/watch/a/b", "/compare/x"):
        start, body = asked(guarded, "http", path, accept="text/html")
        assert start["status"] == 404
        assert "Her er ingen side" in body["body"].decode()
    assert not inner.scopes
    for path in ("/map", "/map/", "/", "/static/map/x"):
        assert asked(guarded, "http", path)[0]["status"] == 200


@pytest.mark.parametrize("query", ["", "session_id=", "session=1", "&" * 100, "session_id"])
def test_who_does_not_say_of_which_tab_is_refused(query: str) -> None:
    """Solara would answer with an error of the server, and a page of log."""
    inner = Inner()
    guarded = Guard(inner, None, PAGES)
    path = "/jupyter/api/kernels/k/channels"
    sent = asked(guarded, "websocket", path, query)
    assert sent == [{"type": "websocket.close", "code": guard.FORBIDDEN}]
    start, body = asked(guarded, "http", "/_solara/api/close/k", query)
    assert start["status"] == 400
    assert body["body"] == b"session_id is missing"
    assert not inner.scopes
    asked(guarded, "http", "/", query)
    asked(guarded, "http", "/_solara/api/close/k", "session_id=1")
    assert len(inner.scopes) == 2


def test_programs_get_the_plain_answer() -> None:
    start, body = asked(Guard(Inner(404), None, PAGES), "http", accept="*/*")
    assert start["status"] == 404
    assert body["body"] == b"mine"


def test_a_browser_may_load_nothing_from_elsewhere() -> None:
    head = dict(asked(Guard(Inner(), None, PAGES), "http")[0]["headers"])
    policy = head[b"content-security-policy"].decode()
    assert policy.startswith("default-src 'self' ")
    assert "*" not in policy
    assert "http" not in policy


def test_only_a_page_without_controls_may_stand_in_a_frame_of_another_site() -> None:
    def framed_by(path: str, query: str) -> str:
        head = dict(asked(Guard(Inner(), None, PAGES), "http", path, query)[0]["headers"])
        return head[b"content-security-policy"].decode().rpartition("frame-ancestors ")[2]

    assert framed_by("/compare", "lang=da&embed=1") == "*"
    assert framed_by("/map", "embed=1") == "*"
    for path, query in (
        *(("/compare", "lang=da"), ("/compare", "embed=0"), ("/map", "embed=yes")),
        *(("/watch", "embed=1"), ("/", "embed=1"), ("/compare/x", "embed=1")),
    ):
        assert framed_by(path, query) == "'self'"


def test_a_connection_ends_with_what_is_no_message() -> None:
    """A frame that claims twenty million buffers took 650 MB, which were never given back."""
    events = [
        {"type": "websocket.receive", "bytes": struct.pack(">i", 20_000_000 + number)}
        for number in range(3)
    ]
    seen: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        while (event := await receive())["type"] != "websocket.disconnect":
            seen.append(event)

    sent: list[Any] = []

    async def receive() -> Any:
        return events.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/k/channels", "query_string": b"session_id=tab"}
    run(Guard(inner, None, PAGES)(scope | {"headers": []}, receive, send))
    assert seen == []
    assert sent == [{"type": "websocket.close", "code": guard.NO_MESSAGE}]
    assert len(events) == 2


def frame(*buffers: bytes) -> bytes:
    """A binary frame as a browser packs it."""
    head = 4 * (len(buffers) + 1)
    starts = [head + sum(map(len, buffers[:place])) for place in range(len(buffers))]
    return struct.pack(f">{len(buffers) + 1}I", len(buffers), *starts) + b"".join(buffers)


MESSAGE = {
    "header": {"msg_id": "1", "msg_type": "comm_msg"},
    "content": {"comm_id": "a", "data": {}},
    "channel": "shell",
}
TEXT = json.dumps(MESSAGE)


@pytest.mark.parametrize(
    "received",
    [
        {"text": TEXT},
        {"text": TEXT, "bytes": None},
        {"bytes": frame(TEXT.encode())},
        {"bytes": frame(TEXT.encode(), b"", b"x" * 1000), "text": None},
        {"text": json.dumps(MESSAGE | {"header": {"msg_type": "kernel_info_request"}})},
    ],
)
def test_messages_of_a_browser_are_understood(received: dict[str, Any]) -> None:
    assert is_message(received)


@pytest.mark.parametrize(
    "received",
    [
        {},
        {"text": ""},
        {"text": "[1]"},
        {"text": "[" * 100_000},
        {"text": "{}"},
        {"text": json.dumps(MESSAGE | {"content": 1})},
        {"text": json.dumps(MESSAGE | {"content": {}})},
        {"text": json.dumps(MESSAGE | {"header": {"msg_type": "execute_request"}})},
        {"text": json.dumps(MESSAGE | {"header": {"msg_type": ["comm_msg"]}})},
        {"text": json.dumps(MESSAGE | {"channel": None})},
        {"bytes": b""},
        {"bytes": b"\0\0\0"},
        {"bytes": struct.pack(">i", -1) + b"x" * 9},
        {"bytes": struct.pack(">i", 0) + b"x" * 9},
        {"bytes": struct.pack(">i", 1_000_000) + b"\0" * 4_000_000},
        {"bytes": frame(b"\xff")},
        {"bytes": frame(TEXT.encode())[:-1]},
        {"bytes": frame(*[TEXT.encode()] * 65)},
        {"bytes": struct.pack(">3I", 2, 12, 11) + TEXT.encode()},
    ],
)
def test_what_is_no_message_is_not_unpacked(received: dict[str, Any]) -> None:
    assert not is_message(received)


@pytest.mark.parametrize("seed", range(20))
def test_no_frame_whatever_is_more_than_refused(seed: int) -> None:
    draw = random.Random(seed)
    whole = frame(TEXT.encode(), b"abc")
    for _ in range(50):
        changed = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        is_message({"bytes": bytes(changed[: draw.randint(0, len(changed))])})
