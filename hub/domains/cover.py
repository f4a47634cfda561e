"""`cover.*`: blinds, shutters, garage doors. Position 0 is closed, 100 open."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from hub.actions import Action, Call, action
from hub.entities import Entities

Position = Annotated[int, Meta(ge=0, le=100, description="0 closed, 100 open")]


def actions(entities: Entities) -> list[Action]:
    """The domain's actions."""

    @action(
        "cover.open_cover", needs_target=True, domains=("cover",), risk="asks",
        undo="cover.close_cover",
    )  # fmt: skip
    async def open_cover(call: Call) -> None:
        """Open covers."""
        await entities.act(call.entity_ids, "open_cover", {}, call.context)

    @action("cover.close_cover", needs_target=True, domains=("cover",), undo="cover.open_cover")
    async def close_cover(call: Call) -> None:
        """Close covers."""
        await entities.act(call.entity_ids, "close_cover", {}, call.context)

    @action("cover.stop_cover", needs_target=True, domains=("cover",))
    async def stop_cover(call: Call) -> None:
        """Stop covers where they are."""
        await entities.act(call.entity_ids, "stop_cover", {}, call.context)

    @action("cover.set_cover_position", needs_target=True, domains=("cover",), risk="asks")
    async def set_cover_position(call: Call, position: Position) -> None:
        """Move covers to a position."""
        await entities.act(
            call.entity_ids, "set_cover_position", {"position": position}, call.context
        )

    return [open_cover, close_cover, stop_cover, set_cover_position]
