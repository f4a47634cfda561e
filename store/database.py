"""Open, migrate, check and close hub.db.

SQLite rebuilds a table when a column is altered or removed, and with foreign keys on it deletes the
rows that point to it. So a migration runs on a copy of the file with foreign keys off, the copy is
checked, and only then takes the file's place: a crash at any moment leaves one or the other whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import importlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

from store import sqlite
from store.trouble import StoreError, explain

MEMORY = Path(":memory:")
_CLEAN = "closed"


class Database:
    """hub.db in `folder`, or in memory for tests. One process at a time holds the folder.

    `migrations` is the package of the numbered migrations.
    """

    def __init__(self, folder: Path, migrations: str = "store.migrations") -> None:
        self.folder = folder
        self.path = folder if folder == MEMORY else folder / "hub.db"
        self._migrations = migrations
        self._lock: IO[str] | None = None

    async def open(self, progress: Callable[[str], None] = lambda _: None) -> None:
        """Take the folder's lock, apply migrations that are missing, open the database.

        Raises StoreError when the folder is in use or can't be written, the file is damaged, or
        it was written by a newer Hearth.
        """
        if self.path == MEMORY:
            await self._connect(self.path)
            await Tortoise.generate_schemas()
            return
        was_clean = self._take_folder()
        try:
            present = await asyncio.to_thread(sqlite.examine, self.path, thorough=not was_clean)
            await self._migrate(present, progress)
            await self._connect(self.path)
        except (sqlite3.Error, BaseORMException, OSError) as error:
            await self._give_up()
            raise explain(error, self.path) from error
        except BaseException:
            await self._give_up()
            raise

    async def close(self) -> None:
        """Write everything out and let go of the folder."""
        await Tortoise.close_connections()
        if self._lock:
            self._note(f"{_CLEAN} {_stamp(self.path)}")
        self._release()

    async def barrier(self) -> None:
        """Return when all that was asked of the database before is done."""
        await get_connection("default").execute_query("SELECT 1")

    async def backup(self, target: Path) -> None:
        """A consistent copy of hub.db at `target`, while the hub runs. Raises StoreError."""
        try:
            await asyncio.to_thread(sqlite.copy, self.path, target)
        except (sqlite3.Error, OSError) as error:
            raise explain(error, target) from error

    def _take_folder(self) -> bool:
        """Lock the folder; whether hub.db is as the last process left it when it closed."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = (self.folder / "lock").open("a+", encoding="utf-8")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = self._noted()
            self._release()
            raise StoreError(
                f"Another hub is running on the data folder {self.folder}"
                f"{f' (process {holder})' if holder.isdigit() else ''}. "
                "Stop it, or set HUB_DATA to another folder."
            ) from error
        except OSError as error:
            self._release()
            raise explain(error, self.folder) from error
        was_clean = self._noted() == f"{_CLEAN} {_stamp(self.path)}"
        self._note(str(os.getpid()))
        return was_clean

    def _noted(self) -> str:
        if self._lock is None:
            return ""
        self._lock.seek(0)
        return self._lock.read().strip()

    def _note(self, text: str) -> None:
        # Only a hint: a disk that is too full for it is reported where it matters.
        with contextlib.suppress(OSError):
            lock = self._lock
            if lock:
                lock.truncate(0)
                lock.write(text)
                lock.flush()

    async def _give_up(self) -> None:
        await Tortoise.close_connections()
        self._release()

    def _release(self) -> None:
        if self._lock:
            with contextlib.suppress(OSError):  # what could not be written was only a hint
                self._lock.close()
            self._lock = None

    async def _migrate(self, present: int, progress: Callable[[str], None]) -> None:
        wanted = _count(self._migrations)
        if present == wanted:
            return
        if present > wanted:
            raise StoreError(
                f"{self.path} was written by a newer Hearth ({present} migrations, this one "
                f"knows {wanted}). Install the newer version, or restore a backup."
            )
        work = self.path.with_name("hub.migrating.db")
        saved = self.path.with_name(f"hub.before-{wanted}.db") if present else None
        sqlite.discard(work)
        try:
            if saved:
                progress(f"Saving a copy of the database as {saved.name}")
                await asyncio.to_thread(sqlite.copy, self.path, saved)
            if self.path.exists():
                await asyncio.to_thread(sqlite.copy, self.path, work)
            progress("Preparing the database")
            before = await asyncio.to_thread(sqlite.row_counts, work)
            await self._apply(work)
            await asyncio.to_thread(self._verify, work, before)
            await asyncio.to_thread(sqlite.finish, work, self.path, version=wanted)
        finally:
            sqlite.discard(work)

    async def _apply(self, path: Path) -> None:
        # Loaded here: a start that has nothing to migrate does without it.
        from tortoise.migrations.executor import MigrationExecutor  # noqa: PLC0415

        await self._connect(path, foreign_keys=False)
        try:
            app = _app(self._migrations)
            await MigrationExecutor(get_connection("default"), {"hub": app}).migrate()
        finally:
            await Tortoise.close_connections()
        # SQLite drops secondary indexes when a table is rebuilt: make the missing ones again.
        await self._connect(path)
        try:
            await Tortoise.generate_schemas(safe=True)
        finally:
            await Tortoise.close_connections()

    def _verify(self, work: Path, before: dict[str, int]) -> None:
        after = sqlite.row_counts(work)
        lost = [f"{t}: {n} rows, now {after[t]}" for t, n in before.items() if after.get(t, n) < n]
        orphans = sqlite.orphans(work)
        if lost or orphans:
            lost += [f"{orphans} rows point to rows that are gone"] if orphans else []
            raise StoreError(
                f"Updating {self.path} would have lost rows ({'; '.join(lost)}). "
                "It is as it was; keep the older Hearth and report this."
            )

    async def _connect(self, path: Path, *, foreign_keys: bool = True) -> None:
        # FULL: an answered commit survives a power cut (history.db is the fast one).
        credentials = {
            "file_path": str(path),
            "synchronous": "FULL",
            "busy_timeout": 5000,
            "foreign_keys": "ON" if foreign_keys else "OFF",
        }
        engine = {"engine": "tortoise.backends.sqlite", "credentials": credentials}
        await Tortoise.init(
            config={"connections": {"default": engine}, "apps": {"hub": _app(self._migrations)}},
            _enable_global_fallback=True,
        )


def _count(migrations: str) -> int:
    package = importlib.import_module(migrations)
    return sum(1 for _ in Path(package.__path__[0]).glob("[0-9]*.py"))


def _app(migrations: str) -> dict[str, Any]:
    return {
        "models": ["store.models"],
        "default_connection": "default",
        "migrations": migrations,
    }


def _stamp(path: Path) -> str:
    """Changes when anybody writes to the file."""
    try:
        found = path.stat()
    except OSError:
        return "absent"
    return f"{found.st_size} {found.st_mtime_ns}"
