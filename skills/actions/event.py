"""`event:` — publish an event of one's own."""

from __future__ import annotations

from typing import Any

from hub.errors import Invalid
from hub.events import Event
from skills.actions.base import Base
from skills.document import StepPart, refuse_unknown
from skills.info import TraceStep
from skills.run.run import Run
from skills.templates import Complex, Template
from skills.workshop import Common, Workshop


class EventStep(Base):
    """Publishes an event with the run's context."""

    __slots__ = ("_data", "_type")

    def __init__(self, common: Common, type: str, data: Complex[Template]) -> None:
        super().__init__(common)
        self._type, self._data = type, data

    async def do(self, run: Run, entry: TraceStep) -> Any:
        """Publish it; in a dry run only say so."""
        del entry
        data = self._data.render(run.variables)
        if not run.dry_run:
            kit = run.kit
            kit.bus.publish(Event(self._type, data, kit.clock.time(), run.context))
        return {"event": self._type, "data": data, "dry_run": run.dry_run}


def make(part: StepPart, workshop: Workshop) -> EventStep:
    """Build the step."""
    keys = ("event", "event_data", "event_data_template")
    refuse_unknown(part, keys, workshop.problems)
    options = part.options
    data = options.get("event_data", options.get("event_data_template")) or {}
    if not isinstance(data, dict):
        raise Invalid("An event's data is a mapping.", where=f"{part.path}/event_data")
    if not isinstance(options["event"], str) or not options["event"]:
        raise Invalid("The event needs a name.", where=f"{part.path}/event")
    compiled = workshop.complex(data, f"{part.path}/event_data")
    return EventStep(workshop.common(part), options["event"], compiled)
