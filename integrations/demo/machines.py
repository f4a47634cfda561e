"""Appliances of the simulated house at work, and the meters that see it."""

from __future__ import annotations

import math
from datetime import datetime

from integrations.demo import appliances, life
from integrations.demo.chance import Chance
from integrations.demo.world import World

_WASHER, _WASHER_PLUG = "sensor.washing_machine", "switch.washing_machine"
_PRINTER, _PRINTER_PLUG = "sensor.printer", "switch.printer"
_DONE_FOR = 45 * 60.0  # until somebody empties the washing machine
_FLAT_LAMPS = (
    "light.living_room_floor_lamp", "light.living_room_ceiling", "light.kitchen", "light.hall",
    "light.bedroom", "light.kids_room", "light.bathroom",
)  # fmt: skip


class Machines:
    """Runs the appliances of a world."""

    def __init__(self, world: World, chance: Chance) -> None:
        self._world, self._chance = world, chance

    def run(self, now: datetime, seconds: float) -> None:
        """Let `seconds` pass until `now` (local time)."""
        time = now.timestamp()
        self._wash(now, time, seconds)
        self._print(now, time, seconds)
        self._watch_television(now, time, seconds)
        self._measure_power(time)
        self._measure_light(now, time)
        shelf = 31.4 + 1.2 * math.sin(2 * math.pi * (life.hour_of(now) - 9) / 24)
        self._world.measure("sensor.server_shelf_temperature", shelf, time, step=0.3)
        if self._chance.happens(0.01, seconds):
            left = max(self._world.number("sensor.hall_motion_battery") - 1, 1)
            self._world.measure("sensor.hall_motion_battery", left, time, step=1)

    def _wash(self, now: datetime, time: float, seconds: float) -> None:
        world = self._world
        reading = world.readings[_WASHER]
        started = reading.attributes.get("started_at")
        powered = world.state(_WASHER_PLUG) == "on"
        wanted = 8 <= life.hour_of(now) < 20 and self._chance.happens(0.25, seconds)
        if reading.state == "idle" and powered and wanted:
            started = time
        state, watts, minutes = "idle", 1.0, 0
        if started is not None and powered:
            state, watts, minutes = appliances.washing(time - started)
        if state == "idle" or time - (started or 0.0) > appliances.DURATION + _DONE_FOR:
            state, started = "idle", None
        world.say(_WASHER, state, time, started_at=started, minutes_left=minutes)
        world.measure("sensor.washing_machine_power", watts if powered else 0.0, time, step=1)

    def _print(self, now: datetime, time: float, seconds: float) -> None:
        world = self._world
        if world.state(_PRINTER_PLUG) == "off":
            world.say(_PRINTER, "unavailable", time)
        elif self._chance.happens(0.12, seconds):
            world.say_for(_PRINTER, "unavailable", time, self._chance.between(180, 600))
        elif self._chance.happens(0.4 * life.people_in("open_space", now), seconds):
            world.say_for(_PRINTER, "printing", time, self._chance.between(20, 80))
        elif not world.is_under_way(_PRINTER):
            world.say(_PRINTER, "idle", time)

    def _watch_television(self, now: datetime, time: float, seconds: float) -> None:
        hour = life.hour_of(now)
        if 19.5 <= hour < 21.5 and self._chance.happens(0.7, seconds):
            self._world.say("switch.tv", "on", time)
        if 22.3 <= hour < 24 and self._chance.happens(3.0, seconds):
            self._world.say("switch.tv", "off", time)

    def _measure_power(self, time: float) -> None:
        world = self._world
        coffee_on = world.state("switch.coffee_machine") == "on"
        since = world.on_for("switch.coffee_machine", time)
        coffee = appliances.coffee(since) if coffee_on else 0.0
        television = appliances.television() if world.state("switch.tv") == "on" else 0.0
        world.measure("sensor.coffee_machine_power", coffee, time, step=1)
        world.measure("sensor.tv_power", television, time, step=1)
        lamps = sum(appliances.lamp(self._brightness(lamp)) for lamp in _FLAT_LAMPS)
        washer = world.number("sensor.washing_machine_power")
        total = appliances.fridge(time) + lamps + coffee + television + washer
        world.measure("sensor.flat_power", total, time, step=5)

    def _measure_light(self, now: datetime, time: float) -> None:
        day = life.daylight(now)
        for sensor, lamp, share, lux in (
            ("sensor.hall_illuminance", "light.hall", 0.004, 90.0),
            ("sensor.open_space_illuminance", "light.open_space", 0.03, 350.0),
        ):
            value = 2.0 + share * day + lux * self._brightness(lamp) / 255
            was = self._world.number(sensor)
            self._world.measure(sensor, value, time, step=max(3, round(0.15 * was)))

    def _brightness(self, lamp: str) -> float:
        return float(self._world.readings[lamp].attributes["brightness"] or 0)
