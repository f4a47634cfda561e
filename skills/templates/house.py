"""The house for templates: states, areas, floors, labels, devices.

https://www.home-assistant.io/docs/configuration/templating/#states
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hub.errors import Invalid
from hub.registry import Registry, Target
from hub.states import UNAVAILABLE, UNKNOWN
from skills.state_words import state_word
from skills.templates.views import AllStates, DomainStates, StateView, Watched
from store.home import AreaRow, DeviceRow, FloorRow, LabelRow


class House:
    """The functions that look at states and at the registry."""

    def __init__(self, watched: Watched, registry: Registry) -> None:
        self._watched = watched
        self._registry = registry
        self.states = AllStates(watched)

    def functions(self) -> dict[str, Callable[..., Any]]:
        """By name; each but `states` is a filter too."""
        return {
            "states": self.states,
            "state_attr": self.state_attr,
            "is_state": self.is_state,
            "is_state_attr": self.is_state_attr,
            "has_value": self.has_value,
            "is_hidden_entity": self.is_hidden_entity,
            "state_translated": self.state_translated,
            "expand": self.expand,
            "areas": lambda: self._ids("areas"),
            "area_id": self.area_id,
            "area_name": self.area_name,
            "area_entities": lambda area: self._within(area_id=self.area_id(area)),
            "area_devices": self.area_devices,
            "floors": lambda: self._ids("floors"),
            "floor_id": self.floor_id,
            "floor_name": self.floor_name,
            "floor_areas": self.floor_areas,
            "floor_entities": lambda floor: self._within(floor_id=self.floor_id(floor)),
            "labels": self.labels,
            "label_id": self.label_id,
            "label_name": self.label_name,
            "label_entities": lambda label: self._within(label_id=self.label_id(label)),
            "label_areas": self.label_areas,
            "label_devices": self.label_devices,
            "device_id": self.device_id,
            "device_name": self.device_name,
            "device_attr": self.device_attr,
            "is_device_attr": lambda item, name, value: self.device_attr(item, name) == value,
            "device_entities": lambda device: self._within(device_id=device),
            "integration_entities": self.integration_entities,
        }

    def tests(self) -> dict[str, Callable[..., Any]]:
        """`x is has_value` and its like."""
        return {
            "has_value": self.has_value,
            "is_state": self.is_state,
            "is_state_attr": self.is_state_attr,
            "is_hidden_entity": self.is_hidden_entity,
        }

    # --- states

    def state_attr(self, entity_id: Any, name: str) -> Any:
        """An attribute of an entity; None when there is none."""
        found = self._watched.get(_id(entity_id))
        return found.attributes.get(name) if found else None

    def is_state(self, entity_id: Any, state: Any) -> bool:
        """Whether an entity is in a state, or in one of several."""
        found = self._watched.get(_id(entity_id))
        if found is None:
            return False
        return found.state in state if isinstance(state, list | tuple) else found.state == state

    def is_state_attr(self, entity_id: Any, name: str, value: Any) -> bool:
        """Whether an attribute has a value."""
        return bool(self.state_attr(entity_id, name) == value)

    def has_value(self, entity_id: Any) -> bool:
        """Whether an entity is there and neither unknown nor unavailable."""
        found = self._watched.get(_id(entity_id))
        return found is not None and found.state not in (UNKNOWN, UNAVAILABLE)

    def is_hidden_entity(self, entity_id: Any) -> bool:
        """Whether people hid it."""
        self._watched.saw_registry()
        row = self._registry.entities.get(_id(entity_id))
        return row is not None and row.hidden

    def state_translated(self, entity_id: Any) -> str:
        """The state in words: `Open` for a door that is on."""
        found = self._watched.get(_id(entity_id))
        if found is None:
            return UNKNOWN
        device_class = str(found.attributes.get("device_class") or "")
        return state_word(found.domain, found.state, device_class).capitalize()

    def expand(self, *items: Any) -> list[StateView]:
        """The states of entities, of groups' members and of lists of them, by entity id."""
        found: dict[str, StateView] = {}
        waiting = list(items)
        seen: set[str] = set()
        while waiting:
            item = waiting.pop()
            if isinstance(item, DomainStates | AllStates):
                found |= {view.entity_id: view for view in item}
                continue
            if isinstance(item, str):
                if item in seen:
                    continue
                seen.add(item)
                item = self._watched.get(item)
            if isinstance(item, StateView):
                members = item.attributes.get("entity_id")
                if item.domain == "group" and isinstance(members, list | tuple):
                    waiting += members
                else:
                    found[item.entity_id] = item
            elif isinstance(item, Iterable) and not isinstance(item, str):
                waiting += list(item)
        return [found[entity_id] for entity_id in sorted(found)]

    # --- the registry

    def area_id(self, item: Any) -> str | None:
        """The area of this name, or of this entity or device."""
        self._watched.saw_registry()
        text = _id(item)
        if area := _named(self._registry.areas, text):
            return area.id
        if area := self._registry.area_of(text):
            return area.id
        device = self._registry.devices.get(text)
        return device.area_id if device else None

    def area_name(self, item: Any) -> str | None:
        """The name of an area, given by its id or by an entity or device in it."""
        area = self._registry.areas.get(self.area_id(item) or "")
        return area.name if area else None

    def area_devices(self, area: Any) -> list[str]:
        """The devices of an area."""
        wanted = self.area_id(area)
        return [d.id for d in self._registry.devices.values() if wanted and d.area_id == wanted]

    def floor_id(self, item: Any) -> str | None:
        """The floor of this name, or of this area, entity or device."""
        self._watched.saw_registry()
        if floor := _named(self._registry.floors, _id(item)):
            return floor.id
        area = self._registry.areas.get(self.area_id(item) or "")
        return area.floor_id if area else None

    def floor_name(self, item: Any) -> str | None:
        """The name of a floor, given by its id or by what is on it."""
        floor = self._registry.floors.get(self.floor_id(item) or "")
        return floor.name if floor else None

    def floor_areas(self, floor: Any) -> list[str]:
        """The areas of a floor."""
        wanted = self.floor_id(floor)
        return [a.id for a in self._registry.areas.values() if wanted and a.floor_id == wanted]

    def labels(self, item: Any = None) -> list[str]:
        """Every label, or those of an entity, device or area."""
        self._watched.saw_registry()
        if item is None:
            return self._ids("labels")
        text, registry = _id(item), self._registry
        row = registry.entities.get(text) or registry.devices.get(text) or registry.areas.get(text)
        return sorted(row.labels) if row else []

    def label_id(self, name: Any) -> str | None:
        """The label of this name."""
        self._watched.saw_registry()
        label = _named(self._registry.labels, _id(name))
        return label.id if label else None

    def label_name(self, label: Any) -> str | None:
        """The name of a label."""
        self._watched.saw_registry()
        found = self._registry.labels.get(_id(label))
        return found.name if found else None

    def label_areas(self, label: Any) -> list[str]:
        """The areas with a label."""
        wanted = self.label_id(label)
        return [a.id for a in self._registry.areas.values() if wanted in a.labels]

    def label_devices(self, label: Any) -> list[str]:
        """The devices with a label."""
        wanted = self.label_id(label)
        return [d.id for d in self._registry.devices.values() if wanted in d.labels]

    def device_id(self, item: Any) -> str | None:
        """The device of an entity, or of this name."""
        self._watched.saw_registry()
        entity = self._registry.entities.get(_id(item))
        if entity is not None:
            return entity.device_id
        device = _named(self._registry.devices, _id(item))
        return device.id if device else None

    def device_name(self, item: Any) -> str | None:
        """The name of a device, given by its id or an entity of it."""
        device = self._registry.devices.get(self.device_id(item) or _id(item))
        return device.name if device else None

    def device_attr(self, item: Any, name: str) -> Any:
        """A detail of a device: name, area_id, manufacturer, model, sw_version."""
        device = self._registry.devices.get(self.device_id(item) or _id(item))
        if device is None:
            return None
        known = {"id": device.id, "name": device.name, "area_id": device.area_id}
        return {**device.details, **known}.get(str(name))

    def integration_entities(self, integration: Any) -> list[str]:
        """The entities of an integration."""
        self._watched.saw_registry()
        wanted = str(integration)
        rows = self._registry.entities.values()
        return [row.entity_id for row in rows if row.integration == wanted]

    def _within(self, **target: Any) -> list[str]:
        self._watched.saw_registry()
        (value,) = target.values()
        if value is None:
            return []
        try:
            return self._registry.resolve(Target.of(target))
        except Invalid:
            return []

    def _ids(self, kind: str) -> list[str]:
        self._watched.saw_registry()
        return list(getattr(self._registry, kind))


def _id(item: Any) -> str:
    return item.entity_id if isinstance(item, StateView) else str(item)


def _named(
    rows: dict[str, Any], text: str
) -> AreaRow | FloorRow | LabelRow | DeviceRow | Any | None:
    if text in rows:
        return rows[text]
    wanted = text.casefold()
    return next((row for row in rows.values() if row.name.casefold() == wanted), None)
