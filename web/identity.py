"""Who is asking: a browser by its session, a program by its token, or nobody yet.

Sets `request.state.person` (PersonRow or None), `.session` (SessionRow or None), `.csrf` (the
token that forms and htmx send back) and `.origin` (person, api or cli). Closed by default:
without a person only the addresses below are answered.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import cast
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from hub.context import Context, Origin
from hub.errors import Refused
from web import csrf, htmx
from web.errors import answer as error_answer
from web.security import is_secure
from web.sessions import Sessions
from web.tokens import Caller, Tokens, TooMany, Unauthenticated
from web.words import _

# Pages for people who are not signed in; their forms carry a token all the same.
PUBLIC = ("/signin", "/setup")
# These answer to strangers too, and look themselves at who is asking.
SELF_CHECKED = ("/api/websocket", "/metrics")
# Addresses that show and change nothing of the house.
OPEN = ("/static/", "/healthz", "/favicon.ico", "/robots.txt")
FORM_COOKIE = "hearth_form"


class Identity:
    """Recognises the asker, checks cross-site requests, and sends strangers to sign in."""

    def __init__(self, app: ASGIApp, sessions: Sessions, tokens: Tokens) -> None:
        self._app = app
        self._sessions = sessions
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] not in ("http", "websocket") or scope["path"].startswith(OPEN):
            _unknown(scope)
            await self._app(scope, receive, send)
            return
        _unknown(scope)
        connection = HTTPConnection(scope)
        try:
            fresh = await self._recognise(connection)
            receive = await _guard(scope, connection, receive)
        except (Refused, TooMany) as error:
            await _answer(error_answer(connection, error), scope, receive, send)
            return
        if not _may_enter(connection):
            await _answer(_sign_in_first(connection), scope, receive, send)
            return
        await self._app(scope, receive, _with_cookie(scope, send, fresh) if fresh else send)

    async def _recognise(self, connection: HTTPConnection) -> str:
        """Fill the state; answers the form cookie to set, or an empty text."""
        state = connection.state
        scheme, _sep, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer":
            caller = await self._tokens.find(token.strip(), connection)
            # A wrong token is no browser: it gets no cookie, and no form is looked at.
            caller = caller or Caller(None, "api")
            state.person, state.origin = caller.person, caller.origin
            state.token_hash = caller.token_hash
            return ""
        if found := await self._sessions.find(connection):
            state.session, state.person = found
            state.csrf = state.session.csrf
            return ""
        known = connection.cookies.get(FORM_COOKIE, "")
        cookie = known or secrets.token_urlsafe(32)
        state.csrf = hashlib.sha256(f"hearth form {cookie}".encode()).hexdigest()
        return "" if known or connection.scope["path"].startswith(SELF_CHECKED) else cookie


def context_of(connection: HTTPConnection) -> Context:
    """The cause of what this request does."""
    state, origin = connection.state, cast(Origin, connection.state.origin)
    return Context.new(origin, person_id=state.person.id if state.person else None)


def caller_of(connection: HTTPConnection) -> Caller | None:
    """Who is asking; None is a stranger at an address that strangers may ask."""
    state = connection.state
    if state.person is None and state.origin != "cli":
        return None
    return Caller(state.person, cast(Origin, state.origin), state.token_hash)


def _unknown(scope: Scope) -> None:
    state = scope.setdefault("state", {})
    state.update(person=None, session=None, csrf="", origin="person", token_hash="")


def _may_enter(connection: HTTPConnection) -> bool:
    path = connection.scope["path"]
    if connection.state.person is not None or path.startswith((*PUBLIC, *SELF_CHECKED)):
        return True
    return bool(connection.state.origin == "cli" and path.startswith("/api"))


async def _guard(scope: Scope, connection: HTTPConnection, receive: Receive) -> Receive:
    """Raises Refused for what another site may have sent."""
    if connection.state.origin != "person":
        return receive
    if scope["type"] == "websocket":
        csrf.check_origin(connection)
        return receive
    if csrf.is_safe(scope["method"]):
        return receive
    csrf.check_origin(connection)
    # A stranger's unsafe request is turned away by its address, without reading its body.
    if not _may_enter(connection):
        return receive
    return await csrf.check_token(Request(scope, receive), connection.state.csrf)


def _sign_in_first(connection: HTTPConnection) -> Response:
    scope, path = connection.scope, connection.scope["path"]
    if scope["type"] == "websocket" or path == "/ui/events":
        return Response(status_code=401)
    if path.startswith("/api"):
        problem = _("Sign in first.")
        error = Unauthenticated(problem, remedy=_("Send a token: Authorization: Bearer …"))
        response = error_answer(connection, error)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    request = Request(scope)
    if request.method != "GET" or htmx.is_htmx(request) or path == "/":
        return htmx.go(request, "/signin")
    back = path + (f"?{request.url.query}" if request.url.query else "")
    return htmx.go(request, f"/signin?next={quote(back)}")


async def _answer(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=1008)(scope, receive, send)
        return
    await response(scope, receive, send)


def _with_cookie(scope: Scope, send: Send, value: str) -> Send:
    carrier = Response()
    carrier.set_cookie(FORM_COOKIE, value, secure=is_secure(scope), httponly=True, samesite="lax")

    async def with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", carrier.headers["set-cookie"])
        await send(message)

    return with_cookie
