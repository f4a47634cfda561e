"""The queue of deliveries: in order to each target, to many targets at once, again after failures.

The rows are the truth; what is here is rebuilt from them at the start. An attempt is stored before
it is made: after a crash in between the message may arrive twice, but it is never lost.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hub.bus import Bus
from hub.clock import Cancel, Clock
from hub.config import Notify as Settings
from hub.context import Context
from hub.events import NOTIFICATION_CHANGED, Event
from hub.notify.ledger import Ledger
from hub.notify.outcome import Outcome, Sender
from hub.notify.targets import LOST
from hub.tasks import Tasks
from store import outbox as store
from store.outbox import DeliveryRow, End, Work
from store.secrets import SecretLost, Secrets

_log = logging.getLogger(__name__)

_AFTER_BUG = 60.0
_GRACE = 2.0
_INTERRUPTED = "The hub stopped during this attempt; the message may have arrived."


@dataclass(slots=True)
class _Lane:
    """What is still to go to one target, the oldest first."""

    target_id: str
    queue: deque[str] = field(default_factory=deque)
    running: bool = False
    wake: Cancel | None = None


class Outbox:
    """Delivers what the store holds. `trouble` is told when the store can't be written."""

    def __init__(
        self,
        *,
        bus: Bus,
        clock: Clock,
        tasks: Tasks,
        secrets: Secrets,
        settings: Settings,
        sender: Sender,
        trouble: Callable[[str], object],
    ) -> None:
        self._bus, self._clock, self._tasks = bus, clock, tasks
        self._secrets, self._settings, self._sender = secrets, settings, sender
        self._ledger = Ledger(clock, tasks, trouble)
        self._lanes: dict[str, _Lane] = {}
        self._slots = asyncio.Semaphore(settings.workers)
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self) -> None:
        """Go on with what was queued before a restart."""
        if cut := await store.mark_interrupted(_INTERRUPTED):
            _log.info("%d attempts were cut short by the last stop and are made again", cut)
        for row in await store.waiting():
            lane = self._lane(row.target_id)
            lane.queue.append(row.id)
            if len(lane.queue) == 1 and row.next_attempt_at is not None:
                self._wake_at(lane, row.next_attempt_at)
        for lane in list(self._lanes.values()):
            self._run(lane)

    async def stop(self) -> None:
        """Let attempts under way end within 2 seconds; the rest stays queued in the store."""
        self._stopping = True
        for lane in self._lanes.values():
            if lane.wake:
                lane.wake()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_GRACE)
        for task in list(self._under_way):
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_GRACE)

    def add(self, delivery: DeliveryRow) -> None:
        """Take a delivery that is stored as queued."""
        if delivery.target_id is None:
            return
        lane = self._lane(delivery.target_id)
        lane.queue.append(delivery.id)
        self._run(lane)

    def drop(self, target_id: str) -> None:
        """The target was removed: nothing goes there any more."""
        lane = self._lanes.pop(target_id, None)
        if lane is not None:
            lane.queue.clear()
            if lane.wake:
                lane.wake()

    def hurry(self, target_id: str) -> None:
        """The target was changed: don't wait for the next attempt's time."""
        lane = self._lanes.get(target_id)
        if lane is not None and lane.wake is not None:
            lane.wake()
            lane.wake = None
            self._run(lane)

    def _lane(self, target_id: str) -> _Lane:
        return self._lanes.setdefault(target_id, _Lane(target_id))

    def _run(self, lane: _Lane) -> None:
        if lane.running or lane.wake is not None or not lane.queue or not self._open():
            return
        lane.running = True
        # A task started inside somebody's transaction would join it: start from a clean context.
        task = contextvars.Context().run(
            self._tasks.spawn, self._drain(lane), f"notifications to target {lane.target_id}"
        )
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _open(self) -> bool:
        return not self._stopping

    def _wake_at(self, lane: _Lane, when: float) -> None:
        def wake() -> None:
            lane.wake = None
            self._run(lane)

        lane.wake = self._clock.call_at(when, wake)

    async def _drain(self, lane: _Lane) -> None:
        try:
            await self._deliver(lane)
        except Exception:  # noqa: BLE001 - a bug must not end a queue
            _log.exception("Deliveries to target %s are held up for a minute", lane.target_id)
            self._wake_at(lane, self._clock.time() + _AFTER_BUG)
        finally:
            lane.running = False
        if not lane.queue:
            self._lanes.pop(lane.target_id, None)

    async def _deliver(self, lane: _Lane) -> None:
        """Until the queue is empty, or an attempt has to wait for another time."""
        work: Work | None = None
        while work or (lane.queue and self._open()):
            async with self._slots:
                work = work or await self._ledger.turn(begin=lane.queue[0])
                end = await self._attempt(work) if work else None
            again_at = end.next_attempt_at if end else None
            following = self._following(lane) if again_at is None else None
            begun = await self._ledger.turn(end, following) if end else None
            if work and end:
                self._tell(work, end.state, end.reason)
            work = begun
            if again_at is not None:
                self._wake_at(lane, again_at)
                return
            if lane.queue:
                lane.queue.popleft()

    def _following(self, lane: _Lane) -> str | None:
        """The delivery that can begin in the commit that ends the one before: when no other
        target waits for a free slot."""
        free = self._open() and not self._slots.locked()
        return lane.queue[1] if free and len(lane.queue) > 1 else None

    async def _attempt(self, work: Work) -> End:
        self._tell(work, "sending")
        started = self._clock.time()
        outcome = await self._try(work)
        ended = self._clock.time()
        again_at = self._again_at(work, outcome, ended)
        return End(
            delivery_id=work.delivery.id,
            seconds=ended - started,
            outcome="delivered" if outcome.ok else "failed",
            state="delivered" if outcome.ok else "failed" if again_at is None else "queued",
            reason=outcome.reason,
            next_attempt_at=again_at,
            finished_at=ended if again_at is None else None,
        )

    async def _try(self, work: Work) -> Outcome:
        target, said = work.target, work.notification
        if target is None:
            return Outcome(False, "The target was removed.", final=True)
        if not target.enabled:
            return Outcome(False, f"The target “{target.name}” is turned off.", final=True)
        try:
            url = await self._secrets.get(target.secret_id)
        except SecretLost:
            return Outcome(False, LOST.format(name=target.name), final=True)
        data = {**said.data, "urgency": said.urgency}
        try:
            return await self._sender.send(url, said.title, said.message, data)
        except Exception as error:  # noqa: BLE001 - whatever it was, the delivery goes on
            # Its text may hold the URL: the log gets the kind of error only.
            _log.error("The sender failed at %s: %s", target.service, type(error).__name__)
            return Outcome(False, f"Sending failed inside the hub ({type(error).__name__}).")

    def _again_at(self, work: Work, outcome: Outcome, now: float) -> float | None:
        made = work.delivery.attempts + 1
        if outcome.ok or outcome.final or made >= self._settings.attempts:
            return None
        wait = min(self._settings.first_wait * 2.0 ** (made - 1), self._settings.longest_wait)
        # Equal jitter (half fixed, half random): targets of one service don't come back as a herd.
        jittered = wait / 2 + random.uniform(0, wait / 2)  # noqa: S311 - no secret
        return now + max(jittered, outcome.after)

    def _tell(self, work: Work, state: str, reason: str = "") -> None:
        delivery = work.delivery
        about = {
            "notification_id": delivery.notification_id,
            "delivery_id": delivery.id,
            "state": state,
            "person_id": delivery.person_id,
            "target_name": delivery.target_name,
            "reason": reason,
        }
        context = Context(**work.notification.context)
        self._bus.publish(Event(NOTIFICATION_CHANGED, about, self._clock.time(), context))
