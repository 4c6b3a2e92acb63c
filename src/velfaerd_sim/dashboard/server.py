"""The dashboard's server: one process, threads, nothing from the network."""

from __future__ import annotations

import os
import re
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "False"
os.environ["SOLARA_APP"] = "velfaerd_sim.dashboard.app"

import solara.server.settings as solara_settings
from solara.server import cdn_helper, kernel_context
from solara.server import server as solara_server
from solara.server.starlette import ServerStarlette, app

from velfaerd_sim.dashboard.compare.runs import BURN_INS, replicate_scenario
from velfaerd_sim.dashboard.compare.view import CompareView
from velfaerd_sim.dashboard.frame.guard import Guard, hosts_of
from velfaerd_sim.dashboard.frame.session import RETURN, RETURN_SECONDS, bound_memory
from velfaerd_sim.dashboard.frame.settings import (
    CULL_SECONDS,
    HOSTS_VARIABLE,
    LARGEST_MESSAGE_BYTES,
    MOST_CONNECTIONS,
    MOST_KERNELS,
    PAGES,
    RESULTS_VARIABLE,
)

ASSETS = Path(__file__).with_name("assets")
"""Styles of the frame that Solara draws around the pages."""
_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
_STORAGE = """<script>
for (const name of ["localStorage", "sessionStorage"]) {
  try { window[name].length; } catch (error) {
    const held = {};
    Object.defineProperty(window, name, { value: {
      length: 0, key: () => null, clear: () => {},
      getItem: (key) => (key in held ? held[key] : null),
      setItem: (key, value) => { held[key] = String(value); },
      removeItem: (key) => { delete held[key]; },
    } });
  }
}
</script>"""
_original_read_root = solara_server.read_root


def _read_root(*arguments: Any, **named: Any) -> str | None:
    found = _original_read_root(*arguments, **named)
    return None if found is None else with_storage(with_zoom(found))


def fetch_nothing(url: str) -> bytes:
    """Stand in for Solara's fetching of files that are not installed: no request leaves."""
    raise FileNotFoundError(url)


def with_zoom(document: str) -> str:
    """A page of Solara's whose text can be made larger with two fingers, which it forbids."""
    return _VIEWPORT.sub(
        '<meta name="viewport" content="width=device-width, initial-scale=1">', document
    )


def with_storage(document: str) -> str:
    """A page of Solara's that also starts where a browser denies it a storage of its own.

    Browsers do so in a frame of another site; Solara keeps nothing there but a theme.
    """
    return document.replace("<head>", f"<head>{_STORAGE}", 1)


def has_room(path: str, open_: Sequence[str]) -> bool:
    """Whether another connection may be opened at a path, beside those at other paths.

    A tab that lost its connection comes back to the kernel it has; a new one needs room for both.
    A connection that was let in counts with its kernel before Solara has made it.
    """
    if len(open_) >= MOST_CONNECTIONS:
        return False
    held = set(kernel_context.contexts) | {kernel_of(each) for each in open_}
    return kernel_of(path) in held or len(held) < MOST_KERNELS


def kernel_of(path: str) -> str:
    """The kernel that a connection asks for: the last but one part of `.../KERNEL/channels`."""
    return path.rpartition("/")[0].rpartition("/")[2]


def prepared(host: str, port: int, results: str | Path) -> ServerStarlette:
    """A server that is ready to run: telemetry off, production mode, own limits."""
    os.environ[RESULTS_VARIABLE] = str(results)
    solara_settings.telemetry.mixpanel_enable = False
    solara_settings.main.mode = "production"
    if solara_settings.main.root_path is None:
        solara_settings.main.root_path = ""  # else the first visitor's headers would say it
    solara_settings.theme.loader = "plain"
    solara_settings.theme.show_banner = False
    solara_settings.theme.title = "Velfærd"
    solara_settings.theme.force_refresh = True  # the address brings the view back
    solara_settings.assets.fontawesome_enabled = False
    solara_settings.assets.extra_locations = [str(ASSETS)]
    solara_settings.session.http_only = True
    solara_settings.kernel.cull_timeout = f"{CULL_SECONDS}s"
    cdn_helper.fetch_from_cdn = fetch_nothing
    solara_server.read_root = _read_root
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    return ServerStarlette(
        port=port,
        host=host,
        starlette_app=Guard(
            app,
            hosts_of(host, os.environ.get(HOSTS_VARIABLE, "")),
            PAGES,
            has_room,
            # By then Solara has let go of what the connection had.
            left=lambda: RETURN.ask(CULL_SECONDS + RETURN_SECONDS),
            root=solara_settings.main.root_path,
        ),
        log_level="warning",
        ws_max_size=LARGEST_MESSAGE_BYTES,
        timeout_graceful_shutdown=1,
    )


def warm_up() -> None:
    """Burn in the towns of the first view, so that the first visitor does not wait for them."""
    view = CompareView()
    for replicate in range(view.replicates):
        BURN_INS.get(replicate_scenario(view, replicate))


def serve(host: str, port: int, results: str | Path) -> None:
    """Serve until stopped by Ctrl-C."""
    bound_memory()
    server = prepared(host, port, results)
    threading.Thread(target=warm_up, name="velfaerd-warm-up", daemon=True).start()
    server.serve()
