"""`switch.*`: on, off, toggle."""

from __future__ import annotations

from hub.actions import Action, Call, action
from hub.entities import Entities


def actions(entities: Entities) -> list[Action]:
    """The domain's actions."""

    @action("switch.turn_on", needs_target=True, domains=("switch",), undo="switch.turn_off")
    async def turn_on(call: Call) -> None:
        """Turn switches on."""
        await entities.act(call.entity_ids, "turn_on", {}, call.context)

    @action("switch.turn_off", needs_target=True, domains=("switch",), undo="switch.turn_on")
    async def turn_off(call: Call) -> None:
        """Turn switches off."""
        await entities.act(call.entity_ids, "turn_off", {}, call.context)

    @action("switch.toggle", needs_target=True, domains=("switch",), undo="switch.toggle")
    async def toggle(call: Call) -> None:
        """Turn switches that are on off, and the others on."""
        await entities.act(call.entity_ids, "toggle", {}, call.context)

    return [turn_on, turn_off, toggle]
