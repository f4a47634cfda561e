from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hub.app import Hub, build
from hub.clock import ManualClock
from hub.config import Config, Integrations, Storage
from hub.errors import HubError
from hub.events import HUB_STARTED, HUB_STOPPING, Event
from hub.home import Home
from hub.plugins.hookspecs import hookimpl
from hub.testing import CapturingSender, House, hub_for_test


def made(folder: Path) -> Hub:
    """A hub in a folder, without integrations."""
    config = Config(storage=Storage(data=str(folder)), integrations=Integrations(enabled=[]))
    return build(config, clock=ManualClock(), sender=CapturingSender())


async def run_once(folder: Path) -> None:
    """Start and stop."""
    hub = made(folder)
    await hub.start(())
    await hub.stop()


class Bell:
    """A part that notes what is done with it, and fails at one of it if told so."""

    def __init__(self, name: str, log: list[str], fails_at: str = "") -> None:
        self.name, self.log, self.fails_at = name, log, fails_at

    async def start(self) -> None:
        """Note it."""
        self._note("start")

    async def stop(self) -> None:
        """Note it."""
        self._note("stop")

    def _note(self, verb: str) -> None:
        self.log.append(f"{verb} {self.name}")
        if self.fails_at == verb:
            raise HubError(f"{self.name} is stuck.")


def install(monkeypatch: pytest.MonkeyPatch, *bells: Bell) -> list[str]:
    """Make modules with the hook of a part, as the composition root imports them."""
    for bell in bells:
        module = ModuleType(bell.name)

        @hookimpl(specname="part")
        def part(hub: Any, bell: Bell = bell) -> Bell:
            return bell

        vars(module)["part"] = part
        monkeypatch.setitem(sys.modules, bell.name, module)
    return [bell.name for bell in bells]


async def test_parts_start_in_order_and_stop_in_reverse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: list[str] = []
    parts = install(monkeypatch, Bell("ding", log), Bell("dong", log))
    hub = made(tmp_path)
    await hub.start(parts)
    assert hub.part(Bell).name == "ding"
    await hub.stop()
    assert log == ["start ding", "start dong", "stop dong", "stop ding"]


async def test_a_part_that_fails_to_stop_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log: list[str] = []
    parts = install(monkeypatch, Bell("ding", log), Bell("dong", log, "stop"))
    hub = made(tmp_path)
    await hub.start(parts)
    await hub.stop()
    assert log[-2:] == ["stop dong", "stop ding"]
    assert "dong is stuck" in caplog.text
    await run_once(tmp_path)


async def test_after_a_part_failed_to_start_the_folder_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: list[str] = []
    parts = install(monkeypatch, Bell("ding", log), Bell("dong", log, "start"))
    hub = made(tmp_path)
    with pytest.raises(HubError, match="dong is stuck"):
        await hub.start(parts)
    await hub.stop()
    assert log == ["start ding", "start dong", "stop dong", "stop ding"]
    await run_once(tmp_path)


async def test_a_part_that_is_not_there_is_not_found(house: House) -> None:
    with pytest.raises(LookupError, match="The part Home is not running"):
        house.hub.part(Home)
    assert house.hub.port == 0


async def test_start_and_stop_are_told(tmp_path: Path) -> None:
    heard: list[Event] = []
    hub = made(tmp_path)
    hub.bus.subscribe(None, heard.append)
    await hub.start(())
    await hub.stop()
    assert (heard[-2].type, heard[-1].type) == (HUB_STARTED, HUB_STOPPING)


async def test_a_stopped_hub_rings_no_timers(tmp_path: Path) -> None:
    hub, rung = made(tmp_path), list[str]()
    await hub.start(())
    hub.clock.call_later(5, lambda: rung.append("late"))
    await hub.stop()
    assert isinstance(hub.clock, ManualClock)
    await hub.clock.advance(10)
    assert rung == []


async def test_a_second_hub_on_the_folder_is_told_why_not(tmp_path: Path) -> None:
    first, second = made(tmp_path), made(tmp_path)
    await first.start(())
    with pytest.raises(HubError, match="Another hub is running on the data folder"):
        await second.start(())
    await first.stop()


async def test_a_damaged_database_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    await run_once(tmp_path)
    (tmp_path / "hub.db").write_bytes(b"rubbish" * 1000)
    hub = made(tmp_path)
    with pytest.raises(HubError, match=r"hub.db is damaged"):
        await hub.start(())
    await hub.stop()


async def test_a_table_that_is_gone_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    await run_once(tmp_path)
    with closing(sqlite3.connect(tmp_path / "hub.db")) as db:
        db.execute("DROP TABLE setting")
    hub = made(tmp_path)
    with pytest.raises(HubError, match="no such table: setting"):
        await hub.start(())
    await hub.stop()


async def test_a_damaged_history_is_told_until_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"rubbish" * 1000)
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        await house.add("light.hall")
        await house.advance(5)
        conditions = {c.part: c for c in house.hub.health.all()}
        assert conditions["history"].status == "ok"
        assert conditions["older history"].status == "warn"
        assert "history.damaged-1.db" in conditions["older history"].sentence
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        assert "older history" not in {c.part for c in house.hub.health.all()}


def test_a_data_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HubError, match="can't be made") as caught:
        made(tmp_path / "file" / "data")
    assert "HUB_DATA" in caught.value.remedy


def test_a_damaged_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"")
    with pytest.raises(HubError, match=r"secret.key is damaged"):
        made(tmp_path)
