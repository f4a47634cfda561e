"""Selectors: what kind of value an input asks for, and the options of each kind.

https://www.home-assistant.io/docs/blueprint/selectors/ (`person` is Hearth's own)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.errors import Invalid

_FILTERS = {"entity": "filters", "device": "filters", "multiple": "bool", "reorder": "bool"}
_ENTITY_FILTER = {
    "integration": "texts",
    "domain": "texts",
    "device_class": "texts",
    "supported_features": "any",
    "unit_of_measurement": "texts",
}
_DEVICE_FILTER = {
    "integration": "text",
    "manufacturer": "text",
    "model": "text",
    "model_id": "text",
}

# Every kind with its options and what each option holds (`_FITS` below says what that means).
KINDS: Mapping[str, Mapping[str, str]] = {
    "action": {"optionsInSidebar": "bool"},
    "addon": {"name": "text", "slug": "text"},
    "area": _FILTERS,
    "assist_pipeline": {"include_last_used": "bool"},
    "attribute": {"entity_id": "texts", "hide_attributes": "texts"},
    "backup_location": {},
    "boolean": {},
    "choose": {"choices": "map", "translation_key": "text"},
    "color_rgb": {},
    "color_temp": {
        "unit": "text",
        "min": "number",
        "max": "number",
        "min_mireds": "number",
        "max_mireds": "number",
    },
    "condition": {},
    "config_entry": {"integration": "text"},
    "constant": {"value": "any", "label": "text", "translation_key": "text"},
    "conversation_agent": {"language": "text"},
    "country": {"countries": "texts", "no_sort": "bool"},
    "date": {},
    "datetime": {},
    "device": {
        **_DEVICE_FILTER,
        "entity": "filters",
        "filter": "filters",
        "multiple": "bool",
        "reorder": "bool",
    },
    "duration": {"enable_day": "bool", "enable_millisecond": "bool", "allow_negative": "bool"},
    "entity": {
        **_ENTITY_FILTER,
        "filter": "filters",
        "multiple": "bool",
        "reorder": "bool",
        "include_entities": "texts",
        "exclude_entities": "texts",
    },
    "file": {"accept": "text"},
    "floor": _FILTERS,
    "icon": {"placeholder": "text", "fallback_path": "text"},
    "label": {"multiple": "bool"},
    "language": {"languages": "texts", "native_name": "bool", "no_sort": "bool"},
    "location": {"icon": "text", "radius": "bool"},
    "media": {"accept": "texts", "multiple": "bool"},
    "navigation": {},
    "number": {
        "min": "number",
        "max": "number",
        "step": "step",
        "unit_of_measurement": "text",
        "mode": "text",
        "translation_key": "text",
    },
    "object": {
        "fields": "map",
        "multiple": "bool",
        "label_field": "text",
        "description_field": "text",
        "translation_key": "text",
    },
    "person": {"multiple": "bool", "everyone": "bool"},
    "qr_code": {"data": "text", "scale": "number", "error_correction_level": "text"},
    "select": {
        "options": "options",
        "multiple": "bool",
        "custom_value": "bool",
        "mode": "text",
        "sort": "bool",
        "translation_key": "text",
    },
    "state": {
        "entity_id": "texts",
        "attribute": "text",
        "hide_states": "texts",
        "multiple": "bool",
    },
    "statistic": {"multiple": "bool"},
    "target": {"entity": "filters", "device": "filters"},
    "template": {"preview": "bool"},
    "text": {
        "multiline": "bool",
        "multiple": "bool",
        "prefix": "text",
        "suffix": "text",
        "type": "text",
        "autocomplete": "text",
    },
    "theme": {"include_default": "bool"},
    "time": {"no_second": "bool"},
    "trigger": {},
}


def _texts(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str) for item in items)


def _filters(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, Mapping) for item in items)


def _options(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, str | int | float) or (isinstance(item, Mapping) and "value" in item)
        for item in value
    )


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FITS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "any": (lambda _: True, "anything"),
    "bool": (lambda value: isinstance(value, bool), "true or false"),
    "filters": (_filters, "a filter or a list of filters"),
    "map": (lambda value: isinstance(value, Mapping), "a mapping"),
    "number": (_number, "a number"),
    "options": (_options, "a list of texts, or of label and value"),
    "step": (lambda value: value == "any" or _number(value), "a number or any"),
    "text": (lambda value: isinstance(value, str | int | float), "text"),
    "texts": (_texts, "text or a list of texts"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a `select`."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Selector:
    """A kind of value with its options."""

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def multiple(self) -> bool:
        """Whether the value is a list."""
        return bool(self.options.get("multiple"))

    @property
    def choices(self) -> list[Option]:
        """The choices of a `select`."""
        found = []
        for item in self.options.get("options") or []:
            if isinstance(item, Mapping):
                found.append(Option(str(item["value"]), str(item.get("label") or item["value"])))
            else:
                found.append(Option(str(item), str(item)))
        return found

    @property
    def filters(self) -> list[Mapping[str, Any]]:
        """What an entity (of a device, in a target) must be: it has to fit one of them."""
        given = self.options.get("filter" if self.kind == "entity" else "entity")
        if given and self.kind in ("entity", "device", "target"):
            found = given if isinstance(given, list) else [given]
            return [one for one in found if isinstance(one, Mapping)]
        own = {key: self.options[key] for key in _ENTITY_FILTER if key in self.options}
        return [own] if own and self.kind == "entity" else []


def parse(config: Any, path: str, warnings: list[tuple[str, str]]) -> Selector:
    """A selector out of `selector:`. Raises Invalid with the path; options that are not known
    are kept and noted in `warnings`, so that newer blueprints still work."""
    if isinstance(config, str):
        config = {config: {}}
    if not isinstance(config, Mapping) or len(config) != 1:
        raise Invalid(
            "A selector names exactly one kind.",
            where=path,
            remedy="Write it as selector: and, on the next line, such as text: {}.",
        )
    ((kind, options),) = config.items()
    where = f"{path}/{kind}"
    if kind not in KINDS:
        raise Invalid(
            f"There is no selector “{kind}”.", where=where, remedy=f"There are: {', '.join(KINDS)}."
        )
    options = {} if options is None else options
    if not isinstance(options, Mapping):
        raise Invalid(f"The options of “{kind}” must be a mapping.", where=where)
    for name, value in options.items():
        fits = KINDS[kind].get(name)
        if fits is None:
            warnings.append((f"{where}/{name}", f"The selector “{kind}” has no option “{name}”."))
        elif value is not None and not _FITS[fits][0](value):
            raise Invalid(f"“{name}” must be {_FITS[fits][1]}.", where=f"{where}/{name}")
    _check_whole(kind, options, where)
    return Selector(kind, dict(options))


def _check_whole(kind: str, options: Mapping[str, Any], where: str) -> None:
    if kind == "select" and not options.get("options"):
        raise Invalid("A select needs “options”.", where=where, remedy="Add a list of choices.")
    low, high = options.get("min"), options.get("max")
    if kind == "number" and low is not None and high is not None and low > high:
        raise Invalid("“min” is more than “max”.", where=f"{where}/min", remedy="Swap them.")


def for_default(default: Any) -> Selector:
    """The selector of an input that names none: by the kind of its default."""
    match default:
        case bool():
            return Selector("boolean")
        case int() | float():
            return Selector("number", {"mode": "box", "step": "any"})
        case list() | dict():
            return Selector("object")
        case _:
            return Selector("text")
