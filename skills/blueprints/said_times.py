"""Triggers and conditions of time in words: every 5 minutes, half an hour before sunset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid
from skills import times
from skills.blueprints import said

_UNITS = ("hours", "minutes", "seconds")


def pattern(config: Mapping[str, Any]) -> str:
    """A time pattern: `every 5 minutes`, `at minute 7 of every hour`."""
    given = [unit for unit in _UNITS if config.get(unit) is not None]
    smallest = _UNITS.index(given[-1]) if given else 0
    values = [
        str(said.raw(config[unit])) if unit in given else ("*" if place < smallest else "0")
        for place, unit in enumerate(_UNITS)
    ]
    if not given or not all(v == "*" or v.removeprefix("/").isdecimal() for v in values):
        return "its time pattern fits"
    hours, minutes, seconds = values
    if hours.isdecimal() and minutes.isdecimal() and seconds.isdecimal():
        after = f":{int(seconds):02}" if int(seconds) else ""
        return f"every day at {int(hours):02}:{int(minutes):02}{after}"
    # The smallest unit that is not simply at its beginning leads.
    if seconds != "0":
        within = " of every minute" if seconds.isdecimal() and minutes == "*" else ""
        inner = f", {_unit('minute', minutes)}" if minutes != "*" else within
        return _unit("second", seconds) + inner + _span(hours)
    if minutes != "0":
        if minutes.isdecimal() and not hours.isdecimal():
            return f"{_unit('minute', minutes)} of every {_th(hours)}hour"
        return _unit("minute", minutes) + _span(hours)
    return _unit("hour", hours)


def sun(config: Mapping[str, Any]) -> str:
    """A sun trigger: `sunset`, `30 minutes before sunset`."""
    return _near(config.get("event"), config.get("offset"))


def sun_condition(config: Mapping[str, Any]) -> str:
    """A sun condition: `it is after sunset and before 1 hour after sunrise`."""
    parts = [
        f"{word} {_near(config[word], config.get(f'{word}_offset'))}"
        for word in ("after", "before")
        if config.get(word) is not None
    ]
    # After sunset and before sunrise is one night: either will do.
    night = (
        said.raw(config.get("after")) == "sunset" and said.raw(config.get("before")) == "sunrise"
    )
    return f"it is {(' or ' if night else ' and ').join(parts)}"


def _near(event: Any, offset: Any) -> str:
    if offset is None:
        return str(event)
    try:
        moved = times.signed_seconds(said.raw(offset))
    except Invalid:
        return f"{event}, moved by {offset}"
    if not moved:
        return str(event)
    return f"{times.in_words(abs(moved))} {'before' if moved < 0 else 'after'} {event}"


def _unit(unit: str, value: str) -> str:
    if value == "*":
        return f"every {unit}"
    if value.startswith("/"):
        return f"every {int(value[1:])} {unit}s" if value != "/1" else f"every {unit}"
    return f"at {unit} {int(value)}"


def _span(hours: str) -> str:
    if hours.isdecimal():
        return f" from {int(hours):02}:00 to {int(hours):02}:59"
    return "" if hours == "*" else f", every {_th(hours)}hour"


def _th(value: str) -> str:
    if value in ("*", "/1"):
        return ""
    number = int(value[1:])
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number not in (11, 12, 13) else 0, "th")
    return f"{number}{ending} "
