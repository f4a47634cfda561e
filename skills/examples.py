"""Runs the examples that belong to a blueprint or skill: given states, when events, then effects.

Each example gets a hub of its own, in memory and on a clock that is moved; nothing leaves it.
The keys of an example are those of `_GIVEN`, `_WHEN` and `_THEN` below::

    tests:
      - name: The light goes on with motion
        input: {motion: binary_sensor.hall, light: {entity_id: light.hall}}
        given: {time: "22:00", states: {light.hall: "off"}}
        when: [{set: {binary_sensor.hall: "on"}}, {advance: "00:02:00"}]
        then: [{action: light.turn_on, entity_id: light.hall}, {state: {light.hall: "on"}}]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hub.context import Context
from hub.errors import HubError, Invalid
from hub.events import ACTION_CALLED, Event
from hub.notify.info import NotificationInfo
from hub.testing import House, hub_for_test
from skills import source, times
from skills.blueprints import Blueprint
from skills.blueprints import House as Lookup
from skills.service import Skills

_GIVEN = ("states", "time", "people")
_WHEN = ("set", "advance", "event", "run")
_THEN = ("action", "no_action", "notified", "not_notified", "state")
# A Monday.
_FIRST_DAY = "2025-06-16"
_MOST = 200


async def run_examples(blueprint: Blueprint) -> dict[str, list[str]]:
    """Every example by its name, with what differed; empty lists are good."""
    return {
        str(example.get("name") or f"example {number}"): await run_example(blueprint, example)
        for number, example in enumerate(blueprint.tests, 1)
    }


async def run_example(blueprint: Blueprint, example: Mapping[str, Any]) -> list[str]:
    """What differed from `then` in one example of a blueprint."""
    inputs = example.get("input") or {}
    wanted = [
        inputs.get(one.key, one.default)
        for one in blueprint.inputs
        if one.selector.kind == "person"
    ]
    names = [name for value in wanted for name in (value if isinstance(value, list) else [value])]
    try:
        document = blueprint.document(inputs, blueprint.name)
        async with _hub(example, names) as house:
            lookup = Lookup(house.hub.states, house.hub.registry, house.hub.people)
            wrong = blueprint.check_inputs(inputs, lookup)
            trouble = [f"The input {key}: {sentence}" for key, sentence in wrong.items()]
            return trouble + await _play(house, document, example)
    except HubError as error:
        return [str(error)]


async def run_document_example(
    document: Mapping[str, Any], example: Mapping[str, Any]
) -> list[str]:
    """What differed from `then` in one example of a skill's own `tests:`."""
    body = {key: value for key, value in document.items() if key != "tests"}
    try:
        async with _hub(example, []) as house:
            return await _play(house, body, example)
    except HubError as error:
        return [str(error)]


def _hub(example: Mapping[str, Any], names: list[Any]) -> _Prepared:
    return _Prepared(example, [str(name) for name in names if name])


class _Prepared:
    """A hub with what an example gives."""

    def __init__(self, example: Mapping[str, Any], names: list[str]) -> None:
        given = example.get("given") or {}
        _only(given, _GIVEN, "given")
        self._given = given
        people = [*(given.get("people") or []), *names]
        self._names = [n for n in people if n != "everyone" and not n.startswith("role:")]
        self._house = hub_for_test(start=_start(given.get("time")))

    async def __aenter__(self) -> House:
        house = await self._house.__aenter__()
        try:
            for number, name in enumerate(dict.fromkeys(self._names or ["Mara"])):
                await house.hub.people.add(name, None, "adult" if number else "owner")
            for entity_id, value in (self._given.get("states") or {}).items():
                state, attributes = _state(value)
                name = str(attributes.pop("friendly_name", ""))
                await house.add(entity_id, state, name, **attributes)
        except BaseException as error:
            await self._house.__aexit__(type(error), error, error.__traceback__)
            raise
        return house

    async def __aexit__(self, *error: Any) -> bool | None:
        return await self._house.__aexit__(*error)


@dataclass(slots=True)
class _Seen:
    """What happened in the house."""

    calls: list[Event] = field(default_factory=list)
    told: list[NotificationInfo] = field(default_factory=list)

    def note(self, event: Event) -> None:
        """An action was called."""
        self.calls.append(event)


async def _play(house: House, document: Mapping[str, Any], example: Mapping[str, Any]) -> list[str]:
    skills = house.hub.part(Skills)
    owner = await house.owner()
    context = Context.new("person", person_id=owner.id)
    skill = await skills.save(source.dump(document), context)
    seen = _Seen()
    house.hub.bus.subscribe(ACTION_CALLED, seen.note)
    await house.settle()
    for step in example.get("when") or []:
        await _step(house, skills, skill.id, context, step)
    seen.told = await house.hub.notify.recent(_MOST)
    runs = await skills.runs(skill.id)
    trouble = [f"A run failed: {run.reason}" for run in runs if run.state == "failed"]
    for wanted in example.get("then") or []:
        _only(wanted, (*_THEN, "entity_id", "data"), "then")
        trouble += _differs(house, seen, wanted)
    return trouble


async def _step(
    house: House, skills: Skills, skill_id: str, context: Context, step: Mapping[str, Any]
) -> None:
    _only(step, _WHEN, "when")
    for entity_id, value in (step.get("set") or {}).items():
        state, attributes = _state(value)
        await house.set(entity_id, state, **attributes)
    if "event" in step:
        event = step["event"]
        house.face.publish(str(event["type"]), event.get("data") or {})
        await house.settle()
    if "run" in step:
        await skills.run(skill_id, context, step["run"] if isinstance(step["run"], dict) else None)
        await house.settle()
    if "advance" in step:
        await house.advance(times.seconds(step["advance"], "when/advance"))


def _differs(house: House, seen: _Seen, wanted: Mapping[str, Any]) -> list[str]:
    found = []
    if "action" in wanted and not _called(seen, wanted, str(wanted["action"])):
        done = ", ".join(_call_words(event) for event in seen.calls) or "nothing"
        found.append(f"Expected {_wanted_words(wanted)}; what was done: {done}.")
    if "no_action" in wanted and _called(seen, wanted, str(wanted["no_action"])):
        found.append(f"{wanted['no_action']} was called.")
    for entity_id, state in (wanted.get("state") or {}).items():
        expected = _state(state)[0]
        if house.state(entity_id) != expected:
            found.append(f"{entity_id} is {house.state(entity_id)}, not {expected}.")
    if "notified" in wanted:
        found += _notified(seen, wanted["notified"])
    if "not_notified" in wanted:
        told = _matching(seen, wanted["not_notified"] or {})
        found += [f"There was a message: “{one.message}”." for one in told]
    return found


def _called(seen: _Seen, wanted: Mapping[str, Any], name: str) -> bool:
    for event in seen.calls:
        data = event.data
        entity_id = wanted.get("entity_id")
        if (
            data["action"] == name
            and data["outcome"] == "done"
            and (entity_id is None or entity_id in data["entity_ids"])
            and all(data["data"].get(k) == v for k, v in (wanted.get("data") or {}).items())
        ):
            return True
    return False


def _notified(seen: _Seen, wanted: Mapping[str, Any]) -> list[str]:
    told = _matching(seen, wanted)
    count = wanted.get("count")
    if (told and count is None) or len(told) == count:
        return []
    all_told = "; ".join(f"“{one.title}: {one.message}”" for one in seen.told) or "none"
    times_ = "" if count is None else f" {count} times"
    return [f"Expected a message like {dict(wanted)}{times_}; there were: {all_told}."]


def _matching(seen: _Seen, wanted: Mapping[str, Any]) -> list[NotificationInfo]:
    _only(wanted, ("person", "message", "title", "urgency", "count"), "then/notified")
    return [
        one
        for one in seen.told
        if ("person" not in wanted or wanted["person"] in {d.person_name for d in one.deliveries})
        and ("message" not in wanted or re.search(str(wanted["message"]), one.message))
        and ("title" not in wanted or re.search(str(wanted["title"]), one.title))
        and ("urgency" not in wanted or wanted["urgency"] == one.urgency)
    ]


def _state(value: Any) -> tuple[str, dict[str, Any]]:
    if isinstance(value, Mapping):
        _only(value, ("state", "attributes"), "state")
        return _state(value.get("state"))[0], dict(value.get("attributes") or {})
    if isinstance(value, bool):
        return ("on" if value else "off"), {}
    return str(value), {}


def _start(given: Any) -> float:
    text = str(given or "12:00")
    if len(text) <= 8:
        text = f"{_FIRST_DAY} {times.time_of_day(given or '12:00', 'given/time').isoformat()}"
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise Invalid(
            f"“{text}” is not a time.", where="given/time", remedy='Write "22:00".'
        ) from error


def _only(given: Any, known: tuple[str, ...], where: str) -> None:
    unknown = set(given) - set(known) if isinstance(given, Mapping) else {given}
    if unknown:
        raise Invalid(
            f"An example has no “{', '.join(map(str, unknown))}” there.",
            where=where,
            remedy=f"It has: {', '.join(known)}.",
        )


def _call_words(event: Event) -> str:
    data = event.data
    on = f" on {', '.join(data['entity_ids'])}" if data["entity_ids"] else ""
    why = f" ({data['outcome']}: {data['reason']})" if data["outcome"] != "done" else ""
    return f"{data['action']}{on}{why}"


def _wanted_words(wanted: Mapping[str, Any]) -> str:
    on = f" on {wanted['entity_id']}" if "entity_id" in wanted else ""
    given = f" with {dict(wanted['data'])}" if "data" in wanted else ""
    return f"{wanted['action']}{on}{given}"
