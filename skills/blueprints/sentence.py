"""A blueprint as one sentence, by rules: When the door opens for 5 minutes, tell Mara “…”."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from hub.errors import Invalid
from skills import times
from skills.blueprints import said, said_times
from skills.state_words import state_word
from skills.templates import is_template

_NameOf = Callable[[str], str]

# How a state that begins is told, by domain or device class, for `on` and `off`.
_OPENS = ("opens", "closes")
_BEGINS: dict[str, tuple[str, str]] = {
    "door": _OPENS,
    "garage_door": _OPENS,
    "window": _OPENS,
    "opening": _OPENS,
    "motion": ("notices motion", "notices no more motion"),
    "occupancy": ("notices somebody", "notices nobody any more"),
    "moisture": ("gets wet", "gets dry"),
    "smoke": ("notices smoke", "is clear again"),
    "gas": ("notices gas", "is clear again"),
    "carbon_monoxide": ("notices carbon monoxide", "is clear again"),
}
_VERBS: dict[str, str] = {
    "turn_on": "turn on",
    "turn_off": "turn off",
    "toggle": "toggle",
    "lock": "lock",
    "unlock": "unlock",
    "open_cover": "open",
    "close_cover": "close",
    "stop_cover": "stop",
    "set_cover_position": "move",
    "set_temperature": "set the temperature of",
    "set_hvac_mode": "set the mode of",
}
_HINTS = (
    ("garage", "garage_door"), ("door", "door"), ("window", "window"), ("motion", "motion"),
    ("presence", "occupancy"), ("occupancy", "occupancy"), ("leak", "moisture"),
    ("water", "moisture"), ("moisture", "moisture"), ("smoke", "smoke"), ("gas", "gas"),
)  # fmt: skip
_MOST_STEPS = 12
# `{{ locks | count > 0 }}`: was that input given at all?
_ASKED = re.compile(
    r"\{\{-?\s*(\w+)\s*(?:(?:\|\s*(?:count|length)\s*)?(?:>|!=)\s*0|!=\s*(?:\[\]|''|\"\"|none))?"
    r"\s*-?\}\}"
)


def words(
    body: Mapping[str, Any],
    values: Mapping[str, Any],
    blanks: Mapping[str, said.Blank],
    name_of: _NameOf,
) -> list[tuple[str, bool]]:
    """The parts of the sentence, each with whether it is a value of an input."""
    filled = said.fill(body, values, blanks, name_of)
    speaker = _Speaker(name_of, filled)
    when = [speaker.trigger(one) for one in _items(filled, "triggers", "trigger")]
    only = [speaker.condition(one) for one in _items(filled, "conditions", "condition")]
    then = speaker.steps(_items(filled, "actions", "action", "sequence"))
    sentence = f"When {_either(when)}, " if any(when) else ""
    if any(only):
        sentence += f"and only if {said.joined([part for part in only if part])}, "
    sentence += said.joined(then) or "do nothing"
    return said.split(f"{_capital(sentence)}.")


class _Speaker:
    """Says triggers, conditions and steps; every value was replaced by its words before."""

    def __init__(self, name_of: _NameOf, filled: Mapping[str, Any]) -> None:
        self._name_of = name_of
        given = filled.get("variables")
        self._variables: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        self._triggers = {
            str(one["id"]): one
            for one in _items(filled, "triggers", "trigger")
            if isinstance(one, Mapping) and "id" in one
        }

    # --- when

    def trigger(self, config: Any) -> str:
        if not isinstance(config, Mapping):
            return str(config) if isinstance(config, said.Said) else ""
        if config.get("alias"):
            return _small(str(config["alias"]))
        kind = str(config.get("trigger", config.get("platform", "")))
        match kind:
            case "state":
                return self._state_trigger(config)
            case "numeric_state":
                return (
                    f"{self._say(config.get('entity_id'))} {self._bounds(config, 'rises', 'falls')}"
                )
            case "time":
                days = config.get("weekday")
                on_days = f" on {self._days(days)}" if days else ""
                return f"it is {self._clock(config.get('at'))}{on_days}"
            case "time_pattern":
                return f"it is time ({said_times.pattern(config)})"
            case "sun":
                return f"it is {said_times.sun(config)}"
            case "template":
                return "a template becomes true"
            case "homeassistant" | "hub":
                return "the hub starts"
            case "event":
                return f"the event {self._say(config.get('event_type'))} happens"
        return f"{kind.replace('_', ' ')} happens"

    def _state_trigger(self, config: Mapping[str, Any]) -> str:
        entity = config.get("entity_id")
        name, to = self._say(entity), said.raw(config.get("to"))
        lasting = f" for {self._say(config['for'])}" if config.get("for") else ""
        if to is None:
            return f"{name} changes{lasting}"
        begins = self._begins(entity, to)
        if lasting:
            return f"{name} has been {self._state(entity, to)}{lasting}"
        return f"{name} {begins}"

    def _begins(self, entity: Any, to: Any) -> str:
        text = _as_state(to)
        kind = _hint(entity, self._name_of)
        if text in ("on", "off"):
            pair = _BEGINS.get(kind, ("turns on", "turns off"))
            return pair[0] if text == "on" else pair[1]
        return f"becomes {self._state(entity, to)}"

    def _state(self, entity: Any, value: Any) -> str:
        ids = said.raw(entity)
        first = str(ids[0] if isinstance(ids, list) and ids else ids)
        kind = _hint(entity, self._name_of)
        if isinstance(value, list):
            return " or ".join(self._state(entity, one) for one in value)
        domain = "binary_sensor" if kind in _BEGINS else first.partition(".")[0]
        return state_word(domain, _as_state(value), kind)

    # --- only if

    def condition(self, config: Any) -> str:
        if isinstance(config, said.Said):
            return str(config)
        if isinstance(config, str):
            return "a template is true"
        if not isinstance(config, Mapping):
            return ""
        if config.get("alias"):
            return _small(str(config["alias"]))
        for word, between in (("and", " and "), ("or", " or "), ("not", " or ")):
            inner = config.get(word) or (
                config.get("conditions") if config.get("condition") == word else None
            )
            if inner:
                many = inner if isinstance(inner, list) else [inner]
                parts = between.join(self.condition(one) for one in many)
                return f"not ({parts})" if word == "not" else parts
        match config.get("condition"):
            case "state":
                entity = config.get("entity_id")
                state = self._state(entity, said.raw(config.get("state")))
                return f"{self._say(entity)} is {state}"
            case "numeric_state":
                return f"{self._say(config.get('entity_id'))} {self._bounds(config, 'is', 'is')}"
            case "time":
                return self._time(config)
            case "sun":
                return said_times.sun_condition(config)
            case "trigger":
                ids = _as_list(said.raw(config.get("id")))
                fired = [self._triggers[str(one)] for one in ids if str(one) in self._triggers]
                return _either([self.trigger(one) for one in fired]) or "that trigger fired"
        return "a template is true"

    def _time(self, config: Mapping[str, Any]) -> str:
        after, before, days = (config.get(key) for key in ("after", "before", "weekday"))
        parts = []
        if after is not None and before is not None:
            parts.append(f"it is between {self._clock(after)} and {self._clock(before)}")
        elif after is not None:
            parts.append(f"it is after {self._clock(after)}")
        elif before is not None:
            parts.append(f"it is before {self._clock(before)}")
        if days:
            parts.append(f"it is {self._days(days)}")
        return " and ".join(part for part in parts if part != "it is ")

    def _days(self, days: Any) -> str:
        """`Saturday and Sunday`; nothing when it is every day."""
        try:
            found = times.weekdays(said.raw(days))
        except Invalid:
            return self._say(days)
        if len(found) == 7:
            return ""
        text = said.joined([times.WEEKDAY_NAMES[day] for day in sorted(found)])
        return said.marked(text, days) if isinstance(days, said.Said) else text

    # --- then

    def steps(self, steps: list[Any]) -> list[str]:
        found = [words for one in steps[:_MOST_STEPS] if (words := self._step(one))]
        return [*found, "more"] if len(steps) > _MOST_STEPS else found

    def _step(self, config: Any) -> str:
        if isinstance(config, said.Said):
            return f"do {config}"
        if not isinstance(config, Mapping):
            return ""
        if config.get("alias"):
            return _small(str(config["alias"]))
        name = config.get("action", config.get("service"))
        if name is not None:
            return self._call(str(name), config)
        for key, words in (("delay", "wait"), ("stop", "stop")):
            if key in config:
                return f"wait {self._say(config[key])}" if key == "delay" else words
        if "wait_template" in config or "wait_for_trigger" in config:
            return self._wait(config)
        if "if" in config:
            return self._branch(config)
        if "choose" in config:
            return self._choose(config)
        for key in ("sequence", "parallel"):
            if key in config:
                return said.joined(self.steps(_as_list(config[key])))
        if "repeat" in config and isinstance(config["repeat"], Mapping):
            inner = self.steps(_as_list(config["repeat"].get("sequence")))
            return f"again and again {said.joined(inner)}"
        if any(key in config for key in ("condition", "and", "or", "not")):
            return f"go on only if {self.condition(config)}"
        return ""

    def _call(self, name: str, config: Mapping[str, Any]) -> str:
        data = config.get("data") or {}
        domain, _, verb = name.partition(".")
        if domain == "notify" and isinstance(data, Mapping):
            who = self._say(data.get("person")) if data.get("person") else "everyone"
            return f"tell {who} {self._quote(data.get('message'))}".rstrip()
        target = config.get("target", config.get("entity_id"))
        if target is None and isinstance(data, Mapping):
            target = data.get("entity_id")
        what = self._say(target) if target is not None else ""
        verb_words = _VERBS.get(verb, f"do {domain} {verb}".replace("_", " "))
        return f"{verb_words} {what}".rstrip() + self._amount(data)

    def _amount(self, data: Any) -> str:
        if isinstance(data, Mapping):
            for key, before, unit in (
                ("brightness_pct", "at", " %"),
                ("temperature", "to", " degrees"),
                ("position", "to", " %"),
                ("hvac_mode", "to", ""),
            ):
                if data.get(key) is not None:
                    return f" {before} {self._say(data[key])}{unit}"
        return ""

    def _quote(self, message: Any) -> str:
        if message is None:
            return ""
        if isinstance(message, said.Said) and not is_template(message.raw):
            return f"“{message}”"
        text = re.sub(r"\{%.*?%\}", "", str(said.raw(message)), flags=re.DOTALL)
        text = said.short(re.sub(r"\{\{.*?\}\}", "…", text, flags=re.DOTALL))
        return f"“{text.rstrip('.')}”" if any(map(str.isalpha, text)) else ""

    def _wait(self, config: Mapping[str, Any]) -> str:
        triggers = _as_list(config.get("wait_for_trigger"))
        until = _either([self.trigger(one) for one in triggers]) or "a template is true"
        limit = f" (at most {self._say(config['timeout'])})" if config.get("timeout") else ""
        return f"wait until {until}{limit}"

    def _branch(self, config: Mapping[str, Any]) -> str:
        match self._known(config["if"]):
            case True:
                return said.joined(self.steps(_as_list(config.get("then"))))
            case False:
                return said.joined(self.steps(_as_list(config.get("else"))))
        when = said.joined([self.condition(one) for one in _as_list(config["if"])])
        then = said.joined(self.steps(_as_list(config.get("then")))) or "do nothing"
        other = said.joined(self.steps(_as_list(config.get("else"))))
        return f"if {when}, {then}" + (f", else {other}" if other else "")

    def _known(self, condition: Any) -> bool | None:
        """Whether an input was given, when that is all that a template asks; else None."""
        if not isinstance(condition, str) or not (asked := _ASKED.fullmatch(condition.strip())):
            return None
        value = said.raw(self._variables.get(asked[1], ...))
        if value is ... or is_template(value):
            return None
        return value not in (None, "", [], {}, False)

    def _choose(self, config: Mapping[str, Any]) -> str:
        parts = []
        for option in _as_list(config["choose"]):
            if isinstance(option, Mapping):
                given = option.get("conditions", option.get("condition"))
                when = said.joined([self.condition(one) for one in _as_list(given)])
                then = said.joined(self.steps(_as_list(option.get("sequence"))))
                parts.append(f"if {when}, {then or 'do nothing'}")
        other = said.joined(self.steps(_as_list(config.get("default"))))
        return "; ".join([*parts, f"else {other}"] if other else parts)

    # --- values

    def _say(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, Mapping):
            ids = [one for key, one in value.items() if str(key).endswith("_id")]
            if ids:
                return said.joined([self._say(one) for one in ids])
        if isinstance(value, list):
            return said.joined([self._say(one) for one in value])
        if is_template(said.raw(value)):
            return "what a template says"
        return said.in_words(value, self._name_of)

    def _clock(self, value: Any) -> str:
        text = str(said.raw(value))
        if found := re.fullmatch(r"(\d\d?:\d\d):00", text):
            return said.marked(found[1], text) if isinstance(value, said.Said) else found[1]
        if isinstance(value, said.Said):
            return said.marked(self._name_of(text), text)
        return self._say(value)

    def _bounds(self, config: Mapping[str, Any], rising: str, falling: str) -> str:
        parts = []
        if config.get("above") is not None:
            parts.append(f"{rising} above {self._say(config['above'])}")
        if config.get("below") is not None:
            parts.append(f"{falling} below {self._say(config['below'])}")
        lasting = f" for {self._say(config['for'])}" if config.get("for") else ""
        return " and ".join(parts) + lasting


def _items(body: Mapping[str, Any], *keys: str) -> list[Any]:
    return next((_as_list(body[key]) for key in keys if key in body), [])


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _either(parts: list[str]) -> str:
    return " or ".join(part for part in parts if part)


def _as_state(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _hint(entity: Any, name_of: _NameOf) -> str:
    """A device class: by the words of the entity's id and name, else what its selector wants."""
    ids = said.raw(entity)
    first = str(ids[0] if isinstance(ids, list) and ids else ids or "")
    text = f"{first} {name_of(first)}".lower()
    for word, kind in _HINTS if first.startswith("binary_sensor.") else ():
        if word in text:
            return kind
    return entity.kind if isinstance(entity, said.Said) else ""


def _small(text: str) -> str:
    """An alias within a sentence: its first letter small, unless it is a name in capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _capital(text: str) -> str:
    """The first letter large, also behind a mark."""
    for position, character in enumerate(text):
        if character.isalpha():
            return text[:position] + character.upper() + text[position + 1 :]
    return text
