"""`condition: state`: an entity is in a state, maybe for some time.

https://www.home-assistant.io/docs/scripts/conditions/#state-condition
"""

from __future__ import annotations

import re
from typing import Any

from hub.errors import HubError, Invalid
from hub.states import State
from skills import times
from skills.conditions.base import Condition, Fields, Parts, Variables, as_text
from skills.templates import Duration

# A wanted state may be the state of one of these.
_HELPER = re.compile(r"(input_(select|text|number|boolean|datetime)|select|text)\.[a-z0-9_]+")


class StateCondition:
    """Entities, the states wanted, and for how long."""

    def __init__(self, fields: Fields, parts: Parts) -> None:
        self.path = fields.path
        self._parts = parts
        self._ids = fields.entity_ids()
        self._any = _match(fields)
        self._attribute: str | None = fields.get("attribute")
        self._for: Duration | None = fields.duration("for")
        self._wanted = self._wanted_values(fields)
        self._helpers = [v for v in self._wanted if isinstance(v, str) and _HELPER.fullmatch(v)]
        self._set = frozenset(v for v in self._wanted if isinstance(v, str))
        self.entities = frozenset((*self._ids, *self._helpers))

    def check(self, variables: Variables) -> bool:
        """Whether all of the entities (or any) are in one of the states."""
        return (any if self._any else all)(self._holds(one, variables) for one in self._ids)

    def explain(self, variables: Variables) -> str:
        """In words: `Front door is open, not closed.`."""
        try:
            holds = self.check(variables)
            found = [one for one in self._ids if self._holds(one, variables) == holds]
            return " ".join(self._sentence(one, holds, variables) for one in found[:3])
        except HubError as error:
            return error.sentence

    def _holds(self, entity_id: str, variables: Variables) -> bool:
        state = self._parts.state(entity_id, self.path)
        if not self._is_wanted(state):
            return False
        if self._for is None:
            return True
        return self._parts.clock.time() - state.last_changed >= self._for.seconds(variables)

    def _is_wanted(self, state: State) -> bool:
        if self._attribute is None and not self._helpers:
            return state.state in self._set
        value: Any = state.state
        if self._attribute is not None:
            value = state.attributes.get(self._attribute)
        wanted = [*self._wanted]
        wanted += [found.state for h in self._helpers if (found := self._parts.states.get(h))]
        return value in wanted

    def _wanted_values(self, fields: Fields) -> list[Any]:
        value = fields.get("state")
        if value is None:
            value = fields.need("state")
        values = value if isinstance(value, list | tuple) else [value]
        if not values:
            raise Invalid("The condition names no state.", where=fields.at("state"))
        if self._attribute is not None:
            return list(values)
        fields.texts("state", values)
        return [as_text(found) for found in values]

    def _sentence(self, entity_id: str, holds: bool, variables: Variables) -> str:
        parts = self._parts
        state = parts.state(entity_id, self.path)
        name = parts.name(entity_id)
        if self._attribute is not None:
            name = f"The {self._attribute.replace('_', ' ')} of {name}"
            now = str(state.attributes.get(self._attribute))
            wanted = " or ".join(map(str, self._wanted))
        else:
            now = parts.word(state, state.state)
            wanted = " or ".join(parts.word(state, value) for value in self._wanted)
        if self._for is not None and self._is_wanted(state):
            since = times.in_words(parts.clock.time() - state.last_changed)
            if holds:
                return f"{name} has been {now} for {since}."
            return f"{name} is {now} since {since}, not yet for {self._for.words(variables)}."
        return f"{name} is {now}." if holds else f"{name} is {now}, not {wanted}."


def _match(fields: Fields) -> bool:
    match fields.get("match", "all"):
        case "all":
            return False
        case "any":
            return True
        case other:
            raise Invalid(
                f"“match” can't be “{other}”.", where=fields.at("match"), remedy="Use all or any."
            )


def make(fields: Fields, parts: Parts) -> Condition:
    """Compile the condition."""
    fields.only("entity_id", "state", "attribute", "for", "match")
    return StateCondition(fields, parts)
