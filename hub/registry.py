"""The house: floors, areas, labels, devices and entities; what a target means.

Everything is held in memory and written through to the store.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from hub.bus import Bus
from hub.clock import Clock
from hub.context import Context
from hub.errors import Invalid, NotFound
from hub.events import REGISTRY_CHANGED, Event
from store import home
from store.home import AreaRow, DeviceRow, EntityRow, FloorRow, LabelRow


class Target(msgspec.Struct, frozen=True):
    """What an action acts on; each field is a list of ids, all of them together."""

    entity_id: tuple[str, ...] = ()
    device_id: tuple[str, ...] = ()
    area_id: tuple[str, ...] = ()
    floor_id: tuple[str, ...] = ()
    label_id: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: Any) -> Target:
        """From what people write: an entity id, a list of them, or a mapping of the fields."""
        if value is None:
            return cls()
        if isinstance(value, Target):
            return value
        if isinstance(value, str | list | tuple):
            return cls(entity_id=_ids(value))
        if not isinstance(value, Mapping) or (unknown := set(value) - set(cls.__struct_fields__)):
            found = ", ".join(sorted(map(str, unknown))) if isinstance(value, Mapping) else value
            raise Invalid(
                f"A target can't have “{found}”.",
                remedy="Use entity_id, device_id, area_id, floor_id or label_id.",
            )
        return cls(**{key: _ids(ids) for key, ids in value.items()})

    def with_(self, other: Target) -> Target:
        """Both together."""
        pairs = {n: getattr(self, n) + getattr(other, n) for n in self.__struct_fields__}
        return Target(**{n: tuple(dict.fromkeys(ids)) for n, ids in pairs.items()})

    def __bool__(self) -> bool:
        return bool(
            self.entity_id or self.device_id or self.area_id or self.floor_id or self.label_id
        )


class Registry:
    """Looks up and changes the house. Changes publish `registry_changed`."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self.floors: dict[str, FloorRow] = {}
        self.areas: dict[str, AreaRow] = {}
        self.labels: dict[str, LabelRow] = {}
        self.devices: dict[str, DeviceRow] = {}
        self.entities: dict[str, EntityRow] = {}
        self._adding = asyncio.Lock()

    async def load(self) -> None:
        """Read the house from the store."""
        self.floors = {row.id: row for row in await home.all_rows(FloorRow)}
        self.areas = {row.id: row for row in await home.all_rows(AreaRow)}
        self.labels = {row.id: row for row in await home.all_rows(LabelRow)}
        self.devices = {row.id: row for row in await home.all_rows(DeviceRow)}
        self.entities = {row.entity_id: row for row in await home.all_rows(EntityRow)}

    async def put(self, row: FloorRow | AreaRow | LabelRow | DeviceRow | EntityRow) -> None:
        """Add or replace a floor, area, label, device or entity."""
        await home.put(row)
        self._hold(row)
        self._changed()

    async def add_new(self, rows: Iterable[FloorRow | AreaRow | DeviceRow | EntityRow]) -> None:
        """Keep those rows that are not there yet; what a person changed stays as it is."""
        rows = list(rows)
        added = 0
        # Two integrations may suggest the same area at the same time.
        async with self._adding:
            for kind, held in (
                (FloorRow, self.floors),
                (AreaRow, self.areas),
                (DeviceRow, self.devices),
                (EntityRow, self.entities),
            ):
                new = [r for r in rows if isinstance(r, kind) and _key(r) not in held]
                await home.put_all(new)  # type: ignore[type-var]  # one kind at a time
                for row in new:
                    self._hold(row)
                added += len(new)
        if added:
            self._changed()

    async def forget_entities(self, entity_ids: Iterable[str]) -> None:
        """Drop entities whose integration was removed for good, and devices left without any."""
        gone = list(entity_ids)
        devices = {self.entities[e].device_id for e in gone if e in self.entities}
        for entity_id in gone:
            await home.remove(EntityRow, entity_id)
            self.entities.pop(entity_id, None)
        for device_id in devices - {row.device_id for row in self.entities.values()} - {None}:
            await home.remove(DeviceRow, str(device_id))
            self.devices.pop(str(device_id), None)
        self._changed()

    async def rename_entity(self, entity_id: str, name: str) -> None:
        """Call an entity something else. Raises NotFound, and Invalid for an unfit name."""
        if entity_id not in self.entities:
            raise NotFound(f"There is no entity {entity_id}.")
        if not 0 < len(name.strip()) <= 160:
            raise Invalid("An entity needs a name of 1 to 160 characters.", where="name")
        await self.put(replace(self.entities[entity_id], name=name.strip()))

    def area_of(self, entity_id: str) -> AreaRow | None:
        """The area of an entity: its own, else its device's."""
        entity = self.entities.get(entity_id)
        if entity is None:
            return None
        device = self.devices.get(entity.device_id or "")
        area_id = entity.area_id or (device.area_id if device else None)
        return self.areas.get(area_id or "")

    def name_of(self, entity_id: str) -> str:
        """What people call an entity."""
        entity = self.entities.get(entity_id)
        return entity.name if entity else entity_id

    def resolve(self, target: Target) -> list[str]:
        """The entity ids that a target means, without repeats, in a stable order.

        Entities named by id are taken as they are; through a device, area, floor or label
        only those that are not hidden. Raises Invalid for an unknown id.
        """
        found = dict.fromkeys(target.entity_id)
        if not (target.device_id or target.area_id or target.floor_id or target.label_id):
            return list(found)
        for name, held in (
            ("device", self.devices),
            ("area", self.areas),
            ("floor", self.floors),
            ("label", self.labels),
        ):
            for wanted in getattr(target, f"{name}_id"):
                if wanted not in held:
                    raise Invalid(
                        f"There is no {name} “{wanted}”.",
                        remedy=f"Known: {', '.join(sorted(held)) or 'none yet'}.",
                    )
        found |= dict.fromkeys(
            e.entity_id for e in self.entities.values() if not e.hidden and self._within(e, target)
        )
        return list(found)

    def _within(self, entity: EntityRow, target: Target) -> bool:
        device = self.devices.get(entity.device_id or "")
        area = self.area_of(entity.entity_id)
        labels = {*entity.labels}
        labels |= {*device.labels} if device else set()
        labels |= {*area.labels} if area else set()
        return bool(
            (entity.device_id in target.device_id)
            or (area and area.id in target.area_id)
            or (area and area.floor_id in target.floor_id)
            or labels & {*target.label_id}
        )

    def _hold(self, row: FloorRow | AreaRow | LabelRow | DeviceRow | EntityRow) -> None:
        match row:
            case EntityRow():
                self.entities[row.entity_id] = row
            case DeviceRow():
                self.devices[row.id] = row
            case AreaRow():
                self.areas[row.id] = row
            case FloorRow():
                self.floors[row.id] = row
            case LabelRow():
                self.labels[row.id] = row

    def _changed(self) -> None:
        self._bus.publish(Event(REGISTRY_CHANGED, {}, self._clock.time(), Context.new()))


def slug(name: str) -> str:
    """An id out of a name: `Living room` becomes `living_room`, `Küche` `kuche`.

    A name with no Latin letters gets an id that is always the same and says nothing.
    """
    latin = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:60]
    return found or "n" + hashlib.sha256(name.encode()).hexdigest()[:8]


def _key(row: Any) -> str:
    return str(row.entity_id if isinstance(row, EntityRow) else row.id)


def _ids(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, Iterable):
        return tuple(str(part) for part in value)
    raise Invalid(f"“{value}” is not an id or a list of ids.")
