"""`light.*`: on, off, brightness, colour.

Field names as in https://www.home-assistant.io/integrations/light/.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from hub.actions import Action, Call, action
from hub.entities import Entities
from hub.errors import Invalid

Brightness = Annotated[int, Meta(ge=0, le=255, description="Brightness, 0 to 255")]
Percent = Annotated[float, Meta(ge=0, le=100, description="Brightness in percent")]
StepPercent = Annotated[float, Meta(ge=-100, le=100, description="Change of brightness, percent")]
Channel = Annotated[int, Meta(ge=0, le=255)]
Rgb = Annotated[tuple[Channel, Channel, Channel], Meta(description="Red, green, blue: 0 to 255")]
Kelvin = Annotated[int, Meta(ge=1000, le=12000, description="Colour temperature in kelvin")]
Transition = Annotated[float, Meta(ge=0, le=300, description="Seconds that the change takes")]
ColorName = Annotated[str, Meta(description="A colour's CSS name, such as orange")]

# The sixteen basic colours of CSS and those that lamps are asked for (CSS Color 4, 6.1).
COLORS: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255), "red": (255, 0, 0), "lime": (0, 255, 0), "green": (0, 128, 0),
    "blue": (0, 0, 255), "yellow": (255, 255, 0), "cyan": (0, 255, 255), "aqua": (0, 255, 255),
    "magenta": (255, 0, 255), "fuchsia": (255, 0, 255), "orange": (255, 165, 0),
    "purple": (128, 0, 128), "pink": (255, 192, 203), "gold": (255, 215, 0),
    "violet": (238, 130, 238), "indigo": (75, 0, 130), "turquoise": (64, 224, 208),
    "teal": (0, 128, 128), "navy": (0, 0, 128), "maroon": (128, 0, 0), "olive": (128, 128, 0),
    "salmon": (250, 128, 114), "coral": (255, 127, 80), "lavender": (230, 230, 250),
    "brown": (165, 42, 42), "beige": (245, 245, 220), "ivory": (255, 255, 240),
    "khaki": (240, 230, 140), "crimson": (220, 20, 60), "tomato": (255, 99, 71),
}  # fmt: skip


def actions(entities: Entities) -> list[Action]:
    """The domain's actions."""

    @action("light.turn_on", needs_target=True, domains=("light",), undo="light.turn_off")
    async def turn_on(
        call: Call,
        brightness: Brightness | None = None,
        brightness_pct: Percent | None = None,
        brightness_step_pct: StepPercent | None = None,
        rgb_color: Rgb | None = None,
        color_name: ColorName | None = None,
        color_temp_kelvin: Kelvin | None = None,
        transition: Transition | None = None,
    ) -> None:
        """Turn lights on, or change their brightness or colour."""
        if brightness_pct is not None:
            brightness = round(brightness_pct * 255 / 100)
        wanted = {
            "brightness": brightness,
            "brightness_step": _step(brightness_step_pct),
            "rgb_color": rgb_color or _color(color_name),
            "color_temp_kelvin": color_temp_kelvin,
            "transition": transition,
        }
        data = {key: value for key, value in wanted.items() if value is not None}
        await entities.act(call.entity_ids, "turn_on", data, call.context)

    @action("light.turn_off", needs_target=True, domains=("light",), undo="light.turn_on")
    async def turn_off(call: Call, transition: Transition | None = None) -> None:
        """Turn lights off."""
        data = {} if transition is None else {"transition": transition}
        await entities.act(call.entity_ids, "turn_off", data, call.context)

    @action("light.toggle", needs_target=True, domains=("light",), undo="light.toggle")
    async def toggle(call: Call, brightness_pct: Percent | None = None) -> None:
        """Turn lights that are on off, and the others on."""
        data = {}
        if brightness_pct is not None:
            data["brightness"] = round(brightness_pct * 255 / 100)
        await entities.act(call.entity_ids, "toggle", data, call.context)

    return [turn_on, turn_off, toggle]


def _step(percent: float | None) -> int | None:
    return None if percent is None else round(percent * 255 / 100)


def _color(name: str | None) -> tuple[int, int, int] | None:
    if name is None:
        return None
    if (found := COLORS.get(name.replace(" ", "").lower())) is None:
        raise Invalid(
            f"The colour “{name}” is not known.",
            where="data.color_name",
            remedy="Use rgb_color, or one of: " + ", ".join(sorted(COLORS)) + ".",
        )
    return found
