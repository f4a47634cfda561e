"""`choose:` — the first option whose conditions hold, else the default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid
from skills.actions.base import Base
from skills.conditions import Condition
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.run import Run
from skills.run.sequence import Sequence
from skills.workshop import Common, Workshop

_DEFAULT = "default"


class ChooseStep(Base):
    """Chooses a branch. Its frame is the branch that was chosen."""

    __slots__ = ("_default", "_options")

    def __init__(
        self, common: Common, options: list[tuple[Condition, Sequence]], default: Sequence
    ) -> None:
        super().__init__(common)
        self._options, self._default = options, default

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Run the chosen branch."""
        chosen = run.frames.get(self.path)
        if chosen is None:
            chosen = run.frames[self.path] = self._choose(run)
        entry.result = {"choice": chosen}
        branch = self._options[chosen][1] if isinstance(chosen, int) else self._default
        await branch.run(run)
        del run.frames[self.path]
        return {"choice": chosen}

    def _choose(self, run: Run) -> int | str:
        for index, (condition, _) in enumerate(self._options):
            if condition.check(run.variables):
                return index
        return _DEFAULT


def make(part: StepPart, workshop: Workshop) -> ChooseStep:
    """Build the step with its branches."""
    refuse_unknown(part, ("choose", "default"), workshop.problems)
    path = f"{part.path}/choose"
    value = part.options["choose"]
    listed = value if isinstance(value, list) else [value]
    options = []
    for index, option in enumerate(listed):
        inner = f"{path}/{index}"
        if not isinstance(option, Mapping) or "sequence" not in option:
            raise Invalid(
                "An option has conditions and a sequence.", where=inner, remedy="Add “sequence”."
            )
        key = "condition" if "condition" in option else "conditions"
        condition = workshop.condition(option.get(key), f"{inner}/{key}")
        options.append((condition, workshop.sequence(option["sequence"], f"{inner}/sequence")))
    default = workshop.sequence(part.options.get("default"), f"{part.path}/default")
    return ChooseStep(workshop.common(part), options, default)
