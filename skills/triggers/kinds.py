"""Which kinds of triggers there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hub.errors import Invalid
from skills.document import TriggerPart
from skills.triggers.event import EventTrigger
from skills.triggers.hub import HubTrigger
from skills.triggers.numeric_state import NumericStateTrigger
from skills.triggers.state import StateTrigger
from skills.triggers.sun import SunTrigger
from skills.triggers.template import TemplateTrigger
from skills.triggers.time import TimeTrigger
from skills.triggers.time_pattern import TimePatternTrigger
from skills.triggers.wire import Trigger
from skills.workshop import Workshop

KINDS: Mapping[str, Callable[[TriggerPart, Workshop], Trigger]] = {
    "state": StateTrigger,
    "numeric_state": NumericStateTrigger,
    "time": TimeTrigger,
    "time_pattern": TimePatternTrigger,
    "sun": SunTrigger,
    "event": EventTrigger,
    "template": TemplateTrigger,
    "homeassistant": HubTrigger,
    "hub": HubTrigger,
}


def build(part: TriggerPart, workshop: Workshop) -> Trigger:
    """Build a trigger out of its part. Raises Invalid with the path."""
    make = KINDS.get(part.kind)
    if make is None:
        raise Invalid(
            f"The trigger “{part.kind}” is not supported yet.",
            where=f"{part.path}",
            remedy=f"There are: {', '.join(sorted(KINDS))}.",
        )
    return make(part, workshop)
