"""Durations and times of day, in every spelling that Home Assistant's language allows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from hub.errors import Invalid

UNITS = {
    "days": 86_400.0,
    "hours": 3_600.0,
    "minutes": 60.0,
    "seconds": 1.0,
    "milliseconds": 0.001,
}
_CLOCK = re.compile(r"(\d{1,5}):(\d{1,2})(?::(\d{1,2}(?:\.\d{1,6})?))?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# A century: longer is a mistake, and dates beyond it overflow.
_LONGEST = 100 * 366 * 86_400.0


def seconds(value: Any, where: str = "") -> float:
    """A duration in seconds.

    From a number (seconds), "HH:MM:SS", "HH:MM", a number as text, or a mapping of days, hours,
    minutes, seconds, milliseconds. Raises Invalid for anything else and for a negative one.
    """
    found = _seconds(value, where)
    if found is None or not math.isfinite(found):
        raise Invalid(
            f"“{_short(value)}” is not a duration.",
            where=where,
            remedy='Write it as "00:05:00" (hours, minutes, seconds) or as minutes: 5.',
        )
    if found < 0:
        raise Invalid("A duration can't be negative.", where=where)
    if found > _LONGEST:
        raise Invalid("A duration can't be longer than a hundred years.", where=where)
    return found


def signed_seconds(value: Any, where: str = "") -> float:
    """As `seconds`, but it may be negative: "-00:30:00", -1800, {minutes: -30}."""
    if isinstance(value, str) and value.strip().startswith(("-", "+")):
        text = value.strip()
        return seconds(text[1:], where) * (-1.0 if text[0] == "-" else 1.0)
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        return -seconds(-value, where)
    if isinstance(value, Mapping) and (found := _of_units(value, where)) < 0:
        return -seconds(-found, where)
    return seconds(value, where)


def _seconds(value: Any, where: str) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        text = value.strip()
        if found := _CLOCK.fullmatch(text):
            return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3] or 0)
        return _number(text)
    if isinstance(value, Mapping):
        return _of_units(value, where)
    return None


def _of_units(value: Mapping[Any, Any], where: str) -> float:
    total = 0.0
    if not value:
        raise Invalid("The duration is empty.", where=where, remedy="Write it as minutes: 5.")
    for unit, amount in value.items():
        inner = f"{where}/{unit}" if where else str(unit)
        if unit not in UNITS:
            raise Invalid(
                f"A duration has no “{_short(unit)}”.",
                where=inner,
                remedy=f"It has: {', '.join(UNITS)}.",
            )
        number = None if isinstance(amount, bool) else _number(amount)
        if number is None:
            raise Invalid(f"“{_short(amount)}” is not a number of {unit}.", where=inner)
        total += number * UNITS[unit]
    return total


def time_of_day(value: Any, where: str = "") -> time:
    """A time of day from "22:00" or "22:00:00". Raises Invalid with the likely meant spelling."""
    if isinstance(value, time):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 86_400:
        # YAML 1.1 reads 22:00 without quotes as a number in base 60.
        parts = divmod(value, 60)
        meant = f"{parts[0]:02}:{parts[1]:02}" if value < 1440 else clock_words(value)
        raise Invalid(
            f"The time was read as the number {value}.",
            where=where,
            remedy=f'Put it in quotes: "{meant}".',
        )
    if isinstance(value, str) and (found := _TIME.fullmatch(value.strip())):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second, int((found[4] or "0").ljust(6, "0")))
    raise Invalid(
        f"“{_short(value)}” is not a time of day.",
        where=where,
        remedy='Write it as "07:30" or "07:30:00", in quotes.',
    )


def weekdays(value: Any, where: str = "") -> frozenset[int]:
    """Days of the week from "mon" or a list; 0 is Monday. Raises Invalid for another word."""
    words = value if isinstance(value, list | tuple) else [value]
    found = set()
    for position, word in enumerate(words):
        short = str(word).strip().lower()
        if short[:3] not in WEEKDAYS or short not in _DAY_WORDS:
            raise Invalid(
                f"“{_short(word)}” is not a day of the week.",
                where=f"{where}/{position}" if isinstance(value, list | tuple) else where,
                remedy=f"Use {', '.join(WEEKDAYS)}.",
            )
        found.add(WEEKDAYS.index(short[:3]))
    return frozenset(found)


def in_words(total: float) -> str:
    """A duration for people: `5 minutes`, `1 hour 30 minutes`, `0.5 seconds`."""
    if 0 < total < 1:
        return f"{total:g} seconds"
    left = round(total)
    parts = []
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts) or "0 seconds"


def clock_words(total: float) -> str:
    """A duration as HH:MM:SS."""
    minutes, second = divmod(round(total), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}"


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


_DAY_WORDS = frozenset(WEEKDAYS) | {name.lower() for name in WEEKDAY_NAMES}
