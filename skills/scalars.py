"""What a plain YAML scalar means: the YAML 1.1 types as Home Assistant reads them.

The patterns are those of https://yaml.org/type/ (int, float, bool, null) as PyYAML's SafeLoader,
which Home Assistant uses, resolves them. One difference: a date stays text, because everything
that the hub keeps must fit into JSON.
"""

from __future__ import annotations

import re
from typing import TypeVar

_BOOLS = {
    **dict.fromkeys(("yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
}
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_INT = re.compile(
    r"[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
    r"|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+"
)
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?"
    r"|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
# Only these can begin a number; words, which are most scalars, are answered without a pattern.
_NUMBER_STARTS = frozenset("+-.0123456789")
_LONGEST_NUMBER = 300

Scalar = str | int | float | bool | None
N = TypeVar("N", int, float)


def plain(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar."""
    if text in _NULLS:
        return None
    if (found := _BOOLS.get(text)) is not None:
        return found
    if text[0] not in _NUMBER_STARTS or len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return integer(text)
    if _FLOAT.fullmatch(text):
        return floating(text)
    return text


def integer(text: str) -> int | str:
    """An int in decimal, octal, hexadecimal, binary or base 60; text that is none stays text."""
    digits = text.replace("_", "")
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    try:
        if digits.startswith(("0b", "0x")):
            return sign * int(digits, 0)
        if len(digits) > 1 and digits[0] == "0":
            return sign * int(digits, 8)
        if ":" in digits:
            return sign * _base_60([int(part) for part in digits.split(":")])
        return sign * int(digits)
    except ValueError:
        return text


def floating(text: str) -> float | str:
    """A float, also `.inf`, `.nan` and base 60; text that is none stays text."""
    digits = text.replace("_", "").lower()
    sign = -1.0 if digits.startswith("-") else 1.0
    digits = digits.lstrip("+-")
    if digits in (".inf", ".nan"):
        return sign * float(digits[1:])
    try:
        if ":" in digits:
            return sign * _base_60([float(part) for part in digits.split(":")])
        return sign * float(digits)
    except ValueError:
        return text


def boolean(text: str) -> bool | None:
    """What a bool's word means, or None."""
    return _BOOLS.get(text)


def _base_60(parts: list[N]) -> N:
    total = parts[0]
    for part in parts[1:]:
        total = total * 60 + part
    return total
