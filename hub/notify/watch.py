"""The health of notifications: failed for good lately, or waiting for long."""

from __future__ import annotations

from collections import deque

from hub.bus import Bus
from hub.clock import Cancel, Clock
from hub.events import NOTIFICATION_CHANGED, Event
from hub.health import Health
from store import outbox as store

_RECENT = 3600.0
_LONG = 900.0
_PART = "notifications"


class Watch:
    """Listens to what becomes of deliveries and reports it."""

    def __init__(self, bus: Bus, clock: Clock, health: Health) -> None:
        self._bus, self._clock, self._health = bus, clock, health
        self._failures: deque[float] = deque(maxlen=10_000)
        self._open: dict[str, float] = {}
        self._cancel: Cancel | None = None

    async def start(self) -> None:
        """Remember what the store knows, and listen from now on."""
        self._failures.extend(await store.failed_since(self._clock.time() - _RECENT))
        self._open = {row.id: row.created_at for row in await store.waiting()}
        self._bus.subscribe(NOTIFICATION_CHANGED, self._on_change)
        self.look()

    def stop(self) -> None:
        """Look no more."""
        if self._cancel:
            self._cancel()

    def store_failed(self, why: str) -> None:
        """The outbox could not write; it tries again by itself."""
        self._health.report(
            _PART,
            "bad",
            f"Deliveries can't be recorded: {why}.",
            "Free space on the disk; nothing is lost, the hub tries again every few seconds.",
        )

    def look(self) -> None:
        """Report how it is now, and look again when that will change by itself."""
        now = self._clock.time()
        while self._failures and self._failures[0] <= now - _RECENT:
            self._failures.popleft()
        oldest = next(iter(self._open.values()), None)
        if failed := len(self._failures):
            self._health.report(
                _PART,
                "warn",
                f"{_deliveries(failed)} failed in the last hour.",
                "See the reasons under Notifications and try them again there.",
            )
        elif oldest is not None and oldest <= now - _LONG:
            self._health.report(
                _PART,
                "warn",
                "Notifications wait for more than 15 minutes.",
                "See under Notifications which service does not take them.",
            )
        else:
            self._health.report(_PART, "ok", "Notifications are being delivered.")
        self._look_again(oldest, now)

    def _look_again(self, oldest: float | None, now: float) -> None:
        if self._cancel:
            self._cancel()
        moments = [self._failures[0] + _RECENT] if self._failures else []
        if oldest is not None and oldest > now - _LONG:
            moments.append(oldest + _LONG)
        self._cancel = self._clock.call_at(min(moments), self.look) if moments else None

    def _on_change(self, event: Event) -> None:
        delivery, state = event.data["delivery_id"], event.data["state"]
        if state in store.OPEN:
            self._open.setdefault(delivery, event.time)
        else:
            self._open.pop(delivery, None)
        if state in ("failed", "no_target"):
            self._failures.append(event.time)
        self.look()


def _deliveries(count: int) -> str:
    return "1 delivery" if count == 1 else f"{count} deliveries"
