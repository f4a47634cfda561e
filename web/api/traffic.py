"""How many requests were answered, how, and how fast. Counted in plain numbers."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Seconds: a fragment takes about one millisecond, a password a tenth of a second.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@dataclass(slots=True)
class Timing:
    """Answers of one route: how many within each bucket, and seconds in all."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0


@dataclass(slots=True)
class Traffic:
    """What was answered since the start."""

    answers: dict[tuple[str, str, int], int] = field(default_factory=dict)
    timings: dict[str, Timing] = field(default_factory=dict)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer. `route` is its pattern, so that there are few."""
        key = (method, route, status)
        self.answers[key] = self.answers.get(key, 0) + 1
        timing = self.timings.setdefault(route, Timing())
        timing.counts[bisect_left(BUCKETS, seconds)] += 1
        timing.seconds += seconds


class Measured:
    """Counts every HTTP answer; an open stream counts when its first byte is sent."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "") or "(none)"
                seconds = perf_counter() - started
                self._traffic.note(_method(scope), route, message["status"], seconds)
            await send(message)

        await self._app(scope, receive, noting)


def _method(scope: Scope) -> str:
    """The methods that HTTP knows; a stranger's own words would be endless labels."""
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "other"
