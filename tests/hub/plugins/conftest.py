"""Integrations that tests write into a folder, as a stranger would."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from hub.config import Config, Integrations
from hub.testing import House, hub_for_test

Write = Callable[..., Path]

BULB = """
    from hub import Action, Call, EntityDescription, action, hookimpl

    class Bulb:
        def __init__(self, face):
            self.face = face

        async def start(self):
            verbs = ("turn_on", "turn_off")
            lamp = EntityDescription("light.bulb", "Bulb", area="Hall", actions=verbs)
            await self.face.add_entities([lamp], self)
            old = self.face.state("light.bulb")
            self.face.set_state("light.bulb", old.state if old else "off")

        async def act(self, entity_id, verb, data, context):
            self.face.set_state(entity_id, verb.removeprefix("turn_"), context=context)

        async def stop(self):
            pass

    @hookimpl
    def adapter(face, entry):
        return Bulb(face)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a house keeps its community integrations."""
    (tmp_path / "integrations").mkdir()
    return tmp_path / "integrations"


@pytest.fixture
def write(folder: Path) -> Write:
    """Write an integration: its __init__.py, and other files by name."""

    def write(domain: str, code: str = BULB, manifest: str = "", **files: str) -> Path:
        place = folder / domain
        place.mkdir(exist_ok=True)
        declared = f'domain = "{domain}"\nname = "{domain.title()}"\nversion = "1.0"\n{manifest}'
        (place / "integration.toml").write_text(declared)
        (place / "__init__.py").write_text(textwrap.dedent(code))
        for name, text in files.items():
            (place / f"{name}.py").write_text(textwrap.dedent(text))
        return place

    return write


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """A house with that folder, where importing may take half a second."""
    config = Config(integrations=Integrations(folder=str(folder), load_timeout=0.5))
    async with hub_for_test(parts=(), config=config) as house:
        yield house
