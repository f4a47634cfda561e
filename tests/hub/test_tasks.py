from __future__ import annotations

import asyncio
import threading

import pytest

from hub.tasks import Tasks, in_thread


async def test_a_task_is_kept_and_counted() -> None:
    tasks = Tasks()
    task = tasks.spawn(asyncio.sleep(0, "done"), "nap")
    assert (len(tasks), tasks.started, tasks.finished) == (1, 1, 0)
    assert await task == "done"
    await asyncio.sleep(0)
    assert (len(tasks), tasks.finished) == (0, 1)


async def test_a_failure_is_logged_with_the_tasks_name(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("no good")

    tasks = Tasks()
    await asyncio.wait([tasks.spawn(fail(), "count the spoons")])
    await asyncio.sleep(0)
    assert "Task count the spoons failed" in caplog.text
    assert "no good" in caplog.text


async def test_stopping_ends_what_still_runs() -> None:
    tasks, ended = Tasks(), list[str]()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("yes")

    tasks.spawn(wait(), "wait")
    await asyncio.sleep(0)
    await tasks.stop()
    assert ended == ["yes"]


async def test_stopping_does_not_wait_for_ever() -> None:
    tasks, release = Tasks(), asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    task = tasks.spawn(stubborn(), "stubborn")
    await asyncio.sleep(0)
    await tasks.stop(timeout=0.01)
    assert not task.done()
    release.set()
    await task


async def test_a_thread_of_its_own_answers_or_raises() -> None:
    assert await in_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await in_thread(divmod, 1, 0)
    with pytest.raises(SystemExit):
        await in_thread(exit_now)


async def test_a_thread_that_nobody_waits_for_any_more_does_no_harm() -> None:
    release, ended = threading.Event(), threading.Event()

    def slow() -> None:
        release.wait(5)
        ended.set()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(in_thread(slow), 0.01)
    release.set()
    await asyncio.to_thread(ended.wait, 5)
    for _ in range(5):
        await asyncio.sleep(0)


def exit_now() -> None:
    raise SystemExit(3)
