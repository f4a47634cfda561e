"""`missed_run`: what becomes of the moments that a time trigger missed while the hub was off.

skip       nothing
once       the skill runs once, for the last of them; the default
all        it runs for each of them, in order (for the last 100 of them at most)

`once` and `all` look back ten minutes, or as far as `{once: {within: "01:00:00"}}` says.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from hub.errors import Invalid
from skills.times import seconds

Kind = Literal["skip", "once", "all"]

_KINDS = ("skip", "once", "all")
_WITHIN = 600.0
_LONGEST = 7 * 86_400.0
_MOST = 100
_REMEDY = 'Use skip, once, all, or {once: {within: "00:10:00"}}.'


@dataclass(frozen=True, slots=True)
class MissedRun:
    """What a skill wants. `within` is how long ago a moment may be, in seconds."""

    kind: Kind = "once"
    within: float = _WITHIN

    def since(self, off_since: float | None, now: float) -> float | None:
        """After which moment to look for what was missed; None: don't look."""
        if self.kind == "skip" or off_since is None or off_since >= now:
            return None
        return max(off_since, now - self.within)

    def fire(self, missed: list[Missed]) -> None:
        """Make up for what was missed by any of the skill's triggers."""
        in_order = sorted(missed, key=lambda one: one.due)
        for one in in_order[-1 if self.kind == "once" else -_MOST :]:
            one.fire(one.due)


@dataclass(frozen=True, slots=True)
class Missed:
    """A moment (epoch seconds) that was missed, and what fires its trigger for it."""

    due: float
    fire: Callable[[float], None]


def parse_missed(value: Any) -> MissedRun:
    """What `missed_run` says. Raises Invalid with the path."""
    if value is None:
        return MissedRun()
    if isinstance(value, str) and value in _KINDS:
        return MissedRun(cast("Kind", value))
    if not isinstance(value, Mapping) or len(value) != 1:
        raise Invalid("“missed_run” can't be read.", where="missed_run", remedy=_REMEDY)
    kind, options = next(iter(value.items()))
    path = f"missed_run/{kind}"
    if kind not in ("once", "all"):
        raise Invalid(f"“missed_run” can't be “{kind}”.", where=path, remedy=_REMEDY)
    if not isinstance(options, Mapping) or set(options) != {"within"}:
        raise Invalid("It has “within” and nothing else.", where=path, remedy=_REMEDY)
    within = seconds(options["within"], f"{path}/within")
    if not 0 < within <= _LONGEST:
        raise Invalid("It looks back between a second and 7 days.", where=f"{path}/within")
    return MissedRun(cast("Kind", kind), within)


def latest(next_after: Callable[[float], float | None], since: float, now: float) -> list[float]:
    """The last moments after `since` up to `now`, 100 at most, in order."""
    span = 60.0
    while True:
        begin = max(since, now - span)
        found: deque[float] = deque(maxlen=_MOST)
        due = next_after(begin)
        while due is not None and due <= now:
            found.append(due)
            due = next_after(due)
        # A trigger of every second is not followed through a whole week for its last moments.
        if begin <= since or len(found) == _MOST:
            return list(found)
        span *= 4
