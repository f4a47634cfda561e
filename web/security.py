"""What every answer and every request must fulfil, whoever asks.

Headers: nothing from another host, no inline script or style, no framing (CSP level 3; Fetch;
the OWASP secure-headers list). Host check: a page of another site can make a browser resolve
its own name to the hub's address (DNS rebinding); only names that are ours are answered. Names
that are IP literals are ours by nature: a browser can't be made to rebind them.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from web.words import _

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
BODY_LIMIT = 1024 * 1024


class SecurityHeaders:
    """Adds the headers above to every HTTP answer; one that is already set stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class HostCheck:
    """Answers only requests that were sent to one of the hub's own names or to an IP address.

    `names` gives the names at this moment (mDNS may have chosen another one since the start).
    """

    def __init__(self, app: ASGIApp, names: Callable[[], Iterable[str]]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] in ("http", "websocket"):
            host = host_name(Headers(scope=scope).get("host", ""))
            if not (is_address(host) or host in own_names(self._names())):
                await _refuse(scope, receive, send, 421, _wrong_host(host))
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies above `limit` bytes, said to be or found to be so long.

    A path that takes uploads has a limit of its own in `larger` (prefix -> bytes).
    """

    def __init__(
        self, app: ASGIApp, limit: int = BODY_LIMIT, larger: dict[str, int] | None = None
    ) -> None:
        self._app = app
        self._limit = limit
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        claimed = Headers(scope=scope).get("content-length", "0")
        if claimed.isdigit() and int(claimed) > limit:
            await _refuse(scope, receive, send, 413, _too_long(limit))
            return
        await self._counted(scope, receive, send, limit)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        got, started = 0, False

        async def counting_receive() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > limit:
                raise _TooLong
            return message

        async def noting_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counting_receive, noting_send)
        except _TooLong:
            if not started:
                await _refuse(scope, receive, send, 413, _too_long(limit))

    def _limit_of(self, path: str) -> int:
        return next(
            (n for prefix, n in self._larger.items() if path.startswith(prefix)), self._limit
        )


class _TooLong(Exception):
    """More bytes arrived than allowed."""


def host_name(host: str) -> str:
    """`Hub.Local:8321` -> `hub.local`, `[fe80::1]:80` -> `fe80::1`."""
    host = host.strip().casefold()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def is_address(host: str) -> bool:
    """Whether it is an IPv4 or IPv6 literal."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def own_names(names: Iterable[str]) -> set[str]:
    """The names that the hub answers to: these, this machine's, and localhost."""
    machine = socket.gethostname().casefold()
    ours = {"localhost", machine, f"{machine.partition('.')[0]}.local"}
    return ours | {name.casefold() for name in names if name}


def is_secure(scope: MutableMapping[str, Any]) -> bool:
    """Whether the browser came over HTTPS, so that cookies can be marked Secure."""
    return scope.get("scheme") in ("https", "wss")


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=1008, reason=text[:120])(scope, receive, send)
        return
    answer: Response = PlainTextResponse(text, status_code=status)
    if scope["path"].startswith("/api"):
        problem = {"kind": "Invalid", "sentence": text, "where": "", "remedy": "", "culprit": ""}
        answer = JSONResponse({"error": problem}, status_code=status)
    answer.headers["Connection"] = "close"
    await answer(scope, receive, send)


def _wrong_host(host: str) -> str:
    return _(
        "This hub does not answer to the name “%(host)s”. Open it by its own address, or add "
        'the name to hub.toml: [server] names = ["%(host)s"].',
        host=host[:80],
    )


def _too_long(limit: int) -> str:
    return _(
        "That is more than the %(kb)d KB that the hub takes here. Send less, or in parts.",
        kb=limit // 1024,
    )
