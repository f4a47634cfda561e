"""`hub doctor`: every check says ok, or what to do."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.testing import House
from tests.hub.cli.conftest import Typed, type_in, type_while_running


def about(name: str, typed: Typed) -> dict[str, str]:
    found: dict[str, str] = next(c for c in typed.json["checks"] if c["name"] == name)
    return found


@pytest.fixture
def held() -> Iterator[int]:
    """A port that another program listens at."""
    with socket.socket() as listener:
        listener.bind(("", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture(autouse=True)
def free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PORT", "0")


def test_a_healthy_machine_has_nothing_bad() -> None:
    typed = type_in("doctor", "--json")
    assert typed.code == 0
    assert {check["status"] for check in typed.json["checks"]} <= {"ok", "warn"}
    assert [c["name"] for c in typed.json["checks"]] == [
        "python", "data folder", "disk", "secret.key", "database", "history", "port", "mDNS",
        "clock", "time zones", "local model", "Chromium",
    ]  # fmt: skip


def test_each_check_is_a_line_for_people() -> None:
    typed = type_in("doctor")
    assert typed.lines[0].startswith("ok    python: Hearth ")
    assert len([line for line in typed.lines if line[:4] in ("ok  ", "warn", "BAD ")]) == 12


def test_looking_makes_nothing(folder: Path) -> None:
    type_in("doctor")
    assert not folder.exists()


def test_a_damaged_database_is_bad(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "hub.db").write_bytes(b"no database" * 500)
    typed = type_in("doctor", "--json")
    assert typed.code == 1
    assert typed.json["status"] == "bad"
    assert about("database", typed)["status"] == "bad"
    assert "backup" in about("database", typed)["remedy"]
    assert about("history", typed)["status"] == "ok"


def test_a_port_that_is_taken_is_bad(held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_PORT", str(held))
    typed = type_in("doctor", "--json")
    assert typed.code == 1
    assert about("port", typed)["status"] == "bad"
    assert "HUB_PORT" in about("port", typed)["remedy"]


def test_a_key_that_others_can_read_is_told(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "secret.key").write_bytes(b"x" * 32)
    (folder / "secret.key").chmod(0o644)
    typed = type_in("doctor", "--json")
    assert typed.code == 0
    assert about("secret.key", typed)["remedy"] == f"chmod 600 {folder / 'secret.key'}"


def test_a_folder_that_everybody_can_open_is_told(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)
    assert about("data folder", type_in("doctor", "--json"))["status"] == "warn"


def test_a_file_in_place_of_the_folder_is_bad(folder: Path) -> None:
    folder.write_text("")
    typed = type_in("doctor", "--json")
    assert typed.code == 1
    assert about("data folder", typed)["status"] == "bad"


def test_a_clock_that_lags_behind_the_database_is_told(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    database = folder / "history.db"
    database.touch()
    later = database.stat().st_mtime + 7200
    os.utime(database, (later, later))
    found = about("clock", type_in("doctor", "--json"))
    assert (found["status"], "120 minutes" in found["sentence"]) == ("warn", True)


def test_mdns_that_is_switched_off_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_MDNS_ENABLED", "false")
    assert "Switched off" in about("mDNS", type_in("doctor", "--json"))["sentence"]


def test_wrong_settings_come_first(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("[server\n")
    typed = type_in("doctor")
    assert typed.code == 2
    assert "hub.toml, line 1" in typed.err


async def test_a_running_hub_is_asked_how_its_parts_are(house: House) -> None:
    house.hub.health.report("printer", "bad", "The printer burns.", "Put it out.")
    typed = await type_while_running("doctor", "--json")
    assert typed.code == 1
    assert "A hub is running" in about("port", typed)["sentence"]
    assert about("database", typed)["status"] == "ok"
    assert about("hub: printer", typed)["remedy"] == "Put it out."
