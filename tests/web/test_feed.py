"""What happened, in sentences; and what is kept from whom."""

from __future__ import annotations

from typing import Any

import pytest

from hub.access import Grant, People
from hub.testing import House
from store.history import AuditRow, StateRow
from web.feed import Line, Names, action_words, failure_words, lines, who_did
from web.sight import Sight

NAMES = Names(
    {"light.hall": "Hall", "light.kitchen": "Kitchen", "lock.door": "Front door"}.get,  # type: ignore[arg-type]  # every entity of these tests has a name
    {"p1": "Mara"}.get,  # type: ignore[arg-type]  # so has every person
    {"c-run": "Motion light"},
)


def audit(subject: str, outcome: str = "done", *ids: str, **kept: Any) -> AuditRow:
    """An action of Mara's on some entities."""
    values: dict[str, Any] = {
        "time": 10.0, "kind": "action", "context_id": "c1", "parent_id": None, "person_id": "p1",
        "origin": "person", "reason": "", "data": {"entity_ids": list(ids)},
    }  # fmt: skip
    return AuditRow(subject=subject, outcome=outcome, **{**values, **kept})


def change(entity_id: str, state: str, at: float, **kept: Any) -> StateRow:
    """A change that a device reported."""
    values: dict[str, Any] = {
        "attributes": {"device_class": "door"}, "last_changed": at, "last_updated": at,
        "context_id": f"d{at}", "parent_id": None, "person_id": None, "origin": "device",
    }  # fmt: skip
    return StateRow(entity_id=entity_id, state=state, **{**values, **kept})


def said(found: list[Line]) -> list[str]:
    """The lines as they are read."""
    return [f"{line.who} {line.text}".strip() for line in found]


@pytest.mark.parametrize(
    "row, words",
    [
        (audit("light.turn_on", "done", "light.hall"), "turned on Hall"),
        (audit("light.turn_off", "done", "light.hall", "light.kitchen"),
         "turned off Hall and Kitchen"),
        (audit("light.turn_off", "done", *["light.hall"] * 5), "turned off Hall, Hall and 3 more"),
        (audit("lock.unlock", "done", "lock.door"), "unlocked Front door"),
        (audit("notify.send", data={"data": {"message": "Dinner"}}), "sent “Dinner”"),
        (audit("scene.apply"), "scene.apply"),
    ],
)  # fmt: skip
def test_an_action_in_words(row: AuditRow, words: str) -> None:
    assert action_words(row, NAMES) == words


def test_what_did_not_work_in_words() -> None:
    failed = audit("light.turn_on", "failed", "light.hall")
    refused = audit("lock.unlock", "refused", "lock.door")

    assert failure_words(failed, NAMES) == "could not turn on Hall"
    assert failure_words(refused, NAMES) == "may not unlock Front door"
    assert [line.bad for line in lines([failed], [], NAMES, 9)] == [True]


@pytest.mark.parametrize(
    "kept, who",
    [
        ({}, "Mara"),
        ({"context_id": "c-run", "origin": "skill"}, "Motion light"),
        ({"parent_id": "c-run", "origin": "skill"}, "Motion light"),
        ({"origin": "skill"}, "A skill"),
        ({"origin": "api", "person_id": None}, "A program"),
        ({"origin": "device", "person_id": None}, ""),
    ],
)
def test_who_did_it(kept: dict[str, Any], who: str) -> None:
    assert who_did(audit("light.turn_on", **kept), NAMES) == who


def test_the_newest_comes_first_and_a_dry_run_is_no_news() -> None:
    rows = [
        audit("light.turn_on", "done", "light.hall", time=1.0),
        audit("light.turn_off", "done", "light.hall", time=2.0),
        audit("light.turn_on", "dry run", "light.hall", time=3.0),
    ]

    assert said(lines(rows, [], NAMES, 9)) == ["Mara turned off Hall", "Mara turned on Hall"]


def test_the_same_twice_in_a_row_is_said_once() -> None:
    rows = [audit("light.turn_on", "done", "light.hall", time=float(t)) for t in range(5)]
    found = lines(rows, [], NAMES, 9)

    assert said(found) == ["Mara turned on Hall"]
    assert found[0].time == 4.0


def test_a_change_that_an_action_made_is_told_as_the_action() -> None:
    names = Names(lambda _id: "Front door", NAMES.person, {})
    changes = [
        change("binary_sensor.door", "off", 1.0),
        change("binary_sensor.door", "on", 2.0),
        change("binary_sensor.door", "off", 3.0, context_id="c1"),
    ]
    found = lines([audit("lock.lock", "done", "lock.door")], changes, names, 9)

    assert said(found) == ["Mara locked Front door", "Front door: open"]


@pytest.fixture
async def people(house: House) -> People:
    return house.hub.people


async def sight_of(people: People, role: str, *limits: Grant) -> Sight:
    """The view of a new person of a role."""
    person = await people.add(role, None, role)
    given = [{"permission": g.permission, "allow": g.allow, "entity": g.entity} for g in limits]
    await people.change(person.id, limits=given)
    return Sight(people, person.id)


UNLOCKED = audit("lock.unlock", "done", "lock.door")
SENT = audit("notify.send", data={"data": {"message": "For Mara"}})
SIGNED_IN = audit("signed in", kind="sign_in")
SAVED = audit("Evening", "saved", kind="skill", data={})


@pytest.mark.parametrize(
    "role, told",
    [
        ("owner", [UNLOCKED, SENT, SIGNED_IN, SAVED]),
        ("adult", [UNLOCKED, SENT, SAVED]),
        ("child", [UNLOCKED]),
        ("guest", [UNLOCKED]),
    ],
)
async def test_what_a_role_is_told(people: People, role: str, told: list[AuditRow]) -> None:
    sight = await sight_of(people, role)

    assert [row for row in (UNLOCKED, SENT, SIGNED_IN, SAVED) if sight.audit(row)] == told


@pytest.mark.parametrize("role", ["adult", "guest"])
async def test_what_one_may_not_see_is_not_told(people: People, role: str) -> None:
    sight = await sight_of(people, role, Grant("hub.see", allow=False, entity="lock.*"))
    triggered = audit("demo.trigger", data={"data": {"entity_id": "lock.door"}})
    mixed = audit("light.turn_on", "done", "light.hall", "lock.door")

    assert not any(sight.audit(row) for row in (UNLOCKED, triggered, mixed))
    assert not sight.change(change("lock.door", "unlocked", 1.0))
    assert sight.change(change("light.hall", "on", 1.0))


async def test_ones_own_doing_is_told(people: People) -> None:
    sight = await sight_of(people, "guest")
    own = audit("changed the own password", kind="sign_in", person_id=sight.person_id)

    assert sight.audit(own)
