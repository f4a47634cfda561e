"""Start a coroutine at once: its first part runs before the call returns.

What never has to wait (most skills) so ends within the event that started it, and a burst of events
in one turn of the loop meets each of its runs in order. From Python 3.12 on asyncio does this
itself (https://docs.python.org/3/library/asyncio-task.html#asyncio.Task); for 3.11 the same is made
here out of the calls that asyncio documents for its own extension
(https://docs.python.org/3/library/asyncio-extending.html#task-lifetime-support).
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Overdue(Exception):
    """The time was up before the coroutine was done."""


class _Begun(Coroutine[Any, Any, T]):
    """A coroutine whose first part has run: hands a task what that part led to."""

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self._coroutine = coroutine
        self._waits_for: Any = None
        self._waiting = False
        self.ended: BaseException | None = None

    def begin(self) -> None:
        try:
            self._waits_for = self._coroutine.send(None)
            self._waiting = True
        except BaseException as ended:  # noqa: BLE001 - the task raises it, with StopIteration its result
            self.ended = ended

    def send(self, value: Any) -> Any:
        if self.ended is not None:
            raise self.ended
        if self._waiting:
            self._waiting = False
            waits_for, self._waits_for = self._waits_for, None
            return waits_for
        return self._coroutine.send(value)

    def throw(self, *raised: Any) -> Any:
        if self.ended is not None:
            raise self.ended
        self._waiting, self._waits_for = False, None
        return self._coroutine.throw(*raised)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Any:
        return self

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self.send(None)


async def within(seconds: float, coroutine: Coroutine[Any, Any, T]) -> T:
    """What `coroutine` answers. Raises Overdue, and ends it, when that takes longer.

    The limit costs nothing for one that never has to wait.
    """
    begun = _Begun(coroutine)
    begun.begin()
    answer: T
    if isinstance(begun.ended, StopIteration):
        answer = begun.ended.value
        return answer
    if begun.ended is not None:
        raise begun.ended
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            answer = await begun
            return answer
    except TimeoutError as error:
        if limit.expired():
            raise Overdue from error
        raise


def start(coroutine: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """A task of `coroutine` that has already run up to its first wait."""
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        return asyncio.Task(coroutine, loop=loop, name=name, eager_start=True)
    begun = _Begun(coroutine)
    context = contextvars.copy_context()
    task = loop.create_task(begun, name=name, context=context)
    outer = asyncio.current_task()
    if outer is not None:
        asyncio._leave_task(loop, outer)  # noqa: SLF001 - documented for extensions
    asyncio._enter_task(loop, task)  # noqa: SLF001 - as above
    try:
        context.run(begun.begin)
    finally:
        asyncio._leave_task(loop, task)  # noqa: SLF001 - as above
        if outer is not None:
            asyncio._enter_task(loop, outer)  # noqa: SLF001 - as above
    return task
