"""Says in plain words what msgspec found wrong with a value."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "empty",
}
# What msgspec says (https://jcristharif.com/msgspec/), and how people say it.
_SAYINGS = [
    (r"Expected `\w+` <= (\S+)", r"must be at most \1"),
    (r"Expected `\w+` < (\S+)", r"must be less than \1"),
    (r"Expected `\w+` >= (\S+)", r"must be at least \1"),
    (r"Expected `\w+` > (\S+)", r"must be more than \1"),
    (r"Expected `array` of length (\d+), got (\d+)", r"must have \1 items, not \2"),
    (r"Expected `array` of length <= (\d+)", r"may have at most \1 items"),
    (r"Expected `array` of length >= (\d+)", r"must have at least \1 items"),
    (r"Expected `str` of length <= (\d+)", r"may have at most \1 characters"),
    (r"Expected `str` of length >= (\d+)", r"must have at least \1 characters"),
    (r"Expected `str` matching regex .*", r"does not have the right form"),
    (r"Invalid enum value '?(.*?)'?", r"can't be “\1”"),
]


class Trouble(NamedTuple):
    """What is wrong: the field's path (`rgb_color[2]`, "" for the whole) and what about it."""

    path: str
    predicate: str

    def __str__(self) -> str:
        return f"{self.path or 'it'} {self.predicate}"


def trouble(error: msgspec.ValidationError) -> Trouble:
    """`brightness` and `must be at most 255`: together the beginning of a sentence."""
    message, _, path = str(error).partition(" - at `$")
    path = path.rstrip("`").removeprefix(".").replace("[...]", "")
    if missing := re.fullmatch(r"Object missing required field `(.*)`", message):
        return Trouble(f"{path}.{missing[1]}".lstrip("."), "is missing")
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", message):
        return Trouble(f"{path}.{unknown[1]}".lstrip("."), "is not known here")
    if kinds := re.fullmatch(r"Expected `(.*)`, got `(.*)`", message):
        wanted = [k for k in kinds[1].split(" | ") if k != "null"] or ["null"]
        return Trouble(path, f"must be {' or '.join(map(_type, wanted))}, not {_type(kinds[2])}")
    for pattern, words in _SAYINGS:
        if found := re.fullmatch(pattern, message):
            return Trouble(path, found.expand(words).removesuffix(".0"))
    return Trouble(path, f"is wrong: {message}")


def _type(name: str) -> str:
    return _TYPES.get(name, name)
