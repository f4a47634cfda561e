"""The deliveries of a notification: one for each target that its people have turned on."""

from __future__ import annotations

from collections.abc import Iterable

from hub.context import new_id
from store.outbox import DeliveryRow, NotificationRow
from store.people import PersonRow
from store.targets import TargetRow


def deliveries(
    row: NotificationRow, people: Iterable[PersonRow], targets: Iterable[TargetRow]
) -> list[DeliveryRow]:
    """One for each person's target; a person without one gets a delivery that says so."""
    by_person: dict[str, list[TargetRow]] = {}
    for target in targets:
        by_person.setdefault(target.person_id, []).append(target)
    return [
        made for person in people for made in _of_person(row, person, by_person.get(person.id, []))
    ]


def delivery(notification_id: str, target: TargetRow) -> DeliveryRow:
    """A new delivery to one target."""
    return DeliveryRow(
        new_id(), notification_id, target.person_id, target.id, target.name, target.service,
        "queued",
    )  # fmt: skip


def _of_person(row: NotificationRow, person: PersonRow, own: list[TargetRow]) -> list[DeliveryRow]:
    if usable := [target for target in own if target.enabled]:
        return [delivery(row.id, target) for target in usable]
    lack = "has turned every target off" if own else "has no notification target yet"
    reason = f"{person.name} {lack}. Add one under Settings, Notifications."
    made = DeliveryRow(
        new_id(), row.id, person.id, None, "", "", "no_target", reason=reason,
        finished_at=row.created_at,
    )  # fmt: skip
    return [made]
