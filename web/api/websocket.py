"""The WebSocket of the API: letting a client in, and seeing it out.

A plain ASGI application (asgi.readthedocs.io, WebSocket specification): one layer less for
every message than a framework's WebSocket class.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from hub import __version__
from hub.clock import Clock
from hub.errors import HubError, Invalid
from hub.events import HUB_STOPPING, Event
from store.people import SessionRow
from web.api import messages
from web.api.connection import GOING_AWAY, POLICY, Connection, Ending, EventText, Parts
from web.api.encode import encode, encode_error
from web.api.people import me
from web.api.wire import LIMIT, Wire
from web.identity import caller_of
from web.sessions import Sessions
from web.sight import SEE
from web.tokens import Caller, Tokens, Unauthenticated

_log = logging.getLogger(__name__)

PATH = "/api/websocket"
_AUTH_SECONDS = 10.0
_SESSION_SECONDS = 30.0
# How long a slow client has to take the reason; then the line is just cut.
_FAREWELL = 1.0
_TOO_SLOW = Ending(POLICY, "Too slow: more was waiting than the hub keeps for a client.")


class WebSockets:
    """Serves clients, each until it hangs up or is cut off."""

    def __init__(
        self,
        parts: Parts,
        tokens: Tokens,
        sessions: Sessions,
        clock: Clock,
        *,
        limit: int = LIMIT,
    ) -> None:
        self._parts, self._tokens, self._sessions = parts, tokens, sessions
        self._clock, self._limit = clock, limit
        self._text = EventText()
        self._clients: set[Connection] = set()
        self.cut_off = 0
        parts.bus.subscribe(HUB_STOPPING, self._stop)

    @property
    def open(self) -> int:
        """How many were let in and are still here."""
        return len(self._clients)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if (await receive())["type"] != "websocket.connect":
            return
        await send({"type": "websocket.accept"})
        connection = HTTPConnection(scope)
        try:
            caller = caller_of(connection) or await self._ask(connection, receive, send)
            if caller is not None:
                await send(_text({"type": "auth_ok", **_who(caller)}))
                await self._serve(caller, connection, receive, send)
        except OSError:
            _log.debug("A WebSocket client was gone before it could be answered")

    async def _ask(self, connection: HTTPConnection, receive: Receive, send: Send) -> Caller | None:
        """Ask for a token; None when the client did not come in."""
        await send(_text({"type": "auth_required", "version": __version__}))
        late: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        cancel = self._clock.call_later(_AUTH_SECONDS, lambda: late.set_result(None))
        coming = asyncio.ensure_future(receive())
        either: list[asyncio.Future[Any]] = [coming, late]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        cancel()
        try:
            if not coming.done():
                raise Invalid(f"No auth message came within {_AUTH_SECONDS:.0f} seconds.")
            message = coming.result()
            if message["type"] != "websocket.receive":
                return None
            token = messages.read_auth(message.get("text") or message.get("bytes") or "")
            caller = await self._tokens.find(token, connection)
            if caller is None:
                raise Unauthenticated("This token is not known, or no longer good.")
            self._parts.people.require(caller.context(), SEE)
        except HubError as error:
            await send(_text({"type": "auth_invalid", "error": encode_error(error)}))
            await send(_closing(Ending(POLICY, error.sentence)))
            return None
        else:
            return caller
        finally:
            coming.cancel()

    async def _serve(
        self, caller: Caller, connection: HTTPConnection, receive: Receive, send: Send
    ) -> None:
        wire = Wire(send, self._limit)
        client = Connection(self._parts, caller, wire, self._text)
        self._clients.add(client)
        running = {asyncio.create_task(client.read(receive)), asyncio.create_task(wire.write())}
        if session := connection.state.session:
            running.add(asyncio.create_task(self._watch(session, client)))
        try:
            ends: list[asyncio.Future[Any]] = [*running, wire.overflow, client.ended]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._clients.discard(client)
            client.close()
            await _stop(running)
        if wire.overflow.done():
            self._cut(connection)
            await _farewell(send, _TOO_SLOW)
        elif client.ended.done():
            await _farewell(send, client.ended.result())

    async def _watch(self, session: SessionRow, client: Connection) -> None:
        """Look from time to time whether the browser is still signed in."""
        while await self._sessions.alive(session):
            await self._clock.sleep(_SESSION_SECONDS)
        client.end("This browser was signed out.")

    def _stop(self, _event: Event) -> None:
        for client in self._clients:
            client.end("The hub stops.", GOING_AWAY)

    def _cut(self, connection: HTTPConnection) -> None:
        self.cut_off += 1
        host = connection.client.host if connection.client else "somebody"
        _log.warning("The WebSocket client at %s was cut off: it read too slowly", host)


async def _stop(running: set[asyncio.Task[None]]) -> None:
    for task in running:
        task.cancel()
    for outcome in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(outcome, Exception) and not isinstance(outcome, OSError):
            _log.error("A WebSocket connection failed", exc_info=outcome)


async def _farewell(send: Send, ending: Ending) -> None:
    with contextlib.suppress(TimeoutError, OSError):
        await asyncio.wait_for(send(_closing(ending)), _FAREWELL)


def _who(caller: Caller) -> dict[str, object]:
    person = me(caller.person) if caller.person else None
    return {"version": __version__, "person": person, "origin": caller.origin}


def _text(message: object) -> dict[str, object]:
    return {"type": "websocket.send", "text": encode(message).decode()}


def _closing(ending: Ending) -> dict[str, object]:
    # A reason has room for 123 bytes (RFC 6455, section 5.5).
    short = ending.reason.encode()[:123].decode(errors="ignore")
    return {"type": "websocket.close", "code": ending.code, "reason": short}
