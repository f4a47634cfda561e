"""/healthz: whether the hub is well, for monitors and load balancers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.health import Health
from web.api.encode import encode
from web.tokens import is_local


class Healthz:
    """Answers whoever asks, with nothing that is private."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def route(self) -> Route:
        """Its address."""
        return Route("/healthz", self.answer)

    async def answer(self, request: Request) -> Response:
        """200, or 503 when a part is down.

        The sentences may name people, folders and devices: they are for this machine. With a
        token, GET /api/health tells them.
        """
        tell_all = is_local(request)
        parts = [
            {"part": c.part, "status": c.status, **({"sentence": c.sentence} if tell_all else {})}
            for c in self._health.all()
        ]
        status = self._health.status
        body = encode({"status": status, "parts": parts})
        headers = {"Cache-Control": "no-store"}
        code = 503 if status == "bad" else 200
        return Response(body, code, headers, media_type="application/json")
