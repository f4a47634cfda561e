"""What an integration's declarations add to the house: floors, areas, devices, entities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hub.entities import EntityDescription
from hub.registry import Registry, slug
from store.home import AreaRow, DeviceRow, EntityRow, FloorRow

Row = FloorRow | AreaRow | DeviceRow | EntityRow


def rows(domain: str, descriptions: Sequence[EntityDescription], registry: Registry) -> list[Row]:
    """The rows of new entities and of what they are in. Floors and areas are suggestions by name;
    an entity of a device is where its device is, unless it names an area of its own."""
    floors: dict[str, FloorRow] = {}
    areas: dict[str, AreaRow] = {}
    devices: dict[str, DeviceRow] = {}
    entities: list[EntityRow] = []
    for position, described in enumerate(descriptions, len(registry.entities)):
        device = described.device
        area = described.area or (device.area if device else "")
        floor = described.floor or (device.floor if device else "")
        if floor:
            row = FloorRow(slug(floor), floor)
            floors.setdefault(row.id, replace(row, level=len(registry.floors) + len(floors)))
        if area:
            place = AreaRow(slug(area), area, slug(floor) if floor else None)
            count = len(registry.areas) + len(areas)
            areas.setdefault(place.id, replace(place, position=count))
        device_id = own_id(domain, device.id) if device else None
        if device and device_id:
            devices.setdefault(
                device_id,
                DeviceRow(
                    device_id,
                    device.name,
                    domain,
                    slug(device.area or area) if device.area or area else None,
                    details=dict(device.details),
                ),
            )
        entities.append(
            EntityRow(
                described.entity_id,
                described.name,
                domain,
                device_id,
                slug(area) if area and (described.area or not device) else None,
                position=position,
            )
        )
    return [*floors.values(), *areas.values(), *devices.values(), *entities]


def own_id(domain: str, device_id: str) -> str:
    """A device's id in the house: no two integrations' devices can have the same one."""
    return device_id if device_id.startswith(f"{domain}_") else f"{domain}_{device_id}"
