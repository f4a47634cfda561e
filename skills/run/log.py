"""Looks runs up: those on their way, those not written yet, those in the store."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hub.context import Context
from hub.errors import NotFound
from skills.info import UNFINISHED, RunInfo
from skills.run.keeper import Keeper
from skills.run.run import Run
from skills.run.runner import Runner
from skills.templates import from_plain
from skills.trace import from_plain_trace, shown
from store import runs
from store.runs import RunRow


class RunLog:
    """Runs as people see them. `name_of` gives the name of a skill by its id."""

    def __init__(self, keeper: Keeper, runner: Runner, name_of: Callable[[str], str]) -> None:
        self._keeper, self._runner, self._name_of = keeper, runner, name_of

    async def get(self, run_id: str) -> RunInfo:
        """One run. Raises NotFound."""
        run = self._runner.live.get(run_id)
        if run is None:
            run = next((r for r in self._keeper.unwritten() if r.id == run_id), None)
        if run is not None:
            return self.info(run)
        await self._keeper.flush()
        row = await runs.get(run_id)
        if row is None:
            raise NotFound(f"There is no run “{run_id}”.", remedy="It may have been cleared away.")
        return self._of_row(row)

    async def page(
        self, skill_id: str | None, limit: int, before: str | None, state: str | None
    ) -> list[RunInfo]:
        """Runs, the newest first."""
        await self._keeper.flush()
        mark = None
        if before is not None:
            last = await self.get(before)
            mark = (last.started_at, last.id)
        rows = await runs.page(skill_id=skill_id, state=state, before=mark, limit=limit)
        live = self._runner.live
        found = {row.id: self._of_row(row) for row in rows if row.id not in live}
        for run in live.values():
            # A run on its way may have no row yet, or one that is behind it.
            wanted = skill_id in (None, run.skill_id) and state in (None, run.state)
            if wanted and (mark is None or (run.started_at, run.id) < mark):
                found[run.id] = self.info(run)
        ordered = sorted(found.values(), key=lambda i: (i.started_at, i.id), reverse=True)
        return ordered[:limit]

    def info(self, run: Run) -> RunInfo:
        """A run that is in memory."""
        return RunInfo(
            id=run.id,
            skill_id=run.skill_id,
            skill_name=self._name_of(run.skill_id),
            skill_version=run.skill_version,
            state=run.state,
            trigger=shown(run.trigger),
            context=run.context,
            trace=from_plain_trace(run.trace.plain()),
            dry_run=run.dry_run,
            started_at=run.started_at,
            resume_at=run.resume_at,
            finished_at=run.finished_at,
            reason=run.reason,
        )

    def _of_row(self, row: RunRow) -> RunInfo:
        state = row.state
        return RunInfo(
            id=row.id,
            skill_id=row.skill_id,
            skill_name=self._name_of(row.skill_id),
            skill_version=row.skill_version,
            state=state,  # type: ignore[arg-type]  # the store keeps states as plain text
            trigger=shown(from_plain(row.trigger)),
            context=msgspec.convert(row.context, Context),
            trace=from_plain_trace(row.trace),
            dry_run=row.dry_run,
            started_at=row.started_at,
            resume_at=row.resume_at if state in UNFINISHED else None,
            finished_at=row.finished_at,
            reason=row.reason,
        )
