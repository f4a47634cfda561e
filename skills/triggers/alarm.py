"""What every trigger of time is at work: a clock that is set for one moment after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hub.clock import Cancel
from hub.context import Context
from skills.document import TriggerPart
from skills.missed import Missed, latest
from skills.triggers.wire import Wire

Next = Callable[[float], float | None]


class Alarm:
    """Rings at each moment that `next_after(epoch seconds)` names; `extra` goes into `trigger`.

    While the hub starts it also hands over what it should have rung for while the hub was off.
    """

    def __init__(
        self,
        part: TriggerPart,
        wire: Wire,
        next_after: Next,
        description: str,
        extra: dict[str, Any] | None = None,
    ) -> None:
        self._part, self._wire, self._next = part, wire, next_after
        self._description, self._extra = description, extra or {}
        self._cancel: Cancel | None = None
        # Another time zone or another place is another moment.
        self._unsubscribe = wire.home.on_change(self.set)
        if wire.missed_since is not None:
            wire.missed.extend(
                Missed(due, self._fire_missed)
                for due in latest(next_after, wire.missed_since, wire.clock.time())
            )
        self.set()

    def stop(self) -> None:
        """Ring no more."""
        self._clear()
        self._unsubscribe()

    def set(self) -> None:
        """Set it for the next moment; again whenever that may have become another one."""
        self._set(self._wire.clock.time())

    def _clear(self) -> None:
        self._wire.due.pop(id(self), None)
        if self._cancel:
            self._cancel()
            self._cancel = None

    def _set(self, after: float) -> None:
        self._clear()
        due = self._next(after)
        if due is not None:
            self._wire.due[id(self)] = due
            self._cancel = self._wire.clock.call_at(due, lambda: self._ring(due))

    def _ring(self, due: float) -> None:
        # After a long sleep of the machine it rings once, not once for every day.
        self._set(max(due, self._wire.clock.time()))
        self._fire({"now": self._local(due)}, self._description)

    def _fire_missed(self, due: float) -> None:
        moment = self._local(due)
        words = f"{self._description}, missed at {moment:%Y-%m-%d %H:%M:%S} while the hub was off"
        self._fire({"now": moment, "missed": True}, words)

    def _fire(self, extra: dict[str, Any], description: str) -> None:
        self._wire.fire(self._part, {**extra, **self._extra}, Context.new("time"), description)

    def _local(self, due: float) -> datetime:
        return datetime.fromtimestamp(due, self._wire.home.zone)
