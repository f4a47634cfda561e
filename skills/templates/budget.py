"""What one rendering may use up: steps, characters, processor time.

Everything that a template does costs steps: a turn of a loop, a call, a filter. Long text costs
the characters that it makes. Both are counted instead of measured, so that a limit hits at the
same place on every machine; processor time is looked at from time to time as well.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from skills.templates.errors import TooMuch
from skills.templates.views import StateView

_LOOK_EVERY = 500
_MOST_VALUES = 250_000
# These need no second look: they hold nothing.
_SMALL = frozenset((int, float, bool, type(None), StateView))


@dataclass(frozen=True, slots=True)
class Limits:
    """`output`: characters of the result, and of any text on the way. `seconds`: processor time.
    `work`: steps. `memory`: characters made in all. `source`: characters of the template."""

    output: int = 262_144
    seconds: float = 0.1
    work: int = 1_000_000
    memory: int = 4_000_000
    source: int = 32_768


class Budget:
    """Counts what one rendering uses. Raises TooMuch from every method."""

    __slots__ = ("_deadline", "_look_at", "_made", "_work", "limits")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.reset()

    def reset(self) -> None:
        """A new rendering begins."""
        self._work = self._made = 0
        self._look_at = _LOOK_EVERY
        self._deadline = 0.0

    def spend(self, steps: int = 1) -> None:
        """Take `steps` of work."""
        self._work += steps
        if self._work >= self._look_at:
            self._look()

    def make(self, characters: int) -> None:
        """Allow a text of so many characters to be made."""
        if characters > self.limits.output:
            raise TooMuch(f"The result would be longer than {self.limits.output:,} characters.")
        self._made += characters
        if self._made > self.limits.memory:
            raise TooMuch(f"It makes more than {self.limits.memory:,} characters of text in all.")
        self.spend(1 + (characters >> 7))

    def count(self, values: Iterable[Any]) -> Iterator[Any]:
        """The same values; each costs a step."""
        for value in values:
            self.spend()
            yield value

    def admit(self, value: Any) -> Any:
        """Pay for looking through `value`; what has no length pays as it is read."""
        if isinstance(value, str):
            self.spend(1 + (len(value) >> 7))
        elif isinstance(value, list | tuple | dict | set | frozenset):
            self.spend(1 + len(value))
            if isinstance(value, dict) or not set(map(type, value)) <= _SMALL:
                self.measure(value, self.limits.memory)
        elif isinstance(value, range):
            self.spend(1 + len(value))
        elif isinstance(value, Iterator):
            return self.count(value)
        else:
            self.spend()
        return value

    def measure(self, value: Any, most: int = 0) -> int:
        """About how many characters `value` has as text; raises when over the limit (`most`, else
        that of the output). What stands in several places counts at each."""
        most = most or self.limits.output
        size, steps, waiting = 0, 0, [value]
        while waiting:
            found = waiting.pop()
            if isinstance(found, str):
                size += len(found) + 2
            elif isinstance(found, int):
                size += 2 + found.bit_length() // 3
            elif isinstance(found, Mapping):
                size += 4 * len(found) + 2
                waiting.extend(found)
                waiting.extend(found.values())
            elif isinstance(found, list | tuple | set | frozenset):
                size += 2 * len(found) + 2
                waiting.extend(found)
            else:
                size += 30
            steps += 1
            if size > most or steps > _MOST_VALUES:
                raise TooMuch(f"The result would be longer than {self.limits.output:,} characters.")
        self.spend(steps + (size >> 7))
        return size

    def _look(self) -> None:
        if self._work > self.limits.work:
            raise TooMuch(f"It takes more than {self.limits.work:,} steps.")
        self._look_at = min(self._work + _LOOK_EVERY, self.limits.work + 1)
        now = time.thread_time()
        if not self._deadline:
            self._deadline = now + self.limits.seconds
        elif now > self._deadline:
            raise TooMuch(f"It runs for more than {self.limits.seconds:g} seconds.")
