"""Commands that integrations add to the `hub` command line, found without a running hub."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pluggy

from hub.config import Config
from hub.errors import HubError
from hub.plugins import loader
from hub.plugins.hookspecs import PROJECT, Hooks


def find_command(config: Config, name: str) -> click.Command | None:
    """The command of this name, of an enabled integration. One that can't be imported has none;
    `hub check` tells why."""
    return next((c for c in _offered(config) if c.name == name), None)


def _offered(config: Config) -> Iterator[click.Command]:
    found = loader.find([loader.BUILT_IN, config.community])
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    for domain in config.integrations.enabled:
        try:
            manager.register(loader.import_module(found[domain]), domain)
        except (KeyError, HubError):
            continue
    for commands in manager.hook.commands():
        yield from commands
