"""Conditions: every kind, every spelling, and sentences with the values they found."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.bus import Bus
from hub.clock import ManualClock
from hub.errors import Invalid
from hub.home import Home
from hub.registry import Registry
from hub.states import States
from skills.conditions import Conditions
from skills.templates import Templates

# A Sunday.
NOON = datetime(2025, 6, 15, 12, 0, tzinfo=UTC).timestamp()
ON = {"condition": "state", "entity_id": "light.hall", "state": "on"}
OFF = {"condition": "state", "entity_id": "light.hall", "state": "off"}
MISSING = {"condition": "state", "entity_id": "light.nope", "state": "on"}


@pytest.fixture
def clock():
    return ManualClock(NOON)


@pytest.fixture
def states(clock):
    found = States(Bus(), clock)
    found.set("light.hall", "on", {"friendly_name": "Hall", "brightness": 120})
    found.set("light.attic", "off", {"friendly_name": "Attic"})
    found.set("binary_sensor.door", "on", {"friendly_name": "Front door", "device_class": "door"})
    found.set("sensor.out", "21", {"friendly_name": "Outdoor temperature"})
    found.set("sensor.limit", "18")
    found.set("sensor.gone", "unavailable", {"friendly_name": "Cellar"})
    found.set("input_select.mode", "on")
    found.set("input_datetime.bed", "22:00:00")
    found.set("sensor.alarm", "2025-06-16T05:30:00+00:00")
    return found


@pytest.fixture
def conditions(states, clock):
    registry, home = Registry(Bus(), clock), Home()
    return Conditions(states, registry, clock, home, Templates(states, registry, clock, home))


@pytest.mark.parametrize(
    "config, holds, words",
    [
        (ON, True, "Hall is on."),
        (OFF, False, "Hall is on, not off."),
        ({**ON, "state": ["off", "on"]}, True, "Hall is on."),
        ({**ON, "state": True}, True, "Hall is on."),
        ({**OFF, "entity_id": "binary_sensor.door"}, False, "Front door is open, not closed."),
        ({**ON, "entity_id": ["light.hall", "light.attic"]}, False, "Attic is off, not on."),
        ({**ON, "entity_id": "light.hall, light.attic", "match": "any"}, True, "Hall is on."),
        ({**ON, "attribute": "brightness", "state": 120}, True, "The brightness of Hall is 120."),
        ({**ON, "attribute": "brightness", "state": "120"}, False,
         "The brightness of Hall is 120, not 120."),
        ({**ON, "state": "input_select.mode"}, True, "Hall is on."),
        ({**ON, "for": {"minutes": 5}}, False, "Hall is on since 0 seconds, not yet for 5 minutes."),
        ({"condition": "numeric_state", "entity_id": "sensor.out", "below": 18}, False,
         "Outdoor temperature is 21, not below 18."),
        ({"condition": "numeric_state", "entity_id": "sensor.out", "above": 21}, False,
         "Outdoor temperature is 21, not above 21."),
        ({"condition": "numeric_state", "entity_id": "sensor.out", "above": "20", "below": 30},
         True, "Outdoor temperature is 21, above 20 and below 30."),
        ({"condition": "numeric_state", "entity_id": "sensor.out", "above": "sensor.limit"}, True,
         "Outdoor temperature is 21, above 18."),
        ({"condition": "numeric_state", "entity_id": "light.hall", "attribute": "brightness",
          "above": 100}, True, "Hall is 120, above 100."),
        ({"condition": "numeric_state", "entity_id": "sensor.out", "below": 15,
          "value_template": "{{ state.state | float - 10 }}"}, True,
         "Outdoor temperature is 11, below 15."),
        ({"condition": "numeric_state", "entity_id": "sensor.gone", "above": 1}, False,
         "Cellar is unavailable, which is no number."),
        ({"condition": "time", "after": "11:00", "before": "13:00:00"}, True,
         "It is 12:00, between 11:00 and 13:00."),
        ({"condition": "time", "after": "12:00", "before": "12:01"}, True,
         "It is 12:00, between 12:00 and 12:01."),
        ({"condition": "time", "before": "12:00"}, False, "It is 12:00, not before 12:00."),
        ({"condition": "time", "after": "22:00", "before": "06:00"}, False,
         "It is 12:00, not between 22:00 and 06:00."),
        ({"condition": "time", "after": "11:00", "before": "06:00"}, True,
         "It is 12:00, between 11:00 and 06:00."),
        ({"condition": "time", "after": "00:00", "before": "00:00"}, True,
         "It is 12:00, between 00:00 and 00:00."),
        ({"condition": "time", "weekday": ["sat", "sun"]}, True, "It is 12:00, on such a day."),
        ({"condition": "time", "weekday": "mon"}, False, "It is Sunday, not Monday."),
        ({"condition": "time", "after": "input_datetime.bed"}, False,
         "It is 12:00, not after 22:00."),
        ({"condition": "time", "after": "sensor.alarm"}, True, "It is 12:00, after 05:30."),
        ({"condition": "template", "value_template": "{{ 1 + 1 == 2 }}"}, True,
         "“{{ 1 + 1 == 2 }}” gives True."),
        ({"condition": "template", "value_template": "{{ 'on' }}"}, False, "“{{ 'on' }}” gives on."),
        ("{{ is_state('light.hall', 'on') }}", True,
         "“{{ is_state('light.hall', 'on') }}” gives True."),
        ({"condition": "{{ false }}", "alias": "Never"}, False, "“Never” gives False."),
        ("true", True, "“true” gives true."),
        ({"and": [ON, OFF]}, False, "Hall is on, not off."),
        ({"or": [OFF, ON]}, True, "Hall is on."),
        ({"or": [OFF, OFF]}, False, "Hall is on, not off. Hall is on, not off."),
        ({"not": [ON]}, False, "Hall is on."),
        ({"not": OFF}, True, "Hall is on, not off."),
        ({"condition": "and", "conditions": [ON, {"or": [OFF, "{{ true }}"]}]}, True,
         "Hall is on. “{{ true }}” gives True."),
        ({"condition": [ON, OFF]}, False, "Hall is on, not off."),
        ([ON, {**OFF, "enabled": False}], True, "Hall is on."),
        ([{**OFF, "enabled": "{{ 1 == 2 }}"}], True, "There is no condition."),
        ({"or": [{**ON, "enabled": False}, OFF]}, False, "Hall is on, not off."),
        ([], True, "There is no condition."),
        (None, True, "There is no condition."),
        ([OFF, MISSING], False, "Hall is on, not off."),
        ({"or": [MISSING, ON]}, True, "Hall is on."),
    ],
)  # fmt: skip
def test_a_condition_holds_and_says_why(conditions, config, holds, words):
    condition = conditions.compile(config)
    assert condition.check({}) is holds
    assert condition.explain({}) == words


async def test_a_state_holds_for_some_time(conditions, clock):
    condition = conditions.compile({**ON, "for": "00:05:00"})
    await clock.advance(299)
    before = condition.check({})
    await clock.advance(1)
    assert (before, condition.check({})) == (False, True)
    assert condition.explain({}) == "Hall has been on for 5 minutes."


def test_a_duration_may_be_a_template(conditions):
    condition = conditions.compile({**ON, "for": {"seconds": "{{ patience }}"}})
    assert condition.check({"patience": 0})
    assert not condition.check({"patience": 10})


@pytest.mark.parametrize(
    "trigger, holds, words",
    [
        ({"id": "b"}, True, "The trigger “b” fired."),
        ({"id": "c"}, False, "The trigger “c” fired, not “a” or “b”."),
        (None, False, "No trigger fired, so it was not “a” or “b”."),
    ],
)
def test_the_trigger_that_fired(conditions, trigger, holds, words):
    condition = conditions.compile({"condition": "trigger", "id": ["a", "b"]})
    assert condition.check({"trigger": trigger}) is holds
    assert condition.explain({"trigger": trigger}) == words


def test_a_template_sees_the_variables(conditions):
    condition = conditions.compile("{{ trigger.id == 'x' }}")
    assert condition.check({"trigger": {"id": "x"}})


@pytest.mark.parametrize(
    "config, where, words",
    [
        ({"condition": "stat"}, "conditions/condition", "Did you mean state?"),
        ({"condition": "zone"}, "conditions/condition", "not supported yet"),
        ({}, "conditions", "which kind"),
        (5, "conditions", "is not a condition"),
        ("light.hall", "conditions", "is not a condition"),
        ({"condition": "state", "state": "on"}, "conditions", "needs “entity_id”"),
        ({"condition": "state", "entity_id": "light.hall"}, "conditions", "needs “state”"),
        ({**ON, "entity_id": "hall"}, "conditions/entity_id", "is not an entity"),
        ({**ON, "entity_id": []}, "conditions/entity_id", "names no entity"),
        ({**ON, "state": []}, "conditions/state", "names no state"),
        ({**ON, "stat": "on"}, "conditions/stat", "has no “stat”"),
        ({**ON, "match": "some"}, "conditions/match", "all or any"),
        ({**ON, "for": "soon"}, "conditions/for", "not a duration"),
        ({**ON, "for": {"weeks": 1}}, "conditions/for/weeks", "has no “weeks”"),
        ({"condition": "numeric_state", "entity_id": "sensor.out"}, "conditions", "“above”"),
        ({"condition": "numeric_state", "entity_id": "sensor.out", "above": 5, "below": 5},
         "conditions/above", "No number"),
        ({"condition": "numeric_state", "entity_id": "sensor.out", "above": "{{ 1 }}"},
         "conditions/above", "value_template"),
        ({"condition": "numeric_state", "entity_id": "sensor.out", "above": "warm"},
         "conditions/above", "not an entity"),
        ({"condition": "time"}, "conditions", "needs “after”"),
        ({"condition": "time", "after": 79200}, "conditions/after", '"22:00:00"'),
        ({"condition": "time", "after": "25:00"}, "conditions/after", "not a time of day"),
        ({"condition": "time", "weekday": ["mon", "someday"]}, "conditions/weekday/1", "day of"),
        ({"condition": "template"}, "conditions", "needs “value_template”"),
        ({"condition": "template", "value_template": "{{ x"}, "conditions/value_template",
         "can't be read"),
        ("{{ x", "conditions", "can't be read"),
        ([ON, {"or": [OFF, {"condition": "x"}]}], "conditions/1/or/1/condition", "no condition"),
        ({"condition": "and"}, "conditions", "needs “conditions”"),
        ({"and": 5}, "conditions/and", "needs a list"),
        ({"and": [], "entity_id": "x"}, "conditions/entity_id", "doesn't belong"),
        ({"condition": "trigger"}, "conditions", "needs “id”"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_path(conditions, config, where, words):
    with pytest.raises(Invalid) as caught:
        conditions.compile(config)
    assert caught.value.where == where
    assert words in f"{caught.value.sentence} {caught.value.remedy}"


def test_every_mistake_is_found(conditions):
    config = [ON, {"condition": "x"}, {"or": [{"condition": "state"}, "{{ y"]}, {"and": [OFF]}]
    found = [error.where for error in conditions.problems(config)]
    assert found == ["conditions/1/condition", "conditions/2/or/0", "conditions/2/or/1"]


def test_a_missing_entity_is_an_error_with_a_sentence(conditions):
    condition = conditions.compile(MISSING)
    with pytest.raises(Invalid, match=r"There is no entity light\.nope"):
        condition.check({})
    assert condition.explain({}) == "There is no entity light.nope."


def test_conditions_nested_too_deep_are_refused(conditions):
    config: dict[str, Any] = {**ON}
    for _ in range(60):
        config = {"and": [config, ON]}
    with pytest.raises(Invalid, match="nested too deep"):
        conditions.compile(config)


def test_a_condition_names_its_entities(conditions):
    config = [
        ON,
        {"condition": "numeric_state", "entity_id": "sensor.out", "above": "sensor.limit"},
    ]
    found = conditions.compile(config).entities
    assert found == {"light.hall", "sensor.out", "sensor.limit"}
