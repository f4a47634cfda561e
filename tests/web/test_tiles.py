"""What a tile says and offers, for every kind of thing."""

from __future__ import annotations

from typing import Any

import pytest

from hub.context import Context
from hub.states import State
from web.tiles import area_words, icon_of, is_shown, permission_of, state_words, tile_of

NOW = 1_750_000_000.0


def state(entity_id: str, value: str, **attributes: Any) -> State:
    """A state that began an hour ago."""
    past = NOW - 3600
    return State(entity_id, value, attributes, past, past, Context.new("device"))


@pytest.mark.parametrize(
    "thing, words, control, classes",
    [
        (state("light.a", "on", brightness=128), "50 %", "light", "on"),
        (state("light.a", "on", brightness=1), "1 %", "light", "on"),
        (state("light.a", "off", supported_color_modes=["brightness"]), "Off", "light", ""),
        (state("light.a", "on", supported_color_modes=["onoff"]), "On", "toggle", "on"),
        (state("switch.a", "on"), "On", "toggle", ""),
        (state("switch.a", "off", device_class="outlet"), "Off", "toggle", ""),
        (state("lock.a", "locked"), "Locked", "lock", ""),
        (state("lock.a", "unlocked"), "Unlocked", "lock", "alert"),
        (state("lock.a", "jammed"), "Jammed", "lock", "alert"),
        (state("cover.a", "open", current_position=40), "Open 40 %", "cover", ""),
        (state("cover.a", "open"), "Open", "cover", ""),
        (state("cover.a", "closed", current_position=0), "Closed", "cover", ""),
        (state("climate.a", "heat", hvac_action="heating"), "heating", "climate", ""),
        (state("climate.a", "off"), "off", "climate", ""),
        (state("binary_sensor.a", "on", device_class="motion"), "Motion", "none", ""),
        (state("binary_sensor.a", "off", device_class="door"), "Closed", "none", ""),
        (state("binary_sensor.a", "on", device_class="moisture"), "Wet", "none", "alert"),
        (state("sensor.a", "525", unit_of_measurement="ppm"), "ppm", "spark", ""),
        (state("sensor.a", "1200", device_class="carbon_dioxide", unit_of_measurement="ppm"),
         "ppm", "spark", "alert"),
        (state("sensor.a", "spin_cycle"), "Spin cycle", "none", ""),
        (state("vacuum.a", "docked"), "Docked", "none", ""),
    ],
)  # fmt: skip
def test_a_tile_in_words(thing: State, words: str, control: str, classes: str) -> None:
    tile = tile_of(thing, "A", NOW)

    assert (tile.words, tile.control, tile.classes) == (words, control, classes)


@pytest.mark.parametrize(
    "value, ago, words",
    [
        ("unavailable", 3600, "Not reachable for 1 h"),
        ("unavailable", 5, "Not reachable"),
        ("unknown", 5, "Nothing reported yet"),
    ],
)
def test_what_is_not_there_says_so_and_offers_nothing(value: str, ago: float, words: str) -> None:
    tile = tile_of(state("light.a", value), "A", NOW - 3600 + ago)

    assert (tile.words, tile.control, tile.classes, tile.disabled) == (words, "none", "gone", True)


def test_a_reading_stands_out() -> None:
    assert tile_of(state("sensor.a", "21.44", unit_of_measurement="°C"), "A", NOW).strong == "21.4"
    assert tile_of(state("climate.a", "heat", current_temperature=20), "A", NOW).strong == "20°"


def test_a_thermostat_keeps_within_its_range() -> None:
    attributes = {"temperature": 21, "min_temp": 10, "max_temp": 25, "target_temp_step": 1}
    tile = tile_of(state("climate.a", "heat", **attributes), "A", NOW)

    assert (tile.value, tile.low, tile.high, tile.step) == (21, 10, 25, 1)


def test_who_may_not_gets_the_words_without_the_control() -> None:
    shown = tile_of(state("lock.a", "unlocked"), "A", NOW, may_act=False)
    lamp = tile_of(state("light.a", "on", brightness=255), "A", NOW, may_act=False)

    assert (shown.control, shown.words) == ("none", "Unlocked")
    assert (lamp.control, lamp.classes) == ("none", "on")


@pytest.mark.parametrize(
    "thing, permission",
    [
        (state("light.a", "on"), "light.turn_on"),
        (state("switch.a", "on"), "switch.turn_on"),
        (state("lock.a", "locked"), "lock.unlock"),
        (state("lock.a", "unlocked"), "lock.lock"),
        (state("cover.a", "open"), "cover.set_cover_position"),
        (state("climate.a", "heat"), "climate.set_temperature"),
    ],
)
def test_a_control_is_offered_to_who_may_use_it(thing: State, permission: str) -> None:
    assert permission_of(thing) == permission


@pytest.mark.parametrize(
    "thing, shown",
    [
        (state("sensor.a", "20", device_class="temperature"), False),
        (state("sensor.a", "20", device_class="carbon_dioxide"), True),
        (state("binary_sensor.a", "off", device_class="battery"), False),
        (state("binary_sensor.a", "off", device_class="door"), True),
        (state("sun.sun", "above_horizon"), False),
    ],
)
def test_the_home_page_leaves_out_what_says_little(thing: State, shown: bool) -> None:
    assert is_shown(thing) is shown


def test_an_area_says_how_warm_it_is_and_what_is_open() -> None:
    things = [
        state("sensor.t", "20.84", device_class="temperature", unit_of_measurement="°C"),
        state("sensor.h", "44", device_class="humidity", unit_of_measurement="%"),
        state("sensor.x", "unknown", device_class="temperature"),
        state("binary_sensor.w", "on", device_class="window", friendly_name="Window"),
    ]

    assert area_words(things) == "20.8 °C · 44 % · Window open"


def test_states_in_words() -> None:
    assert state_words(state("binary_sensor.a", "on", device_class="smoke")) == "Smoke"
    assert state_words(state("sensor.a", "12.0", unit_of_measurement="W")) == "12 W"
    assert state_words(state("person.a", "not_home")) == "Not home"
    assert icon_of(state("binary_sensor.a", "on", device_class="door")) == "door-open"
