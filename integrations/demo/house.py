"""The whole demo home, and what its sensors can be made to report."""

from __future__ import annotations

from integrations.demo.flat import FLAT
from integrations.demo.kinds import Thing
from integrations.demo.studio import STUDIO

# From the ground up: floors are stacked in the order in which they are named first.
THINGS: tuple[Thing, ...] = STUDIO + FLAT

_BY_ID = {thing.entity_id: thing for thing in THINGS}


def reportable(entity_id: str, state: str) -> str:
    """What is wrong with a sensor reporting `state`; empty when nothing is."""
    thing = _BY_ID.get(entity_id)
    if thing is None:
        return f"The demo home has no {entity_id}."
    fixed = thing.description.attributes
    if state == "unavailable":
        return ""
    if entity_id.startswith("binary_sensor."):
        return "" if state in ("on", "off") else f"{entity_id} reports on or off, not “{state}”."
    if not entity_id.startswith("sensor."):
        return f"{entity_id} is no sensor: call an action such as turn_on instead."
    if "options" in fixed:
        words = ", ".join(fixed["options"])
        return "" if state in fixed["options"] else f"{entity_id} reports one of: {words}."
    return "" if _is_number(state) else f"{entity_id} reports a number, not “{state}”."


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < 1e9
    except ValueError:
        return False
