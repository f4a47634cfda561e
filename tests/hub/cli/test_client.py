"""Finding the running hub, and what is said when there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.cli.client import find
from hub.errors import HubError
from hub.testing import House
from tests.hub.cli.conftest import type_in, type_while_running

ASKING = [
    ["state", "list"],
    ["state", "get", "light.hall"],
    ["state", "watch"],
    ["action", "list"],
    ["action", "call", "light.turn_on"],
    ["skill", "list"],
    ["skill", "run", "x"],
    ["blueprint", "list"],
    ["notify", "Dinner"],
    ["token", "create", "x"],
]


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_without_a_hub_a_command_says_how_to_start_one(words: list[str]) -> None:
    typed = type_in(*words)
    assert typed.code == 3
    assert "No hub is running" in typed.err
    assert "hub run" in typed.err
    assert "Traceback" not in typed.err


def test_a_hub_that_was_killed_is_not_running(folder: Path) -> None:
    folder.mkdir()
    # Port 9 (discard) is open nowhere.
    (folder / "run.json").write_text(json.dumps({"url": "http://127.0.0.1:9", "token": "x"}))
    typed = type_in("state", "list")
    assert typed.code == 3
    assert "No hub answers at http://127.0.0.1:9" in typed.err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": "http://127.0.0.1:1"}', '{"token": 1}'])
def test_a_broken_run_file_is_told_of(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "run.json").write_text(text)
    typed = type_in("state", "list")
    assert typed.code == 1
    assert str(folder / "run.json") in typed.err


def test_wrong_settings_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("[server]\nprot = 1\n")
    typed = type_in("state", "list")
    assert typed.code == 2
    assert "hub.toml, line 2: [server] has no key “prot”. Did you mean “port”?" in typed.err


def test_a_settings_file_that_was_named_must_be_there() -> None:
    typed = type_in("--config", "other.toml", "state", "list")
    assert typed.code == 2
    assert "There is no settings file other.toml." in typed.err


@pytest.mark.parametrize("address", ["hub.local", "ftp://hub.local", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(HubError, match="is no hub's address"):
        find(Path(), {"HUB_URL": address})


async def test_another_hub_is_reached_with_its_address_and_a_token(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = json.loads((folder / "run.json").read_text())
    token, _ = await house.hub.people.make_token((await house.owner()).id, "test")
    monkeypatch.setenv("HUB_DATA", "/nowhere")
    monkeypatch.setenv("HUB_URL", where["url"])
    monkeypatch.setenv("HUB_TOKEN", token)
    assert (await type_while_running("state", "list")).code == 0
    monkeypatch.setenv("HUB_TOKEN", "hearth_wrong")
    typed = await type_while_running("state", "list")
    assert (typed.code, typed.out) == (1, "")
    assert typed.err.strip()


async def test_a_program_that_is_no_hub_is_told_apart(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = json.loads((folder / "run.json").read_text())
    monkeypatch.setenv("HUB_URL", where["url"] + "/static/hub.css")
    typed = await type_while_running("state", "list")
    assert typed.code == 1
    assert "status 404" in typed.err or "not the hub's" in typed.err
