"""What people see of notifications and of where they are reached. Never a URL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hub.context import Context
from store.outbox import AttemptRow, DeliveryRow, Found
from store.targets import TargetRow

NameOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """Where a person is reached. `shown` is the URL with its secrets masked."""

    id: str
    person_id: str
    name: str
    service: str
    shown: str
    enabled: bool
    position: int

    @classmethod
    def of(cls, row: TargetRow) -> TargetInfo:
        """From the stored row."""
        return cls(
            row.id, row.person_id, row.name, row.service, row.shown, row.enabled, row.position
        )


@dataclass(frozen=True, slots=True)
class AttemptInfo:
    """One try. `started_at` in epoch seconds; `seconds` None: it never ended."""

    started_at: float
    seconds: float | None
    outcome: str
    reason: str

    @classmethod
    def of(cls, row: AttemptRow) -> AttemptInfo:
        """From the stored row."""
        return cls(row.started_at, row.seconds, row.outcome, row.reason)


@dataclass(frozen=True, slots=True)
class DeliveryInfo:
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

    @classmethod
    def of(cls, row: DeliveryRow, name_of: NameOf) -> DeliveryInfo:
        """From the stored row."""
        return cls(
            id=row.id,
            person_id=row.person_id,
            person_name=name_of(row.person_id),
            target_name=row.target_name,
            service=row.service,
            state=row.state,
            attempts=row.attempts,
            next_attempt_at=row.next_attempt_at,
            reason=row.reason,
            finished_at=row.finished_at,
        )


@dataclass(frozen=True, slots=True)
class NotificationInfo:
    """What was said, why, and how it arrives."""

    id: str
    title: str
    message: str
    urgency: str
    created_at: float
    context: Context
    data: dict[str, Any] = field(default_factory=dict)
    deliveries: list[DeliveryInfo] = field(default_factory=list)

    @classmethod
    def of(cls, found: Found, name_of: NameOf) -> NotificationInfo:
        """From the stored rows."""
        row = found.notification
        return cls(
            id=row.id,
            title=row.title,
            message=row.message,
            urgency=row.urgency,
            created_at=row.created_at,
            context=Context(**row.context),
            data=row.data,
            deliveries=[DeliveryInfo.of(delivery, name_of) for delivery in found.deliveries],
        )
