"""Conditions made of conditions, of a template, or of the trigger that fired.

https://www.home-assistant.io/docs/scripts/conditions/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub.errors import HubError
from skills.conditions.base import Condition, Fields, Parts, Variables
from skills.templates import Template, TemplateFailed

_LONGEST = 120


class And:
    """All of them hold."""

    def __init__(self, path: str, inner: Sequence[Condition]) -> None:
        self.path = path
        self._inner = inner
        self.entities = frozenset(one for found in inner for one in found.entities)

    def check(self, variables: Variables) -> bool:
        """False as soon as one does not hold, whatever else fails."""
        trouble: HubError | None = None
        for condition in self._inner:
            try:
                if not condition.check(variables):
                    return False
            except HubError as error:
                trouble = trouble or error
        if trouble:
            raise trouble
        return True

    def explain(self, variables: Variables) -> str:
        """The first one that does not hold, or all."""
        for condition in self._inner:
            if not _holds(condition, variables):
                return condition.explain(variables)
        return " ".join(found.explain(variables) for found in self._inner)


class Or:
    """At least one of them holds."""

    def __init__(self, path: str, inner: Sequence[Condition]) -> None:
        self.path = path
        self._inner = inner
        self.entities = frozenset(one for found in inner for one in found.entities)

    def check(self, variables: Variables) -> bool:
        """True as soon as one holds, whatever else fails."""
        trouble: HubError | None = None
        for condition in self._inner:
            try:
                if condition.check(variables):
                    return True
            except HubError as error:
                trouble = trouble or error
        if trouble:
            raise trouble
        return False

    def explain(self, variables: Variables) -> str:
        """The first one that holds, or all."""
        for condition in self._inner:
            if _holds(condition, variables):
                return condition.explain(variables)
        return " ".join(found.explain(variables) for found in self._inner)


class Not:
    """None of them holds."""

    def __init__(self, path: str, inner: Sequence[Condition]) -> None:
        self.path = path
        self._or = Or(path, inner)
        self.entities = self._or.entities

    def check(self, variables: Variables) -> bool:
        """False as soon as one holds."""
        return not self._or.check(variables)

    def explain(self, variables: Variables) -> str:
        """The first one that holds, or all."""
        return self._or.explain(variables)


class TemplateCondition:
    """A template that gives true."""

    def __init__(self, path: str, template: Template, alias: str) -> None:
        self.path = path
        self.entities: frozenset[str] = frozenset()
        self._template = template
        self._alias = alias

    def check(self, variables: Variables) -> bool:
        """Whether the text is `true` in any case. Raises TemplateFailed."""
        try:
            return self._template.render_text(variables).strip().lower() == "true"
        except TemplateFailed as error:
            raise error.at(self.path) from error

    def explain(self, variables: Variables) -> str:
        """What the template gives."""
        try:
            found = self._template.render_text(variables).strip()
        except TemplateFailed as error:
            return error.sentence
        what = self._alias or " ".join(self._template.text.split())
        if len(what) > _LONGEST:
            what = f"{what[:_LONGEST]}…"
        return f"“{what}” gives {found[:_LONGEST] or 'nothing'}."


class TriggerCondition:
    """One of these triggers fired."""

    def __init__(self, path: str, ids: tuple[str, ...]) -> None:
        self.path = path
        self.entities: frozenset[str] = frozenset()
        self._ids = ids

    def check(self, variables: Variables) -> bool:
        """Whether the id of what fired is one of them."""
        return _fired(variables) in self._ids

    def explain(self, variables: Variables) -> str:
        """Which trigger it was."""
        fired = _fired(variables)
        wanted = " or ".join(f"“{one}”" for one in self._ids)
        if fired is None:
            return f"No trigger fired, so it was not {wanted}."
        return f"The trigger “{fired}” fired" + ("." if fired in self._ids else f", not {wanted}.")


def _fired(variables: Variables) -> str | None:
    trigger = variables.get("trigger")
    found: Any = trigger.get("id") if isinstance(trigger, Mapping) else None
    return None if found is None else str(found)


def _holds(condition: Condition, variables: Variables) -> bool:
    try:
        return condition.check(variables)
    except HubError:
        return False


def make_template(fields: Fields, parts: Parts) -> Condition:  # noqa: ARG001  # as every maker
    """Compile a template condition."""
    fields.only("value_template")
    template = fields.template("value_template")
    return TemplateCondition(fields.path, template, str(fields.get("alias") or ""))


def make_trigger(fields: Fields, parts: Parts) -> Condition:  # noqa: ARG001  # as every maker
    """Compile a trigger condition."""
    fields.only("id")
    return TriggerCondition(fields.path, fields.texts("id"))
