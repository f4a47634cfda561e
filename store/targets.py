"""Where people can be reached: the rows of notification targets. The URL itself is a secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Subquery

from store.models import NotificationTarget, Secret

# What the ids of addresses in the table of secrets begin with.
ADDRESSES = "target."


@dataclass(frozen=True)
class TargetRow:
    """Where a person can be reached; `secret_id` names the URL, `shown` has it masked."""

    id: str
    person_id: str
    name: str
    service: str
    secret_id: str
    shown: str
    created_at: float
    position: int = 0
    enabled: bool = True


async def all_of(person_ids: Iterable[str] | None = None) -> list[TargetRow]:
    """Targets of these people (None: of all), each person's in their order."""
    query = NotificationTarget.all()
    if person_ids is not None:
        query = query.filter(person_id__in=list(person_ids))
    return [target_of(row) for row in await query.order_by("position", "created_at", "id")]


async def get(target_id: str) -> TargetRow | None:
    """The target of this id."""
    found = await NotificationTarget.get_or_none(id=target_id)
    return target_of(found) if found else None


async def add(row: TargetRow) -> None:
    """Keep a new target."""
    await NotificationTarget.create(**row.__dict__)


async def update(target_id: str, **changes: Any) -> None:
    """Change some fields of a target."""
    await NotificationTarget.filter(id=target_id).update(**changes)


async def forget_orphans() -> int:
    """Drop the addresses of targets that went with their person; how many they were."""
    used = Subquery(NotificationTarget.all().values("secret_id"))
    orphans = Secret.filter(id__startswith=ADDRESSES, id__not_in=used)
    return await orphans.delete()


def target_of(row: NotificationTarget) -> TargetRow:
    """The model's row; for modules of this folder."""
    # Tortoise adds `person_id` to the class at run time; the type checker can't see it.
    person_id = str(getattr(row, "person_id"))  # noqa: B009
    return TargetRow(
        id=row.id,
        person_id=person_id,
        name=row.name,
        service=row.service,
        secret_id=row.secret_id,
        shown=row.shown,
        created_at=row.created_at,
        position=row.position,
        enabled=row.enabled,
    )
