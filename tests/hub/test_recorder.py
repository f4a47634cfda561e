from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from hub import recorder as recorder_module
from hub.config import Config, Storage
from hub.context import Context
from hub.recorder import state_of
from hub.testing import House, hub_for_test


def held(house: House) -> tuple[int, int]:
    """How many state changes and audit lines wait to be written."""
    return len(house.hub.recorder._events), len(house.hub.recorder._audits)


async def fill_up(house: House) -> None:
    """Leave SQLite no room: what it says then is what it says on a full disk."""
    await house.hub.history._open_db.execute_fetchall("PRAGMA max_page_count = 1")


async def make_room(house: House) -> None:
    await house.hub.history._open_db.execute_fetchall("PRAGMA max_page_count = 1073741823")


async def test_changes_are_written_in_batches(house: House) -> None:
    await house.add("light.hall")
    await house.advance(1)
    house.hub.states.set("light.hall", "on", {"brightness": 5}, Context.new("person"))
    house.hub.states.set("light.hall", "off")
    assert held(house) == (2, 0)
    await house.advance(1)
    assert held(house) == (0, 0)
    rows = await house.hub.history.states(["light.hall"], 0, house.clock.time())
    assert [row.state for row in rows[-2:]] == ["on", "off"]
    assert rows[-2].origin == "person"


async def test_the_last_state_of_each_entity_is_remembered(house: House) -> None:
    await house.add("light.hall")
    await house.add("light.kitchen")
    await house.set("light.hall", "on", brightness=7)
    house.hub.states.remove("light.kitchen")
    await house.hub.recorder.flush()
    (row,) = await house.hub.history.last_states()
    state = state_of(row)
    assert (state.entity_id, state.state) == ("light.hall", "on")
    assert state.attributes["brightness"] == 7
    assert state == house.hub.states.get("light.hall")


async def test_the_audit_log_keeps_what_was_done(house: House) -> None:
    cause = Context.new("person", person_id="mara")
    house.hub.recorder.audit("sign_in", "mara", "done", cause, data={"address": "10.0.0.2"})
    await house.advance(1)
    (line,) = await house.hub.history.audit_of([cause.id])
    assert (line.kind, line.subject, line.outcome) == ("sign_in", "mara", "done")
    assert (line.person_id, line.data) == ("mara", {"address": "10.0.0.2"})


async def test_a_full_disk_costs_nothing_once_there_is_room_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        await house.add("light.hall")
        await house.settle()
        await house.advance(1)
        await fill_up(house)
        for number in range(300):
            await house.set("light.hall", "on", padding="x" * 200, number=number)
        house.hub.recorder.audit("sign_in", "mara", "done", Context.new())
        await house.advance(1)
        assert held(house)[0] >= 300
        (condition,) = [c for c in house.hub.health.all() if c.part == "history"]
        assert condition.status == "bad"
        assert "full" in condition.sentence
        assert "disk" in condition.remedy
        await make_room(house)
        await house.advance(10)
        await house.settle()
        assert held(house) == (0, 0)
        rows = await house.hub.history.states(["light.hall"], 0, house.clock.time())
        numbers = [row.attributes["number"] for row in rows if "number" in row.attributes]
        assert numbers == list(range(300))
        assert house.hub.health.status == "ok"
    assert caplog.text.count("History can't be written") == 1


async def test_only_so_much_is_kept_in_memory(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recorder_module, "_MOST_KEPT", 10)
    await house.add("light.hall")
    await house.advance(1)
    await fill_up(house)
    for number in range(25):
        house.hub.states.set("light.hall", "on", {"number": number, "padding": "x" * 5000})
    await house.hub.recorder.flush()
    assert held(house) == (10, 0)
    await make_room(house)
    await house.hub.recorder.flush()
    rows = await house.hub.history.states(["light.hall"], 0, house.clock.time())
    assert [row.attributes["number"] for row in rows[-10:]] == list(range(15, 25))
    assert "15 lines of history were lost" in caplog.text


async def test_a_flush_that_is_interrupted_still_writes(house: House) -> None:
    await house.add("light.hall")
    await house.settle()
    house.hub.states.set("light.hall", "on")
    flushing = asyncio.create_task(house.hub.recorder.flush())
    await asyncio.sleep(0)
    flushing.cancel()
    await asyncio.wait([flushing])
    await house.hub.recorder.flush()
    rows = await house.hub.history.states(["light.hall"], 0, house.clock.time())
    assert [row.state for row in rows] == ["off", "on"]


async def test_stopping_writes_what_is_left(tmp_path: Path) -> None:
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        await house.add("light.hall")
        house.hub.states.set("light.hall", "on")
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        assert house.state("light.hall") == "on"


async def test_what_can_not_be_written_at_the_end_is_counted(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.hub.recorder.stop()
    await fill_up(house)
    house.hub.recorder.audit("note", "x" * 9000, "done", Context.new())
    await house.hub.recorder.stop()
    assert "1 lines of history could not be written" in caplog.text
    await make_room(house)


async def test_after_stopping_it_no_longer_listens(house: House) -> None:
    await house.hub.recorder.stop()
    house.hub.states.set("light.hall", "on")
    assert held(house) == (0, 0)


async def test_what_is_too_old_is_dropped(tmp_path: Path) -> None:
    config = Config(storage=Storage(history_days=1))
    async with hub_for_test(parts=(), folder=tmp_path, config=config) as house:
        await house.add("light.hall")
        await house.set("light.hall", "on")
        await house.advance(hours=30)
        await house.settle()
        assert await house.hub.history.states(["light.hall"], 0, house.clock.time()) == []
        assert len(await house.hub.history.last_states()) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"surrogate": "\ud800"},
        {"object": Path("x")},
        {("a", "b"): 1},
        {"big": 2**70},
        {"nan": float("nan")},
        {"set": {1}},
    ],
)
async def test_an_odd_attribute_does_not_lose_the_batch(house: House, odd: dict[Any, Any]) -> None:
    house.hub.states.set("light.odd", "\ud800", odd)
    house.hub.states.set("light.hall", "on")
    await house.hub.recorder.flush()
    rows = await house.hub.history.states(["light.odd", "light.hall"], 0, house.clock.time())
    assert [row.entity_id for row in rows] == ["light.odd", "light.hall"]


async def test_a_history_that_breaks_while_it_runs_is_put_aside(tmp_path: Path) -> None:
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        await house.add("light.hall")
        await house.settle()
        await house.advance(1)
        await house.hub.history.close()
        path = tmp_path / "history.db"
        _damage_table(path, "state_change")  # the start reads another one
        history = house.hub.history
        assert await history.open() == ""
        await house.set("light.hall", "on")
        await house.advance(1)
        conditions = {c.part: c.status for c in house.hub.health.all()}
        assert (conditions["history"], conditions["older history"]) == ("ok", "warn")
        rows = await history.states(["light.hall"], 0, house.clock.time())
        assert [row.state for row in rows] == ["on"]
        assert (tmp_path / "history.damaged-1.db").exists()


def _damage_table(path: Path, table: str) -> None:
    """Overwrite the first page of a table, as a dying disk might."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        size = db.execute("PRAGMA page_size").fetchone()[0]
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page = db.execute(query, [table]).fetchone()[0]
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(raw)
