"""`hub check` finds what is wrong in what people wrote, and touches nothing."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from hub.context import Context
from hub.testing import House, hub_for_test
from skills.service import Skills
from store.skills import SkillRow, put
from tests.hub.cli.conftest import type_in

ROOT = Path(__file__).resolve().parents[3]
GOOD = "alias: Good\ntriggers: []\nactions:\n  - action: light.turn_on\n    target: {entity_id: light.hall}\n"
WRONG = "alias: Wrong\ntriggers: []\nactions:\n  - delay: 1\n  - action: light.fly\n"
BLUEPRINT = """
blueprint:
  name: Broken
  domain: automation
  input:
    lamp:
      selector: {entity: {}}
triggers: []
actions:
  - action: light.turn_on
    target: {entity_id: !input lmp}
"""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_INTEGRATIONS_ENABLED", "")


async def kept(house: House, document: str, name: str) -> None:
    """A stored skill, as an older version of the hub or a restored backup may have left it."""
    owner = await house.owner()
    row = SkillRow(f"id-{name}", name, document, 1.0, 1.0, owner_id=owner.id)
    await put(row, owner.id, "")


def stored(folder: Path, *documents: str) -> None:
    async def fill() -> None:
        async with hub_for_test(parts=("skills",), folder=folder) as house:
            await house.add("light.hall")
            for number, document in enumerate(documents):
                await kept(house, document, f"s{number}")

    asyncio.run(fill())


def test_a_new_home_has_nothing_wrong() -> None:
    typed = type_in("check")
    assert (typed.code, typed.err) == (0, "")
    assert typed.lines[-1] == "Nothing is wrong."
    assert "settings" in typed.out


def test_a_mistake_in_the_settings_is_told(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("[server]\nprot = 1\n")
    typed = type_in("check")
    assert typed.code == 1
    assert "hub.toml, line 2" in typed.out
    assert "Did you mean “port”?" in typed.out


def test_a_broken_blueprint_is_told_with_its_line(folder: Path) -> None:
    (folder / "blueprints").mkdir(parents=True)
    (folder / "blueprints" / "mine.yaml").write_text(BLUEPRINT)
    typed = type_in("check", "--json")
    assert typed.code == 1
    (problem,) = typed.json["problems"]
    assert problem["subject"] == "blueprint mine.yaml"
    assert "line 11" in problem["file"] or problem["line"] == 11


def test_a_skill_that_names_what_is_not_there_is_told_with_line_and_path(folder: Path) -> None:
    stored(folder, GOOD, WRONG)
    typed = type_in("check", "--json")
    assert typed.code == 1
    assert "2 skills" in typed.json["checked"]
    (problem,) = typed.json["problems"]
    assert problem["subject"] == "skill “s1”"
    assert "light.fly" in problem["sentence"]
    assert problem["line"] == 5
    assert problem["path"].endswith("/1/action")


def test_warnings_alone_are_no_failure(folder: Path) -> None:
    stored(folder, GOOD.replace("light.hall", "light.moon"))
    typed = type_in("check")
    assert typed.code == 0
    assert "warning: skill “s0”: There is no entity light.moon." in typed.out
    assert typed.lines[-1] == "0 errors, 1 warnings."


def test_integrations_that_are_missing_or_broken_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = folder / "integrations" / "lamp"
    broken.mkdir(parents=True)
    (broken / "integration.toml").write_text('domain = "lamp"\nname = "L"\nversion = "1"\n')
    (broken / "__init__.py").write_text("import nothing_like_it\n")
    monkeypatch.setenv("HUB_INTEGRATIONS_ENABLED", "lamp,moon")
    problems = type_in("check", "--json").json["problems"]
    told = {problem["subject"]: problem["sentence"] for problem in problems}
    assert "nothing_like_it" in told["integration lamp"]
    assert "is not there" in told["integration moon"]


def test_a_damaged_database_is_told(folder: Path) -> None:
    folder.mkdir()
    (folder / "hub.db").write_bytes(b"no database at all" * 100)
    typed = type_in("check")
    assert typed.code == 1
    assert str(folder / "hub.db") in typed.out


def test_a_check_changes_nothing(folder: Path) -> None:
    stored(folder, GOOD)
    before = contents(folder)
    assert type_in("check").code == 0
    assert contents(folder) == before


def contents(folder: Path) -> dict[str, bytes]:
    """The files but for SQLite's own index of its log, which every reader touches."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"]
    return {path.name: path.read_bytes() for path in files}


async def test_a_running_hub_is_not_disturbed(house: House) -> None:
    owner = await house.owner()
    context = Context.new("person", person_id=owner.id)
    await house.hub.part(Skills).save(GOOD, context)
    checking = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "check",
        cwd=ROOT, env=dict(os.environ), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await checking.communicate()
    assert (checking.returncode, b"1 skills" in out) == (0, True)
    assert house.entities.calls == []
