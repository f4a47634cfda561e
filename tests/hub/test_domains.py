from __future__ import annotations

from typing import Any

import pytest

from hub.errors import Invalid
from hub.testing import House


async def obeyed(
    house: House, action: str, entity_id: str, data: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What reaches the integration when an action is called."""
    await house.add(entity_id)
    await house.hub.actions.call(action, data, entity_id)
    ((_, verb, given),) = house.entities.calls
    assert verb == action.partition(".")[2]
    return given


@pytest.mark.parametrize(
    "data, given",
    [
        ({}, {}),
        ({"brightness": 10}, {"brightness": 10}),
        ({"brightness_pct": 50}, {"brightness": 128}),
        ({"brightness_pct": 0}, {"brightness": 0}),
        ({"brightness_step_pct": -10}, {"brightness_step": -26}),
        ({"rgb_color": [1, 2, 3]}, {"rgb_color": (1, 2, 3)}),
        ({"color_name": "ORANGE"}, {"rgb_color": (255, 165, 0)}),
        (
            {"color_temp_kelvin": 2700, "transition": 2},
            {"color_temp_kelvin": 2700, "transition": 2},
        ),
    ],
)
async def test_a_light_is_turned_on_as_asked(
    house: House, data: dict[str, Any], given: dict[str, Any]
) -> None:
    assert await obeyed(house, "light.turn_on", "light.hall", data) == given


@pytest.mark.parametrize(
    "data, message",
    [
        ({"brightness": 256}, "brightness must be at most 255"),
        ({"brightness_pct": 101}, "brightness_pct must be at most 100"),
        ({"rgb_color": [1, 2]}, "rgb_color must have 3 items, not 2"),
        ({"rgb_color": [1, 2, 300]}, r"rgb_color\[2\] must be at most 255"),
        ({"color_name": "mud"}, "The colour “mud” is not known"),
        ({"color_temp_kelvin": 500}, "color_temp_kelvin must be at least 1000"),
        ({"transition": -1}, "transition must be at least 0"),
    ],
)
async def test_a_light_refuses_what_no_light_can(
    house: House, data: dict[str, Any], message: str
) -> None:
    await house.add("light.hall")
    with pytest.raises(Invalid, match=message):
        await house.hub.actions.call("light.turn_on", data, "light.hall")
    assert house.entities.calls == []


async def test_a_light_is_turned_off_slowly(house: House) -> None:
    assert await obeyed(house, "light.turn_off", "light.hall", {"transition": 3}) == {
        "transition": 3
    }


async def test_a_light_is_toggled_to_a_brightness(house: House) -> None:
    given = await obeyed(house, "light.toggle", "light.hall", {"brightness_pct": 100})
    assert given == {"brightness": 255}


@pytest.mark.parametrize("verb", ["turn_on", "turn_off", "toggle"])
async def test_a_switch_is_switched(house: House, verb: str) -> None:
    assert await obeyed(house, f"switch.{verb}", "switch.coffee") == {}


@pytest.mark.parametrize("verb, state", [("lock", "locked"), ("unlock", "unlocked")])
async def test_a_lock_takes_a_code(house: House, verb: str, state: str) -> None:
    assert await obeyed(house, f"lock.{verb}", "lock.door", {"code": "1"}) == {"code": "1"}
    assert house.state("lock.door") == state


@pytest.mark.parametrize(
    "verb, data",
    [("open_cover", {}), ("close_cover", {}), ("set_cover_position", {"position": 40})],
)
async def test_a_cover_is_moved(house: House, verb: str, data: dict[str, Any]) -> None:
    assert await obeyed(house, f"cover.{verb}", "cover.blinds", data) == data


async def test_a_cover_knows_positions_from_0_to_100(house: House) -> None:
    await house.add("cover.blinds")
    with pytest.raises(Invalid, match="position must be at most 100"):
        await house.hub.actions.call("cover.set_cover_position", {"position": 101}, "cover.blinds")


async def test_a_thermostat_is_set(house: House) -> None:
    data = {"temperature": 20.5, "hvac_mode": "heat"}
    assert await obeyed(house, "climate.set_temperature", "climate.living", data) == data
    assert house.state("climate.living") == "heat"


async def test_setting_a_thermostat_to_nothing_is_refused(house: House) -> None:
    await house.add("climate.living")
    with pytest.raises(Invalid, match="Say which temperature"):
        await house.hub.actions.call("climate.set_temperature", {}, "climate.living")


async def test_an_unknown_mode_is_refused_with_the_known_ones(house: House) -> None:
    await house.add("climate.living")
    with pytest.raises(Invalid) as caught:
        await house.hub.actions.call(
            "climate.set_hvac_mode", {"hvac_mode": "boil"}, "climate.living"
        )
    assert caught.value.remedy.startswith("Use one of: off, heat, cool")


async def test_the_generic_actions_switch_what_can_be_switched(house: House) -> None:
    await house.add("light.hall", area="Hall")
    await house.add("switch.coffee", area="Hall")
    await house.add("lock.door", area="Hall", state="locked")
    await house.hub.actions.call("homeassistant.turn_on", {}, {"area_id": "hall"})
    assert (house.state("light.hall"), house.state("switch.coffee")) == ("on", "on")
    await house.hub.actions.call("homeassistant.toggle", {}, ["light.hall"])
    await house.hub.actions.call("homeassistant.turn_off", {}, ["switch.coffee"])
    assert (house.state("light.hall"), house.state("switch.coffee")) == ("off", "off")
    assert house.state("lock.door") == "locked"


@pytest.mark.parametrize("action, risk", [
    ("lock.unlock", "asks"), ("lock.lock", "safe"), ("cover.open_cover", "asks"),
    ("cover.close_cover", "safe"), ("light.turn_on", "safe"),
])  # fmt: skip
async def test_what_opens_the_house_asks_when_a_model_wants_it(
    house: House, action: str, risk: str
) -> None:
    declared = house.hub.actions.get(action)
    assert declared is not None
    assert declared.risk == risk


async def test_every_domain_action_is_explained_and_undone_by_one_that_exists(
    house: House,
) -> None:
    actions = house.hub.actions.all()
    assert [a.name for a in actions if not a.summary] == []
    assert [a.name for a in actions if a.undo and not house.hub.actions.get(a.undo)] == []
