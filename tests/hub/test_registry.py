from __future__ import annotations

import asyncio

import pytest

from hub.entities import DeviceDescription, EntityDescription
from hub.errors import Invalid, NotFound
from hub.events import REGISTRY_CHANGED, Event
from hub.registry import Target, slug
from hub.testing import House
from store.home import AreaRow, EntityRow, FloorRow, LabelRow


async def furnish(house: House) -> None:
    """Two floors, three rooms, four entities; a washer that is a device."""
    washer = DeviceDescription("washer", "Washer", area="Bathroom", floor="Upstairs")
    described = [
        EntityDescription("light.hall", "Hall", area="Hall", floor="Ground"),
        EntityDescription("light.bath", "Bath", area="Bathroom", floor="Upstairs"),
        EntityDescription("switch.washer", "Washer", device=washer),
        EntityDescription("sensor.washer", "Washer power", device=washer),
    ]
    await house.face.add_entities(described, house.entities)


def resolve(house: House, **target: object) -> list[str]:
    return house.hub.registry.resolve(Target.of(target))


@pytest.mark.parametrize(
    "written, ids",
    [
        ("light.hall", ("light.hall",)),
        ("light.hall, light.bath", ("light.hall", "light.bath")),
        (["light.hall"], ("light.hall",)),
        ({"entity_id": "light.hall"}, ("light.hall",)),
        ({"entity_id": None}, ()),
        (None, ()),
    ],
)
def test_a_target_is_taken_as_people_write_it(written: object, ids: tuple[str, ...]) -> None:
    assert Target.of(written).entity_id == ids


@pytest.mark.parametrize("written", [{"room": "hall"}, 5, {"entity_id": 5}])
def test_a_target_that_makes_no_sense_is_refused(written: object) -> None:
    with pytest.raises(Invalid):
        Target.of(written)


def test_two_targets_together_name_each_entity_once() -> None:
    both = Target.of("light.a").with_(
        Target.of({"entity_id": ["light.b", "light.a"], "area_id": "x"})
    )
    assert both == Target(entity_id=("light.a", "light.b"), area_id=("x",))


async def test_an_area_a_floor_and_a_device_mean_their_entities(house: House) -> None:
    await furnish(house)
    assert resolve(house, area_id="bathroom") == ["light.bath", "switch.washer", "sensor.washer"]
    assert resolve(house, floor_id="ground") == ["light.hall"]
    assert resolve(house, device_id="test_washer") == ["switch.washer", "sensor.washer"]
    assert resolve(house, entity_id="light.hall", area_id="hall") == ["light.hall"]


async def test_a_label_reaches_entities_through_their_area_and_device(house: House) -> None:
    await furnish(house)
    registry = house.hub.registry
    await registry.put(LabelRow("cosy", "Cosy"))
    await registry.put(AreaRow("hall", "Hall", "ground", labels=["cosy"]))
    await registry.put(EntityRow("light.bath", "Bath", "test", labels=["cosy"]))
    assert sorted(resolve(house, label_id="cosy")) == ["light.bath", "light.hall"]


async def test_hidden_entities_are_reached_by_name_only(house: House) -> None:
    await furnish(house)
    await house.hub.registry.put(
        EntityRow("light.hall", "Hall", "test", area_id="hall", hidden=True)
    )
    assert resolve(house, area_id="hall") == []
    assert resolve(house, entity_id="light.hall") == ["light.hall"]


@pytest.mark.parametrize("kind", ["device", "area", "floor", "label"])
async def test_an_unknown_id_is_refused_with_the_known_ones(house: House, kind: str) -> None:
    await furnish(house)
    with pytest.raises(Invalid, match=f"There is no {kind} “nowhere”") as caught:
        resolve(house, **{f"{kind}_id": "nowhere"})
    assert caught.value.remedy.startswith("Known: ")


async def test_an_entity_is_where_its_device_is_and_moves_with_it(house: House) -> None:
    await furnish(house)
    registry = house.hub.registry
    await registry.put(AreaRow("cellar", "Cellar"))
    washer = registry.devices["test_washer"]
    await registry.put(type(washer)(washer.id, washer.name, washer.integration, "cellar"))
    area = registry.area_of("switch.washer")
    assert area is not None
    assert area.name == "Cellar"


async def test_floors_are_stacked_and_rooms_ordered_as_they_were_named(house: House) -> None:
    await furnish(house)
    registry = house.hub.registry
    assert {f.name: f.level for f in registry.floors.values()} == {"Ground": 0, "Upstairs": 1}
    assert [a.position for a in registry.areas.values()] == [0, 1]
    assert [e.position for e in registry.entities.values()] == [0, 1, 2, 3]


async def test_what_a_person_changed_stays_when_it_is_declared_again(house: House) -> None:
    await furnish(house)
    await house.hub.registry.rename_entity("light.hall", "  The lamp ")
    await house.face.close()
    await furnish(house)
    assert house.hub.registry.name_of("light.hall") == "The lamp"


async def test_a_room_that_a_person_removed_does_not_come_back(house: House) -> None:
    await furnish(house)
    house.hub.registry.areas.pop("hall")
    await house.face.close()
    await furnish(house)
    assert "hall" not in house.hub.registry.areas


async def test_a_renamed_entity_says_its_new_name_at_once(house: House) -> None:
    await furnish(house)
    house.face.set_state("light.hall", "on")
    await house.hub.registry.rename_entity("light.hall", "The lamp")
    state = house.hub.states.get("light.hall")
    assert state is not None
    assert (state.name, state.state) == ("The lamp", "on")


async def test_renaming_refuses_what_is_not_there_and_what_is_no_name(house: House) -> None:
    await furnish(house)
    with pytest.raises(NotFound):
        await house.hub.registry.rename_entity("light.nowhere", "X")
    with pytest.raises(Invalid):
        await house.hub.registry.rename_entity("light.hall", "   ")


async def test_changes_are_published(house: House) -> None:
    events: list[Event] = []
    house.hub.bus.subscribe(REGISTRY_CHANGED, events.append)
    await house.hub.registry.put(FloorRow("roof", "Roof"))
    assert len(events) == 1


async def test_the_house_is_remembered(house: House) -> None:
    await furnish(house)
    registry = house.hub.registry
    before = (dict(registry.floors), dict(registry.areas), dict(registry.entities))
    await registry.load()
    assert (registry.floors, registry.areas, registry.entities) == before


async def test_two_integrations_may_suggest_the_same_room_at_the_same_time(house: House) -> None:
    registry = house.hub.registry
    await asyncio.gather(*(registry.add_new([AreaRow("hall", "Hall")]) for _ in range(5)))
    assert list(registry.areas) == ["hall"]


async def test_forgetting_entities_forgets_the_devices_left_without_any(house: House) -> None:
    await furnish(house)
    registry = house.hub.registry
    await registry.forget_entities(["switch.washer"])
    assert "test_washer" in registry.devices
    await registry.forget_entities(["sensor.washer"])
    assert "test_washer" not in registry.devices
    await registry.load()
    assert sorted(registry.entities) == ["light.bath", "light.hall"]


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Living room", "living_room"),
        ("Küche", "kuche"),
        ("  Öl & Gas! ", "ol_gas"),
        ("Lina’s", "linas"),
    ],
)
def test_a_name_becomes_an_id(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_names_in_other_scripts_become_different_ids() -> None:
    assert slug("客厅") != slug("厨房")
    assert slug("客厅") == slug("客厅")
    assert slug("客厅").isalnum()
    assert len(slug("x" * 500)) <= 64
