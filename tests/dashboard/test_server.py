"""The server: no telemetry, only pages of its own, towns of the first view at hand."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("solara")

import solara.server.settings as solara_settings

from velfaerd_sim.dashboard import server
from velfaerd_sim.dashboard.compare_runs import BURN_INS, replicate_scenario
from velfaerd_sim.dashboard.compare_view import View


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        (None, "127.0.0.1:8765", True),
        ("http://127.0.0.1:8765", "127.0.0.1:8765", True),
        ("https://tool.example", "tool.example", True),
        ("http://127.0.0.1:8765", "localhost:8765", False),
        ("http://evil.example", "127.0.0.1:8765", False),
        ("null", "127.0.0.1:8765", False),
    ],
)
def test_only_own_pages_may_open_a_session(origin: str | None, host: str, same: bool) -> None:
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    assert server.is_same_origin(headers) is same
    passed, sent = [], []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["type"])

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    scope = {"type": "websocket", "headers": headers}
    asyncio.run(server.SameOrigin(inner)(scope, receive, send))
    assert passed == (["websocket"] if same else [])
    assert sent == ([] if same else ["websocket.close"])


def test_the_server_is_set_up_without_telemetry(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("VELFAERD_RESULTS", "")
    made = server.prepared("127.0.0.1", 0, tmp_path)
    assert made.host == "127.0.0.1"
    assert not solara_settings.telemetry.mixpanel_enable
    assert solara_settings.main.mode == "production"


def test_the_first_view_needs_no_burn_in() -> None:
    server.warm_up()
    before = len(BURN_INS)
    for replicate in range(View().replicates):
        BURN_INS.get(replicate_scenario(View(), replicate))
    assert len(BURN_INS) == before
