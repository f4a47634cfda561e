"""How each part is: fine, troubled or down, with a sentence and what to do.

A part says it once when it goes down and once when it is back; so does the log.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal

from hub.bus import Bus
from hub.clock import Clock
from hub.context import Context
from hub.events import HEALTH_CHANGED, Event

_log = logging.getLogger(__name__)

Status = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Condition:
    """How a part is since `since` (epoch seconds)."""

    part: str
    status: Status
    sentence: str
    remedy: str
    since: float


class Health:
    """Keeps the present condition of every part that reports."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._conditions: dict[str, Condition] = {}

    def report(self, part: str, status: Status, sentence: str, remedy: str = "") -> None:
        """Say how `part` is now; the same report again is no news."""
        old = self._conditions.get(part)
        if old and (old.status, old.sentence, old.remedy) == (status, sentence, remedy):
            return
        now = self._clock.time()
        self._conditions[part] = Condition(part, status, sentence, remedy, now)
        if status != "ok":
            # Another sentence for the same trouble (“3 deliveries failed”) is no second alarm.
            again = old is not None and old.status == status
            _log.log(
                logging.DEBUG if again else logging.WARNING, "%s: %s %s", part, sentence, remedy
            )
        elif old and old.status != "ok":
            _log.info("%s is well again: %s", part, sentence)
        data = {"part": part, "status": status, "sentence": sentence, "remedy": remedy}
        self._bus.publish(Event(HEALTH_CHANGED, data, now, Context.new()))

    def clear(self, part: str) -> None:
        """The part is gone; says so, as a part that is well, if it had reported."""
        if self._conditions.pop(part, None):
            data = {"part": part, "status": "ok", "sentence": "", "remedy": ""}
            self._bus.publish(Event(HEALTH_CHANGED, data, self._clock.time(), Context.new()))

    def all(self) -> list[Condition]:
        """Every part's condition, the worst first."""
        order = {"bad": 0, "warn": 1, "ok": 2}
        return sorted(self._conditions.values(), key=lambda c: (order[c.status], c.part))

    @property
    def status(self) -> Status:
        """The worst condition of all."""
        found = self.all()
        return found[0].status if found else "ok"
