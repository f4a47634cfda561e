"""`for:` — what has to stay true for a time before a trigger fires.

Each pending hold is a row, so that it goes on after a restart: late ones fire at once if it is
still true. An entity that has not reported yet since the start decides nothing; it is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hub.clock import Cancel
from hub.context import Context
from hub.states import UNAVAILABLE, UNKNOWN
from skills.document import TriggerPart
from skills.templates import from_plain, to_plain
from skills.triggers.wire import Wire
from store.runs import TimerRow

# True: still so. False: no more. None: its integration has not said yet.
Still = Callable[[str, Mapping[str, Any]], bool | None]
Describe = Callable[[str, float], str]

# An integration that reports the same state as before the restart causes no event: look again.
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0


class Holds:
    """The pending holds of one trigger, by subject (an entity id, or "" for a template)."""

    def __init__(self, part: TriggerPart, wire: Wire, still: Still, describe: Describe) -> None:
        self._part, self._wire, self._still, self._describe = part, wire, still, describe
        self._rows: dict[str, TimerRow] = {}
        self._cancels: dict[str, Cancel] = {}
        self._doubtful: set[str] = set()
        self._wait = _FIRST_WAIT
        self._recheck: Cancel | None = None

    def begin(
        self,
        subject: str,
        seconds: float,
        extra: dict[str, Any],
        context: Context,
        note: Mapping[str, Any],
    ) -> None:
        """Wait `seconds`, then fire with `extra`. `note` is what `still` is asked about."""
        self.cancel(subject)
        row = TimerRow(
            self._id(subject),
            self._wire.skill_id,
            self._wire.clock.time() + seconds,
            {
                "subject": subject,
                "seconds": seconds,
                "note": to_plain(dict(note)),
                "extra": to_plain(extra),
                "context": [context.id, context.parent_id, context.person_id, context.origin],
            },
        )
        self._wire.timers.put_timer(row)
        self._rows[subject] = row
        self._arm(subject)

    def cancel(self, subject: str) -> None:
        """It is true no more."""
        row = self._rows.pop(subject, None)
        if row is None:
            return
        self._doubtful.discard(subject)
        if cancel := self._cancels.pop(subject, None):
            cancel()
        self._wire.timers.drop_timer(row.id)

    def note(self, subject: str) -> Mapping[str, Any] | None:
        """The note of a pending hold, or None when it is not being waited for."""
        row = self._rows.get(subject)
        return None if row is None else from_plain(row.data["note"])

    def settles(self, subject: str) -> bool:
        """An event about `subject` came: True when that only answered an open question."""
        if subject not in self._doubtful:
            return False
        self._judge(subject)
        return subject in self._rows

    def restore(self) -> None:
        """Go on with what was being waited for when the hub stopped."""
        prefix = self._id("")
        for row in [r for r in self._wire.restored.values() if r.id.startswith(prefix)]:
            del self._wire.restored[row.id]
            subject = str(row.data["subject"])
            self._rows[subject] = row
            self._judge(subject)

    def stop(self) -> None:
        """Wait no more; the rows stay for whoever attaches next."""
        for cancel in self._cancels.values():
            cancel()
        if self._recheck:
            self._recheck()
        self._cancels.clear()
        self._rows.clear()
        self._doubtful.clear()

    def reported(self, entity_id: str) -> bool:
        """Whether an entity's integration is there and has said what the entity is."""
        wire = self._wire
        state = wire.states.get(entity_id)
        if state is None or state.state in (UNAVAILABLE, UNKNOWN):
            return False
        return (
            entity_id not in wire.registry.entities
            or wire.entities.description(entity_id) is not None
        )

    def _id(self, subject: str) -> str:
        return f"{self._wire.skill_id}/{self._part.index}/{subject}"

    def _arm(self, subject: str) -> None:
        due = self._rows[subject].due_at
        self._cancels[subject] = self._wire.clock.call_at(due, lambda: self._due(subject))

    def _due(self, subject: str) -> None:
        row = self._rows.pop(subject)
        self._cancels.pop(subject, None)
        data = row.data
        extra = from_plain(data["extra"])
        context = Context(*data["context"])
        seconds = float(data["seconds"])
        self._wire.fire(self._part, extra, context, self._describe(subject, seconds), row.id)

    def _judge(self, subject: str) -> None:
        row = self._rows[subject]
        verdict = self._still(subject, from_plain(row.data["note"]))
        if verdict is None:
            self._doubtful.add(subject)
            self._look_later()
            return
        self._doubtful.discard(subject)
        if not verdict:
            self.cancel(subject)
        elif row.due_at <= self._wire.clock.time():
            self._due(subject)
        else:
            self._arm(subject)

    def _look_later(self) -> None:
        if self._recheck is None:
            self._recheck = self._wire.clock.call_later(self._wait, self._look_again)
            self._wait = min(self._wait * 2, _LONGEST_WAIT)

    def _look_again(self) -> None:
        self._recheck = None
        for subject in list(self._doubtful):
            self._judge(subject)
