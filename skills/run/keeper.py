"""Keeps runs and timers: what must survive is written at once, the rest a moment later.

Whoever waits is written together in one transaction (a commit costs milliseconds, however many rows
it has). A run that never waited costs nothing while it runs: its trace is written afterwards.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator

import msgspec

from hub.bus import Bus
from hub.clock import Cancel, Clock
from hub.events import RUN_CHANGED, Event
from hub.health import Health
from hub.tasks import Tasks
from skills.info import UNFINISHED
from skills.run.halts import Cancelled
from skills.run.run import Run
from skills.templates import to_plain
from store import runs
from store.runs import Batch, RunRow, TimerRow
from store.trouble import StoreError

_log = logging.getLogger(__name__)
_AGAIN = 5.0


class Keeper:
    """Writes runs and timers, in batches. `owner` names this process in the rows."""

    def __init__(
        self,
        *,
        bus: Bus,
        clock: Clock,
        tasks: Tasks,
        health: Health,
        owner: str,
        flush_seconds: float,
        kept: int,
    ) -> None:
        self._bus, self._clock, self._tasks, self._health = bus, clock, tasks, health
        self._owner, self._flush_seconds, self._kept = owner, flush_seconds, kept
        self._urgent: dict[str, Run] = {}
        self._ended: dict[str, deque[Run]] = {}
        self._timers: dict[str, TimerRow | None] = {}
        self._triggered: dict[str, float] = {}
        self._waiting: list[asyncio.Future[bool]] = []
        self._since_trim: dict[str, int] = {}
        self._writer: asyncio.Task[None] | None = None
        self._later: Cancel | None = None
        self._writing = asyncio.Lock()

    def save(self, run: Run, *, drop_timer: str | None = None) -> asyncio.Future[bool]:
        """Write a run as it is now. The answer, when awaited, is whether it is safe on the disk;
        what could not be written is tried again all the same.
        """
        self._urgent[run.id] = run
        if drop_timer is not None:
            self._timers[drop_timer] = None
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self._hurry()
        return waiter

    def keep(self, run: Run) -> None:
        """Write a run at once, without anybody waiting for it."""
        self._urgent[run.id] = run
        self._hurry()

    def ended(self, run: Run) -> None:
        """A run has ended: at once if it has a row, else with the next batch."""
        if run.stored:
            self._urgent[run.id] = run
            self._hurry()
        else:
            found = self._ended.get(run.skill_id)
            if found is None:
                found = self._ended[run.skill_id] = deque(maxlen=self._kept)
            found.append(run)
            self._schedule(self._flush_seconds)
        self.told(run)

    def triggered(self, skill_id: str, time: float) -> None:
        """Note when a skill was last triggered."""
        self._triggered[skill_id] = time

    def put_timer(self, row: TimerRow) -> None:
        """Write a timer at once, with whatever else is to be written."""
        self._timers[row.id] = row
        self._hurry()

    def drop_timer(self, timer_id: str) -> None:
        """Forget a timer."""
        self._timers[timer_id] = None
        self._hurry()

    def told(self, run: Run) -> None:
        """Tell the bus that a run's state is another one."""
        data = {"run_id": run.id, "skill_id": run.skill_id, "state": run.state}
        self._bus.publish(Event(RUN_CHANGED, data, self._clock.time(), run.context))

    def unwritten(self) -> Iterator[Run]:
        """Ended runs that are only in memory yet."""
        for found in self._ended.values():
            yield from found

    async def flush(self) -> None:
        """Write everything that there is to write."""
        async with self._writing:
            await self._write()

    async def forget(self, skill_id: str) -> None:
        """Drop the timers of a skill, those not written yet too."""
        for timer_id in [t for t in self._timers if t.startswith(f"{skill_id}/")]:
            self._timers[timer_id] = None
        await self.flush()
        await runs.drop_timers(skill_id)

    def _hurry(self) -> None:
        if self._writer is None:
            self._writer = self._tasks.spawn(self._write_urgent(), "write runs")

    def _schedule(self, seconds: float) -> None:
        if self._later is None:
            self._later = self._clock.call_later(seconds, self._flush_later)

    def _flush_later(self) -> None:
        self._later = None
        self._tasks.spawn(self.flush(), "write ended runs")

    async def _write_urgent(self) -> None:
        try:
            while self._urgent or self._timers:
                async with self._writing:
                    if not await self._write():
                        return
        finally:
            self._writer = None

    async def _write(self) -> bool:
        urgent, self._urgent = self._urgent, {}
        timers, self._timers = self._timers, {}
        ended, self._ended = self._ended, {}
        triggered, self._triggered = self._triggered, {}
        waiting, self._waiting = self._waiting, []
        batch = Batch(
            saved=[self._row(run) for run in urgent.values()],
            added=[self._row(run) for found in ended.values() for run in found],
            timers=[row for row in timers.values() if row is not None],
            dropped_timers=[timer_id for timer_id, row in timers.items() if row is None],
            triggered=triggered,
        )
        try:
            refused = await runs.write(batch)
        except StoreError as error:
            self._failed(error, waiting)
            # What came meanwhile is newer.
            self._urgent = urgent | self._urgent
            self._timers = timers | self._timers
            self._triggered = triggered | self._triggered
            self._ended = ended | self._ended
            return False
        self._health.report("runs", "ok", "Runs are being kept.")
        for run_id in refused:
            urgent[run_id].stop(Cancelled("Another process has taken the run over."))
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(True)
        await self._trim({skill_id: len(found) for skill_id, found in ended.items()})
        return True

    def _failed(self, error: StoreError, waiting: list[asyncio.Future[bool]]) -> None:
        self._health.report(
            "runs",
            "bad",
            f"Runs can't be kept: {error}",
            "Free space on the disk. Skills go on meanwhile, but would not survive a restart.",
        )
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(False)
        self._schedule(_AGAIN)

    async def _trim(self, written: dict[str, int]) -> None:
        for skill_id, count in written.items():
            total = self._since_trim.get(skill_id, self._kept) + count
            if total >= self._kept / 2:
                await runs.trim(skill_id, self._kept)
                total = 0
            self._since_trim[skill_id] = total

    def _row(self, run: Run) -> RunRow:
        run.revision += 1
        run.stored = True
        return row_of(run, self._owner)


def row_of(run: Run, owner: str) -> RunRow:
    """A run as the row that it can be resumed from."""
    position = {}
    if run.state in UNFINISHED:
        position = {
            "frames": to_plain(run.frames),
            "variables": to_plain(run.variables),
            "queued": run.queued,
        }
    return RunRow(
        id=run.id,
        skill_id=run.skill_id,
        skill_version=run.skill_version,
        state=run.state,
        context=msgspec.to_builtins(run.context),
        started_at=run.started_at,
        position=position,
        trigger=to_plain(run.trigger),
        trace=run.trace.plain(),
        dry_run=run.dry_run,
        resume_at=run.resume_at,
        finished_at=run.finished_at,
        reason=run.reason,
        owner=owner,
        revision=run.revision,
    )
