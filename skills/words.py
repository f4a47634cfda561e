"""Steps in plain words, by rules: parts of a sentence such as "Turn on Hall" or "Wait 5 minutes"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.errors import HubError
from hub.registry import Registry, Target
from skills.templates import is_template
from skills.times import in_words, seconds

_SHORTEST_LIST = 3
_LONGEST = 80

# What the common actions are called before the names of what they act on.
_VERBS: Mapping[str, str] = {
    "turn_on": "Turn on",
    "turn_off": "Turn off",
    "toggle": "Toggle",
    "lock.lock": "Lock",
    "lock.unlock": "Unlock",
    "open_cover": "Open",
    "close_cover": "Close",
    "stop_cover": "Stop",
    "set_cover_position": "Move",
    "set_temperature": "Set the temperature of",
    "set_hvac_mode": "Set the mode of",
}


_Say = Callable[["Words", Mapping[str, Any]], str]


class Words:
    """Says what steps do, with the names that people gave to their things."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def step(self, kind: str, options: Mapping[str, Any]) -> str:
        """A step as a part of a sentence."""
        say = _SAY.get(kind)
        return _short(say(self, options)) if say else kind.replace("_", " ").capitalize()

    def names(self, target: Any) -> str:
        """What a target means, by name: "Hall and Kitchen"."""
        if is_template(target) or (
            isinstance(target, Mapping) and any(_has_template(v) for v in target.values())
        ):
            return "what the template says"
        try:
            wanted = Target.of(target)
        except HubError:
            return ""
        registry = self._registry
        found = [registry.name_of(entity_id) for entity_id in wanted.entity_id]
        for ids, held in (
            (wanted.device_id, registry.devices),
            (wanted.area_id, registry.areas),
            (wanted.floor_id, registry.floors),
            (wanted.label_id, registry.labels),
        ):
            rows: Mapping[str, Any] = held
            found += [rows[i].name if i in rows else i for i in ids]
        return _and(found)


def _call(words: Words, options: Mapping[str, Any]) -> str:
    name = str(options.get("action") or options.get("service") or "an action")
    data = options.get("data")
    target = options.get("target") or options.get("entity_id")
    if target is None and isinstance(data, Mapping):
        target = data.get("entity_id")
    if is_template(name):
        return "Do what the template says"
    if name.startswith("notify."):
        return _notify_words(data if isinstance(data, Mapping) else {})
    verb = _VERBS.get(name) or _VERBS.get(name.partition(".")[2])
    names = words.names(target) if target else ""
    if verb and names:
        return f"{verb} {names}"
    plain = name.partition(".")[2].replace("_", " ").capitalize() or name
    return f"{plain} {names}".strip() if names else f"{plain} ({name})"


def _notify_words(data: Mapping[str, Any]) -> str:
    message = str(data.get("message") or data.get("title") or "")
    return f"Send “{message}”" if message and not is_template(message) else "Send a message"


def _delay(_: Words, options: Mapping[str, Any]) -> str:
    try:
        return f"Wait {in_words(seconds(options['delay']))}"
    except HubError:
        return "Wait"


def _variables(_: Words, options: Mapping[str, Any]) -> str:
    values = options.get("variables")
    return f"Set {_and(list(values))}" if isinstance(values, Mapping) else "Set variables"


def _stop(_: Words, options: Mapping[str, Any]) -> str:
    reason = str(options.get("stop") or "")
    return f"Stop: {reason}" if reason and not is_template(reason) else "Stop"


def _event(_: Words, options: Mapping[str, Any]) -> str:
    return f"Publish the event {options.get('event')}"


def _repeat(_: Words, options: Mapping[str, Any]) -> str:
    inner = options.get("repeat")
    count = inner.get("count") if isinstance(inner, Mapping) else None
    return f"Repeat {count} times" if isinstance(count, int) else "Repeat"


def _fixed(text: str) -> _Say:
    def say(words: Words, options: Mapping[str, Any]) -> str:
        del words, options
        return text

    return say


_SAY: dict[str, _Say] = {
    "call": _call,
    "delay": _delay,
    "variables": _variables,
    "stop": _stop,
    "event": _event,
    "repeat": _repeat,
    "choose": _fixed("Choose"),
    "if": _fixed("Decide"),
    "condition": _fixed("Check a condition"),
    "wait_template": _fixed("Wait until it is so"),
    "wait_for_trigger": _fixed("Wait for something to happen"),
    "parallel": _fixed("Do at the same time"),
    "sequence": _fixed("Do in order"),
}


def _has_template(value: Any) -> bool:
    if isinstance(value, list):
        return any(is_template(item) for item in value)
    return is_template(value)


def _and(names: Sequence[str]) -> str:
    if len(names) > _SHORTEST_LIST:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
