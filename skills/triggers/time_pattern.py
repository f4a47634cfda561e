"""`trigger: time_pattern` — whenever hour, minute and second are as wanted.

`"/5"` is every value that 5 divides, `"*"` every value, a number that value. A missing larger unit
means every, a missing smaller one 0. Times are those of the home's time zone: an hour that a change
to summer time leaves out is left out, and a given hour that happens twice counts once.
https://www.home-assistant.io/docs/automation/trigger/#time-pattern-trigger
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from hub.errors import Invalid
from skills.document import TriggerPart, refuse_unknown
from skills.triggers.alarm import Alarm
from skills.triggers.wire import Detach, Wire
from skills.workshop import Workshop

_UNITS = {"hours": 24, "minutes": 60, "seconds": 60}
# Hours, minutes and seconds to step over until the next day's hour, twice over.
_MOST_STEPS = 400


class TimePatternTrigger:
    """Fires at every moment that its pattern fits."""

    entities: frozenset[str] = frozenset()

    def __init__(self, part: TriggerPart, workshop: Workshop) -> None:
        refuse_unknown(part, tuple(_UNITS), workshop.problems)
        given = [unit for unit in _UNITS if part.options.get(unit) is not None]
        if not given:
            raise Invalid("The pattern is missing.", where=part.path, remedy='Add “minutes: "/5"”.')
        self.part = part
        smallest = list(_UNITS).index(given[-1])
        values = [
            part.options[unit] if unit in given else ("*" if place < smallest else 0)
            for place, unit in enumerate(_UNITS)
        ]
        hours, minutes, seconds = (
            _fitting(value, unit, f"{part.path}/{unit}")
            for value, unit in zip(values, _UNITS, strict=True)
        )
        self._hours, self._minutes, self._seconds = hours, minutes, seconds

    def attach(self, wire: Wire) -> Detach:
        """Set the clock for the next moment that fits."""

        def next_after(moment: float) -> float | None:
            return self.next_after(moment, wire.home.zone)

        return Alarm(self.part, wire, next_after, "time pattern").stop

    def next_after(self, moment: float, zone: tzinfo) -> float | None:
        """The first full second after `moment` (epoch seconds) that fits."""
        at = int(moment // 1) + 1
        for _ in range(_MOST_STEPS):
            local = datetime.fromtimestamp(at, zone)
            if local.hour not in self._hours or (local.fold and len(self._hours) == 1):
                at += 3600 - local.minute * 60 - local.second
            elif local.minute not in self._minutes:
                at += 60 - local.second
            elif local.second not in self._seconds:
                at += 1
            else:
                return float(at)
        return None


def _fitting(value: Any, unit: str, path: str) -> frozenset[int]:
    """Which values of a unit fit `*`, `/n` or a number. Raises Invalid with the path."""
    size = _UNITS[unit]
    text = str(value).strip()
    if text == "*":
        return frozenset(range(size))
    digits = text.removeprefix("/")
    if not isinstance(value, bool) and digits.isascii() and digits.isdigit() and len(digits) < 4:
        number = int(digits)
        if text.startswith("/") and 0 < number < size:
            return frozenset(range(0, size, number))
        if not text.startswith("/") and number < size:
            return frozenset((number,))
    raise Invalid(
        f"“{text[:60]}” is not a pattern of {unit}.",
        where=path,
        remedy=f'Write a number from 0 to {size - 1}, "*" for every one, or "/5" for every fifth.',
    )
