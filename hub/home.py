"""What people choose about the home itself: its name, time zone, language."""

from __future__ import annotations

import asyncio
import functools
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hub.errors import Invalid
from store import settings

_log = logging.getLogger(__name__)

LANGUAGES = {"en": "English", "zh-Hans": "简体中文"}
_DEFAULTS: dict[str, Any] = {
    "home.name": "Home",
    "home.time_zone": "UTC",
    "home.language": "en",
    "home.setup_done": False,
    "home.latitude": None,
    "home.longitude": None,
    "home.elevation": 0.0,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the home is: degrees (north and east are positive) and metres above the sea."""

    latitude: float
    longitude: float
    elevation: float = 0.0


class Home:
    """Settings that people change in the pages, held in memory and written through."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = dict(_DEFAULTS)
        self._zone: tzinfo = UTC
        self._listeners: list[Callable[[], object]] = []

    async def load(self) -> None:
        """Read the settings from the store."""
        self._values |= await settings.load()
        self._zone = _zone(self.time_zone)

    @property
    def name(self) -> str:
        """What the people call their home."""
        return str(self._values["home.name"])

    @property
    def time_zone(self) -> str:
        """The IANA name, such as Europe/Berlin."""
        return str(self._values["home.time_zone"])

    @property
    def zone(self) -> tzinfo:
        """The time zone itself."""
        return self._zone

    @property
    def language(self) -> str:
        """The tag of the home's language, such as en."""
        return str(self._values["home.language"])

    @property
    def setup_done(self) -> bool:
        """Whether the first visit was gone through."""
        return bool(self._values["home.setup_done"])

    @property
    def place(self) -> Place | None:
        """Where the home is; None when nobody has said so."""
        latitude, longitude = (self._values[f"home.{key}"] for key in ("latitude", "longitude"))
        if latitude is None or longitude is None:
            return None
        return Place(float(latitude), float(longitude), float(self._values["home.elevation"]))

    async def move(
        self, latitude: float | str, longitude: float | str, elevation: float | str = 0.0
    ) -> None:
        """Say where the home is, in degrees and metres; empty texts: it is not said any more.

        Raises Invalid with `where` naming the field.
        """
        values: dict[str, float | None] = {"latitude": None, "longitude": None, "elevation": 0.0}
        if latitude != "" or longitude != "":
            values["latitude"] = _number(latitude, "latitude", -90, 90)
            values["longitude"] = _number(longitude, "longitude", -180, 180)
            values["elevation"] = _number(elevation or 0.0, "elevation", -500, 9000)
        for key, value in values.items():
            await self.put(f"home.{key}", value)
        self._changed()

    def on_change(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` after each `change` and `move`; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def change(
        self,
        *,
        name: str | None = None,
        time_zone: str | None = None,
        language: str | None = None,
        setup_done: bool | None = None,
    ) -> None:
        """Change what is given. Raises Invalid with `where` naming the field."""
        if name is not None and not 0 < len(name.strip()) <= 60:
            raise Invalid("The home needs a name of 1 to 60 characters.", where="name")
        if time_zone is not None and time_zone not in await asyncio.to_thread(_time_zones):
            raise Invalid(
                f"There is no time zone “{time_zone}”.",
                where="time_zone",
                remedy="Choose one such as Europe/Berlin.",
            )
        if language is not None and language not in LANGUAGES:
            raise Invalid(f"The language “{language}” is not there yet.", where="language")
        wanted = {
            "home.name": name.strip() if name is not None else None,
            "home.time_zone": time_zone,
            "home.language": language,
            "home.setup_done": setup_done,
        }
        for key, value in wanted.items():
            if value is not None:
                await self.put(key, value)
        self._zone = _zone(self.time_zone)
        self._changed()

    def get(self, key: str, default: Any = None) -> Any:
        """Any other setting by its key."""
        return self._values.get(key, default)

    async def put(self, key: str, value: Any) -> None:
        """Set any setting; `value` is what JSON can hold."""
        await settings.put(key, value)
        self._values[key] = value

    def _changed(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def _number(value: float | str, field: str, least: float, most: float) -> float:
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        number = math.nan
    # Not a number is not within any bounds.
    if not least <= number <= most:
        raise Invalid(f"The {field} is a number from {least} to {most}.", where=field)
    return number


@functools.cache
def _time_zones() -> set[str]:
    """Every name; found by looking through hundreds of files, so once and in a thread."""
    return available_timezones()


def _zone(name: str) -> tzinfo:
    """The zone, or UTC when this machine's time zone database does not know it (any more)."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        _log.warning("The time zone %s is not known on this machine; UTC is used instead", name)
        return UTC
