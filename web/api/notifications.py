"""Notifications: sending one, and how they arrived."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from hub.actions import Actions
from hub.context import Context
from hub.errors import NotFound
from hub.notify.actions import Urgency
from hub.notify.info import NotificationInfo
from hub.notify.service import Notify
from web.api.endpoint import Asked, Body, Endpoint, Query, get, post
from web.sight import SEE


class SendBody(Body):
    """What to say, and to whom."""

    message: Annotated[str, Meta(min_length=1)]
    title: str = ""
    to: Annotated[
        str | list[str], Meta(description="Ids or names of people, everyone, or role:adult.")
    ] = "everyone"
    urgency: Urgency = "normal"
    data: dict[str, Any] = field(default_factory=dict)
    key: Annotated[
        str | None, Meta(description="The same key again is the same notification: sent once.")
    ] = None


class Stored(Struct, frozen=True):
    """The notification is stored, and on its way."""

    id: str


class DeliveryAnswer(Struct, frozen=True):
    """A notification on its way to one target. Times in epoch seconds."""

    id: str
    person_id: str
    person_name: str
    target_name: str
    service: str
    state: str
    attempts: int
    next_attempt_at: float | None
    reason: str
    finished_at: float | None


class NotificationAnswer(Struct, frozen=True):
    """What was said, why, and how it arrives."""

    id: str
    title: str
    message: str
    urgency: str
    created_at: float
    context: Context
    deliveries: list[DeliveryAnswer]


class RecentQuery(Query):
    """Which notifications, the newest first."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 20
    before: Annotated[float | None, Meta(description="Made before: epoch seconds.")] = None
    state: Literal["", "queued", "sending", "delivered", "failed", "no_target"] = ""


class NotificationRoutes:
    """Addresses of notifications."""

    def __init__(self, notify: Notify, actions: Actions) -> None:
        self._notify, self._actions = notify, actions

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            get("/api/notifications", self.recent),
            get("/api/notifications/{notification_id}", self.one),
            # The action asks whether the caller may send.
            post("/api/notifications", self.send, permission=SEE, status=202),
            post("/api/deliveries/{delivery_id}/retry", self.retry, permission=SEE, status=204),
        ]

    async def send(self, asked: Asked, body: SendBody) -> Stored:
        """Store a notification and begin to deliver it."""
        data = {
            "message": body.message,
            "title": body.title,
            "person": body.to,
            "urgency": body.urgency,
            "data": body.data,
        }
        # A prefix of our own: nobody can take the key of a skill's run before it.
        key = f"api {body.key}" if body.key is not None else None
        sent = await self._actions.call("notify.send", data, None, asked.context, key=key)
        return Stored(sent["notification_id"])

    async def recent(self, asked: Asked, query: RecentQuery) -> list[NotificationAnswer]:
        """The last notifications and how they arrive.

        One's own; everybody's for those who manage people.
        """
        found = await self._notify.recent(
            query.limit, before=query.before, state=query.state or None
        )
        return [_answer(info) for info in found if asked.sight.notification(info)]

    async def one(self, asked: Asked, notification_id: str) -> NotificationAnswer:
        """One notification, and how it arrives."""
        info = await self._notify.get(notification_id)
        if not asked.sight.notification(info):
            raise NotFound("There is no such notification.", where="notification")
        return _answer(info)

    async def retry(self, asked: Asked, delivery_id: str) -> None:
        """Try a failed delivery again."""
        await self._notify.retry(delivery_id, asked.context)


def _answer(info: NotificationInfo) -> NotificationAnswer:
    return msgspec.convert(info, NotificationAnswer, from_attributes=True)
