"""Announces the hub by mDNS (RFC 6762) and DNS-SD (RFC 6763). The one door to zeroconf.

zeroconf probes the names of services but not those of hosts, so the host name is asked for
first, and looked after while the hub runs: two hubs that start at the same moment, after a power
cut say, don't hear each other's question.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
from collections.abc import Collection, Sequence

from zeroconf import (  # type: ignore[attr-defined]  # its documentation's names, not in __all__
    AddressResolver,
    DNSAddress,
    DNSOutgoing,
    DNSQuestion,
    DNSQuestionType,
    current_time_millis,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from hub.discovery.announcement import Announcement
from hub.errors import HubError

SERVICES = ("_hearth-hub._tcp.local.", "_http._tcp.local.")
_PROBE = 1500.0  # milliseconds, time for two questions; RFC 6762, section 8.1 asks for 750
_LISTEN = 1.0  # seconds in which others answer a question
_CLOSE = 1.0
_LONGEST_LABEL = 63  # bytes, RFC 6763, section 4.1.1
_MOST_NAMES = 50
_QUERY, _CLASS_IN, _TYPE_A, _TYPE_AAAA = 0, 1, 1, 28

# What goes wrong is told by the hub's health, with what to do.
logging.getLogger("zeroconf").setLevel(logging.CRITICAL)


class Announcer:
    """Announces until it is closed. `hostname` is the name it got (`hub-2.local`)."""

    def __init__(self, responder: AsyncZeroconf, what: Announcement, own: Collection[str]) -> None:
        self._responder = responder
        self._what = what
        self._own = {*own, *what.addresses}
        self._contested = 0
        self.hostname = ""

    async def begin(self) -> None:
        """Find a host name that is free, then register it and the services."""
        await self._responder.zeroconf.async_wait_for_start()
        host = await self._free_name()
        infos = [_info(self._what, service, host) for service in SERVICES]
        await asyncio.gather(*(self._register(info) for info in infos))
        self.hostname = host.removesuffix(".")

    async def lost(self) -> bool:
        """Whether the announcement has to be made anew: nothing is heard any more, not even the
        own answer, or the name must be left to another machine that answers to it as well.

        Of two hubs one has to stay, and both see the same: the one with the later address, as
        in RFC 6762, section 8.2. What doesn't know that rule and goes on answering wins.
        """
        heard = await self._heard()
        rivals = heard - self._own
        if not rivals:
            self._contested = 0
            return not heard
        self._contested += 1
        ours = max(ipaddress.ip_address(a).packed for a in self._what.addresses)
        return self._contested > 2 or ours < max(ipaddress.ip_address(a).packed for a in rivals)

    async def close(self) -> None:
        """Say goodbye; a second at most, then the sockets are closed without it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE):
                await self._responder.async_unregister_all_services()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE):
                await self._responder.async_close()

    async def _free_name(self) -> str:
        for number in range(1, _MOST_NAMES):
            name = self._what.host if number == 1 else f"{self._what.host}-{number}"
            if not await self._taken(f"{name}.local."):
                return f"{name}.local."
        raise HubError(
            f"{self._what.host}.local and {_MOST_NAMES - 2} names like it are all taken.",
            remedy="Choose another: [mdns] name in hub.toml.",
        )

    async def _taken(self, host: str) -> bool:
        """Whether another machine answers. This one may: it can run Avahi under that name."""
        resolver = AddressResolver(host)
        # Answers by multicast: where programs share port 5353 a unicast one reaches any of them.
        kind = DNSQuestionType.QM
        found = await resolver.async_request(self._responder.zeroconf, _PROBE, kind)
        return found and not self._own.issuperset(resolver.parsed_addresses())

    async def _register(self, info: AsyncServiceInfo) -> None:
        await (await self._responder.async_register_service(info, allow_name_change=True))

    async def _heard(self) -> set[str]:
        """Who answers to the name, or did so within the two minutes that an answer holds."""
        host = f"{self.hostname}."
        question = DNSOutgoing(_QUERY)
        for kind in (_TYPE_A, _TYPE_AAAA):
            question.add_question(DNSQuestion(host, kind, _CLASS_IN))
        zeroconf = self._responder.zeroconf
        zeroconf.async_send(question)
        await asyncio.sleep(_LISTEN)  # on the network's time, not on the hub's clock
        now = current_time_millis()
        return {
            str(ipaddress.ip_address(record.address))
            for record in zeroconf.cache.async_entries_with_name(host)
            if isinstance(record, DNSAddress) and not record.is_expired(now)
        }


async def announce(
    what: Announcement, interfaces: Sequence[str], own: Collection[str]
) -> Announcer:
    """Announce `what` on the interfaces with these addresses.

    `own` are all addresses of this machine: who answers with one of them is no rival. Raises
    OSError when multicast can't be had (port 5353 held, no network), HubError without a name.
    """
    announcer = Announcer(AsyncZeroconf(interfaces=list(interfaces)), what, own)
    try:
        await announcer.begin()
    except BaseException:
        await announcer.close()
        raise
    return announcer


def _info(what: Announcement, service: str, host: str) -> AsyncServiceInfo:
    return AsyncServiceInfo(
        service,
        f"{label(what.name)}.{service}",
        port=what.port,
        properties=dict(what.properties),
        server=host,
        parsed_addresses=list(what.addresses),
    )


def label(name: str) -> str:
    """The home's name as one label: without control characters, cut at a whole character."""
    clean = "".join(c for c in name if c.isprintable()).strip() or "Hearth"
    # Room for the number that is added when two homes have the same name.
    return clean.encode()[: _LONGEST_LABEL - 4].decode(errors="ignore")
