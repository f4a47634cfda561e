"""How a refusal or a fault is told: a page, a toast, or JSON, always with its sentence."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hub.errors import Broken, HubError, Invalid, NeedsPerson, NotFound, Refused, Retry
from store.trouble import DATABASE_ERRORS, while_running
from web import htmx
from web.render import Pages
from web.security import HEADERS
from web.tokens import TooMany, Unauthenticated
from web.words import _

_log = logging.getLogger(__name__)

# Nobody frees a disk within seconds.
_AFTER_TROUBLE = 10.0
_STATUS: dict[type[HubError], int] = {
    Unauthenticated: 401,
    TooMany: 429,
    Invalid: 422,
    NotFound: 404,
    Refused: 403,
    NeedsPerson: 409,
    Retry: 503,
    Broken: 500,
}
_SENTENCES = {
    404: "There is no such page.",
    405: "This address does not do that.",
    413: "That is more than the hub takes here.",
}


class ErrorPages:
    """The exception handlers of the application."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def hub_error(self, request: Request, error: Exception) -> Response:
        """An error that was raised on purpose."""
        assert isinstance(error, HubError)  # noqa: S101 - registered for HubError only
        return self._said(request, error, status_of(error))

    async def http_error(self, request: Request, error: Exception) -> Response:
        """An unknown address, a method that is not there."""
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for HTTPException only
        sentence = _(_SENTENCES.get(error.status_code, "")) or error.detail
        kind = NotFound if error.status_code == 404 else Invalid
        response = self._said(request, kind(sentence), error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def store_error(self, request: Request, error: Exception) -> Response:
        """A full disk, a locked or damaged file; anything else that a database says is a bug."""
        told = of_the_disk(error)
        if told is None:
            raise error
        _log.warning("%s %s: %s", request.method, request.url.path, error)
        return self._said(request, told, 503)

    async def fault(self, request: Request, _error: Exception) -> Response:
        """A bug: the server logs it with its trace, the person gets an apology."""
        sorry = HubError(
            _("Something in the hub went wrong while it answered."),
            remedy=_("Try again. If it happens twice, the log says why."),
        )
        response = self._said(request, sorry, 500)
        # Starlette answers faults outside of all middleware.
        response.headers.update(HEADERS)
        return response

    def _said(self, request: Request, error: HubError, status: int) -> Response:
        if request.url.path.startswith("/api") or htmx.is_htmx(request):
            return answer(request, error, status)
        return self._pages.page(request, "error.html", status=status, error=error)


def of_the_disk(error: Exception) -> Retry | None:
    """What a full disk, a locked or a damaged file is told as; None for anything else."""
    if not isinstance(error, DATABASE_ERRORS) or (told := while_running(error)) is None:
        return None
    return Retry(_(told[0]), remedy=_(told[1]), after=_AFTER_TROUBLE)


def status_of(error: HubError) -> int:
    """The HTTP status of an error's kind."""
    return next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 500)


def answer(request: HTTPConnection, error: HubError, status: int = 0) -> Response:
    """The error without a page: JSON for the API, a toast for htmx, else plain text."""
    status = status or status_of(error)
    text = f"{error.sentence} {error.remedy}".strip()
    if request.url.path.startswith("/api"):
        wait = {"Retry-After": f"{max(1, error.after):.0f}"} if isinstance(error, Retry) else None
        return JSONResponse({"error": as_data(error)}, status_code=status, headers=wait)
    if htmx.is_htmx(request):
        response = Response(status_code=status, headers={"HX-Reswap": "none"})
        return htmx.toast(response, text, kind="bad")
    return PlainTextResponse(text, status_code=status)


def as_data(error: HubError) -> dict[str, str]:
    """An error as the API gives it."""
    return {
        "kind": type(error).__name__,
        "sentence": error.sentence,
        "where": error.where,
        "remedy": error.remedy,
        "culprit": error.culprit,
    }
