"""The dashboard's server: one process, threads, nothing from the network."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "False"
os.environ["SOLARA_APP"] = "velfaerd_sim.dashboard.app"

import solara.server.settings as solara_settings
from solara.server.starlette import ServerStarlette, app

from velfaerd_sim.dashboard.compare_runs import BURN_INS, replicate_scenario
from velfaerd_sim.dashboard.compare_view import View
from velfaerd_sim.dashboard.settings import (
    CULL_SECONDS,
    LARGEST_MESSAGE_BYTES,
    RESULTS_VARIABLE,
)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
FORBIDDEN = 4403


class SameOrigin:
    """Lets only pages of this server talk to it: another site's page may not open a session."""

    def __init__(self, inner: Application) -> None:
        """inner: the application that is guarded."""
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from no page or from a page of this host; refuse other sockets."""
        if scope["type"] == "websocket" and not is_same_origin(scope.get("headers", [])):
            await receive()
            await send({"type": "websocket.close", "code": FORBIDDEN})
            return
        await self._inner(scope, receive, send)


def is_same_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether the page that asks, if it is one, was served under the host that it asks."""
    found = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin = found.get(b"origin")
    return origin is None or urlsplit(origin).netloc == found.get(b"host", "")


def prepared(host: str, port: int, results: str | Path) -> ServerStarlette:
    """A server that is ready to run: telemetry off, production mode, own limits."""
    os.environ[RESULTS_VARIABLE] = str(results)
    solara_settings.telemetry.mixpanel_enable = False
    solara_settings.main.mode = "production"
    solara_settings.theme.loader = "plain"
    solara_settings.theme.show_banner = False
    solara_settings.theme.title = "Velfærd"
    solara_settings.theme.force_refresh = True  # the address brings the view back
    solara_settings.assets.fontawesome_enabled = False
    solara_settings.kernel.cull_timeout = f"{CULL_SECONDS}s"
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    return ServerStarlette(
        port=port,
        host=host,
        starlette_app=SameOrigin(app),
        log_level="warning",
        ws_max_size=LARGEST_MESSAGE_BYTES,
        timeout_graceful_shutdown=1,
    )


def warm_up() -> None:
    """Burn in the towns of the first view, so that the first visitor does not wait for them."""
    view = View()
    for replicate in range(view.replicates):
        BURN_INS.get(replicate_scenario(view, replicate))


def serve(host: str, port: int, results: str | Path) -> None:
    """Serve until stopped by Ctrl-C."""
    server = prepared(host, port, results)
    threading.Thread(target=warm_up, name="velfaerd-warm-up", daemon=True).start()
    server.serve()
