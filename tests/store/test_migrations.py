from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tortoise import Tortoise

import store.migrations
from store import people, settings
from store.database import Database
from store.people import PersonRow, TokenRow
from store.trouble import StoreError

_FIRST = Path(store.migrations.__path__[0]) / "0001_initial.py"

ALTER = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_initial")]
    operations = [
        ops.AlterField(
            model_name="Person", name="name", field=fields.CharField(max_length={length})
        ),
    ]
"""
LOSE = """
from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("hub", "0001_initial")]
    operations = [ops.RunSQL("DELETE FROM token")]
"""
ORPHAN = LOSE.replace("DELETE FROM token", "UPDATE token SET person_id = 'nobody'")
FAIL = LOSE.replace("DELETE FROM token", "UPDATE nowhere SET x = 1")

Package = Callable[..., str]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """Make a package of migrations: today's first one with a shorter name for people, as an
    older version might have had, and what came after it."""
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    made: list[str] = []

    def make(name: str, *later: str) -> str:
        folder = tmp_path / "packages" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        (folder / "0001_initial.py").write_text(_older(_FIRST.read_text()))
        for number, text in enumerate(later, 2):
            (folder / f"{number:04}_later.py").write_text(text)
        made.append(name)
        return name

    yield make
    for name in [n for n in sys.modules if n.partition(".")[0] in made]:
        del sys.modules[name]


def _older(text: str) -> str:
    older = re.sub(
        r'(name="Person",.*?"name",\s*fields\.CharField\(max_length=)120',
        r"\g<1>77",
        text,
        flags=re.DOTALL,
    )
    assert older != text
    return older


async def live(folder: Path, migrations: str) -> None:
    """A home with a person and a token, as the older version left it."""
    database = Database(folder, migrations)
    await database.open()
    await people.add(PersonRow("p1", "Mara", "mara", "owner", 0.0))
    await people.add_token(TokenRow("t1", "hash", "p1", "phone", 0.0))
    await settings.put("home.name", "Linden 12")
    await database.close()


def shape(path: Path) -> dict[str, str]:
    """What the file's tables and indexes are made by, without names of its own and spaces."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL "
            "AND name NOT LIKE 'tortoise_%' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
    return {name: " ".join(sql.split()) for name, sql in rows}


def columns(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Each table's columns: name, type, whether it must be there, key; in order of name."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for name in shape(path) if name in _tables(path)]
        return {
            table: sorted(
                (row[1], row[2], row[3], row[5])
                for row in db.execute(f'PRAGMA table_info("{table}")')
            )
            for table in tables
        }


def _tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as db:
        return {n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def indexes(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
        return sorted(f"{table}: {name}" for table, name in rows)


def length_of_name(path: Path) -> str:
    found = re.search(r'"name" VARCHAR\((\d+)\)', shape(path)["person"])
    assert found
    return found[1]


async def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(
    tmp_path: Path, package: Package
) -> None:
    folder = tmp_path / "data"
    await live(folder, package("old"))
    before = indexes(folder / "hub.db")
    assert length_of_name(folder / "hub.db") == "77"
    said: list[str] = []
    database = Database(folder, package("new", ALTER.format(length=120)))
    await database.open(said.append)
    token = await people.token("hash")
    await database.close()
    assert token is not None
    assert token.person_id == "p1"
    assert length_of_name(folder / "hub.db") == "120"
    assert indexes(folder / "hub.db") == before
    assert said == ["Saving a copy of the database as hub.before-2.db", "Preparing the database"]


async def test_the_copy_from_before_is_whole(tmp_path: Path, package: Package) -> None:
    folder = tmp_path / "data"
    await live(folder, package("old"))
    database = Database(folder, package("new", ALTER.format(length=120)))
    await database.open()
    await database.close()
    copy = tmp_path / "copy"
    copy.mkdir()
    (folder / "hub.before-2.db").rename(copy / "hub.db")
    older = Database(copy, "old")
    await older.open()
    assert await settings.load() == {"home.name": "Linden 12"}
    await older.close()


async def test_a_second_start_has_nothing_to_do(tmp_path: Path, package: Package) -> None:
    folder = tmp_path / "data"
    await live(folder, package("old"))
    said: list[str] = []
    database = Database(folder, "old")
    await database.open(said.append)
    await database.close()
    assert said == []


@pytest.mark.parametrize(
    "later, reason",
    [(LOSE, "token: 1 rows, now 0"), (ORPHAN, "1 rows point to rows that are gone")],
)
async def test_a_migration_that_would_lose_rows_is_refused(
    tmp_path: Path, package: Package, later: str, reason: str
) -> None:
    folder = tmp_path / "data"
    await live(folder, package("old"))
    before = (folder / "hub.db").read_bytes()
    with pytest.raises(StoreError, match="would have lost rows") as caught:
        await Database(folder, package("new", later)).open()
    assert reason in str(caught.value)
    assert (folder / "hub.db").read_bytes() == before
    assert not (folder / "hub.migrating.db").exists()
    await reopen(folder)


async def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, package: Package
) -> None:
    folder = tmp_path / "data"
    await live(folder, package("old"))
    before = (folder / "hub.db").read_bytes()
    with pytest.raises(StoreError, match="nowhere"):
        await Database(folder, package("new", FAIL)).open()
    assert (folder / "hub.db").read_bytes() == before
    await reopen(folder)


async def test_what_a_crash_left_of_a_migration_is_thrown_away(
    tmp_path: Path, package: Package
) -> None:
    folder = tmp_path / "data"
    await live(folder, package("old"))
    (folder / "hub.migrating.db").write_bytes(b"half")
    (folder / "hub.migrating.db-wal").write_bytes(b"half")
    database = Database(folder, package("new", ALTER.format(length=120)))
    await database.open()
    assert await people.token("hash") is not None
    await database.close()
    assert not list(folder.glob("hub.migrating*"))


async def test_a_first_start_that_crashed_begins_again(tmp_path: Path) -> None:
    tmp_path.joinpath("hub.migrating.db").write_bytes(b"half")
    database = Database(tmp_path)
    await database.open()
    assert await settings.load() == {}
    await database.close()


async def reopen(folder: Path) -> None:
    """The older version goes on as if nothing had been."""
    older = Database(folder, "old")
    await older.open()
    assert await people.token("hash") is not None
    await older.close()


async def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    database = Database(tmp_path / "migrated")
    await database.open()
    await database.close()
    plain = tmp_path / "plain.db"
    await Tortoise.init(
        db_url=f"sqlite:///{plain}", modules={"hub": ["store.models"]}, _enable_global_fallback=True
    )
    await Tortoise.generate_schemas()
    await Tortoise.close_connections()
    migrated = tmp_path / "migrated" / "hub.db"
    assert _tables(migrated) - {"tortoise_migrations"} == _tables(plain)
    assert columns(migrated) == columns(plain)
    assert indexes(migrated) == indexes(plain)
