"""A proxy as an institution puts it before a tool: under a path, which it takes away.

It passes on requests and their answers, headers and cookies among them, and both directions of a
websocket. Run as `python proxy.py PORT PATH TARGET`, with PATH as `/velfaerd`.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any

from tornado import httpclient, web, websocket

OWN = frozenset(
    {"connection", "content-length", "transfer-encoding", "upgrade", "content-encoding"}
)
"""Headers of one connection, which each side writes for itself."""


def passed(headers: Any) -> list[tuple[str, str]]:
    """The headers that go on; the name under which was asked stays."""
    return [
        (name, value)
        for name, value in headers.get_all()
        if name.lower() not in OWN and not name.lower().startswith("sec-websocket")
    ]


class Page(web.RequestHandler):
    """Requests over HTTP."""

    SUPPORTED_METHODS = ("GET", "HEAD", "POST")

    def initialize(self, target: str) -> None:
        self.target = target

    async def get(self, path: str) -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        asked = httpclient.HTTPRequest(
            f"http://{self.target}/{path}{query}",
            method=self.request.method,
            headers=dict(passed(self.request.headers)),
            body=self.request.body if self.request.method == "POST" else None,
            follow_redirects=False,
            request_timeout=120,
        )
        answer = await httpclient.AsyncHTTPClient().fetch(asked, raise_error=False)
        self.set_status(answer.code, answer.reason)
        self.clear_header("Content-Type")
        for name, value in passed(answer.headers):
            self.add_header(name, value)
        if answer.body:
            self.write(answer.body)

    head = post = get


class Channel(websocket.WebSocketHandler):
    """A websocket: what one side sends, the other receives."""

    def initialize(self, target: str) -> None:
        self.target = target

    async def open(self, path: str) -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        asked = httpclient.HTTPRequest(
            f"ws://{self.target}/{path}{query}", headers=dict(passed(self.request.headers))
        )
        self.other = await websocket.websocket_connect(asked, max_message_size=2**28)
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while (message := await self.other.read_message()) is not None:
            with contextlib.suppress(websocket.WebSocketClosedError):
                await self.write_message(message, binary=isinstance(message, bytes))
        self.close()

    async def on_message(self, message: str | bytes) -> None:
        await self.other.write_message(message, binary=isinstance(message, bytes))

    def on_close(self) -> None:
        if hasattr(self, "other"):
            self.other.close()


async def main(port: int, path: str, target: str) -> None:
    """Answer under the path until the process ends."""
    own = {"target": target}
    web.Application(
        [(f"{path}/(jupyter/api/kernels/.+/channels)", Channel, own), (f"{path}/(.*)", Page, own)],
        websocket_max_message_size=2**28,
    ).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
