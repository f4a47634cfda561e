from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta

from hub.actions import Action, Call, CapturedCall, action
from hub.context import Context
from hub.errors import Broken, HubError, Invalid, NotFound, Refused, Retry
from hub.events import ACTION_CALLED, Event
from hub.testing import House

Volume = Annotated[int, Meta(ge=0, le=11, description="How loud")]


class Bell:
    """Actions that note how they were called."""

    def __init__(self) -> None:
        self.rung: list[tuple[Call, dict[str, Any]]] = []

    def ring(self, **options: Any) -> Action:
        @action("bell.ring", **options)
        async def ring(
            call: Call,
            volume: Volume,
            tune: Literal["ding", "dong"] = "ding",
            code: str | None = None,
        ) -> str:
            """Ring the bell."""
            self.rung.append((call, {"volume": volume, "tune": tune, "code": code}))
            return "rang"

        return ring


@pytest.fixture
def bell() -> Bell:
    return Bell()


def told(house: House) -> list[Mapping[str, Any]]:
    """What the bus is told about calls from now on."""
    heard: list[Mapping[str, Any]] = []
    house.hub.bus.subscribe(ACTION_CALLED, lambda event: heard.append(event.data))
    return heard


def test_a_function_is_the_schema(bell: Bell) -> None:
    ring = bell.ring()
    schema = ring.schema()
    assert ring.summary == "Ring the bell."
    assert ring.responds
    assert schema["required"] == ["volume"]
    assert schema["properties"]["volume"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 11,
        "description": "How loud",
    }
    assert schema["properties"]["tune"]["enum"] == ["ding", "dong"]


async def test_a_call_reaches_the_function_with_its_data_and_context(
    house: House, bell: Bell
) -> None:
    house.hub.actions.register(bell.ring())
    cause = Context.new("api")
    answer = await house.hub.actions.call("bell.ring", {"volume": "5"}, None, cause, key="run/1")
    assert answer == "rang"
    ((call, data),) = bell.rung
    assert data == {"volume": 5, "tune": "ding", "code": None}
    assert (call.action, call.context, call.key, call.entity_ids) == (
        "bell.ring",
        cause,
        "run/1",
        (),
    )


@pytest.mark.parametrize(
    "data, where, sentence",
    [
        ({}, "data.volume", "bell.ring: volume is missing."),
        ({"volume": 12}, "data.volume", "bell.ring: volume must be at most 11."),
        ({"volume": -1}, "data.volume", "bell.ring: volume must be at least 0."),
        (
            {"volume": "loud"},
            "data.volume",
            "bell.ring: volume must be a whole number, not text.",
        ),
        (
            {"volume": None},
            "data.volume",
            "bell.ring: volume must be a whole number, not empty.",
        ),
        (
            {"volume": 1, "tune": "dang"},
            "data.tune",
            "bell.ring: tune can't be “dang”. Use one of: ding, dong.",
        ),
        (
            {"volume": 1, "speed": 2},
            "data.speed",
            "bell.ring has no field speed. It has: volume, tune, code.",
        ),
    ],
)
async def test_wrong_data_is_refused_with_the_field_and_what_to_do(
    house: House, bell: Bell, data: dict[str, Any], where: str, sentence: str
) -> None:
    house.hub.actions.register(bell.ring())
    with pytest.raises(Invalid) as caught:
        await house.hub.actions.call("bell.ring", data)
    assert str(caught.value) == f"{where}: {sentence}"
    assert bell.rung == []


async def test_an_unknown_action_names_those_of_its_domain(house: House) -> None:
    with pytest.raises(NotFound, match=r"There is no action “light.explode”") as caught:
        await house.hub.actions.call("light.explode")
    assert "light.turn_on" in caught.value.remedy


async def test_free_data_hands_over_what_is_not_declared(house: House) -> None:
    @action("bell.free", free_data=True)
    async def free(call: Call, extra: dict[str, Any], known: int = 0) -> dict[str, Any]:
        """Take anything."""
        return {"known": known, **extra}

    house.hub.actions.register(free)
    assert await house.hub.actions.call("bell.free", {"known": 1, "x": 2}) == {"known": 1, "x": 2}
    assert await house.hub.actions.call("bell.free") == {"known": 0}


async def test_a_name_is_registered_once_and_can_be_freed(house: House, bell: Bell) -> None:
    remove = house.hub.actions.register(bell.ring())
    with pytest.raises(Invalid, match=r"already an action bell.ring"):
        house.hub.actions.register(bell.ring())
    remove()
    assert house.hub.actions.get("bell.ring") is None
    house.hub.actions.register(bell.ring())
    assert "bell.ring" in [a.name for a in house.hub.actions.all()]


async def test_an_action_that_needs_a_target_says_so(house: House) -> None:
    with pytest.raises(Invalid, match=r"light.turn_on needs a target"):
        await house.hub.actions.call("light.turn_on")


async def test_a_target_may_stand_in_the_data_too(house: House) -> None:
    await house.add("light.hall")
    await house.add("light.kitchen")
    data = {"entity_id": "light.hall", "brightness": 10}
    await house.hub.actions.call("light.turn_on", data, "light.kitchen")
    assert [entity for entity, _, _ in house.entities.calls] == ["light.kitchen", "light.hall"]
    assert data == {"entity_id": "light.hall", "brightness": 10}


async def test_an_entity_of_another_domain_is_refused(house: House) -> None:
    await house.add("switch.coffee")
    with pytest.raises(Invalid, match=r"light.turn_on can't act on switch.coffee") as caught:
        await house.hub.actions.call("light.turn_on", {}, "switch.coffee")
    assert caught.value.remedy == "It acts on: light."


async def test_an_entity_that_is_not_there_is_refused(house: House) -> None:
    with pytest.raises(NotFound, match=r"There is no entity light.nowhere"):
        await house.hub.actions.call("light.turn_on", {}, "light.nowhere")


async def test_of_an_area_only_what_fits_is_acted_on(house: House) -> None:
    await house.add("light.hall", area="Hall")
    await house.add("sensor.hall", area="Hall")
    await house.hub.actions.call("light.turn_on", {}, {"area_id": "hall"})
    assert [entity for entity, _, _ in house.entities.calls] == ["light.hall"]


async def test_whoever_may_not_is_refused_before_anything_happens(house: House, bell: Bell) -> None:
    house.hub.actions.register(bell.ring())
    lina = await house.hub.people.add("Lina", None, "child")
    heard = told(house)
    context = Context.new("message", person_id=lina.id)
    with pytest.raises(Refused, match=r"Lina may not do bell.ring"):
        await house.hub.actions.call("bell.ring", {"volume": 1}, None, context)
    assert bell.rung == []
    assert [h["outcome"] for h in heard] == ["refused"]


@pytest.mark.parametrize("risk, approved, allowed", [
    ("safe", False, True),
    ("asks", False, False),
    ("asks", True, True),
    ("forbidden", False, False),
    ("forbidden", True, False),
])  # fmt: skip
async def test_a_model_asks_for_what_is_risky_and_never_does_the_forbidden(
    house: House, bell: Bell, risk: str, approved: bool, allowed: bool
) -> None:
    house.hub.actions.register(bell.ring(risk=risk))
    model = Context.new("model")
    results = await asyncio.gather(
        house.hub.actions.call("bell.ring", {"volume": 1}, None, model, approved=approved),
        return_exceptions=True,
    )
    assert isinstance(results[0], Refused) is not allowed
    assert bool(bell.rung) is allowed


async def test_a_person_is_not_asked_twice(house: House, bell: Bell) -> None:
    house.hub.actions.register(bell.ring(risk="asks"))
    await house.hub.actions.call("bell.ring", {"volume": 1}, None, Context.new("person"))
    assert len(bell.rung) == 1


async def test_a_dry_run_checks_everything_and_does_nothing(house: House, bell: Bell) -> None:
    house.hub.actions.register(bell.ring())
    heard = told(house)
    answer = await house.hub.actions.call("bell.ring", {"volume": 3}, dry_run=True)
    assert answer == CapturedCall("bell.ring", {"volume": 3}, ())
    with pytest.raises(Invalid):
        await house.hub.actions.call("bell.ring", {"volume": 99}, dry_run=True)
    assert bell.rung == []
    assert [h["outcome"] for h in heard] == ["dry run", "failed"]


async def test_a_bug_is_blamed_on_the_action_that_has_it(house: House) -> None:
    @action("bell.crack")
    async def crack(call: Call) -> None:
        """Break."""
        raise KeyError("clapper")

    house.hub.actions.register(crack)
    heard = told(house)
    with pytest.raises(Broken, match=r"bell.crack failed: KeyError: 'clapper'") as caught:
        await house.hub.actions.call("bell.crack")
    assert caught.value.culprit == "hub"
    assert heard[0]["outcome"] == "failed"


async def test_an_error_of_our_own_goes_through_as_it_is(house: House) -> None:
    trouble = Retry("The bell is away.", after=5)

    @action("bell.away")
    async def away(call: Call) -> None:
        """Fail."""
        raise trouble

    house.hub.actions.register(away)
    with pytest.raises(Retry) as caught:
        await house.hub.actions.call("bell.away")
    assert caught.value is trouble


async def test_a_call_that_is_interrupted_is_told_as_such(house: House) -> None:
    @action("bell.slow")
    async def slow(call: Call) -> None:
        """Take for ever."""
        await asyncio.Event().wait()

    house.hub.actions.register(slow)
    heard = told(house)
    calling = asyncio.create_task(house.hub.actions.call("bell.slow"))
    await asyncio.sleep(0)
    calling.cancel()
    await asyncio.wait([calling])
    assert (heard[0]["outcome"], heard[0]["reason"]) == ("failed", "It was interrupted.")


async def test_every_call_is_in_the_audit_log_with_who_and_why(house: House, bell: Bell) -> None:
    house.hub.actions.register(bell.ring())
    mara = await house.owner()
    context = Context.new("api", person_id=mara.id)
    await house.hub.actions.call("bell.ring", {"volume": 1}, None, context)
    with pytest.raises(HubError):
        await house.hub.actions.call("bell.ring", {"volume": 99}, None, context)
    await house.hub.recorder.flush()
    lines = await house.hub.history.audit_of([context.id])
    assert [(line.subject, line.outcome, line.person_id) for line in lines] == [
        ("bell.ring", "done", mara.id),
        ("bell.ring", "failed", mara.id),
    ]
    assert lines[0].data == {"data": {"volume": 1}, "entity_ids": []}
    assert "must be at most 11" in lines[1].reason


async def test_codes_and_passwords_are_told_to_nobody(house: House, bell: Bell) -> None:
    house.hub.actions.register(bell.ring())
    events: list[Event] = []
    house.hub.bus.subscribe(ACTION_CALLED, events.append)
    await house.hub.actions.call("bell.ring", {"volume": 1, "code": "1234"})
    assert bell.rung[0][1]["code"] == "1234"
    assert events[0].data["data"] == {"volume": 1, "code": "•••"}
