from __future__ import annotations

from typing import Any

import pytest

from hub import Invalid
from integrations.demo.house import THINGS
from integrations.demo.world import World

LAMP, WHITE, PLAIN = "light.living_room_floor_lamp", "light.bedroom", "light.hall"


@pytest.fixture
def world() -> World:
    return World(THINGS)


def act(
    world: World, entity_id: str, verb: str, time: float = 100.0, **data: Any
) -> dict[str, Any]:
    """The state and attributes after an action."""
    world.act(entity_id, verb, data, time)
    reading = world.readings[entity_id]
    return {"state": reading.state, **reading.attributes}


def test_a_lamp_goes_on_bright_and_warm_and_off_again(world: World) -> None:
    on = act(world, LAMP, "turn_on")
    assert (on["state"], on["brightness"], on["color_temp_kelvin"]) == ("on", 255, 2700)
    off = act(world, LAMP, "turn_off")
    assert off["state"] == "off"
    assert set(off.values()) == {"off", None}


def test_a_lamp_goes_on_again_as_it_was(world: World) -> None:
    act(world, LAMP, "turn_on", brightness=40, rgb_color=(255, 0, 0))
    act(world, LAMP, "turn_off")
    again = act(world, LAMP, "toggle")
    assert (again["brightness"], again["rgb_color"], again["color_mode"]) == (
        40,
        [255, 0, 0],
        "rgb",
    )


@pytest.mark.parametrize(
    "first, data, brightness",
    [
        ({"brightness": 100}, {"brightness_step": 30}, 130),
        ({"brightness": 100}, {"brightness_step": -30}, 70),
        ({"brightness": 250}, {"brightness_step": 30}, 255),
        ({"brightness": 10}, {"brightness_step": -30}, None),
        ({"brightness": 10}, {"brightness": 0}, None),
        ({"brightness": 10}, {}, 10),
    ],
)
def test_a_lamp_is_dimmed(
    world: World, first: dict[str, Any], data: dict[str, Any], brightness: int | None
) -> None:
    act(world, PLAIN, "turn_on", **first)
    now = act(world, PLAIN, "turn_on", **data)
    assert now["brightness"] == brightness
    assert now["state"] == ("off" if brightness is None else "on")


def test_a_colour_and_a_white_replace_one_another(world: World) -> None:
    assert act(world, LAMP, "turn_on", rgb_color=(1, 2, 3))["color_mode"] == "rgb"
    white = act(world, LAMP, "turn_on", color_temp_kelvin=9000)
    assert (white["color_mode"], white["color_temp_kelvin"], white["rgb_color"]) == (
        "color_temp",
        6500,
        None,
    )


def test_a_lamp_without_colours_ignores_them(world: World) -> None:
    now = act(world, WHITE, "turn_on", rgb_color=(1, 2, 3))
    assert (now["state"], now["color_mode"]) == ("on", "color_temp")
    assert act(world, PLAIN, "turn_on", color_temp_kelvin=3000)["color_mode"] == "brightness"


def test_a_transition_takes_its_time(world: World) -> None:
    start = act(world, PLAIN, "turn_on", brightness=200, transition=10.0)
    assert (start["state"], start["brightness"]) == ("on", 1)
    assert world.gliding == {PLAIN}
    world.pass_time(105.0)
    assert world.readings[PLAIN].attributes["brightness"] == 100
    world.pass_time(110.0)
    assert world.readings[PLAIN].attributes["brightness"] == 200
    assert not world.gliding


def test_a_lamp_that_fades_out_is_off_at_the_end(world: World) -> None:
    act(world, PLAIN, "turn_on", brightness=200)
    assert act(world, PLAIN, "turn_off", transition=4.0)["state"] == "on"
    world.pass_time(102.0)
    assert world.readings[PLAIN].attributes["brightness"] == 100
    world.pass_time(104.0)
    assert world.readings[PLAIN].state == "off"
    assert act(world, PLAIN, "turn_on")["brightness"] == 200


def test_another_action_interrupts_a_transition(world: World) -> None:
    act(world, PLAIN, "turn_on", brightness=200, transition=10.0)
    act(world, PLAIN, "turn_off")
    world.pass_time(120.0)
    assert world.readings[PLAIN].state == "off"


def test_a_cover_travels_and_reports_its_position(world: World) -> None:
    blinds = "cover.living_room_blinds"
    assert act(world, blinds, "close_cover")["state"] == "closing"
    world.pass_time(104.0)
    assert world.readings[blinds].attributes["current_position"] == 20
    world.pass_time(108.0)
    assert world.readings[blinds].state == "closed"
    assert act(world, blinds, "set_cover_position", position=50)["state"] == "opening"
    world.pass_time(105.0)
    stopped = act(world, blinds, "stop_cover", 105.0)
    assert (stopped["state"], stopped["current_position"]) == ("open", 25)
    world.pass_time(200.0)
    assert world.readings[blinds].attributes["current_position"] == 25


def test_a_cover_that_is_there_already_stays(world: World) -> None:
    assert act(world, "cover.bedroom_curtains", "open_cover")["state"] == "open"
    assert not world.gliding


def test_a_lock_needs_a_second(world: World) -> None:
    assert act(world, "lock.front_door", "unlock")["state"] == "unlocking"
    world.pass_time(101.0)
    assert world.state("lock.front_door") == "unlocked"
    assert act(world, "lock.front_door", "unlock", 102.0)["state"] == "unlocked"
    assert act(world, "lock.front_door", "lock", 102.0)["state"] == "locking"


def test_a_thermostat_takes_temperature_and_mode(world: World) -> None:
    now = act(world, "climate.living_room", "set_temperature", temperature=23.5, hvac_mode="auto")
    assert (now["state"], now["temperature"]) == ("auto", 23.5)
    assert act(world, "climate.living_room", "turn_off")["state"] == "off"
    assert act(world, "climate.living_room", "turn_on")["state"] == "heat"


@pytest.mark.parametrize(
    "data, where",
    [({"temperature": 40.0}, "data.temperature"), ({"hvac_mode": "cool"}, "data.hvac_mode")],
)
def test_a_thermostat_refuses_what_it_can_not(
    world: World, data: dict[str, Any], where: str
) -> None:
    with pytest.raises(Invalid) as caught:
        act(world, "climate.living_room", "set_temperature", **data)
    assert caught.value.where == where
    assert caught.value.remedy


@pytest.mark.parametrize("verb, state", [("turn_on", "on"), ("turn_off", "off"), ("toggle", "on")])
def test_a_plug_is_switched(world: World, verb: str, state: str) -> None:
    assert act(world, "switch.coffee_machine", verb)["state"] == state
