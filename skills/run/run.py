"""One run of a skill: its position and variables as plain data, and how a step is taken.

A position is a mapping of frames by path: a sequence's frame is the index of the step that it is
at, a delay's frame holds until when it waits, a choose's which branch was chosen. Steps that have
ended have no frame. So a run is resumed by entering its sequence again: every step finds its own
frame and goes on from there.
"""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from hub.actions import Actions
from hub.bus import Bus
from hub.clock import Clock
from hub.context import Context
from hub.entities import Entities
from hub.errors import Broken, HubError
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.info import RunState, TraceStep
from skills.run.halts import Halt, InDoubt, StepFailed
from skills.templates import Template, as_bool, to_plain
from skills.trace import Trace

_log = logging.getLogger(__name__)


class Step(Protocol):
    """One step of a skill, built once and used by every run."""

    path: str
    kind: str
    label: str
    enabled: bool | Template
    continue_on_error: bool

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Do it. The answer is what the trace shows as its result."""


class Recorder(Protocol):
    """Keeps runs. Implemented by `skills.run.keeper`."""

    def save(self, run: Run, *, drop_timer: str | None = None) -> Awaitable[bool]:
        """Write the run as it is now; whether it is safe on the disk."""

    def keep(self, run: Run) -> None:
        """Write the run as it is now, without waiting for it."""

    def told(self, run: Run) -> None:
        """Tell the bus that the run's state is another one."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What steps work with: the doors of the hub that a run needs."""

    actions: Actions
    bus: Bus
    clock: Clock
    states: States
    registry: Registry
    entities: Entities
    home: Home
    recorder: Recorder


@dataclass(slots=True, eq=False)
class Run:
    """A run on its way. `frames` and `variables` are its position; the rest says whose it is."""

    id: str
    skill_id: str
    skill_version: int
    kit: Kit
    context: Context
    trigger: Mapping[str, Any]
    variables: dict[str, Any]
    trace: Trace
    started_at: float
    dry_run: bool = False
    state: RunState = "running"
    frames: dict[str, Any] = field(default_factory=dict)
    resume_at: float | None = None
    finished_at: float | None = None
    reason: str = ""
    response: Any = None
    # Whether there is a row of it that will be found after a crash, and which revision that has.
    stored: bool = False
    queued: bool = False
    revision: int = 0
    # The frames as they stand in the row, of a run that a process before this one began.
    kept: Any = None
    task: asyncio.Task[None] | None = None
    ending: Halt | None = None
    # The hub is stopping: the run ends here without being ended, and goes on at the next start.
    left: bool = False
    # A branch of a parallel step has variables of its own; everything else is the whole run's.
    whole: Run | None = None
    resting: int = 0

    async def take(self, step: Step) -> None:
        """Take one step and note it. Raises a Halt when the run, or its sequence, ends here."""
        run = self.whole or self
        if run.ending is not None:
            raise run.ending
        clock = self.kit.clock
        entry = self.trace.begin(step.path, step.kind, step.label, clock.time())
        try:
            if step.enabled is True or self._enabled(step):
                entry.result = await step.do(self, entry)
            else:
                entry.result = {"enabled": False}
        except InDoubt as doubt:
            entry.error = doubt.reason
            if not step.continue_on_error:
                raise
            self._forget(step.path)
        except StepFailed as failed:
            entry.error = failed.reason
            if not step.continue_on_error:
                raise
            self._forget(step.path)
        except Halt:
            raise
        except HubError as error:
            entry.error = str(error)
            if not step.continue_on_error:
                raise StepFailed(f"{step.path}: {error}") from error
            self._forget(step.path)
        except Exception as error:
            _log.exception("The step %s of skill %s failed", step.path, self.skill_id)
            entry.error = str(broken(error))
            raise StepFailed(f"{step.path}: {broken(error)}") from error
        except asyncio.CancelledError:
            entry.error = None if run.left else "The run was ended here."
            raise
        finally:
            if not run.left:
                entry.seconds = clock.time() - entry.started_at

    def set(self, name: str, value: Any, entry: TraceStep | None = None) -> None:
        """Set a variable, and show it in the trace of the step that did."""
        self.variables[name] = value
        if entry is not None:
            if entry.changed_variables is None:
                entry.changed_variables = {}
            entry.changed_variables[name] = value

    async def rest(self, until: float | None, woken: asyncio.Future[Any] | None = None) -> None:
        """Wait until a time (epoch seconds), or until `woken` is done; saved before it waits."""
        run = self.whole or self
        run.resting += 1
        run.state, run.resume_at = "waiting", until
        if run.kept is None or to_plain(run.frames) != run.kept:
            await self.save()
        run.kept = None
        self.kit.recorder.told(run)
        try:
            if woken is None:
                await self.kit.clock.sleep_until(until if until is not None else float("inf"))
            elif until is None:
                await asyncio.wait([woken])
            else:
                await self._first_of(until, woken)
        finally:
            run.resting -= 1
            if not run.left and not run.resting:
                run.state, run.resume_at = "running", None

    async def save(self) -> bool:
        """Write the position and variables down; whether they are safe on the disk."""
        return self.dry_run or await self.kit.recorder.save(self.whole or self)

    def acted(self) -> None:
        """An effect was done: a run that has a row notes it there, so that a crash repeats little."""
        run = self.whole or self
        if run.stored:
            self.kit.recorder.keep(run)

    def branch(self, variables: dict[str, Any]) -> Run:
        """The same run with variables of its own, for one branch of a parallel step."""
        branch = copy.copy(self)
        branch.variables, branch.whole = variables, self.whole or self
        return branch

    def key(self, path: str) -> str:
        """The name of one effect of this run: the same again when it is repeated after a crash."""
        return f"{self.id}:{path}:{self._iteration(path)}"

    def stop(self, halt: Halt) -> None:
        """End the run from outside; it ends at once if it waits, else before its next step."""
        self.ending = halt
        if self.task is not None:
            self.task.cancel()

    def leave(self) -> None:
        """Let go of the run without ending it."""
        self.left = True
        if self.task is not None:
            self.task.cancel()

    async def _first_of(self, until: float, woken: asyncio.Future[Any]) -> None:
        if until <= self.kit.clock.time():
            return
        due: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        cancel = self.kit.clock.call_at(until, due.cancel)
        try:
            await asyncio.wait([woken, due], return_when=asyncio.FIRST_COMPLETED)
        finally:
            cancel()

    def _forget(self, path: str) -> None:
        # A step that is gone on without leaves no position behind: it may be taken again in a loop.
        for found in [p for p in self.frames if p == path or p.startswith(f"{path}/")]:
            del self.frames[found]

    def _iteration(self, path: str) -> str:
        counts = [
            str(frame["turn"])
            for above, frame in self.frames.items()
            if isinstance(frame, dict) and "turn" in frame and path.startswith(f"{above}/")
        ]
        return ".".join(counts) or "0"

    def _enabled(self, step: Step) -> bool:
        if isinstance(step.enabled, bool):
            return step.enabled
        return as_bool(step.enabled.render(self.variables))


def broken(error: Exception) -> HubError:
    """An error that nobody expected, as one that says so."""
    return Broken(f"{type(error).__name__}: {error}.", remedy="This is a bug: please report it.")
