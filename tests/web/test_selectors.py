"""How a blueprint's inputs are drawn in this house."""

from __future__ import annotations

from typing import Any

import pytest

from hub.testing import House
from skills.blueprints import Blueprints
from skills.service import Skills
from web.selectors import Choices, Field, Option


@pytest.fixture
async def blueprints(house: House) -> Blueprints:
    await house.add("light.hall", name="Hall lamp", area="Hall")
    await house.add("light.attic", name="Attic lamp")
    await house.add("lock.door", "locked", name="Front door", area="Hall")
    await house.add("binary_sensor.motion", name="Hall motion", area="Hall", device_class="motion")
    await house.add("sensor.t", "20", name="Attic", device_class="temperature")
    await house.owner("Mara")
    return house.hub.part(Skills).blueprints


def field_of(
    house: House, path: str, key: str, value: Any = None, hidden: tuple[str, ...] = ()
) -> Field:
    """One field of a blueprint's form, for somebody from whom `hidden` is hidden."""
    hub = house.hub
    choices = Choices(hub.states, hub.registry, hub.people, lambda id_: id_ not in hidden)
    blueprint = hub.part(Skills).blueprints.get(path)
    wanted = next(one for one in blueprint.inputs if one.key == key)
    return choices.field(wanted, blueprint.complete({}).get(key) if value is None else value, "")


def offered(field: Field) -> list[str]:
    return [option.value for _heading, options in field.groups for option in options]


@pytest.mark.parametrize(
    "path, key, control",
    [
        ("motion_light.yaml", "motion", "entity"),
        ("motion_light.yaml", "light", "target"),
        ("motion_light.yaml", "brightness", "slider"),
        ("door_left_open.yaml", "door", "checks"),
        ("door_left_open.yaml", "duration", "duration"),
        ("door_left_open.yaml", "person", "checks"),
        ("door_left_open.yaml", "message", "text"),
        ("door_left_open.yaml", "urgency", "select"),
        ("temperature_alert.yaml", "below", "number"),
    ],
)
async def test_a_selector_has_its_control(
    house: House, blueprints: Blueprints, path: str, key: str, control: str
) -> None:
    assert field_of(house, path, key).control == control


@pytest.mark.parametrize(
    "value, boxes",
    [
        ("00:05:00", ("0", "5", "0")),
        ({"hours": 1, "seconds": 30}, ("1", "0", "30")),
        (90, ("0", "1", "30")),
        ("soon", ("soon", "", "")),
    ],
)
async def test_a_duration_has_three_boxes(
    house: House, blueprints: Blueprints, value: Any, boxes: tuple[str, str, str]
) -> None:
    assert field_of(house, "door_left_open.yaml", "duration", value).value == boxes


async def test_a_target_offers_whole_areas_and_single_things_that_fit(
    house: House, blueprints: Blueprints
) -> None:
    hall = house.hub.registry.area_of("light.hall")
    assert hall is not None
    target = {"entity_id": ["light.attic"], "area_id": [hall.id]}
    field = field_of(house, "motion_light.yaml", "light", target)
    chosen = [o.value for _heading, options in field.groups for o in options if o.chosen]

    assert offered(field) == ["light.attic", hall.id, "light.hall"]
    assert sorted(chosen) == sorted(["light.attic", hall.id])
    assert {o.name for _heading, options in field.groups for o in options} == {
        "light.area_id",
        "light.entity_id",
    }


async def test_what_one_may_not_see_is_not_offered(house: House, blueprints: Blueprints) -> None:
    field = field_of(house, "motion_light.yaml", "light", hidden=("light.attic",))

    assert "light.attic" not in offered(field)


async def test_a_person_is_chosen_by_name(house: House, blueprints: Blueprints) -> None:
    field = field_of(house, "door_left_open.yaml", "person", ["everyone"])
    options: list[Option] = field.groups[0][1]

    assert [(o.words, o.chosen) for o in options] == [("Everyone", True), ("Mara", False)]
