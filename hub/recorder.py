"""Hands state changes and the audit log to the store, in batches, off the hot path."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from hub.bus import Bus
from hub.clock import Cancel, Clock
from hub.context import Context
from hub.events import ACTION_CALLED, NOTIFICATION_CHANGED, STATE_CHANGED, Event
from hub.health import Health
from hub.states import State
from hub.tasks import Tasks
from store.history import AuditRow, History, StateRow

_log = logging.getLogger(__name__)
_MOST_KEPT = 200_000
_WAIT_AFTER_FAILURE = 10.0
_FIRST_SWEEP, _SWEEP_EVERY = 60.0, 6 * 3600.0
_DAY = 86_400.0


class Recorder:
    """Collects for `flush_seconds`, then writes one transaction; drops what is older than
    `keep_days`. A full disk costs nothing at once: the rows are kept in memory (200,000 at most)
    and written when there is room again."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        tasks: Tasks,
        history: History,
        health: Health,
        flush_seconds: float,
        keep_days: float = 14.0,
    ) -> None:
        self._bus, self._clock, self._tasks = bus, clock, tasks
        self._history, self._health = history, health
        self._flush_seconds, self._keep_seconds = flush_seconds, keep_days * _DAY
        self._events: list[Event] = []
        self._audits: list[AuditRow] = []
        self._writing = asyncio.Lock()
        self._flushing: set[asyncio.Task[None]] = set()
        self._cancel: Cancel | None = None
        self._endings: list[Callable[[], None]] = []
        self._end_sweep: Cancel | None = None
        self._dropped = 0

    def start(self) -> None:
        """Begin to listen, and to drop what is too old."""
        self._endings = [
            self._bus.subscribe(STATE_CHANGED, self._on_state),
            self._bus.subscribe(ACTION_CALLED, self._on_action),
            self._bus.subscribe(NOTIFICATION_CHANGED, self._on_notification),
        ]
        self._sweep_in(_FIRST_SWEEP)

    async def stop(self) -> None:
        """Write what is left."""
        for end in self._endings:
            end()
        for cancel in (self._cancel, self._end_sweep):
            if cancel:
                cancel()
        await self.flush()
        if lost := len(self._events) + len(self._audits):
            _log.error("%d lines of history could not be written and are lost", lost)

    async def flush(self) -> None:
        """Write everything collected so far. Once begun it goes on when the caller is cancelled."""
        writing = asyncio.create_task(self._flush(), name="write history")
        self._flushing.add(writing)
        writing.add_done_callback(self._flushing.discard)
        await asyncio.shield(writing)

    async def _flush(self) -> None:
        async with self._writing:
            self._cancel = None
            events, self._events = self._events, []
            audits, self._audits = self._audits, []
            if not events and not audits:
                return
            try:
                moved = await self._history.record([_state_row(event) for event in events], audits)
            except (sqlite3.Error, OSError) as error:
                self._keep(events, audits, error)
                return
            self._health.report("history", "ok", "History is being recorded.")
            if moved:
                self.say_moved(moved)
            if self._dropped:
                _log.warning("%d lines of history were lost meanwhile", self._dropped)
                self._dropped = 0

    def say_moved(self, sentence: str) -> None:
        """Tell, until the next start, that a damaged history was put aside."""
        self._health.report("older history", "warn", sentence, "What it held can't be shown.")

    def audit(
        self,
        kind: str,
        subject: str,
        outcome: str,
        context: Context,
        *,
        reason: str = "",
        data: dict[str, object] | None = None,
    ) -> None:
        """Add a line to the audit log: a sign-in, a changed setting, a skill that was saved."""
        self._audits.append(
            AuditRow(
                self._clock.time(),
                kind,
                subject,
                outcome,
                context.id,
                context.parent_id,
                context.person_id,
                context.origin,
                reason,
                data or {},
            )
        )
        self._schedule()

    def _on_state(self, event: Event) -> None:
        self._events.append(event)
        if self._cancel is None:
            self._schedule()

    def _on_action(self, event: Event) -> None:
        about = event.data
        self.audit(
            "action",
            about["action"],
            about["outcome"],
            event.context,
            reason=about["reason"],
            data={"data": dict(about["data"]), "entity_ids": list(about["entity_ids"])},
        )

    def _on_notification(self, event: Event) -> None:
        """A message that did not reach somebody is part of the record; the rest has its own rows."""
        about = event.data
        if about["state"] in ("failed", "no_target"):
            self.audit(
                "notification",
                about["target_name"] or about["person_id"],
                about["state"],
                event.context,
                reason=about["reason"],
                data={key: about[key] for key in ("notification_id", "delivery_id", "person_id")},
            )

    def _schedule(self) -> None:
        if self._cancel is None:
            self._cancel = self._clock.call_later(
                self._flush_seconds, lambda: self._tasks.spawn(self.flush(), "recorder flush")
            )

    def _keep(self, events: list[Event], audits: list[AuditRow], error: Exception) -> None:
        events, audits = events + self._events, audits + self._audits
        self._dropped += max(len(events) - _MOST_KEPT, 0) + max(len(audits) - _MOST_KEPT, 0)
        self._events, self._audits = events[-_MOST_KEPT:], audits[-_MOST_KEPT:]
        self._health.report(
            "history",
            "bad",
            f"History can't be written: {error}.",
            "Look whether the disk is full or read-only; the last changes are kept in memory "
            "meanwhile.",
        )
        self._cancel = self._clock.call_later(
            _WAIT_AFTER_FAILURE, lambda: self._tasks.spawn(self.flush(), "recorder flush")
        )

    def _sweep_in(self, seconds: float) -> None:
        self._end_sweep = self._clock.call_later(
            seconds, lambda: self._tasks.spawn(self._sweep(), "drop old history")
        )

    async def _sweep(self) -> None:
        try:
            await self._history.forget_before(self._clock.time() - self._keep_seconds)
        except (sqlite3.Error, OSError) as error:
            _log.warning("Old history can't be dropped now: %s", error)
        self._sweep_in(_SWEEP_EVERY)


def state_of(row: StateRow) -> State:
    """A recorded row as the state that it was."""
    context = Context(row.context_id, row.parent_id, row.person_id, row.origin)  # type: ignore[arg-type]  # the store keeps origins as plain text
    return State(
        row.entity_id, row.state or "", row.attributes, row.last_changed, row.last_updated, context
    )


def _state_row(event: Event) -> StateRow:
    new: State | None = event.data["new_state"]
    cause = event.context
    who = (cause.id, cause.parent_id, cause.person_id, cause.origin)
    if new is None:
        return StateRow(event.entity_id or "", None, {}, event.time, event.time, *who)
    return StateRow(
        new.entity_id, new.state, dict(new.attributes), new.last_changed, new.last_updated, *who
    )
