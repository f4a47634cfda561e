"""When the sun rises and sets at the home. Astral is loaded when that is first asked."""

from __future__ import annotations

import importlib
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal, cast

from hub.errors import Invalid
from hub.home import Home, Place

Event = Literal["sunrise", "sunset"]
EVENTS = ("sunrise", "sunset")
# In the far north and south the sun may neither rise nor set for half a year.
_DAYS_AHEAD = 200

NO_PLACE = Invalid(
    "It is not known where the home is, so not when the sun rises and sets.",
    remedy="Write the latitude and longitude under Settings, Home.",
)


def event(value: Any, where: str) -> Event:
    """One of the two events. Raises Invalid with the path."""
    if value not in EVENTS:
        raise Invalid(f"“{str(value)[:60]}” is not sunrise or sunset.", where=where)
    return cast("Event", value)


def next_after(wanted: Event, moment: float, offset: float, home: Home) -> float | None:
    """The first such event, `offset` seconds moved, after `moment` (epoch seconds).

    None when it is not known where the home is, or for as long as the polar day or night lasts.
    """
    place = home.place
    if place is None:
        return None
    first = datetime.fromtimestamp(moment - offset, _solar(place)).date() - timedelta(days=1)
    for ahead in range(_DAYS_AHEAD):
        found = _on(wanted, first + timedelta(days=ahead), place)
        if found is not None and found + offset > moment:
            return found + offset
    return None


def today(wanted: Event, moment: float, home: Home) -> float | None:
    """The event of the home's day that `moment` is in (epoch seconds); None on a polar day.

    Raises Invalid when it is not known where the home is.
    """
    place = home.place
    if place is None:
        raise Invalid(NO_PLACE.sentence, remedy=NO_PLACE.remedy)
    day = datetime.fromtimestamp(moment, home.zone).date()
    found = _on(wanted, day, place)
    if found is not None and datetime.fromtimestamp(found, home.zone).date() < day:
        return _on(wanted, day + timedelta(days=1), place)
    return found


def _solar(place: Place) -> timezone:
    """The time zone of the place's own noon: in it no event is near the end of a day."""
    return timezone(timedelta(hours=place.longitude / 15))


def _on(wanted: Event, day: date, place: Place) -> float | None:
    """The event of a day by the sun, in epoch seconds (whole ones)."""
    found = _ask(wanted, day, place)
    if found is not None:
        return round(found)
    # Astral can't tell it for the one day of the year on which it crosses midnight UTC: between
    # the days beside it is right to a second or two.
    before, after = (_ask(wanted, day + timedelta(days=step), place) for step in (-1, 1))
    return None if before is None or after is None else round((before + after) / 2)


def _ask(wanted: Event, day: date, place: Place) -> float | None:
    observer = importlib.import_module("astral").Observer(
        place.latitude, place.longitude, max(place.elevation, 0.0)
    )
    find = getattr(importlib.import_module("astral.sun"), wanted)
    try:
        found: datetime = find(observer, day, tzinfo=_solar(place))
    except ValueError:
        # It does not rise, or does not set, on this day.
        return None
    return found.timestamp()
