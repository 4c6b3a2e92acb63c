"""The command `velfaerd dashboard`: serves the dashboard to a browser on this machine."""

from __future__ import annotations

import importlib.util
import socket
from contextlib import suppress
from typing import Annotated, Any

import typer

from velfaerd_sim.cli import options
from velfaerd_sim.errors import InputError, VelfaerdError, refusal

EXAMPLES = """\b
Examples:
  velfaerd dashboard
  velfaerd dashboard --port 9000 --results results

It answers on this machine only, works without any network, and asks for no password. With another
--host everybody who reaches this machine can use it.
"""

LOCAL = ("127.0.0.1", "localhost", "::1")
HIGHEST_PORT = 65535


@options.command(EXAMPLES)
def dashboard(
    host: Annotated[
        str, typer.Option(metavar="NAME", help="Name or address to answer on.")
    ] = "127.0.0.1",
    port: Annotated[
        str, typer.Option(metavar="N", help="Port to answer on; 0 for a free one.")
    ] = "8765",
    results: Annotated[
        str, typer.Option(metavar="DIR", help="Folder below which studies are shown.")
    ] = "results",
) -> None:
    """Open the dashboard: compare, watch and map in a browser.

    Runs until Ctrl-C.
    """
    number = _port(options.number(port))
    if importlib.util.find_spec("solara") is None:
        raise VelfaerdError(
            "the dashboard's packages are not installed; "
            "install them with: pip install 'velfaerd-sim[dashboard]'"
        )
    number = _free(host, number)
    from velfaerd_sim import in_force
    from velfaerd_sim.cli import terminal
    from velfaerd_sim.dashboard.server import serve

    in_force.close()
    terminal.compile_once()
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"The dashboard: http://{shown}:{number}/ (Ctrl-C ends it)")
    if host not in LOCAL:
        typer.echo(
            f"It answers on {host}: everybody who reaches this machine can use it, "
            "and no password is asked for.",
            err=True,
        )
    with suppress(KeyboardInterrupt):
        serve(host, number, results)


def _port(port: Any) -> int:
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= HIGHEST_PORT:
        raise InputError("--port", port, refusal("whole_between", low=0, high=HIGHEST_PORT))
    return port


def _free(host: str, port: int) -> int:
    """The port, or a free one for 0; raises InputError where it cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except (socket.gaierror, UnicodeError):
        raise InputError("--host", host, "a name or address of this machine") from None
    except OSError as error:
        if port and host in LOCAL:
            allowed = f"a port that is free ({error.strerror})"
            raise InputError("--port", port, allowed) from None
        raise InputError("--host", host, f"an address of this machine ({error.strerror})") from None
