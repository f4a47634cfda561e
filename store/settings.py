"""Settings that people change in the pages: one JSON value a key."""

from __future__ import annotations

from typing import Any

from store.models import Setting

# Wrapped, because Tortoise takes a plain text in a JSON field for JSON and tries to read it.
_WRAP = "is"


async def load() -> dict[str, Any]:
    """Every setting."""
    return {row.key: row.value[_WRAP] for row in await Setting.all()}


async def put(key: str, value: Any) -> None:
    """Set one; `value` is anything that JSON can hold."""
    await Setting.update_or_create(defaults={"value": {_WRAP: value}}, key=key)
