"""`sequence:` — steps as one step."""

from __future__ import annotations

from typing import Any

from skills.actions.base import Base
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.run import Run
from skills.run.sequence import Sequence
from skills.workshop import Common, Workshop


class GroupStep(Base):
    """Runs its steps in order."""

    __slots__ = ("_steps",)

    def __init__(self, common: Common, steps: Sequence) -> None:
        super().__init__(common)
        self._steps = steps

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Run them."""
        del entry
        await self._steps.run(run)


def make(part: StepPart, workshop: Workshop) -> GroupStep:
    """Build the step."""
    refuse_unknown(part, ("sequence",), workshop.problems)
    steps = workshop.sequence(part.options["sequence"], f"{part.path}/sequence")
    return GroupStep(workshop.common(part), steps)
