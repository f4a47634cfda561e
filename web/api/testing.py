"""For trying things out: move the hub's clock. Only there with `[testing] movable_clock = true`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from hub.clock import SystemClock
from web.api.endpoint import Body, Endpoint, post
from web.sight import MANAGE_SYSTEM

_A_YEAR = 366 * 86400.0


class ClockMove(Body):
    """How far to move."""

    advance: Annotated[float, Meta(gt=0, le=_A_YEAR, description="Seconds, forward only.")]


class ClockInfo(Struct, frozen=True):
    """What the hub's clock says now, in epoch seconds (UTC)."""

    time: float


class TestingRoutes:
    """Addresses that a home has no use for."""

    __test__ = False

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [post("/api/testing/clock", self.move, permission=MANAGE_SYSTEM)]

    async def move(self, body: ClockMove) -> ClockInfo:
        """Move the hub's clock forward; what becomes due happens at once."""
        self._clock.move(body.advance)
        return ClockInfo(self._clock.time())
