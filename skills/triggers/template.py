"""`trigger: template` — a template's result becomes true.

https://www.home-assistant.io/docs/automation/trigger/#template-trigger
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hub.context import Context
from hub.errors import HubError, Invalid
from hub.events import STATE_CHANGED, Event
from skills.document import TriggerPart, refuse_unknown
from skills.templates import Rendered, StateView, as_bool
from skills.templates.duration import Duration
from skills.triggers.held import Holds
from skills.triggers.wire import Detach, Wire
from skills.watch import Watch
from skills.workshop import Workshop

_log = logging.getLogger(__name__)
_ITSELF = ""
# How long after the start an entity that does not report keeps the question open, in seconds.
_PATIENCE = 600.0


class TemplateTrigger:
    """Fires when its template changes from false to true, and stays so for as long as wanted."""

    def __init__(self, part: TriggerPart, workshop: Workshop) -> None:
        refuse_unknown(part, ("value_template", "for"), workshop.problems)
        text = part.options.get("value_template")
        if text is None:
            raise Invalid(
                "The template is missing.", where=part.path, remedy="Add “value_template”."
            )
        self.part = part
        self.entities: frozenset[str] = frozenset()
        self.template = workshop.template(str(text), f"{part.path}/value_template")
        self.hold: Duration | None = None
        if (wanted := part.options.get("for")) is not None:
            self.hold = workshop.duration(wanted, f"{part.path}/for")

    def attach(self, wire: Wire) -> Detach:
        """Follow what the template reads."""
        return _Attached(self, wire).stop


class _Attached:
    """A template trigger at work."""

    def __init__(self, trigger: TemplateTrigger, wire: Wire) -> None:
        self._trigger, self._wire = trigger, wire
        self._failing = False
        self._since = wire.clock.time()
        self._holds = Holds(trigger.part, wire, self._still, self._describe)
        self._watch = Watch(trigger.template, wire.variables, wire.bus, wire.clock, self._on_change)
        self._was = self._result(self._watch.rendered)
        self._holds.restore()

    def stop(self) -> None:
        self._watch.stop()
        self._holds.stop()

    def _on_change(self, rendered: Rendered, event: Event | None) -> None:
        now = self._result(rendered)
        was, self._was = self._was, now
        if self._holds.settles(_ITSELF):
            return
        if not now:
            self._holds.cancel(_ITSELF)
        elif not was:
            self._became_true(event)

    def _became_true(self, event: Event | None) -> None:
        trigger = self._trigger
        context = event.context if event else Context.new("time")
        extra = _extra(event)
        seconds = 0.0
        if trigger.hold is not None:
            try:
                seconds = trigger.hold.seconds({**self._wire.variables, "trigger": extra})
            except HubError as error:
                self._wire.failed(trigger.part, error, context)
                return
            extra["for"] = timedelta(seconds=seconds)
        if seconds > 0:
            self._holds.begin(_ITSELF, seconds, extra, context, {})
        else:
            self._wire.fire(trigger.part, extra, context, self._describe(_ITSELF, 0.0))

    def _result(self, rendered: Rendered) -> bool:
        if rendered.error is not None:
            if not self._failing:
                where = f"{self._trigger.part.path}/value_template"
                _log.warning("Skill %s, %s: %s", self._wire.skill_id, where, rendered.error)
            self._failing = True
            return False
        self._failing = False
        return as_bool(rendered.value)

    def _still(self, subject: str, note: Mapping[str, Any]) -> bool | None:
        del subject, note
        young = self._wire.clock.time() < self._since + _PATIENCE
        if young and any(not self._holds.reported(e) for e in self._watch.rendered.entities):
            return None
        return self._was

    def _describe(self, subject: str, seconds: float) -> str:
        del subject, seconds
        return "template"


def _extra(event: Event | None) -> dict[str, Any]:
    extra: dict[str, Any] = {"entity_id": None, "from_state": None, "to_state": None, "for": None}
    if event is not None and event.type == STATE_CHANGED:
        old, new = event.data["old_state"], event.data["new_state"]
        extra["entity_id"] = event.entity_id
        extra["from_state"] = StateView(old) if old else None
        extra["to_state"] = StateView(new) if new else None
    return extra
