"""Lists, sets and mappings for templates.

https://www.home-assistant.io/docs/configuration/templating/
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from skills.templates.errors import TooMuch, WrongValue
from skills.templates.sandbox import Sandbox
from skills.templates.values import as_bool

_UNSET: Any = ...
_MOST = 100_000


def iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = _UNSET) -> Any:
    """One of two values, or of three when `value` may be none."""
    if value is None and if_none is not _UNSET:
        return if_none
    return if_true if as_bool(value) or (not isinstance(value, str) and value) else if_false


def contains(values: Any, value: Any) -> bool:
    """Whether `value` is in `values`."""
    return value in values


def flatten(value: Iterable[Any], levels: int | None = None) -> list[Any]:
    """Lists within lists as one list, `levels` deep or wholly."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise WrongValue("flatten needs a list.")
    found: list[Any] = []
    _flatten(value, 100 if levels is None else min(int(levels), 100), found)
    return found


def _flatten(values: Iterable[Any], levels: int, found: list[Any]) -> None:
    for value in values:
        if isinstance(value, list | tuple | set) and levels > 0:
            _flatten(value, levels - 1, found)
        else:
            found.append(value)
        if len(found) > _MOST:
            raise TooMuch("flatten would make more than 100,000 values.")


def shuffle(*values: Any) -> list[Any]:
    """The values in another order; by a seed the same each time."""
    if len(values) <= 2 and values and isinstance(values[0], list | tuple):
        mixed, seed = list(values[0]), values[1] if len(values) == 2 else None
    else:
        mixed, seed = list(values), None
    random.Random(seed).shuffle(mixed)  # noqa: S311  # to vary a light or a message
    return mixed


def combine(*mappings: Mapping[Any, Any], recursive: bool = False) -> dict[Any, Any]:
    """Mappings as one; what comes later counts."""
    combined: dict[Any, Any] = {}
    for mapping in mappings:
        if not isinstance(mapping, Mapping):
            raise WrongValue("combine needs mappings.")
        combined = _combined(combined, mapping, recursive)
    return combined


def _combined(
    first: Mapping[Any, Any], second: Mapping[Any, Any], recursive: bool
) -> dict[Any, Any]:
    found = {**first, **second}
    if recursive:
        for key in first.keys() & second.keys():
            if isinstance(first[key], Mapping) and isinstance(second[key], Mapping):
                found[key] = _combined(first[key], second[key], recursive)
    return found


def _as_set(values: Any, function: str) -> dict[Any, None]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise WrongValue(f"{function} needs two lists.")
    return dict.fromkeys(values)


def intersect(first: Any, second: Any) -> list[Any]:
    """What is in both lists."""
    wanted = _as_set(second, "intersect")
    return [value for value in _as_set(first, "intersect") if value in wanted]


def difference(first: Any, second: Any) -> list[Any]:
    """What is in the first list and not in the second."""
    unwanted = _as_set(second, "difference")
    return [value for value in _as_set(first, "difference") if value not in unwanted]


def union(first: Any, second: Any) -> list[Any]:
    """What is in either list."""
    return list(_as_set(first, "union") | _as_set(second, "union"))


def symmetric_difference(first: Any, second: Any) -> list[Any]:
    """What is in one list only."""
    return difference(first, second) + difference(second, first)


def distinct(values: Iterable[Any]) -> list[Any]:
    """Each value once, the first of its kind first."""
    return list(dict.fromkeys(values))


def typeof(value: Any) -> str:
    """The name of a value's type."""
    return type(value).__name__


def bounded_zip(*values: Iterable[Any]) -> list[tuple[Any, ...]]:
    """The first values of all lists, then the second, and so on."""
    return list(zip(*values, strict=False))


def applying(sandbox: Sandbox) -> dict[str, Callable[..., Any]]:
    """`apply`: call a macro or function, for use with map and select."""

    def apply(value: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
        sandbox.budget.spend(5)
        if not callable(function) or isinstance(function, type):
            raise WrongValue("apply needs a function or macro.")
        return function(value, *args, **kwargs)

    return {"apply": apply}


SETS: dict[str, Callable[..., Any]] = {
    "intersect": intersect,
    "difference": difference,
    "union": union,
    "symmetric_difference": symmetric_difference,
}
BOTH: dict[str, Callable[..., Any]] = {
    **SETS,
    "iif": iif,
    "flatten": flatten,
    "shuffle": shuffle,
    "combine": combine,
    "typeof": typeof,
}
FILTERS: dict[str, Callable[..., Any]] = {**BOTH, "contains": contains, "distinct": distinct}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **BOTH,
    "set": set,
    "tuple": tuple,
    "list": list,
    "zip": bounded_zip,
}
TESTS: dict[str, Callable[..., Any]] = {
    "contains": contains,
    "in": lambda value, values: value in values,
    "list": lambda value: isinstance(value, list),
    "set": lambda value: isinstance(value, set | frozenset),
    "tuple": lambda value: isinstance(value, tuple),
    "datetime": lambda value: isinstance(value, datetime),
}
