"""All time goes through a clock, so that tests and simulation own it.

One heap of timers; the running clock arms one event-loop timer for the earliest of them.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

_log = logging.getLogger(__name__)

Cancel = Callable[[], None]
Callback = Callable[[], object]

# A laptop that slept or a wall clock that was set must be noticed within this time.
_LONGEST_WAIT = 15.0
# So many cancelled timers may lie in the heap before they are swept out.
_MOST_CANCELLED = 1000


class _Timer:
    __slots__ = ("callback", "when")

    def __init__(self, when: float, callback: Callback) -> None:
        self.when = when
        self.callback: Callback | None = callback


class Clock(ABC):
    """Time in seconds since the epoch, and calls at a time. Base of the two clocks below."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, _Timer]] = []
        self._order = itertools.count()
        self._cancelled = 0
        self.scheduled = 0

    @abstractmethod
    def time(self) -> float:
        """Seconds since the epoch, UTC."""

    def now(self) -> datetime:
        """The same as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def call_at(self, when: float, callback: Callback) -> Cancel:
        """Call `callback` once at `when` (epoch seconds); the answer cancels it."""
        timer = _Timer(when, callback)
        self.scheduled += 1
        heapq.heappush(self._heap, (when, next(self._order), timer))
        self._armed(when)

        def cancel() -> None:
            if timer.callback is not None:
                timer.callback = None
                self._cancelled += 1
                if self._cancelled > _MOST_CANCELLED and self._cancelled * 2 > len(self._heap):
                    self._sweep()

        return cancel

    def call_later(self, seconds: float, callback: Callback) -> Cancel:
        """Call `callback` once after `seconds`; the answer cancels it."""
        return self.call_at(self.time() + seconds, callback)

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock's time."""
        await self.sleep_until(self.time() + seconds)

    async def sleep_until(self, when: float) -> None:
        """Wait until `when` (epoch seconds); at once if that has passed."""
        if when <= self.time():
            await asyncio.sleep(0)
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        cancel = self.call_at(when, lambda: _finish(done))
        try:
            await done
        finally:
            cancel()

    def next_due(self) -> float | None:
        """When the earliest timer is due, or None."""
        while self._heap and self._heap[0][2].callback is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][0] if self._heap else None

    def stop(self) -> None:
        """Forget every timer (the rows that they came from stay)."""
        for _, _, timer in self._heap:
            timer.callback = None
        self._heap.clear()
        self._cancelled = 0

    def _armed(self, when: float) -> None:  # noqa: B027 - only a running clock has to do something
        """A timer was added; the running clock re-arms itself here."""

    def _sweep(self) -> None:
        self._heap = [entry for entry in self._heap if entry[2].callback is not None]
        heapq.heapify(self._heap)
        self._cancelled = 0

    def _fire_due(self) -> None:
        now = self.time()
        # What a callback schedules for this very moment waits for the next round, so that one
        # which always asks for another can't hold the loop.
        last = next(self._order)
        while (due := self.next_due()) is not None and due <= now and self._heap[0][1] < last:
            timer = heapq.heappop(self._heap)[2]
            callback, timer.callback = timer.callback, None
            if callback is not None:
                try:
                    callback()
                except Exception:  # noqa: BLE001 - one timer never stops the others
                    _log.exception("A timer's callback failed")


class SystemClock(Clock):
    """The machine's clock. `offset` seconds are added, for trying things out."""

    def __init__(self, offset: float = 0.0) -> None:
        super().__init__()
        self.offset = offset
        self._handle: asyncio.TimerHandle | None = None
        self._armed_for = float("inf")

    def time(self) -> float:
        """Seconds since the epoch, UTC, plus the offset."""
        return time.time() + self.offset

    def move(self, seconds: float) -> None:
        """Jump forward; what became due is called in the next turn of the loop."""
        self.offset += seconds
        self._arm()

    def stop(self) -> None:
        """Forget every timer (the rows that they came from stay)."""
        super().stop()
        self._arm()

    def _armed(self, when: float) -> None:
        if when < self._armed_for:
            self._arm()

    def _arm(self) -> None:
        if self._handle:
            self._handle.cancel()
            self._handle = None
        due = self.next_due()
        self._armed_for = float("inf") if due is None else due
        if due is not None:
            wait = min(max(due - self.time(), 0.0), _LONGEST_WAIT)
            self._handle = asyncio.get_running_loop().call_later(wait, self._ring)

    def _ring(self) -> None:
        self._fire_due()
        self._arm()


class ManualClock(Clock):
    """A clock that stands still until it is moved; for tests, dry runs and simulation."""

    def __init__(self, start: float = 1_750_000_000.0) -> None:
        super().__init__()
        self._time = start

    def time(self) -> float:
        """The time that it was moved to."""
        return self._time

    async def advance(
        self, seconds: float, settle: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Move forward, calling each timer at its own time and letting tasks settle between."""
        await self.advance_to(self._time + seconds, settle)

    async def advance_to(
        self, when: float, settle: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Move forward to `when` (epoch seconds)."""
        settle = settle or _a_few_turns
        await settle()
        while (due := self.next_due()) is not None and due <= when:
            self._time = max(self._time, due)
            self._fire_due()
            await settle()
        self._time = max(self._time, when)
        await settle()


def _finish(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)


async def _a_few_turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)
