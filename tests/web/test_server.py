"""The hub on a real port."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from hub.config import Server
from hub.errors import HubError
from web.server import WebPart

LOOPBACK = "127.0.0.1"


async def _hello(_request: object) -> PlainTextResponse:
    return PlainTextResponse("hello")


def part(folder: Path, port: int = 0, host: str = LOOPBACK) -> WebPart:
    """A server of one page."""
    app = Starlette(routes=[Route("/", _hello)])
    return WebPart(app, Server(host=host, port=port), folder, "the-local-token")


async def test_it_answers_and_tells_the_command_line_where(tmp_path: Path) -> None:
    web = part(tmp_path)
    await web.start()
    where = json.loads((tmp_path / "run.json").read_text())
    mode = stat.S_IMODE((tmp_path / "run.json").stat().st_mode)
    async with httpx.AsyncClient() as client:
        answer = await client.get(where["url"])
    await web.stop()
    assert answer.text == "hello"
    assert (where["token"], mode) == ("the-local-token", 0o600)
    assert not (tmp_path / "run.json").exists()


async def test_it_answers_also_where_the_command_line_can_not_be_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "run.json").mkdir()  # as good as a full disk: the file can't be put there
    web = part(tmp_path)
    await web.start()
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://{LOOPBACK}:{web.port}/")
    await web.stop()
    assert answer.text == "hello"
    assert "the command line will not find this hub" in caplog.text


async def test_a_port_in_use_is_told_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(HubError, match=rf"Port {port} is already used.*HUB_PORT"):
            await part(tmp_path, port).start()


async def test_an_address_that_is_not_ours_is_told(tmp_path: Path) -> None:
    with pytest.raises(HubError, match=r"can't answer at 203\.0\.113\.9.*host in hub\.toml"):
        await part(tmp_path, host="203.0.113.9").start()


async def test_stopping_what_never_started_is_fine(tmp_path: Path) -> None:
    await part(tmp_path).stop()


async def test_a_hub_without_a_data_folder_writes_nothing(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    web = part(nowhere)
    await web.start()
    await web.stop()
    assert not nowhere.exists()
