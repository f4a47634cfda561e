"""From a trigger to the end of a run, and what is told about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.context import Context
from hub.errors import Invalid, NotFound, Refused
from hub.events import SKILL_CHANGED, Event
from store import skills as store

MOTION = """
    alias: Motion light
    description: Light when somebody is there
    triggers:
      - trigger: state
        entity_id: binary_sensor.motion
        to: "on"
    actions:
      - action: light.turn_on
        target:
          entity_id: light.a
        data:
          brightness: 100
"""


async def test_motion_turns_the_light_on(home):
    await home.save(MOTION)
    await home.set("binary_sensor.motion", "on")
    assert home.acted() == ["light.a turn_on"]
    assert home.data() == [{"brightness": 100}]
    run = await home.last()
    assert (run.state, run.skill_name) == ("finished", "Motion light")
    assert [(s.path, s.kind, s.label, s.error) for s in run.trace] == [
        ("action/0", "call", "Turn on A", None)
    ]


async def test_the_old_spelling_means_the_same(home):
    await home.save("""
        alias: Old
        trigger:
          platform: state
          entity_id: binary_sensor.motion
          to: "on"
        condition: []
        action:
          service: light.turn_on
          entity_id: light.a
          data_template:
            brightness: "{{ 50 + 50 }}"
    """)
    await home.set("binary_sensor.motion", "on")
    assert home.acted() == ["light.a turn_on"]
    assert home.data() == [{"brightness": 100}]


async def test_a_run_leads_back_to_what_caused_it(home):
    await home.save(MOTION)
    cause = Context.new("device")
    home.house.hub.states.set("binary_sensor.motion", "on", {}, cause)
    await home.house.settle()
    run = await home.last()
    assert (run.context.parent_id, run.context.origin) == (cause.id, "skill")
    light = home.house.hub.states.get("light.a")
    assert light is not None
    assert light.context.id == run.context.id


async def test_everybody_hears_of_the_event_before_what_the_skill_does(home):
    await home.save(MOTION)
    heard: list[str | None] = []
    home.house.hub.bus.subscribe("state_changed", lambda event: heard.append(event.entity_id))
    await home.set("binary_sensor.motion", "on")
    assert heard == ["binary_sensor.motion", "light.a"]


async def test_changes_in_one_turn_of_the_loop_each_have_their_run(home):
    await home.save(MOTION)
    for state in ("on", "off", "on", "off", "on"):
        home.house.hub.states.set("binary_sensor.motion", state, {}, Context.new("device"))
    await home.house.settle()
    assert [run.state for run in await home.runs()] == ["finished"] * 3


async def test_a_condition_that_does_not_hold_is_kept_with_its_reason(home):
    await home.save(
        MOTION
        + """
    conditions:
      - condition: numeric_state
        entity_id: sensor.outside
        below: 18
"""
    )
    await home.set("sensor.outside", "21")
    await home.set("binary_sensor.motion", "on")
    run = await home.last()
    assert run.state == "did_not_start"
    assert "21" in run.reason
    assert home.acted() == []


async def test_a_template_that_fails_is_told_with_its_path(home):
    run = await home.try_steps("""
        - action: light.turn_on
          target: {entity_id: light.a}
          data: {brightness: "{{ 1 / 0 }}"}
    """)
    assert run.state == "failed"
    assert "actions/0/data/brightness" in run.reason
    assert run.trace[0].error is not None


async def test_an_error_in_one_skill_leaves_the_others_alone(home):
    await home.save(MOTION.replace("Motion light", "Bad").replace("100", '"{{ 1 / 0 }}"'))
    await home.save(MOTION)
    await home.set("binary_sensor.motion", "on")
    assert sorted(run.state for run in await home.runs()) == ["failed", "finished"]


async def test_a_document_that_can_not_run_is_refused_with_line_and_path(home):
    with pytest.raises(Invalid) as caught:
        await home.save("""
            alias: Wrong
            triggers:
              - trigger: state
                entity_id: binary_sensor.motion
                for: soon
            actions: []
        """)
    assert "line 6" in caught.value.where
    assert "triggers/0/for" in caught.value.where
    assert home.skills.all() == []


async def test_a_skill_that_broke_meanwhile_stays_listed_and_can_not_run(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        saved = await home.save(MOTION)
        row = (await store.all_skills())[0]
        await store.put(replace(row, version=2, document="alias: x\nactions: 5"), None, "")
        assert row.id == saved.id
    async with opens(tmp_path / "one") as home:
        found = home.skills.get(saved.id)
        assert [f.level for f in found.findings] == ["error"]
        with pytest.raises(Invalid, match="can't run"):
            await home.skills.run(saved.id, home.context)


async def test_each_save_is_a_version_and_a_new_plan(home):
    saved = await home.save(MOTION)
    again = await home.save(MOTION.replace("light.a", "light.b"), saved.id)
    await home.set("binary_sensor.motion", "on")
    assert home.acted() == ["light.b turn_on"]
    assert again.version == 2
    assert [v.number for v in await home.skills.versions(saved.id)] == [2, 1]


async def test_a_skill_that_is_switched_off_does_nothing(home):
    saved = await home.save(MOTION)
    off = await home.skills.set_enabled(saved.id, False, home.context)
    await home.set("binary_sensor.motion", "on")
    assert not off.enabled
    assert home.acted() == []
    await home.skills.set_enabled(saved.id, True, home.context)
    await home.set("binary_sensor.motion", "off")
    await home.set("binary_sensor.motion", "on")
    assert home.acted() == ["light.a turn_on"]


async def test_a_deleted_skill_is_gone_and_its_runs_are_kept(home):
    saved = await home.save(MOTION)
    await home.set("binary_sensor.motion", "on")
    await home.skills.delete(saved.id, home.context)
    with pytest.raises(NotFound):
        home.skills.get(saved.id)
    assert [run.state for run in await home.skills.runs(saved.id)] == ["finished"]
    await home.set("binary_sensor.motion", "off")
    await home.set("binary_sensor.motion", "on")
    assert home.acted() == ["light.a turn_on"]


async def test_skills_survive_a_restart(opens, tmp_path):
    async with opens(tmp_path / "one") as home:
        await home.save(MOTION)
    async with opens(tmp_path / "one") as home:
        assert [skill.name for skill in home.skills.all()] == ["Motion light"]
        await home.set("binary_sensor.motion", "on")
        assert home.acted() == ["light.a turn_on"]


async def test_a_skill_is_found_by_its_name(home):
    saved = await home.save(MOTION)
    assert home.skills.get("motion LIGHT").id == saved.id


async def test_a_for_that_can_not_be_worked_out_is_kept_as_a_run_that_did_not_start(home):
    document = MOTION.replace('to: "on"', 'to: "on"\n        for: "{{ 1 / 0 }}"')
    await home.save(document)
    await home.set("binary_sensor.motion", "on")
    run = await home.last()
    assert run.state == "did_not_start"
    assert "triggers/0/for" in run.reason


async def test_a_guest_may_neither_change_nor_run_skills(home):
    saved = await home.save(MOTION)
    guest = await home.house.hub.people.add("Gus", None, "guest")
    context = Context.new("person", person_id=guest.id)
    with pytest.raises(Refused):
        await home.skills.save(MOTION, context)
    with pytest.raises(Refused):
        await home.skills.run(saved.id, context)


async def test_a_run_has_the_limits_of_the_skill_s_owner(home):
    owner = await home.house.owner()
    limits = [{"permission": "light.*", "allow": False}]
    adult = await home.house.hub.people.add("Ada", None, "adult")
    await home.house.hub.people.change(adult.id, limits=limits)
    await home.skills.save(MOTION, Context.new("person", person_id=adult.id))
    await home.set("binary_sensor.motion", "on")
    run = await home.last()
    assert (run.state, run.context.person_id) == ("failed", adult.id)
    assert "Ada may not do light.turn_on" in run.reason
    assert owner.id != adult.id


async def test_a_run_by_hand_skips_the_conditions_and_is_stored_before_it_answers(home):
    saved = await home.save(MOTION + '    conditions: "{{ false }}"\n')
    run = await home.skills.run(saved.id, home.context)
    assert run.state == "finished"
    assert home.acted() == ["light.a turn_on"]
    assert run.trigger["description"] == "run by hand"


async def test_a_dry_run_does_nothing_and_says_what_it_would_do(home):
    saved = await home.save("""
        alias: Evening
        actions:
          - action: light.turn_on
            target: {entity_id: light.a}
            data: {brightness: 10}
          - delay: "01:00:00"
          - action: light.turn_off
            target: {entity_id: [light.a, light.b]}
    """)
    run = await home.skills.run(saved.id, home.context, dry_run=True)
    assert (run.state, run.dry_run) == ("finished", True)
    assert [s.label for s in run.trace] == ["Turn on A", "Wait 1 hour", "Turn off A and B"]
    assert run.trace[0].result == {
        "action": "light.turn_on",
        "data": {"brightness": 10},
        "target": {"entity_id": ["light.a"]},
        "dry_run": True,
    }
    assert home.acted() == []
    assert home.house.state("light.a") == "off"


async def test_saving_and_running_tell_the_bus(home):
    told: list[Event] = []
    home.house.hub.bus.subscribe(SKILL_CHANGED, told.append)
    saved = await home.save(MOTION)
    await home.set("binary_sensor.motion", "on")
    assert [event.data for event in told] == [{"skill_id": saved.id}]
    assert [event.data["state"] for event in home.events] == ["finished"]


async def test_the_newest_runs_of_a_skill_are_kept(home):
    saved = await home.save(MOTION)
    for _ in range(80):
        await home.set("binary_sensor.motion", "on")
        await home.set("binary_sensor.motion", "off")
        await home.house.advance(1)
    runs = await home.skills.runs(saved.id, limit=1000)
    assert 50 <= len(runs) <= 75
    assert runs[0].started_at == home.house.clock.time() - 1


async def test_runs_come_in_pages(home):
    await home.save(MOTION)
    for _ in range(5):
        await home.set("binary_sensor.motion", "on")
        await home.set("binary_sensor.motion", "off")
    first = await home.skills.runs(limit=3)
    rest = await home.skills.runs(limit=3, before=first[-1].id)
    assert [len(first), len(rest)] == [3, 2]
    assert not {run.id for run in first} & {run.id for run in rest}


async def test_variables_are_there_for_conditions_and_steps(home):
    await home.save("""
        alias: Variables
        variables:
          level: "{{ 10 * 2 }}"
          doubled: "{{ level * 2 }}"
        triggers:
          - trigger: state
            entity_id: binary_sensor.motion
            id: seen
            variables: {extra: 1}
        conditions: "{{ doubled == 40 and trigger.id == 'seen' }}"
        actions:
          - action: light.turn_on
            target: {entity_id: light.a}
            data: {brightness: "{{ doubled + extra }}"}
    """)
    await home.set("binary_sensor.motion", "on")
    assert home.data() == [{"brightness": 41}]


async def test_the_trigger_s_variable_is_that_of_home_assistant(home):
    await home.save("""
        alias: Trigger
        triggers:
          - trigger: state
            entity_id: binary_sensor.motion
            alias: Movement
        actions:
          - variables:
              said: >-
                {{ trigger.platform }}|{{ trigger.id }}|{{ trigger.idx }}|{{ trigger.alias }}|
                {{- trigger.entity_id }}|{{ trigger.from_state.state }}|{{ trigger.to_state.state }}|
                {{- trigger.to_state.name }}|{{ trigger.for }}|{{ trigger.description }}
              me: "{{ this.attributes.friendly_name }} {{ this.state }}"
              who: "{{ context.id == none }}"
    """)
    await home.set("binary_sensor.motion", "on")
    changed = (await home.last()).trace[0].changed_variables
    assert changed == {
        "said": "state|0|0|Movement|binary_sensor.motion|off|on|Motion|None|"
        "state of binary_sensor.motion",
        "me": "Trigger on",
        "who": False,
    }


async def test_a_single_step_or_trigger_is_told_with_its_own_line(home):
    with pytest.raises(Invalid) as caught:
        await home.save("""
            alias: Wrong
            trigger:
              platform: state
              entity_id: binary_sensor.motion
              form: "on"
            action:
              service: light.turn_on
        """)
    assert caught.value.where == "line 6, at trigger/0/form"
