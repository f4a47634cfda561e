"""What went over HTTP while a plugin sent. The one door to requests, which Apprise's plugins use.

The plugins answer only yes or no, and requests has no process-wide hook; so its adapter is wrapped
once, and tells the thread that asked for it the status, the `Retry-After` (RFC 9110, 10.2.3) and
the error. Other threads are served as ever.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter

_LONGEST_BODY = 4000


@dataclass(slots=True)
class Exchange:
    """One request: where it went, and the answer or the error."""

    host: str
    response: Response | None = None
    error: RequestException | None = None

    @property
    def failed(self) -> bool:
        """No answer, or one that is not a success."""
        return self.response is None or self.response.status_code >= 400

    @property
    def status(self) -> int:
        """The answer's status code; 0 without an answer."""
        return self.response.status_code if self.response is not None else 0

    @property
    def body(self) -> str:
        """The beginning of the answer; empty without one."""
        if self.response is None:
            return ""
        try:
            return self.response.text[:_LONGEST_BODY]
        except (RequestException, RuntimeError, OSError):
            return ""

    def retry_after(self, now: float) -> float:
        """Seconds that the service asked to wait; 0 when it did not."""
        text = self.response.headers.get("Retry-After", "") if self.response is not None else ""
        if not text:
            return 0.0
        try:
            return max(float(text), 0.0)
        except ValueError:
            return _until(text, now)


@contextmanager
def watched() -> Iterator[list[Exchange]]:
    """The exchanges that this thread makes inside the block."""
    _wrap()
    notes: list[Exchange] = []
    _thread.notes = notes
    try:
        yield notes
    finally:
        _thread.notes = None


_thread = threading.local()


@functools.cache
def _wrap() -> None:
    original = HTTPAdapter.send

    @functools.wraps(original)
    def send(adapter: HTTPAdapter, request: PreparedRequest, *more: Any, **named: Any) -> Response:
        notes: list[Exchange] | None = getattr(_thread, "notes", None)
        if notes is None:
            return original(adapter, request, *more, **named)
        made = Exchange(urlsplit(request.url or "").netloc.rpartition("@")[2])
        notes.append(made)
        try:
            made.response = original(adapter, request, *more, **named)
        except RequestException as error:
            made.error = error
            raise
        return made.response

    HTTPAdapter.send = send  # type: ignore[method-assign, assignment]  # requests offers no hook of its own


def _until(date: str, now: float) -> float:
    try:
        return max(parsedate_to_datetime(date).timestamp() - now, 0.0)
    except ValueError:
        return 0.0
