"""What happened, and telling the hub a fact of one's own."""

from __future__ import annotations

import re
from typing import Annotated, Any, cast

from msgspec import Meta, Struct

from hub.bus import Bus
from hub.clock import Clock
from hub.context import Context, Origin
from hub.errors import Invalid, Refused
from hub.events import KERNEL_TYPES, Event
from store.history import AuditRow, History
from web.api.endpoint import Asked, Endpoint, Query, get, post

FIRE = "hub.fire_events"
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,119}\Z")


class EventsQuery(Query):
    """Which lines of the log, the newest first."""

    before: Annotated[float | None, Meta(description="Epoch seconds.")] = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    kind: Annotated[str, Meta(description="Such as action, sign_in, skill.")] = ""
    text: Annotated[str, Meta(description="What subject or reason must contain.")] = ""


class Line(Struct, frozen=True):
    """A line of the audit log: what was done or refused, by whom and why."""

    time: float
    kind: str
    subject: str
    outcome: str
    reason: str
    data: dict[str, Any]
    context: Context


class Published(Struct, frozen=True):
    """The event as the hub told it."""

    type: str
    time: float
    context: Context


class Publisher:
    """Publishes other programs' events, for REST and WebSocket alike."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus, self._clock = bus, clock

    def publish(self, type: str, data: dict[str, Any], context: Context) -> Published:
        """Tell the bus. Raises Refused for the hub's own types, Invalid for a malformed one."""
        if type in KERNEL_TYPES:
            raise Refused(
                f"Only the hub itself says {type}.",
                remedy="Choose a type of your own, such as custom_doorbell.",
            )
        if not _TYPE.match(type):
            raise Invalid(
                f"“{type[:80]}” is not an event type.",
                where="type",
                remedy="Use letters, digits and _ . : - (120 at most), a letter first.",
            )
        event = Event(type, data, self._clock.time(), context)
        self._bus.publish(event)
        return Published(type, event.time, context)


class EventRoutes:
    """Addresses of events."""

    def __init__(self, publisher: Publisher, history: History, clock: Clock) -> None:
        self._publisher, self._history, self._clock = publisher, history, clock

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            get("/api/events", self.recent),
            post("/api/events/{type}", self.publish, permission=FIRE),
        ]

    async def recent(self, asked: Asked, query: EventsQuery) -> list[Line]:
        """What was done or refused in the house, as far as the caller may know."""
        before = query.before if query.before is not None else self._clock.time() + 1
        rows = await self._history.audit(before, query.limit, kind=query.kind, text=query.text)
        return [_line(row) for row in rows if asked.sight.audit(row)]

    async def publish(self, asked: Asked, type: str, body: dict[str, Any]) -> Published:
        """Publish an event of a type of your own; the body is its data.

        Skills with an `event` trigger can start from it.
        """
        return self._publisher.publish(type, body, asked.context)


def _line(row: AuditRow) -> Line:
    context = Context(row.context_id, row.parent_id, row.person_id, cast(Origin, row.origin))
    return Line(row.time, row.kind, row.subject, row.outcome, row.reason, row.data, context)
