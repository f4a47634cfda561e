"""The same over real sockets: what only the server underneath can do."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from hub.config import Config, Server
from hub.testing import hub_for_test
from web.server import WebPart


@pytest.fixture
async def served():
    """A hub that answers at a free port of this machine."""
    config = Config(server=Server(host="127.0.0.1", port=0))
    async with hub_for_test(parts=("skills", "web"), config=config) as house:
        await house.owner()
        yield house


def _client(house):
    port = house.hub.part(WebPart).port
    token = {"Authorization": f"Bearer {house.hub.local_token}"}
    return connect(f"ws://127.0.0.1:{port}/api/websocket", additional_headers=token, proxy=None)


async def test_a_client_is_served_and_its_messages_are_not_compressed(served):
    async with _client(served) as client:
        hello = json.loads(await client.recv())
        await client.send('{"id": 1, "type": "ping"}')
        pong = json.loads(await client.recv())

    assert (hello["type"], hello["origin"], pong["type"]) == ("auth_ok", "cli", "pong")
    assert client.protocol.extensions == []


async def test_too_long_a_message_ends_the_connection(served):
    async with _client(served) as client:
        await client.recv()
        await client.send("x" * (1024 * 1024 + 1))
        with pytest.raises(ConnectionClosed) as closed:
            await client.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_a_client_that_does_not_read_costs_no_memory(served):
    hub = served.hub
    client = await _bare_client(served)
    before = hub.bus.listener_count
    subscribe = b'{"id":1,"type":"subscribe_events","event_type":"state_changed"}'
    await asyncio.get_running_loop().sock_sendall(client, _frame(subscribe))
    await _until(lambda: hub.bus.listener_count == before + 1)

    for number in range(120):
        hub.states.set("input.x", str(number), {"long": "x" * 200_000})
        await asyncio.sleep(0)
    await _until(lambda: hub.bus.listener_count == before)

    client.close()


async def _bare_client(house):
    """A socket that was let in, and from which nothing is read any more."""
    loop, client = asyncio.get_running_loop(), socket.socket()
    client.setblocking(False)
    await loop.sock_connect(client, ("127.0.0.1", house.hub.part(WebPart).port))
    await loop.sock_sendall(
        client,
        b"GET /api/websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 13\r\n"
        b"Authorization: Bearer " + house.hub.local_token.encode() + b"\r\n\r\n",
    )
    await loop.sock_recv(client, 4096)
    return client


def _frame(payload):
    return bytes([0x81, 0x80 | len(payload)]) + b"\0\0\0\0" + payload


async def _until(condition):
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what happens in a socket sets no event
            await asyncio.sleep(0.005)
