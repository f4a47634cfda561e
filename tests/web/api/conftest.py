"""A hub in memory, its web application, and programs that ask it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from hub.access import token_hash
from hub.testing import House, hub_for_test
from store import people
from web.app import build

PASSWORD = "four odd words together"


class Api:
    """Makes clients of the API: of this machine, of a person, or of nobody."""

    def __init__(self, house: House, app: Starlette) -> None:
        self.house, self.app = house, app

    def client(self, token: str = "", address: str = "192.168.1.7", **headers: str) -> Any:
        """A client that shows `token`, if any, and comes from `address`."""
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, client=(address, 5555)),
            base_url="http://hub.local:8321",
            headers=shown | headers,
        )

    def local(self) -> Any:
        """The command line on the hub's own machine."""
        return self.client(self.house.hub.local_token, "127.0.0.1")

    async def token(self, role: str, limits: list[dict[str, Any]] | None = None) -> str:
        """A token of a new person with this role."""
        person = await self.house.hub.people.add(f"A {role}", None, role)
        await self.house.hub.people.change(person.id, limits=limits or [])
        text, _row = await self.house.hub.people.make_token(person.id, "test")
        return text

    async def browser(self) -> Browser:
        """A browser in which an owner has signed in."""
        await self.house.hub.people.add("Ada", PASSWORD, "owner")
        client = self.client()
        page = await client.get("/signin")
        form = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        fields = {"name": "Ada", "password": PASSWORD, "csrf_token": form[1] if form else ""}
        await client.post("/signin", data=fields)
        return await Browser(client).look()

    async def socket(self, token: str = "", **headers: str) -> Socket:
        """A WebSocket client whose handshake was sent."""
        return await Socket(self.app, token, headers).open()


class Browser:
    """A signed-in browser: its cookies, and the token of its session."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.cookies = client.cookies
        self.hashed = token_hash(client.cookies["hearth_session"])
        self.csrf = ""

    async def look(self) -> Browser:
        session = await people.session(self.hashed)
        self.csrf = session.csrf if session else ""
        return self

    async def end(self) -> None:
        await people.end_session(self.hashed)


class Socket:
    """A WebSocket client without a network: what it says and hears are ASGI messages."""

    def __init__(self, app: Starlette, token: str, headers: dict[str, str]) -> None:
        shown = {"host": "hub.local:8321", **headers}
        shown |= {"authorization": f"Bearer {token}"} if token else {}
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": "/api/websocket",
            "raw_path": b"/api/websocket",
            "query_string": b"",
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in shown.items()],
            "client": ("192.168.1.7", 5555),
            "server": ("hub.local", 8321),
            "subprotocols": [],
            "state": {},
        }
        self._app = app
        self._to_hub: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_hub: asyncio.Queue[Any] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.frames = 0
        self.task: asyncio.Task[None] | None = None

    async def open(self) -> Socket:
        self.task = asyncio.create_task(self._app(self._scope, self._to_hub.get, self._take))
        self._to_hub.put_nowait({"type": "websocket.connect"})
        return self

    def say(self, **message: Any) -> None:
        self.say_text(json.dumps(message))

    def say_text(self, text: str) -> None:
        self._to_hub.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self) -> Any:
        """The next message; a close is {"type": "websocket.close", ...}."""
        return await asyncio.wait_for(self._from_hub.get(), 5)

    async def ask(self, **message: Any) -> Any:
        self.say(**message)
        return await self.hear()

    def nothing_more(self) -> bool:
        return self._from_hub.empty()

    async def hang_up(self) -> None:
        self._to_hub.put_nowait({"type": "websocket.disconnect", "code": 1000})
        if self.task:
            await asyncio.wait_for(self.task, 5)

    async def _take(self, message: Any) -> None:
        await self.reads.wait()
        if message["type"] == "websocket.close":
            self._from_hub.put_nowait(message)
        elif message["type"] == "websocket.send":
            self.frames += 1
            found = json.loads(message["text"])
            for one in found if isinstance(found, list) else [found]:
                self._from_hub.put_nowait(one)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A hub with an owner, a lamp, a lock and a sensor."""
    async with hub_for_test() as house:
        await house.owner()
        await house.add("light.hall", name="Hall light", area="Hall")
        await house.add("lock.door", "locked", area="Hall")
        await house.add("sensor.wind", "3", area="Garden")
        yield house


@pytest.fixture
def api_of() -> Callable[[House], Api]:
    """The API of a hub that a test has made itself."""
    return lambda house: Api(house, build(house.hub))


@pytest.fixture
def api(house, api_of):
    return api_of(house)


@pytest.fixture
async def local(api) -> AsyncIterator[httpx.AsyncClient]:
    """The command line: the owner's rights."""
    async with api.local() as client:
        yield client


@pytest.fixture
async def guest(api) -> AsyncIterator[httpx.AsyncClient]:
    async with api.client(await api.token("guest")) as client:
        yield client


@pytest.fixture
async def socket(api) -> AsyncIterator[Socket]:
    """A WebSocket of the owner, let in."""
    person = api.house.hub.people.owner
    text, _row = await api.house.hub.people.make_token(person.id, "socket")
    socket = await api.socket(text)
    assert (await socket.hear())["type"] == "auth_ok"
    yield socket
    await socket.hang_up()
