"""The few headers that htmx 4 and the hub exchange.

Source: the "HTTP headers" chapter of the reference that ships with htmx.org 4.0.1.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

# The address answers differently to htmx, so a cache must keep the two apart.
VARY = "HX-Request, HX-Request-Type"


def is_htmx(request: HTTPConnection) -> bool:
    """Whether htmx sent this request (and will swap the answer)."""
    return request.headers.get("HX-Request") == "true"


def wants_part(request: Request) -> bool:
    """Whether only a fragment is wanted; False for a page load, also one restored from history."""
    return is_htmx(request) and request.headers.get("HX-Request-Type") == "partial"


def trigger(response: Response, event: str, detail: Any = None) -> Response:
    """Make htmx dispatch `event` with `detail` on the element that asked (it bubbles)."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps(events | {event: detail})
    return response


def toast(response: Response, text: str, *, undo: str = "", kind: str = "") -> Response:
    """Report what has happened; `undo` is the address that takes it back (POST)."""
    words = {"text": text, "undo": undo, "kind": kind}
    return trigger(response, "toast", {key: value for key, value in words.items() if value})


def go(request: Request, address: str) -> Response:
    """Send the browser to another page: a redirect, in the form that the asker obeys."""
    if is_htmx(request):
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)
