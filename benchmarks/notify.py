"""How fast notifications are accepted and delivered: `PYTHONPATH=. .venv/bin/python benchmarks/notify.py`.

1. Notifications accepted (stored with their delivery, fsynced) per second, one caller and sixteen,
   and delivered per second when the service answers at once.
2. One message to 100 web addresses that answer after 200 ms, beside plain `Apprise.async_notify`
   to the same addresses in the same run.
3. Resident memory before the first message, after Apprise was loaded, and after all of it.

The hub writes real files in a temporary folder; the receiver is a process of its own on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import apprise
import psutil

from hub.app import Hub, build
from hub.config import Config, Integrations, Notify, Storage
from hub.context import Context
from hub.events import NOTIFICATION_CHANGED, Event
from hub.notify.outcome import Outcome, Sender

_RECEIVER = """
import asyncio
async def answer(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\\r")[0])
            await reader.readexactly(length)
            await asyncio.sleep(0.2)
            writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
            await writer.drain()
    except asyncio.IncompleteReadError:
        writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


class AtOnce:
    """A service that takes everything at once."""

    async def send(self, *_: str | Mapping[str, Any]) -> Outcome:
        """Take it."""
        return Outcome(True)


@asynccontextmanager
async def running(sender: Sender | None = None, workers: int = 32) -> AsyncIterator[Hub]:
    """A hub with real files and one person."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            integrations=Integrations(enabled=[]),
            storage=Storage(data=str(Path(folder) / "data")),
            notify=Notify(workers=workers),
        )
        hub = build(config, sender=sender)
        await hub.start(())
        await hub.people.add("Mara", None, "owner")
        try:
            yield hub
        finally:
            await hub.stop()


@asynccontextmanager
async def receiver() -> AsyncIterator[int]:
    """A process that answers every POST after 200 ms; its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _RECEIVER, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


def finished(hub: Hub, count: int) -> asyncio.Future[None]:
    """Done when `count` more deliveries were delivered."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    left = count

    def on_change(event: Event) -> None:
        nonlocal left
        left -= event.data["state"] == "delivered"
        if left == 0 and not done.done():
            done.set_result(None)

    hub.bus.subscribe(NOTIFICATION_CHANGED, on_change)
    return done


async def add_targets(hub: Hub, urls: list[str]) -> None:
    """Targets of the one person."""
    owner = hub.people.owner
    assert owner
    for number, url in enumerate(urls):
        await hub.notify.add_target(owner.id, f"target {number}", "json", url, Context.new())


async def accepting(count: int, callers: int) -> tuple[float, float, float]:
    """Accepted per second, milliseconds of CPU for each, delivered per second."""
    async with running(AtOnce()) as hub:
        await add_targets(hub, ["json://127.0.0.1/"])
        done = finished(hub, count)
        process = psutil.Process()
        began, cpu = time.perf_counter(), sum(process.cpu_times()[:2])

        async def call(part: int) -> None:
            for _ in range(part):
                await hub.notify.send("The door is open.", title="Hall")

        await asyncio.gather(*(call(count // callers) for _ in range(callers)))
        accepted = time.perf_counter() - began
        await done
        delivered = time.perf_counter() - began
        used = sum(process.cpu_times()[:2]) - cpu
    return count / accepted, used * 1000 / count, count / delivered


async def fan_out(port: int, targets: int, workers: int) -> float:
    """Seconds until one message was delivered to all targets."""
    async with running(workers=workers) as hub:
        await add_targets(hub, [f"json://127.0.0.1:{port}/{n}" for n in range(targets)])
        done = finished(hub, targets)
        began = time.perf_counter()
        await hub.notify.send("The door is open.", title="Hall")
        await done
        return time.perf_counter() - began


async def plain_apprise(port: int, targets: int) -> float:
    """The same by Apprise alone: nothing stored, nothing tried again."""
    service = apprise.Apprise()
    for number in range(targets):
        service.add(f"json://127.0.0.1:{port}/{number}")
    began = time.perf_counter()
    assert await service.async_notify(body="The door is open.", title="Hall")
    return time.perf_counter() - began


def memory() -> float:
    """Resident memory of this process in MB."""
    return psutil.Process().memory_info().rss / 1e6


async def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="a tenth of the work")
    quick = arguments.parse_args().quick
    count, targets = (320, 20) if quick else (3200, 100)
    before = memory()
    print(f"{'notifications':34} {'accepted/s':>11} {'delivered/s':>12} {'CPU ms':>7}")
    for callers in (1, 16):
        accepted, cpu, delivered = await accepting(count, callers)
        label = f"{count} by {callers} caller{'s' * (callers > 1)}"
        print(f"{label:34} {accepted:11.0f} {delivered:12.0f} {cpu:7.2f}")
    loaded = memory()
    print(f"\n{f'one message to {targets} x 200 ms':34} {'seconds':>11}")
    async with receiver() as port:
        await plain_apprise(port, 1)  # loads its plugins, so that nobody pays for it
        print(f"{'plain Apprise.async_notify':34} {await plain_apprise(port, targets):11.2f}")
        for workers in (32, 100):
            took = await fan_out(port, targets, workers)
            print(f"{f'the hub, {workers} workers, stored':34} {took:11.2f}")
    print(f"\n{'resident memory, MB':34} {'start':>11} {'stored':>12} {'end':>7}")
    print(f"{'':34} {before:11.0f} {loaded:12.0f} {memory():7.0f}")


if __name__ == "__main__":
    asyncio.run(main())
