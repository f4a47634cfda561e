"""The pages of a whole house: the demo home, a skill that ran, somebody of every role."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette

from hub.context import Context
from hub.testing import House, hub_for_test
from skills.service import Skills
from tests.web.conftest import ADDRESS, PASSWORD, Visitor

SKILL = """
alias: Evening
triggers:
  - trigger: state
    entity_id: lock.front_door
actions:
  - action: light.turn_on
    target: {entity_id: light.hall}
  - delay: "00:05:00"
"""

Enter = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with hub_for_test(integrations=["demo"]) as house:
        await house.hub.home.change(name="Linden 12", setup_done=True)
        await house.owner("Mara", PASSWORD)
        yield house


@pytest.fixture
async def skill_id(house: House) -> str:
    """A skill of the owner's."""
    owner = house.hub.people.find("mara")
    context = Context.new("person", person_id=owner.id)
    return (await house.hub.part(Skills).save(SKILL, context)).id


@pytest.fixture
async def enter(house: House, app: Starlette) -> AsyncIterator[Enter]:
    """Sign somebody of a role in, in a browser of their own; `limits` are their own grants."""
    clients: list[httpx.AsyncClient] = []

    async def enter(role: str, limits: list[dict[str, object]] | None = None) -> Visitor:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=ADDRESS)
        clients.append(client)
        if role != "owner":
            person = await house.hub.people.add(role.capitalize(), PASSWORD, role)
            await house.hub.people.change(person.id, limits=limits or [])
        visitor = Visitor(client)
        await visitor.sign_in("mara" if role == "owner" else role)
        await visitor.get("/settings/security")
        return visitor

    yield enter
    for client in clients:
        await client.aclose()
