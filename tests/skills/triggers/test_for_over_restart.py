"""A trigger's `for` over a restart."""

from __future__ import annotations

import pytest

from hub.states import UNAVAILABLE
from tests.skills.conftest import START

DOOR = """
    alias: Door left open
    triggers:
      - trigger: state
        entity_id: binary_sensor.door
        to: "on"
        for: "00:05:00"
    actions:
      - action: light.turn_on
        target: {entity_id: light.a}
"""
TEMPLATE = """
    alias: Door left open
    triggers:
      - trigger: template
        value_template: "{{ is_state('binary_sensor.door', 'on') }}"
        for: "00:05:00"
    actions:
      - action: light.turn_on
        target: {entity_id: light.a}
"""


@pytest.mark.parametrize("document", [DOOR, TEMPLATE])
async def test_it_fires_after_what_is_left(opens, tmp_path, document):
    async with opens(tmp_path / "one") as home:
        await home.save(document)
        await home.set("binary_sensor.door", "on")
        await home.house.advance(100)
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 200) as home:
        await home.house.advance(99)
        assert home.acted() == []
        await home.house.advance(1)
        assert home.acted() == ["light.a turn_on"]
        run = await home.last()
        assert run.trigger["for"] == "00:05:00"


@pytest.mark.parametrize("document", [DOOR, TEMPLATE])
async def test_a_late_one_fires_as_soon_as_the_entity_has_reported(opens, tmp_path, document):
    async with opens(tmp_path / "one") as home:
        await home.save(document)
        await home.set("binary_sensor.door", "on")
        await home.house.advance(1)
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 1000) as home:
        assert home.acted() == []
        await home.house.advance(1)
        assert home.acted() == ["light.a turn_on"]
        await home.house.advance(1000)
        assert home.acted() == ["light.a turn_on"]


async def test_it_is_given_up_when_the_door_was_closed_meanwhile(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(DOOR)
        await home.set("binary_sensor.door", "on")
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 100) as home:
        await home.set("binary_sensor.door", "off")
        await home.house.advance(1000)
        assert home.acted() == []


async def test_an_entity_that_is_away_at_the_start_is_waited_for(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(DOOR)
        await home.set("binary_sensor.door", "on")
        await home.house.advance(10)
        home.snapshot(tmp_path / "two")
    async with opens(tmp_path / "two", START + 100) as home:
        await home.set("binary_sensor.door", UNAVAILABLE)
        await home.house.advance(400)
        assert home.acted() == []
        await home.set("binary_sensor.door", "on")
        assert home.acted() == ["light.a turn_on"]


async def test_a_clean_stop_keeps_it_too(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(DOOR)
        await home.set("binary_sensor.door", "on")
    async with opens(tmp_path / "one", START + 100) as home:
        await home.set("binary_sensor.door", "on")
        await home.house.advance(199)
        assert home.acted() == []
        await home.house.advance(1)
        assert home.acted() == ["light.a turn_on"]


async def test_a_saved_skill_begins_anew(home):
    saved = await home.save(DOOR)
    await home.set("binary_sensor.door", "on")
    await home.house.advance(200)
    await home.save(DOOR, saved.id)
    await home.house.advance(1000)
    assert home.acted() == []
