"""Starts, resumes, queues and ends runs, by the mode of their skill."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field

from hub.clock import Clock
from hub.tasks import Tasks
from skills.info import RunState
from skills.modes import Gate
from skills.run.halts import Cancelled, ConditionFailed, Halt, InDoubt, StepFailed, Stopped
from skills.run.keeper import Keeper
from skills.run.run import Run, broken
from skills.run.sequence import Sequence

_log = logging.getLogger(__name__)
_LOUD = {
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}
# A refusal is logged once in so many seconds.
_QUIET = 60.0


@dataclass(slots=True)
class Lane:
    """The runs of one skill: those that are on their way, and those in the queue."""

    name: str
    running: list[Run] = field(default_factory=list)
    queue: deque[tuple[Run, Sequence]] = field(default_factory=deque)
    said_at: float = 0.0


class Runner:
    """Holds every live run. Each is one task; what it does is in its sequence."""

    def __init__(self, keeper: Keeper, tasks: Tasks, clock: Clock) -> None:
        self._keeper, self._tasks, self._clock = keeper, tasks, clock
        self._lanes: dict[str, Lane] = {}
        self.live: dict[str, Run] = {}

    def lane(self, skill_id: str, name: str = "") -> Lane:
        """The runs of a skill."""
        found = self._lanes.get(skill_id)
        if found is None:
            found = self._lanes[skill_id] = Lane(name or skill_id)
        return found

    def admit(self, run: Run, sequence: Sequence, gate: Gate, timer: str | None = None) -> None:
        """Start a run, or queue or refuse it, as its skill's mode says.

        `timer` is the stored timer that it comes from: the run is stored in the transaction that
        removes the timer, before its first step.
        """
        lane = self.lane(run.skill_id)
        verdict = gate.decide(len(lane.running), len(lane.queue))
        if verdict == "refuse":
            self._say(lane, gate)
            self.refuse(run, gate.refusal, timer)
            return
        if verdict == "replace":
            for other in lane.running:
                other.stop(Cancelled("A newer run took its place (mode restart)."))
        if verdict == "queue":
            self._enqueue(run, sequence, timer)
        else:
            self._start(run, sequence, timer)

    def try_out(self, run: Run, sequence: Sequence) -> asyncio.Task[None]:
        """Start a dry run, beside the real ones."""
        self.live[run.id] = run
        run.task = self._tasks.spawn(self._drive(run, sequence), f"dry run of {run.skill_id}")
        return run.task

    def refuse(self, run: Run, reason: str, timer: str | None = None) -> None:
        """Note a run that did not start, and why."""
        run.state, run.reason, run.finished_at = "did_not_start", reason, run.started_at
        if timer is not None:
            self._keeper.drop_timer(timer)
        self._keeper.ended(run)

    def adopt(self, run: Run, sequence: Sequence) -> None:
        """Take in a run that a process before this one began; it does not go on yet."""
        self.live[run.id] = run
        lane = self.lane(run.skill_id)
        if run.queued:
            lane.queue.append((run, sequence))
        else:
            lane.running.append(run)

    def go_on(self, run: Run, sequence: Sequence) -> None:
        """Go on with an adopted run."""
        run.task = self._tasks.start(self._drive(run, sequence), run.id)

    def start_queued(self) -> None:
        """Start the first of each queue that nothing runs before."""
        for lane in self._lanes.values():
            self._next(lane)

    def cancel(self, run: Run, reason: str) -> None:
        """End a run from outside."""
        lane = self.lane(run.skill_id)
        for entry in [entry for entry in lane.queue if entry[0] is run]:
            lane.queue.remove(entry)
            self._ended(run, "cancelled", reason)
            return
        run.stop(Cancelled(reason))

    def cancel_all(self, skill_id: str, reason: str) -> None:
        """End every run of a skill."""
        for run in [run for run in self.live.values() if run.skill_id == skill_id]:
            self.cancel(run, reason)

    async def leave(self, patience: float) -> None:
        """Let the runs that are busy end, `patience` seconds at most; save and let go of the rest."""
        busy = [r.task for r in self.live.values() if r.task and r.state == "running"]
        if busy:
            await asyncio.wait(busy, timeout=patience)
        left = [run for run in self.live.values() if not run.dry_run]
        for run in left:
            if not run.stored or run.state == "running":
                self._keeper.keep(run)
        await self._keeper.flush()
        for run in self.live.values():
            run.leave()
        if ending := [run.task for run in self.live.values() if run.task]:
            await asyncio.wait(ending, timeout=patience)

    def _say(self, lane: Lane, gate: Gate) -> None:
        # A sensor that chatters must not fill the log; the traces have every refusal.
        level, now = _LOUD.get(gate.max_exceeded), self._clock.time()
        if level is not None and now >= lane.said_at + _QUIET:
            lane.said_at = now
            _log.log(level, "Skill %s: %s", lane.name, gate.refusal)

    def _enqueue(self, run: Run, sequence: Sequence, timer: str | None) -> None:
        run.queued, run.state = True, "waiting"
        self.live[run.id] = run
        self.lane(run.skill_id).queue.append((run, sequence))
        self._keeper.save(run, drop_timer=timer)
        self._keeper.told(run)

    def _start(self, run: Run, sequence: Sequence, timer: str | None) -> None:
        self.live[run.id] = run
        self.lane(run.skill_id).running.append(run)

        def go() -> None:
            run.task = self._tasks.start(self._drive(run, sequence, timer), run.id)

        # First everybody hears of the event that started it, then of what it does.
        run.kit.bus.afterwards(go)

    async def _drive(self, run: Run, sequence: Sequence, timer: str | None = None) -> None:
        state: RunState = "finished"
        reason = ""
        try:
            if timer is not None:
                await self._keeper.save(run, drop_timer=timer)
            await sequence.run(run, outermost=True)
        except asyncio.CancelledError:
            if run.left:
                return
            state, reason = "cancelled", run.ending.reason if run.ending else "The hub ended it."
        except Halt as halt:
            state, reason = _outcome(halt)
            if isinstance(halt, Stopped):
                run.response = halt.response
        except Exception as error:  # noqa: BLE001 - a skill must never take others down
            _log.exception("Run %s of skill %s failed", run.id, run.skill_id)
            state, reason = "failed", str(broken(error))
        if not run.left:
            self._ended(run, state, reason)

    def _ended(self, run: Run, state: RunState, reason: str) -> None:
        run.state, run.reason = state, reason
        run.finished_at, run.resume_at, run.queued = self._clock.time(), None, False
        self.live.pop(run.id, None)
        if state == "failed":
            _log.warning("Skill %s: %s", self.lane(run.skill_id).name, reason)
        self._keeper.ended(run)
        if not run.dry_run:
            lane = self.lane(run.skill_id)
            if run in lane.running:
                lane.running.remove(run)
            if lane.queue:
                run.kit.bus.afterwards(lambda: self._next(lane))

    def _next(self, lane: Lane) -> None:
        if lane.queue and not lane.running:
            run, sequence = lane.queue.popleft()
            run.queued, run.state = False, "running"
            self._start(run, sequence, None)


def _outcome(halt: Halt) -> tuple[RunState, str]:
    match halt:
        case StepFailed():
            return "failed", halt.reason
        case InDoubt():
            return "in_doubt", halt.reason
        case Cancelled():
            return "cancelled", halt.reason
        case Stopped():
            return ("failed" if halt.failed else "stopped"), halt.reason
        case ConditionFailed():
            return "stopped", halt.reason
    return "stopped", halt.reason
