"""A hub's discovery as a program of its own, for a network namespace: obeys lines on stdin.

`look NAME` looks once, `find HOST` resolves a host name, `browse` lists the hubs, `hold` keeps
port 5353 for itself, `release` lets it go. Answers each with a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from typing import Any

from zeroconf import (  # type: ignore[attr-defined]  # its documentation's names, not in __all__
    AddressResolver,
    DNSQuestionType,
)
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from hub.addresses import lan_addresses
from hub.config import Mdns
from hub.discovery.announce import SERVICES
from hub.discovery.service import Discovery
from hub.testing import House, hub_for_test


class Speaker:
    """Does what the lines say."""

    def __init__(self, house: House) -> None:
        self.hub = house.hub
        self.discovery: Discovery | None = None
        self.holding: list[socket.socket] = []

    async def look(self, name: str) -> dict[str, str]:
        if self.discovery is None:
            self.discovery = self._discovery(name)
        await self.discovery.look()
        found = next(c for c in self.hub.health.all() if c.part == "mdns")
        return {
            "hostname": self.discovery.hostname,
            "status": found.status,
            "sentence": found.sentence,
            "remedy": found.remedy,
        }

    async def find(self, host: str) -> list[str]:
        other = AsyncZeroconf(interfaces=_interfaces())
        resolver = AddressResolver(f"{host}.")
        await resolver.async_request(other.zeroconf, 3000, DNSQuestionType.QM)
        await other.async_close()
        return sorted(resolver.parsed_addresses())

    async def browse(self) -> list[dict[str, Any]]:
        other = AsyncZeroconf(interfaces=_interfaces())
        names: set[tuple[str, str]] = set()
        browser = AsyncServiceBrowser(
            other.zeroconf,
            list(SERVICES),
            handlers=[lambda **told: names.add((told["service_type"], told["name"]))],
        )
        await asyncio.sleep(2.5)
        found = [await _described(other, kind, name) for kind, name in sorted(names)]
        await browser.async_cancel()
        await other.async_close()
        return found

    async def hold(self) -> str:
        self.holding.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.holding[0].bind(("", 5353))
        return "held"

    async def release(self) -> str:
        self.holding.pop().close()
        return "released"

    def _discovery(self, name: str) -> Discovery:
        return Discovery(
            self.hub.clock,
            self.hub.tasks,
            self.hub.health,
            self.hub.home,
            Mdns(name=name),
            port=lambda: 8321,
            addresses=lan_addresses,
        )


def _interfaces() -> list[str]:
    return lan_addresses()


async def _described(other: AsyncZeroconf, kind: str, name: str) -> dict[str, Any]:
    info = AsyncServiceInfo(kind, name)
    await info.async_request(other.zeroconf, 3000)
    return {
        "type": kind,
        "server": info.server,
        "port": info.port,
        "addresses": sorted(info.parsed_addresses()),
        "properties": info.decoded_properties,
    }


async def main() -> None:
    async with hub_for_test(parts=()) as house:
        speaker = Speaker(house)
        # Read in a thread: mDNS is answered meanwhile.
        while line := await asyncio.to_thread(sys.stdin.readline):
            verb, *given = line.split()
            sys.stdout.write(json.dumps(await getattr(speaker, verb)(*given)) + "\n")
            sys.stdout.flush()
        if speaker.discovery:
            await speaker.discovery.stop()


if __name__ == "__main__":
    asyncio.run(main())
