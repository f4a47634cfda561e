"""`condition: sun`: before or after sunrise or sunset, of the home's present day.

`after: sunset` with `before: sunrise` is the night: either of them is enough.
https://www.home-assistant.io/docs/scripts/conditions/#sun-condition
"""

from __future__ import annotations

from datetime import datetime

from hub.errors import HubError, Invalid
from skills import sun
from skills.conditions.base import Condition, Fields, Parts, Variables
from skills.times import in_words, signed_seconds


class SunCondition:
    """On a day without the event that it asks for (in the far north or south) it never holds."""

    def __init__(self, fields: Fields, parts: Parts) -> None:
        self.path = fields.path
        self.entities: frozenset[str] = frozenset()
        self._parts = parts
        self._after = _bound(fields, "after")
        self._before = _bound(fields, "before")
        events = [bound and bound[0] for bound in (self._after, self._before)]
        self._night = events == ["sunset", "sunrise"]
        if events == [None, None]:
            raise Invalid("The condition “sun” needs “after” or “before”.", where=fields.path)

    def check(self, variables: Variables) -> bool:  # noqa: ARG002  # the contract
        """Whether the sun has got there. Raises Invalid without the home's place."""
        now = self._parts.clock.time()
        after, before = self._moment(self._after), self._moment(self._before)
        late = after is not None and now >= after
        early = before is not None and now <= before
        if self._night:
            return late or early
        return (late or self._after is None) and (early or self._before is None)

    def explain(self, variables: Variables) -> str:
        """In words: `It is 17:10, not after sunset (20:34).`."""
        try:
            holds = self.check(variables)
            parts = [
                f"{word} {self._words(bound)}"
                for word, bound in (("after", self._after), ("before", self._before))
                if bound is not None
            ]
        except HubError as error:
            return str(error)
        between = " or " if self._night else " and "
        now = self._local(self._parts.clock.time())
        return f"It is {now:%H:%M}, {'' if holds else 'not '}{between.join(parts)}."

    def _moment(self, bound: tuple[sun.Event, float] | None) -> float | None:
        if bound is None:
            return None
        parts = self._parts
        found = sun.today(bound[0], parts.clock.time(), parts.home)
        return None if found is None else found + bound[1]

    def _words(self, bound: tuple[sun.Event, float]) -> str:
        event, offset = bound
        moment = self._moment(bound)
        at = f"{self._local(moment):%H:%M}" if moment is not None else "none today"
        if offset:
            event_words = f"{in_words(abs(offset))} {'before' if offset < 0 else 'after'} {event}"
            return f"{event_words} ({at})"
        return f"{event} ({at})"

    def _local(self, moment: float) -> datetime:
        return datetime.fromtimestamp(moment, self._parts.home.zone)


def _bound(fields: Fields, key: str) -> tuple[sun.Event, float] | None:
    offset = fields.get(f"{key}_offset")
    if fields.get(key) is None:
        if offset is not None:
            raise Invalid(f"“{key}_offset” needs “{key}”.", where=fields.at(f"{key}_offset"))
        return None
    moved = signed_seconds(offset or 0, fields.at(f"{key}_offset"))
    return sun.event(fields.get(key), fields.at(key)), moved


def make(fields: Fields, parts: Parts) -> Condition:
    """Compile the condition."""
    fields.only("after", "after_offset", "before", "before_offset")
    return SunCondition(fields, parts)
