"""What a home tile shows for an entity: pure, from its state to words, icon, tone and control."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from hub.states import UNAVAILABLE, UNKNOWN, State
from web.words import _, duration_words

Control = Literal["none", "toggle", "light", "lock", "cover", "climate", "spark", "button"]

# Warnings at a glance, as offices and health agencies draw the line for CO2 (in ppm).
_CO2_STALE = 1000.0
_A_MINUTE = 60.0
# Temperature and humidity stand in the area's heading; the others say little at a glance.
_QUIET_SENSORS = (
    "battery", "energy", "humidity", "illuminance", "power", "signal_strength", "temperature",
    "timestamp",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile. `value`, `low`, `high`, `step` belong to its slider or stepper."""

    entity_id: str
    name: str
    icon: str
    words: str
    strong: str = ""
    tone: str = ""
    classes: str = ""
    control: Control = "none"
    on: bool = False
    value: float = 0.0
    low: float = 0.0
    high: float = 100.0
    step: float = 1.0
    disabled: bool = False
    since: float | None = None

    @property
    def dom_id(self) -> str:
        """Its id in the page."""
        return "tile-" + self.entity_id.replace(".", "-")


def tile_of(state: State, name: str, now: float, *, may_act: bool = True) -> Tile:
    """The tile of an entity as it is at `now` (epoch seconds)."""
    make = _MAKERS.get(state.domain, _plain)
    if state.state in (UNAVAILABLE, UNKNOWN):
        away = max(now - state.last_changed, 0)
        words = _("Not reachable")
        if away >= _A_MINUTE:
            words = _("Not reachable for %(time)s", time=duration_words(away))
        if state.state == UNKNOWN:
            words = _("Nothing reported yet")
        icon = icon_of(state)
        return Tile(state.entity_id, name, icon, words, classes="gone", disabled=True)
    found = make(state, name, now)
    return found if may_act else _without_control(found)


def permission_of(state: State) -> str:
    """What one must be allowed to use the control on an entity's tile."""
    match state.domain:
        case "lock":
            return "lock.unlock" if state.state == "locked" else "lock.lock"
        case "cover":
            return "cover.set_cover_position"
        case "climate":
            return "climate.set_temperature"
    return f"{state.domain}.turn_on"


def is_shown(state: State) -> bool:
    """Whether the entity has a tile of its own on the home page."""
    if state.domain == "sensor":
        return str(state.attributes.get("device_class", "")) not in _QUIET_SENSORS
    if state.domain == "binary_sensor":
        return state.attributes.get("device_class") != "battery"
    return state.domain in _MAKERS


def icon_of(state: State) -> str:
    """The name of the entity's icon."""
    device_class = str(state.attributes.get("device_class", ""))
    return _CLASS_ICONS.get(device_class) or _DOMAIN_ICONS.get(state.domain, "circle-dashed")


def state_words(state: State) -> str:
    """The state as a person says it: `On`, `Open`, `21.4 °C`."""
    if state.domain == "binary_sensor":
        pair = _BINARY.get(str(state.attributes.get("device_class", "")), ("On", "Off"))
        return _(pair[0]) if state.state == "on" else _(pair[1])
    if unit := state.attributes.get("unit_of_measurement"):
        return f"{_number(state.state)} {unit}"
    return _(state.state.replace("_", " ").capitalize())


def area_words(states: list[State]) -> str:
    """What an area's heading says beside its name: temperature, humidity, what is open."""
    parts = []
    for device_class in ("temperature", "humidity"):
        readings = [s for s in states if _is_reading(s, device_class)]
        if readings:
            parts.append(state_words(readings[0]))
    parts += [
        _("%(name)s open", name=s.name)
        for s in states
        if s.attributes.get("device_class") in ("door", "window", "garage_door") and s.state == "on"
    ]
    return " · ".join(parts[:3])


def _light(state: State, name: str, _now: float) -> Tile:
    on = state.state == "on"
    brightness = state.attributes.get("brightness")
    percent = max(1, round(float(brightness) * 100 / 255)) if brightness else 0
    dims = (
        brightness is not None
        or "brightness" in str(state.attributes.get("supported_color_modes", ""))
        or "color" in str(state.attributes.get("supported_color_modes", ""))
    )
    words = (f"{percent} %" if dims and percent else _("On")) if on else _("Off")
    return Tile(
        state.entity_id, name, "lightbulb", words, classes="on" if on else "",
        control="light" if dims else "toggle", on=on, value=percent if on else 0, low=1,
    )  # fmt: skip


def _switch(state: State, name: str, _now: float) -> Tile:
    on = state.state == "on"
    icon = "plug" if state.attributes.get("device_class") == "outlet" else "power"
    words = _("On") if on else _("Off")
    return Tile(
        state.entity_id, name, icon, words, tone="ok" if on else "", control="toggle", on=on
    )


def _lock(state: State, name: str, _now: float) -> Tile:
    locked = state.state == "locked"
    words = {
        "locked": _("Locked"), "unlocked": _("Unlocked"), "locking": _("Locking …"),
        "unlocking": _("Unlocking …"), "jammed": _("Jammed"),
    }.get(state.state, state.state)  # fmt: skip
    return Tile(
        state.entity_id, name, "lock" if locked else "lock-open", words,
        tone="ok" if locked else "warn", classes="" if locked else "alert", control="lock",
        on=locked, disabled=state.state.endswith("ing"),
    )  # fmt: skip


def _cover(state: State, name: str, _now: float) -> Tile:
    position = float(state.attributes.get("current_position", 100 if state.state == "open" else 0))
    words = {
        "open": _("Open %(n)d %%", n=position) if position < 100 else _("Open"),
        "closed": _("Closed"), "opening": _("Opening …"), "closing": _("Closing …"),
    }.get(state.state, state.state)  # fmt: skip
    return Tile(state.entity_id, name, "blinds", words, control="cover", value=position, step=5)


def _climate(state: State, name: str, _now: float) -> Tile:
    attributes = state.attributes
    current = attributes.get("current_temperature")
    action = str(attributes.get("hvac_action", state.state))
    words = {
        "heating": _("heating"), "cooling": _("cooling"), "idle": _("holding"), "off": _("off"),
        "heat": _("heating"), "cool": _("cooling"),
    }.get(action, action)  # fmt: skip
    return Tile(
        state.entity_id, name, "thermometer", words,
        strong=f"{_number(current)}°" if current is not None else "",
        tone="warn" if action == "heating" else "", control="climate",
        value=float(attributes.get("temperature") or 20), low=float(attributes.get("min_temp", 7)),
        high=float(attributes.get("max_temp", 30)),
        step=float(attributes.get("target_temp_step", 0.5)), disabled=state.state == "off",
    )  # fmt: skip


def _binary(state: State, name: str, _now: float) -> Tile:
    device_class = str(state.attributes.get("device_class", ""))
    on = state.state == "on"
    alarm = on and device_class in ("moisture", "smoke", "gas", "carbon_monoxide", "problem")
    notable = on and device_class in ("door", "window", "garage_door", "opening")
    icon = icon_of(state)
    if device_class in ("door", "opening") and not on:
        icon = "door-closed"
    words = state_words(state)
    tone = "bad" if alarm else "warn" if notable else "info" if on else ""
    return Tile(
        state.entity_id, name, icon, words, tone=tone, classes="alert" if alarm else "", on=on,
        since=state.last_changed,
    )  # fmt: skip


def _sensor(state: State, name: str, _now: float) -> Tile:
    unit = str(state.attributes.get("unit_of_measurement", ""))
    try:
        value = float(state.state)
    except ValueError:
        return _plain(state, name, _now)
    stale = state.attributes.get("device_class") == "carbon_dioxide" and value >= _CO2_STALE
    return Tile(
        state.entity_id, name, icon_of(state), unit, strong=_number(state.state),
        tone="warn" if stale else "", classes="alert" if stale else "", control="spark",
        value=value,
    )  # fmt: skip


def _plain(state: State, name: str, _now: float) -> Tile:
    return Tile(state.entity_id, name, icon_of(state), state_words(state))


def _without_control(tile: Tile) -> Tile:
    if tile.control in ("none", "spark"):
        return tile
    return replace(tile, control="none")


def _is_reading(state: State, device_class: str) -> bool:
    return (
        state.domain == "sensor"
        and state.attributes.get("device_class") == device_class
        and state.state not in (UNAVAILABLE, UNKNOWN)
    )


def _number(value: Any) -> str:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    return f"{number:.0f}" if number == round(number) or abs(number) >= 100 else f"{number:.1f}"


_MAKERS: Mapping[str, Callable[[State, str, float], Tile]] = {
    "light": _light,
    "switch": _switch,
    "lock": _lock,
    "cover": _cover,
    "climate": _climate,
    "binary_sensor": _binary,
    "sensor": _sensor,
}
_DOMAIN_ICONS = {
    "light": "lightbulb", "switch": "power", "lock": "lock", "cover": "blinds",
    "climate": "thermometer", "binary_sensor": "circle-dashed", "sensor": "gauge",
    "person": "user", "media_player": "speaker",
}  # fmt: skip
_CLASS_ICONS = {
    "motion": "radar", "occupancy": "radar", "door": "door-open", "window": "columns-3",
    "garage_door": "door-open", "opening": "door-open", "moisture": "droplets", "smoke": "flame",
    "temperature": "thermometer", "humidity": "droplets", "carbon_dioxide": "wind",
    "illuminance": "sun", "power": "zap", "energy": "zap", "battery": "battery",
    "outlet": "plug", "problem": "triangle-alert", "connectivity": "wifi",
}  # fmt: skip
_BINARY = {
    "motion": ("Motion", "No motion"), "occupancy": ("Occupied", "Empty"),
    "door": ("Open", "Closed"), "window": ("Open", "Closed"), "garage_door": ("Open", "Closed"),
    "opening": ("Open", "Closed"), "moisture": ("Wet", "Dry"), "smoke": ("Smoke", "No smoke"),
    "problem": ("Problem", "Fine"), "connectivity": ("Connected", "Disconnected"),
    "battery": ("Low", "Fine"), "presence": ("Home", "Away"), "running": ("Running", "Idle"),
}  # fmt: skip
