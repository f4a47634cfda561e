"""The simulated day: people come and go, windows open, the rest follows."""

from __future__ import annotations

from datetime import datetime

from integrations.demo import life
from integrations.demo.chance import Chance
from integrations.demo.machines import Machines
from integrations.demo.rooms import ROOMS, Rooms
from integrations.demo.world import World

_LONGEST = 86_400.0

# Door: its lock, the room it leads to, the motion sensor that somebody passes.
_DOORS = {
    "binary_sensor.front_door": ("lock.front_door", "hall", "binary_sensor.hall_motion"),
    "binary_sensor.studio_door": ("lock.studio_door", "entrance", ""),
}
# Window or balcony door: from hour, to hour, times an hour, minutes open.
_AIRING = {
    "binary_sensor.bedroom_window": (7.0, 8.5, 1.0, 14),
    "binary_sensor.kids_room_window": (15.0, 18.0, 0.4, 10),
    "binary_sensor.balcony_door": (17.0, 21.0, 0.4, 4),
    "binary_sensor.meeting_room_window": (11.0, 16.5, 0.4, 9),
}


class Day:
    """Moves a world on; the same seed and the same times give the same day."""

    def __init__(self, world: World, seed: int = 12) -> None:
        self._world = world
        self._chance = Chance(seed)
        self._rooms = Rooms(world)
        self._machines = Machines(world, self._chance)

    def step(self, now: datetime, seconds: float) -> None:
        """Let `seconds` pass until `now` (local time). With 0 only consequences are drawn: what a
        lamp draws, whether a thermostat heats."""
        seconds = min(max(seconds, 0.0), _LONGEST)
        time = now.timestamp()
        self._world.pass_time(time)
        self._people(now, time, seconds)
        self._doors(now, time, seconds)
        self._windows(now, time, seconds)
        self._rooms.breathe(now, seconds)
        self._machines.run(now, seconds)

    def _people(self, now: datetime, time: float, seconds: float) -> None:
        for room in ROOMS:
            rate = 5.0 * life.people_in(room.key, now)
            if room.motion and self._chance.happens(rate, seconds):
                self._world.say_for(room.motion, "on", time, self._chance.between(40, 100))

    def _doors(self, now: datetime, time: float, seconds: float) -> None:
        world = self._world
        for door, (lock, room, motion) in _DOORS.items():
            if self._chance.happens(1.4 * life.people_in(room, now), seconds):
                if world.state(lock) == "locked":
                    world.say(lock, "unlocked", time)
                world.say_for(door, "on", time, self._chance.between(12, 40))
                if motion:
                    world.say_for(motion, "on", time, self._chance.between(40, 60))
            empty = life.is_night(now) if room == "hall" else life.studio_is_closed(now)
            unlocked = world.state(lock) == "unlocked" and world.state(door) == "off"
            if empty and unlocked and self._chance.happens(4.0, seconds):
                world.say(lock, "locked", time)

    def _windows(self, now: datetime, time: float, seconds: float) -> None:
        for window, (begin, end, rate, minutes) in _AIRING.items():
            if begin <= life.hour_of(now) < end and self._chance.happens(rate, seconds):
                lasts = 60 * minutes * self._chance.between(0.7, 1.3)
                self._world.say_for(window, "on", time, lasts)
