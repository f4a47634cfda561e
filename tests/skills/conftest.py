"""A house with skills: what the tests of the engine work on."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hub.context import Context
from hub.events import RUN_CHANGED, Event
from hub.testing import House, hub_for_test
from skills.info import RunInfo, SkillInfo
from skills.service import Skills

START = 1_750_000_000.0  # 2025-06-15 15:06:40 UTC, a Sunday


@dataclass
class SkillHouse:
    """A house under test and its skills. Whoever acts here is the hub itself."""

    house: House
    skills: Skills
    events: list[Event] = field(default_factory=list)
    context: Context = field(default_factory=lambda: Context.new("person"))

    async def save(self, document: str, skill_id: str | None = None) -> SkillInfo:
        """Save a document; its indentation is taken away."""
        return await self.skills.save(textwrap.dedent(document), self.context, skill_id)

    async def set(self, entity_id: str, state: str, **attributes: Any) -> None:
        """Report a state."""
        await self.house.set(entity_id, state, **attributes)

    def acted(self) -> list[str]:
        """What was done to the things of the house, such as "light.a turn_on"."""
        return [f"{entity_id} {verb}" for entity_id, verb, _ in self.house.entities.calls]

    def data(self) -> list[dict[str, Any]]:
        """With which data."""
        return [data for _, _, data in self.house.entities.calls]

    async def runs(self, state: str | None = None) -> list[RunInfo]:
        """The runs, the oldest first."""
        return list(reversed(await self.skills.runs(limit=1000, state=state)))

    async def last(self) -> RunInfo:
        """The run that began last."""
        return (await self.runs())[-1]

    async def try_steps(self, steps: str, **variables: Any) -> RunInfo:
        """Save a skill of these steps, run it by hand, wait until nothing more happens."""
        document = "alias: Steps\nactions:\n" + textwrap.indent(textwrap.dedent(steps), "  ")
        saved = await self.skills.save(document, self.context)
        run = await self.skills.run(saved.id, self.context, variables)
        await self.house.settle()
        return await self.skills.run_info(run.id)

    def snapshot(self, folder: Path) -> Path:
        """The data folder as a `kill -9` at this moment would leave it."""
        shutil.copytree(
            self.house.hub.folder, folder, ignore=shutil.ignore_patterns("lock", "*-shm")
        )
        return folder


Opens = Callable[..., AbstractAsyncContextManager[SkillHouse]]


@asynccontextmanager
async def open_house(folder: Path | None = None, start: float = START) -> AsyncIterator[SkillHouse]:
    """A house with two lights, a sensor of motion, a door and a thermometer."""
    async with hub_for_test(parts=("skills",), folder=folder, start=start) as house:
        home = SkillHouse(house, house.hub.part(Skills))
        house.hub.bus.subscribe(RUN_CHANGED, home.events.append)
        for entity_id in ("light.a", "light.b", "binary_sensor.motion", "binary_sensor.door"):
            await house.add(entity_id, (house.state(entity_id) or "off"))
        await house.add("sensor.outside", house.state("sensor.outside") or "20")
        yield home


@pytest.fixture
async def home() -> AsyncIterator[SkillHouse]:
    """A house in memory."""
    async with open_house() as opened:
        yield opened


@pytest.fixture
def opens() -> Opens:
    """Opens a house in a folder, or again after a crash: `async with opens(folder, start)`."""
    return open_house
