from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import cast

import pytest

from hub.clock import ManualClock, SystemClock


async def test_timers_ring_in_the_order_of_their_times() -> None:
    clock, rung = ManualClock(100.0), list[str]()
    clock.call_at(130, lambda: rung.append("last"))
    clock.call_at(110, lambda: rung.append("first"))
    clock.call_at(120, lambda: rung.append("second"))
    clock.call_at(120, lambda: rung.append("third"))
    await clock.advance(29)
    assert rung == ["first", "second", "third"]
    await clock.advance(1)
    assert rung == ["first", "second", "third", "last"]


async def test_a_timer_sees_its_own_time_also_in_a_long_jump() -> None:
    clock, seen = ManualClock(0.0), list[float]()
    clock.call_at(10, lambda: seen.append(clock.time()))
    clock.call_at(20, lambda: seen.append(clock.time()))
    await clock.advance(3600)
    assert seen == [10, 20]
    assert clock.time() == 3600


async def test_a_timer_that_was_cancelled_does_not_ring() -> None:
    clock, rung = ManualClock(), list[str]()
    cancel = clock.call_later(5, lambda: rung.append("no"))
    cancel()
    cancel()
    await clock.advance(10)
    assert rung == []


async def test_a_timer_can_cancel_another_of_the_same_moment() -> None:
    clock, rung = ManualClock(), list[str]()
    clock.call_later(5, lambda: cancel())  # noqa: PLW0108 - it is made on the next line
    cancel = clock.call_later(5, lambda: rung.append("no"))
    await clock.advance(10)
    assert rung == []


async def test_cancelled_timers_do_not_pile_up() -> None:
    clock = ManualClock()
    clock.call_later(50, lambda: None)
    for _ in range(20_000):
        clock.call_later(3600, lambda: None)()
    assert len(clock._heap) < 3000
    assert clock.next_due() == clock.time() + 50


async def test_a_failing_timer_does_not_stop_the_next(caplog: pytest.LogCaptureFixture) -> None:
    clock, rung = ManualClock(), list[str]()
    clock.call_later(1, lambda: 1 / 0)
    clock.call_later(2, lambda: rung.append("next"))
    await clock.advance(3)
    assert rung == ["next"]
    assert "timer's callback failed" in caplog.text


def test_a_timer_that_always_asks_for_another_at_once_does_not_hold_the_loop() -> None:
    clock, rounds = ManualClock(), list[int]()

    def again() -> None:
        rounds.append(1)
        clock.call_later(0, again)

    again()
    clock._fire_due()
    clock._fire_due()
    assert len(rounds) == 3


async def test_sleeping_ends_at_the_time_on_the_clock() -> None:
    clock = ManualClock(0.0)
    sleeping = asyncio.create_task(clock.sleep(60))
    await clock.advance(59)
    assert not sleeping.done()
    await clock.advance(1)
    assert sleeping.done()


async def test_sleeping_until_the_past_ends_at_once() -> None:
    await asyncio.wait_for(ManualClock(1000.0).sleep_until(999), 1)


async def test_a_sleeper_that_is_cancelled_leaves_no_timer() -> None:
    clock = ManualClock()
    sleeping = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    sleeping.cancel()
    await asyncio.wait([sleeping])
    assert clock.next_due() is None


async def test_the_system_clock_rings_soon_after_its_time() -> None:
    clock, rung = SystemClock(), asyncio.Event()
    clock.call_later(0.01, rung.set)
    await asyncio.wait_for(rung.wait(), 5)
    clock.stop()


async def test_the_system_clock_tells_the_machines_time_in_utc() -> None:
    clock = SystemClock(offset=3600)
    assert abs(clock.time() - time.time() - 3600) < 5
    assert clock.now().tzinfo is UTC
    assert clock.now() > datetime.now(UTC)


async def test_moving_the_system_clock_rings_what_became_due() -> None:
    clock, rung = SystemClock(), asyncio.Event()
    clock.call_later(3600, rung.set)
    clock.move(3601)
    await asyncio.wait_for(rung.wait(), 5)
    clock.stop()


async def test_an_earlier_timer_is_not_held_up_by_a_later_one() -> None:
    clock, rung = SystemClock(), asyncio.Event()
    clock.call_later(3600, lambda: None)
    clock.call_later(0.01, rung.set)
    await asyncio.wait_for(rung.wait(), 5)
    clock.stop()


async def test_the_system_clock_looks_again_within_15_seconds() -> None:
    clock = SystemClock()
    clock.call_later(7200, lambda: None)
    handle = cast("asyncio.TimerHandle", clock._handle)
    assert handle.when() - asyncio.get_running_loop().time() <= 15.0
    clock.stop()


async def test_a_stopped_clock_rings_no_more_and_can_be_used_again() -> None:
    clock, rung = SystemClock(), list[str]()
    again = asyncio.Event()
    clock.call_later(0.001, lambda: rung.append("old"))
    clock.stop()
    clock.call_later(0.002, again.set)
    await asyncio.wait_for(again.wait(), 5)
    clock.stop()
    assert rung == []
