"""The recorded past: state changes, the last state of each entity, and the audit log.

A file of its own, written in batches with `synchronous=NORMAL`: a power cut may cost its last
moments, `kill -9` costs only what was not yet handed over. Times are epoch seconds (UTC).
"""

# ruff: noqa: S608 - queries are put together from the names of columns in this file only
from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiosqlite
import msgspec

from store import sqlite
from store.trouble import explain

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state_change (
  id INTEGER PRIMARY KEY, entity_id TEXT NOT NULL, state TEXT, attributes TEXT NOT NULL,
  last_changed REAL NOT NULL, last_updated REAL NOT NULL,
  context_id TEXT NOT NULL, parent_id TEXT, person_id TEXT, origin TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS state_change_entity ON state_change(entity_id, last_updated);
CREATE INDEX IF NOT EXISTS state_change_time ON state_change(last_updated);
CREATE INDEX IF NOT EXISTS state_change_context ON state_change(context_id);
CREATE TABLE IF NOT EXISTS last_state (
  entity_id TEXT PRIMARY KEY, state TEXT NOT NULL, attributes TEXT NOT NULL,
  last_changed REAL NOT NULL, last_updated REAL NOT NULL,
  context_id TEXT NOT NULL, parent_id TEXT, person_id TEXT, origin TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY, time REAL NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  outcome TEXT NOT NULL, reason TEXT NOT NULL, data TEXT NOT NULL,
  context_id TEXT NOT NULL, parent_id TEXT, person_id TEXT, origin TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS audit_time ON audit(time);
CREATE INDEX IF NOT EXISTS audit_context ON audit(context_id);
"""
_STATE_COLUMNS = (
    "entity_id, state, attributes, last_changed, last_updated, "
    "context_id, parent_id, person_id, origin"
)
_AUDIT_COLUMNS = (
    "time, kind, subject, outcome, reason, data, context_id, parent_id, person_id, origin"
)
_INSERT_STATE = f"INSERT INTO state_change ({_STATE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)"
_UPSERT_LAST = f"INSERT OR REPLACE INTO last_state ({_STATE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)"
_INSERT_AUDIT = f"INSERT INTO audit ({_AUDIT_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)"
# So many rows are dropped at once, so that others get their turn at the file.
_DROPPED_AT_ONCE = 5000
_encode = msgspec.json.Encoder(enc_hook=str).encode


@dataclass(frozen=True, slots=True)
class StateRow:
    """A recorded state; `state` None means that the entity was removed."""

    entity_id: str
    state: str | None
    attributes: dict[str, Any]
    last_changed: float
    last_updated: float
    context_id: str
    parent_id: str | None
    person_id: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Something that was done or refused: who (`person_id`), by which way (`origin`), what."""

    time: float
    kind: str
    subject: str
    outcome: str
    context_id: str
    parent_id: str | None
    person_id: str | None
    origin: str
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class History:
    """history.db in a folder, or in memory when the folder is None."""

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / "history.db" if folder else None
        self._db: aiosqlite.Connection | None = None
        self._replacing = asyncio.Lock()

    async def open(self) -> str:
        """Open or make the file. A damaged one is moved aside; the answer then says so.

        Raises StoreError when the file can't be used.
        """
        try:
            await self._connect()
            await self.last_states()  # the hub can't start without them
        except (sqlite3.Error, OSError, ValueError) as error:
            await self.close()
            if self.path is None or not _is_damage(error):
                raise explain(error, self.path or Path()) from error
            return await self._start_anew(error)
        return ""

    async def close(self) -> None:
        """Close the file; what was handed over is in it."""
        db, self._db = self._db, None
        if db:
            await db.close()

    async def barrier(self) -> None:
        """Return when all that was asked before is done."""
        await self._rows("SELECT 1")

    async def record(self, states: list[StateRow], audits: list[AuditRow]) -> str:
        """Write a batch in one transaction. A file that turns out to be damaged is moved aside;
        the answer then says so. Raises sqlite3.Error when nothing could be written."""
        try:
            await self._record(states, audits)
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                await self._open_db.rollback()
            if self.path is None or not _is_damage(error):
                raise
            async with self._replacing:
                await self.close()
                moved = await self._start_anew(error)
            await self._record(states, audits)
            return moved
        return ""

    async def _record(self, states: list[StateRow], audits: list[AuditRow]) -> None:
        # The interpreter's lock is shared with the event loop: encode here, write in the thread.
        rows = [_state_values(row) for row in states]
        last = {row[0]: row for row in rows}
        gone = [(entity_id,) for entity_id, row in last.items() if row[1] is None]
        kept = [row for row in last.values() if row[1] is not None]
        db = self._open_db
        await db.executemany(_INSERT_STATE, rows)
        await db.executemany(_UPSERT_LAST, kept)
        await db.executemany("DELETE FROM last_state WHERE entity_id = ?", gone)
        await db.executemany(_INSERT_AUDIT, [_audit_values(row) for row in audits])
        await db.commit()

    async def last_states(self) -> list[StateRow]:
        """What every entity was when it was last recorded."""
        return [_state(r) for r in await self._rows(f"SELECT {_STATE_COLUMNS} FROM last_state")]

    async def states(
        self, entity_ids: Iterable[str], since: float, until: float, limit: int = 10_000
    ) -> list[StateRow]:
        """Changes of these entities between two times, the oldest first."""
        ids = list(entity_ids)
        marks = ",".join("?" * len(ids))
        query = (
            f"SELECT {_STATE_COLUMNS} FROM state_change WHERE entity_id IN ({marks}) "
            "AND last_updated BETWEEN ? AND ? ORDER BY last_updated, id LIMIT ?"
        )
        return [_state(r) for r in await self._rows(query, *ids, since, until, limit)]

    async def changes(self, before: float, limit: int = 100) -> list[StateRow]:
        """The newest changes of any entity before a time, the newest first."""
        query = (
            f"SELECT {_STATE_COLUMNS} FROM state_change WHERE last_updated < ? "
            "ORDER BY last_updated DESC, id DESC LIMIT ?"
        )
        return [_state(r) for r in await self._rows(query, before, limit)]

    async def audit(
        self, before: float, limit: int = 100, *, kind: str = "", text: str = ""
    ) -> list[AuditRow]:
        """The newest audit rows before a time; of one kind, or naming `text`, if given."""
        query = (
            f"SELECT {_AUDIT_COLUMNS} FROM audit WHERE time < ? AND (? = '' OR kind = ?) "
            "AND (? = '' OR instr(lower(subject || ' ' || reason), lower(?)) > 0) "
            "ORDER BY time DESC, id DESC LIMIT ?"
        )
        rows = await self._rows(query, before, kind, kind, text, text, limit)
        return [_audit(row) for row in rows]

    async def audit_of(self, context_ids: Iterable[str]) -> list[AuditRow]:
        """The audit rows that carry one of these contexts, the oldest first."""
        ids = list(context_ids)
        marks = ",".join("?" * len(ids))
        query = f"SELECT {_AUDIT_COLUMNS} FROM audit WHERE context_id IN ({marks}) ORDER BY id"
        return [_audit(row) for row in await self._rows(query, *ids)]

    async def states_of(self, context_ids: Iterable[str]) -> list[StateRow]:
        """The state changes that carry one of these contexts, the oldest first."""
        ids = list(context_ids)
        marks = ",".join("?" * len(ids))
        query = (
            f"SELECT {_STATE_COLUMNS} FROM state_change WHERE context_id IN ({marks}) ORDER BY id"
        )
        return [_state(row) for row in await self._rows(query, *ids)]

    async def forget_before(self, time: float) -> int:
        """Drop changes and audit rows older than `time`; how many it were."""
        return await self._drop("state_change", "last_updated", time) + await self._drop(
            "audit", "time", time
        )

    @property
    def _open_db(self) -> aiosqlite.Connection:
        if self._db is None:
            raise RuntimeError("history.db is not open")
        return self._db

    async def _drop(self, table: str, column: str, before: float) -> int:
        query = (
            f"DELETE FROM {table} WHERE id IN "
            f"(SELECT id FROM {table} WHERE {column} < ? LIMIT {_DROPPED_AT_ONCE})"
        )
        total = 0
        while True:
            async with self._open_db.execute(query, (before,)) as cursor:
                dropped = cursor.rowcount
            await self._open_db.commit()
            total += dropped
            if dropped < _DROPPED_AT_ONCE:
                return total

    async def _start_anew(self, error: Exception) -> str:
        path = self.path or Path()
        aside = await asyncio.to_thread(sqlite.move_aside, path)
        await self._connect()
        return f"{path} was damaged ({error}) and was moved to {aside.name}."

    async def _connect(self) -> None:
        if self.path:
            sqlite.private(self.path)
        self._db = await aiosqlite.connect(self.path or ":memory:")
        await self._db.execute("PRAGMA journal_mode=WAL")
        await self._db.execute("PRAGMA synchronous=NORMAL")
        await self._db.execute("PRAGMA busy_timeout=5000")
        await self._db.executescript(_SCHEMA)

    async def _rows(self, query: str, *values: Any) -> list[Any]:
        async with self._replacing:  # only held while a damaged file is put aside
            db = self._open_db
        try:
            async with db.execute(query, values) as cursor:
                return list(await cursor.fetchall())
        except (sqlite3.ProgrammingError, ValueError):  # a closed file, as aiosqlite says it
            if db is self._db:
                raise
            return await self._rows(query, *values)  # it was put aside meanwhile


def _state_values(row: StateRow) -> tuple[Any, ...]:
    return (
        row.entity_id,
        _text(row.state),
        _dump(row.attributes),
        row.last_changed,
        row.last_updated,
        row.context_id,
        row.parent_id,
        row.person_id,
        row.origin,
    )


def _audit_values(row: AuditRow) -> tuple[Any, ...]:
    return (
        row.time,
        row.kind,
        _text(row.subject),
        row.outcome,
        _text(row.reason),
        _dump(row.data),
        row.context_id,
        row.parent_id,
        row.person_id,
        row.origin,
    )


def _state(row: Any) -> StateRow:
    entity_id, state, attributes, *rest = row
    return StateRow(entity_id, state, _mapping(attributes), *rest)


def _audit(row: Any) -> AuditRow:
    time, kind, subject, outcome, reason, data, cause, parent, person, origin = row
    return AuditRow(
        time, kind, subject, outcome, cause, parent, person, origin, reason, _mapping(data)
    )


def _mapping(text: str) -> dict[str, Any]:
    found = json.loads(text)
    return found if isinstance(found, dict) else {"text": found}


def _dump(value: Any) -> str:
    """JSON of anything: what JSON can't hold is written as text, never refused."""
    try:
        return _encode(value).decode()
    except (TypeError, ValueError, OverflowError, RecursionError):
        return json.dumps(str(value))


def _text(value: str | None) -> str | None:
    """Text that SQLite can keep: half a character, as JSON can hold it, becomes a question mark."""
    if value is None or value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()


def _is_damage(error: Exception) -> bool:
    text = str(error)
    signs = ("malformed", "not a database", "Could not decode")
    return isinstance(error, ValueError) or any(sign in text for sign in signs)
