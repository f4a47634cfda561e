"""What every condition is, and what conditions look things up in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hub.clock import Clock
from hub.errors import Invalid
from hub.home import Home
from hub.registry import Registry
from hub.states import State, States
from skills.state_words import state_word
from skills.templates import Duration, Template, TemplateFailed, Templates

Variables = Mapping[str, Any]


class Condition(Protocol):
    """A compiled condition."""

    path: str
    entities: frozenset[str]

    def check(self, variables: Variables) -> bool:
        """Whether it holds now. Raises TemplateFailed, or Invalid when an entity is missing."""

    def explain(self, variables: Variables) -> str:
        """What it finds now, as a sentence: `Hall is off, not on.` Never raises."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What conditions look things up in."""

    states: States
    registry: Registry
    clock: Clock
    home: Home
    templates: Templates

    def state(self, entity_id: str, path: str) -> State:
        """The state of an entity. Raises Invalid when there is none."""
        found = self.states.get(entity_id)
        if found is None:
            raise Invalid(
                f"There is no entity {entity_id}.",
                where=path,
                remedy="Choose one that is there; look under Home, or use `hub state list`.",
            )
        return found

    def name(self, entity_id: str) -> str:
        """What people call an entity."""
        if entity_id in self.registry.entities:
            return self.registry.name_of(entity_id)
        found = self.states.get(entity_id)
        return found.name if found else entity_id

    def word(self, state: State, text: str) -> str:
        """What people say for a state of this entity."""
        device_class = str(state.attributes.get("device_class") or "")
        return state_word(state.domain, text, device_class)


class Always:
    """No condition at all."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.entities: frozenset[str] = frozenset()

    def check(self, variables: Variables) -> bool:  # noqa: ARG002  # the contract
        """It holds."""
        return True

    def explain(self, variables: Variables) -> str:  # noqa: ARG002  # the contract
        """In words."""
        return "There is no condition."


class Fields:
    """A condition's mapping, read field by field; what is wrong is told with its path."""

    def __init__(self, config: Mapping[Any, Any], path: str, parts: Parts) -> None:
        self._config = config
        self._parts = parts
        self.path = path

    def at(self, key: str) -> str:
        """The path of a field."""
        return f"{self.path}/{key}" if self.path else key

    def only(self, *known: str) -> None:
        """Raises Invalid for a field that this kind of condition doesn't have."""
        for key in self._config:
            if key not in known and key not in ("condition", "alias", "enabled", "id"):
                raise Invalid(
                    f"The condition “{self._config.get('condition')}” has no “{key}”.",
                    where=self.at(str(key)),
                    remedy=f"It has: {', '.join(known)}.",
                )

    def get(self, key: str, default: Any = None) -> Any:
        """A field as it is."""
        return self._config.get(key, default)

    def need(self, key: str) -> Any:
        """A field that must be there."""
        if self._config.get(key) is None:
            raise Invalid(
                f"The condition “{self._config.get('condition')}” needs “{key}”.",
                where=self.path,
                remedy=f"Add a line {key}: …",
            )
        return self._config[key]

    def texts(self, key: str, value: Any = None) -> tuple[str, ...]:
        """A text, or a list of texts."""
        value = self.need(key) if value is None else value
        items = value if isinstance(value, list | tuple) else [value]
        for position, item in enumerate(items):
            if isinstance(item, Mapping | list) or item is None:
                where = f"{self.at(key)}/{position}" if items is value else self.at(key)
                raise Invalid(f"“{key}” must be text or a list of texts.", where=where)
        return tuple(as_text(item) for item in items)

    def entity_ids(self, key: str = "entity_id") -> tuple[str, ...]:
        """One entity or several; "a, b" names two."""
        found = []
        for text in self.texts(key):
            for part in text.split(","):
                domain, dot, name = part.strip().partition(".")
                if not (domain and dot and name) or "{" in part:
                    raise Invalid(
                        f"“{part.strip()[:60]}” is not an entity.",
                        where=self.at(key),
                        remedy="Write it as domain.name, such as light.hall.",
                    )
                found.append(part.strip())
        if not found:
            raise Invalid("The condition names no entity.", where=self.at(key))
        return tuple(found)

    def duration(self, key: str) -> Duration | None:
        """A duration, if the field is there."""
        value = self._config.get(key)
        if value is None:
            return None
        return Duration.compile(value, self._parts.templates, self.at(key))

    def template(self, key: str) -> Template:
        """A template."""
        text = self.need(key)
        if not isinstance(text, str):
            text = str(text)
        try:
            return self._parts.templates.compile(text)
        except TemplateFailed as error:
            raise error.at(self.at(key)) from error


def as_text(value: Any) -> str:
    """A state as text: YAML reads on and off without quotes as true and false."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


Make = Callable[[Fields, Parts], Condition]
