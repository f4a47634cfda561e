"""`delay:` — wait for a time. It goes on after a restart with what is left of it."""

from __future__ import annotations

from typing import Any

from skills.actions.base import Base
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.run import Run
from skills.templates.duration import Duration
from skills.times import in_words
from skills.workshop import Common, Workshop


class DelayStep(Base):
    """Waits. Its frame holds until when (epoch seconds)."""

    __slots__ = ("_duration",)

    def __init__(self, common: Common, duration: Duration) -> None:
        super().__init__(common)
        self._duration = duration

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Wait until the time is over; in a dry run only say how long it would have been."""
        frame = run.frames.get(self.path)
        if frame is None:
            seconds = self._duration.seconds(run.variables)
            if not self._duration.constant:
                entry.label = f"Wait {in_words(seconds)}"
            if run.dry_run:
                return {"seconds": seconds, "dry_run": True}
            frame = {"until": run.kit.clock.time() + seconds, "seconds": seconds}
            run.frames[self.path] = frame
        if frame["seconds"] > 0:
            await run.rest(frame["until"])
        del run.frames[self.path]
        return {"seconds": frame["seconds"]}


def make(part: StepPart, workshop: Workshop) -> DelayStep:
    """Build the step."""
    refuse_unknown(part, ("delay",), workshop.problems)
    duration = workshop.duration(part.options["delay"], f"{part.path}/delay")
    return DelayStep(workshop.common(part), duration)
