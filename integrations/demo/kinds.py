"""The kinds of things that the demo home is made of, each one call in flat.py and studio.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub import DeviceDescription, EntityDescription

_SWITCHED = ("turn_on", "turn_off", "toggle")
_KELVIN = {"min_color_temp_kelvin": 2200, "max_color_temp_kelvin": 6500}


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity: what is declared, and what it is as long as nothing is known of it."""

    description: EntityDescription
    state: str
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entity_id(self) -> str:
        """Such as light.hall."""
        return self.description.entity_id

    @property
    def device_class(self) -> str:
        """Such as motion; empty for what has none."""
        return str(self.description.attributes.get("device_class", ""))


@dataclass(frozen=True, slots=True)
class Room:
    """Makes the things of one room."""

    floor: str
    name: str

    def device(self, name: str, model: str) -> DeviceDescription:
        """A device that has more than one entity."""
        key = f"{self.name}_{name}".lower().replace(" ", "_").replace("’", "")
        details = {"manufacturer": "Linden Works", "model": model}
        return DeviceDescription(key, name, self.name, self.floor, details)

    def lamp(self, key: str, name: str, *modes: str) -> Thing:
        """A lamp that can be dimmed; `modes` are color_temp and rgb, where it has them."""
        supported = list(modes) or ["brightness"]
        fixed = {"supported_color_modes": supported}
        kelvin = _KELVIN if "color_temp" in modes else {}
        first = {"brightness": None, "color_mode": None}
        if "color_temp" in modes:
            first["color_temp_kelvin"] = None
        if "rgb" in modes:
            first["rgb_color"] = None
        model = "Colour lamp" if "rgb" in modes else "Dimmable lamp"
        return self._thing(
            f"light.{key}", name, model, "off", {**fixed, **kelvin}, first, actions=_SWITCHED
        )

    def plug(
        self, key: str, name: str, state: str = "off", device: DeviceDescription | None = None
    ) -> Thing:
        """A switched plug."""
        fixed = {"device_class": "outlet"}
        return self._thing(
            f"switch.{key}", name, "Plug", state, fixed, device=device, actions=_SWITCHED
        )

    def contact(self, key: str, name: str, kind: str) -> Thing:
        """A sensor that is on or off: motion, door, window, moisture, smoke."""
        fixed = {"device_class": kind}
        return self._thing(f"binary_sensor.{key}", name, f"{kind.title()} sensor", "off", fixed)

    def sensor(
        self,
        key: str,
        name: str,
        kind: str,
        unit: str,
        state: str,
        device: DeviceDescription | None = None,
    ) -> Thing:
        """A sensor that measures."""
        fixed = {"device_class": kind, "unit_of_measurement": unit, "state_class": "measurement"}
        return self._thing(
            f"sensor.{key}", name, f"{kind.title()} sensor", state, fixed, device=device
        )

    def words(
        self, key: str, name: str, options: list[str], device: DeviceDescription | None = None
    ) -> Thing:
        """A sensor that reports one of some words, at first the first."""
        fixed = {"device_class": "enum", "options": options}
        return self._thing(f"sensor.{key}", name, "Appliance", options[0], fixed, device=device)

    def thermostat(self, key: str, name: str, wanted: float, mode: str = "heat") -> Thing:
        """A radiator's thermostat."""
        fixed = {
            "hvac_modes": ["off", "heat", "auto"],
            "min_temp": 5,
            "max_temp": 30,
            "target_temp_step": 0.5,
        }
        first = {"current_temperature": None, "temperature": wanted, "hvac_action": "idle"}
        verbs = ("set_temperature", "set_hvac_mode", "turn_on", "turn_off")
        return self._thing(f"climate.{key}", name, "Thermostat", mode, fixed, first, actions=verbs)

    def lock(self, key: str, name: str) -> Thing:
        """A door's lock."""
        return self._thing(
            f"lock.{key}", name, "Smart lock", "locked", {}, actions=("lock", "unlock")
        )

    def cover(self, key: str, name: str, kind: str, position: int) -> Thing:
        """Blinds or curtains; position 0 is closed, 100 open."""
        verbs = ("open_cover", "close_cover", "stop_cover", "set_cover_position")
        state = "open" if position else "closed"
        first = {"current_position": position}
        fixed = {"device_class": kind}
        return self._thing(f"cover.{key}", name, "Motor", state, fixed, first, actions=verbs)

    def _thing(
        self,
        entity_id: str,
        name: str,
        model: str,
        state: str,
        fixed: Mapping[str, Any],
        first: Mapping[str, Any] | None = None,
        *,
        device: DeviceDescription | None = None,
        actions: tuple[str, ...] = (),
    ) -> Thing:
        key = entity_id.partition(".")[2]
        details = {"manufacturer": "Linden Works", "model": model}
        own = device or DeviceDescription(key, name, self.name, self.floor, details)
        described = EntityDescription(
            entity_id,
            name,
            device=own,
            area=self.name,
            floor=self.floor,
            attributes=fixed,
            actions=actions,
        )
        return Thing(described, state, first or {})
