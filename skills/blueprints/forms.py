"""A page's form becomes the values of a blueprint's inputs, and back.

The fields of an input are named by its key. What has parts has a field for each: `key.hours`,
`key.minutes`, `key.seconds` (a duration; or `key` alone as HH:MM:SS), `key.entity_id`,
`key.area_id`, `key.device_id`, `key.floor_id`, `key.label_id` (a target).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub.errors import Invalid
from skills import source, times
from skills.blueprints.selectors import Selector

NOTHING: Any = object()
_UNITS = ("days", "hours", "minutes", "seconds", "milliseconds")
_TARGETS = ("entity_id", "device_id", "area_id", "floor_id", "label_id")
_YAML = ("action", "condition", "trigger", "object", "location", "media", "choose")
_TRUE = ("on", "true", "1", "yes")

Form = Mapping[str, Sequence[str]]


def value(key: str, selector: Selector, form: Form) -> Any:
    """The value of one input, or NOTHING when the form says nothing about it."""
    match selector.kind:
        case "boolean":
            return bool(form.get(key)) and form[key][-1].strip().lower() in _TRUE
        case "constant":
            return selector.options.get("value", True)
        case "duration":
            return _duration(key, form)
        case "target":
            return _target(key, form)
    given = [one.strip() for one in form.get(key, ())]
    if selector.multiple:
        filled = [one for one in given if one]
        return filled if filled or given else NOTHING
    if not given:
        return NOTHING
    return _single(selector, given[-1])


def _single(selector: Selector, text: str) -> Any:
    match selector.kind:
        case "text" | "template":
            return text
        case "number" | "color_temp":
            return _number(text)
        case "color_rgb":
            return _color(text)
        case kind if kind in _YAML:
            return _yaml(text)
        case "select" if text == "":
            return NOTHING
        case _:
            return text or NOTHING


def _number(text: str) -> Any:
    if not text:
        return NOTHING
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _color(text: str) -> Any:
    digits = text.removeprefix("#")
    try:
        if len(digits) == 6:
            return list(bytes.fromhex(digits))
        return [int(part) for part in text.split(",")]
    except ValueError:
        return text or NOTHING


def _yaml(text: str) -> Any:
    if not text.strip():
        return NOTHING
    try:
        return source.load(text).data
    except Invalid:
        return text


def _duration(key: str, form: Form) -> Any:
    parts = {
        unit: _number(form[f"{key}.{unit}"][-1].strip())
        for unit in _UNITS
        if form.get(f"{key}.{unit}")
    }
    parts = {unit: amount for unit, amount in parts.items() if amount is not NOTHING}
    if parts:
        return parts
    given = form.get(key)
    return given[-1].strip() or NOTHING if given else NOTHING


def _target(key: str, form: Form) -> Any:
    found = {}
    for name in _TARGETS:
        ids = [one.strip() for one in form.get(f"{key}.{name}", ()) if one.strip()]
        if ids:
            found[name] = ids
    if found:
        return found
    ids = [one.strip() for one in form.get(key, ()) if one.strip()]
    return {"entity_id": ids} if ids else NOTHING


def fields(key: str, selector: Selector, given: Any) -> dict[str, list[str]]:
    """The form's fields that give this value."""
    if given is None:
        return {}
    match selector.kind:
        case "boolean":
            return {key: ["on"] if given else []}
        case "duration":
            return _duration_fields(key, given)
        case "target" if isinstance(given, Mapping):
            return {f"{key}.{name}": _listed(ids) for name, ids in given.items()}
        case "color_rgb" if isinstance(given, list):
            return {key: ["#" + bytes(given).hex()]}
        case kind if kind in _YAML:
            return {key: [given if isinstance(given, str) else source.dump(given)]}
    return {key: _listed(given)}


def _duration_fields(key: str, given: Any) -> dict[str, list[str]]:
    try:
        total = times.seconds(given)
    except Invalid:
        return {key: [str(given)]}
    parts: dict[str, list[str]] = {key: [times.clock_words(total)]}
    left = round(total)
    for unit, size in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
        count, left = divmod(left, size)
        parts[f"{key}.{unit}"] = [str(count)]
    return parts


def _listed(given: Any) -> list[str]:
    return [str(one) for one in (given if isinstance(given, list | tuple) else [given])]
