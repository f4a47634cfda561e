"""The commands that speak with a running hub: what they do, print and exit with."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from hub.context import Context
from hub.testing import House
from skills.service import Skills
from tests.hub.cli.conftest import type_while_running

ROOT = Path(__file__).resolve().parents[3]
SKILL = """
alias: Night light
triggers:
  - trigger: state
    entity_id: binary_sensor.motion
    to: "on"
actions:
  - action: light.turn_on
    target: {entity_id: light.hall}
    data: {brightness: 40}
"""


async def test_states_are_listed(house: House) -> None:
    typed = await type_while_running("state", "list")
    assert typed.code == 0
    assert typed.lines[0].split() == ["entity", "state", "since"]
    assert [line.split()[:2] for line in typed.lines[1:]] == [
        ["light.hall", "off"],
        ["sensor.temperature", "21.5"],
    ]


async def test_states_are_listed_of_a_domain_as_json(house: House) -> None:
    typed = await type_while_running("state", "list", "--domain", "light", "--json")
    assert [(s["entity_id"], s["state"]) for s in typed.json] == [("light.hall", "off")]


async def test_a_state_is_shown_with_its_attributes(house: House) -> None:
    typed = await type_while_running("state", "get", "sensor.temperature")
    assert typed.lines[0] == "sensor.temperature is 21.5"
    assert "  unit_of_measurement: °C" in typed.lines


async def test_an_entity_that_is_not_there_is_not_found(house: House) -> None:
    typed = await type_while_running("state", "get", "light.moon")
    assert (typed.code, typed.out) == (1, "")
    assert "light.moon" in typed.err


async def test_changes_are_watched(house: House) -> None:
    watching = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "state", "watch", "light.hall", "--json",
        cwd=ROOT, env=dict(os.environ), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert watching.stdout is not None
    line = b""
    while not line:
        await house.set("sensor.temperature", str(house.hub.bus.published))
        await house.set("light.hall", "on")
        await house.set("light.hall", "off")
        line = await first_line(watching.stdout)
    watching.send_signal(signal.SIGINT)
    assert await watching.wait() == 0
    told = json.loads(line)
    assert told["data"]["entity_id"] == "light.hall"
    assert {told["data"]["old_state"]["state"], told["data"]["new_state"]["state"]} == {"on", "off"}


async def first_line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(stream.readline(), 0.2)
    except TimeoutError:
        return b""


async def test_an_action_is_called(house: House) -> None:
    typed = await type_while_running(
        "action", "call", "light.turn_on", "--target", "light.hall", "--data", "brightness=200"
    )
    assert (typed.code, typed.err) == (0, "")
    assert typed.lines == ["Done: light.turn_on.", "  light.hall is on"]
    assert house.entities.calls == [("light.hall", "turn_on", {"brightness": 200})]


async def test_an_action_reaches_an_area_and_is_recorded_as_the_owners(house: House) -> None:
    typed = await type_while_running(
        "action", "call", "light.turn_on", "--target", "area:hall", "--json"
    )
    assert typed.code == 0
    context = typed.json["context"]
    assert (context["origin"], context["person_id"]) == ("cli", (await house.owner()).id)
    assert house.state("light.hall") == "on"


async def test_a_dry_run_says_what_it_would_do(house: House) -> None:
    typed = await type_while_running(
        "action", "call", "light.turn_on", "--target", "light.hall", "--data", "brightness=9",
        "--dry-run",
    )  # fmt: skip
    assert typed.lines == ["Would call light.turn_on on light.hall.", "  brightness: 9"]
    assert house.entities.calls == []


@pytest.mark.parametrize(
    "words,code,said",
    [
        (["light.fly"], 1, "light.fly"),
        (["light.turn_on"], 2, "target"),
        (["light.turn_on", "--target", "light.moon"], 1, "light.moon"),
        (["light.turn_on", "--target", "light.hall", "--data", "brightnes=1"], 2, "brightnes"),
        (["light.turn_on", "--target", "light.hall", "--data", "brightness=x"], 2, "brightness"),
        (["light.turn_on", "--target", "light.hall", "--data", "brightness"], 2, "key=value"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
async def test_a_wrong_call_is_told_and_does_nothing(
    house: House, words: list[str], code: int, said: str
) -> None:
    typed = await type_while_running("action", "call", *words)
    assert (typed.code, typed.out) == (code, "")
    assert said in typed.err
    assert house.entities.calls == []


async def test_actions_are_listed_with_their_data(house: House) -> None:
    typed = await type_while_running("action", "list", "--domain", "light")
    turn_on = next(line for line in typed.lines if line.startswith("light.turn_on"))
    assert "[brightness]" in turn_on
    found = (await type_while_running("action", "list", "--json")).json
    assert {"light.turn_on", "notify.send"} <= {action["name"] for action in found}


async def test_a_notification_is_stored(house: House) -> None:
    await house.hub.people.add("Jonas", None)
    typed = await type_while_running("notify", "Dinner", "--to", "Jonas", "--title", "Kitchen")
    assert typed.code == 0
    assert "on its way to Jonas" in typed.out
    (stored,) = await house.hub.notify.recent(5)
    assert (stored.title, stored.message) == ("Kitchen", "Dinner")
    assert [delivery.person_name for delivery in stored.deliveries] == ["Jonas"]


async def test_a_notification_to_nobody_is_refused(house: House) -> None:
    typed = await type_while_running("notify", "Dinner", "--to", "Nobody")
    assert typed.code in (1, 2)
    assert "Nobody" in typed.err


async def test_an_urgency_that_does_not_exist_is_wrong_usage(house: House) -> None:
    typed = await type_while_running("notify", "Dinner", "--urgency", "loud")
    assert typed.code == 2
    assert "critical" in typed.err


async def test_a_token_is_made_printed_once_and_revoked(house: House) -> None:
    typed = await type_while_running("token", "create", "dashboard", "--days", "2")
    assert typed.code == 0
    (token,) = typed.lines
    person = await house.hub.people.by_token(token)
    assert person is not None
    assert person.role == "owner"
    (listed,) = (await type_while_running("token", "list", "--json")).json
    assert listed["name"] == "dashboard"
    assert listed["expires_at"] - listed["created_at"] == 2 * 86_400
    assert (await type_while_running("token", "remove", listed["id"])).code == 0
    assert await house.hub.people.by_token(token) is None


async def test_a_token_can_be_made_for_somebody_else(house: House) -> None:
    await house.hub.people.add("Robot", None, "guest")
    made = (await type_while_running("token", "create", "x", "--for", "Robot", "--json")).json
    person = await house.hub.people.by_token(made["token"])
    assert person is not None
    assert person.name == "Robot"


async def test_skills_are_listed_shown_and_run(house: House) -> None:
    skills = await saved(house)
    listed = await type_while_running("skill", "list")
    assert "Night light" in listed.out
    shown = await type_while_running("skill", "show", "Night light")
    assert shown.lines[0].startswith("Night light (")
    assert "    entity_id: binary_sensor.motion" in shown.lines
    tried = await type_while_running("skill", "run", "Night light", "--dry-run")
    assert tried.lines[0].startswith("Dry run ")
    assert house.entities.calls == []
    ran = (await type_while_running("skill", "run", skills, "--json")).json
    await house.settle()
    assert house.entities.calls == [("light.hall", "turn_on", {"brightness": 40})]
    runs = (await type_while_running("skill", "runs", "Night light", "--json")).json
    assert runs[0]["id"] == ran["id"]
    assert "finished" in (await type_while_running("skill", "runs")).out
    trace = await type_while_running("skill", "trace", ran["id"])
    assert trace.lines[0].startswith(f"Run {ran['id']} of Night light — finished")
    assert any(line.startswith("action") for line in trace.lines)


async def saved(house: House) -> str:
    """A skill that is there; its id."""
    await house.add("binary_sensor.motion")
    context = Context.new("person", person_id=(await house.owner()).id)
    return (await house.hub.part(Skills).save(SKILL, context)).id


@pytest.mark.parametrize("verb", ["show", "run", "trace"])
async def test_a_skill_that_is_not_there_is_not_found(house: House, verb: str) -> None:
    typed = await type_while_running("skill", verb, "nothing")
    assert typed.code == 1
    assert "nothing" in typed.err


async def test_blueprints_are_listed(house: House, folder: Path) -> None:
    found = (await type_while_running("blueprint", "list", "--json")).json
    assert {"blueprints", "broken"} == set(found)
    assert len(found["blueprints"]) >= 6
    assert found["blueprints"][0]["path"] in (await type_while_running("blueprint", "list")).out
