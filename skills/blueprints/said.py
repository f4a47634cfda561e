"""Values of inputs in words, marked so that they can be told from the words around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.errors import Invalid
from skills import times
from skills.source import Input

# Private characters around a value; they never reach a person.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_LONGEST = 80


class Said(str):
    """What people say for an input's value, marked; `raw` is the value itself, `kind` the device
    class that its selector asks for."""

    __slots__ = ("kind", "raw")
    raw: Any
    kind: str


@dataclass(frozen=True, slots=True)
class Blank:
    """An input: what it is called while it is empty, and the device class that it asks for."""

    name: str
    kind: str = ""


def marked(words: str, raw: Any, kind: str = "") -> Said:
    """Words for a value."""
    clean = words.replace(_OPEN, "").replace(_CLOSE, "")
    said = Said(f"{_OPEN}{clean}{_CLOSE}")
    said.raw = raw
    said.kind = kind
    return said


def split(text: str) -> list[tuple[str, bool]]:
    """The parts of a text, each with whether it is a value."""
    parts = []
    for position, part in enumerate(_MARKED.split(text)):
        if part:
            parts.append((part, position % 2 == 1))
    return parts


def fill(
    data: Any,
    values: Mapping[str, Any],
    blanks: Mapping[str, Blank],
    name_of: Callable[[str], str],
) -> Any:
    """`data` with each input replaced by what people say for its value.

    An input without value is called by its name, such as “Motion sensor”.
    """
    if isinstance(data, Input):
        value = values.get(data.name)
        blank = blanks.get(data.name) or Blank(data.name)
        empty = value in (None, "", [], {})
        words = blank.name.lower() if empty else in_words(value, name_of)
        return marked(words, value, blank.kind)
    if isinstance(data, Mapping):
        return {key: fill(value, values, blanks, name_of) for key, value in data.items()}
    if isinstance(data, list):
        return [fill(value, values, blanks, name_of) for value in data]
    return data


def raw(value: Any) -> Any:
    """The value behind the words."""
    return value.raw if isinstance(value, Said) else value


def in_words(value: Any, name_of: Callable[[str], str]) -> str:
    """A value for people: names instead of ids, `5 minutes` instead of 00:05:00."""
    if isinstance(value, Said):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, list):
        if value and isinstance(value[0], Mapping):
            return "your own steps"
        return joined([in_words(one, name_of) for one in value])
    if isinstance(value, Mapping):
        return _mapping(value, name_of)
    text = str(value)
    if re.fullmatch(r"\d{1,3}:\d\d:\d\d", text):
        return clock_or_span(text)
    return short(name_of(text))


def clock_or_span(text: str) -> str:
    """`22:00` for a time of day, `5 minutes` for what looks like a duration."""
    hours, minutes, seconds = map(int, text.split(":"))
    if hours < 5 and (minutes or seconds or hours):
        return times.in_words(hours * 3600 + minutes * 60 + seconds)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _mapping(value: Mapping[Any, Any], name_of: Callable[[str], str]) -> str:
    if value and all(key in times.UNITS for key in value):
        try:
            return times.in_words(times.seconds(dict(value)))
        except Invalid:
            return "a while"
    found = []
    for key, ids in value.items():
        if str(key).endswith("_id"):
            many = ids if isinstance(ids, list) else [ids]
            found += [in_words(one, name_of) for one in many]
    return joined(found) or "your own values"


def joined(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def short(text: str) -> str:
    """One line of at most 80 characters."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
