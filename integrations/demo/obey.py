"""What an action makes of a thing: pure functions from a reading and data to the next reading.

Data arrives checked by the hub: brightness 0 to 255, positions 0 to 100, seconds, degrees Celsius.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub import Invalid
from integrations.demo.glide import Glide, dim, travel, turn

_WARM_WHITE = 2700


@dataclass(frozen=True, slots=True)
class Reading:
    """What a thing reports now: its state and the attributes that change."""

    state: str
    attributes: Mapping[str, Any]

    def but(self, state: str | None = None, **attributes: Any) -> Reading:
        """The same with some of it changed."""
        changed = {**self.attributes, **attributes}
        return Reading(self.state if state is None else state, changed)


Answer = tuple[Reading, Glide | None]


def obey(
    now: Reading, entity_id: str, fixed: Mapping[str, Any], verb: str, data: Mapping[str, Any],
    time: float, was: Mapping[str, Any],
) -> Answer:  # fmt: skip
    """The reading right after an action, and what then takes a moment. `was` are the attributes
    that a lamp had when it was last on. Raises Invalid for what this thing can't do."""
    match entity_id.partition(".")[0]:
        case "light":
            return lamp(now, fixed, verb, data, time, was)
        case "cover":
            return cover(now, verb, data, time)
        case "lock":
            return lock(now, verb, time)
        case "climate":
            return thermostat(now, fixed, verb, data), None
        case _:
            return now.but(_switched(now.state, verb)), None


def lamp(
    now: Reading, fixed: Mapping[str, Any], verb: str, data: Mapping[str, Any],
    time: float, was: Mapping[str, Any],
) -> Answer:  # fmt: skip
    """On, off, brighter, another colour; at once or over `transition` seconds."""
    bright = float(now.attributes["brightness"] or 0)
    goal = 0.0
    if _switched(now.state, verb) == "on":
        step = data.get("brightness_step")
        goal = data.get("brightness", bright or was.get("brightness") or 255)
        goal = goal if step is None else min(max(bright + step, 0), 255)
    seconds = data.get("transition", 0.0)
    glide = dim(time, seconds, bright, goal) if seconds >= 1 and goal != bright else None
    if goal == 0 and glide is None:
        return dark(now), None
    if goal == 0:
        return now, glide
    shown = round(max(bright, 1) if glide else goal)
    return now.but("on", **{**_colour(now, fixed, data, was), "brightness": shown}), glide


def dark(now: Reading) -> Reading:
    """A lamp that is off: it has no brightness and no colour."""
    return Reading("off", dict.fromkeys(now.attributes))


def cover(now: Reading, verb: str, data: Mapping[str, Any], time: float) -> Answer:
    """Open, close, move or stop where it is."""
    position = now.attributes["current_position"]
    goals = {"open_cover": 100, "close_cover": 0, "stop_cover": position}
    goal = goals.get(verb, data.get("position", position))
    if goal == position:
        return now.but("open" if position > 0 else "closed"), None
    return now.but("opening" if goal > position else "closing"), travel(time, position, goal)


def lock(now: Reading, verb: str, time: float) -> Answer:
    """Turn the key, unless it is turned already."""
    goal, meanwhile = ("locked", "locking") if verb == "lock" else ("unlocked", "unlocking")
    if now.state == goal:
        return now, None
    return now.but(meanwhile), turn(time, goal)


def thermostat(
    now: Reading, fixed: Mapping[str, Any], verb: str, data: Mapping[str, Any]
) -> Reading:
    """Another temperature, another mode."""
    mode = data.get("hvac_mode", {"turn_on": "heat", "turn_off": "off"}.get(verb, now.state))
    wanted = data.get("temperature", now.attributes["temperature"])
    if mode not in fixed["hvac_modes"]:
        raise Invalid(
            f"This thermostat can't {mode}.",
            where="data.hvac_mode",
            remedy=f"It knows: {', '.join(fixed['hvac_modes'])}.",
        )
    if not fixed["min_temp"] <= wanted <= fixed["max_temp"]:
        raise Invalid(
            f"This thermostat can't be set to {wanted:g} °C.",
            where="data.temperature",
            remedy=f"It goes from {fixed['min_temp']} to {fixed['max_temp']} °C.",
        )
    return now.but(mode, temperature=wanted)


def _switched(state: str, verb: str) -> str:
    if verb == "toggle":
        return "off" if state == "on" else "on"
    return "on" if verb == "turn_on" else "off"


def _colour(
    now: Reading, fixed: Mapping[str, Any], data: Mapping[str, Any], was: Mapping[str, Any]
) -> dict[str, Any]:
    modes = fixed["supported_color_modes"]
    if "rgb_color" in data and "rgb" in modes:
        return {
            "color_mode": "rgb",
            "rgb_color": list(data["rgb_color"]),
            "color_temp_kelvin": None,
        }
    white = {"rgb_color": None} if "rgb" in modes else {}
    if "color_temp_kelvin" in data and "color_temp" in modes:
        low, high = fixed["min_color_temp_kelvin"], fixed["max_color_temp_kelvin"]
        kelvin = min(max(data["color_temp_kelvin"], low), high)
        return {"color_mode": "color_temp", "color_temp_kelvin": kelvin, **white}
    if now.state == "on" and now.attributes["color_mode"]:
        return {}
    if was.get("color_mode"):
        return {key: was[key] for key in now.attributes if key in was and key != "brightness"}
    if "color_temp" in modes:
        return {"color_mode": "color_temp", "color_temp_kelvin": _WARM_WHITE, **white}
    return {"color_mode": "brightness"}
