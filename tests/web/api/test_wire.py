from __future__ import annotations

import asyncio

import pytest

from web.api.wire import Wire


class Line:
    """The far end: takes messages, or holds them up."""

    def __init__(self):
        self.taken = []
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message):
        await self.open.wait()
        self.taken.append(message["text"])


@pytest.fixture
async def line():
    return Line()


async def _a_few_turns():
    for _ in range(20):
        await asyncio.sleep(0)


async def test_messages_arrive_in_order_each_by_itself(line):
    wire = Wire(line.send)
    writer = asyncio.create_task(wire.write())
    wire.put(b"1")
    wire.put(b"2")
    await _a_few_turns()
    wire.put(b"3")
    await _a_few_turns()
    writer.cancel()

    assert line.taken == ["1", "2", "3"]


async def test_what_came_in_one_turn_leaves_as_one_array(line):
    wire = Wire(line.send)
    wire.coalesce = True
    writer = asyncio.create_task(wire.write())
    wire.put(b"1")
    wire.put(b"2")
    await _a_few_turns()
    wire.put(b"3")
    await _a_few_turns()
    writer.cancel()

    assert line.taken == ["[1,2]", "3"]


async def test_more_than_the_limit_is_given_up_and_forgotten(line):
    line.open.clear()
    wire = Wire(line.send, limit=100)
    writer = asyncio.create_task(wire.write())
    for _ in range(50):
        wire.put(b"x" * 10)
    await _a_few_turns()
    writer.cancel()

    assert wire.overflow.done()
    assert line.taken == []


async def test_who_reads_nothing_of_what_it_asked_for_is_given_up(line):
    line.open.clear()
    wire = Wire(line.send, limit=100, patience=0.001)
    writer = asyncio.create_task(wire.write())
    wire.put(b"x" * 60)
    await wire.has_room()
    writer.cancel()

    assert wire.overflow.done()


async def test_commands_wait_while_half_of_the_limit_is_waiting(line):
    line.open.clear()
    wire = Wire(line.send, limit=100)
    writer = asyncio.create_task(wire.write())
    wire.put(b"x" * 60)
    room = asyncio.create_task(wire.has_room())
    await _a_few_turns()
    held_up = not room.done()
    line.open.set()
    await _a_few_turns()
    writer.cancel()

    assert held_up
    assert room.done()
