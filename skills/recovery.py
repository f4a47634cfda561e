"""After a start: the runs and timers that a process before this one left behind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec

from hub.context import Context
from skills.info import RunState
from skills.plan import Plan
from skills.run.keeper import Keeper
from skills.run.run import Kit, Run
from skills.run.runner import Runner
from skills.templates import from_plain
from skills.trace import Trace, from_plain_trace
from store import runs
from store.runs import RunRow, TimerRow

_log = logging.getLogger(__name__)

# After so many runs the others get their turn of the loop.
_AT_ONCE = 20

PlanOf = Callable[[str, int], Awaitable[Plan | None]]


class Recovery:
    """Takes over what was unfinished and goes on with it."""

    def __init__(
        self, *, kit: Kit, keeper: Keeper, runner: Runner, owner: str, plan_of: PlanOf
    ) -> None:
        self._kit, self._keeper, self._runner = kit, keeper, runner
        self._owner, self._plan_of = owner, plan_of
        self._found: list[tuple[Run, Plan | None]] = []
        self.timers: dict[str, TimerRow] = {}

    async def claim(self) -> None:
        """Take over the rows; nothing goes on yet."""
        for row in await runs.claim(self._owner):
            plan = await self._plan_of(row.skill_id, row.skill_version)
            self._found.append((self._run(row), plan))
        self.timers = {row.id: row for row in await runs.timers()}

    def adopt(self) -> None:
        """Give the runs their places, so that the modes count them from the first trigger on."""
        for run, plan in self._found:
            if plan is not None:
                self._runner.adopt(run, plan.sequence)

    def drop_unclaimed(self) -> None:
        """Forget timers that no trigger waits for any more."""
        for timer_id in self.timers:
            self._keeper.drop_timer(timer_id)
        self.timers.clear()

    async def resume(self) -> None:
        """Go on with every run, the oldest first."""
        found, self._found = self._found, []
        for number, (run, plan) in enumerate(found):
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
            if plan is None:
                run.state, run.finished_at = "failed", self._kit.clock.time()
                run.reason = "After the restart its version of the skill was not there any more."
                self._keeper.ended(run)
            elif not run.queued:
                self._runner.go_on(run, plan.sequence)
        self._runner.start_queued()
        if found:
            _log.info("%d runs go on after the restart", len(found))

    def _run(self, row: RunRow) -> Run:
        position = row.position
        queued = bool(position.get("queued"))
        variables = from_plain(position.get("variables", {}))
        state: RunState = "waiting" if queued else "running"
        return Run(
            row.id,
            row.skill_id,
            row.skill_version,
            self._kit,
            msgspec.convert(row.context, Context),
            from_plain(row.trigger),
            variables,
            Trace(from_plain_trace(row.trace)),
            row.started_at,
            row.dry_run,
            state,
            frames=from_plain(position.get("frames", {})),
            resume_at=row.resume_at,
            stored=True,
            queued=queued,
            revision=row.revision,
            kept=position.get("frames"),
        )
