"""No other site may act with a person's cookie.

Two locks: an unsafe request must come from a page of the hub (Origin, Sec-Fetch-Site; Fetch
metadata specification), and with a cookie it must also carry the session's token, which only a
page of the hub can know. htmx sends it as a header (set once on <body>), plain forms as a field.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.types import Message, Receive

from hub.errors import Refused
from web.words import _

HEADER = "X-CSRF-Token"
FIELD = "csrf_token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_safe(method: str) -> bool:
    """Whether a method changes nothing (RFC 9110, section 9.2.1)."""
    return method in _SAFE


def check_origin(connection: HTTPConnection) -> None:
    """Refuse a request that a page of another site has made. Raises Refused."""
    headers = connection.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site not in (None, "same-origin", "none"):
        raise _refused()
    if origin is not None and not _same_host(origin, headers):
        raise _refused()


async def check_token(request: Request, expected: str) -> Receive:
    """Compare the token of the header, else of the form. Raises Refused.

    Answers the `receive` to go on with, because a form's body has been read by then.
    """
    given = request.headers.get(HEADER)
    receive = request.receive
    if given is None:
        body = await request.body()
        form = await Request(request.scope, _replay(body, receive)).form()
        given = str(form.get(FIELD, ""))
        receive = _replay(body, receive)
    if not secrets.compare_digest(given.encode(), expected.encode()):
        raise Refused(
            _("This page is too old to be used."),
            remedy=_("Load it again; what you typed is still in the form."),
        )
    return receive


def _same_host(origin: str, headers: Mapping[str, str]) -> bool:
    return urlsplit(origin).netloc.casefold() == headers.get("host", "").casefold()


def _refused() -> Refused:
    return Refused(
        _("The request came from a page of another site."),
        remedy=_("Open the hub by its own address and try it there."),
    )


def _replay(body: bytes, rest: Receive) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return await rest()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
