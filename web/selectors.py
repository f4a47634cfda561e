"""What a blueprint input's selector offers in this house: options, ranges, live states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hub.access import People
from hub.errors import Invalid
from hub.registry import Registry
from hub.states import State, States
from skills import times
from skills.blueprints import Blueprint, BlueprintInput
from web.tiles import state_words
from web.words import _

_SLIDER_STEPS = 200


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `hint` is its live state or a remark; `name` its field, if not the key."""

    value: str
    words: str
    hint: str = ""
    chosen: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """How one input is drawn. `control` names the macro; groups are (heading, options)."""

    key: str
    label: str
    hint: str
    control: str
    value: Any = ""
    error: str = ""
    required: bool = False
    multiple: bool = False
    shown: str = ""
    groups: list[tuple[str, list[Option]]] = field(default_factory=list)
    low: float | None = None
    high: float | None = None
    step: float = 1
    unit: str = ""


class Choices:
    """Looks the options up in the house, for somebody who `sees` only some of its entities."""

    def __init__(
        self, states: States, registry: Registry, people: People, sees: Callable[[str], bool]
    ) -> None:
        self._states, self._registry, self._people = states, registry, people
        self._sees = sees

    def field(self, wanted: BlueprintInput, value: Any, error: str) -> Field:
        """The field of a blueprint's input with its present value."""
        selector = wanted.selector
        options, chosen = selector.options, _as_list(value)
        base: dict[str, Any] = {
            "key": wanted.key,
            "label": wanted.name or wanted.key.replace("_", " ").capitalize(),
            "hint": wanted.description,
            "error": error,
            "required": wanted.required,
            "multiple": selector.multiple,
        }
        match selector.kind:
            case "entity" if not selector.multiple:
                shown = self._registry.name_of(str(value)) if value else ""
                return Field(**base, control="entity", value=value or "", shown=shown)
            case "entity":
                return Field(**base, control="checks", groups=self._entity_groups(options, chosen))
            case "target":
                return Field(
                    **base, control="target", groups=self._target_groups(wanted.key, options, value)
                )
            case "area" | "floor" | "label" | "device" | "person" | "select":
                groups = [("", self._plain_options(selector.kind, options, chosen))]
                control = "checks" if selector.multiple else "select"
                return Field(**base, control=control, value=value, groups=groups)
            case "number":
                return _number(base, options, value)
            case "boolean":
                return Field(**base, control="switch", value=bool(value))
            case "duration":
                return Field(**base, control="duration", value=_hours_minutes_seconds(value))
            case "time" | "date" | "datetime":
                return Field(**base, control=selector.kind, value=_text(value))
            case "text" if not options.get("multiline"):
                kind = str(options.get("type", "text"))
                return Field(**base, control="text", value=_text(value), unit=kind)
        mono = selector.kind != "text"
        return Field(**base, control="code" if mono else "area", value=_text(value))

    def entities(
        self, options: Mapping[str, Any], query: str = ""
    ) -> list[tuple[str, list[State]]]:
        """The entities that fit a selector's filter and a search, grouped by area."""
        words = query.casefold().split()
        groups: dict[str, list[State]] = {}
        for state in self._states.all():
            row = self._registry.entities.get(state.entity_id)
            if row is None or row.hidden or not self._sees(state.entity_id):
                continue
            if not fits(options, state, row.integration):
                continue
            area = self._registry.area_of(state.entity_id)
            heading = area.name if area else _("Elsewhere")
            text = f"{row.name} {state.entity_id} {heading}".casefold()
            if all(word in text for word in words):
                groups.setdefault(heading, []).append(state)
        return sorted(groups.items())

    def needs(self, blueprint: Blueprint) -> list[tuple[str, bool]]:
        """The kinds of things that a blueprint needs, and whether the house has them."""
        found: dict[str, bool] = {}
        for wanted in blueprint.inputs:
            options = wanted.selector.options
            if wanted.selector.kind == "target":
                options = {"filter": options.get("entity") or {}}
            if wanted.selector.kind in ("entity", "target") and wanted.required:
                words = _kind_words(options)
                found[words] = found.get(words, False) or bool(self.entities(options))
            if wanted.selector.kind == "person":
                found[_("Somebody to tell")] = bool(self._people.all())
        return list(found.items())

    def _entity_groups(
        self, options: Mapping[str, Any], chosen: list[str]
    ) -> list[tuple[str, list[Option]]]:
        return [
            (heading, [self._entity_option(state, chosen) for state in states])
            for heading, states in self.entities(options)
        ]

    def _entity_option(self, state: State, chosen: list[str]) -> Option:
        name = self._registry.name_of(state.entity_id)
        return Option(state.entity_id, name, state_words(state), state.entity_id in chosen)

    def _target_groups(
        self, key: str, options: Mapping[str, Any], value: Any
    ) -> list[tuple[str, list[Option]]]:
        target = value if isinstance(value, Mapping) else {"entity_id": _as_list(value)}
        areas, chosen = _as_list(target.get("area_id")), _as_list(target.get("entity_id"))
        filters = options.get("entity") or {}
        groups: list[tuple[str, list[Option]]] = []
        for heading, states in self.entities({"filter": filters}):
            found = [self._entity_option(state, chosen) for state in states]
            single = [replace(one, name=f"{key}.entity_id") for one in found]
            area = self._registry.area_of(states[0].entity_id)
            whole = [self._whole(key, area.id, area.name, areas)] if area else []
            groups.append((heading, [*whole, *single]))
        offered = {option.value for _heading, options_ in groups for option in options_}
        # What was chosen before stays in sight, and can be taken away.
        kept = [
            self._whole(key, area_id, self._registry.areas[area_id].name, areas)
            for area_id in areas
            if area_id in self._registry.areas and area_id not in offered
        ]
        return [*groups, (_("Chosen before"), kept)] if kept else groups

    def _whole(self, key: str, area_id: str, name: str, chosen: list[str]) -> Option:
        words = _("Everything in %(area)s", area=name)
        return Option(area_id, words, "", area_id in chosen, f"{key}.area_id")

    def _plain_options(
        self, kind: str, options: Mapping[str, Any], chosen: list[str]
    ) -> list[Option]:
        pairs: Iterable[tuple[str, str]]
        match kind:
            case "area":
                pairs = ((a.id, a.name) for a in self._registry.areas.values())
            case "floor":
                pairs = ((f.id, f.name) for f in self._registry.floors.values())
            case "label":
                pairs = ((one.id, one.name) for one in self._registry.labels.values())
            case "device":
                pairs = ((d.id, d.name) for d in self._registry.devices.values())
            case "person":
                everyone = [("everyone", _("Everyone"))] if options.get("everyone") else []
                pairs = [*everyone, *((p.id, p.name) for p in self._people.all())]
            case _:
                pairs = (_pair(option) for option in options.get("options", ()))
        return [Option(value, words, chosen=value in chosen) for value, words in pairs]


def fits(options: Mapping[str, Any], state: State, integration: str) -> bool:
    """Whether an entity passes a selector's filter (`filter`, or the older keys beside it)."""
    filters = options.get("filter")
    if filters is None:
        filters = {k: options[k] for k in ("domain", "device_class", "integration") if k in options}
    found = [f for f in (filters if isinstance(filters, list) else [filters]) if f]
    return not found or any(_passes(one, state, integration) for one in found)


def _passes(wanted: Mapping[str, Any], state: State, integration: str) -> bool:
    device_class = str(state.attributes.get("device_class", ""))
    have = {"domain": state.domain, "device_class": device_class, "integration": integration}
    return all(
        have[key] in _as_list(value) for key, value in wanted.items() if key in have and value
    )


def _number(base: dict[str, Any], options: Mapping[str, Any], value: Any) -> Field:
    low, high = options.get("min"), options.get("max")
    step = options.get("step", 1)
    step = 0.1 if step == "any" else float(step)
    slider = (
        low is not None
        and high is not None
        and options.get("mode", "slider") == "slider"
        and (float(high) - float(low)) / step <= _SLIDER_STEPS
    )
    return Field(
        **base,
        control="slider" if slider else "number",
        value=_text(value if value is not None else low),
        low=low,
        high=high,
        step=int(step) if step == int(step) else step,
        unit=str(options.get("unit_of_measurement", "")),
    )


def _kind_words(options: Mapping[str, Any]) -> str:
    filters = options.get("filter") or options
    first = filters[0] if isinstance(filters, list) and filters else filters
    if not isinstance(first, Mapping):
        return _("Device")
    word = _as_list(first.get("device_class")) or _as_list(first.get("domain")) or [_("device")]
    return word[0].replace("_", " ").capitalize()


def _pair(option: Any) -> tuple[str, str]:
    if isinstance(option, Mapping):
        return str(option.get("value", "")), str(option.get("label", option.get("value", "")))
    return str(option), str(option)


def _as_list(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [str(value)]


def _hours_minutes_seconds(value: Any) -> tuple[str, str, str]:
    """The three boxes of a duration; what can't be read goes into the first as it is."""
    if value is None or value == "":
        return "", "", ""
    try:
        whole = round(times.seconds(value))
    except Invalid:
        return _text(value), "", ""
    return str(whole // 3600), str(whole // 60 % 60), str(whole % 60)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
