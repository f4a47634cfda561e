"""The examples' runner: it says what differed, and is not content with less."""

import pytest

from skills.blueprints import parse
from skills.examples import run_document_example, run_example, run_examples
from skills.source import load

BELL = """\
blueprint:
  name: Bell
  domain: automation
  input:
    bell:
      selector: {entity: {domain: binary_sensor}}
    person:
      selector: {person: {}}
triggers:
  - trigger: state
    entity_id: !input bell
    to: "on"
  - trigger: event
    event_type: ring
actions:
  - action: light.turn_on
    target: {entity_id: light.hall}
    data: {brightness_pct: 50}
  - action: notify.send
    data: {person: !input person, message: Somebody rings, title: Bell}
tests:
  - name: It rings
    input: {bell: binary_sensor.bell, person: Lina}
    given: {states: {binary_sensor.bell: "off", light.hall: "off"}}
    when: [{set: {binary_sensor.bell: "on"}}]
    then: [{action: light.turn_on}]
"""
INPUT = {"bell": "binary_sensor.bell", "person": "Lina"}
GIVEN = {"states": {"binary_sensor.bell": "off", "light.hall": "off"}}
RING = [{"set": {"binary_sensor.bell": "on"}}]


def example(**changes):
    return {"input": INPUT, "given": GIVEN, "when": RING, **changes}


@pytest.fixture
def bell():
    return parse(load(BELL), "bell.yaml")


@pytest.mark.parametrize(
    "then",
    [
        {"action": "light.turn_on", "entity_id": "light.hall", "data": {"brightness_pct": 50}},
        {"no_action": "light.turn_off"},
        {"notified": {"person": "Lina", "message": "^Somebody", "title": "Bell", "count": 1}},
        {"not_notified": {"message": "else"}},
        {"state": {"light.hall": "on"}},
    ],
)
async def test_what_happened_is_seen(bell, then):
    assert await run_example(bell, example(then=[then])) == []


@pytest.mark.parametrize(
    "then, words",
    [
        ({"action": "light.turn_off"}, "Expected light.turn_off; what was done: light.turn_on"),
        ({"action": "light.turn_on", "entity_id": "light.x"}, "on light.x"),
        ({"action": "light.turn_on", "data": {"brightness_pct": 51}}, "brightness_pct"),
        ({"no_action": "light.turn_on"}, "light.turn_on was called"),
        ({"notified": {"person": "Noor"}}, "there were: “Bell: Somebody rings”"),
        ({"notified": {"message": "nothing"}}, "Expected a message"),
        ({"notified": {"count": 2}}, "2 times"),
        ({"not_notified": {}}, "There was a message"),
        ({"state": {"light.hall": "off"}}, "light.hall is on, not off"),
        ({"stat": {}}, "has no “stat”"),
        ({"notified": {"who": "x"}}, "has no “who”"),
    ],
)
async def test_what_differs_is_told(bell, then, words):
    (found,) = await run_example(bell, example(then=[then]))
    assert words in found


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"given": {"state": {}}}, "has no “state”"),
        ({"given": {**GIVEN, "time": "noon"}}, "not a time"),
        ({"when": [{"wait": 5}]}, "has no “wait”"),
        ({"when": [{"advance": "soon"}]}, "not a duration"),
        ({"input": {"bell": "binary_sensor.bell"}}, "“person” is missing"),
        ({"input": {**INPUT, "bell": "light.hall"}}, "choose a binary_sensor"),
        ({"given": {"states": {"binary_sensor.bell": "off"}}}, "A run failed"),
    ],
)
async def test_a_wrong_example_is_told(bell, changes, words):
    found = await run_example(bell, example(**changes))
    assert words in " ".join(found)


async def test_events_and_running_by_hand_are_steps(bell):
    for when in ([{"event": {"type": "ring"}}], [{"run": True}]):
        found = await run_example(
            bell, example(when=when, then=[{"notified": {"person": "Lina", "count": 1}}])
        )
        assert found == []


async def test_every_example_of_a_blueprint_is_run(bell):
    assert await run_examples(bell) == {"It rings": []}


async def test_an_example_may_belong_to_a_skill(bell):
    document = {**bell.document(INPUT), "tests": []}
    found = await run_document_example(
        document,
        {**example(then=[{"state": {"light.hall": "on"}}]), "given": {**GIVEN, "people": ["Lina"]}},
    )
    assert found == []
