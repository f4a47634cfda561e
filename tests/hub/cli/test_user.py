"""People are managed the same way whether a hub runs or not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hub.access import People
from hub.cli.roster import StoredRoster
from hub.clock import ManualClock
from hub.testing import House
from store.database import Database
from tests.hub.cli.conftest import type_in, type_while_running

PASSWORD = "lamp river cobalt"


def signs_in(folder: Path, name: str, password: str) -> bool:
    async def ask() -> bool:
        database = Database(folder)
        await database.open()
        people = People(ManualClock())
        await people.load()
        found = people.verify(name, password)
        await database.close()
        return found is not None

    return asyncio.run(ask())


def test_an_owner_is_added_before_the_first_start(folder: Path) -> None:
    typed = type_in("user", "add", "Mara", "--role", "owner", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert (typed.code, typed.err) == (0, "")
    assert typed.lines[-1] == "Added Mara as owner; they sign in as mara."
    assert PASSWORD not in typed.out
    assert signs_in(folder, "Mara", PASSWORD)
    assert (folder.stat().st_mode & 0o777, (folder / "hub.db").exists()) == (0o700, True)


def test_a_password_that_was_mistyped_is_asked_for_again(folder: Path) -> None:
    answers = f"{PASSWORD}\nlamp rivr\n{PASSWORD}\n{PASSWORD}\n"
    assert type_in("user", "add", "Mara", answers=answers).code == 0
    assert signs_in(folder, "mara", PASSWORD)


def test_a_password_comes_from_standard_input(folder: Path) -> None:
    words = ["user", "add", "Mara", "--password-stdin", "--sign-in-name", "M"]
    assert type_in(*words, answers=f"{PASSWORD}\n").code == 0
    assert signs_in(folder, "m", PASSWORD)


@pytest.mark.parametrize(
    "words,answers,said",
    [
        (["--password-stdin"], "", "No password came"),
        (["--password-stdin"], "short\n", "at least 10 characters"),
        (["--password-stdin", "--role", "king"], f"{PASSWORD}\n", "owner, adult, child, guest"),
        (["--password-stdin", "--no-password"], f"{PASSWORD}\n", "exclude"),
    ],
)
def test_a_wrong_person_is_refused(words: list[str], answers: str, said: str) -> None:
    typed = type_in("user", "add", "Mara", *words, answers=answers)
    assert typed.code == 2
    assert said in typed.err
    assert type_in("user", "list", "--json").json == []


def test_a_name_can_be_taken_once() -> None:
    assert type_in("user", "add", "Mara", "--no-password").code == 0
    typed = type_in("user", "add", "mara", "--no-password")
    assert typed.code == 2
    assert "already" in typed.err


def test_a_password_is_changed(folder: Path) -> None:
    type_in("user", "add", "Mara", "--password-stdin", answers=f"{PASSWORD}\n")
    typed = type_in("user", "password", "Mara", answers="green paper moon\n" * 2)
    assert typed.lines[-1] == "Mara has a new password."
    assert not signs_in(folder, "mara", PASSWORD)
    assert signs_in(folder, "mara", "green paper moon")


def test_a_person_is_removed_after_a_yes() -> None:
    type_in("user", "add", "Mara", "--role", "owner", "--no-password")
    type_in("user", "add", "Robot", "--role", "guest", "--no-password")
    assert type_in("user", "remove", "Robot", answers="n\n").code == 1
    assert len(type_in("user", "list", "--json").json) == 2
    assert type_in("user", "remove", "Robot", answers="y\n").code == 0
    assert [p["name"] for p in type_in("user", "list", "--json").json] == ["Mara"]


def test_the_last_owner_stays() -> None:
    type_in("user", "add", "Mara", "--role", "owner", "--no-password")
    typed = type_in("user", "remove", "Mara", "--yes")
    assert typed.code == 2
    assert "needs an owner" in typed.err


@pytest.mark.parametrize("verb", [["password", "--password-stdin"], ["remove", "--yes"]])
def test_somebody_unknown_is_not_found(verb: list[str]) -> None:
    typed = type_in("user", verb[0], "Nobody", *verb[1:], answers=f"{PASSWORD}\n")
    assert typed.code == 1
    assert "Nobody here is called “Nobody”." in typed.err


async def test_beside_a_running_hub_it_is_asked(house: House) -> None:
    added = await type_while_running(
        "user", "add", "Jonas", "--password-stdin", "--json", answers=f"{PASSWORD}\n"
    )
    assert (added.json["name"], added.json["role"]) == ("Jonas", "adult")
    people = house.hub.people
    assert people.verify("jonas", PASSWORD) is not None
    listed = await type_while_running("user", "list")
    assert [line.split()[:2] for line in listed.lines[1:]] == [
        ["Mara", "owner"],
        ["Jonas", "adult"],
    ]
    changed = await type_while_running(
        "user", "password", "Jonas", "--password-stdin", answers="green paper moon\n"
    )
    assert changed.code == 0
    assert people.verify("jonas", "green paper moon") is not None
    assert (await type_while_running("user", "remove", "Jonas", "--yes")).code == 0
    assert [person.name for person in people.all()] == ["Mara"]


async def test_beside_a_running_hub_mistakes_are_the_same(house: House) -> None:
    weak = await type_while_running(
        "user", "password", "Mara", "--password-stdin", answers="short\n"
    )
    assert weak.code == 2
    assert "at least 10 characters" in weak.err
    assert (await type_while_running("user", "remove", "Nobody", "--yes")).code == 1
    assert (await type_while_running("user", "remove", "Mara", "--yes")).code == 2


async def test_a_hub_that_runs_without_pages_keeps_its_store(house: House, folder: Path) -> None:
    (folder / "run.json").unlink()
    typed = await type_while_running("user", "list")
    assert typed.code == 1
    assert "Another hub is running on the data folder" in typed.err


def test_both_ways_tell_the_same_of_a_person(folder: Path) -> None:
    made = StoredRoster(folder).add("Mara", None, "owner", "")
    assert set(made) == {
        "id", "name", "sign_in_name", "role", "language", "time_zone", "disabled", "created_at",
    }  # fmt: skip
