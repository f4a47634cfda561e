"""`condition: time`: between two times of day, on some days of the week.

https://www.home-assistant.io/docs/scripts/conditions/#time-condition
"""

from __future__ import annotations

from datetime import datetime, time

from hub.errors import HubError, Invalid
from skills import times
from skills.conditions.base import Condition, Fields, Parts, Variables

_DOMAINS = ("input_datetime", "sensor", "time")


class TimeCondition:
    """`after` counts, `before` does not; when `before` is not the later one, over midnight."""

    def __init__(self, fields: Fields, parts: Parts) -> None:
        self.path = fields.path
        self._parts = parts
        self._after = _moment(fields, "after")
        self._before = _moment(fields, "before")
        days = fields.get("weekday")
        self._days = None if days is None else times.weekdays(days, fields.at("weekday"))
        if self._after is None and self._before is None and self._days is None:
            raise Invalid(
                "The condition “time” needs “after”, “before” or “weekday”.", where=fields.path
            )
        found = (self._after, self._before)
        self.entities = frozenset(moment for moment in found if isinstance(moment, str))

    def check(self, variables: Variables) -> bool:  # noqa: ARG002  # the contract
        """Whether it is that time in the home's time zone."""
        now = self._now()
        if self._days is not None and now.weekday() not in self._days:
            return False
        return self._within(now.time())

    def explain(self, variables: Variables) -> str:
        """In words: `It is 21:10, not between 22:00 and 06:00.`."""
        try:
            holds = self.check(variables)
            now = self._now()
            if self._days is not None and now.weekday() not in self._days:
                wanted = ", ".join(times.WEEKDAY_NAMES[day] for day in sorted(self._days))
                return f"It is {times.WEEKDAY_NAMES[now.weekday()]}, not {wanted}."
            return f"It is {now:%H:%M}, {'' if holds else 'not '}{self._span()}."
        except HubError as error:
            return error.sentence

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._parts.clock.time(), self._parts.home.zone)

    def _within(self, now: time) -> bool:
        after = self._time(self._after) or time.min
        before = self._time(self._before) or time.max
        if after < before:
            return after <= now and (now < before or self._before is None)
        return now >= after or now < before

    def _span(self) -> str:
        after, before = self._time(self._after), self._time(self._before)
        if after and before:
            return f"between {after:%H:%M} and {before:%H:%M}"
        if after:
            return f"after {after:%H:%M}"
        return f"before {before:%H:%M}" if before else "on such a day"

    def _time(self, moment: time | str | None) -> time | None:
        if not isinstance(moment, str):
            return moment
        text = self._parts.state(moment, self.path).state
        try:
            if len(text) <= 8:
                return time.fromisoformat(text)
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise Invalid(
                f"{self._parts.name(moment)} is “{text}”, which is no time.", where=self.path
            ) from error
        return (at.astimezone(self._parts.home.zone) if at.tzinfo else at).time()


def _moment(fields: Fields, key: str) -> time | str | None:
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, str) and value.partition(".")[0] in _DOMAINS:
        return fields.entity_ids(key)[0]
    return times.time_of_day(value, fields.at(key))


def make(fields: Fields, parts: Parts) -> Condition:
    """Compile the condition."""
    fields.only("after", "before", "weekday")
    return TimeCondition(fields, parts)
