"""Rows of runs and timers: fenced, written together, kept as many as wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tortoise.connection import get_connection

from store import runs
from store.runs import Batch, RunRow, TimerRow
from store.trouble import StoreError


def row(run_id: str = "r1", **changes: object) -> RunRow:
    plain = RunRow(
        run_id, "s1", 1, "waiting", {"id": "c1"}, 100.0, {"frames": {"action": 2}},
        {"id": "0"}, [{"path": "action/0"}], owner="one", revision=1,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test's own changes


async def test_what_is_written_is_read_again(memory):
    assert await runs.write(Batch(saved=[row()])) == set()
    assert await runs.get("r1") == row()


async def test_only_the_owner_writes_and_only_forward(memory):
    await runs.write(Batch(saved=[row(revision=5)]))
    assert await runs.write(Batch(saved=[row(revision=5, owner="two")])) == {"r1"}
    assert await runs.write(Batch(saved=[row(revision=4, state="failed")])) == {"r1"}
    assert await runs.write(Batch(saved=[row(revision=6, state="finished")])) == set()
    found = await runs.get("r1")
    assert found is not None
    assert (found.state, found.owner, found.revision) == ("finished", "one", 6)


async def test_a_new_owner_takes_over_what_has_not_ended(memory):
    ended = row("r2", state="finished", started_at=50.0)
    await runs.write(Batch(saved=[row(), row("r0", started_at=90.0), ended]))
    claimed = await runs.claim("two")
    assert [(r.id, r.owner, r.revision) for r in claimed] == [("r0", "two", 2), ("r1", "two", 2)]
    assert await runs.write(Batch(saved=[row(revision=9)])) == {"r1"}


async def test_timers_are_dropped_in_the_transaction_that_stores_their_run(memory):
    timers = [TimerRow("t1", "s1", 5.0, {"n": 1}), TimerRow("t2", "s1", 6.0)]
    await runs.write(Batch(timers=timers))
    await runs.write(Batch(saved=[row()], dropped_timers=["t1"]))
    assert await runs.timers() == [timers[1]]
    await runs.drop_timers("s1")
    assert await runs.timers() == []


async def test_a_timer_is_replaced_by_its_id(memory):
    await runs.write(Batch(timers=[TimerRow("t1", "s1", 5.0)]))
    await runs.write(Batch(timers=[TimerRow("t1", "s1", 9.0, {"n": 2})]))
    assert await runs.timers() == [TimerRow("t1", "s1", 9.0, {"n": 2})]


async def test_the_newest_ended_runs_are_kept(memory):
    ended = [row(f"r{n}", state="finished", started_at=float(n)) for n in range(10)]
    await runs.write(Batch(added=[*ended, row("w", started_at=0.0)]))
    await runs.trim("s1", 3)
    assert [r.id for r in await runs.page(limit=99)] == ["r9", "r8", "r7", "w"]


async def test_pages_by_state_and_skill(memory):
    await runs.write(
        Batch(added=[row(f"r{n}", skill_id=f"s{n % 2}", started_at=1.0) for n in range(6)])
    )
    first = await runs.page(skill_id="s1", limit=2)
    rest = await runs.page(skill_id="s1", limit=2, before=(first[-1].started_at, first[-1].id))
    assert [r.id for r in (*first, *rest)] == ["r5", "r3", "r1"]
    assert await runs.page(state="failed") == []


async def test_a_full_disk_is_told_and_nothing_is_written(database):
    db = get_connection("default")
    await db.execute_query("PRAGMA max_page_count = 1")
    big = row(position={"text": "x" * 10_000_000})
    with pytest.raises(StoreError, match="full"):
        await runs.write(Batch(saved=[row("r0"), big]))
    await db.execute_query("PRAGMA max_page_count = 1000000")
    assert await runs.page() == []
    assert await runs.write(Batch(saved=[row("r0"), big])) == set()
