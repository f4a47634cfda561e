"""What the text of a rendered template means, and variables as plain data."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from skills.templates.views import StateView, restored_view, saved_view

_MARKS = ("{{", "{%", "{#")
_WORDS: dict[str, Any] = {"True": True, "False": False, "None": None}
# As Home Assistant: no leading zeros, no exponent, so that "007" and "1e3" stay text.
_NUMERIC = re.compile(r"[+-]?(?!0\d)\d*(?:\.\d*)?")
_NUMBER_STARTS = frozenset("+-.0123456789")
_BRACKETS = frozenset("[({")
_OPENINGS = frozenset("[({'\"+-.0123456789TFN")
_TRUE_WORDS = frozenset(("true", "yes", "on", "enable"))
_DEEPEST_LITERAL = 200
_TAG = "__hearth__"


def is_template(value: Any) -> bool:
    """Whether it is a text that has to be rendered."""
    return isinstance(value, str) and "{" in value and any(mark in value for mark in _MARKS)


def typed(text: str) -> Any:
    """The value that a rendered text stands for: a number, bool, None, list or mapping when the
    whole text is one as Python writes it, else the text.

    https://www.home-assistant.io/docs/configuration/templating/#template-results
    """
    text = text.strip()
    if text in _WORDS:
        return _WORDS[text]
    if not text or text[0] not in _OPENINGS:
        return text
    if text[0] in _NUMBER_STARTS and _NUMERIC.fullmatch(text):
        return _number(text)
    if text[0] not in _BRACKETS and "," not in text:  # `255, 0, 0` is a list too
        return text
    if sum(map(text.count, "[({")) > _DEEPEST_LITERAL and _depth(text) > _DEEPEST_LITERAL:
        return text
    try:
        return _plain_literal(literal_eval(text))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text


def _number(text: str) -> Any:
    if len(text) > 300:
        return text
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "[({":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "])}":
            depth -= 1
    return deepest


def _plain_literal(value: Any) -> Any:
    """Only what JSON can hold; anything else stays the text that it was."""
    if isinstance(value, dict):
        return {_key(key): _plain_literal(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_literal(inner) for inner in value]
    if isinstance(value, set):
        return sorted((_plain_literal(inner) for inner in value), key=str)
    if value is ... or isinstance(value, complex | bytes):
        raise TypeError("no plain value")
    return value


def _key(key: Any) -> Any:
    if isinstance(key, str | int | float | bool):
        return key
    raise TypeError("no plain key")


def as_bool(value: Any) -> bool:
    """Whether a result counts as true: true, yes, on, enable, 1 or a number that is not 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    if isinstance(value, str):
        text = value.strip().lower()
        if text in _TRUE_WORDS:
            return True
        try:
            return float(text) != 0
        except ValueError:
            return False
    return False


def to_plain(value: Any) -> Any:
    """A variable as data for JSON; `from_plain` gives it back.

    States, times and durations become a mapping with one key of ours; a mapping with keys
    that are no text becomes a list of pairs under such a key.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value) and _TAG not in value:
            return {key: to_plain(inner) for key, inner in value.items()}
        return {_TAG: "pairs", "value": [[to_plain(k), to_plain(v)] for k, v in value.items()]}
    if isinstance(value, StateView):
        return {_TAG: "state", "value": saved_view(value)}
    if isinstance(value, datetime | date | time):
        return {_TAG: type(value).__name__, "value": value.isoformat()}
    if isinstance(value, timedelta):
        return {_TAG: "timedelta", "value": value.total_seconds()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(inner) for inner in value]
    return str(value)


def from_plain(value: Any) -> Any:
    """A variable out of what `to_plain` made."""
    if isinstance(value, list):
        return [from_plain(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    kind, data = value.get(_TAG), value.get("value")
    match kind:
        case None:
            return {key: from_plain(inner) for key, inner in value.items()}
        case "state" if isinstance(data, dict):
            return restored_view(data)
        case "pairs" if isinstance(data, list):
            return {from_plain(key): from_plain(inner) for key, inner in data}
        case "timedelta" if isinstance(data, int | float):
            return timedelta(seconds=data)
        case "datetime" if isinstance(data, str):
            return datetime.fromisoformat(data)
        case "date" if isinstance(data, str):
            return date.fromisoformat(data)
        case "time" if isinstance(data, str):
            return time.fromisoformat(data)
    return value
