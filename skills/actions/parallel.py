"""`parallel:` — branches at the same time; the step ends when all have ended.

What a branch sets is its own; a mistake in one lets the others end first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from skills.actions.base import Base
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.halts import Halt, restored
from skills.run.run import Run
from skills.run.sequence import Sequence
from skills.workshop import Common, Workshop


class ParallelStep(Base):
    """Runs branches. Its frame holds each branch's variables, None for one that has ended,
    and how those ended that ended early."""

    __slots__ = ("_branches",)

    def __init__(self, common: Common, branches: list[Sequence]) -> None:
        super().__init__(common)
        self._branches = branches

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Run those branches that have not ended, and wait for all of them."""
        del entry
        frame = run.frames.get(self.path)
        if frame is None:
            branches = [dict(run.variables) for _ in self._branches]
            frame = run.frames[self.path] = {"branches": branches, "halts": []}
        await asyncio.gather(
            *(
                self._run(run, frame, index, variables)
                for index, variables in enumerate(frame["branches"])
                if variables is not None
            )
        )
        del run.frames[self.path]
        if frame["halts"]:
            raise restored(frame["halts"][0])

    async def _run(
        self, run: Run, frame: dict[str, Any], index: int, variables: dict[str, Any]
    ) -> None:
        try:
            await self._branches[index].run(run.branch(variables))
        except Halt as halt:
            # Noted, so that after a crash this branch is not begun again while others go on.
            frame["halts"].append(halt.plain())
        frame["branches"][index] = None


def make(part: StepPart, workshop: Workshop) -> ParallelStep:
    """Build the step; a branch is a step, a list of steps or a `sequence`."""
    refuse_unknown(part, ("parallel",), workshop.problems)
    value, path = part.options["parallel"], f"{part.path}/parallel"
    branches = []
    for index, branch in enumerate(value if isinstance(value, list) else [value]):
        inner = f"{path}/{index}"
        if isinstance(branch, Mapping) and "sequence" in branch:
            branches.append(workshop.sequence(branch["sequence"], f"{inner}/sequence"))
        else:
            branches.append(workshop.sequence(branch, inner))
    return ParallelStep(workshop.common(part), branches)
