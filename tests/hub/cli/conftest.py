"""The command line as it is typed, with a running hub or without one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import call
from hub.config import Config, Mdns, Server
from hub.testing import House, hub_for_test


@dataclass(frozen=True)
class Typed:
    """What one command line led to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def type_in(*words: str, answers: str = "") -> Typed:
    """Run one command line; `answers` is what is typed when it asks."""
    with CliRunner().isolation(input=answers) as (out, err, _):
        code = call(list(words))
        return Typed(code, out.getvalue().decode(), err.getvalue().decode())


async def type_while_running(*words: str, answers: str = "") -> Typed:
    """The same beside a hub that runs in this test."""
    return await asyncio.to_thread(type_in, *words, answers=answers)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, and an environment that names nothing else."""
    for name in ("HUB_CONFIG", "HUB_PORT", "HUB_URL", "HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """A hub that runs and answers on a port of its own, with an owner."""
    config = Config(server=Server(host="127.0.0.1", port=0), mdns=Mdns(enabled=False))
    async with hub_for_test(parts=("skills", "web"), folder=folder, config=config) as house:
        await house.owner()
        await house.add("light.hall", name="Hall light", area="Hall")
        await house.add("sensor.temperature", "21.5", unit_of_measurement="°C")
        yield house
