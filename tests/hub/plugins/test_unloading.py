from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.config import Config, Integrations
from hub.errors import NotFound
from hub.testing import House, hub_for_test
from store import home
from store.home import ConfigEntryRow

Write = Callable[..., Path]


async def test_unloading_makes_its_entities_unavailable_and_leaves_nothing(
    house: House, write: Write
) -> None:
    write("bulb")
    listeners = house.hub.bus.listener_count
    house.hub.plugins.rescan()
    await house.hub.plugins.load("bulb")
    await house.hub.plugins.unload("bulb")
    assert house.state("light.bulb") == "unavailable"
    assert house.hub.entities.description("light.bulb") is None
    assert house.hub.bus.listener_count == listeners
    assert "hearth_community.bulb" not in sys.modules


async def test_reloading_reads_changed_files_again(house: House, write: Write) -> None:
    write("bulb", "from .words import WORD", words='WORD = "one"')
    house.hub.plugins.rescan()
    first = await house.hub.plugins.load("bulb")
    assert first.module.WORD == "one"
    # The same length within the same second: what Python compiled would look up to date.
    write("bulb", "from .words import WORD", words='WORD = "two"')
    second = await house.hub.plugins.reload("bulb")
    assert second.module.WORD == "two"


async def test_only_its_own_modules_are_purged(house: House, write: Write) -> None:
    write("bulb", "import colorsys\nfrom . import inside", inside="")
    write("bulb2", "from . import inside", inside="")
    house.hub.plugins.rescan()
    await house.hub.plugins.load("bulb")
    await house.hub.plugins.load("bulb2")
    await house.hub.plugins.unload("bulb")
    assert "colorsys" in sys.modules
    assert "hearth_community.bulb2.inside" in sys.modules
    assert "hearth_community.bulb.inside" not in sys.modules


async def test_swapping_many_times_leaves_no_trace(house: House, write: Write) -> None:
    write("bulb")
    house.hub.plugins.rescan()
    await house.hub.plugins.load("bulb")
    before = (len(sys.modules), house.hub.bus.listener_count, len(house.hub.actions.all()))
    for _ in range(20):
        await house.hub.plugins.reload("bulb")
    after = (len(sys.modules), house.hub.bus.listener_count, len(house.hub.actions.all()))
    assert after == before
    assert house.hub.plugins.get("bulb").status == "running"


async def test_what_it_started_ends_with_it(house: House, write: Write) -> None:
    code = """
        import asyncio
        from hub import hookimpl
        HEARD = []

        class Busy:
            def __init__(self, face): self.face = face
            async def start(self):
                self.face.subscribe("ping", HEARD.append)
                self.face.call_later(10, lambda: HEARD.append("timer"))
                self.face.spawn(self.loop(), "loop")
            async def loop(self):
                try:
                    await asyncio.Event().wait()
                finally:
                    HEARD.append("ended")
            async def act(self, *_): pass
            async def stop(self): HEARD.append("stopped")

        @hookimpl
        def adapter(face): return Busy(face)
    """
    write("busy", code)
    house.hub.plugins.rescan()
    loaded = await house.hub.plugins.load("busy")
    heard = loaded.module.HEARD
    await house.settle()
    await house.hub.plugins.unload("busy")
    house.face.publish("ping", {})
    await house.advance(60)
    assert heard == ["stopped", "ended"]


async def test_one_that_fails_to_stop_is_unloaded_all_the_same(
    house: House, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    code = """
        from hub import hookimpl

        class Stubborn:
            async def start(self): pass
            async def act(self, *_): pass
            async def stop(self): raise RuntimeError("no")

        @hookimpl
        def adapter(face): return Stubborn()
    """
    write("stubborn", code)
    house.hub.plugins.rescan()
    await house.hub.plugins.load("stubborn")
    await house.hub.plugins.unload("stubborn")
    assert house.hub.plugins.get("stubborn").status == "off"
    assert "stubborn did not stop cleanly" in caplog.text


async def test_a_running_one_whose_folder_is_gone_is_unloaded(house: House, write: Write) -> None:
    place = write("bulb")
    house.hub.plugins.rescan()
    await house.hub.plugins.load("bulb")
    shutil.rmtree(place)
    house.hub.plugins.rescan()
    await house.settle()
    assert house.state("light.bulb") == "unavailable"
    with pytest.raises(NotFound):
        house.hub.plugins.get("bulb")


async def test_reloading_one_whose_folder_is_gone_says_so(house: House, write: Write) -> None:
    place = write("bulb")
    house.hub.plugins.rescan()
    await house.hub.plugins.load("bulb")
    shutil.rmtree(place)
    with pytest.raises(NotFound, match="There is no integration “bulb”"):
        await house.hub.plugins.reload("bulb")
    assert house.state("light.bulb") == "unavailable"


async def test_removing_forgets_what_was_set_up_for_it(house: House, write: Write) -> None:
    write("bulb")
    house.hub.plugins.rescan()
    await house.hub.plugins.load("bulb")
    await house.hub.plugins.remove("bulb")
    assert house.state("light.bulb") is None
    assert "light.bulb" not in house.hub.registry.entities
    assert await home.all_rows(ConfigEntryRow) == []


def config(folder: Path) -> Config:
    return Config(integrations=Integrations(folder=str(folder)))


async def test_states_survive_a_restart_and_the_integration_goes_on_from_them(
    folder: Path, tmp_path: Path, write: Write
) -> None:
    write("bulb")
    for expected in ("off", "on"):
        async with hub_for_test(
            integrations=["bulb"], parts=(), folder=tmp_path, config=config(folder)
        ) as house:
            assert house.state("light.bulb") == expected
            await house.hub.actions.call("light.turn_on", {}, "light.bulb")


async def test_entities_of_one_that_does_not_come_back_are_unavailable_after_a_restart(
    folder: Path, tmp_path: Path, write: Write
) -> None:
    place = write("bulb")
    write("other", textwrap.dedent("raise ValueError('no')"))
    async with hub_for_test(
        integrations=["bulb"], parts=(), folder=tmp_path, config=config(folder)
    ) as house:
        assert house.state("light.bulb") == "off"
    shutil.rmtree(place)
    async with hub_for_test(
        integrations=["bulb", "other"], parts=(), folder=tmp_path, config=config(folder)
    ) as house:
        assert house.state("light.bulb") == "unavailable"
        missing = house.hub.plugins.get("bulb")
        assert missing.status == "quarantined"
        assert isinstance(missing.error, NotFound)
        assert "hub.toml enables the integration “bulb”" in missing.error.sentence


async def test_entities_that_are_no_longer_declared_are_unavailable(
    folder: Path, tmp_path: Path, write: Write
) -> None:
    write("bulb")
    async with hub_for_test(
        integrations=["bulb"], parts=(), folder=tmp_path, config=config(folder)
    ):
        pass
    write("bulb", "")
    async with hub_for_test(
        integrations=["bulb"], parts=(), folder=tmp_path, config=config(folder)
    ) as house:
        assert house.hub.plugins.get("bulb").status == "running"
        assert house.state("light.bulb") == "unavailable"
