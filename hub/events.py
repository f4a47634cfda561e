"""Events: facts that happened. They never change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from hub.context import Context

STATE_CHANGED = "state_changed"
ACTION_CALLED = "action_called"
HUB_STARTED = "hub_started"
HUB_STOPPING = "hub_stopping"
INTEGRATION_CHANGED = "integration_changed"
REGISTRY_CHANGED = "registry_changed"
HEALTH_CHANGED = "health_changed"
NOTIFICATION_CHANGED = "notification_changed"
SKILL_CHANGED = "skill_changed"
RUN_CHANGED = "run_changed"

# Only the hub itself says these; nobody may publish them from outside.
KERNEL_TYPES = frozenset(
    {
        STATE_CHANGED,
        ACTION_CALLED,
        HUB_STARTED,
        HUB_STOPPING,
        INTEGRATION_CHANGED,
        REGISTRY_CHANGED,
        HEALTH_CHANGED,
        NOTIFICATION_CHANGED,
        SKILL_CHANGED,
        RUN_CHANGED,
    }
)


class Event(msgspec.Struct, frozen=True):
    """One fact. `time` is seconds since the epoch (UTC); `entity_id` is its subject, if any."""

    type: str
    data: Mapping[str, Any]
    time: float
    context: Context
    entity_id: str | None = None

    @property
    def origin(self) -> str:
        """By which kind of door the fact came in."""
        return self.context.origin

    @property
    def when(self) -> datetime:
        """`time` as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.time, UTC)
