"""An integration's template functions are there while it is loaded, and only then."""

from __future__ import annotations

import textwrap
from pathlib import Path

from hub.config import Config
from hub.config import Integrations as Settings
from hub.context import Context
from hub.testing import House, hub_for_test
from skills.service import Skills

SKILL = """\
alias: Greet
actions:
  - variables:
      words: "{{ shout('hello') }}"
"""


def write_integration(folder: Path) -> None:
    """A community integration that declares one function and needs no set-up."""
    place = folder / "louder"
    place.mkdir()
    (place / "integration.toml").write_text(
        'domain = "louder"\nname = "Louder"\nversion = "1.0.0"\n', encoding="utf-8"
    )
    code = """
    from hub import hookimpl


    @hookimpl
    def template_functions():
        return {"shout": lambda text: text.upper() + "!"}
    """
    (place / "__init__.py").write_text(textwrap.dedent(code), encoding="utf-8")


async def said(house: House) -> object:
    """What the skill's template makes of it now."""
    skills = house.hub.part(Skills)
    run = await skills.run("Greet", Context.new(), dry_run=True)
    return run.trace[-1].changed_variables or run.reason


async def test_a_function_comes_and_goes_with_its_integration(tmp_path: Path) -> None:
    write_integration(tmp_path)
    config = Config(integrations=Settings(enabled=[], folder=str(tmp_path)))
    async with hub_for_test(config=config) as house:
        await house.hub.part(Skills).save(SKILL, Context.new())
        assert "shout" in str(await said(house))

        await house.hub.plugins.load("louder")
        assert await said(house) == {"words": "HELLO!"}

        await house.hub.plugins.unload("louder")
        assert "shout" in str(await said(house))
