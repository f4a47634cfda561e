"""A route of the API: a typed function whose signature is at once parser, check and document.

    async def change(self, asked: Asked, entity_id: str, body: StateBody) -> State: ...
    put("/api/states/{entity_id}", states.change, permission="hub.manage_system")

Names in the path are arguments; `query` and `body` are msgspec structs; `asked` says who asks;
the answer's annotation is its shape. Everything is asked with a permission; "" means whoever is signed in.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import People
from hub.context import Context
from hub.errors import Invalid
from web.api.encode import encode, misshapen, read
from web.identity import caller_of
from web.sight import SEE, Sight
from web.tokens import Caller, Unauthenticated
from web.words import _

Handler = Callable[..., Awaitable[Any]]


class Query(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of what may stand behind the question mark."""


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of what a request carries."""


class Asked:
    """A request that was let in: who asks, and what they may see."""

    __slots__ = ("caller", "context", "people", "request", "sight")

    def __init__(self, request: Request, caller: Caller, people: People) -> None:
        self.request = request
        self.caller = caller
        self.people = people
        self.context: Context = caller.context()
        self.sight = Sight(people, caller.person_id)

    def may(self, permission: str) -> bool:
        """Whether the caller may."""
        return self.sight.may(permission)

    def sees(self, entity_id: str) -> bool:
        """Whether the caller may see an entity."""
        return self.sight.entity(entity_id)

    def require(self, permission: str, entity_ids: Iterable[str] = ()) -> None:
        """Raises Refused when the caller may not."""
        self.people.require(self.context, permission, entity_ids)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one address."""

    method: str
    path: str
    handler: Handler
    permission: str
    status: int
    query: type[Query] | None
    body: Any
    answer: Any
    wants_asked: bool

    @property
    def words(self) -> str:
        """The handler's docstring: its first line is the summary in the document."""
        return inspect.getdoc(self.handler) or ""

    @property
    def group(self) -> str:
        """Under which heading the document lists it."""
        first = self.path.removeprefix("/api").strip("/").partition("/")[0]
        return "hub" if "." in first else first or "hub"


def get(path: str, handler: Handler, *, permission: str = SEE) -> Endpoint:
    """Something to read."""
    return _declare("GET", path, handler, permission, 200)


def post(path: str, handler: Handler, *, permission: str, status: int = 200) -> Endpoint:
    """Something to do or to make."""
    return _declare("POST", path, handler, permission, status)


def put(path: str, handler: Handler, *, permission: str) -> Endpoint:
    """Something to replace."""
    return _declare("PUT", path, handler, permission, 200)


def patch(path: str, handler: Handler, *, permission: str) -> Endpoint:
    """Something to change in part."""
    return _declare("PATCH", path, handler, permission, 200)


def delete(path: str, handler: Handler, *, permission: str) -> Endpoint:
    """Something to remove."""
    return _declare("DELETE", path, handler, permission, 204)


def route(endpoint: Endpoint, people: People) -> Route:
    """The endpoint as Starlette serves it."""
    decode = msgspec.json.Decoder(endpoint.body).decode

    async def answer(request: Request) -> Response:
        caller = caller_of(request)
        if caller is None:
            raise Unauthenticated(_("Sign in first."))
        asked = Asked(request, caller, people)
        if endpoint.permission:
            asked.require(endpoint.permission)
        arguments: dict[str, Any] = dict(request.path_params)
        if endpoint.wants_asked:
            arguments["asked"] = asked
        if endpoint.query is not None:
            arguments["query"] = _read_query(request, endpoint.query)
        if endpoint.body is not None:
            arguments["body"] = await _read_body(request, endpoint.body, decode)
        result = await endpoint.handler(**arguments)
        if endpoint.status == 204:
            return Response(status_code=204)
        return Response(encode(result), endpoint.status, media_type="application/json")

    return Route(endpoint.path, answer, methods=[endpoint.method])


def _declare(method: str, path: str, handler: Handler, permission: str, status: int) -> Endpoint:
    hints = get_type_hints(handler, include_extras=True)
    return Endpoint(
        method,
        path,
        handler,
        permission,
        status,
        hints.get("query"),
        hints.get("body"),
        hints.get("return"),
        "asked" in hints,
    )


def _read_query(request: Request, kind: type[Query]) -> Query:
    try:
        return msgspec.convert(dict(request.query_params), kind, strict=False)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.__struct_fields__)
        problem = misshapen(error, "query")
        raise Invalid(problem.sentence, where=problem.where, remedy=f"It has: {known}.") from error


async def _read_body(request: Request, kind: Any, decode: Callable[[bytes | str], Any]) -> Any:
    # No body at all is an empty object: `curl -X POST` of something that needs no more.
    raw = await request.body() or b"{}"
    if "yaml" in request.headers.get("content-type", ""):
        return _read_yaml(raw, kind)
    return read(decode, raw, "body")


def _read_yaml(raw: bytes, kind: Any) -> Any:
    """A document sent as it is, for the addresses that take one."""
    if "document" not in getattr(kind, "__struct_fields__", ()):
        raise Invalid("This address takes JSON.", where="body", remedy="Send application/json.")
    try:
        return msgspec.convert({"document": raw.decode()}, kind)
    except UnicodeDecodeError as error:
        raise Invalid("The document is not UTF-8.", where="body") from error
