"""`notify.*` and `persistent_notification.create`: notifications as actions.

Field names of the aliases as in https://www.home-assistant.io/integrations/notify/.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from msgspec import Meta

from hub.actions import Action, Call, action

Message = Annotated[str, Meta(description="What to say; Markdown is understood")]
Title = Annotated[str, Meta(description="A short line above the message")]
Person = Annotated[
    str | list[str],
    Meta(description="Who is told: a name, a list of names, “everyone” or “role:adult”"),
]
Urgency = Annotated[
    Literal["low", "normal", "high", "critical"], Meta(description="How much it matters")
]
More = Annotated[dict[str, Any], Meta(description="More for the service: format, …")]


Send = Callable[..., Awaitable[str]]  # Notify.send
Tell = Callable[..., Awaitable[dict[str, str]]]


def actions(send: Send) -> list[Action]:
    """The actions, over `Notify.send`. Each answers with the notification's id."""

    async def tell(call: Call, message: str, to: Any, **more: Any) -> dict[str, str]:
        names = [to] if isinstance(to, str) else list(to)
        stored = await send(message, to=names, context=call.context, key=call.key, **more)
        return {"notification_id": stored}

    return [*_own(tell), *_home_assistants(tell)]


def _own(tell: Tell) -> list[Action]:
    @action("notify.send", effect="once", keyed=True)
    async def notify_send(
        call: Call,
        message: Message,
        title: Title = "",
        person: Person = "everyone",
        urgency: Urgency = "normal",
        data: More = {},  # noqa: B006 - msgspec copies it for every call
    ) -> dict[str, str]:
        """Send a notification to people, on every target they have."""
        return await tell(call, message, person, title=title, urgency=urgency, data=data)

    @action("notify.person", effect="once", keyed=True)
    async def notify_person(
        call: Call,
        message: Message,
        person: Person,
        title: Title = "",
        urgency: Urgency = "normal",
        data: More = {},  # noqa: B006 - msgspec copies it for every call
    ) -> dict[str, str]:
        """Send a notification to one person, or several."""
        return await tell(call, message, person, title=title, urgency=urgency, data=data)

    return [notify_send, notify_person]


def _home_assistants(tell: Tell) -> list[Action]:
    @action("notify.notify", effect="once", keyed=True)
    async def notify_notify(
        call: Call,
        message: Message,
        title: Title | None = None,
        target: Person | None = None,
        data: More | None = None,
    ) -> dict[str, str]:
        """Send a notification to everyone, or to the people in `target` (Home Assistant's name)."""
        return await tell(call, message, target or "everyone", title=title or "", data=data or {})

    @action("persistent_notification.create", effect="once", keyed=True)
    async def persistent_create(
        call: Call,
        message: Message,
        title: Title | None = None,
        notification_id: Annotated[
            str | None, Meta(description="Home Assistant's id; kept in the data")
        ] = None,
    ) -> dict[str, str]:
        """Leave a notification for everyone (Home Assistant's name)."""
        kept = {"notification_id": notification_id} if notification_id else {}
        return await tell(call, message, "everyone", title=title or "", data=kept)

    return [notify_notify, persistent_create]
