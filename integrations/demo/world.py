"""The simulated house: what every thing reports, and what happens to it. Pure: no hub, no clock;
time is handed in (epoch seconds)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.demo.glide import Glide
from integrations.demo.kinds import Thing
from integrations.demo.obey import Reading, dark, obey

HELD_FOR = 1800.0
_MOTION_LASTS = 60.0
_LEFT_OPEN = 20.0
# Attributes that only some readings have, beside those that a thing is declared with.
_EXTRA = ("held_until", "started_at")
_ON_THE_WAY = {"locking": "locked", "unlocking": "unlocked", "opening": "open", "closing": "open"}


class World:
    """Readings by entity id. What changed since `changes` was last asked is remembered."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things = {thing.entity_id: thing for thing in things}
        self.readings = {t.entity_id: Reading(t.state, t.attributes) for t in self.things.values()}
        self._glides: dict[str, Glide] = {}
        self._ends: dict[str, tuple[float, str]] = {}
        self._since: dict[str, float] = {}
        self._was: dict[str, Mapping[str, Any]] = {}
        self._changed: dict[str, None] = dict.fromkeys(self.readings)

    def restore(self, entity_id: str, state: str, attributes: Mapping[str, Any]) -> None:
        """Go on from what was reported before a restart."""
        if state in ("unavailable", "unknown"):
            return
        first = self.things[entity_id].attributes
        kept = {k: attributes[k] for k in (*first, *_EXTRA) if k in attributes}
        state = _ON_THE_WAY.get(state, state)
        if entity_id.startswith("cover."):
            state = "open" if kept.get("current_position") else "closed"
        self.readings[entity_id] = Reading(state, {**first, **kept})
        if entity_id.startswith("binary_sensor.") and state == "on":
            self._ends[entity_id] = (0.0, "off")

    def state(self, entity_id: str) -> str:
        """What a thing reports now."""
        return self.readings[entity_id].state

    def number(self, entity_id: str) -> float:
        """What a sensor measures; 0 while it is unavailable."""
        state = self.state(entity_id)
        return 0.0 if state == "unavailable" else float(state)

    def is_under_way(self, entity_id: str) -> bool:
        """Whether it reports something for a while only."""
        return entity_id in self._ends

    def on_for(self, entity_id: str, time: float) -> float:
        """Seconds that a switch has been on; 0 when it is off."""
        if self.state(entity_id) != "on":
            return 0.0
        return time - self._since.get(entity_id, 0.0)

    def is_held(self, entity_id: str, time: float) -> bool:
        """Whether somebody made it report something lately."""
        until = self.readings[entity_id].attributes.get("held_until")
        return until is not None and time < until

    @property
    def gliding(self) -> frozenset[str]:
        """What is on its way: covers, locks, lamps that are dimmed."""
        return frozenset(self._glides)

    def changes(self) -> list[tuple[str, Reading]]:
        """What differs since this was last asked."""
        changed, self._changed = self._changed, {}
        return [(entity_id, self.readings[entity_id]) for entity_id in changed]

    def say(self, entity_id: str, state: str, time: float, **attributes: Any) -> None:
        """Let a thing report something, unless somebody holds it."""
        if not self.is_held(entity_id, time):
            self._set(entity_id, self.readings[entity_id].but(state, **attributes), time)

    def say_for(self, entity_id: str, state: str, time: float, seconds: float) -> None:
        """Let it report something for a while, then go back to what it was."""
        if not self.is_held(entity_id, time) and entity_id not in self._ends:
            self._ends[entity_id] = (time + seconds, self.state(entity_id))
            self.say(entity_id, state, time)

    def measure(self, entity_id: str, value: float, time: float, *, step: float) -> None:
        """Let a sensor report a number, if it moved by `step` or more."""
        now = self.state(entity_id)
        if now == "unavailable" or abs(value - float(now)) >= step:
            self.say(entity_id, f"{value:.1f}" if step < 1 else f"{value:.0f}", time)

    def act(self, entity_id: str, verb: str, data: Mapping[str, Any], time: float) -> None:
        """Obey. Raises Invalid for what a thing can't do."""
        now = self.readings[entity_id]
        fixed = self.things[entity_id].description.attributes
        self._glides.pop(entity_id, None)
        was = self._was.get(entity_id, {})
        reading, glide = obey(now, entity_id, fixed, verb, data, time, was)
        if glide:
            self._glides[entity_id] = glide
        if entity_id.startswith("light.") and now.state == "on":
            self._was[entity_id] = now.attributes
        self._set(entity_id, reading, time)

    def report(self, entity_id: str, state: str, time: float) -> None:
        """Make a sensor report something, and leave it alone for half an hour."""
        self._ends.pop(entity_id, None)
        until = time + HELD_FOR
        self._set(entity_id, self.readings[entity_id].but(state, held_until=until), time)
        if state == "on" and self.things[entity_id].device_class == "motion":
            self._ends[entity_id] = (time + _MOTION_LASTS, "off")

    def pass_time(self, time: float) -> None:
        """Move what is on its way, and end what has lasted long enough."""
        for entity_id, glide in list(self._glides.items()):
            self._glide(entity_id, glide, time)
        for entity_id, (until, state) in list(self._ends.items()):
            motion = self.things[entity_id].device_class == "motion"
            if until == 0.0 and (motion or not self.is_held(entity_id, time)):
                self._ends[entity_id] = (time + _LEFT_OPEN, state)
            elif 0.0 < until <= time:
                del self._ends[entity_id]
                self._set(entity_id, self.readings[entity_id].but(state), time)
        for entity_id, reading in self.readings.items():
            if "held_until" in reading.attributes and not self.is_held(entity_id, time):
                self._release(entity_id, reading, time)

    def _release(self, entity_id: str, reading: Reading, time: float) -> None:
        left = {k: v for k, v in reading.attributes.items() if k != "held_until"}
        self._set(entity_id, Reading(reading.state, left), time)
        if entity_id.startswith("binary_sensor.") and reading.state == "on":
            self._ends.setdefault(entity_id, (time + _LEFT_OPEN, "off"))

    def _glide(self, entity_id: str, glide: Glide, time: float) -> None:
        now = self.readings[entity_id]
        done, value = glide.done(time), round(glide.value(time))
        if done:
            del self._glides[entity_id]
        state = glide.ends_as if done else now.state
        if entity_id.startswith("lock."):
            self._set(entity_id, now.but(state), time)
        elif entity_id.startswith("cover."):
            self._set(entity_id, now.but(state, current_position=value), time)
        elif state == "off":
            self._set(entity_id, dark(now), time)
        else:
            self._set(entity_id, now.but(state, brightness=max(value, 1)), time)

    def _set(self, entity_id: str, reading: Reading, time: float) -> None:
        old = self.readings[entity_id]
        if reading != old:
            self.readings[entity_id] = reading
            self._changed[entity_id] = None
        if reading.state == "on" and old.state != "on":
            self._since[entity_id] = time
