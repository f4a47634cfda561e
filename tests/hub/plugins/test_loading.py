from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.errors import Broken, Invalid, NeedsPerson, NotFound, Refused, Retry
from hub.events import INTEGRATION_CHANGED, Event
from hub.plugins.manager import Integration
from hub.testing import House
from store import home
from store.home import ConfigEntryRow
from tests.hub.plugins.conftest import BULB

Write = Callable[..., Path]


async def load(house: House, domain: str) -> Integration:
    house.hub.plugins.rescan()
    return await house.hub.plugins.load(domain)


async def test_a_strangers_integration_runs_like_a_built_in(house: House, write: Write) -> None:
    write("bulb")
    loaded = await load(house, "bulb")
    assert (loaded.status, loaded.error, loaded.name) == ("running", None, "Bulb")
    assert house.hub.registry.area_of("light.bulb") == house.hub.registry.areas["hall"]
    await house.hub.actions.call("light.turn_on", {}, "light.bulb")
    assert house.state("light.bulb") == "on"


async def test_several_that_load_side_by_side_each_get_their_own_adapter(
    house: House, write: Write
) -> None:
    domains = ["amber", "bulb", "candle", "dusk", "ember"]
    for domain in domains:
        write(domain, BULB.replace("light.bulb", f"light.{domain}"))
    house.hub.plugins.rescan()
    loaded = await asyncio.gather(*(house.hub.plugins.load(domain) for domain in domains))
    assert [(one.status, one.error) for one in loaded] == [("running", None)] * len(domains)
    assert [house.hub.registry.entities[f"light.{d}"].integration for d in domains] == domains


async def test_loading_twice_changes_nothing(house: House, write: Write) -> None:
    write("bulb")
    first = await load(house, "bulb")
    module = first.module
    assert (await load(house, "bulb")).module is module


async def test_its_own_files_can_be_imported_from_one_another(house: House, write: Write) -> None:
    code = "from .client import GREETING\nfrom . import translate\nassert translate.OK\n"
    write("multi", code, client='GREETING = "hi"', translate="OK = True")
    loaded = await load(house, "multi")
    assert loaded.status == "running"
    assert loaded.module.GREETING == "hi"
    assert loaded.module.__name__ == "hearth_community.multi"


async def test_one_without_configuration_gets_its_entry_by_itself(
    house: House, write: Write
) -> None:
    write("bulb")
    await load(house, "bulb")
    entries = [e.domain for e in await home.all_rows(ConfigEntryRow)]
    assert entries == ["bulb"]


async def test_one_that_must_be_set_up_waits_for_a_person(house: House, write: Write) -> None:
    write("bulb", manifest="[config]\ntype = 'object'\n")
    loaded = await load(house, "bulb")
    assert loaded.status == "needs person"
    assert isinstance(loaded.error, NeedsPerson)
    await home.put(ConfigEntryRow("e1", "bulb", "Bulb", 0.0, {"host": "x"}))
    assert (await load(house, "bulb")).status == "running"


async def test_an_entry_that_is_switched_off_is_left_alone(house: House, write: Write) -> None:
    write("bulb")
    await home.put(ConfigEntryRow("e1", "bulb", "Bulb", 0.0, enabled=False))
    assert (await load(house, "bulb")).status == "running"
    assert house.state("light.bulb") is None


@pytest.mark.parametrize(
    "code, sentence",
    [
        ("1 / 0", "can't be imported: ZeroDivisionError"),
        ("def broken(:", "can't be imported: SyntaxError"),
        ("import no_such_module", "can't be imported: ModuleNotFoundError"),
        ("import sys; sys.exit(4)", "can't be imported: SystemExit"),
        (
            "from hub import hookimpl\n@hookimpl\ndef adaptor(face): pass",
            "implements a hook that does not fit",
        ),
        (
            "from hub import hookimpl\n@hookimpl\ndef adapter(face, hub): pass",
            "implements a hook that does not fit",
        ),
        (
            "from hub import hookimpl\n@hookimpl\ndef adapter(face): raise ValueError('no')",
            "failed to start: ValueError: no",
        ),
        (
            "from hub import hookimpl\n@hookimpl\ndef adapter(face): return 5",
            "failed to start: AttributeError",
        ),
    ],
)
async def test_a_broken_one_is_quarantined_with_its_reason(
    house: House, write: Write, code: str, sentence: str
) -> None:
    write("bad", code)
    write("bulb")
    loaded = await load(house, "bad")
    assert loaded.status == "quarantined"
    assert isinstance(loaded.error, Broken)
    assert sentence in loaded.error.sentence
    assert loaded.error.culprit == "bad"
    assert loaded.error.remedy
    assert (await load(house, "bulb")).status == "running"
    assert not [name for name in sys.modules if name.startswith("hearth_community.bad")]


async def test_the_file_and_line_of_a_mistake_are_named(house: House, write: Write) -> None:
    place = write("bad", "from . import inside", inside="\n\nraise RuntimeError('here')\n")
    loaded = await load(house, "bad")
    assert loaded.error is not None
    assert loaded.error.where == f"{place / 'inside.py'}, line 3"


async def test_what_it_needs_is_named_when_it_is_missing(house: House, write: Write) -> None:
    write("bad", "import no_such_module", manifest='requirements = ["no-such-module>=2"]\n')
    loaded = await load(house, "bad")
    assert loaded.error is not None
    assert "no-such-module>=2" in loaded.error.remedy


async def test_one_that_is_mended_can_be_loaded_again(house: House, write: Write) -> None:
    write("bulb", "1 / 0")
    assert (await load(house, "bulb")).status == "quarantined"
    write("bulb")
    loaded = await house.hub.plugins.reload("bulb")
    assert (loaded.status, loaded.error) == ("running", None)


async def test_an_import_that_hangs_is_given_up(house: House, write: Write) -> None:
    write("slow", "import threading\nthreading.Event().wait(3)")
    loaded = await load(house, "slow")
    assert isinstance(loaded.error, Retry)
    assert "did not start within 0.5 seconds" in loaded.error.sentence
    assert loaded.status == "retrying"


async def test_a_start_that_hangs_is_given_up(house: House, write: Write) -> None:
    code = """
        import asyncio
        from hub import hookimpl

        class Slow:
            stopped = False
            async def start(self): await asyncio.Event().wait()
            async def act(self, *_): pass
            async def stop(self): Slow.stopped = True

        @hookimpl
        def adapter(face): return Slow()
    """
    write("slow", code)
    loaded = await load(house, "slow")
    assert loaded.status == "retrying"


async def test_a_passing_trouble_is_tried_again_on_the_hubs_clock(
    house: House, write: Write
) -> None:
    code = """
        from pathlib import Path
        from hub import Retry, hookimpl

        class Away:
            async def start(self):
                tries = Path(__file__).with_name("tries.txt")
                count = int(tries.read_text()) + 1 if tries.exists() else 1
                tries.write_text(str(count))
                if count < 3:
                    raise Retry(f"No answer, {count}.", after=30)
            async def act(self, *_): pass
            async def stop(self): pass

        @hookimpl
        def adapter(face): return Away()
    """
    write("away", code)
    loaded = await load(house, "away")
    assert (loaded.status, str(loaded.error)) == ("retrying", "No answer, 1.")
    await house.advance(29)
    assert str(loaded.error) == "No answer, 1."
    await house.advance(2)
    await settled(house, loaded, "No answer, 2.")
    await house.advance(31)
    await settled(house, loaded, "None")
    assert (loaded.status, loaded.tries) == ("running", 0)


async def settled(house: House, loaded: Integration, error: str) -> None:
    """Importing happens in a thread: give it a moment of real time."""
    async with loaded.busy:
        await house.settle()
    assert str(loaded.error) == error


async def test_switching_it_off_ends_the_tries(house: House, write: Write) -> None:
    code = """
        from hub import Retry, hookimpl

        class Away:
            async def start(self): raise Retry("No answer.")
            async def act(self, *_): pass
            async def stop(self): pass

        @hookimpl
        def adapter(face): return Away()
    """
    write("away", code)
    loaded = await load(house, "away")
    assert loaded.retry is not None
    await house.hub.plugins.unload("away")
    assert [loaded.status, loaded.error, loaded.retry] == ["off", None, None]
    await house.advance(hours=1)
    assert loaded.status == "off"


async def test_a_manifest_that_is_wrong_is_told_and_loads_nothing(
    house: House, write: Write
) -> None:
    place = write("bad", manifest='colour = "red"\n')
    house.hub.plugins.rescan()
    found = house.hub.plugins.get("bad")
    assert found.status == "quarantined"
    assert isinstance(found.error, Invalid)
    assert found.error.where == f"{place / 'integration.toml'}, line 4"
    assert found.error.sentence == "colour is not known here."
    assert (await load(house, "bad")).status == "quarantined"


async def test_one_that_is_not_there_is_not_found(house: House, folder: Path) -> None:
    with pytest.raises(NotFound) as caught:
        await house.hub.plugins.load("nowhere")
    assert str(folder) in caught.value.remedy


async def test_every_change_is_told(house: House, write: Write) -> None:
    heard: list[Event] = []
    house.hub.bus.subscribe(INTEGRATION_CHANGED, heard.append)
    write("bulb")
    await load(house, "bulb")
    await house.hub.plugins.unload("bulb")
    assert [e.data["status"] for e in heard] == ["running", "off"]


async def test_its_actions_bear_its_name_and_end_with_it(house: House, write: Write) -> None:
    code = """
        from hub import Call, action, hookimpl

        @action("bell.ring")
        async def ring(call: Call, times: int = 1) -> int:
            \"\"\"Ring.\"\"\"
            return 10 // times

        @hookimpl
        def actions(face): return [ring]
    """
    write("bell", code)
    await load(house, "bell")
    assert await house.hub.actions.call("bell.ring", {"times": 2}) == 5
    with pytest.raises(Broken, match=r"bell.ring failed: ZeroDivisionError") as caught:
        await house.hub.actions.call("bell.ring", {"times": 0})
    assert caught.value.culprit == "bell"
    await house.hub.plugins.unload("bell")
    assert house.hub.actions.get("bell.ring") is None


async def test_it_can_not_declare_an_action_of_somebody_else(house: House, write: Write) -> None:
    code = """
        from hub import Call, action, hookimpl

        @action("lock.force")
        async def force(call: Call) -> None:
            \"\"\"Break in.\"\"\"

        @hookimpl
        def actions(face): return [force]
    """
    write("thief", code)
    loaded = await load(house, "thief")
    assert loaded.status == "quarantined"
    assert loaded.error is not None
    assert loaded.error.sentence == "thief declares the action lock.force."
    assert house.hub.actions.get("lock.force") is None


async def test_it_can_not_take_or_set_anothers_entity(house: House, write: Write) -> None:
    write("bulb")
    await load(house, "bulb")
    with pytest.raises(Refused, match=r"test may not set light.bulb"):
        house.face.set_state("light.bulb", "on")
    with pytest.raises(Refused, match=r"test may not declare light.bulb: it belongs to bulb"):
        await house.add("light.bulb")


async def test_it_can_not_pretend_to_be_the_kernel(house: House) -> None:
    with pytest.raises(Refused, match="test may not publish state_changed"):
        house.face.publish("state_changed", {})
