"""`homeassistant.turn_on|turn_off|toggle`: for anything that can be on or off.

The names are those of https://www.home-assistant.io/integrations/homeassistant/, so that public
blueprints run as they are.
"""

from __future__ import annotations

from hub.actions import Action, Call, action
from hub.entities import Entities


def actions(entities: Entities) -> list[Action]:
    """The actions on any domain."""

    def able(call: Call, verb: str) -> tuple[str, ...]:
        found = []
        for entity_id in call.entity_ids:
            description = entities.description(entity_id)
            if description is None or verb in description.actions:
                found.append(entity_id)
        return tuple(found)

    @action("homeassistant.turn_on", needs_target=True, domains=_SWITCHABLE)
    async def turn_on(call: Call) -> None:
        """Turn anything on that can be on."""
        await entities.act(able(call, "turn_on"), "turn_on", {}, call.context)

    @action("homeassistant.turn_off", needs_target=True, domains=_SWITCHABLE)
    async def turn_off(call: Call) -> None:
        """Turn anything off that can be off."""
        await entities.act(able(call, "turn_off"), "turn_off", {}, call.context)

    @action("homeassistant.toggle", needs_target=True, domains=_SWITCHABLE)
    async def toggle(call: Call) -> None:
        """Turn what is on off, and the rest on."""
        await entities.act(able(call, "toggle"), "toggle", {}, call.context)

    return [turn_on, turn_off, toggle]


_SWITCHABLE = ("light", "switch", "climate", "fan", "media_player", "input_boolean", "humidifier")
