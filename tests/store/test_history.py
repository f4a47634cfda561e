from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.history import AuditRow, History, StateRow
from store.trouble import StoreError


def change(
    entity_id: str, state: str | None, time: float, cause: str = "c", **more: object
) -> StateRow:
    return StateRow(entity_id, state, dict(more), time, time, cause, None, "mara", "person")


def line(subject: str, time: float, cause: str = "c", kind: str = "action") -> AuditRow:
    return AuditRow(time, kind, subject, "done", cause, "parent", "mara", "person", "why", {"a": 1})


def modes(folder: Path) -> dict[str, int]:
    """The files of a folder, and what others than their owner may do with them."""
    return {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir()}


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    history = History(tmp_path)
    assert await history.open() == ""
    yield history
    await history.close()


async def test_changes_come_back_in_the_order_of_time(history: History) -> None:
    rows = [change("light.a", "on", 1.0, brightness=5), change("light.a", "off", 2.0)]
    await history.record([*rows, change("light.b", "on", 1.5)], [])
    assert await history.states(["light.a"], 0.0, 9.0) == rows
    assert await history.states(["light.a"], 1.5, 9.0) == rows[1:]
    assert len(await history.states(["light.a", "light.b"], 0.0, 9.0)) == 3
    assert len(await history.states(["light.a"], 0.0, 9.0, limit=1)) == 1
    assert await history.states([], 0.0, 9.0) == []


async def test_the_newest_changes_come_first(history: History) -> None:
    await history.record([change("light.a", str(n), float(n)) for n in range(5)], [])
    assert [r.state for r in await history.changes(4.0, limit=2)] == ["3", "2"]


async def test_the_last_state_of_each_entity_is_kept_until_it_is_removed(history: History) -> None:
    await history.record([change("light.a", "on", 1.0), change("light.a", "off", 2.0)], [])
    await history.record([change("light.b", "on", 1.0), change("light.b", None, 2.0)], [])
    assert await history.last_states() == [change("light.a", "off", 2.0)]


async def test_the_audit_log_is_searched_by_kind_and_words(history: History) -> None:
    await history.record([], [line("lock.unlock", 1.0), line("mara", 2.0, kind="sign_in")])
    assert await history.audit(9.0) == [line("mara", 2.0, kind="sign_in"), line("lock.unlock", 1.0)]
    assert [r.subject for r in await history.audit(9.0, kind="sign_in")] == ["mara"]
    assert [r.subject for r in await history.audit(9.0, text="UNLOCK")] == ["lock.unlock"]
    assert await history.audit(9.0, text="100%") == []
    assert [r.subject for r in await history.audit(2.0)] == ["lock.unlock"]


async def test_what_a_cause_led_to_is_found(history: History) -> None:
    await history.record(
        [change("light.a", "on", 1.0, "x"), change("light.b", "on", 1.0, "y")],
        [line("light.turn_on", 1.0, "x")],
    )
    assert [r.entity_id for r in await history.states_of(["x"])] == ["light.a"]
    assert [r.subject for r in await history.audit_of(["x", "y"])] == ["light.turn_on"]


async def test_the_old_is_dropped_and_last_states_stay(history: History) -> None:
    await history.record([change("light.a", str(n), float(n)) for n in range(12_000)], [])
    await history.record([], [line("x", 1.0), line("y", 20_000.0)])
    assert await history.forget_before(11_990.0) == 11_991
    assert len(await history.states(["light.a"], 0.0, 1e6)) == 10
    assert [r.subject for r in await history.audit(1e6)] == ["y"]
    assert len(await history.last_states()) == 1


async def test_a_batch_is_written_whole_or_not_at_all(history: History) -> None:
    broken = line("x", 1.0)
    object.__setattr__(broken, "kind", None)
    with pytest.raises(sqlite3.IntegrityError):
        await history.record([change("light.a", "on", 1.0)], [broken])
    await history.record([change("light.b", "on", 2.0)], [])
    assert [r.entity_id for r in await history.changes(9.0)] == ["light.b"]


async def test_only_its_owner_can_read_it(history: History, tmp_path: Path) -> None:
    await history.record([change("light.a", "on", 1.0)], [])
    assert modes(tmp_path) == {"history.db": 0, "history.db-wal": 0, "history.db-shm": 0}


async def test_history_outlives_the_process(tmp_path: Path) -> None:
    for expected in (0, 1):
        history = History(tmp_path)
        await history.open()
        assert len(await history.last_states()) == expected
        await history.record([change("light.a", "on", 1.0)], [])
        await history.close()
        await history.close()


async def test_a_damaged_file_is_put_aside_with_what_lies_beside_it(tmp_path: Path) -> None:
    for name in ("history.db", "history.db-wal", "history.db-shm"):
        (tmp_path / name).write_bytes(b"no database" * 1000)
    history = History(tmp_path)
    said = await history.open()
    assert "was damaged" in said
    assert "history.damaged-1.db" in said
    await history.record([change("light.a", "on", 1.0)], [])
    assert len(await history.last_states()) == 1
    await history.close()
    assert (tmp_path / "history.damaged-1.db").read_bytes().startswith(b"no database")
    again = History(tmp_path)
    assert await again.open() == ""
    assert len(await again.last_states()) == 1
    await again.close()


async def test_damage_that_only_reading_finds_is_found_at_the_start(tmp_path: Path) -> None:
    history = History(tmp_path)
    await history.open()
    await history.record([change("light.a", "on", 1.0, note="bright")], [])
    await history.close()
    spoiled = (tmp_path / "history.db").read_bytes().replace(b'"bright"', b'\xff\xfe\xff"""""')
    (tmp_path / "history.db").write_bytes(spoiled)
    assert "history.db was damaged" in await history.open()
    assert await history.last_states() == []
    await history.close()


async def test_an_older_damaged_file_is_not_overwritten(tmp_path: Path) -> None:
    for expected in ("history.damaged-1.db", "history.damaged-2.db"):
        (tmp_path / "history.db").write_bytes(b"no database" * 1000)
        history = History(tmp_path)
        assert expected in await history.open()
        await history.close()
    assert {"history.damaged-1.db", "history.damaged-2.db"} < modes(tmp_path).keys()


async def test_a_file_that_can_not_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    with pytest.raises(StoreError, match=r"history.db can't be opened"):
        await History(tmp_path).open()


async def test_in_memory_nothing_is_written(tmp_path: Path) -> None:
    history = History(None)
    await history.open()
    await history.record([change("light.a", "on", 1.0)], [line("x", 1.0)])
    assert len(await history.last_states()) == 1
    await history.barrier()
    await history.close()
    assert modes(tmp_path) == {}


async def test_a_closed_history_says_so() -> None:
    with pytest.raises(RuntimeError, match="not open"):
        await History(None).last_states()
