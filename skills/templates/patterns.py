"""The one door to regular expressions of strangers: the `regex` library, because it can be stopped.

Python's own `re` can't: a short pattern may take years. It is loaded when a template first needs
it, for it costs 40 ms.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from skills.templates.errors import TooMuch, WrongValue

_LONGEST = 1000
# A pattern grows by its counts when it is compiled: a{1000} is a thousand times a.
_LARGEST = 500_000
_COUNT = re.compile(r"[{,](\d{1,20})")
_SECONDS = 0.05
_LONGEST_RESULT = 1_000_000


@cache
def _engine() -> Any:
    import regex  # noqa: PLC0415  # loaded on first use

    return regex


@lru_cache(maxsize=256)
def _compiled(pattern: str, ignore_case: bool) -> Any:
    if len(pattern) > _LONGEST:
        raise TooMuch(f"A pattern can't have more than {_LONGEST} characters.")
    counts = math.prod(int(count) for count in _COUNT.findall(pattern) if int(count))
    if counts * len(pattern) > _LARGEST:
        raise TooMuch("The counts in the pattern are too large.")
    engine = _engine()
    try:
        return engine.compile(pattern, engine.IGNORECASE if ignore_case else 0)
    except (engine.error, RecursionError, OverflowError) as error:
        raise WrongValue(f"“{pattern[:60]}” is not a regular expression: {error}.") from error


def _run(call: Callable[..., Any], *args: Any) -> Any:
    try:
        return call(*args, timeout=_SECONDS)
    except TimeoutError as error:
        raise TooMuch("A regular expression takes too long; write it simpler.") from error


def match(value: Any, find: str = "", ignorecase: bool = False) -> bool:
    """Whether the pattern fits at the beginning."""
    return bool(_run(_compiled(str(find), bool(ignorecase)).match, str(value)))


def search(value: Any, find: str = "", ignorecase: bool = False) -> bool:
    """Whether the pattern fits anywhere."""
    return bool(_run(_compiled(str(find), bool(ignorecase)).search, str(value)))


def replace(value: Any = "", find: str = "", replace: str = "", ignorecase: bool = False) -> str:
    """The text with all that fits replaced."""
    text, new = str(value), str(replace)
    pattern = _compiled(str(find), bool(ignorecase))
    found = len(_run(pattern.findall, text))
    if len(text) + found * (len(new) + new.count("\\") * len(text)) > _LONGEST_RESULT:
        raise TooMuch("regex_replace would make too long a text.")
    try:
        return str(_run(pattern.sub, new, text))
    except (_engine().error, IndexError) as error:
        raise WrongValue(f"regex_replace can't use “{new[:60]}”: {error}.") from error


def findall(value: Any, find: str = "", ignorecase: bool = False) -> list[Any]:
    """All that fits."""
    return list(_run(_compiled(str(find), bool(ignorecase)).findall, str(value)))


def findall_index(value: Any, find: str = "", index: int = 0, ignorecase: bool = False) -> Any:
    """One of all that fits."""
    found = findall(value, find, ignorecase)
    if not -len(found) <= index < len(found):
        raise WrongValue(f"“{str(find)[:60]}” has no match number {index}.")
    return found[index]
