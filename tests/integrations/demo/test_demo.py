from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.context import Context
from hub.errors import Invalid
from hub.events import STATE_CHANGED, Event
from hub.testing import House, hub_for_test
from integrations.demo.house import THINGS, reportable


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """The demo home on a Sunday afternoon."""
    async with hub_for_test(integrations=["demo"], parts=()) as house:
        yield house


async def call(house: House, action: str, entity_id: str, **data: object) -> None:
    await house.hub.actions.call(action, data, entity_id, Context.new("person"))


async def trigger(house: House, entity_id: str, state: str) -> None:
    data = {"entity_id": entity_id, "state": state}
    await house.hub.actions.call("demo.trigger", data, None, Context.new("person"))


async def test_the_demo_home_is_a_flat_above_a_studio(house: House) -> None:
    registry = house.hub.registry
    assert house.hub.plugins.get("demo").status == "running"
    assert {f.name: f.level for f in registry.floors.values()} == {"Studio": 0, "Flat": 1}
    assert {a.name for a in registry.areas.values() if a.floor_id == "flat"} == {
        "Living room", "Kitchen", "Hall", "Bedroom", "Kids room", "Bathroom",
    }  # fmt: skip
    assert {a.name for a in registry.areas.values() if a.floor_id == "studio"} == {
        "Open space", "Meeting room", "Entrance",
    }  # fmt: skip
    assert len(house.hub.states) == len(THINGS)
    assert [s.entity_id for s in house.hub.states.all() if s.state in ("unknown", "")] == []


def test_every_sensor_says_what_it_measures_and_every_thing_has_a_name() -> None:
    for thing in THINGS:
        assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", thing.entity_id)
        assert thing.description.name
    sensors = [t for t in THINGS if t.entity_id.startswith(("sensor.", "binary_sensor."))]
    assert [t.entity_id for t in sensors if not t.device_class] == []
    assert len({t.entity_id for t in THINGS}) == len(THINGS)


async def test_a_light_obeys_and_says_who_asked(house: House) -> None:
    heard: list[Event] = []
    house.hub.bus.subscribe(STATE_CHANGED, heard.append, entity_id="light.hall")
    context = Context.new("person")
    await house.hub.actions.call("light.turn_on", {"brightness_pct": 30}, "light.hall", context)
    state = house.hub.states.get("light.hall")
    assert state is not None
    assert (state.state, state.attributes["brightness"]) == ("on", 76)
    assert [e.context for e in heard] == [context]


async def test_the_lamps_light_is_measured_at_once(house: House) -> None:
    await call(house, "light.turn_on", "light.hall")
    state = house.hub.states.get("sensor.hall_illuminance")
    assert state is not None
    assert float(state.state) > 90


async def test_a_door_unlocks_after_a_second_for_the_one_who_asked(house: House) -> None:
    context = Context.new("person")
    await house.hub.actions.call("lock.unlock", {}, "lock.front_door", context)
    assert house.state("lock.front_door") == "unlocking"
    await house.advance(1)
    state = house.hub.states.get("lock.front_door")
    assert state is not None
    assert (state.state, state.context) == ("unlocked", context)


async def test_blinds_report_where_they_are_on_their_way(house: House) -> None:
    positions: list[int] = []
    house.hub.bus.subscribe(
        STATE_CHANGED,
        lambda e: positions.append(e.data["new_state"].attributes["current_position"]),
        entity_id="cover.living_room_blinds",
    )
    await call(house, "cover.open_cover", "cover.living_room_blinds")
    await house.advance(30)
    assert positions == sorted(positions)
    assert len(positions) > 8
    assert (positions[-1], house.state("cover.living_room_blinds")) == (100, "open")


async def test_a_thermostat_heats_the_room(house: House) -> None:
    await call(house, "climate.set_temperature", "climate.bedroom", temperature=22)
    state = house.hub.states.get("climate.bedroom")
    assert state is not None
    assert state.attributes["hvac_action"] == "heating"
    await house.advance(hours=1)
    after = house.hub.states.get("sensor.bedroom_temperature")
    assert after is not None
    assert float(after.state) > 19.5


async def test_trigger_makes_a_sensor_report_and_hold_it(house: House) -> None:
    context = Context.new("person")
    data = {"entity_id": "binary_sensor.front_door", "state": "on"}
    await house.hub.actions.call("demo.trigger", data, None, context)
    state = house.hub.states.get("binary_sensor.front_door")
    assert state is not None
    assert (state.state, state.context) == ("on", context)
    await house.advance(minutes=29)
    assert house.state("binary_sensor.front_door") == "on"
    await house.advance(minutes=3)
    assert house.state("binary_sensor.front_door") == "off"


async def test_triggered_motion_ends_by_itself(house: House) -> None:
    await trigger(house, "binary_sensor.hall_motion", "on")
    assert house.state("binary_sensor.hall_motion") == "on"
    await house.advance(minutes=1, seconds=15)
    assert house.state("binary_sensor.hall_motion") == "off"


async def test_a_number_a_word_and_absence_can_be_triggered(house: House) -> None:
    for entity_id, state in (
        ("sensor.kitchen_co2", "1500"),
        ("sensor.washing_machine", "done"),
        ("binary_sensor.kitchen_leak", "unavailable"),
    ):
        await trigger(house, entity_id, state)
        await house.advance(minutes=5)
        assert house.state(entity_id) == state


@pytest.mark.parametrize(
    "entity_id, state, sentence",
    [
        ("light.hall", "on", "light.hall is no sensor"),
        ("binary_sensor.nowhere", "on", "The demo home has no binary_sensor.nowhere"),
        ("binary_sensor.hall_motion", "5", "reports on or off, not “5”"),
        ("sensor.kitchen_co2", "lots", "reports a number, not “lots”"),
        ("sensor.kitchen_co2", "nan", "reports a number"),
        ("sensor.printer", "burning", "reports one of: idle, printing"),
    ],
)
async def test_nonsense_can_not_be_triggered(
    house: House, entity_id: str, state: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        await trigger(house, entity_id, state)
    assert reportable(entity_id, state)


async def test_after_a_restart_it_goes_on_from_what_was(tmp_path: Path) -> None:
    async with hub_for_test(integrations=["demo"], parts=(), folder=tmp_path) as house:
        await call(house, "light.turn_on", "light.hall", brightness=33)
        await call(house, "cover.close_cover", "cover.living_room_blinds")
        await call(house, "climate.set_temperature", "climate.bedroom", temperature=25)
        await trigger(house, "binary_sensor.front_door", "on")
        await house.advance(4)
        before = house.hub.states.get("light.hall")
    async with hub_for_test(
        integrations=["demo"], parts=(), folder=tmp_path, start=1_750_000_060
    ) as house:
        assert house.hub.states.get("light.hall") == before
        assert house.state("cover.living_room_blinds") == "open"
        climate = house.hub.states.get("climate.bedroom")
        assert climate is not None
        assert climate.attributes["temperature"] == 25
        await house.advance(minutes=10)
        assert house.state("binary_sensor.front_door") == "on"


async def test_it_lives_by_itself_and_costs_next_to_nothing(house: House) -> None:
    heard: list[Event] = []
    house.hub.bus.subscribe(STATE_CHANGED, heard.append)
    timers = house.clock.scheduled
    await house.advance(hours=2)
    assert 10 < len(heard) < 2 * 60 * 4
    # One tick a quarter of a minute, and what the recorder needs to write.
    assert house.clock.scheduled - timers < 2 * 60 * 4 + len(heard) + 50


async def test_it_can_be_switched_off_and_on(house: House) -> None:
    await call(house, "light.turn_on", "light.hall")
    await house.hub.plugins.unload("demo")
    assert {s.state for s in house.hub.states.all()} == {"unavailable"}
    await house.advance(hours=1)
    assert {s.state for s in house.hub.states.all()} == {"unavailable"}
    await house.hub.plugins.load("demo")
    assert house.state("binary_sensor.front_door") == "off"
