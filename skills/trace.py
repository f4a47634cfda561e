"""What a run did, step by step: kept while it runs, and as plain data afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from skills.info import TraceStep
from skills.templates import StateView
from skills.times import clock_words

_FIRST_KEPT = 200
_LAST_KEPT = 300
_LONGEST_TEXT = 2_000


class Trace:
    """The steps of one run. Of a very long one the first 200 and the last 300 are kept."""

    __slots__ = ("_open", "left_out", "steps")

    def __init__(self, steps: Iterable[TraceStep] = ()) -> None:
        self.steps = list(steps)
        self.left_out = 0
        # Steps that a process before this one had begun: they are gone on with, not begun again.
        self._open = {step.path: step for step in self.steps if step.seconds is None}

    def begin(self, path: str, kind: str, label: str, now: float) -> TraceStep:
        """Note that a step begins."""
        if self._open and (again := self._open.pop(path, None)):
            return again
        step = TraceStep(path, kind, label, now)
        self.steps.append(step)
        if len(self.steps) > _FIRST_KEPT + 2 * _LAST_KEPT:
            self._shorten()
        return step

    def plain(self) -> list[dict[str, Any]]:
        """The steps as data that JSON can hold; long texts are cut."""
        return [_plain(step) for step in self.steps]

    def _shorten(self) -> None:
        kept_open = [s for s in self.steps[_FIRST_KEPT:-_LAST_KEPT] if s.seconds is None]
        before = len(self.steps)
        self.steps[_FIRST_KEPT:-_LAST_KEPT] = kept_open
        self.left_out += before - len(self.steps)


def from_plain_trace(data: Sequence[Any]) -> list[TraceStep]:
    """The steps that `plain` made data of."""
    return msgspec.convert(data, list[TraceStep])


def _plain(step: TraceStep) -> dict[str, Any]:
    return {
        "path": step.path,
        "kind": step.kind,
        "label": step.label,
        "started_at": step.started_at,
        "seconds": step.seconds,
        "result": shown(step.result),
        "changed_variables": shown(step.changed_variables),
        "error": step.error,
    }


def shown(value: Any) -> Any:
    """A value as people are shown it: plain data that JSON holds, with long texts cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, Mapping):
        return {str(key): shown(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [shown(inner) for inner in value]
    if isinstance(value, StateView):
        return shown(value.as_dict())
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return clock_words(value.total_seconds())
    if isinstance(value, msgspec.Struct):
        return shown({k: v for k, v in msgspec.structs.asdict(value).items() if v})
    return _cut(str(value))


def _cut(text: str) -> str:
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT]}… ({len(text)} characters)"
