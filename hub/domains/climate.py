"""`climate.*`: thermostats. Temperatures in the home's unit (degrees Celsius)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from hub.actions import Action, Call, action
from hub.entities import Entities
from hub.errors import Invalid

Temperature = Annotated[float, Meta(ge=-30, le=60, description="Degrees Celsius")]
Mode = Literal["off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only"]


def actions(entities: Entities) -> list[Action]:
    """The domain's actions."""

    @action("climate.set_temperature", needs_target=True, domains=("climate",))
    async def set_temperature(
        call: Call,
        temperature: Temperature | None = None,
        target_temp_high: Temperature | None = None,
        target_temp_low: Temperature | None = None,
        hvac_mode: Mode | None = None,
    ) -> None:
        """Set the temperature that a thermostat keeps, or the range."""
        wanted = {
            "temperature": temperature,
            "target_temp_high": target_temp_high,
            "target_temp_low": target_temp_low,
            "hvac_mode": hvac_mode,
        }
        data = {key: value for key, value in wanted.items() if value is not None}
        if not data:
            raise Invalid("Say which temperature.", where="data.temperature")
        await entities.act(call.entity_ids, "set_temperature", data, call.context)

    @action("climate.set_hvac_mode", needs_target=True, domains=("climate",))
    async def set_hvac_mode(call: Call, hvac_mode: Mode) -> None:
        """Set a thermostat to heat, cool, auto or off."""
        await entities.act(call.entity_ids, "set_hvac_mode", {"hvac_mode": hvac_mode}, call.context)

    @action("climate.turn_on", needs_target=True, domains=("climate",))
    async def turn_on(call: Call) -> None:
        """Turn thermostats on."""
        await entities.act(call.entity_ids, "turn_on", {}, call.context)

    @action("climate.turn_off", needs_target=True, domains=("climate",))
    async def turn_off(call: Call) -> None:
        """Turn thermostats off."""
        await entities.act(call.entity_ids, "turn_off", {}, call.context)

    return [set_temperature, set_hvac_mode, turn_on, turn_off]
