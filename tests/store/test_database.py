from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from store import settings
from store.database import Database
from store.trouble import StoreError, explain


def can_mount() -> bool:
    """Whether this user may mount a small disk in a namespace of its own."""
    tried = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "x", "/mnt"],
        check=False,
        capture_output=True,
    )
    return tried.returncode == 0


needs_mount = pytest.mark.skipif(
    not can_mount(), reason="this system lets no user mount a small disk (unshare)"
)


def on_a_disk(tmp_path: Path, prepare: str, python: str) -> str:
    """Run `python` in a namespace where `prepare` (shell) made a disk at tmp_path/disk."""
    (tmp_path / "disk").mkdir(exist_ok=True)
    (tmp_path / "script.py").write_text(textwrap.dedent(python))
    command = f"set -e\ncd {tmp_path}\n{textwrap.dedent(prepare)}\n{sys.executable} script.py"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", command],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    return done.stdout


OPEN = """
    import asyncio
    from pathlib import Path
    from store.database import Database
    from store.trouble import StoreError

    async def main():
        database = Database(Path("disk/data"))
        try:
            await database.open()
        except StoreError as error:
            print(error)
        else:
            print("opened")
            await database.close()

    asyncio.run(main())
"""


async def reopened(folder: Path) -> dict[str, object]:
    """What is in the folder's settings, by a database opened anew."""
    database = Database(folder)
    await database.open()
    found = await settings.load()
    await database.close()
    return found


async def test_what_was_written_is_there_again(tmp_path: Path) -> None:
    said: list[str] = []
    database = Database(tmp_path / "deep" / "data")
    await database.open(said.append)
    await settings.put("home.name", "Linden 12")
    await database.barrier()
    await database.close()
    assert said == ["Preparing the database"]
    assert await reopened(tmp_path / "deep" / "data") == {"home.name": "Linden 12"}


async def test_only_its_owner_can_read_it(database: Database) -> None:
    await settings.put("a", 1)
    assert database.path.stat().st_mode & 0o077 == 0
    assert database.folder.stat().st_mode & 0o077 == 0
    wal = database.path.with_name("hub.db-wal")
    assert wal.stat().st_mode & 0o077 == 0


async def test_an_answered_commit_is_on_the_disk(database: Database) -> None:
    await settings.put("a", 1)
    with closing(sqlite3.connect(database.path)) as other:
        assert other.execute("SELECT COUNT(*) FROM setting").fetchone() == (1,)


async def test_a_second_opening_of_the_same_folder_is_refused(database: Database) -> None:
    with pytest.raises(StoreError, match="Another hub is running on the data folder") as caught:
        await Database(database.folder).open()
    assert "HUB_DATA" in str(caught.value)
    assert "process" in str(caught.value)


def test_a_second_process_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    code = f"""
        import asyncio
        from pathlib import Path
        from store.database import Database

        async def main():
            database = Database(Path({str(tmp_path)!r}))
            await database.open()
            print("open", flush=True)
            await asyncio.Event().wait()

        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        try:
            assert other.stdout.readline() == "open\n"
            with pytest.raises(StoreError, match=f"process {other.pid}"):
                asyncio.run(Database(tmp_path).open())
        finally:
            other.kill()
    assert asyncio.run(reopened(tmp_path)) == {}


async def test_a_newer_file_is_refused_and_left_alone(database: Database) -> None:
    await database.close()
    with closing(sqlite3.connect(database.path)) as db:
        db.execute("PRAGMA user_version = 99")
    before = database.path.read_bytes()
    with pytest.raises(StoreError, match=r"was written by a newer Hearth \(99 migrations"):
        await database.open()
    assert database.path.read_bytes() == before


async def test_a_file_that_another_program_has_locked_is_named(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sqlite.PATIENCE", 0.05)
    await database.close()
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program"):
            await database.open()
    assert await reopened(database.folder) == {}


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_bytes(b"this is a letter to my aunt\n" * 500)
    with pytest.raises(StoreError, match="is damaged") as caught:
        await Database(tmp_path).open()
    assert "backup" in str(caught.value)
    assert (tmp_path / "hub.db").read_bytes().startswith(b"this is a letter")


async def test_damage_inside_is_found_when_the_last_end_was_not_clean(database: Database) -> None:
    for number in range(300):
        await settings.put(f"key{number}", "x" * 300)
    await database.close()
    raw = bytearray(database.path.read_bytes())
    raw[40_000:60_000] = b"\xff" * 20_000
    database.path.write_bytes(raw)
    with pytest.raises(StoreError, match="is damaged"):
        await database.open()


async def test_a_file_is_looked_through_only_after_an_end_that_was_not_clean(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    monkeypatch.setattr("store.sqlite._check", lambda _: looks.append("looked"))
    await database.close()
    await database.open()
    assert looks == []
    database._release()  # as a killed process lets go
    again = Database(database.folder)
    await again.open()
    await again.close()
    assert looks == ["looked"]


async def test_looking_through_a_big_file_ends_after_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.sqlite._LONGEST_CHECK", -1.0)
    monkeypatch.setattr("store.sqlite._STEPS_BETWEEN_LOOKS", 1)
    await database.close()
    (database.folder / "lock").write_text("")
    await database.open()
    await settings.put("a", 1)
    assert await settings.load() == {"a": 1}


async def test_after_a_failure_the_folder_is_free_again(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_bytes(b"x" * 5000)
    database = Database(tmp_path)
    with pytest.raises(StoreError):
        await database.open()
    (tmp_path / "hub.db").unlink()
    await database.open()
    await database.close()


async def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="can't be opened"):
        await Database(tmp_path / "data").open()


async def test_a_backup_is_whole_while_the_hub_runs(database: Database, tmp_path: Path) -> None:
    await settings.put("home.name", "Linden 12")
    target = tmp_path / "copy" / "hub.db"
    target.parent.mkdir()
    target.write_text("an older backup")
    await asyncio.gather(database.backup(target), *(settings.put(f"k{n}", n) for n in range(50)))
    assert target.stat().st_mode & 0o077 == 0
    assert [p.name for p in target.parent.iterdir()] == ["hub.db"]
    await database.close()
    assert (await reopened(target.parent))["home.name"] == "Linden 12"


async def test_a_backup_that_fails_says_where_and_keeps_the_older_one(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        await database.backup(tmp_path / "nowhere" / "hub.db")


@needs_mount
def test_a_full_disk_is_said_at_the_first_start(tmp_path: Path) -> None:
    said = on_a_disk(tmp_path, "mount -t tmpfs -o size=100k tmpfs disk", OPEN)
    assert "The disk that holds disk/data/hub.db is full. Free some space" in said


@needs_mount
def test_a_disk_that_filled_up_is_said_and_loses_nothing(tmp_path: Path) -> None:
    asyncio.run(fill(tmp_path / "source"))
    prepare = """
        mount -t tmpfs -o size=2m tmpfs disk
        cp -r source disk/data
        dd if=/dev/zero of=disk/ballast bs=1k 2>/dev/null || true
    """
    again = OPEN + "\n    Path('disk/ballast').unlink()\n    asyncio.run(main())\n"
    said = on_a_disk(tmp_path, prepare, again).splitlines()
    assert said[0].startswith("The disk that holds disk/data/hub.db is full.")
    assert said[1] == "opened"


@needs_mount
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    prepare = "mount -t tmpfs -o size=2m tmpfs disk\nmkdir disk/data\nmount -o remount,ro disk"
    said = on_a_disk(tmp_path, prepare, OPEN)
    assert "disk/data can't be written. Give this user the right to write there" in said


@needs_mount
def test_a_read_only_database_is_said(tmp_path: Path) -> None:
    asyncio.run(fill(tmp_path / "source"))
    prepare = """
        mount -t tmpfs -o size=2m tmpfs disk
        cp -r source disk/data
        mount --bind disk/data/hub.db disk/data/hub.db
        mount -o remount,bind,ro disk/data/hub.db
    """
    said = on_a_disk(tmp_path, prepare, OPEN)
    assert "disk/data/hub.db can't be written" in said


async def fill(folder: Path) -> None:
    """A home with something in it."""
    database = Database(folder)
    await database.open()
    await settings.put("home.name", "Linden 12")
    await database.close()


@pytest.mark.parametrize(
    "said, sentence",
    [
        ("database is locked", "locked by another program"),
        ("database or disk is full", "is full"),
        ("[Errno 28] No space left on device", "is full"),
        ("[Errno 122] Disk quota exceeded", "is full"),
        ("attempt to write a readonly database", "can't be written"),
        ("[Errno 13] Permission denied: 'x'", "can't be written"),
        ("database disk image is malformed", "is damaged"),
        ("file is not a database", "is damaged"),
        ("disk I/O error", "fails"),
        ("unable to open database file", "can't be opened"),
    ],
)
def test_each_trouble_is_explained_with_what_to_do(
    tmp_path: Path, said: str, sentence: str
) -> None:
    error = explain(sqlite3.OperationalError(said), tmp_path / "hub.db")
    assert sentence in str(error)
    assert str(tmp_path / "hub.db") in str(error)
    assert str(error).count(".") >= 2
    assert explain(error, tmp_path) is error
