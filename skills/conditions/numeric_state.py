"""`condition: numeric_state`: a number is above, below or between.

https://www.home-assistant.io/docs/scripts/conditions/#numeric-state-condition
"""

from __future__ import annotations

import math
from typing import Any

from hub.errors import HubError, Invalid
from skills.conditions.base import Condition, Fields, Parts, Variables
from skills.templates import StateView, Template


class NumericStateCondition:
    """Entities' numbers between two bounds; the bounds themselves don't count."""

    def __init__(self, fields: Fields, parts: Parts) -> None:
        self.path = fields.path
        self._parts = parts
        self._ids = fields.entity_ids()
        self._attribute: str | None = fields.get("attribute")
        self._template: Template | None = None
        if fields.get("value_template") is not None:
            self._template = fields.template("value_template")
        self._above = _bound(fields, "above")
        self._below = _bound(fields, "below")
        if self._above is None and self._below is None:
            raise Invalid(
                "The condition “numeric_state” needs “above”, “below” or both.",
                where=fields.path,
                remedy="Add a line such as above: 20",
            )
        if (
            isinstance(self._above, float)
            and isinstance(self._below, float)
            and self._above >= self._below
        ):
            raise Invalid(
                f"No number is above {self._above:g} and below {self._below:g}.",
                where=fields.at("above"),
                remedy="Swap them, or use an “or” condition.",
            )
        bounds = [bound for bound in (self._above, self._below) if isinstance(bound, str)]
        self.entities = frozenset((*self._ids, *bounds))

    def check(self, variables: Variables) -> bool:
        """Whether every entity's number is within; what is no number is not."""
        return all(self._trouble(one, variables) == "" for one in self._ids)

    def explain(self, variables: Variables) -> str:
        """In words: `Outdoor temperature is 21, not below 18.`."""
        try:
            for entity_id in self._ids:
                if trouble := self._trouble(entity_id, variables):
                    return trouble
            return " ".join(self._fine(one, variables) for one in self._ids[:3])
        except HubError as error:
            return error.sentence

    def _trouble(self, entity_id: str, variables: Variables) -> str:
        value = self._value(entity_id, variables)
        name = self._parts.name(entity_id)
        number = _number(value)
        if number is None:
            return f"{name} is {value}, which is no number."
        for bound, word, sign in ((self._above, "above", 1), (self._below, "below", -1)):
            if bound is None:
                continue
            limit = self._limit(bound)
            if limit is None:
                return f"{self._parts.name(str(bound))} is no number."
            if (number - limit) * sign <= 0:
                return f"{name} is {number:g}, not {word} {limit:g}."
        return ""

    def _fine(self, entity_id: str, variables: Variables) -> str:
        number = _number(self._value(entity_id, variables)) or 0.0
        words = []
        for bound, word in ((self._above, "above"), (self._below, "below")):
            if bound is not None and (limit := self._limit(bound)) is not None:
                words.append(f"{word} {limit:g}")
        return f"{self._parts.name(entity_id)} is {number:g}, {' and '.join(words)}."

    def _value(self, entity_id: str, variables: Variables) -> Any:
        state = self._parts.state(entity_id, self.path)
        if self._template is not None:
            return self._template.render({**variables, "state": StateView(state)})
        if self._attribute is not None:
            return state.attributes.get(self._attribute)
        return state.state

    def _limit(self, bound: float | str) -> float | None:
        if isinstance(bound, float):
            return bound
        return _number(self._parts.state(bound, self.path).state)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _bound(fields: Fields, key: str) -> float | str | None:
    value = fields.get(key)
    if value is None:
        return None
    number = None if isinstance(value, bool) else _number(value)
    if number is not None:
        return number
    if isinstance(value, str) and "{" not in value:
        return fields.entity_ids(key)[0]
    raise Invalid(
        f"“{str(value)[:60]}” is neither a number nor an entity.",
        where=fields.at(key),
        remedy="A template goes into value_template, or into a template condition.",
    )


def make(fields: Fields, parts: Parts) -> Condition:
    """Compile the condition."""
    fields.only("entity_id", "above", "below", "attribute", "value_template")
    return NumericStateCondition(fields, parts)
