"""Whether a value fits its selector."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from hub.access import People
from hub.errors import HubError
from hub.registry import Registry, Target
from hub.states import States
from skills import times
from skills.blueprints.selectors import Selector


class Lookup(Protocol):
    """What values are looked up in."""

    @property
    def states(self) -> States:
        """Every state."""

    @property
    def registry(self) -> Registry:
        """Areas, devices, labels."""

    @property
    def people(self) -> People:
        """Everybody."""


_MISSING = {
    "entity": "Choose a device.",
    "device": "Choose a device.",
    "target": "Choose what it acts on.",
    "area": "Choose a room.",
    "floor": "Choose a floor.",
    "label": "Choose a label.",
    "person": "Choose who.",
    "select": "Choose one.",
    "number": "Enter a number.",
    "text": "Write something here.",
    "time": "Enter a time.",
    "duration": "Enter how long.",
}


def missing(selector: Selector) -> str:
    """What to do when a required value is missing."""
    return _MISSING.get(selector.kind, "This is needed.")


def trouble(selector: Selector, value: Any, house: Lookup | None) -> str:
    """What is wrong with the value, as a sentence; empty when it fits."""
    check = _CHECKS.get(selector.kind)
    if check is None:
        return ""
    if selector.multiple and selector.kind in _LISTS:
        if isinstance(value, str) and value:
            value = [value]
        if not isinstance(value, list):
            return "This must be a list."
        found = (check(selector, one, house) for one in value)
        return next((sentence for sentence in found if sentence), "")
    if isinstance(value, list) and selector.kind in _LISTS:
        return "Only one can be chosen here."
    return check(selector, value, house)


def _entity(selector: Selector, value: Any, house: Lookup | None) -> str:
    if not isinstance(value, str) or value.count(".") != 1:
        return f"“{value}” is not an entity."
    if wrong := _wrong_domain(selector, value):
        return wrong
    if house is None:
        return ""
    state = house.states.get(value)
    if state is None and value not in house.registry.entities:
        return f"There is no entity {value}."
    found = str(state.attributes.get("device_class") or "") if state else ""
    unit = str(state.attributes.get("unit_of_measurement") or "") if state else ""
    if state is not None and selector.filters:
        fits = (_fits(one, state.domain, found, unit) for one in selector.filters)
        if not any(fits):
            return f"{house.registry.name_of(value)} is not of the kind that fits here."
    return ""


def _wrong_domain(selector: Selector, entity_id: str) -> str:
    wanted = [_texts(one.get("domain")) for one in selector.filters]
    domain = entity_id.partition(".")[0]
    if not wanted or any(not domains or domain in domains for domains in wanted):
        return ""
    names = sorted({name for domains in wanted for name in domains})
    return f"{entity_id} is a {domain}; choose a {' or '.join(names)}."


def _fits(one: Mapping[str, Any], domain: str, device_class: str, unit: str) -> bool:
    facts = (("domain", domain), ("device_class", device_class), ("unit_of_measurement", unit))
    return all(not (wanted := _texts(one.get(key))) or fact in wanted for key, fact in facts)


def _registered(kind: str) -> Callable[[Selector, Any, Lookup | None], str]:
    def check(_selector: Selector, value: Any, house: Lookup | None) -> str:
        if not isinstance(value, str):
            return f"“{value}” is not a {kind}."
        held = {} if house is None else _held(house.registry, kind)
        return f"There is no {kind} “{value}”." if house and value not in held else ""

    return check


def _held(registry: Registry, kind: str) -> Mapping[str, Any]:
    held: dict[str, Mapping[str, Any]] = {
        "area": registry.areas,
        "floor": registry.floors,
        "label": registry.labels,
        "device": registry.devices,
    }
    return held[kind]


def _number(selector: Selector, value: Any, _house: Lookup | None) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return f"“{value}” is not a number."
    low, high = selector.options.get("min"), selector.options.get("max")
    unit = f" {selector.options['unit_of_measurement']}" if _unit(selector) else ""
    if low is not None and value < low:
        return f"It must be {low:g}{unit} or more."
    if high is not None and value > high:
        return f"It must be {high:g}{unit} or less."
    return ""


def _unit(selector: Selector) -> bool:
    return bool(selector.options.get("unit_of_measurement"))


def _boolean(_selector: Selector, value: Any, _house: Lookup | None) -> str:
    return "" if isinstance(value, bool) else "This is yes or no."


def _select(selector: Selector, value: Any, _house: Lookup | None) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return f"“{value}” is not one of the choices."
    if selector.options.get("custom_value"):
        return ""
    known = [choice.value for choice in selector.choices]
    return "" if str(value) in known else f"“{value}” is not one of: {', '.join(known)}."


def _text(_selector: Selector, value: Any, _house: Lookup | None) -> str:
    return "" if isinstance(value, str | int | float) else "This must be text."


def _by(read: Callable[[Any], Any]) -> Callable[[Selector, Any, Lookup | None], str]:
    def check(_selector: Selector, value: Any, _house: Lookup | None) -> str:
        try:
            read(value)
        except HubError as error:
            return f"{error.sentence} {error.remedy}".strip()
        except (ValueError, TypeError):
            return f"“{value}” can't be read."
        return ""

    return check


def _duration(selector: Selector, value: Any, _house: Lookup | None) -> str:
    if selector.options.get("allow_negative") and isinstance(value, Mapping):
        value = {unit: abs(n) if _is_number(n) else n for unit, n in value.items()}
    return _by(times.seconds)(selector, value, None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _target(selector: Selector, value: Any, house: Lookup | None) -> str:
    try:
        target = Target.of(value)
        if not target:
            return missing(selector)
        for entity_id in target.entity_id:
            if wrong := _wrong_domain(selector, entity_id):
                return wrong
        if house is not None:
            entity_ids = house.registry.resolve(target)
            gone = [e for e in entity_ids if e not in house.registry.entities]
            gone = [e for e in gone if e not in house.states]
            return f"There is no entity {gone[0]}." if gone else ""
    except HubError as error:
        return error.sentence
    return ""


def _person(selector: Selector, value: Any, house: Lookup | None) -> str:
    if not isinstance(value, str) or not value:
        return missing(selector)
    if house is None or value == "everyone" or value.startswith("role:"):
        return ""
    try:
        house.people.find(value)
    except HubError as error:
        return error.sentence
    return ""


def _steps(_selector: Selector, value: Any, _house: Lookup | None) -> str:
    return "" if isinstance(value, list | Mapping) else "This must be a list of steps, as YAML."


def _condition(_selector: Selector, value: Any, _house: Lookup | None) -> str:
    fits = isinstance(value, list | Mapping | str)
    return "" if fits else "This must be a condition or a list of them, as YAML."


def _color(_selector: Selector, value: Any, _house: Lookup | None) -> str:
    fits = (
        isinstance(value, list)
        and len(value) == 3
        and all(isinstance(part, int) and 0 <= part <= 255 for part in value)
    )
    return "" if fits else "A colour is three numbers from 0 to 255: red, green, blue."


def _texts(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one]


_LISTS = ("entity", "area", "floor", "label", "device", "select", "text", "person")
_CHECKS: Mapping[str, Callable[[Selector, Any, Lookup | None], str]] = {
    "entity": _entity,
    "area": _registered("area"),
    "floor": _registered("floor"),
    "label": _registered("label"),
    "device": _registered("device"),
    "number": _number,
    "boolean": _boolean,
    "select": _select,
    "text": _text,
    "template": _text,
    "time": _by(times.time_of_day),
    "date": _by(date.fromisoformat),
    "datetime": _by(datetime.fromisoformat),
    "duration": _duration,
    "target": _target,
    "person": _person,
    "action": _steps,
    "trigger": _steps,
    "condition": _condition,
    "color_rgb": _color,
}
