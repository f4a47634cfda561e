"""What a sender answers. `hub.notify.service` is the face; integrations of the sender import this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt went. `reason` is a sentence without secrets; `final`: never retry;
    `after`: seconds the service asked to wait."""

    ok: bool
    reason: str = ""
    final: bool = False
    after: float = 0.0


class Sender(Protocol):
    """Sends one message to one Apprise URL."""

    async def send(self, url: str, title: str, message: str, data: Mapping[str, Any]) -> Outcome:
        """Try once. Never raises for what the service did."""
