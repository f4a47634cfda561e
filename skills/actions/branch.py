"""`if:` — then, else."""

from __future__ import annotations

from typing import Any

from hub.errors import Invalid
from skills.actions.base import Base
from skills.conditions import Condition
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.run import Run
from skills.run.sequence import Sequence
from skills.workshop import Common, Workshop


class IfStep(Base):
    """Runs one of two branches. Its frame is which one."""

    __slots__ = ("_condition", "_else", "_then")

    def __init__(
        self, common: Common, condition: Condition, then: Sequence, otherwise: Sequence
    ) -> None:
        super().__init__(common)
        self._condition, self._then, self._else = condition, then, otherwise

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Check the condition once, then run the branch."""
        chosen = run.frames.get(self.path)
        if chosen is None:
            held = self._condition.check(run.variables)
            chosen = run.frames[self.path] = "then" if held else "else"
        entry.result = {"choice": chosen}
        await (self._then if chosen == "then" else self._else).run(run)
        del run.frames[self.path]
        return {"choice": chosen}


def make(part: StepPart, workshop: Workshop) -> IfStep:
    """Build the step with its two branches."""
    refuse_unknown(part, ("if", "then", "else"), workshop.problems)
    options, path = part.options, part.path
    if "then" not in options:
        raise Invalid("“if” needs a “then”.", where=path, remedy="Add a list of steps.")
    return IfStep(
        workshop.common(part),
        workshop.condition(options["if"], f"{path}/if"),
        workshop.sequence(options["then"], f"{path}/then"),
        workshop.sequence(options.get("else"), f"{path}/else"),
    )
