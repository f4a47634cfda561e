"""A hub with somebody to tell, and a real HTTP server on loopback that answers as told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from hub.context import Context
from hub.testing import hub_for_test

Answer = tuple[int, dict[str, str], bytes]
FINE: Answer = (200, {}, b"")


@dataclass
class Receiver:
    """`answers` are handed out first, in order; afterwards all is well."""

    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    got: list[Any] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hangs: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "/hook", schema: str = "json", auth: str = "") -> str:
        return f"{schema}://{auth}127.0.0.1:{self.port}{path}"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve until the block ends. `hangs` cleared: requests wait until it is set."""
    receiver = Receiver()
    receiver.hangs.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.hangs.wait(10)
            with receiver.lock:
                answer = receiver.answers.pop(0) if receiver.answers else FINE
                receiver.paths.append(self.path)
                receiver.headers.append(dict(self.headers))
                if answer[0] < 300:
                    receiver.got.append(_content(body, self.headers.get("Content-Type", "")))
            self.send_response(answer[0])
            for name, value in {**answer[1], "Content-Length": str(len(answer[2]))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer[2])

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.hangs.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _content(body: bytes, kind: str) -> Any:
    return msgspec.json.decode(body) if "json" in kind else body.decode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web server that is told how to answer."""
    with receiving() as made:
        yield made


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port that nothing listens on, kept from others."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
async def house():
    """A hub in memory, its messages captured."""
    async with hub_for_test(parts=()) as made:
        yield made


@pytest.fixture
def reachable(house):
    """Add a person with a target; the answer is their id."""

    async def add(name: str = "Mara", url: str = "json://127.0.0.1:9/hook") -> str:
        person = await house.hub.people.add(name, None, "adult")
        about = (person.id, f"{name}'s phone", "json", url)
        await house.hub.notify.add_target(*about, Context.new())
        return str(person.id)

    return add


@pytest.fixture
def only(house):
    """The one delivery of the newest and only notification."""

    async def find():
        (note,) = await house.hub.notify.recent()
        (delivery,) = note.deliveries
        return delivery

    return find
