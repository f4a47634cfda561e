"""A task that has run up to its first wait before the call that starts it returns."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable

import pytest

from hub import eager
from hub.bus import Bus
from hub.context import Context
from hub.events import Event
from hub.tasks import Tasks


async def test_what_comes_before_the_first_wait_is_done_at_once() -> None:
    done: list[str] = []

    async def work() -> str:
        done.append("before")
        await asyncio.sleep(0)
        done.append("after")
        return "result"

    task = eager.start(work(), "work")
    assert done == ["before"]
    assert await task == "result"
    assert done == ["before", "after"]


async def test_what_never_waits_is_over_when_the_call_returns() -> None:
    done: list[str] = []

    async def work() -> int:
        done.append("all")
        return 5

    task = eager.start(work(), "work")
    assert done == ["all"]
    assert await task == 5


@pytest.mark.parametrize("waits", [0, 1])
async def test_an_error_is_the_task_s(waits: int) -> None:
    async def work() -> None:
        for _ in range(waits):
            await asyncio.sleep(0)
        raise ValueError("no good")

    task = eager.start(work(), "work")
    with pytest.raises(ValueError, match="no good"):
        await task


async def test_it_is_the_current_task_from_the_beginning() -> None:
    seen: list[asyncio.Task[None] | None] = []

    async def work() -> None:
        seen.append(asyncio.current_task())
        await asyncio.sleep(0)
        seen.append(asyncio.current_task())

    outer = asyncio.current_task()
    task = eager.start(work(), "work")
    assert asyncio.current_task() is outer
    await task
    assert seen == [task, task]


async def test_a_timeout_in_it_ends_it_and_nobody_else() -> None:
    async def work() -> str:
        try:
            async with asyncio.timeout(0.001):
                await asyncio.sleep(60)
        except TimeoutError:
            return "timed out"
        return "no"

    assert await eager.start(work(), "work") == "timed out"


@pytest.mark.parametrize("turns", [0, 1])
async def test_it_can_be_cancelled_before_and_after_its_first_turn_of_the_loop(turns: int) -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    task = eager.start(work(), "work")
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["cancelled"]


async def test_its_context_variables_are_its_own() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="outside")

    async def work() -> str:
        variable.set("inside")
        await asyncio.sleep(0)
        return variable.get()

    task = eager.start(work(), "work")
    assert variable.get() == "outside"
    assert await task == "inside"


async def test_one_may_start_another() -> None:
    order: list[str] = []

    async def inner() -> None:
        order.append("inner")
        await asyncio.sleep(0)
        order.append("inner again")

    async def outer() -> None:
        order.append("outer")
        task = eager.start(inner(), "inner")
        order.append("outer again")
        await task

    await eager.start(outer(), "outer")
    assert order == ["outer", "inner", "outer again", "inner again"]


async def test_tasks_keep_what_they_start_and_count_it() -> None:
    tasks = Tasks()
    task = tasks.start(asyncio.sleep(0, "done"), "nap")
    assert (len(tasks), tasks.started) == (1, 1)
    assert await task == "done"
    await asyncio.sleep(0)
    assert (len(tasks), tasks.finished) == (0, 1)


def publish(bus: Bus, type: str) -> None:
    bus.publish(Event(type, {}, 0.0, Context.new()))


def test_afterwards_everybody_has_heard_of_the_event() -> None:
    bus, order = Bus(), list[str]()

    def first(event: Event) -> None:
        order.append(f"first {event.type}")
        bus.afterwards(lambda: publish(bus, "pong"))

    bus.subscribe("ping", first)
    bus.subscribe("ping", lambda event: order.append(f"second {event.type}"))
    bus.subscribe("pong", lambda event: order.append(event.type))
    publish(bus, "ping")
    assert order == ["first ping", "second ping", "pong"]


def test_outside_of_an_event_afterwards_is_now() -> None:
    bus, order = Bus(), list[str]()
    bus.afterwards(lambda: order.append("now"))
    assert order == ["now"]


def test_what_fails_afterwards_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    bus, order = Bus(), list[str]()

    def fail() -> None:
        raise ValueError("no good")

    def start(event: Event) -> None:
        bus.afterwards(fail)
        bus.afterwards(lambda: order.append("went on"))

    bus.subscribe("ping", start)
    publish(bus, "ping")
    assert order == ["went on"]
    assert "no good" in caplog.text


async def test_events_that_cause_one_another_for_ever_leave_others_their_turn() -> None:
    bus, rounds = Bus(), list[int]()

    def again(event: Event) -> None:
        rounds.append(1)
        bus.afterwards(lambda: publish(bus, "ping"))

    stop: Callable[[], None] = bus.subscribe("ping", again)
    publish(bus, "ping")
    first = len(rounds)
    await asyncio.sleep(0)
    assert 0 < first < len(rounds)
    stop()


async def test_within_a_limit_what_never_waits_is_answered() -> None:
    async def work() -> int:
        return 5

    assert await eager.within(1, work()) == 5


async def test_within_a_limit_what_waits_is_answered_too() -> None:
    async def work() -> int:
        for _ in range(3):
            await asyncio.sleep(0)
        return 5

    assert await eager.within(1, work()) == 5


async def test_what_takes_longer_than_its_limit_is_ended() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cleaned up")

    with pytest.raises(eager.Overdue):
        await eager.within(0.001, work())
    assert ended == ["cleaned up"]


@pytest.mark.parametrize("waits", [0, 1])
async def test_within_a_limit_an_error_is_the_caller_s(waits: int) -> None:
    async def work() -> None:
        for _ in range(waits):
            await asyncio.sleep(0)
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        await eager.within(1, work())


async def test_who_is_cancelled_within_a_limit_is_cancelled() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cleaned up")

    task = asyncio.create_task(eager.within(1, work()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["cleaned up"]
