"""Times for templates, on the hub's clock and in the home's time zone.

https://www.home-assistant.io/docs/configuration/templating/#time
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hub.clock import Clock
from hub.errors import Invalid
from hub.home import Home
from skills import times
from skills.templates.errors import WrongValue
from skills.templates.views import Watched

_UNSET: Any = ...
_UNITS = (
    ("year", 365 * 86_400),
    ("month", 30 * 86_400),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
)


class Moments:
    """The functions that need to know what time it is, and where."""

    def __init__(self, clock: Clock, home: Home, watched: Watched) -> None:
        self._clock = clock
        self._home = home
        self._watched = watched

    def catalogue(self) -> tuple[dict[str, Callable[..., Any]], dict[str, Callable[..., Any]]]:
        """Functions and filters by name."""
        both: dict[str, Callable[..., Any]] = {
            "as_datetime": self.as_datetime,
            "as_timestamp": self.as_timestamp,
            "as_local": self.as_local,
            "as_timedelta": as_timedelta,
            "relative_time": self.relative_time,
            "time_since": self.time_since,
            "time_until": self.time_until,
            "today_at": self.today_at,
            "strptime": strptime,
        }
        functions: dict[str, Callable[..., Any]] = {
            **both,
            "now": self.now,
            "utcnow": self.utcnow,
            "timedelta": timedelta,
        }
        filters: dict[str, Callable[..., Any]] = {
            **both,
            "timestamp_custom": self.timestamp_custom,
            "timestamp_local": self.timestamp_local,
            "timestamp_utc": self.timestamp_utc,
        }
        return functions, filters

    def now(self) -> datetime:
        """Now, in the home's time zone."""
        self._watched.saw_time()
        return datetime.fromtimestamp(self._clock.time(), self._home.zone)

    def utcnow(self) -> datetime:
        """Now, in UTC."""
        self._watched.saw_time()
        return datetime.fromtimestamp(self._clock.time(), UTC)

    def today_at(self, time_text: Any = "00:00") -> datetime:
        """Today at a time of day, in the home's time zone."""
        try:
            moment = times.time_of_day(time_text)
        except Invalid as error:
            raise WrongValue(f"today_at: {error.sentence}") from error
        return datetime.combine(self.now().date(), moment, tzinfo=self._home.zone)

    def as_datetime(self, value: Any, default: Any = _UNSET) -> Any:
        """A datetime from a timestamp, a text as in ISO 8601, or a date."""
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time())
        try:
            return datetime.fromtimestamp(float(value), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            pass  # no number: a text
        try:
            return datetime.fromisoformat(str(value).strip())
        except ValueError as error:
            if default is not _UNSET:
                return default
            raise WrongValue(f"as_datetime can't read “{str(value)[:60]}” as a time.") from error

    def as_timestamp(self, value: Any, default: Any = _UNSET) -> Any:
        """Seconds since the epoch; a time without zone is the home's."""
        moment = self.as_datetime(value, None)
        if isinstance(moment, datetime):
            return self._zoned(moment).timestamp()
        if default is not _UNSET:
            return default
        raise WrongValue(f"as_timestamp can't read “{str(value)[:60]}” as a time.")

    def as_local(self, value: Any) -> datetime:
        """The same moment in the home's time zone."""
        moment = self.as_datetime(value)
        return self._zoned(moment).astimezone(self._home.zone)

    def timestamp_custom(
        self, value: Any, format_string: str = "%Y-%m-%d %H:%M:%S", local: bool = True,
        default: Any = _UNSET,
    ) -> Any:  # fmt: skip
        """A timestamp as text, by a format as for strftime."""
        moment = self.as_datetime(value, None)
        if not isinstance(moment, datetime):
            if default is not _UNSET:
                return default
            raise WrongValue(f"timestamp_custom can't read “{str(value)[:60]}” as a time.")
        zone = self._home.zone if local else UTC
        return self._zoned(moment).astimezone(zone).strftime(str(format_string)[:500])

    def timestamp_local(self, value: Any, default: Any = _UNSET) -> Any:
        """A timestamp as text (ISO 8601) in the home's time zone."""
        return self._iso(value, default, local=True)

    def timestamp_utc(self, value: Any, default: Any = _UNSET) -> Any:
        """A timestamp as text (ISO 8601) in UTC."""
        return self._iso(value, default, local=False)

    def relative_time(self, value: Any) -> Any:
        """How long ago, in its largest unit: `2 hours`. A time to come is given back."""
        return self.time_since(value) if self._is_past(value) else value

    def time_since(self, value: Any, precision: int = 1) -> Any:
        """How long ago, in so many units (0: all): `2 hours 5 minutes`."""
        if not isinstance(value, datetime):
            return value
        past = self.utcnow() - self._zoned(value)
        return _span(past, precision) if past >= timedelta() else value

    def time_until(self, value: Any, precision: int = 1) -> Any:
        """How long until then, in so many units (0: all)."""
        if not isinstance(value, datetime):
            return value
        ahead = self._zoned(value) - self.utcnow()
        return _span(ahead, precision) if ahead >= timedelta() else value

    def _is_past(self, value: Any) -> bool:
        return isinstance(value, datetime) and self._zoned(value) <= self.utcnow()

    def _zoned(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=self._home.zone)

    def _iso(self, value: Any, default: Any, *, local: bool) -> Any:
        moment = self.as_datetime(value, None)
        if isinstance(moment, datetime):
            return self._zoned(moment).astimezone(self._home.zone if local else UTC).isoformat()
        if default is not _UNSET:
            return default
        raise WrongValue(f"“{str(value)[:60]}” can't be read as a time.")


def as_timedelta(value: Any) -> timedelta | None:
    """A timedelta from "HH:MM:SS", seconds, or a mapping; None when it is none."""
    try:
        return timedelta(seconds=times.seconds(value))
    except (Invalid, OverflowError):
        return None


def strptime(text: Any, format_string: str, default: Any = _UNSET) -> Any:
    """A time read by a format; without zone when the text has none."""
    try:
        return datetime.strptime(str(text), str(format_string))  # noqa: DTZ007  # as in HA
    except (ValueError, TypeError) as error:
        if default is not _UNSET:
            return default
        raise WrongValue(
            f"strptime can't read “{str(text)[:60]}” as “{str(format_string)[:40]}”."
        ) from error


def _span(length: timedelta, precision: int) -> str:
    left, parts = int(length.total_seconds()), []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    kept = parts if precision == 0 else parts[: max(int(precision), 1)]
    return " ".join(kept) or "0 seconds"
