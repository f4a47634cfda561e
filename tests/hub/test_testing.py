from __future__ import annotations

from pathlib import Path

import pytest

from hub import testing
from hub.config import Config, Log
from hub.errors import Refused, Retry
from hub.events import Event
from hub.notify.service import Outcome
from hub.testing import CapturingSender, House, hub_for_test


async def test_a_made_up_entity_obeys_and_its_calls_are_noted(house: House) -> None:
    await house.add("light.hall", area="Hall", device_class="lamp")
    await house.hub.actions.call("light.turn_on", {"brightness": 9}, "light.hall")
    assert house.entities.calls == [("light.hall", "turn_on", {"brightness": 9})]
    state = house.hub.states.get("light.hall")
    assert state is not None
    assert (state.state, state.attributes["brightness"]) == ("on", 9)
    assert state.attributes["device_class"] == "lamp"
    assert house.state("light.nowhere") is None


@pytest.mark.parametrize("action, entity_id, state", [
    ("light.toggle", "light.x", "on"),
    ("light.turn_off", "light.x", "off"),
    ("lock.lock", "lock.x", "locked"),
    ("cover.open_cover", "cover.x", "open"),
    ("cover.stop_cover", "cover.x", "off"),
    ("climate.turn_on", "climate.x", "on"),
])  # fmt: skip
async def test_each_domain_obeys_in_its_own_words(
    house: House, action: str, entity_id: str, state: str
) -> None:
    await house.add(entity_id)
    await house.hub.actions.call(action, {}, entity_id)
    assert house.state(entity_id) == state


async def test_an_entity_fails_when_it_is_told_to(house: House) -> None:
    await house.add("light.hall")
    house.entities.failures = [Retry("It is away.")]
    with pytest.raises(Retry):
        await house.hub.actions.call("light.turn_on", {}, "light.hall")
    await house.hub.actions.call("light.turn_on", {}, "light.hall")
    assert house.state("light.hall") == "on"


async def test_the_clock_stands_still_until_it_is_moved(house: House) -> None:
    rung: list[float] = []
    start = house.clock.time()
    house.face.call_later(90, lambda: rung.append(house.clock.time() - start))
    await house.settle()
    assert rung == []
    await house.advance(minutes=1, seconds=29)
    assert rung == []
    await house.advance(hours=1)
    assert rung == [90]


async def test_what_a_timer_starts_has_settled_when_advance_answers(house: House) -> None:
    async def relay() -> None:
        await house.face.sleep(5)
        house.face.publish("relayed", {})

    heard: list[Event] = []
    house.face.subscribe("relayed", heard.append)
    house.face.call_later(10, lambda: house.face.spawn(relay(), "relay"))
    await house.advance(15)
    assert [e.time - 15 for e in heard] == [house.clock.time() - 15]


async def test_a_house_that_never_comes_to_rest_is_told_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "_MOST_ROUNDS", 50)

    async def restless() -> None:
        while True:
            house.face.publish("again", {})
            await house.face.sleep(0)

    house.face.spawn(restless(), "restless")
    with pytest.raises(AssertionError, match="does not come to rest"):
        await house.settle()


async def test_messages_are_captured_and_failures_prepared() -> None:
    sender = CapturingSender(answers=[Outcome(False, "No.")])
    assert (await sender.send("json://x", "T", "one", {})).reason == "No."
    assert (await sender.send("json://x", "T", "two", {})).ok
    assert [m.message for m in sender.sent] == ["two"]


async def test_the_owner_is_made_once(house: House) -> None:
    first = await house.owner()
    assert await house.owner() == first
    assert first.role == "owner"


async def test_settings_of_a_test_are_kept() -> None:
    async with hub_for_test(parts=(), config=Config(log=Log(level="debug"))) as house:
        assert house.hub.config.log.level == "debug"
        assert house.hub.config.integrations.enabled == []


async def test_a_house_in_a_folder_is_there_again(tmp_path: Path) -> None:
    async with hub_for_test(parts=(), folder=tmp_path) as house:
        await house.owner()
        await house.add("light.hall", name="The lamp")
        await house.set("light.hall", "on")
    async with hub_for_test(parts=(), folder=tmp_path, start=1_750_003_600) as house:
        assert house.hub.people.owner is not None
        assert house.state("light.hall") == "on"
        assert house.hub.registry.name_of("light.hall") == "The lamp"


async def test_timers_and_listeners_of_a_face_can_be_ended_one_by_one(house: House) -> None:
    heard: list[object] = []
    cancel = house.face.call_later(10, lambda: heard.append("timer"))
    unsubscribe = house.face.subscribe("ping", heard.append)
    cancel()
    unsubscribe()
    house.face.publish("ping", {})
    await house.advance(20)
    assert heard == []
    assert house.face._endings == {}


async def test_a_timer_that_rang_is_not_kept(house: House) -> None:
    for _ in range(100):
        house.face.call_later(1, lambda: None)
    await house.advance(2)
    assert house.face._endings == {}


async def test_a_face_sets_only_its_own(house: House) -> None:
    with pytest.raises(Refused, match="it did not declare it"):
        house.face.set_state("light.nowhere", "on")
