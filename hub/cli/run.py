"""`hub run`: the hub itself, from its start to its end."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Sequence

import click
import uvloop

from hub import __version__
from hub.addresses import lan_addresses, local_name, url
from hub.app import PARTS, Hub, build
from hub.cli.group import example
from hub.cli.house import House, pass_house
from hub.config import Config
from hub.discovery.service import Discovery
from hub.errors import HubError

_OURS = ("hub", "skills", "web", "store", "integrations", "hearth_community")


@click.command(epilog=example("hub run", "HUB_DATA=~/hearth HUB_PORT=8080 hub run"))
@pass_house
def run(house: House) -> None:
    """Start the hub and print its addresses.

    Runs until Ctrl-C or SIGTERM; Ctrl-C a second time ends it at once. Reads hub.toml in this
    folder, if it is there, and the environment.
    """
    config = house.config
    _log_to_terminal(config.log.level.upper())
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(live(config))
    except OSError as error:
        raise HubError(
            f"The hub can't go on: {error}.",
            where=str(config.data),
            remedy="hub doctor looks for the reason.",
        ) from error


def _log_to_terminal(level: str) -> None:
    # Libraries say when they start and end: that is for those who look for a fault.
    logging.basicConfig(
        level="DEBUG" if level == "DEBUG" else "WARNING",
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
    )
    for name in _OURS:
        logging.getLogger(name).setLevel(level)


async def live(config: Config, parts: Sequence[str] = PARTS) -> None:
    """Start a hub, keep it until somebody ends it, stop it. Raises HubError if it can't start."""
    if not config.data.exists():
        click.echo(f"Making the data folder {config.data}.")
    hub = build(config)
    ending = _Ending()
    starting = asyncio.create_task(_start(hub, parts), name="start")
    try:
        await asyncio.wait({starting, ending.task}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await ending.task
    finally:
        starting.cancel()
        await asyncio.wait({starting})
        await hub.stop()


async def _start(hub: Hub, parts: Sequence[str]) -> None:
    # What the imports and the start leave behind lives as long as the hub: collecting it again
    # and again while it grows, or ever after, would find nothing.
    gc.disable()
    try:
        await hub.start(parts, lambda line: click.echo(f"{line} …"))
    finally:
        gc.freeze()
        gc.enable()
    _say_where(hub)


class _Ending:
    """Waits for a signal to end; the second one does not wait for anything."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal, number)
        self.task = asyncio.create_task(self._wait(), name="end")

    def _on_signal(self, number: int) -> None:
        if self._asked.is_set():
            os._exit(128 + number)
        self._asked.set()
        if number == signal.SIGINT:
            click.echo("\nStopping. Ctrl-C again ends it at once.")

    async def _wait(self) -> None:
        await self._asked.wait()


def _say_where(hub: Hub) -> None:
    host, port = hub.config.server.host, hub.port
    click.echo(f"Hearth {__version__} is running on the data folder {hub.folder.resolve()}.\n")
    if not port:
        return
    lan = [url(address, port) for address in lan_addresses(host)]
    here = url(local_name(host), port)
    for label, address in [("This machine", here), *(("This network", a) for a in lan)]:
        click.echo(f"  {label:<14}{address}")
    if hub.people.owner is None:
        link = f"{(lan or [here])[0]}/setup?token={hub.setup_token}"
        click.echo(f"\n  First visit   {link}")
        click.echo("                This link makes the owner's account and works once.\n")
    try:
        discovery = hub.part(Discovery)
    except LookupError:
        return
    hub.tasks.spawn(_say_name(discovery, port), "say the name")


async def _say_name(discovery: Discovery, port: int) -> None:
    if name := await discovery.settled():
        click.echo(f"  By name       {url(name, port)}")
