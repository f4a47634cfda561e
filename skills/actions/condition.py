"""A condition between the steps: when it does not hold, its sequence ends there."""

from __future__ import annotations

from typing import Any

from skills.actions.base import Base
from skills.conditions import Condition
from skills.document import StepPart
from skills.info import TraceStep
from skills.run.halts import ConditionFailed
from skills.run.run import Run
from skills.workshop import Common, Workshop

_NOT_ITS_OWN = ("continue_on_error", "metadata")


class ConditionStep(Base):
    """Checks a condition."""

    __slots__ = ("_condition",)

    def __init__(self, common: Common, condition: Condition) -> None:
        super().__init__(common)
        self._condition = condition

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Raise ConditionFailed when it does not hold."""
        if self._condition.check(run.variables):
            return {"result": True}
        entry.result = {"result": False}
        raise ConditionFailed(self._condition.explain(run.variables))


def make(part: StepPart, workshop: Workshop) -> ConditionStep:
    """Build the step."""
    config = {key: value for key, value in part.options.items() if key not in _NOT_ITS_OWN}
    # Whether it is switched on is the step's question; the condition itself is always asked.
    config.pop("enabled", None)
    return ConditionStep(workshop.common(part), workshop.condition(config, part.path))
