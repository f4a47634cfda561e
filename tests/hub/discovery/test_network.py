"""Two machines on one network: two network namespaces, joined by a cable that is a veth pair.

Needs root and `ip` (iproute2); nothing of the machine's own network is touched.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

SPEAKER = Path(__file__).with_name("speaker.py")
ROOT = Path(__file__).resolve().parents[3]


def _missing() -> str:
    if shutil.which("ip") is None:
        return "no ip command; install it with: sudo apt install iproute2"
    if os.geteuid() != 0:
        return "making network namespaces needs root: sudo make test"
    made = subprocess.run(
        ["ip", "netns", "add", f"try{os.getpid()}"], check=False, capture_output=True
    )
    if made.returncode:
        return "this machine allows no network namespaces"
    subprocess.run(["ip", "netns", "delete", f"try{os.getpid()}"], check=False)
    return ""


MISSING = _missing()
pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"mDNS between two machines: {MISSING}"),
]


class Machine:
    """A network namespace with one network card, and a speaker that runs in it."""

    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        self._speaker: asyncio.subprocess.Process | None = None

    def ip(self, *words: str) -> None:
        subprocess.run(["ip", "-n", self.name, *words], check=True)

    def plug_in(self) -> None:
        for family in ("10.99.7.", "fd99::"):
            self.ip("address", "add", f"{family}{self.address}/{24 if '.' in family else 64}",
                    "dev", "lan", *(() if "." in family else ("nodad",)))  # fmt: skip
        self.ip("link", "set", "lan", "up")
        self.ip("route", "add", "224.0.0.0/4", "dev", "lan")

    async def tell(self, line: str) -> Any:
        if self._speaker is None:
            self._speaker = await asyncio.create_subprocess_exec(
                "ip", "netns", "exec", self.name, sys.executable, str(SPEAKER),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        assert self._speaker.stdin is not None
        assert self._speaker.stdout is not None
        self._speaker.stdin.write(f"{line}\n".encode())
        return json.loads(await self._speaker.stdout.readline())

    async def leave(self) -> None:
        if self._speaker:
            assert self._speaker.stdin is not None
            self._speaker.stdin.close()
            await self._speaker.wait()


@pytest.fixture
def names() -> Iterator[tuple[str, str]]:
    made = (f"a{uuid.uuid4().hex[:8]}", f"b{uuid.uuid4().hex[:8]}")
    for name in made:
        subprocess.run(["ip", "netns", "add", name], check=True)
    cable = ["type", "veth", "peer", "name", "lan", "netns", made[1]]
    subprocess.run(["ip", "-n", made[0], "link", "add", "lan", *cable], check=True)
    for name in made:
        subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
    yield made
    for name in made:
        subprocess.run(["ip", "netns", "delete", name], check=True)


@pytest.fixture
async def machines(names: tuple[str, str]) -> AsyncIterator[tuple[Machine, Machine]]:
    here, there = Machine(names[0], "1"), Machine(names[1], "2")
    yield here, there
    await asyncio.gather(here.leave(), there.leave())


@pytest.fixture
def joined(machines: tuple[Machine, Machine]) -> tuple[Machine, Machine]:
    for machine in machines:
        machine.plug_in()
    return machines


async def test_another_machine_finds_the_hub(joined: tuple[Machine, Machine]) -> None:
    here, there = joined
    assert (await here.tell("look hub"))["hostname"] == "hub.local"
    assert await there.tell("find hub.local") == ["10.99.7.1", "fd99::1"]
    services = await there.tell("browse")
    assert [s["type"] for s in services] == ["_hearth-hub._tcp.local.", "_http._tcp.local."]
    assert [s["addresses"] for s in services] == [["10.99.7.1", "fd99::1"]] * 2
    assert [(s["server"], s["port"], s["properties"]["path"]) for s in services] == [
        ("hub.local.", 8321, "/")
    ] * 2


async def test_the_second_hub_takes_the_next_name(joined: tuple[Machine, Machine]) -> None:
    here, there = joined
    assert (await here.tell("look hub"))["hostname"] == "hub.local"
    assert (await there.tell("look hub"))["hostname"] == "hub-2.local"
    assert await here.tell("find hub-2.local") == ["10.99.7.2", "fd99::2"]


async def test_two_hubs_that_start_together_end_with_two_names(
    joined: tuple[Machine, Machine],
) -> None:
    async def both() -> list[str]:
        answers = await asyncio.gather(*(machine.tell("look hub") for machine in joined))
        return [answer["hostname"] for answer in answers]

    await asyncio.gather(*(machine.tell("find nobody.local") for machine in joined))
    assert await both() == ["hub.local", "hub.local"]
    assert await both() == ["hub-2.local", "hub.local"]
    assert await both() == ["hub-2.local", "hub.local"]


async def test_a_network_that_comes_later_is_used(machines: tuple[Machine, Machine]) -> None:
    here, there = machines
    there.plug_in()
    alone = await here.tell("look hub")
    assert (alone["hostname"], alone["status"]) == ("", "warn")
    here.plug_in()
    assert (await here.tell("look hub"))["status"] == "ok"
    assert await there.tell("find hub.local") == ["10.99.7.1", "fd99::1"]


async def test_a_port_that_is_held_is_told_of_and_tried_again(
    joined: tuple[Machine, Machine],
) -> None:
    here, there = joined
    assert await here.tell("hold") == "held"
    told = await here.tell("look hub")
    assert (told["hostname"], told["status"]) == ("", "warn")
    assert "holds port 5353" in told["sentence"]
    assert "Open the hub by its address" in told["remedy"]
    assert await here.tell("release") == "released"
    assert (await here.tell("look hub"))["hostname"] == "hub.local"
    assert await there.tell("find hub.local") == ["10.99.7.1", "fd99::1"]
