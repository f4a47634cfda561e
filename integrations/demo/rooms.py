"""The rooms of the simulated house and their air, kept by thermostats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from integrations.demo import life
from integrations.demo.air import Air, Drivers, breathe, radiator, towards
from integrations.demo.world import World

_SLICE = 120.0  # a thermostat looks every two minutes
_HIDDEN_RADIATOR = 20.0  # what rooms without a thermostat are kept at
_SHOWERS = (6.7, 7.4)  # the hours of the morning


@dataclass(frozen=True, slots=True)
class Plan:
    """A room with air: its key in entity ids, what opens, what heats, what sees motion."""

    key: str
    opening: str = ""
    climate: str = ""
    motion: str = ""


ROOMS: Sequence[Plan] = (
    Plan(
        "living_room",
        "binary_sensor.balcony_door",
        "climate.living_room",
        "binary_sensor.living_room_motion",
    ),
    Plan("kitchen", motion="binary_sensor.kitchen_motion"),
    Plan("hall", motion="binary_sensor.hall_motion"),
    Plan("bedroom", "binary_sensor.bedroom_window", "climate.bedroom"),
    Plan("kids_room", "binary_sensor.kids_room_window", "climate.kids_room"),
    Plan("bathroom"),
    Plan("open_space", "", "climate.studio", "binary_sensor.open_space_motion"),
    Plan(
        "meeting_room",
        "binary_sensor.meeting_room_window",
        motion="binary_sensor.meeting_room_motion",
    ),
)
# What sensors measure, and by how much it moves before they report it.
_STEPS = {"temperature": 0.1, "humidity": 1, "co2": 20}


class Rooms:
    """Lets the rooms of a world breathe."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._air = {plan.key: self._measured(plan, Air(_HIDDEN_RADIATOR)) for plan in ROOMS}

    def breathe(self, now: datetime, seconds: float) -> None:
        """Let `seconds` pass until `now` (local time)."""
        outdoors = life.outdoor_temperature(now)
        self._world.measure("sensor.outdoor_temperature", outdoors, now.timestamp(), step=0.2)
        for plan in ROOMS:
            self._breathe(plan, now, outdoors, seconds)

    def _breathe(self, plan: Plan, now: datetime, outdoors: float, seconds: float) -> None:
        air = self._air[plan.key]
        if self._is_held(plan, now.timestamp()):
            air = self._measured(plan, air)
        shower = plan.key == "bathroom" and _SHOWERS[0] <= life.hour_of(now) < _SHOWERS[1]
        drivers = Drivers(
            outdoors,
            open=self._is_open(plan),
            people=life.people_in(plan.key, now),
            shower=30.0 if shower else 0.0,
        )
        heating = self._heats(plan, air, now, was_on=self._was_heating(plan))
        left = seconds
        while left > 0:
            air = breathe(air, replace(drivers, heating=heating), min(left, _SLICE))
            heating = self._heats(plan, air, now, was_on=heating)
            left -= _SLICE
        if not plan.climate:
            mild = towards(air.temperature, _HIDDEN_RADIATOR, seconds / 3600, 6.0)
            air = replace(air, temperature=mild)
        self._air[plan.key] = air
        self._tell(plan, air, heating, now.timestamp())

    def _tell(self, plan: Plan, air: Air, heating: bool, time: float) -> None:
        world = self._world
        for name, step in _STEPS.items():
            if f"sensor.{plan.key}_{name}" in world.readings:
                world.measure(f"sensor.{plan.key}_{name}", getattr(air, name), time, step=step)
        if plan.climate:
            mode = world.state(plan.climate)
            action = "off" if mode == "off" else "heating" if heating else "idle"
            shown = round(air.temperature, 1)
            world.say(plan.climate, mode, time, current_temperature=shown, hvac_action=action)

    def _heats(self, plan: Plan, air: Air, now: datetime, *, was_on: bool) -> bool:
        if not plan.climate:
            return False
        reading = self._world.readings[plan.climate]
        night = life.studio_is_closed(now) if plan.key == "open_space" else life.is_night(now)
        wanted = reading.attributes["temperature"]
        opened = self._is_open(plan)
        return radiator(reading.state, wanted, air, was_on, night=night, airing=opened)

    def _was_heating(self, plan: Plan) -> bool:
        attributes = self._world.readings[plan.climate].attributes if plan.climate else {}
        return attributes.get("hvac_action") == "heating"

    def _is_open(self, plan: Plan) -> bool:
        return bool(plan.opening) and self._world.state(plan.opening) == "on"

    def _is_held(self, plan: Plan, time: float) -> bool:
        sensors = [f"sensor.{plan.key}_{name}" for name in _STEPS]
        return any(s in self._world.readings and self._world.is_held(s, time) for s in sensors)

    def _measured(self, plan: Plan, air: Air) -> Air:
        """The air as the room's sensors report it."""
        for name in _STEPS:
            reading = self._world.readings.get(f"sensor.{plan.key}_{name}")
            if reading and reading.state != "unavailable":
                air = _with(air, name, float(reading.state))
        return air


def _with(air: Air, name: str, value: float) -> Air:
    values = {"temperature": air.temperature, "humidity": air.humidity, "co2": air.co2}
    return Air(**{**values, name: value})
