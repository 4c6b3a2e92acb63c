"""The dashboard's server: one process, threads, nothing from the network."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "False"
os.environ["SOLARA_APP"] = "velfaerd_sim.dashboard.app"

import solara.server.settings as solara_settings
from solara.server.starlette import ServerStarlette

from velfaerd_sim.dashboard.settings import CULL_SECONDS, RESULTS_VARIABLE


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
    return ServerStarlette(port=port, host=host, log_level="warning")


def serve(host: str, port: int, results: str | Path) -> None:
    """Serve until stopped by Ctrl-C."""
    prepared(host, port, results).serve()
