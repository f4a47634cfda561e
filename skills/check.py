"""The static check: what is wrong with a document before it ever runs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hub.actions import Action, Actions
from hub.errors import HubError
from hub.home import Home
from hub.registry import Registry, Target
from hub.states import States
from skills.document import Problems, StepPart, parse_steps
from skills.info import Finding, Level
from skills.plan import Plan
from skills.reading import Reading
from skills.sun import NO_PLACE
from skills.templates import is_template

_NESTED = ("then", "else", "default", "sequence")
_TARGET = frozenset(Target.__struct_fields__)


class Checker:
    """Looks a built plan over against what there is in the house."""

    def __init__(self, actions: Actions, registry: Registry, states: States, home: Home) -> None:
        self._actions, self._registry, self._states = actions, registry, states
        self._home = home

    def findings(self, plan: Plan, problems: Iterable[HubError], reading: Reading) -> list[Finding]:
        """Every mistake of the document, then what looks wrong."""
        found = [finding(error, reading) for error in problems]
        found += [
            self._unknown_entity(entity_id, trigger.part.path, reading)
            for trigger, _, _ in plan.triggers
            for entity_id in sorted(trigger.entities)
            if not self._known(entity_id)
        ]
        if plan.condition is not None:
            found += [
                self._unknown_entity(entity_id, plan.document.conditions_path, reading)
                for entity_id in sorted(plan.condition.entities)
                if not self._known(entity_id)
            ]
        for step in _all_steps(plan.document.steps):
            if step.kind == "call" and step.enabled is not False:
                found += self._call(step, reading)
        if self._home.place is None:
            found += [
                Finding("error", NO_PLACE.sentence, path, reading.line(path), NO_PLACE.remedy)
                for path in _suns(reading.data, "")
            ]
        return found

    def _call(self, step: StepPart, reading: Reading) -> Iterable[Finding]:
        options = step.options
        key = next(k for k in ("action", "service", "service_template") if k in options)
        name = options[key]
        if not isinstance(name, str) or is_template(name):
            return
        declared = self._actions.get(name)
        path = f"{step.path}/{key}"
        if declared is None:
            near = difflib.get_close_matches(name, [a.name for a in self._actions.all()], 1)
            remedy = f"Did you mean “{near[0]}”?" if near else "Is its integration loaded?"
            yield Finding(
                "error", f"There is no action “{name}”.", path, reading.line(path), remedy
            )
            return
        data = options.get("data") or options.get("data_template") or {}
        if isinstance(data, Mapping):
            yield from self._data(declared, data, f"{step.path}/data", reading)
        yield from self._target(declared, options, data, step.path, reading)

    def _data(
        self, declared: Action, data: Mapping[str, Any], path: str, reading: Reading
    ) -> Iterable[Finding]:
        known = {field.name: field for field in msgspec.structs.fields(declared.data)}
        for name, value in data.items():
            inner = f"{path}/{name}"
            if name not in known:
                if not declared.free_data and name not in _TARGET and not is_template(name):
                    remedy = f"It has: {', '.join(known) or 'none'}."
                    message = f"{declared.name} has no field “{name}”."
                    yield Finding("error", message, inner, reading.line(inner), remedy)
                continue
            if _has_template(value):
                continue
            try:
                msgspec.convert(value, known[name].type, strict=False)
            except msgspec.ValidationError as error:
                message = f"{declared.name}: {name}: {error}."
                yield Finding("error", message, inner, reading.line(inner))
        for name, field in known.items():
            if field.required and name not in data:
                message = f"{declared.name} needs “{name}”."
                yield Finding("error", message, path, reading.line(path))

    def _target(
        self,
        declared: Action,
        options: Mapping[str, Any],
        data: Any,
        path: str,
        reading: Reading,
    ) -> Iterable[Finding]:
        inline = {k: data[k] for k in _TARGET if k in data} if isinstance(data, Mapping) else {}
        value = options.get("target") or options.get("entity_id") or inline
        if not value:
            if declared.needs_target:
                # An optional input that was left empty may be guarded by a condition before it.
                level: Level = "warning" if "target" in options else "error"
                message = f"{declared.name} needs a target."
                remedy = "Name an entity, device, area, floor or label."
                yield Finding(level, message, path, reading.line(path), remedy)
            return
        if _has_template(value):
            return
        inner = f"{path}/target" if "target" in options else path
        try:
            target = Target.of(value)
        except HubError as error:
            yield finding(error, reading, inner)
            return
        for entity_id in target.entity_id:
            if not self._known(entity_id):
                yield self._unknown_entity(entity_id, inner, reading)
        for kind, held in (
            ("device", self._registry.devices),
            ("area", self._registry.areas),
            ("floor", self._registry.floors),
            ("label", self._registry.labels),
        ):
            for missing in [i for i in getattr(target, f"{kind}_id") if i not in held]:
                message = f"There is no {kind} “{missing}”."
                yield Finding("warning", message, inner, reading.line(inner))

    def _known(self, entity_id: str) -> bool:
        return (
            entity_id in self._registry.entities
            or entity_id in self._states
            or entity_id in ("all", "none")
        )

    def _unknown_entity(self, entity_id: str, path: str, reading: Reading) -> Finding:
        near = difflib.get_close_matches(entity_id, list(self._registry.entities), 1)
        remedy = f"Did you mean “{near[0]}”?" if near else "Look at the list of entities."
        message = f"There is no entity {entity_id}."
        return Finding("warning", message, path, reading.line(path), remedy)


def finding(error: HubError, reading: Reading | None = None, path: str = "") -> Finding:
    """An error as a finding. Its `where` is a path, possibly with a place in a template."""
    where = error.where or path
    place, _, inside = where.partition(", ")
    message = f"{error.sentence} ({inside})" if inside else error.sentence
    line = reading.line(place) if reading else None
    return Finding("error", message, place, line, error.remedy)


def _all_steps(steps: Iterable[StepPart]) -> Iterable[StepPart]:
    """Every step, those in branches and loops too."""
    for step in steps:
        yield step
        for value, path in _branches(step):
            yield from _all_steps(parse_steps(value, path, Problems()))


def _branches(step: StepPart) -> Iterable[tuple[Any, str]]:
    options, path = step.options, step.path
    if step.kind == "call":
        return
    for key in _NESTED:
        if options.get(key) is not None:
            yield options[key], f"{path}/{key}"
    choose = options.get("choose")
    for index, option in enumerate(choose if isinstance(choose, list) else [choose]):
        if isinstance(option, Mapping):
            yield option.get("sequence"), f"{path}/choose/{index}/sequence"
    repeat = options.get("repeat")
    if isinstance(repeat, Mapping):
        yield repeat.get("sequence"), f"{path}/repeat/sequence"
    if options.get("parallel") is not None:
        yield options["parallel"], f"{path}/parallel"


def _suns(value: Any, path: str) -> Iterable[str]:
    """Where triggers and conditions of the sun stand, at any depth."""
    if isinstance(value, Mapping):
        if "sun" in (value.get("trigger"), value.get("platform"), value.get("condition")):
            yield path
        for key, inner in value.items():
            yield from _suns(inner, f"{path}/{key}" if path else str(key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _suns(inner, f"{path}/{position}")


def _has_template(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_template(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_has_template(inner) for inner in value)
    return is_template(value)
