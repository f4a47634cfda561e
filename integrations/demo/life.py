"""When people are where, and the weather: plain functions of the local time."""

from __future__ import annotations

import math
from datetime import datetime

# Room: (from hour, to hour, people on average). The studio's rooms count on weekdays only.
_AT_HOME: dict[str, tuple[tuple[float, float, float], ...]] = {
    "living_room": ((7.5, 9.0, 0.3), (17.0, 22.5, 2.0), (13.0, 17.0, 0.5)),
    "kitchen": ((6.5, 8.5, 1.5), (12.0, 13.5, 0.7), (18.0, 20.0, 1.5)),
    "hall": ((6.5, 9.0, 0.6), (12.0, 14.0, 0.3), (15.5, 23.0, 0.5), (23.0, 30.5, 0.05)),
    "bedroom": ((22.5, 31.0, 2.0),),
    "kids_room": ((15.0, 18.5, 0.8), (20.5, 31.0, 1.0)),
    "bathroom": ((6.5, 8.5, 0.6), (20.0, 22.5, 0.4)),
}
# What comes on top at weekends.
_AT_LEISURE: dict[str, tuple[tuple[float, float, float], ...]] = {
    "living_room": ((9.5, 17.0, 1.5),),
    "kitchen": ((8.5, 10.5, 1.5), (12.0, 13.5, 1.0)),
    "hall": ((9.0, 15.5, 0.4),),
    "kids_room": ((9.0, 12.0, 0.8),),
}
_AT_WORK: dict[str, tuple[tuple[float, float, float], ...]] = {
    "open_space": ((8.0, 12.0, 4.0), (12.0, 13.0, 1.5), (13.0, 18.0, 4.0)),
    "meeting_room": ((9.5, 11.0, 4.0), (14.0, 15.5, 5.0)),
    "entrance": ((8.0, 9.5, 0.6), (12.0, 13.0, 0.5), (17.0, 18.5, 0.6)),
}
_SUNRISE, _SUNSET = 7.0, 19.0
_NOON_LUX = 18_000.0


def hour_of(now: datetime) -> float:
    """Hours since midnight: 18.5 at half past six in the evening."""
    return now.hour + now.minute / 60 + now.second / 3600


def people_in(room: str, now: datetime) -> float:
    """How many people are in a room at this time, on average."""
    weekday = now.weekday() < 5
    extra = (_AT_WORK if weekday else _AT_LEISURE).get(room, ())
    spans = (*_AT_HOME.get(room, ()), *extra)
    hour = hour_of(now)
    return sum(n for begin, end, n in spans if begin <= hour < end or begin <= hour + 24 < end)


def is_night(now: datetime) -> bool:
    """Whether the flat sleeps: thermostats on auto turn down, doors are locked."""
    return not 6.0 <= hour_of(now) < 22.5


def studio_is_closed(now: datetime) -> bool:
    """Whether nobody works downstairs."""
    return now.weekday() >= 5 or not 7.5 <= hour_of(now) < 19.0


def outdoor_temperature(now: datetime) -> float:
    """Degrees Celsius: coldest at 5, warmest at 15, another mean each day of the year."""
    day = now.timetuple().tm_yday
    mean = 10.0 - 8.0 * math.cos(2 * math.pi * (day - 20) / 365) + 1.5 * math.sin(day * 1.7)
    return mean + 4.0 * math.sin(2 * math.pi * (hour_of(now) - 10) / 24)


def daylight(now: datetime) -> float:
    """Lux outdoors: a half sine from sunrise to sunset, dimmer on cloudy days."""
    hour = hour_of(now)
    if not _SUNRISE < hour < _SUNSET:
        return 0.0
    height = math.sin(math.pi * (hour - _SUNRISE) / (_SUNSET - _SUNRISE))
    clouds = 0.65 + 0.35 * math.sin(now.timetuple().tm_yday * 2.3)
    return _NOON_LUX * height * clouds
