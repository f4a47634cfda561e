"""Compiles conditions in every spelling of the language.

https://www.home-assistant.io/docs/scripts/conditions/
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.clock import Clock
from hub.errors import Invalid
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.conditions import logic, numeric_state, state, sun, time
from skills.conditions.base import Always, Condition, Fields, Make, Parts
from skills.templates import Templates, as_bool, is_template

_KINDS: Mapping[str, Make] = {
    "state": state.make,
    "numeric_state": numeric_state.make,
    "time": time.make,
    "sun": sun.make,
    "template": logic.make_template,
    "trigger": logic.make_trigger,
}
_GROUPS: Mapping[str, Callable[[str, Sequence[Condition]], Condition]] = {
    "and": logic.And,
    "or": logic.Or,
    "not": logic.Not,
}
_NOT_YET = ("device", "zone")
_DEEPEST = 50


class Conditions:
    """Compiles conditions; they look things up in these parts of the hub."""

    def __init__(
        self, states: States, registry: Registry, clock: Clock, home: Home, templates: Templates
    ) -> None:
        self._parts = Parts(states, registry, clock, home, templates)

    def compile(self, config: Any, path: str = "conditions") -> Condition:
        """One condition out of a mapping, a template, a list (all must hold) or nothing.

        Raises Invalid with `where`, the path of the first wrong part.
        """
        found = _Compiler(self._parts, None).any(config, path)
        return found or Always(path)

    def problems(self, config: Any, path: str = "conditions") -> list[Invalid]:
        """Every wrong condition in it."""
        errors: list[Invalid] = []
        try:
            _Compiler(self._parts, errors).any(config, path)
        except Invalid as error:
            errors.append(error)
        return errors


class _Compiler:
    """One compilation; with `errors` it collects them and goes on."""

    def __init__(self, parts: Parts, errors: list[Invalid] | None) -> None:
        self._parts = parts
        self._errors = errors
        self._depth = 0

    def any(self, config: Any, path: str) -> Condition | None:
        """What `config` means; None when there is nothing, or it is switched off."""
        if config is None or config == []:
            return None
        if isinstance(config, list | tuple):
            return self._group("and", config, path)
        if isinstance(config, str | bool):
            return self._shorthand(config, path)
        if not isinstance(config, Mapping):
            raise Invalid(
                f"“{str(config)[:60]}” is not a condition.",
                where=path,
                remedy="Write condition: state, a template in quotes, or and: / or: / not:.",
            )
        if not self._enabled(config, path):
            return None
        return self._mapping(config, path)

    def _mapping(self, config: Mapping[Any, Any], path: str) -> Condition | None:
        kind = config.get("condition")
        if kind is None:
            for word in _GROUPS:
                if word in config:
                    self._only(config, path, word)
                    return self._group(word, config[word], f"{path}/{word}")
            raise Invalid(
                "This condition doesn't say which kind it is.",
                where=path,
                remedy=f"Begin it with condition: and one of {', '.join((*_KINDS, *_GROUPS))}.",
            )
        where = f"{path}/condition"
        if isinstance(kind, list | tuple):
            return self._group("and", kind, where)
        if not isinstance(kind, str | bool):
            raise _unknown(kind, where)
        if kind in _GROUPS:
            self._only(config, path, "conditions")
            inner = config.get("conditions")
            if inner is None:
                raise Invalid(f"The condition “{kind}” needs “conditions”.", where=path)
            return self._group(str(kind), inner, f"{path}/conditions")
        if is_template(kind):
            return self._shorthand(kind, where, str(config.get("alias") or ""))
        if kind in _KINDS:
            return _KINDS[str(kind)](Fields(config, path, self._parts), self._parts)
        raise _unknown(kind, where)

    def _group(self, word: str, config: Any, path: str) -> Condition | None:
        if isinstance(config, str | Mapping):
            config = [config]
        if not isinstance(config, list | tuple):
            raise Invalid(f"“{word}” needs a list of conditions.", where=path)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Invalid("The conditions are nested too deep.", where=path)
        inner = []
        for position, item in enumerate(config):
            try:
                if found := self.any(item, f"{path}/{position}"):
                    inner.append(found)
            except Invalid as error:
                if self._errors is None:
                    raise
                self._errors.append(error)
        self._depth -= 1
        if not inner:
            return None
        if len(inner) == 1 and word != "not":
            return inner[0]
        return _GROUPS[word](path, inner)

    def _shorthand(self, text: str | bool, path: str, alias: str = "") -> Condition:
        if not is_template(text) and str(text).strip().lower() not in ("true", "false"):
            raise Invalid(
                f"“{str(text)[:60]}” is not a condition.",
                where=path,
                remedy='A template condition looks like "{{ is_state(…) }}".',
            )
        config = {"condition": "template", "value_template": str(text), "alias": alias}
        made = Fields(config, path, self._parts)
        try:
            return logic.make_template(made, self._parts)
        except Invalid as error:
            error.where = error.where.replace(f"{path}/value_template", path)
            raise

    def _enabled(self, config: Mapping[Any, Any], path: str) -> bool:
        value = config.get("enabled", True)
        if is_template(value):
            value = self._parts.templates.render_complex(value, None, f"{path}/enabled")
        return as_bool(value)

    def _only(self, config: Mapping[Any, Any], path: str, word: str) -> None:
        for key in config:
            if key not in (word, "condition", "alias", "enabled"):
                raise Invalid(f"“{key}” doesn't belong here.", where=f"{path}/{key}")


def _unknown(kind: Any, where: str) -> Invalid:
    if str(kind) in _NOT_YET:
        return Invalid(f"The condition “{kind}” is not supported yet.", where=where)
    near = difflib.get_close_matches(str(kind), [*_KINDS, *_GROUPS], 1)
    known = ", ".join((*_KINDS, *_GROUPS))
    return Invalid(
        f"There is no condition “{str(kind)[:60]}”.",
        where=where,
        remedy=f"Did you mean {near[0]}?" if near else f"There are: {known}.",
    )
