from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from hub.context import Context
from hub.entities import Entities, EntityDescription
from hub.errors import Broken, Invalid, NeedsPerson, NotFound, Refused, Retry
from hub.testing import House


class Lamp:
    """An adapter that does what the test tells it."""

    def __init__(self, error: Exception | None = None, hangs: bool = False) -> None:
        self.error, self.hangs = error, hangs
        self.lit: list[str] = []

    async def start(self) -> None:
        """Nothing to do."""

    async def stop(self) -> None:
        """Nothing to do."""

    async def act(
        self, entity_id: str, verb: str, data: Mapping[str, Any], context: Context
    ) -> None:
        """Fail, hang or light up."""
        if self.hangs:
            await asyncio.Event().wait()
        if self.error:
            raise self.error
        self.lit.append(entity_id)


async def declare(house: House, lamp: Lamp, *entity_ids: str) -> None:
    verbs = ("turn_on",)
    described = [EntityDescription(e, e, actions=verbs) for e in entity_ids]
    await house.face.add_entities(described, lamp)


async def test_an_entity_is_declared_once(house: House) -> None:
    await house.add("light.hall")
    with pytest.raises(Invalid, match=r"light.hall is declared twice"):
        await house.add("light.hall")


async def test_a_verb_that_it_does_not_obey_is_refused(house: House) -> None:
    await declare(house, Lamp(), "light.hall")
    with pytest.raises(Invalid, match=r"light.hall can't do turn_off") as caught:
        await house.hub.actions.call("light.turn_off", {}, "light.hall")
    assert caught.value.remedy == "It can: turn_on."


async def test_an_entity_whose_integration_is_not_running_can_not_be_reached(house: House) -> None:
    await house.add("light.hall")
    await house.face.close()
    with pytest.raises(NeedsPerson, match="its integration test is not running"):
        await house.hub.actions.call("light.turn_on", {}, "light.hall")


async def test_an_unknown_entity_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        await house.hub.entities.act(("light.nowhere",), "turn_on", {}, Context.new())


async def test_several_are_reached_at_once_and_the_first_failure_is_told(house: House) -> None:
    good, bad = Lamp(), Lamp(Retry("It is away."))
    await declare(house, bad, "light.away")
    await declare(house, good, "light.hall", "light.kitchen")
    with pytest.raises(Retry, match="It is away"):
        await house.hub.entities.act(
            ("light.away", "light.hall", "light.kitchen"), "turn_on", {}, Context.new()
        )
    assert good.lit == ["light.hall", "light.kitchen"]


async def test_a_bug_in_an_integration_is_blamed_on_it(house: House) -> None:
    await declare(house, Lamp(ZeroDivisionError("oh")), "light.hall")
    with pytest.raises(
        Broken, match=r"light.hall could not do turn_on: ZeroDivisionError"
    ) as caught:
        await house.hub.actions.call("light.turn_on", {}, "light.hall")
    assert caught.value.culprit == "test"


async def test_an_error_of_its_own_names_it_as_well(house: House) -> None:
    await declare(house, Lamp(Refused("No.")), "light.hall")
    with pytest.raises(Refused) as caught:
        await house.hub.actions.call("light.turn_on", {}, "light.hall")
    assert caught.value.culprit == "test"


async def test_an_integration_that_never_answers_is_not_waited_for(house: House) -> None:
    await declare(house, Lamp(hangs=True), "light.hall")
    impatient = Entities(house.hub.registry, timeout=0.01)
    impatient.add(EntityDescription("light.hall", "Hall", actions=("turn_on",)), Lamp(hangs=True))
    with pytest.raises(Retry, match=r"light.hall did not answer within 0.01 seconds") as caught:
        await impatient.act(("light.hall",), "turn_on", {}, Context.new())
    assert caught.value.culprit == "test"


async def test_its_own_timeout_is_a_failure_like_any_other(house: House) -> None:
    await declare(house, Lamp(TimeoutError("the lamp's own")), "light.hall")
    with pytest.raises(Broken, match="TimeoutError"):
        await house.hub.actions.call("light.turn_on", {}, "light.hall")
