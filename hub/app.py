"""The composition root: which parts there are, in which order they start, and stop in reverse."""

from __future__ import annotations

import asyncio
import importlib
import logging
import secrets as random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from hub import domains
from hub.access import People
from hub.actions import Actions
from hub.bus import Bus
from hub.clock import Clock, SystemClock
from hub.config import Config
from hub.context import Context
from hub.entities import Entities
from hub.errors import HubError
from hub.events import HUB_STARTED, HUB_STOPPING, Event
from hub.health import Health
from hub.home import Home
from hub.notify.apprise import AppriseSender
from hub.notify.service import Notify, Sender
from hub.plugins import report
from hub.plugins.loader import BUILT_IN
from hub.plugins.manager import Plugins
from hub.recorder import Recorder, state_of
from hub.registry import Registry
from hub.states import States
from hub.tasks import Tasks
from store.database import MEMORY, Database
from store.history import History
from store.secrets import Secrets
from store.trouble import TROUBLES, StoreError, explain

_log = logging.getLogger(__name__)

# The hub's own parts, each a module with a `part(hub)` hook, in the order of their start.
PARTS = ("skills", "hub.discovery", "web")

P = TypeVar("P")


@runtime_checkable
class Listening(Protocol):
    """A part that answers on the network."""

    port: int


class Part(Protocol):
    """One of the hub's own parts."""

    async def start(self) -> None:
        """Begin to work."""

    async def stop(self) -> None:
        """End; called also after a failed start."""


@dataclass
class Hub:
    """Every part of a running hub. Only the wiring functions of the parts see this object."""

    config: Config
    folder: Path
    clock: Clock
    bus: Bus
    tasks: Tasks
    database: Database
    history: History
    secrets: Secrets
    home: Home
    health: Health
    states: States
    registry: Registry
    people: People
    entities: Entities
    actions: Actions
    recorder: Recorder
    notify: Notify
    plugins: Plugins
    parts: list[Part] = field(default_factory=list)
    # Proves that a request comes from somebody who can read the data folder (the command line).
    local_token: str = field(default_factory=lambda: random.token_urlsafe(32))
    # Opens the first visit; printed at the start while there is no owner.
    setup_token: str = field(default_factory=lambda: random.token_urlsafe(16))

    def part(self, kind: type[P]) -> P:
        """The started part of this class. Raises LookupError when it is not there."""
        for part in self.parts:
            if isinstance(part, kind):
                return part
        raise LookupError(f"The part {kind.__name__} is not running.")

    @property
    def port(self) -> int:
        """The port that pages and the API are answered at; 0 while there is none."""
        return next((part.port for part in self.parts if isinstance(part, Listening)), 0)

    async def open(self, progress: Callable[[str], None] = lambda _: None) -> None:
        """Read everything that is stored, while nothing acts yet. Raises HubError."""
        try:
            await self.database.open(progress)
            if moved := await self.history.open():
                self.recorder.say_moved(moved)
            await asyncio.gather(self.home.load(), self.people.load(), self.registry.load())
            self.states.restore(state_of(row) for row in await self.history.last_states())
        except TROUBLES as error:
            raise HubError(str(explain(error, self.database.path))) from error
        for declared in (*domains.actions(self.entities), *self.notify.actions()):
            self.actions.register(declared)

    async def start(
        self,
        parts: Sequence[str] = PARTS,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Start everything. Raises HubError with a sentence when it can't be."""
        await self.open(progress)
        self.recorder.start()
        report.watch(self.bus, self.plugins, self.health)
        await self.notify.start()
        await self._start_parts(parts)
        await self.plugins.start(self.config.integrations.enabled)
        self.bus.publish(Event(HUB_STARTED, {}, self.clock.time(), Context.new()))

    async def stop(self) -> None:
        """The mirror of `start`. Each step is done whatever happened to the one before."""
        self.bus.publish(Event(HUB_STOPPING, {}, self.clock.time(), Context.new()))
        steps: list[Callable[[], Any]] = [
            *(part.stop for part in reversed(self.parts)),
            self.plugins.stop,
            self.notify.stop,
            self.tasks.stop,
            self.recorder.stop,
            self._stop_clock,
            self.history.close,
            self.database.close,
        ]
        for step in steps:
            try:
                await step()
            except Exception:  # noqa: BLE001 - the next step is done whatever it was
                _log.exception("Stopping failed at %s", step)

    async def _stop_clock(self) -> None:
        self.clock.stop()

    async def _start_parts(self, names: Sequence[str]) -> None:
        for name in names:
            module = importlib.import_module(name)
            self.plugins.register(module, name)
            part: Part = module.part(self)
            self.parts.append(part)
            await part.start()


def build(
    config: Config,
    *,
    clock: Clock | None = None,
    in_memory: bool = False,
    sender: Sender | None = None,
) -> Hub:
    """Wire a hub that is not started yet. `in_memory`: nothing is written to the disk."""
    clock = clock or SystemClock()
    folder = config.data
    bus, tasks, home = Bus(), Tasks(), Home()
    database = Database(MEMORY if in_memory else folder)
    history = History(None if in_memory else folder)
    health = Health(bus, clock)
    states, registry, people = States(bus, clock), Registry(bus, clock), People(clock)
    entities = Entities(registry)
    actions = Actions(bus, clock, registry, people)
    recorder = Recorder(
        bus, clock, tasks, history, health, config.storage.history_flush,
        config.storage.history_days,
    )  # fmt: skip
    if not in_memory:
        _make(folder)
    secrets = Secrets.fresh() if in_memory else _secrets(folder)
    notify = Notify(
        bus=bus,
        clock=clock,
        tasks=tasks,
        people=people,
        secrets=secrets,
        health=health,
        settings=config.notify,
        sender=sender or AppriseSender(config.notify),
    )
    plugins = Plugins(
        bus=bus,
        clock=clock,
        tasks=tasks,
        states=states,
        registry=registry,
        entities=entities,
        actions=actions,
        folders=[BUILT_IN, config.community],
        timeout=config.integrations.load_timeout,
        zone=lambda: home.zone,
    )
    return Hub(
        config, folder, clock, bus, tasks, database, history, secrets, home, health, states,
        registry, people, entities, actions, recorder, notify, plugins,
    )  # fmt: skip


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise HubError(
            f"The data folder {folder} can't be made: {error.strerror}.",
            remedy="Set HUB_DATA to a folder that you can write to.",
        ) from error


def _secrets(folder: Path) -> Secrets:
    try:
        return Secrets.in_folder(folder)
    except StoreError as error:
        raise HubError(str(error)) from error
