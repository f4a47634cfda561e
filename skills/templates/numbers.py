"""Numbers and statistics for templates.

https://www.home-assistant.io/docs/configuration/templating/#numeric-functions-and-filters
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from skills.templates.bounded import rounded
from skills.templates.errors import TooMuch, WrongValue
from skills.templates.values import as_bool

_UNSET: Any = ...


def _short(value: Any) -> str:
    return str(value)[:60]


def _or_default(default: Any, function: str, value: Any) -> Any:
    if default is not _UNSET:
        return default
    raise WrongValue(
        f"{function} got “{_short(value)}”, which is no number, and no default was given."
    )


def to_float(value: Any, default: Any = _UNSET) -> Any:
    """A number; `default` when it is none."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return _or_default(default, "float", value)


def to_int(value: Any, default: Any = _UNSET, base: int = 10) -> Any:
    """A whole number; `default` when it is none."""
    try:
        if isinstance(value, str) and base != 10:
            return int(value, base)
        return int(value) if isinstance(value, int) else int(float(value))
    except (TypeError, ValueError, OverflowError):
        return _or_default(default, "int", value)


def to_bool(value: Any, default: Any = _UNSET) -> Any:
    """True or False from true, yes, on, enable, 1 and their opposites."""
    text = str(value).strip().lower()
    if text in ("true", "yes", "on", "enable") or text in ("false", "no", "off", "disable"):
        return as_bool(text)
    number = to_float(value, None)
    if number is not None:
        return number != 0
    if default is not _UNSET:
        return default
    raise WrongValue(f"bool got “{_short(value)}”, and no default was given.")


def is_number(value: Any) -> bool:
    """Whether it is a finite number, or text that is one."""
    number = to_float(value, None)
    return number is not None and math.isfinite(number)


def _maths(name: str, function: Callable[..., float]) -> Callable[..., Any]:
    def calculated(value: Any, default: Any = _UNSET) -> Any:
        try:
            return function(float(value))
        except (TypeError, ValueError, OverflowError):
            return _or_default(default, name, value)

    return calculated


def log(value: Any, base: Any = math.e, default: Any = _UNSET) -> Any:
    """The logarithm, natural unless `base` is given."""
    try:
        return math.log(float(value), float(base))
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return _or_default(default, "log", value)


def atan2(y: Any, x: Any = None, default: Any = _UNSET) -> Any:
    """The angle of a point, in radians."""
    if isinstance(y, list | tuple) and len(y) == 2:
        y, x = y
    try:
        return math.atan2(float(y), float(x))
    except (TypeError, ValueError):
        return _or_default(default, "atan2", y)


def add(value: Any, amount: Any, default: Any = _UNSET) -> Any:
    """`value` + `amount`."""
    try:
        return float(value) + amount
    except (TypeError, ValueError):
        return _or_default(default, "add", value)


def multiply(value: Any, amount: Any, default: Any = _UNSET) -> Any:
    """`value` * `amount`."""
    try:
        return float(value) * amount
    except (TypeError, ValueError):
        return _or_default(default, "multiply", value)


def _spread(values: tuple[Any, ...]) -> list[Any]:
    if len(values) == 1 and isinstance(values[0], Iterable) and not isinstance(values[0], str):
        return list(values[0])
    return list(values)


def _statistic(
    name: str, function: Callable[[list[Any]], Any], convert: Callable[[Any], Any]
) -> Callable[..., Any]:
    def calculated(*values: Any, default: Any = _UNSET) -> Any:
        spread = _spread(values)
        if len(values) == 2 and isinstance(values[0], list | tuple) and default is _UNSET:
            spread, default = list(values[0]), values[1]
        try:
            return function([convert(value) for value in spread])
        except (TypeError, ValueError, ZeroDivisionError) as error:
            if default is not _UNSET:
                return default
            raise WrongValue(f"{name} needs at least one number, and only numbers.") from error

    return calculated


def _median(values: list[float]) -> float:
    middle = sorted(values)[(len(values) - 1) // 2 : len(values) // 2 + 1]
    return math.fsum(middle) / len(middle)


def _mode(values: list[Any]) -> Any:
    if not values:
        raise ValueError("no values")
    return Counter(values).most_common(1)[0][0]


def _extreme(name: str, function: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def found(*values: Any) -> Any:
        spread = _spread(values)
        if not spread:
            raise WrongValue(f"{name} got an empty list.")
        return function(spread)

    return found


def clamp(value: Any, smallest: Any, largest: Any) -> float:
    """`value`, but not below `smallest` nor above `largest`."""
    return float(min(max(to_float(value), to_float(smallest)), to_float(largest)))


def wrap(value: Any, smallest: Any, largest: Any) -> float:
    """`value` folded into the range, as a compass angle is."""
    low, high = to_float(smallest), to_float(largest)
    if high == low:
        return float(low)
    return float((to_float(value) - low) % (high - low) + low)


def remap(
    value: Any, in_min: Any, in_max: Any, out_min: Any, out_max: Any, *, steps: int = 0
) -> float:
    """`value` moved from one range to another, in `steps` when not 0."""
    low, high, to_low, to_high = map(to_float, (in_min, in_max, out_min, out_max))
    if low == high:
        raise WrongValue("remap needs a range that is not empty.")
    part = (to_float(value) - low) / (high - low)
    if steps > 0:
        part = round(part * steps) / steps
    return float(to_low + part * (to_high - to_low))


def pack(value: Any, format_string: str) -> bytes | None:
    """Bytes by a format of Python's struct."""
    try:
        if struct.calcsize(format_string) > 10_000:
            raise TooMuch("pack can't make more than 10,000 bytes.")
        return struct.pack(format_string, value)
    except struct.error:
        return None


def unpack(value: bytes, format_string: str, offset: int = 0) -> Any:
    """A value out of bytes by a format of Python's struct."""
    try:
        found = struct.unpack_from(format_string, value, offset)
        return found[0] if len(found) == 1 else list(found)
    except (struct.error, TypeError):
        return None


def _bitwise(operation: Callable[[int, int], int]) -> Callable[[Any, Any], int]:
    return lambda first, second: operation(int(to_int(first)), int(to_int(second)))


def ordinal(value: Any) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    number = int(to_int(value))
    if 10 <= abs(number) % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(abs(number) % 10, 'th') }"


_MATHS = {
    name: _maths(name, getattr(math, name))
    for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sqrt")
}
_STATISTICS: dict[str, Callable[..., Any]] = {
    "average": _statistic("average", lambda values: math.fsum(values) / len(values), float),
    "median": _statistic("median", _median, float),
    "statistical_mode": _statistic("statistical_mode", _mode, lambda value: value),
}
BOTH: dict[str, Callable[..., Any]] = {
    **_MATHS,
    **_STATISTICS,
    "log": log,
    "atan2": atan2,
    "float": to_float,
    "int": to_int,
    "bool": to_bool,
    "is_number": is_number,
    "round": rounded,
    "clamp": clamp,
    "wrap": wrap,
    "remap": remap,
    "pack": pack,
    "unpack": unpack,
    "bitwise_and": _bitwise(int.__and__),
    "bitwise_or": _bitwise(int.__or__),
    "bitwise_xor": _bitwise(int.__xor__),
}
FILTERS: dict[str, Callable[..., Any]] = {
    **BOTH,
    "add": add,
    "multiply": multiply,
    "ordinal": ordinal,
}
FUNCTIONS: dict[str, Any] = {
    **BOTH,
    "e": math.e,
    "pi": math.pi,
    "tau": math.tau,
    "inf": math.inf,
    "abs": abs,
    "min": _extreme("min", min),
    "max": _extreme("max", max),
}
TESTS: dict[str, Callable[..., Any]] = {"is_number": is_number}
