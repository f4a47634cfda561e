"""What every entity is now. Kept in memory; `store.history` records the changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from hub.bus import Bus
from hub.clock import Clock
from hub.context import Context
from hub.errors import Invalid
from hub.events import STATE_CHANGED, Event

UNAVAILABLE = "unavailable"
UNKNOWN = "unknown"

_ENTITY_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_]+\Z")
_LONGEST_STATE = 255


class State(msgspec.Struct, frozen=True):
    """One entity's state. Times are seconds since the epoch (UTC).

    `last_changed` moves when `state` differs, `last_updated` also when an attribute does.
    """

    entity_id: str
    state: str
    attributes: Mapping[str, Any]
    last_changed: float
    last_updated: float
    context: Context

    @property
    def domain(self) -> str:
        """The part before the dot: `light` of `light.hall`."""
        return self.entity_id.partition(".")[0]

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.attributes.get("friendly_name") or self.entity_id)

    @property
    def changed_at(self) -> datetime:
        """`last_changed` as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.last_changed, UTC)


class States:
    """The one door to state: `set`, `get`, `remove`; each change is an event on the bus."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._states: dict[str, State] = {}

    def set(
        self,
        entity_id: str,
        state: str,
        attributes: Mapping[str, Any] | None = None,
        context: Context | None = None,
    ) -> State:
        """Say what `entity_id` is now. `attributes` None keeps the present ones; a mapping is
        kept as it is, so hand over one that nobody changes any more.

        Publishes `state_changed` (data: entity_id, old_state, new_state) only when
        something differs. Raises Invalid for a malformed entity id, a state that is no text or
        has more than 255 characters.
        """
        old = self._states.get(entity_id)
        if old is None and not _ENTITY_ID.match(entity_id):
            raise Invalid(
                f"“{entity_id}” is not an entity id.",
                remedy="Write it as domain.name in small letters, such as light.hall.",
            )
        if _is_unfit(state):
            raise _unfit(entity_id, state)
        if attributes is None:
            attributes = old.attributes if old else {}
        if old and old.state == state and old.attributes == attributes:
            return old
        now = self._clock.time()
        changed = old.last_changed if old and old.state == state else now
        new = State(entity_id, state, attributes, changed, now, context or Context.new("device"))
        self._states[entity_id] = new
        self._publish(entity_id, old, new, now, new.context)
        return new

    def get(self, entity_id: str) -> State | None:
        """The present state, or None when there is no such entity."""
        return self._states.get(entity_id)

    def remove(self, entity_id: str, context: Context | None = None) -> None:
        """Forget an entity; publishes `state_changed` with `new_state` None."""
        if old := self._states.pop(entity_id, None):
            cause = context or Context.new()
            self._publish(entity_id, old, None, self._clock.time(), cause)

    def restore(self, states: Iterable[State]) -> None:
        """Put back what was recorded before a restart; publishes nothing."""
        for state in states:
            self._states.setdefault(state.entity_id, state)

    def all(self, domain: str | None = None) -> list[State]:
        """Every state, or those of one domain, by entity id."""
        found = (s for s in self._states.values() if domain is None or s.domain == domain)
        return sorted(found, key=lambda state: state.entity_id)

    def __contains__(self, entity_id: str) -> bool:
        return entity_id in self._states

    def __len__(self) -> int:
        return len(self._states)

    def _publish(
        self, entity_id: str, old: State | None, new: State | None, now: float, cause: Context
    ) -> None:
        data = {"entity_id": entity_id, "old_state": old, "new_state": new}
        self._bus.publish(Event(STATE_CHANGED, data, now, cause, entity_id))


def _is_unfit(state: object) -> bool:
    # Nobody type-checks a stranger's integration: a number is what it hands over first.
    return not isinstance(state, str) or len(state) > _LONGEST_STATE


def _unfit(entity_id: str, state: object) -> Invalid:
    if not isinstance(state, str):
        return Invalid(
            f"The state of {entity_id} must be text, not {state!r}.",
            remedy="Write numbers as text, such as “21.5”.",
        )
    return Invalid(
        f"The state of {entity_id} has {len(state)} characters; {_LONGEST_STATE} are allowed.",
        remedy="Put longer text into an attribute.",
    )
