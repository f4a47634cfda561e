"""Keeps the hub announced while it runs: at the start, after changes of the network, to the end.

All of it happens in the background. mDNS that is missing or broken stops nothing; it shows in
the hub's health with what to do.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import importlib
import logging
import uuid
from collections.abc import Callable, Sequence
from typing import Protocol

from hub import __version__
from hub.addresses import own_addresses
from hub.clock import Clock
from hub.config import Mdns
from hub.discovery.announcement import Announcement
from hub.errors import HubError
from hub.health import Health
from hub.home import Home
from hub.tasks import Tasks

_log = logging.getLogger(__name__)

PART = "mdns"
_ID = "hub.id"  # tells this hub from others, also when its name or address changes
LOOK_EVERY = 60.0
_FIRST_LOOK = 0.5
_SECOND_LOOK = 5.0  # two hubs that started together have announced themselves by then


class Announcing(Protocol):
    """An announcement that goes on (hub.discovery.announce.Announcer)."""

    hostname: str

    async def lost(self) -> bool:
        """Whether it has to be made anew."""

    async def close(self) -> None:
        """End it."""


class Discovery:
    """The part of the hub that is found on the LAN.

    `port` and `addresses` tell where pages are answered now; the port is 0 while nowhere.
    """

    def __init__(
        self,
        clock: Clock,
        tasks: Tasks,
        health: Health,
        home: Home,
        settings: Mdns,
        *,
        port: Callable[[], int],
        addresses: Callable[[], Sequence[str]],
    ) -> None:
        self._clock, self._tasks, self._health = clock, tasks, health
        self._home, self._settings = home, settings
        self._port, self._addresses = port, addresses
        self._said: Announcement | None = None
        self._announcer: Announcing | None = None
        self._task: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()

    @property
    def hostname(self) -> str:
        """The name that was really got, such as `hub.local`; empty while there is none."""
        return self._announcer.hostname if self._announcer else ""

    async def settled(self) -> str:
        """Wait until the first try has ended; the host name, or an empty text."""
        await self._settled.wait()
        return self.hostname

    async def start(self) -> None:
        """Begin in the background."""
        if not self._home.get(_ID):
            await self._home.put(_ID, uuid.uuid4().hex)
        if self._settings.enabled:
            self._task = self._tasks.spawn(self._keep_announced(), "mDNS")
            return
        self._settled.set()
        self._health.report(PART, "ok", "Switched off in hub.toml: [mdns] enabled = false.")

    async def stop(self) -> None:
        """Take the names back; two seconds at most."""
        self._settled.set()
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=1)
        await self._close()

    async def look(self) -> None:
        """Announce the hub anew if the network, the port or the home's name has changed."""
        what = self._what()
        if self._announcer and what == self._said and not await self._announcer.lost():
            return
        await self._close()
        if not what.addresses:
            self._alone()
            return
        try:
            self._announcer = await _announce(what)
        except (OSError, HubError) as error:
            self._health.report(PART, "warn", _why(error), _what_to_do(error))
        except Exception as error:  # noqa: BLE001 - a fault of mDNS must not end the watch over it
            _log.exception("mDNS failed")
            self._health.report(PART, "warn", _why(error), _what_to_do(error))
        else:
            self._said = what
            self._health.report(PART, "ok", f"Found on this network as {self.hostname}.")

    def _what(self) -> Announcement:
        return Announcement(
            name=self._home.name,
            host=self._settings.name,
            port=self._port(),
            addresses=tuple(self._addresses()),
            properties={
                "version": __version__,
                "path": "/",
                "name": self._home.name,
                "id": str(self._home.get(_ID)),
            },
        )

    async def _keep_announced(self) -> None:
        await self._wait_for_pages()
        try:
            await self.look()
        finally:
            self._settled.set()
        await self._clock.sleep(_SECOND_LOOK)
        while True:
            await self.look()
            await self._clock.sleep(LOOK_EVERY)

    async def _wait_for_pages(self) -> None:
        wait = _FIRST_LOOK
        await self._clock.sleep(wait)
        while not self._port():
            await self._clock.sleep(wait)
            wait = min(2 * wait, LOOK_EVERY)

    async def _close(self) -> None:
        announcer, self._announcer, self._said = self._announcer, None, None
        if announcer:
            with contextlib.suppress(OSError):  # the interface has gone: nobody to say goodbye to
                await announcer.close()

    def _alone(self) -> None:
        self._health.report(
            PART,
            "warn",
            "The hub answers on this machine alone, so it can't be found on the network.",
            "Connect this machine to the network, or correct [server] host in hub.toml; "
            "the hub looks again every minute.",
        )


async def _announce(what: Announcement) -> Announcing:
    # zeroconf is loaded here, in a thread, so that no start waits for it.
    door = await asyncio.to_thread(importlib.import_module, "hub.discovery.announce")
    announcer: Announcing = await door.announce(what, what.addresses, own_addresses())
    return announcer


def _why(error: Exception) -> str:
    if isinstance(error, HubError):
        return error.sentence
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "Another program holds port 5353, so the hub can't be found by name."
    return f"mDNS does not work here, so the hub can't be found by name: {error}."


def _what_to_do(error: Exception) -> str:
    if isinstance(error, HubError):
        return error.remedy
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            "Open the hub by its address meanwhile. If the program is Avahi, set "
            "disallow-other-stacks=no in /etc/avahi/avahi-daemon.conf."
        )
    return "Open the hub by its address meanwhile; it tries again every minute."
