"""Whole SQLite files: examine, copy, count, put into place. Everything here blocks."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

# Looking through a big file may take minutes on a slow disk; nobody waits for that at a start.
_LONGEST_CHECK = 5.0
PATIENCE = 5.0  # seconds to wait for another program that has a file locked
_STEPS_BETWEEN_LOOKS = 100_000


def examine(path: Path, *, thorough: bool) -> int:
    """The number of migrations that a file has had; 0 for one that is not there yet.

    Finds a lock of another program, a read-only disk, a file that is no database, and, when
    `thorough`, damage inside (for five seconds at most). Raises sqlite3.Error.
    """
    if not path.exists():
        return 0
    # SQLite would quietly open a file that can't be written for reading only.
    os.close(os.open(path, os.O_RDWR))
    with _opened(path) as db:
        # An empty write transaction asks for what every later one needs.
        db.execute("BEGIN IMMEDIATE")
        db.rollback()
        if thorough:
            _check(db)
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def copy(source: Path, target: Path) -> None:
    """A consistent copy, also of a file in use; readable by its owner only."""
    work = target.with_name(target.name + ".part")
    discard(work)
    try:
        private(work)
        with _opened(source) as here, _opened(work) as there:
            here.backup(there)
        _sync(work)
        work.replace(target)
    finally:
        discard(work)


def finish(work: Path, target: Path, *, version: int) -> None:
    """Stamp `work` with its version and let it take the place of `target` at once."""
    with _opened(work) as db:
        db.execute(f"PRAGMA user_version = {version:d}")
        _empty_log(db)
    if target.exists():
        with _opened(target) as db:
            _empty_log(db)
    work.chmod(0o600)
    _sync(work)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    work.replace(target)
    _sync(target.parent)


def discard(path: Path) -> None:
    """Remove a file and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def move_aside(path: Path) -> Path:
    """Give a damaged file, and what lies beside it, a name that is free; the answer is that."""
    names = (path.with_name(f"{path.stem}.damaged-{n}{path.suffix}") for n in itertools.count(1))
    aside = next(name for name in names if not name.exists())
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).replace(aside.with_name(aside.name + suffix))
    return aside


def private(path: Path) -> None:
    """Make an empty file that only its owner can read; SQLite's log beside it does the same."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def row_counts(path: Path) -> dict[str, int]:
    """How many rows each table has."""
    if not path.exists():
        return {}
    with _opened(path) as db:
        tables = db.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' "
            "AND name <> 'tortoise_migrations'"
        ).fetchall()
        return {table: _count(db, table) for (table,) in tables}


def orphans(path: Path) -> int:
    """How many rows point to a row that is not there."""
    with _opened(path) as db:
        return len(db.execute("PRAGMA foreign_key_check").fetchall())


def _count(db: sqlite3.Connection, table: str) -> int:
    query = f'SELECT COUNT(*) FROM "{table}"'  # noqa: S608 - a name from sqlite_master
    return int(db.execute(query).fetchone()[0])


def _check(db: sqlite3.Connection) -> None:
    until = time.monotonic() + _LONGEST_CHECK
    db.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
    try:
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "interrupt" not in str(error):
            raise
        found = "ok"  # as far as it was looked at
    db.set_progress_handler(None, 0)
    if found != "ok":
        raise sqlite3.DatabaseError(f"database disk image is malformed: {found}")


def _empty_log(db: sqlite3.Connection) -> None:
    busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("database is locked")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # `with connection` of the library ends a transaction, not the connection.
    with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
        yield db


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
