"""A browser without a screen, in front of a hub in memory."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from hub.config import Config, SignIn
from hub.testing import House, hub_for_test
from web.app import build

ADDRESS = "http://hub.local:8321"
PASSWORD = "correct horse battery staple"
_FORM_TOKEN = re.compile(r'"X-CSRF-Token": "([^"]+)"')


@dataclass
class Visitor:
    """Keeps cookies, and sends the token of the form that it has seen last."""

    client: httpx.AsyncClient
    form_token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Open a page."""
        answer = await self.client.get(path, headers={**self.headers, **(headers or {})})
        self.form_token = (_FORM_TOKEN.findall(answer.text) or [self.form_token])[0]
        return answer

    async def send(
        self, path: str, values: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a form as the last page would."""
        data = {"csrf_token": self.form_token, **values}
        return await self.client.post(path, data=data, headers={**self.headers, **(headers or {})})

    async def sign_in(self, name: str = "mara", password: str = PASSWORD) -> httpx.Response:
        """Through the page, as anybody would."""
        await self.get("/signin")
        return await self.send("/signin", {"name": name, "password": password})


@pytest.fixture
async def house() -> AsyncIterator[House]:
    # Days on the clock are an hour's work for what happens every minute; the rules are the same.
    sign_in = SignIn(idle_days=0.05, longest_days=0.25)
    async with hub_for_test(config=Config(sign_in=sign_in)) as house:
        yield house


@pytest.fixture
def app(house: House) -> Starlette:
    return build(house.hub)


@pytest.fixture
async def visitor(app: Starlette) -> AsyncIterator[Visitor]:
    async with _client(app) as client:
        yield Visitor(client)


@pytest.fixture
async def other(app: Starlette) -> AsyncIterator[Visitor]:
    """A second browser."""
    async with _client(app) as client:
        yield Visitor(client)


@pytest.fixture
async def owner(house: House, visitor: Visitor) -> Visitor:
    """The first browser, with the owner signed in."""
    await house.owner("Mara", PASSWORD)
    await house.hub.home.change(name="Linden 12", setup_done=True)
    await visitor.sign_in()
    return visitor


def _client(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS)
