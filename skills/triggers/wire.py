"""What a trigger is attached to, and what it tells when it fires."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from hub.bus import Bus
from hub.clock import Clock
from hub.context import Context
from hub.entities import Entities
from hub.errors import HubError
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.document import TriggerPart
from skills.missed import Missed
from store.runs import TimerRow

Detach = Callable[[], None]


class Fire(Protocol):
    """Starts the skill. `extra` becomes part of the variable `trigger`."""

    def __call__(
        self,
        part: TriggerPart,
        extra: dict[str, Any],
        context: Context,
        description: str,
        timer: str | None = None,
    ) -> None:
        """`timer` is the id of the stored timer that this firing ends, if it was one."""


class Failed(Protocol):
    """Notes that a trigger should have fired, and could not."""

    def __call__(self, part: TriggerPart, error: HubError, context: Context) -> None:
        """`error` says why: a template that could not be rendered."""


class TimerBox(Protocol):
    """Keeps the timers of triggers over restarts."""

    def put_timer(self, row: TimerRow) -> None:
        """Write a timer, soon."""

    def drop_timer(self, timer_id: str) -> None:
        """Forget a timer."""


@dataclass(frozen=True, slots=True)
class Wire:
    """The doors that a trigger may listen at, for one skill."""

    skill_id: str
    bus: Bus
    clock: Clock
    states: States
    registry: Registry
    entities: Entities
    home: Home
    timers: TimerBox
    fire: Fire
    failed: Failed
    # Trigger variables, for templates in triggers.
    variables: Mapping[str, Any]
    # Timers that were being waited for when the hub stopped, by id.
    restored: dict[str, TimerRow]
    # The hub is starting: triggers on its start fire when they are attached.
    starting: bool = False
    # When each attached time trigger is due next (epoch seconds), by whatever key it chose.
    due: dict[int, float] = field(default_factory=dict)
    # Time triggers add the moments after this one (epoch seconds) that they missed; None: don't.
    missed_since: float | None = None
    missed: list[Missed] = field(default_factory=list)


def all_of(ends: Sequence[Detach]) -> Detach:
    """One call that ends all of these."""

    def end_all() -> None:
        for end in ends:
            end()

    return end_all


class Trigger(Protocol):
    """One trigger of a skill."""

    part: TriggerPart

    @property
    def entities(self) -> frozenset[str]:
        """The entities that it names, for the check of the document."""

    def attach(self, wire: Wire) -> Detach:
        """Begin to wait; the answer ends it."""
