"""The ways in which a run ends before its last step. Plain signals, not mistakes in the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Halt(Exception):
    """Base of everything that ends a run, or a sequence of it, early."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason

    def plain(self) -> dict[str, Any]:
        """As data that `restored` takes."""
        return {"kind": type(self).__name__, "reason": self.reason}


class ConditionFailed(Halt):
    """A condition between the steps did not hold: its own sequence ends here."""


class Stopped(Halt):
    """A `stop` step, or a wait that was given up. With `failed` the run counts as failed."""

    def __init__(self, reason: str = "", *, failed: bool = False, response: Any = None) -> None:
        super().__init__(reason)
        self.failed = failed
        self.response = response

    def plain(self) -> dict[str, Any]:
        """As data that `restored` takes."""
        return {**super().plain(), "failed": self.failed, "response": self.response}


class Cancelled(Halt):
    """Somebody, or a newer run, ended it."""


class StepFailed(Halt):
    """A step raised an error; the reason begins with its path."""


class InDoubt(Halt):
    """An effect that must not be repeated may have been done before the hub was killed."""


_KINDS: Mapping[str, type[Halt]] = {
    kind.__name__: kind for kind in (ConditionFailed, Cancelled, StepFailed, InDoubt)
}


def restored(data: Mapping[str, Any]) -> Halt:
    """A halt out of what `plain` made."""
    if data["kind"] == Stopped.__name__:
        return Stopped(data["reason"], failed=data["failed"], response=data["response"])
    return _KINDS[data["kind"]](data["reason"])
