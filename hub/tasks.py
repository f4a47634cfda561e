"""Background tasks that are kept, named, logged when they fail, and ended at stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from hub import eager

_log = logging.getLogger(__name__)

T = TypeVar("T")
A = ParamSpec("A")


class Tasks:
    """Holds a strong reference to each task it started (asyncio keeps only weak ones)."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self.started = 0
        self.finished = 0

    def spawn(self, coroutine: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Start `coroutine`; a failure is logged with `name`."""
        task = asyncio.create_task(coroutine, name=name)
        self.started += 1
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def start(self, coroutine: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """As `spawn`, but what comes before its first wait is done before this returns."""
        self.started += 1
        task = eager.start(coroutine, name)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    async def stop(self, timeout: float = 3.0) -> None:  # noqa: ASYNC109 - it never raises
        """Cancel what still runs and wait for it, `timeout` seconds at most."""
        running = [task for task in self._running if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=timeout)

    def __len__(self) -> int:
        return len(self._running)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        self.finished += 1
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("Task %s failed", task.get_name(), exc_info=error)


async def in_thread(function: Callable[A, T], *args: A.args, **kwargs: A.kwargs) -> T:
    """Run in a thread of its own. One that never returns, such as a stranger's import, takes no
    place in the pool that everybody shares, and does not keep the process from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return  # nobody waits any more
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # without an error there is one

    def work() -> None:
        result, error = None, None
        try:
            result = function(*args, **kwargs)
        except BaseException as raised:  # noqa: BLE001 - it is raised again where it was asked for
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop ended meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    name = getattr(function, "__name__", "work")
    threading.Thread(target=work, name=name, daemon=True).start()
    return await done
