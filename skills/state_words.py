"""States in words: what `on` means for a door, and what for a lamp.

The words follow https://www.home-assistant.io/integrations/binary_sensor/#device-class.
"""

from __future__ import annotations

_BINARY: dict[str, tuple[str, str]] = {
    "battery": ("low", "normal"),
    "battery_charging": ("charging", "not charging"),
    "carbon_monoxide": ("detected", "clear"),
    "cold": ("cold", "normal"),
    "connectivity": ("connected", "disconnected"),
    "door": ("open", "closed"),
    "garage_door": ("open", "closed"),
    "gas": ("detected", "clear"),
    "heat": ("hot", "normal"),
    "light": ("light", "dark"),
    "lock": ("unlocked", "locked"),
    "moisture": ("wet", "dry"),
    "motion": ("detected", "clear"),
    "moving": ("moving", "still"),
    "occupancy": ("occupied", "clear"),
    "opening": ("open", "closed"),
    "plug": ("plugged in", "unplugged"),
    "power": ("on", "off"),
    "presence": ("home", "away"),
    "problem": ("a problem", "OK"),
    "running": ("running", "not running"),
    "safety": ("unsafe", "safe"),
    "smoke": ("detected", "clear"),
    "sound": ("detected", "clear"),
    "tamper": ("tampered with", "clear"),
    "update": ("update available", "up to date"),
    "vibration": ("detected", "clear"),
    "window": ("open", "closed"),
}
_WORDS = {"not_home": "away", "heat_cool": "heat or cool", "fan_only": "fan only"}


def state_word(domain: str, state: str, device_class: str = "") -> str:
    """What people say for a state: `open` for the `on` of a door."""
    if domain == "binary_sensor" and state in ("on", "off"):
        on, off = _BINARY.get(device_class, ("on", "off"))
        return on if state == "on" else off
    return _WORDS.get(state, state.replace("_", " "))
