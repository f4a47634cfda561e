"""`variables:` — set variables; each may use those before it."""

from __future__ import annotations

from typing import Any

from hub.errors import Invalid
from skills.actions.base import Base
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.run import Run
from skills.templates import Complex, Template
from skills.workshop import Common, Workshop


class VariablesStep(Base):
    """Sets variables of the run."""

    __slots__ = ("_values",)

    def __init__(self, common: Common, values: list[tuple[str, Complex[Template]]]) -> None:
        super().__init__(common)
        self._values = values

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Set them, in the order in which they stand."""
        for name, value in self._values:
            run.set(name, value.render(run.variables), entry)


def make(part: StepPart, workshop: Workshop) -> VariablesStep:
    """Build the step."""
    refuse_unknown(part, ("variables",), workshop.problems)
    values = part.options["variables"]
    path = f"{part.path}/variables"
    if not isinstance(values, dict):
        raise Invalid("Variables are a mapping of names and values.", where=path)
    compiled = [(str(k), workshop.complex(v, f"{path}/{k}")) for k, v in values.items()]
    return VariablesStep(workshop.common(part), compiled)
