"""The outbox: notifications, their deliveries and every attempt, and where people can be reached.

A notification is stored with its deliveries in one transaction; an attempt is stored before it is
made, so that one cut short by a crash can be seen. States of a delivery: `queued`, `sending`,
`delivered`, `failed` (for good), `no_target`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tortoise.exceptions import BaseORMException, IntegrityError
from tortoise.expressions import F, Subquery
from tortoise.transactions import in_transaction

from store.models import Delivery, DeliveryAttempt, Notification, NotificationTarget
from store.targets import TargetRow, target_of

# What may come out of these functions when the disk is full or the file is damaged.
ERRORS = (BaseORMException, sqlite3.Error, OSError)

OPEN = ("queued", "sending")
ENDED_BADLY = ("failed", "no_target")


@dataclass(frozen=True)
class NotificationRow:
    """What is to be said. `dedupe_key` is unique: the same key is stored once."""

    id: str
    title: str
    message: str
    urgency: str
    data: dict[str, Any]
    context: dict[str, Any]
    created_at: float
    dedupe_key: str | None = None


@dataclass(frozen=True)
class DeliveryRow:
    """One notification on its way to one target. `target_id` None: the person has none."""

    id: str
    notification_id: str
    person_id: str
    target_id: str | None
    target_name: str
    service: str
    state: str
    attempts: int = 0
    next_attempt_at: float | None = None
    reason: str = ""
    finished_at: float | None = None


@dataclass(frozen=True)
class AttemptRow:
    """One try. `outcome`: `sending`, `delivered`, `failed`, `interrupted`; `seconds` it took."""

    delivery_id: str
    started_at: float
    seconds: float | None
    outcome: str
    reason: str


@dataclass(frozen=True)
class Work:
    """What an attempt needs. `target` is None when it was removed meanwhile."""

    delivery: DeliveryRow
    notification: NotificationRow
    target: TargetRow | None


@dataclass(frozen=True)
class End:
    """How an attempt ended (`outcome`, `seconds`) and what becomes of its delivery (`state`)."""

    delivery_id: str
    seconds: float
    outcome: str
    state: str
    reason: str
    next_attempt_at: float | None
    finished_at: float | None


@dataclass(frozen=True)
class Waiting:
    """A delivery that is still to be made."""

    id: str
    target_id: str
    notification_id: str
    next_attempt_at: float | None
    created_at: float


@dataclass(frozen=True)
class Found:
    """A notification with its deliveries."""

    notification: NotificationRow
    deliveries: list[DeliveryRow] = field(default_factory=list)


async def put(notification: NotificationRow, deliveries: Sequence[DeliveryRow]) -> str | None:
    """Store both in one transaction. None: done; else the id already stored for that key."""
    try:
        async with in_transaction():
            await Notification.create(**notification.__dict__)
            await Delivery.bulk_create([Delivery(**row.__dict__) for row in deliveries])
    except IntegrityError:
        first = await by_key(notification.dedupe_key)
        if first is None:
            raise
        return first
    return None


async def by_key(dedupe_key: str | None) -> str | None:
    """The id of the notification stored for this key."""
    if dedupe_key is None:
        return None
    found = await Notification.get_or_none(dedupe_key=dedupe_key).only("id")
    return found.id if found else None


async def waiting() -> list[Waiting]:
    """Every delivery that is still to be made, the oldest first."""
    rows = (
        await Delivery.filter(state__in=OPEN, target_id__isnull=False)
        .order_by("notification__created_at", "id")
        .values_list("id", "target_id", "notification_id", "next_attempt_at",
                     "notification__created_at")
    )  # fmt: skip
    return [Waiting(*row) for row in rows]


async def mark_interrupted(reason: str) -> int:
    """At a start: attempts that a stop or crash cut short, and their deliveries queued again."""
    async with in_transaction():
        cut = await DeliveryAttempt.filter(outcome="sending").update(
            outcome="interrupted", reason=reason
        )
        await Delivery.filter(state="sending").update(state="queued", reason=reason)
    return cut


async def turn(ends: Sequence[End], begins: Sequence[str], now: float) -> dict[str, Work]:
    """Store how attempts ended and that others begin, in one transaction: what to send, by id.

    A delivery that is not to be made any more is left out.
    """
    async with in_transaction():
        for end in ends:
            await _end(end)
        return await _begin(begins, now) if begins else {}


async def _end(end: End) -> None:
    await DeliveryAttempt.filter(delivery_id=end.delivery_id, outcome="sending").update(
        seconds=end.seconds, outcome=end.outcome, reason=end.reason
    )
    await Delivery.filter(id=end.delivery_id).update(
        state=end.state,
        reason=end.reason,
        next_attempt_at=end.next_attempt_at,
        finished_at=end.finished_at,
    )


async def _begin(delivery_ids: Sequence[str], now: float) -> dict[str, Work]:
    found = await Delivery.filter(id__in=delivery_ids, state__in=OPEN)
    rows = [_delivery(row) for row in found]
    said = await Notification.filter(id__in={row.notification_id for row in rows})
    targets = await NotificationTarget.filter(id__in={row.target_id for row in rows})
    notifications = {row.id: _notification(row) for row in said}
    by_id = {row.id: target_of(row) for row in targets}
    await Delivery.filter(id__in=[row.id for row in rows]).update(
        state="sending", attempts=F("attempts") + 1, next_attempt_at=None
    )
    await DeliveryAttempt.bulk_create(
        DeliveryAttempt(delivery_id=row.id, started_at=now, outcome="sending") for row in rows
    )
    return {
        row.id: Work(row, notifications[row.notification_id], by_id.get(row.target_id or ""))
        for row in rows
    }


async def requeue(delivery_id: str, target: TargetRow, more: Sequence[DeliveryRow]) -> bool:
    """Put a delivery that ended without success back, for `target`, and store `more` beside it.

    False when it is not at such an end any more. Its former attempts stay.
    """
    async with in_transaction():
        changed = await Delivery.filter(id=delivery_id, state__in=ENDED_BADLY).update(
            state="queued",
            attempts=0,
            next_attempt_at=None,
            finished_at=None,
            reason="",
            target_id=target.id,
            target_name=target.name,
            service=target.service,
        )
        if changed:
            await Delivery.bulk_create([Delivery(**row.__dict__) for row in more])
    return bool(changed)


async def delivery(delivery_id: str) -> DeliveryRow | None:
    """The delivery of this id."""
    found = await Delivery.get_or_none(id=delivery_id)
    return _delivery(found) if found else None


async def failed_since(moment: float) -> list[float]:
    """When deliveries failed for good since `moment`, the earliest first."""
    rows = await Delivery.filter(
        state__in=ENDED_BADLY, finished_at__gte=moment
    ).order_by("finished_at").values_list("finished_at", flat=True)  # fmt: skip
    return [float(str(moment)) for moment in rows]


async def recent(
    limit: int, *, before: float | None = None, state: str | None = None
) -> list[Found]:
    """The newest notifications; `before`: stored earlier than that; `state`: with such a delivery."""
    query = Notification.all()
    if before is not None:
        query = query.filter(created_at__lt=before)
    if state is not None:
        query = query.filter(deliveries__state=state).distinct()
    notes = [_notification(row) for row in await query.order_by("-created_at", "-id").limit(limit)]
    by_note = await _deliveries_of([note.id for note in notes])
    return [Found(note, by_note[note.id]) for note in notes]


async def get(notification_id: str) -> Found | None:
    """One notification with its deliveries."""
    row = await Notification.get_or_none(id=notification_id)
    if row is None:
        return None
    return Found(_notification(row), (await _deliveries_of([row.id]))[row.id])


async def attempts(delivery_id: str) -> list[AttemptRow]:
    """Every attempt of a delivery, the first first."""
    rows = await DeliveryAttempt.filter(delivery_id=delivery_id).order_by("id")
    return [
        AttemptRow(delivery_id, row.started_at, row.seconds, row.outcome, row.reason)
        for row in rows
    ]


async def purge(before: float) -> int:
    """Forget notifications stored before that moment of which nothing is still to be delivered."""
    still = Subquery(Delivery.filter(state__in=OPEN).values("notification_id"))
    return await Notification.filter(created_at__lt=before, id__not_in=still).delete()


async def remove_target(target_id: str, now: float, reason: str) -> list[DeliveryRow]:
    """Forget a target; what was still to be delivered there fails with `reason` and is returned."""
    async with in_transaction():
        cut = await Delivery.filter(target_id=target_id, state="queued")
        await Delivery.filter(id__in=[row.id for row in cut]).update(
            state="failed", reason=reason, finished_at=now, next_attempt_at=None
        )
        await NotificationTarget.filter(id=target_id).delete()
    return [replace(_delivery(row), state="failed", reason=reason, finished_at=now) for row in cut]


async def _deliveries_of(notification_ids: list[str]) -> dict[str, list[DeliveryRow]]:
    found: dict[str, list[DeliveryRow]] = {key: [] for key in notification_ids}
    for row in await Delivery.filter(notification_id__in=notification_ids).order_by("id"):
        made = _delivery(row)
        found[made.notification_id].append(made)
    return found


def _delivery(row: Delivery) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        notification_id=_foreign(row, "notification_id"),
        person_id=row.person_id,
        target_id=row.target_id,
        target_name=row.target_name,
        service=row.service,
        state=row.state,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        reason=row.reason,
        finished_at=row.finished_at,
    )


def _notification(row: Notification) -> NotificationRow:
    return NotificationRow(
        id=row.id,
        title=row.title,
        message=row.message,
        urgency=row.urgency,
        data=row.data,
        context=row.context,
        created_at=row.created_at,
        dedupe_key=row.dedupe_key,
    )


def _foreign(row: Delivery, key: str) -> str:
    # Tortoise adds the key's column to the class at run time; the type checker can't see it.
    return str(getattr(row, key))
