"""`trigger: time` — at a time of day, or at the time that an entity holds.

Times are those of the home's time zone. A time that a change to summer time leaves out happens at
the same distance from midnight; one that happens twice is used once.
https://www.home-assistant.io/docs/automation/trigger/#time-trigger
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from hub.errors import HubError, Invalid
from hub.events import STATE_CHANGED, Event
from skills.document import TriggerPart, refuse_unknown
from skills.templates import is_template
from skills.times import signed_seconds, time_of_day, weekdays
from skills.triggers.alarm import Alarm
from skills.triggers.wire import Detach, Wire, all_of
from skills.workshop import Workshop

_DAYS_AHEAD = 9


@dataclass(frozen=True, slots=True)
class _At:
    """One moment: a time of day, or an entity that holds one, and seconds after it."""

    time: time | None
    entity_id: str = ""
    offset: float = 0.0


class TimeTrigger:
    """Fires at its times, on its days of the week."""

    def __init__(self, part: TriggerPart, workshop: Workshop) -> None:
        refuse_unknown(part, ("at", "weekday"), workshop.problems)
        options, path = part.options, part.path
        if options.get("at") is None:
            raise Invalid("The time is missing.", where=path, remedy='Add “at: "07:30"”.')
        value = options["at"]
        listed = value if isinstance(value, list) else [value]
        self.part = part
        self._raw = listed
        self.days: frozenset[int] | None = None
        if options.get("weekday") is not None:
            self.days = weekdays(options["weekday"], f"{path}/weekday")
        self._templates = workshop.complex(listed, f"{path}/at")
        self.entities: frozenset[str] = frozenset()
        if self._templates.constant:
            found = self.moments({})
            self.entities = frozenset(at.entity_id for at in found if at.entity_id)

    def moments(self, variables: Mapping[str, Any]) -> list[_At]:
        """Its moments, templates rendered. Raises Invalid with the path."""
        path = f"{self.part.path}/at"
        single = len(self._raw) == 1 and not isinstance(self.part.options["at"], list)
        rendered = self._templates.render(variables)
        return [
            _moment(value, path if single else f"{path}/{index}")
            for index, value in enumerate(rendered)
        ]

    def attach(self, wire: Wire) -> Detach:
        """Set the clock for each moment."""
        moments = self.moments(wire.variables)
        return all_of([_Attached(self, at, wire).stop for at in moments])


class _Attached:
    """One moment of a time trigger at work."""

    def __init__(self, trigger: TimeTrigger, at: _At, wire: Wire) -> None:
        self._trigger, self._at, self._wire = trigger, at, wire
        extra = {"entity_id": at.entity_id} if at.entity_id else {}
        self._alarm = Alarm(trigger.part, wire, self._next, "time", extra)
        self._unsubscribe: Detach | None = None
        if at.entity_id:
            self._unsubscribe = wire.bus.subscribe(
                STATE_CHANGED, self._on_state, entity_id=at.entity_id
            )

    def stop(self) -> None:
        self._alarm.stop()
        if self._unsubscribe:
            self._unsubscribe()

    def _on_state(self, event: Event) -> None:
        del event
        self._alarm.set()

    def _next(self, now: float) -> float | None:
        at = self._at
        if at.time is not None:
            return self._next_daily(at.time, now)
        state = self._wire.states.get(at.entity_id)
        if state is None:
            return None
        moment = _read(state.state, self._wire)
        if isinstance(moment, time):
            return self._next_daily(moment, now)
        if moment is None:
            return None
        due = moment.timestamp() + at.offset
        return due if due > now else None

    def _next_daily(self, wanted: time, now: float) -> float | None:
        zone = self._wire.home.zone
        offset = self._at.offset
        first = datetime.fromtimestamp(now - offset, zone).date() - timedelta(days=1)
        for ahead in range(_DAYS_AHEAD):
            day = first + timedelta(days=ahead)
            if self._trigger.days is not None and day.weekday() not in self._trigger.days:
                continue
            due = datetime.combine(day, wanted, zone).timestamp() + offset
            if due > now:
                return due
        return None


def _moment(value: Any, path: str) -> _At:
    if isinstance(value, Mapping):
        entity_id = value.get("entity_id")
        if not isinstance(entity_id, str) or set(value) - {"entity_id", "offset"}:
            raise Invalid("It has entity_id and offset.", where=path)
        return _At(None, entity_id, signed_seconds(value.get("offset", 0), f"{path}/offset"))
    if isinstance(value, str) and not is_template(value):
        domain, dot, name = value.strip().partition(".")
        if dot and name and not domain.isdigit():
            return _At(None, value.strip())
    return _At(time_of_day(value, path))


def _read(text: str, wire: Wire) -> time | datetime | None:
    """The time or date and time that an entity's state holds."""
    try:
        return time_of_day(text)
    except HubError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
    return moment if moment.tzinfo else moment.replace(tzinfo=wire.home.zone)
