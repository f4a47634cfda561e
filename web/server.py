"""Answers on the network: uvicorn on the hub's own event loop.

The one door to uvicorn. Also writes `run.json` into the data folder, by which the command line
finds the running hub (readable by its owner only).
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import uvicorn
from starlette.types import ASGIApp

from hub.addresses import local_name, url
from hub.config import Server
from hub.errors import HubError
from web.security import BODY_LIMIT

_log = logging.getLogger(__name__)

RUN_FILE = "run.json"
_EVERYWHERE = "::"
_NO_IPV6 = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT)


class WebPart:
    """The part of the hub that serves pages and the API."""

    def __init__(self, app: ASGIApp, settings: Server, folder: Path, local_token: str) -> None:
        self._settings = settings
        self._run_file = folder / RUN_FILE
        self._local_token = local_token
        self._server = _Server(_config(app, settings))
        self._task: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self) -> None:
        """Open the port and answer. Raises HubError when the port can't be had."""
        listeners = _listeners(self._settings.host, self._settings.port)
        self.port = listeners[0].getsockname()[1]
        self._task = asyncio.create_task(self._server.serve(sockets=listeners), name="web")
        answering = asyncio.create_task(self._server.answering.wait())
        await asyncio.wait({self._task, answering}, return_when=asyncio.FIRST_COMPLETED)
        answering.cancel()
        if self._task.done():
            self._task.result()
        try:
            self._tell_where()
        except OSError as error:  # a full disk is no reason to leave the house in the dark
            _log.warning(
                "%s can't be written (%s): the command line will not find this hub. "
                "Free some space on the disk and start it again.", self._run_file, error.strerror,
            )  # fmt: skip

    async def stop(self) -> None:
        """Let requests under way end (2 seconds), then close."""
        with contextlib.suppress(OSError):
            self._run_file.unlink(missing_ok=True)
        self._server.should_exit = True
        if self._task:
            await self._task

    def _tell_where(self) -> None:
        if not self._run_file.parent.is_dir():
            return
        where = {
            "url": url(local_name(self._settings.host), self.port),
            "token": self._local_token,
            "pid": os.getpid(),
        }
        fresh = self._run_file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(where))
        fresh.replace(self._run_file)


class _Server(uvicorn.Server):
    """A server inside a process that handles its signals itself."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: ASGIApp, settings: Server) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        # Without a limit an open live stream would hold the end back for ever.
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
        # Compressing each message would cost more time than a LAN takes to carry it.
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=BODY_LIMIT,
    )


def _listeners(host: str, port: int) -> list[socket.socket]:
    """One socket, or for `::` one each for IPv4 and IPv6 on the same port.

    Two, because one for both would show an IPv4 caller as ::ffff:192.168.1.61, which is neither
    on loopback nor on the LAN for whoever compares. A machine without IPv6 gets IPv4 alone.
    """
    if host != _EVERYWHERE:
        return [_listen(host, port)]
    first = _listen("0.0.0.0", port)  # noqa: S104 - every IPv4 address is what was asked for
    try:
        return [first, _listen(host, first.getsockname()[1])]
    except HubError as error:
        reason = error.__cause__
        if isinstance(reason, OSError) and reason.errno in _NO_IPV6:
            return [first]
        first.close()
        raise


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise HubError(*_why_not(error, host, port), **_what_to_do(error)) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise HubError(*_why_not(error, host, port), **_what_to_do(error)) from error
    listener.setblocking(False)
    return listener


def _why_not(error: OSError, host: str, port: int) -> tuple[str]:
    if error.errno == errno.EADDRINUSE:
        return (f"Port {port} is already used by another program.",)
    if error.errno == errno.EACCES:
        return (f"Port {port} may only be opened by root.",)
    return (f"The hub can't answer at {host}, port {port}: {error.strerror}.",)


def _what_to_do(error: OSError) -> dict[str, str]:
    remedy = "Correct [server] host in hub.toml."
    if error.errno == errno.EADDRINUSE:
        remedy = "Is another hub running? Stop it, or choose another port: HUB_PORT=8322 hub run."
    elif error.errno == errno.EACCES:
        remedy = "Choose a port above 1023: HUB_PORT=8321 hub run."
    return {"where": "hub.toml, [server]", "remedy": remedy}
