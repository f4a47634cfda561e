"""`stop:` — end the run here, with a reason; `error: true` counts it as failed."""

from __future__ import annotations

from typing import Any

from hub.errors import Invalid
from skills.actions.base import Base
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.halts import Stopped
from skills.run.run import Run
from skills.templates import Template
from skills.workshop import Common, Workshop


class StopStep(Base):
    """Ends the run. The response variable's value becomes the run's answer."""

    __slots__ = ("_failed", "_reason", "_response")

    def __init__(self, common: Common, reason: str | Template, failed: bool, response: str) -> None:
        super().__init__(common)
        self._reason, self._failed, self._response = reason, failed, response

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Always raises Stopped."""
        reason = self._reason
        text = reason if isinstance(reason, str) else reason.render_text(run.variables)
        response = None
        if self._response:
            if self._response not in run.variables:
                raise Invalid(f"There is no variable “{self._response}” to answer with.")
            response = run.variables[self._response]
        entry.result = {"stop": text, "error": self._failed}
        raise Stopped(text, failed=self._failed, response=response)


def make(part: StepPart, workshop: Workshop) -> StopStep:
    """Build the step."""
    refuse_unknown(part, ("stop", "error", "response_variable"), workshop.problems)
    failed = part.options.get("error", False)
    if not isinstance(failed, bool):
        raise Invalid("This is true or false.", where=f"{part.path}/error")
    reason = workshop.text(part.options["stop"] or "", f"{part.path}/stop")
    response = str(part.options.get("response_variable") or "")
    return StopStep(workshop.common(part), reason, failed, response)
