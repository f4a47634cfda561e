"""From one state change to the next through the WebSocket API, one client, one skill of one action.

A hub as `hub run` starts it, history recorded. The client sets a sensor's state; that starts a
skill that toggles a switch; the switch's change comes back as an event. One at a time: how long
that takes. Pipelined: how many a second, and what each costs the hub's process. With one skill
loaded, and with a thousand of which one listens.

    python benchmarks/api.py [--quick]
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import msgspec
import psutil

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0  # seconds for a start
SENSOR, SWITCH = "input_boolean.bench", "switch.bench"
# On two cores, with the same kind of client: p50 and p99 in ms, changes a second, CPU ms each.
PEERS: list[tuple[str, float, float | None, float, float | None]] = [
    ("Home Assistant 2026.11", 0.66, 7.5, 4758, 0.21),
    ("Node-RED 5.0", 0.26, 7.0, 8743, 0.13),
    ("Node-RED 5.0, 1,000 flows", 12.0, None, 61, None),
]
_SKILL = """
alias: Bench {number}
mode: queued
max: 10000
triggers:
  - trigger: state
    entity_id: {sensor}
actions:
  - action: switch.toggle
    target:
      entity_id: {switch}
"""
_MANIFEST = """
domain = "bench"
name = "Benchmark"
version = "1"
"""
_INTEGRATION = '''
"""One switch."""

from hub import EntityDescription, hookimpl


@hookimpl
def adapter(face, entry):
    return Switch(face)


class Switch:
    def __init__(self, face):
        self._face = face

    async def start(self):
        described = EntityDescription("switch.bench", "Bench", actions=("toggle",))
        await self._face.add_entities([described], self)
        self._face.set_state("switch.bench", "off")

    async def stop(self):
        pass

    async def act(self, entity_id, verb, data, context):
        now = self._face.state(entity_id)
        self._face.set_state(entity_id, "off" if now.state == "on" else "on", None, context)
'''


# ------------------------------------------------------------------------------ the hub
class Running:
    """A hub with one switch, a skill that toggles it, and others that listen elsewhere."""

    def __init__(self, folder: Path, skills: int) -> None:
        added = folder / "integrations" / "bench"
        added.mkdir(parents=True)
        (added / "integration.toml").write_text(_MANIFEST, encoding="utf-8")
        (added / "__init__.py").write_text(_INTEGRATION, encoding="utf-8")
        settings = {
            "HUB_DATA": str(folder / "data"),
            "HUB_PORT": "0",
            "HUB_SERVER_HOST": "127.0.0.1",
            "HUB_MDNS_ENABLED": "false",
            "HUB_INTEGRATIONS_ENABLED": "bench",
            "HUB_INTEGRATIONS_FOLDER": str(folder / "integrations"),
            "HUB_LOG_LEVEL": "warning",
            "PYTHONPATH": str(ROOT),
        }
        others = {key: value for key, value in os.environ.items() if not key.startswith("HUB_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hub", "run"],
            cwd=folder,
            env=others | settings,
            stdout=subprocess.DEVNULL,
        )
        self.process = psutil.Process(self._process.pid)
        self.port, self._token = self._found(folder / "data" / "run.json")
        self.ask("POST", "/api/people", {"name": "Bench", "role": "owner"})
        self.token = self.ask("POST", "/api/tokens", {"name": "bench"})["token"]
        for number in range(skills):
            sensor = SENSOR if number == 0 else f"input_boolean.other_{number}"
            document = _SKILL.format(number=number, sensor=sensor, switch=SWITCH)
            self.ask("POST", "/api/skills", {"document": document})
        self._wait_for_the_skill()

    def ask(self, method: str, path: str, body: Any) -> Any:
        """One question over REST."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self._token}"}
        connection.request(method, path, msgspec.json.encode(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status < 300, text
        return msgspec.json.decode(text)

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        times = self.process.cpu_times()
        return times.user + times.system

    def end(self) -> None:
        """Stop it."""
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()

    def _wait_for_the_skill(self) -> None:
        """The pages answer a moment before the skills begin to listen."""
        until = perf_counter() + PATIENCE
        number = 0
        while self._switch() != "on":
            assert perf_counter() < until, "The skill does not start."
            number -= 1
            self.ask("PUT", f"/api/states/{SENSOR}", {"state": str(number)})
            sleep(0.02)

    def _switch(self) -> str:
        found = self.ask("GET", "/api/states?domain=switch", None)
        return "".join(state["state"] for state in found)

    def _found(self, file: Path) -> tuple[int, str]:
        until = perf_counter() + PATIENCE
        while not file.exists():
            assert self._process.poll() is None, "The hub did not start."
            assert perf_counter() < until, "The hub took too long to start."
            sleep(0.02)
        where = msgspec.json.decode(file.read_bytes())
        return int(where["url"].rpartition(":")[2]), where["token"]


# ------------------------------------------------------------------------------ the client
class Client:
    """The smallest WebSocket client (RFC 6455), so that the hub is what is measured."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray()
        key = b64encode(os.urandom(16)).decode()
        request = (
            f"GET /api/websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        self._socket.sendall(request.encode())
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self._socket.recv(65536)
        del self._buffer[: self._buffer.index(b"\r\n\r\n") + 4]
        assert next(self.messages())["type"] == "auth_ok"

    def send(self, *frames: bytes) -> None:
        """Send frames in one write."""
        self._socket.sendall(b"".join(frames))

    def frames(self) -> Iterator[bytes]:
        """What the hub says, frame by frame."""
        while True:
            found = _frame(self._buffer)
            if found is None:
                self._buffer += self._socket.recv(262_144)
                continue
            opcode, start, end = found
            payload = bytes(self._buffer[start:end])
            del self._buffer[:end]
            if opcode == 1:
                yield payload

    def messages(self) -> Iterator[Any]:
        """The same, decoded."""
        return map(msgspec.json.decode, self.frames())

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _frame(buffer: bytearray) -> tuple[int, int, int] | None:
    """Opcode, start and end of the first frame's payload, if it is all there."""
    if len(buffer) < 2:
        return None
    size, start = buffer[1] & 127, 2
    if size == 126:
        if len(buffer) < 4:
            return None
        size, start = struct.unpack_from("!H", buffer, 2)[0], 4
    elif size == 127:
        if len(buffer) < 10:
            return None
        size, start = struct.unpack_from("!Q", buffer, 2)[0], 10
    return (buffer[0] & 15, start, start + size) if len(buffer) >= start + size else None


def masked(**message: Any) -> bytes:
    """A message as a client's frame; a mask of zeros is a mask."""
    payload = msgspec.json.encode(message)
    length = len(payload)
    head = bytes([0x81, 0x80 | length]) if length < 126 else struct.pack("!BBH", 0x81, 0xFE, length)
    return head + b"\0\0\0\0" + payload


def change(number: int) -> bytes:
    """The frame that sets the sensor."""
    return masked(id=number, type="set_state", entity_id=SENSOR, state=str(number))


# ------------------------------------------------------------------------------ the measurement
@dataclass(frozen=True)
class Found:
    """What was measured: ms, ms, changes a second, CPU ms each, MB."""

    p50: float
    p99: float
    rate: float
    cpu: float
    memory: float


def measure(skills: int, singles: int, pipelined: int) -> Found:
    """Start a hub with so many skills and measure it."""
    with tempfile.TemporaryDirectory() as folder:
        hub = Running(Path(folder), skills)
        try:
            client = Client(hub.port, hub.token)
            client.send(masked(id=0, type="subscribe_events", entity_id=SWITCH))
            assert next(client.messages())["success"]
            return _run(client, hub, singles, pipelined)
        finally:
            hub.end()


def _run(client: Client, hub: Running, singles: int, pipelined: int) -> Found:
    frames = client.frames()
    for number in range(1, 301):  # warm up
        _one(client, frames, number)
    times = sorted(_one(client, frames, number) for number in range(301, 301 + singles))
    burst = [change(number) for number in range(100_000, 100_000 + pipelined)]
    before, started = hub.cpu(), perf_counter()
    client.send(*burst)
    events = 0
    while events < pipelined:
        events += _is_event(next(frames))
    seconds = perf_counter() - started
    sleep(1.0)  # what is written to the disk afterwards is part of the cost
    cpu = (hub.cpu() - before) / pipelined
    client.close()
    p99 = times[int(len(times) * 0.99)]
    memory = hub.process.memory_info().rss / 1e6
    return Found(statistics.median(times) * 1e3, p99 * 1e3, pipelined / seconds, cpu * 1e3, memory)


def _one(client: Client, frames: Iterator[bytes], number: int) -> float:
    started = perf_counter()
    client.send(change(number))
    ended = 0.0
    answered = False
    # The answer to the command and the event come in either order; the event is what is timed.
    while not (ended and answered):
        if _is_event(next(frames)):
            ended = perf_counter()
        else:
            answered = True
    return ended - started


def _is_event(frame: bytes) -> bool:
    return b'"type":"event"' in frame[:40]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer changes")
    singles, pipelined = (300, 1000) if parser.parse_args().quick else (3000, 5000)
    print(f"{singles} state changes one at a time, then {pipelined} pipelined\n")
    print(f"{'':32}{'p50 ms':>8}{'p99 ms':>8}{'per s':>9}{'CPU ms':>8}{'MB':>6}")
    for skills in (1, 1000):
        found = measure(skills, singles, pipelined)
        name = f"Hearth, {skills:,} skill{'s' if skills > 1 else ''}"
        times = f"{found.p50:8.2f}{found.p99:8.2f}{found.rate:9,.0f}"
        print(f"{name:32}{times}{found.cpu:8.3f}{found.memory:6.0f}")
    for name, *figures in PEERS:
        shown = ["-" if figure is None else f"{figure:,g}" for figure in figures]
        print(f"{name:32}{shown[0]:>8}{shown[1]:>8}{shown[2]:>9}{shown[3]:>8}")


if __name__ == "__main__":
    main()
