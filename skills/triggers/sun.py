"""`trigger: sun` — the sun rises or sets at the home, or so long before or after.

https://www.home-assistant.io/docs/automation/trigger/#sun-trigger
"""

from __future__ import annotations

from hub.errors import Invalid
from skills import sun
from skills.document import TriggerPart, refuse_unknown
from skills.times import in_words, signed_seconds
from skills.triggers.alarm import Alarm
from skills.triggers.wire import Detach, Wire
from skills.workshop import Workshop


class SunTrigger:
    """Fires at sunrise or sunset; not at all while it is not known where the home is."""

    entities: frozenset[str] = frozenset()

    def __init__(self, part: TriggerPart, workshop: Workshop) -> None:
        refuse_unknown(part, ("event", "offset"), workshop.problems)
        options, path = part.options, part.path
        if options.get("event") is None:
            raise Invalid("The event is missing.", where=path, remedy="Add “event: sunset”.")
        self.part = part
        self._event = sun.event(options["event"], f"{path}/event")
        self._offset = signed_seconds(options.get("offset") or 0, f"{path}/offset")

    def attach(self, wire: Wire) -> Detach:
        """Set the clock for the next one."""

        def next_after(moment: float) -> float | None:
            return sun.next_after(self._event, moment, self._offset, wire.home)

        extra = {"event": self._event, "offset": self.part.options.get("offset")}
        return Alarm(self.part, wire, next_after, self._words(), extra).stop

    def _words(self) -> str:
        if not self._offset:
            return self._event
        side = "before" if self._offset < 0 else "after"
        return f"{in_words(abs(self._offset))} {side} {self._event}"
