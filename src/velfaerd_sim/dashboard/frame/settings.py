"""Settings of a dashboard server: what was chosen when it started, and the limits it keeps."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

RESULTS_VARIABLE = "VELFAERD_RESULTS"
"""Names the results folder to the pages, which the server loads by name."""
HOSTS_VARIABLE = "VELFAERD_HOSTS"
"""Names, with commas between them, under which the server may be asked beside its own."""
PAGES = ("start", "municipality", "compare", "advice", "watch", "map", "studies", "model")
"""The pages by name, in the order of the header; the first one opens first."""
EMBEDDED = ("compare", "map")
"""Pages that other sites may show in a frame, without controls: only the answer and the figure."""
EMBED = "embed"
"""The key of a link that asks for that; its value is 1."""

MOST_SESSIONS = 40
"""Sessions at a time; the next visitor is told to come back later."""
MOST_CONNECTIONS = 80
"""Open connections of browsers; those beyond the sessions are told that it is full."""
MOST_KERNELS = 120
"""What Solara holds for connections, open or just closed, before one takes a session."""
MOST_JOBS_A_SESSION = 6
"""Pieces of work that one session may have under way or waiting."""
MOST_JOBS = 120
"""Pieces of work of all sessions together."""
MOST_ADULTS = 20_000
"""Adults of a town that is run while somebody waits; larger ones belong on the command line."""
MOST_MONTHS = 360
LARGEST_UPLOAD_BYTES = 200_000
LARGEST_MESSAGE_BYTES = 4 * 2**20
"""A message from a browser to the server; the largest holds an uploaded file."""
CACHE_BYTES = 96 * 2**20
"""Burnt-in towns kept for all sessions together."""
CULL_SECONDS = 30
"""A session whose browser is gone without a word is closed after so long."""


@dataclass(frozen=True)
class ServerSettings:
    """What was chosen at the start: the folder below which studies are looked for."""

    results: Path


def settings() -> ServerSettings:
    """The settings of this server."""
    return ServerSettings(Path(os.environ.get(RESULTS_VARIABLE, "results")))
