"""`lock.*`: lock and unlock. Unlocking asks a person when a model wants it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from hub.actions import Action, Call, action
from hub.entities import Entities

Code = Annotated[str, Meta(max_length=64, description="The lock's code, where it has one")]


def actions(entities: Entities) -> list[Action]:
    """The domain's actions."""

    @action("lock.lock", needs_target=True, domains=("lock",))
    async def lock(call: Call, code: Code | None = None) -> None:
        """Lock doors."""
        await entities.act(call.entity_ids, "lock", _with(code), call.context)

    @action(
        "lock.unlock", needs_target=True, domains=("lock",), risk="asks", effect="once",
        undo="lock.lock",
    )  # fmt: skip
    async def unlock(call: Call, code: Code | None = None) -> None:
        """Unlock doors."""
        await entities.act(call.entity_ids, "unlock", _with(code), call.context)

    return [lock, unlock]


def _with(code: str | None) -> dict[str, str]:
    return {} if code is None else {"code": code}
