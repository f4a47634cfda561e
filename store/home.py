"""The house: floors, areas, labels, devices, entities and config entries, as plain rows.

Every `put_*` adds or replaces by id.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from tortoise.models import Model

from store import models


@dataclass(frozen=True)
class FloorRow:
    """A floor; `level` 0 is the ground floor."""

    id: str
    name: str
    level: int = 0


@dataclass(frozen=True)
class AreaRow:
    """A room or place."""

    id: str
    name: str
    floor_id: str | None = None
    icon: str = ""
    labels: list[str] = field(default_factory=list)
    position: int = 0


@dataclass(frozen=True)
class LabelRow:
    """A word that people stick to things."""

    id: str
    name: str


@dataclass(frozen=True)
class DeviceRow:
    """A thing with entities. `details` holds what its maker says (model, version)."""

    id: str
    name: str
    integration: str
    area_id: str | None = None
    labels: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class EntityRow:
    """What a person chose about an entity, and which integration declared it."""

    entity_id: str
    name: str
    integration: str
    device_id: str | None = None
    area_id: str | None = None
    labels: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    hidden: bool = False
    position: int = 0


@dataclass(frozen=True)
class ConfigEntryRow:
    """One set-up instance of an integration."""

    id: str
    domain: str
    title: str
    created_at: float
    data: dict[str, Any] = field(default_factory=dict)
    enabled: bool = True


Row = FloorRow | AreaRow | LabelRow | DeviceRow | EntityRow | ConfigEntryRow
R = TypeVar("R", FloorRow, AreaRow, LabelRow, DeviceRow, EntityRow, ConfigEntryRow)

_TABLES: dict[type[Row], type[Model]] = {
    FloorRow: models.Floor,
    AreaRow: models.Area,
    LabelRow: models.Label,
    DeviceRow: models.Device,
    EntityRow: models.Entity,
    ConfigEntryRow: models.ConfigEntry,
}


async def all_rows(kind: type[R]) -> list[R]:
    """Every row of a kind, such as `all_rows(AreaRow)`."""
    names = [f.name for f in fields(kind)]
    return [kind(**{n: getattr(found, n) for n in names}) for found in await _TABLES[kind].all()]


async def put(row: Row) -> None:
    """Add or replace a row by its id."""
    values = dict(row.__dict__)
    key = _key(type(row))
    await _TABLES[type(row)].update_or_create(defaults=values, **{key: values.pop(key)})


async def put_all(rows: list[R]) -> None:
    """Add many new rows at once."""
    if rows:
        table = _TABLES[type(rows[0])]
        await table.bulk_create([table(**row.__dict__) for row in rows])


async def remove(kind: type[Row], row_id: str) -> None:
    """Remove a row by its id."""
    await _TABLES[kind].filter(**{_key(kind): row_id}).delete()


def _key(kind: type[Row]) -> str:
    return "entity_id" if kind is EntityRow else "id"
