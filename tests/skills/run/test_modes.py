"""What happens when a skill is triggered while it still runs."""

from __future__ import annotations

import logging

import pytest

from hub.events import Event

SKILL = """
    alias: Mode
    mode: {mode}
    max: 2
    max_exceeded: {loud}
    triggers: {{trigger: event, event_type: go}}
    actions:
      - delay: 10
      - event: done
        event_data: {{number: "{{{{ trigger.event.data.number }}}}"}}
"""


async def _go(home, mode: str, loud: str = "silent") -> tuple[list[int], list[str]]:
    """Trigger four times, one second apart; the numbers of those that ended, and all states."""
    done: list[int] = []
    home.house.hub.bus.subscribe("done", lambda event: done.append(event.data["number"]))
    await home.save(SKILL.format(mode=mode, loud=loud))
    for number in (1, 2, 3, 4):
        home.house.face.publish("go", {"number": number})
        await home.house.advance(1)
    await home.house.advance(60)
    return done, [run.state for run in await home.runs()]


async def test_single_refuses_the_others(home):
    done, states = await _go(home, "single")
    assert done == [1]
    assert states == ["finished", "did_not_start", "did_not_start", "did_not_start"]
    assert (await home.last()).reason == "It was already running (mode single)."


async def test_restart_ends_the_one_before(home):
    done, states = await _go(home, "restart")
    assert done == [4]
    assert states == ["cancelled", "cancelled", "cancelled", "finished"]
    assert "newer run" in (await home.runs())[0].reason


async def test_queued_runs_one_after_the_other_up_to_the_limit(home):
    done, states = await _go(home, "queued")
    assert done == [1, 2]
    assert states == ["finished", "finished", "did_not_start", "did_not_start"]


async def test_parallel_runs_side_by_side_up_to_the_limit(home):
    done, states = await _go(home, "parallel")
    assert done == [1, 2]
    assert states == ["finished", "finished", "did_not_start", "did_not_start"]


@pytest.mark.parametrize("loud, lines", [("silent", 0), ("warning", 1)])
async def test_a_refusal_is_as_loud_as_asked_and_said_once_a_minute(home, caplog, loud, lines):
    with caplog.at_level(logging.INFO, "skills"):
        await _go(home, "single", loud)
    assert sum("already running" in record.message for record in caplog.records) == lines


async def test_a_run_can_be_ended_by_a_person(home):
    saved = await home.save(SKILL.format(mode="queued", loud="silent"))
    for number in (1, 2):
        home.house.face.publish("go", {"number": number})
    await home.house.settle()
    assert (home.skills.get(saved.id).running, home.skills.get(saved.id).waiting) == (0, 2)
    first, second = await home.runs()
    assert (await home.skills.cancel(second.id, home.context)).state == "cancelled"
    ended = await home.skills.cancel(first.id, home.context)
    assert (ended.state, ended.reason) == ("cancelled", "The hub ended it.")
    assert ended.trace[0].error == "The run was ended here."
    assert (home.skills.get(saved.id).running, home.skills.get(saved.id).waiting) == (0, 0)


async def test_switching_a_skill_off_ends_its_runs(home):
    saved = await home.save(SKILL.format(mode="parallel", loud="silent"))
    home.house.face.publish("go", {"number": 1})
    await home.house.settle()
    await home.skills.set_enabled(saved.id, False, home.context)
    await home.house.settle()
    run = await home.last()
    assert (run.state, run.reason) == ("cancelled", "The skill was switched off.")


async def test_two_skills_that_start_one_another_leave_the_loop_its_turn(home):
    """They never end; everybody else still gets their turn."""
    for one, other in (("ping", "pong"), ("pong", "ping")):
        await home.save(f"""
            alias: {one}
            mode: parallel
            max: 5
            max_exceeded: silent
            triggers: {{trigger: event, event_type: {one}}}
            actions: {{event: {other}}}
        """)
    bus = home.house.hub.bus
    heard: list[Event] = []
    unsubscribe = bus.subscribe("ping", heard.append)
    home.house.face.publish("ping", {})
    assert 0 < len(heard) <= 200
    unsubscribe()
    for skill in home.skills.all():
        await home.skills.set_enabled(skill.id, False, home.context)
