"""Values of a blueprint's inputs: checked, read from a form, written to one."""

import pytest

from hub.testing import hub_for_test
from skills.blueprints import House, parse
from skills.source import load

HEAD = "blueprint:\n  name: Test\n  domain: automation\n"
MOTION = f"""\
{HEAD}  input:
    motion:
      selector: {{entity: {{filter: [{{domain: binary_sensor, device_class: motion}}]}}}}
    wait:
      default: 120
      selector: {{number: {{min: 0, max: 3600, unit_of_measurement: seconds}}}}
    light:
      selector: {{target: {{entity: {{domain: light}}}}}}
actions: [!input motion, !input wait, !input light]
"""


def blueprint(text):
    return parse(load(text), "test.yaml")


def with_input(selector, default=""):
    return blueprint(
        f"{HEAD}  input:\n    x:\n      selector: {selector}\n{default}actions: [!input x]\n"
    )


@pytest.mark.parametrize(
    "selector, value, words",
    [
        ("{entity: {domain: light}}", "light.hall", ""),
        ("{entity: {domain: light}}", "switch.x", "choose a light"),
        ("{entity: {filter: [{domain: light}, {domain: switch}]}}", "switch.x", ""),
        ("{entity: {}}", "hall", "not an entity"),
        ("{entity: {}}", ["light.a"], "Only one"),
        ("{entity: {multiple: true}}", ["light.a", "b"], "not an entity"),
        ("{number: {min: 1, max: 5, unit_of_measurement: m}}", 6, "5 m or less"),
        ("{number: {min: 1}}", 0, "1 or more"),
        ("{number: {}}", "x", "not a number"),
        ("{number: {}}", True, "not a number"),
        ("{boolean: {}}", False, ""),
        ("{boolean: {}}", "on", "yes or no"),
        ("{select: {options: [a, {label: B, value: b}]}}", "b", ""),
        ("{select: {options: [a]}}", "c", "not one of: a"),
        ("{select: {options: [a], custom_value: true}}", "c", ""),
        ("{select: {options: [a], multiple: true}}", ["a"], ""),
        ("{text: {}}", "x", ""),
        ("{text: {}}", {}, "Write something"),
        ("{time: {}}", "07:30", ""),
        ("{time: {}}", "7 o'clock", "not a time"),
        ("{date: {}}", "2025-02-30", "can't be read"),
        ("{datetime: {}}", "2025-02-03 10:00:00", ""),
        ("{duration: {}}", {"minutes": 5}, ""),
        ("{duration: {}}", "soon", "not a duration"),
        ("{target: {}}", {"entity_id": "light.a"}, ""),
        ("{target: {}}", {"room": "x"}, "can't have"),
        ("{target: {}}", {}, "Choose what"),
        ("{person: {}}", "everyone", ""),
        ("{action: {}}", [{"delay": 1}], ""),
        ("{action: {}}", "x", "list of steps"),
        ("{condition: {}}", "{{ true }}", ""),
        ("{color_rgb: {}}", [1, 2, 300], "0 to 255"),
        ("{object: {}}", {"anything": 1}, ""),
        ("{icon: {}}", "mdi:cog", ""),
    ],
)
def test_a_value_is_checked(selector, value, words):
    errors = with_input(selector).check_inputs({"x": value})
    assert words in errors.get("x", "")
    assert bool(errors) is bool(words)


def test_required_and_unknown_inputs_are_told():
    found = blueprint(MOTION).check_inputs({"nonsense": 1})
    assert found == {
        "motion": "Choose a device.",
        "light": "Choose what it acts on.",
        "nonsense": "The blueprint has no such input.",
    }


def test_an_empty_default_is_fine():
    found = with_input("{entity: {domain: light}}", "      default: []\n")
    assert found.check_inputs({"x": []}) == {}
    assert found.complete({}) == {"x": []}


async def test_values_are_looked_up_in_the_house():
    async with hub_for_test(parts=()) as house:
        await house.add("binary_sensor.hall", area="Hall", device_class="motion")
        await house.add("binary_sensor.door", device_class="door")
        await house.add("light.hall")
        await house.owner("Mara")
        hub = house.hub
        lookup = House(hub.states, hub.registry, hub.people)
        found = blueprint(MOTION)
        good = {"motion": "binary_sensor.hall", "light": {"entity_id": ["light.hall"]}}
        assert found.check_inputs(good, lookup) == {}
        bad = {"motion": "binary_sensor.door", "light": {"area_id": "cellar"}, "wait": 5000}
        assert found.check_inputs(bad, lookup) == {
            "motion": "Door is not of the kind that fits here.",
            "wait": "It must be 3600 seconds or less.",
            "light": "There is no area “cellar”.",
        }
        gone = {"motion": "binary_sensor.nope", "light": {"entity_id": "light.nope"}}
        assert found.check_inputs(gone, lookup) == {
            "motion": "There is no entity binary_sensor.nope.",
            "light": "There is no entity light.nope.",
        }
        person = with_input("{person: {multiple: true}}")
        assert person.check_inputs({"x": ["Mara", "role:adult"]}, lookup) == {}
        assert "Nobody" in person.check_inputs({"x": ["Nobody"]}, lookup)["x"]
        area = with_input("{area: {}}")
        assert area.check_inputs({"x": "hall"}, lookup) == {}
        assert area.check_inputs({"x": "moon"}, lookup) == {"x": "There is no area “moon”."}


@pytest.mark.parametrize(
    "selector, form, value",
    [
        ("{entity: {}}", {"x": ["light.a"]}, "light.a"),
        ("{entity: {multiple: true}}", {"x": ["light.a", "", "light.b"]}, ["light.a", "light.b"]),
        ("{number: {}}", {"x": ["5"]}, 5),
        ("{number: {}}", {"x": ["0,5"]}, 0.5),
        ("{number: {}}", {"x": ["five"]}, "five"),
        ("{boolean: {}}", {"x": ["off", "on"]}, True),
        ("{boolean: {}}", {}, False),
        ("{select: {options: [a], multiple: true}}", {"x": ["a"]}, ["a"]),
        ("{text: {}}", {"x": [" hello "]}, "hello"),
        ("{time: {}}", {"x": ["07:30"]}, "07:30"),
        ("{duration: {}}", {"x.minutes": ["5"], "x.seconds": [""]}, {"minutes": 5}),
        ("{duration: {}}", {"x": ["00:05:00"]}, "00:05:00"),
        ("{target: {}}", {"x.area_id": ["hall"], "x.entity_id": ["light.a"]},
         {"entity_id": ["light.a"], "area_id": ["hall"]}),
        ("{target: {}}", {"x": ["light.a"]}, {"entity_id": ["light.a"]}),
        ("{person: {multiple: true}}", {"x": ["p1"]}, ["p1"]),
        ("{object: {}}", {"x": ["a: 1"]}, {"a": 1}),
        ("{action: {}}", {"x": ["- delay: 5"]}, [{"delay": 5}]),
        ("{action: {}}", {"x": ["- a: b: c"]}, "- a: b: c"),
        ("{color_rgb: {}}", {"x": ["#ff8000"]}, [255, 128, 0]),
        ("{constant: {value: 7}}", {}, 7),
    ],
)  # fmt: skip
def test_a_form_becomes_values(selector, form, value):
    assert with_input(selector).from_form(form) == {"x": value}


@pytest.mark.parametrize(
    "selector, form",
    [
        ("{entity: {}}", {"x": [""]}),
        ("{entity: {}}", {}),
        ("{text: {}}", {"x": [""]}),
        ("{number: {}}", {"x": [" "]}),
        ("{target: {}}", {"x.area_id": [""]}),
        ("{duration: {}}", {"x.minutes": [""]}),
    ],
)
def test_what_was_left_empty_is_left_out(selector, form):
    assert with_input(selector).from_form(form) == {}


def test_a_text_with_a_default_can_be_emptied():
    found = with_input("{text: {}}", "      default: hello\n")
    assert found.complete(found.from_form({"x": [""]})) == {"x": ""}
