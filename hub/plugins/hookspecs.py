"""The hooks. pluggy calls them synchronously, at load: they only declare.

An integration implements those it needs with `@hookimpl` (from `hub`); at run time there is
the bus and the `Face` that its adapter was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click
import pluggy

from hub.actions import Action
from hub.checks import Check
from hub.entities import Adapter
from hub.plugins.face import Face
from store.home import ConfigEntryRow

PROJECT = "hearth"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """Every hook there is."""

    @hookspec(firstresult=True)
    def adapter(self, face: Face, entry: ConfigEntryRow) -> Adapter | None:
        """Make, but don't start, the adapter of one config entry."""

    @hookspec
    def actions(self, face: Face) -> Iterable[Action]:  # type: ignore[empty-body]  # a declaration
        """Actions of the integration's own, made with `@action`."""

    @hookspec
    def commands(self) -> Iterable[click.Command]:  # type: ignore[empty-body]  # a declaration
        """Commands for the `hub` command line, made with click. They run in a process of their
        own, beside the hub or without one.
        """

    @hookspec
    def checks(self, hub: Any) -> Iterable[Check]:  # type: ignore[empty-body]  # a declaration
        """What `hub check` should look at, of one of the hub's own parts.

        `hub` was opened, not started: what is stored can be read, nothing acts.
        """

    @hookspec
    def template_functions(self) -> Mapping[str, Callable[..., Any]]:  # type: ignore[empty-body]  # a declaration
        """Pure functions that templates can call, by name."""

    @hookspec
    def part(self, hub: Any) -> Any:
        """One of the hub's own parts (skills, web): an object with async start and stop.

        Only called for the parts that the composition root names, never for integrations.
        """
