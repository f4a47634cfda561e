"""A skill's document in its typed form: which parts there are, where they stand, how they are spelled.

The language is that of https://www.home-assistant.io/docs/automation/yaml/ in its old and its new
spelling (`trigger`/`triggers`, `platform`/`trigger`, `service`/`action`, ...). What a trigger,
condition or step means is decided by whoever builds it; here is only the shape.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.errors import HubError, Invalid
from skills.missed import MissedRun, parse_missed

MODES = ("single", "restart", "queued", "parallel")
LOUDNESS = ("silent", "info", "warning", "error", "critical")

# Every spelling of the sections, the one that we write first.
_TRIGGERS = ("triggers", "trigger")
_CONDITIONS = ("conditions", "condition")
_ACTIONS = ("actions", "action", "sequence")
_KEYS = frozenset((
    *_TRIGGERS, *_CONDITIONS, *_ACTIONS, "id", "alias", "description", "icon", "mode", "max",
    "max_exceeded", "variables", "trigger_variables", "initial_state", "trace", "fields", "tests",
    "missed_run",
))  # fmt: skip
_COMMON = ("alias", "enabled", "continue_on_error", "metadata", "response_variable")

# Which key makes a step what it is, in the order in which Home Assistant looks for them.
STEP_KEYS: dict[str, str] = {
    "action": "call",
    "service": "call",
    "service_template": "call",
    "delay": "delay",
    "wait_template": "wait_template",
    "wait_for_trigger": "wait_for_trigger",
    "choose": "choose",
    "if": "if",
    "repeat": "repeat",
    "parallel": "parallel",
    "sequence": "sequence",
    "variables": "variables",
    "stop": "stop",
    "event": "event",
    "scene": "scene",
    "set_conversation_response": "set_conversation_response",
    "condition": "condition",
    "conditions": "condition",
    "and": "condition",
    "or": "condition",
    "not": "condition",
    "device_id": "device",
}


class Problems:
    """Collects every mistake of a document instead of stopping at the first."""

    def __init__(self) -> None:
        self.found: list[HubError] = []

    def add(self, sentence: str, path: str, remedy: str = "") -> None:
        """Note a mistake at `path`."""
        self.found.append(Invalid(sentence, where=path, remedy=remedy))

    def take(self, error: HubError, path: str) -> None:
        """Note an error that was raised while building what stands at `path`."""
        error.where = error.where or path
        self.found.append(error)


@dataclass(frozen=True, slots=True)
class TriggerPart:
    """One trigger as it stands in the document. `enabled` may be a template's text."""

    kind: str
    path: str
    index: int
    id: str
    alias: str = ""
    enabled: bool | str = True
    variables: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepPart:
    """One step. `path` is where it stands, `trace_path` what it is called in traces."""

    kind: str
    path: str
    trace_path: str
    alias: str = ""
    enabled: bool | str = True
    continue_on_error: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole skill. `conditions` is as written; what it means is compiled elsewhere."""

    alias: str = ""
    description: str = ""
    icon: str = ""
    mode: str = "single"
    max: int = 10
    max_exceeded: str = "warning"
    missed_run: MissedRun = field(default_factory=MissedRun)
    variables: Mapping[str, Any] = field(default_factory=dict)
    trigger_variables: Mapping[str, Any] = field(default_factory=dict)
    triggers: tuple[TriggerPart, ...] = ()
    conditions: Any = None
    conditions_path: str = "conditions"
    steps: tuple[StepPart, ...] = ()
    steps_path: str = "actions"


def parse(data: Any, problems: Problems) -> Document:
    """The typed form of a document. What is wrong is added to `problems` and left out."""
    if not isinstance(data, Mapping):
        problems.add(
            "A skill is a mapping with alias, triggers, conditions and actions.",
            "",
            "Begin with a line such as “alias: My skill”.",
        )
        return Document()
    _refuse_unknown(data, problems)
    reader = _Reader(data, problems)
    conditions_key = reader.spelling(_CONDITIONS)
    actions_key = reader.spelling(_ACTIONS)
    if actions_key not in data:
        problems.add("The skill has no actions.", "", "Add a list called “actions”.")
    return Document(
        alias=reader.text("alias"),
        description=reader.text("description"),
        icon=reader.text("icon"),
        mode=reader.choice("mode", MODES, "single"),
        max=reader.count("max", 10),
        max_exceeded=str(reader.choice("max_exceeded", LOUDNESS, "warning")),
        missed_run=reader.missed_run(),
        variables=reader.mapping("variables"),
        trigger_variables=reader.mapping("trigger_variables"),
        triggers=parse_triggers(data.get(reader.spelling(_TRIGGERS)), reader.path, problems),
        conditions=data.get(conditions_key),
        conditions_path=conditions_key,
        steps=parse_steps(data.get(actions_key), actions_key, problems),
        steps_path=actions_key,
    )


def parse_triggers(value: Any, path: str, problems: Problems) -> tuple[TriggerPart, ...]:
    """The triggers of a list, of nested lists, or a single one."""
    found: list[TriggerPart] = []
    for inner, item in _flat(value, path):
        if isinstance(item, Mapping) and "triggers" in item and "trigger" not in item:
            found += parse_triggers(item["triggers"], f"{inner}/triggers", problems)
            continue
        kind = item.get("trigger", item.get("platform")) if isinstance(item, Mapping) else None
        if not isinstance(kind, str) or not isinstance(item, Mapping):
            problems.add(
                "A trigger needs to say what kind it is.", inner, "Add a line “trigger: state”."
            )
            continue
        index = len(found)
        common = ("trigger", "platform", "id", "alias", "enabled", "variables")
        found.append(
            TriggerPart(
                kind=kind,
                path=inner,
                index=index,
                id=str(item.get("id", index)),
                alias=str(item.get("alias") or ""),
                enabled=_enabled(item, inner, problems),
                variables=_mapping(item, "variables", inner, problems),
                options={str(k): v for k, v in item.items() if k not in common},
            )
        )
    return tuple(found)


def parse_steps(value: Any, path: str, problems: Problems) -> tuple[StepPart, ...]:
    """The steps of a list, or a single one."""
    found = []
    for inner, written in _flat(value, path):
        item = written
        if isinstance(written, str):
            item = {"condition": "template", "value_template": written}
        if not isinstance(item, Mapping):
            problems.add("A step is a mapping.", inner, "Begin with “- action: light.turn_on”.")
            continue
        kind = next((kind for key, kind in STEP_KEYS.items() if key in item), None)
        if kind is None:
            problems.add(
                "This step has none of the keys that say what it does.",
                inner,
                _near(item, STEP_KEYS) or "Use action, delay, choose, if, wait_template, ...",
            )
            continue
        on_error = item.get("continue_on_error", False)
        if not isinstance(on_error, bool):
            problems.add("This is true or false.", f"{inner}/continue_on_error")
        found.append(
            StepPart(
                kind=kind,
                path=inner,
                trace_path=trace_path(inner),
                alias=str(item.get("alias") or ""),
                enabled=_enabled(item, inner, problems),
                continue_on_error=on_error is True,
                options={str(k): v for k, v in item.items()},
            )
        )
    return tuple(found)


def refuse_unknown(part: StepPart | TriggerPart, known: Iterable[str], problems: Problems) -> None:
    """Note every key of a step or trigger that its kind doesn't have."""
    allowed = {*known, *(_COMMON if isinstance(part, StepPart) else ())}
    for key in part.options:
        if key not in allowed:
            remedy = _near([key], allowed) or f"It has: {', '.join(sorted({*known}))}."
            problems.add(f"There is no “{key}” here.", f"{part.path}/{key}", remedy)


class _Reader:
    """Reads the simple keys of the top level."""

    def __init__(self, data: Mapping[str, Any], problems: Problems) -> None:
        self._data, self._problems = data, problems
        self.path = self.spelling(_TRIGGERS)

    def spelling(self, names: tuple[str, ...]) -> str:
        return next((name for name in names if name in self._data), names[0])

    def text(self, key: str) -> str:
        value = self._data.get(key)
        if value is None:
            return ""
        if isinstance(value, Mapping | list):
            self._problems.add(f"“{key}” is a text.", key)
            return ""
        return str(value)

    def choice(self, key: str, known: tuple[str, ...], default: str) -> str:
        value = self._data.get(key, default)
        if value not in known:
            remedy = f"Use {', '.join(known)}."
            self._problems.add(f"“{key}” can't be “{value}”.", key, remedy)
            return default
        return str(value)

    def count(self, key: str, default: int) -> int:
        value = self._data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10_000:
            self._problems.add(f"“{key}” is a number from 1 to 10000.", key)
            return default
        return value

    def missed_run(self) -> MissedRun:
        try:
            return parse_missed(self._data.get("missed_run"))
        except HubError as error:
            self._problems.take(error, "missed_run")
            return MissedRun()

    def mapping(self, key: str) -> Mapping[str, Any]:
        return _mapping(self._data, key, "", self._problems)


def _refuse_unknown(data: Mapping[Any, Any], problems: Problems) -> None:
    for key in data:
        if key not in _KEYS:
            remedy = _near([str(key)], _KEYS)
            problems.add(f"A skill has no “{key}”.", str(key), remedy)


def _enabled(item: Mapping[str, Any], path: str, problems: Problems) -> bool | str:
    value = item.get("enabled", True)
    if not isinstance(value, bool | str):
        problems.add("This is true, false or a template.", f"{path}/enabled")
        return True
    return value


def _mapping(item: Mapping[str, Any], key: str, path: str, problems: Problems) -> Mapping[str, Any]:
    value = item.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        problems.add(f"“{key}” is a mapping of names and values.", f"{path}/{key}" if path else key)
        return {}
    return {str(name): inner for name, inner in value.items()}


def _flat(value: Any, path: str) -> Iterable[tuple[str, Any]]:
    if value is None:
        return
    if not isinstance(value, list):
        # A single one stands for a list of one: its path is the same either way.
        yield f"{path}/0", value
        return
    for position, item in enumerate(value):
        inner = f"{path}/{position}"
        if isinstance(item, list):
            yield from _flat(item, inner)
        else:
            yield inner, item


def trace_path(path: str) -> str:
    """What a place in the document is called in traces: `action/0` however that is spelled."""
    first, slash, rest = path.partition("/")
    return f"action{slash}{rest}" if first in _ACTIONS else path


def _near(words: Iterable[Any], known: Iterable[str]) -> str:
    for word in words:
        if close := difflib.get_close_matches(str(word), list(known), 1):
            return f"Did you mean “{close[0]}”?"
    return ""
