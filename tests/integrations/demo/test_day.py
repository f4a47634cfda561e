from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from integrations.demo import life
from integrations.demo.day import Day
from integrations.demo.house import THINGS
from integrations.demo.world import World

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def live(world: World, hours: float, *, begin: datetime = MONDAY, seed: int = 12) -> Counter[str]:
    """Let a world live, 15 seconds a step; how often each thing reported something."""
    day, told = Day(world, seed), Counter[str]()
    for step in range(round(hours * 240)):
        day.step(begin + timedelta(seconds=15 * step), 15)
        told.update(entity_id for entity_id, _ in world.changes())
    return told


@pytest.fixture(scope="module")
def lived() -> tuple[World, Counter[str]]:
    """A world after two weekdays, and what was told meanwhile."""
    world = World(THINGS)
    return world, live(world, 48)


def test_a_day_brings_a_few_changes_a_minute_at_most(lived: tuple[World, Counter[str]]) -> None:
    assert 0.5 < lived[1].total() / (48 * 60) < 4


@pytest.mark.parametrize(
    "entity_id",
    [
        "binary_sensor.hall_motion",
        "binary_sensor.open_space_motion",
        "binary_sensor.front_door",
        "binary_sensor.studio_door",
        "binary_sensor.bedroom_window",
        "lock.front_door",
        "lock.studio_door",
        "climate.living_room",
        "sensor.living_room_temperature",
        "sensor.outdoor_temperature",
        "sensor.meeting_room_co2",
        "sensor.bathroom_humidity",
        "sensor.washing_machine",
        "sensor.washing_machine_power",
        "sensor.printer",
        "sensor.hall_illuminance",
        "sensor.flat_power",
        "switch.tv",
    ],
)
def test_the_house_lives(lived: tuple[World, Counter[str]], entity_id: str) -> None:
    assert lived[1][entity_id] >= 2


def test_nothing_is_alarmed_and_no_lamp_changes_by_itself(
    lived: tuple[World, Counter[str]],
) -> None:
    quiet = [
        e
        for e in lived[0].readings
        if e.startswith(("light.", "cover.")) or e.endswith(("leak", "smoke"))
    ]
    assert [e for e in quiet if lived[1][e] > 1] == []


def test_rooms_stay_as_warm_as_their_thermostats_say(lived: tuple[World, Counter[str]]) -> None:
    assert 20.0 < lived[0].number("sensor.living_room_temperature") < 22.0
    assert 17.0 < lived[0].number("sensor.bedroom_temperature") < 20.0


def test_the_same_seed_gives_the_same_day() -> None:
    one, two, three = World(THINGS), World(THINGS), World(THINGS)
    assert live(one, 5) == live(two, 5)
    assert one.readings == two.readings
    assert live(three, 5, seed=13) != live(World(THINGS), 5)


def test_at_night_the_flat_is_quiet_and_locked() -> None:
    world = World(THINGS)
    told = live(world, 4, begin=MONDAY.replace(hour=1))
    assert told["binary_sensor.kitchen_motion"] <= 1  # said once, at the beginning
    assert told["binary_sensor.open_space_motion"] <= 1
    assert world.state("lock.front_door") == "locked"


def test_at_weekends_nobody_works() -> None:
    saturday = MONDAY + timedelta(days=5, hours=10)
    assert life.people_in("open_space", saturday) == 0
    assert life.people_in("open_space", MONDAY + timedelta(hours=10)) > 0
    assert life.studio_is_closed(saturday)


def test_a_jump_of_hours_is_lived_through() -> None:
    world = World(THINGS)
    world.act("climate.living_room", "turn_off", {}, MONDAY.timestamp())
    Day(world).step(MONDAY + timedelta(hours=10), 10 * 3600)
    assert world.number("sensor.living_room_temperature") < 20.0


def test_an_open_window_pauses_the_heating_and_cools() -> None:
    world, time = World(THINGS), MONDAY.timestamp()
    world.report("binary_sensor.bedroom_window", "on", time)
    day = Day(world)
    day.step(MONDAY, 0)
    assert world.readings["climate.bedroom"].attributes["hvac_action"] == "idle"
    day.step(MONDAY + timedelta(minutes=20), 1200)
    assert world.number("sensor.bedroom_temperature") < 18.0


def test_a_warmer_wish_heats_at_once_and_gradually() -> None:
    world = World(THINGS)
    day = Day(world)
    world.act("climate.living_room", "set_temperature", {"temperature": 24.0}, MONDAY.timestamp())
    day.step(MONDAY, 0)
    climate = world.readings["climate.living_room"]
    assert climate.attributes["hvac_action"] == "heating"
    assert climate.attributes["current_temperature"] == pytest.approx(20.8)
    day.step(MONDAY + timedelta(hours=1), 3600)
    assert 21.5 < world.number("sensor.living_room_temperature") < 23.5


def test_what_is_on_draws_power() -> None:
    world = World(THINGS)
    day = Day(world)
    day.step(MONDAY, 0)
    before = world.number("sensor.flat_power")
    world.act("switch.coffee_machine", "turn_on", {}, MONDAY.timestamp())
    day.step(MONDAY, 0)
    assert world.number("sensor.coffee_machine_power") == 1320
    assert world.number("sensor.flat_power") == pytest.approx(before + 1320, abs=5)
    day.step(MONDAY + timedelta(minutes=4), 240)
    assert world.number("sensor.coffee_machine_power") == 45


def test_a_printer_without_power_is_unavailable() -> None:
    world = World(THINGS)
    day = Day(world)
    world.act("switch.printer", "turn_off", {}, MONDAY.timestamp())
    day.step(MONDAY, 0)
    assert world.state("sensor.printer") == "unavailable"
    world.act("switch.printer", "turn_on", {}, MONDAY.timestamp())
    day.step(MONDAY, 0)
    assert world.state("sensor.printer") == "idle"


def test_a_wash_runs_through_and_is_done() -> None:
    world = World(THINGS)
    begin = MONDAY.replace(hour=22)
    attributes = {"started_at": begin.timestamp()}
    world.restore("sensor.washing_machine", "washing", attributes)
    day, seen = Day(world), list[str]()
    for minute in range(130):
        day.step(begin + timedelta(minutes=minute), 60)
        seen.append(world.state("sensor.washing_machine"))
    assert list(dict.fromkeys(seen)) == ["washing", "spinning", "done", "idle"]


@pytest.mark.parametrize("hour, lux", [(0, 0), (6, 0), (13, 5000), (20, 0)])
def test_days_are_bright_and_nights_dark(hour: int, lux: float) -> None:
    assert life.daylight(MONDAY.replace(hour=hour)) >= lux
    assert (life.daylight(MONDAY.replace(hour=hour)) > 0) is (lux > 0)


def test_summers_are_warmer_than_winters() -> None:
    assert life.outdoor_temperature(MONDAY.replace(month=7)) > 10
    assert life.outdoor_temperature(MONDAY.replace(month=1)) < 8
