"""A skill out of a blueprint: wrong inputs are refused by whichever door they come."""

from __future__ import annotations

import pytest

from hub.context import Context
from hub.errors import Invalid
from hub.testing import hub_for_test
from skills.service import Skills

RIGHT = {"door": ["binary_sensor.front_door"], "person": ["everyone"], "duration": "00:05:00"}


@pytest.mark.parametrize(
    "wrong, where",
    [
        ({"door": ["binary_sensor.nowhere"]}, "input door"),
        ({"duration": "soon"}, "input duration"),
        ({"reminders": 21}, "input reminders"),
    ],
)
async def test_a_wrong_input_is_refused_by_name(wrong: dict[str, object], where: str) -> None:
    async with hub_for_test() as house:
        await house.add("binary_sensor.front_door", device_class="door")
        skills = house.hub.part(Skills)
        with pytest.raises(Invalid) as refused:
            await skills.create_from_blueprint(
                "door_left_open.yaml", RIGHT | wrong, "Door", Context.new()
            )
        assert (refused.value.where, skills.all()) == (where, [])


async def test_new_inputs_make_a_new_version() -> None:
    async with hub_for_test() as house:
        await house.add("binary_sensor.front_door", device_class="door")
        skills = house.hub.part(Skills)
        made = await skills.create_from_blueprint(
            "door_left_open.yaml", RIGHT, "Door", Context.new()
        )
        changed = await skills.change_inputs(
            made.id, RIGHT | {"duration": "00:10:00"}, "Front door", Context.new()
        )
        assert (changed.version, changed.name) == (2, "Front door")
        with pytest.raises(Invalid):
            await skills.change_inputs(made.id, RIGHT | {"reminders": -1}, "Door", Context.new())
        assert skills.get(made.id).version == 2
