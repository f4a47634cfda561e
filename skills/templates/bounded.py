"""Jinja's own filters and tests, each paying for what it does; those that could explode are written anew."""

from __future__ import annotations

import math
import random
import textwrap
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from skills.templates.errors import TooMuch, WrongValue
from skills.templates.sandbox import Sandbox

_WIDEST = 1000
# HTML for pages, or ways around the sandbox: not for a home's templates.
_REMOVED = ("xmlattr", "pprint", "urlize", "tojson", "attr")


def bound(sandbox: Sandbox) -> None:
    """Replace the sandbox's filters and tests by ones that pay."""
    for name in _REMOVED:
        sandbox.filters.pop(name, None)
    tests: dict[str, Any] = {**sandbox.tests}
    sandbox.tests |= {name: paying(sandbox, function) for name, function in tests.items()}
    for name, function in list(sandbox.filters.items()):
        if not name.startswith("("):
            sandbox.filters[name] = paying(sandbox, function)
    own = _Filters(sandbox)
    sandbox.filters |= {
        "attr": sandbox.getattr,
        "batch": own.batch,
        "center": own.center,
        "format": own.format,
        "indent": own.indent,
        "join": own.join,
        "random": own.random,
        "replace": own.replace,
        "round": own.round,
        "slice": own.slice,
        "string": own.string,
        "sum": own.sum,
        "wordwrap": own.wordwrap,
    }


def paying(sandbox: Sandbox, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, paying for each look through its arguments."""
    admit = sandbox.budget.admit

    @wraps(function)
    def paid(*args: Any, **kwargs: Any) -> Any:
        if len(args) == 1:
            return function(admit(args[0]), **kwargs)
        return function(*map(admit, args), **kwargs)

    return paid


class _Filters:
    """Filters that make long text or many values."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._budget = sandbox.budget

    def string(self, value: Any) -> str:
        if not isinstance(value, str):
            self._budget.measure(value)
        return str(value)

    def join(self, value: Iterable[Any], d: Any = "", attribute: Any = None) -> str:
        """`d` is Jinja's name for what stands between."""
        values = self._budget.admit(value)
        if attribute is not None:
            values = (_picked(self._sandbox, found, attribute) for found in values)
        parts = [self.string(found) for found in values]
        between = str(d)
        self._budget.make(sum(map(len, parts)) + len(between) * len(parts))
        return between.join(parts)

    def replace(self, value: Any, old: Any, new: Any, count: int | None = None) -> str:
        text, old, new = self.string(value), self.string(old), self.string(new)
        found = text.count(old) if count is None else min(max(count, 0), text.count(old))
        self._budget.make(len(text) + found * len(new))
        return text.replace(old, new, -1 if count is None else count)

    def center(self, value: Any, width: int = 80) -> str:
        return self.string(value).center(_width(width))

    def indent(self, s: Any, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
        """The lines of a text moved to the right; `s`, `width`, `first`, `blank` as in Jinja."""
        text = self.string(s)
        margin = width if isinstance(width, str) else " " * _width(width)
        lines = text.split("\n")
        self._budget.make(len(text) + len(margin) * len(lines))
        moved = [
            margin + line if (line or blank) and (first or number) else line
            for number, line in enumerate(lines)
        ]
        return "\n".join(moved)

    def wordwrap(self, s: Any, width: int = 79) -> str:
        text = self.string(s)
        self._budget.make(2 * len(text))
        wrapped = [textwrap.fill(line, max(_width(width), 1)) for line in text.splitlines()]
        return "\n".join(wrapped)

    def format(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Values in the places of a text, in printf style."""
        return self._sandbox.call_binop(None, "%", self.string(value), kwargs or args)

    def batch(self, value: Iterable[Any], linecount: int, fill_with: Any = None) -> list[Any]:
        values, size = list(self._budget.admit(value)), _count(linecount)
        rows = [values[start : start + size] for start in range(0, len(values), size)]
        if rows and fill_with is not None:
            rows[-1] += [fill_with] * (size - len(rows[-1]))
        return rows

    def slice(self, value: Iterable[Any], slices: int, fill_with: Any = None) -> list[Any]:
        """So many lists of about the same length."""
        values, parts = list(self._budget.admit(value)), _count(slices)
        length, longer = divmod(len(values), parts)
        rows, start = [], 0
        for number in range(parts):
            end = start + length + (number < longer)
            row = values[start:end]
            if fill_with is not None and longer and number >= longer:
                row.append(fill_with)
            rows.append(row)
            start = end
        return rows

    def sum(self, iterable: Iterable[Any], attribute: Any = None, start: Any = 0) -> Any:
        total = start
        for value in self._budget.admit(iterable):
            number = value if attribute is None else _picked(self._sandbox, value, attribute)
            total = self._sandbox.call_binop(None, "+", total, number)
        return total

    def random(self, seq: Any) -> Any:
        values = list(self._budget.admit(seq))
        if not values:
            return self._sandbox.undefined("random got an empty list")
        return random.choice(values)  # noqa: S311  # to vary a light or a message

    def round(self, *args: Any, **kwargs: Any) -> Any:
        return rounded(*args, **kwargs)


def rounded(value: Any, precision: int = 0, method: str = "common", default: Any = ...) -> Any:
    """Round as Home Assistant does: `common`, `ceil`, `floor` or `half`.

    With no precision the answer is a whole number.
    """
    try:
        number, places = float(value), int(precision)
        if abs(places) > 30:
            raise TooMuch("round can't have more than 30 places.")
        factor = 10.0**places
        if method == "ceil":
            number = math.ceil(number * factor) / factor
        elif method == "floor":
            number = math.floor(number * factor) / factor
        elif method == "half":
            number = round(number * 2) / 2
        else:
            number = round(number, places)
        return int(number) if places == 0 else number
    except (TypeError, ValueError, OverflowError) as error:
        if default is not ...:
            return default
        raise WrongValue(
            f"round got “{str(value)[:60]}”, which is no number, and no default was given."
        ) from error


def _picked(sandbox: Sandbox, value: Any, attribute: Any) -> Any:
    for name in str(attribute).split("."):
        value = sandbox.getitem(value, int(name) if name.isdigit() else name)
    return value


def _width(width: Any) -> int:
    if int(width) > _WIDEST:
        raise TooMuch(f"A width can't be more than {_WIDEST}.")
    return int(width)


def _count(count: Any) -> int:
    if not 0 < int(count) <= 10_000:
        raise WrongValue("The number of parts must be 1 to 10,000.")
    return int(count)
