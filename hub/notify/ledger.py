"""Writes beginnings and ends of attempts, many in one commit.

A commit waits for the disk (10 ms on an SD card); what is asked for meanwhile goes into the next
one together, so that a message to a hundred targets costs a few commits, not two hundred.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable
from dataclasses import dataclass

from hub.clock import Clock
from hub.tasks import Tasks
from store import outbox as store
from store.outbox import End, Work

_log = logging.getLogger(__name__)
_WAIT_AFTER_FAILURE = 5.0
_MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Turn:
    end: End | None
    begin: str | None
    done: asyncio.Future[Work | None]


class Ledger:
    """One writer. `trouble` is told why the store can't be written; it is tried until it can."""

    def __init__(self, clock: Clock, tasks: Tasks, trouble: Callable[[str], object]) -> None:
        self._clock, self._tasks, self._trouble = clock, tasks, trouble
        self._asked: list[_Turn] = []
        self._writing = False

    async def turn(self, end: End | None = None, begin: str | None = None) -> Work | None:
        """Store how one attempt ended and that another delivery's begins; returns when both are
        on the disk. The answer is what to send, None when there is nothing to deliver any more."""
        done: asyncio.Future[Work | None] = asyncio.get_running_loop().create_future()
        self._asked.append(_Turn(end, begin, done))
        if not self._writing:
            self._writing = True
            # A task started inside somebody's transaction would join it: use a clean context.
            contextvars.Context().run(self._tasks.spawn, self._write(), "delivery ledger")
        return await done

    async def _write(self) -> None:
        try:
            while self._asked:
                turns, self._asked = self._asked[:_MOST_AT_ONCE], self._asked[_MOST_AT_ONCE:]
                try:
                    begun = await self._stored(turns)
                except Exception as error:  # noqa: BLE001 - handed to those who asked
                    _refuse(turns, error)
                else:
                    _answer(turns, begun)
        finally:
            self._writing = False

    async def _stored(self, turns: list[_Turn]) -> dict[str, Work]:
        ends = [turn.end for turn in turns if turn.end]
        begins = [turn.begin for turn in turns if turn.begin]
        while True:
            try:
                return await store.turn(ends, begins, self._clock.time())
            except store.ERRORS as error:
                # A full disk delays deliveries and loses none.
                self._trouble(str(error))
                await self._clock.sleep(_WAIT_AFTER_FAILURE)


def _answer(turns: list[_Turn], begun: dict[str, Work]) -> None:
    for turn in turns:
        if not turn.done.done():
            turn.done.set_result(begun.get(turn.begin or ""))


def _refuse(turns: list[_Turn], error: Exception) -> None:
    for turn in turns:
        if not turn.done.done():
            turn.done.set_exception(error)
