"""When each kind of trigger fires, and when it does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.errors import Invalid
from hub.states import UNAVAILABLE


async def _fires_on(home, trigger: str, *states: tuple[str, str]) -> int:
    """How often a trigger fires while these states are reported."""
    await home.save(f"""
        alias: Trigger
        mode: parallel
        triggers: [{trigger}]
        actions: [{{event: fired}}]
    """)
    for entity_id, state in states:
        await home.set(entity_id, state)
    return len(await home.runs("finished"))


DOOR = "binary_sensor.door"


@pytest.mark.parametrize(
    "narrowed, fired",
    [
        ("to: 'on'", 2),
        ("to: ['on', 'off']", 4),
        ("from: 'off'", 2),
        ("from: 'off', to: 'on'", 1),
        ("not_to: 'on'", 3),
        ("not_from: unavailable", 4),
        ("to: on", 2),
        ("to: null", 5),
        ("attribute: battery", 0),
    ],
)
async def test_state_fires_on_the_changes_that_were_asked_for(home, narrowed, fired):
    states = [(DOOR, s) for s in ("on", "off", UNAVAILABLE, "on", "off")]
    found = await _fires_on(home, f"{{trigger: state, entity_id: {DOOR}, {narrowed}}}", *states)
    assert found == fired


async def test_state_without_anything_else_fires_on_attributes_too(home):
    await _fires_on(home, "{trigger: state, entity_id: light.a}")
    await home.set("light.a", "off", brightness=10)
    await home.set("light.a", "off", brightness=20)
    assert len(await home.runs()) == 2


async def test_state_with_an_attribute_looks_at_that_one_only(home):
    await _fires_on(home, "{trigger: state, entity_id: light.a, attribute: brightness, to: 20}")
    await home.set("light.a", "off", brightness=10)
    await home.set("light.a", "on", brightness=20)
    await home.set("light.a", "off", brightness=20)
    assert len(await home.runs()) == 1


async def test_state_for_fires_when_it_stayed_so(home):
    trigger = f"{{trigger: state, entity_id: {DOOR}, to: 'on', for: 60}}"
    await _fires_on(home, trigger, (DOOR, "on"))
    await home.house.advance(59)
    await home.set(DOOR, "off")
    await home.set(DOOR, "on")
    await home.house.advance(59)
    assert await home.runs() == []
    await home.house.advance(1)
    run = await home.last()
    assert run.trigger["for"] == "00:01:00"
    assert run.trigger["from_state"]["state"] == "off"


async def test_state_for_is_not_disturbed_by_attributes(home):
    trigger = f"{{trigger: state, entity_id: {DOOR}, to: 'on', for: 60}}"
    await _fires_on(home, trigger, (DOOR, "on"))
    await home.house.advance(30)
    await home.set(DOOR, "on", battery=50)
    await home.house.advance(30)
    assert len(await home.runs()) == 1


async def test_state_for_is_counted_for_each_entity(home):
    trigger = "{trigger: state, entity_id: [light.a, light.b], to: 'on', for: 60}"
    await _fires_on(home, trigger, ("light.a", "on"))
    await home.house.advance(30)
    await home.set("light.b", "on")
    await home.house.advance(60)
    ids = [run.trigger["entity_id"] for run in await home.runs()]
    assert ids == ["light.a", "light.b"]


async def test_state_for_may_be_a_template(home):
    trigger = f"{{trigger: state, entity_id: {DOOR}, to: 'on', for: {{minutes: \"{{{{ states('sensor.outside') | int }}}}\"}}}}"
    await _fires_on(home, trigger, (DOOR, "on"))
    await home.house.advance(minutes=19)
    assert await home.runs() == []
    await home.house.advance(minutes=1)
    assert len(await home.runs()) == 1


async def test_numeric_state_fires_when_it_crosses(home):
    states = [("sensor.outside", s) for s in ("26", "27", "24", "25", "25.1", "x", "26")]
    trigger = "{trigger: numeric_state, entity_id: sensor.outside, above: 25}"
    assert await _fires_on(home, trigger, *states) == 2


async def test_numeric_state_that_is_within_at_the_start_waits_for_the_next_crossing(home):
    states = [("sensor.outside", s) for s in ("19", "18", "30", "15")]
    trigger = "{trigger: numeric_state, entity_id: sensor.outside, above: 10, below: 25}"
    assert await _fires_on(home, trigger, *states) == 1


async def test_numeric_state_compares_with_another_entity(home):
    await home.house.add("sensor.limit", "22")
    states = [("sensor.outside", "21"), ("sensor.limit", "20"), ("sensor.outside", "21.5")]
    trigger = "{trigger: numeric_state, entity_id: sensor.outside, above: sensor.limit}"
    assert await _fires_on(home, trigger, *states) == 1


async def test_numeric_state_with_a_template_and_for(home):
    trigger = (
        "{trigger: numeric_state, entity_id: sensor.outside, below: 0, for: 60, "
        "value_template: '{{ state.state | float - 20 }}'}"
    )
    await _fires_on(home, trigger, ("sensor.outside", "19"))
    await home.house.advance(30)
    await home.set("sensor.outside", "18")
    assert await home.runs() == []
    await home.house.advance(30)
    assert len(await home.runs()) == 1


async def test_time_fires_every_day_in_the_home_s_zone(home):
    await home.house.hub.home.change(time_zone="Europe/Berlin")
    await _fires_on(home, "{trigger: time, at: '22:00'}")
    await home.house.advance(hours=48)
    fired = [datetime.fromtimestamp(run.started_at, UTC) for run in await home.runs()]
    assert [f"{t:%d %H:%M}" for t in fired] == ["15 20:00", "16 20:00"]


async def test_time_keeps_to_its_days_of_the_week(home):
    await _fires_on(home, "{trigger: time, at: '08:00:00', weekday: [mon, wed]}")
    await home.house.advance(hours=24 * 7)
    fired = [datetime.fromtimestamp(run.started_at, UTC) for run in await home.runs()]
    assert [f"{t:%a %H:%M}" for t in fired] == ["Mon 08:00", "Wed 08:00"]


async def test_time_of_summer_time_that_does_not_exist_still_happens_once(opens):
    start = datetime(2025, 3, 29, 12, tzinfo=UTC).timestamp()
    async with opens(start=start) as home:
        await home.house.hub.home.change(time_zone="Europe/Berlin")
        await _fires_on(home, "{trigger: time, at: '02:30'}")
        await home.house.advance(hours=24)
        fired = [datetime.fromtimestamp(run.started_at, UTC) for run in await home.runs()]
        assert [f"{t:%d %H:%M}" for t in fired] == ["30 01:30"]


async def test_time_follows_the_entity_that_holds_it(home):
    await home.house.add("input_datetime.wake", "16:00:00")
    await _fires_on(home, "{trigger: time, at: input_datetime.wake}")
    await home.set("input_datetime.wake", "17:00:00")
    await home.house.advance(hours=3)
    fired = [datetime.fromtimestamp(run.started_at, UTC) for run in await home.runs()]
    assert [f"{t:%H:%M}" for t in fired] == ["17:00"]


async def test_time_before_the_moment_of_a_sensor(home):
    await home.house.add("sensor.train", "2025-06-15T18:00:00+00:00")
    trigger = "{trigger: time, at: {entity_id: sensor.train, offset: '-00:30:00'}}"
    await _fires_on(home, trigger)
    await home.house.advance(hours=5)
    fired = [datetime.fromtimestamp(run.started_at, UTC) for run in await home.runs()]
    assert [f"{t:%H:%M}" for t in fired] == ["17:30"]


async def test_event_fires_when_its_data_fits(home):
    await _fires_on(home, "{trigger: event, event_type: pressed, event_data: {button: 2}}")
    for button in (1, 2, 3):
        home.house.face.publish("pressed", {"button": button, "long": True})
    await home.house.settle()
    runs = await home.runs()
    assert [run.trigger["event"]["data"] for run in runs] == [{"button": 2, "long": True}]


async def test_template_fires_when_it_becomes_true(home):
    trigger = "{trigger: template, value_template: \"{{ states('sensor.outside') | int > 25 }}\"}"
    states = [("sensor.outside", s) for s in ("26", "27", "20", "30")]
    assert await _fires_on(home, trigger, *states) == 2
    assert (await home.last()).trigger["entity_id"] == "sensor.outside"


async def test_template_with_the_time_is_looked_at_each_minute(home):
    trigger = '{trigger: template, value_template: "{{ now().minute == 30 }}"}'
    await _fires_on(home, trigger)
    await home.house.advance(hours=2)
    fired = [datetime.fromtimestamp(run.started_at, UTC) for run in await home.runs()]
    assert [f"{t:%H:%M:%S}" for t in fired] == ["15:30:00", "16:30:00"]


async def test_template_for_is_given_up_when_it_turns_false(home):
    trigger = "{trigger: template, for: 60, value_template: \"{{ is_state('light.a', 'on') }}\"}"
    await _fires_on(home, trigger, ("light.a", "on"))
    await home.house.advance(30)
    await home.set("light.a", "off")
    await home.house.advance(120)
    assert await home.runs() == []


async def test_the_hub_s_start_fires_once(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await _fires_on(home, "{trigger: homeassistant, event: start}")
        assert await home.runs() == []
    async with opens(tmp_path / "one") as home:
        assert [run.state for run in await home.runs()] == ["finished"]


async def test_the_hub_s_stop_runs_before_it_ends(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await _fires_on(home, "{trigger: homeassistant, event: shutdown}")
    async with opens(tmp_path / "one") as home:
        assert [run.state for run in await home.runs()] == ["finished"]


async def test_a_trigger_that_is_switched_off_does_not_fire(home):
    trigger = f"{{trigger: state, entity_id: {DOOR}, enabled: false}}"
    assert await _fires_on(home, trigger, (DOOR, "on")) == 0


async def test_enabled_may_be_a_template_over_trigger_variables(home):
    await home.save("""
        alias: Enabled
        trigger_variables: {wanted: door}
        triggers:
          - {trigger: state, entity_id: binary_sensor.door, enabled: "{{ wanted == 'door' }}"}
          - {trigger: state, entity_id: light.a, enabled: "{{ wanted == 'light' }}"}
        actions: [{event: fired}]
    """)
    await home.set("light.a", "on")
    await home.set(DOOR, "on")
    assert [run.trigger["entity_id"] for run in await home.runs()] == [DOOR]


@pytest.mark.parametrize(
    "trigger, path",
    [
        ("{trigger: state}", "triggers/0"),
        ("{trigger: state, entity_id: 'no entity'}", "triggers/0/entity_id"),
        ("{trigger: state, entity_id: light.a, form: 'on'}", "triggers/0/form"),
        ("{trigger: numeric_state, entity_id: light.a}", "triggers/0"),
        ("{trigger: numeric_state, entity_id: light.a, above: 5, below: 3}", "triggers/0/above"),
        ("{trigger: numeric_state, entity_id: light.a, above: warm}", "triggers/0/above"),
        ("{trigger: time, at: '25:00'}", "triggers/0/at"),
        ("{trigger: time, at: 22:00}", "triggers/0/at"),
        ("{trigger: time, at: '22:00', weekday: someday}", "triggers/0/weekday"),
        ("{trigger: event}", "triggers/0"),
        ("{trigger: template, value_template: '{{ 1 + }}'}", "triggers/0/value_template"),
        ("{trigger: homeassistant, event: begin}", "triggers/0/event"),
        ("{trigger: sunshine}", "triggers/0"),
        ("{trigger: 5}", "triggers/0"),
        ("5", "triggers/0"),
    ],
)
async def test_a_wrong_trigger_is_told_with_its_path(home, trigger, path):
    with pytest.raises(Invalid) as caught:
        await _fires_on(home, trigger)
    assert f"at {path}" in caught.value.where
    assert "line 4" in caught.value.where
