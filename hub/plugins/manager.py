"""Loads, quarantines, reloads and removes integrations while the hub runs.

One that fails keeps its last error beside its name and never stops the others. Retry tries
again later, NeedsPerson and Broken wait for somebody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Literal

import pluggy

from hub.actions import Action, Actions
from hub.bus import Bus
from hub.clock import Cancel, Clock
from hub.context import Context, new_id
from hub.entities import Adapter, Entities
from hub.errors import Broken, HubError, NeedsPerson, NotFound, Retry
from hub.events import INTEGRATION_CHANGED, Event
from hub.plugins import loader
from hub.plugins.face import Face
from hub.plugins.hookspecs import PROJECT, Hooks
from hub.plugins.loader import Found
from hub.registry import Registry
from hub.states import UNAVAILABLE, States
from hub.tasks import Tasks, in_thread
from store import home
from store.home import ConfigEntryRow

_log = logging.getLogger(__name__)

Status = Literal["running", "retrying", "needs person", "quarantined", "off"]
_WAITS = (5.0, 15.0, 60.0, 300.0)
_STOP_TIMEOUT = 5.0


@dataclass(slots=True)
class Integration:
    """One integration and how it is now."""

    found: Found
    status: Status = "off"
    error: HubError | None = None
    tries: int = 0
    module: Any = None
    faces: list[Face] = field(default_factory=list)
    adapters: list[Adapter] = field(default_factory=list)
    endings: list[Callable[[], None]] = field(default_factory=list)
    retry: Cancel | None = None
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def domain(self) -> str:
        """Its short name."""
        return self.found.domain

    @property
    def name(self) -> str:
        """What people call it."""
        return self.found.manifest.name if self.found.manifest else self.domain


class Plugins:
    """The host of integrations."""

    def __init__(
        self,
        *,
        bus: Bus,
        clock: Clock,
        tasks: Tasks,
        states: States,
        registry: Registry,
        entities: Entities,
        actions: Actions,
        folders: list[Path],
        timeout: float,
        zone: Callable[[], tzinfo] = lambda: UTC,
    ) -> None:
        self._bus, self._clock, self._tasks, self._zone = bus, clock, tasks, zone
        self._states, self._registry, self._entities = states, registry, entities
        self._actions, self._folders, self._timeout = actions, folders, timeout
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        self._integrations: dict[str, Integration] = {}
        self._stopping = False

    @property
    def hook(self) -> Any:
        """Pluggy's relay: calls a hook of every plugin that has it."""
        return self._manager.hook

    def register(self, plugin: object, name: str) -> None:
        """Register one of the hub's own parts, or a plugin made in a test."""
        self._manager.register(plugin, name)

    def all(self) -> list[Integration]:
        """Every integration that was found, by name."""
        return sorted(self._integrations.values(), key=lambda i: i.name.lower())

    def get(self, domain: str) -> Integration:
        """One integration. Raises NotFound."""
        if domain not in self._integrations:
            raise NotFound(
                f"There is no integration “{domain}”.",
                remedy=f"Put its folder into {self._folders[-1]}." if self._folders else "",
            )
        return self._integrations[domain]

    async def start(self, enabled: Iterable[str]) -> None:
        """Find all, load those that are enabled, at the same time; none can stop the start."""
        self.rescan()
        wanted = list(dict.fromkeys(enabled))
        for domain in wanted:
            if domain not in self._integrations:
                self._integrations[domain] = self._missing(domain)
        await asyncio.gather(*(self.load(domain) for domain in wanted))
        hosted = {row.domain for row in await home.all_rows(ConfigEntryRow)}
        self._mark_absent(hosted - set(wanted))

    async def declare(self, enabled: Iterable[str]) -> None:
        """Import these and register their actions, but start nothing: for `hub check`. What goes
        wrong is each one's `error`."""
        self.rescan()
        for domain in dict.fromkeys(enabled):
            integration = self._integrations.setdefault(domain, self._missing(domain))
            integration.error = await self._attempt(integration, self._declare)

    async def stop(self) -> None:
        """Stop all, the last found first. Entities keep their states for the next start."""
        self._stopping = True
        for integration in reversed(list(self._integrations.values())):
            async with integration.busy:
                self._cancel_retry(integration)
                await self._tear_down(integration)

    def rescan(self) -> None:
        """Look for folders that were added or removed; what runs without one is unloaded."""
        found = loader.find(self._folders)
        for domain, place in found.items():
            known = self._integrations.setdefault(domain, Integration(place))
            if known.status in ("off", "quarantined"):
                known.found = place
                known.error = place.error or known.error
                known.status = "quarantined" if place.error else known.status
        for domain in [d for d in self._integrations if d not in found]:
            if self._integrations[domain].status in ("off", "quarantined"):
                del self._integrations[domain]
            else:
                self._tasks.spawn(self.unload(domain), f"unload {domain}")

    async def load(self, domain: str) -> Integration:
        """Import and start one; its status and last error say how that went. Raises NotFound."""
        integration = self.get(domain)
        async with integration.busy:
            if integration.status == "running" or self._stopping:
                return integration
            self._cancel_retry(integration)
            if error := await self._attempt(integration, self._load):
                await self._failed(integration, error)
            else:
                if integration.error:
                    _log.info("Integration %s runs again", domain)
                integration.status, integration.error, integration.tries = "running", None, 0
            self._mark_absent({domain})
            self._changed(integration)
        return integration

    async def unload(self, domain: str) -> None:
        """Stop one and forget its modules; its entities become unavailable. One whose folder is
        gone is forgotten. Raises NotFound."""
        integration = self.get(domain)
        async with integration.busy:
            self._cancel_retry(integration)
            await self._tear_down(integration)
            if integration.status != "quarantined":
                integration.status, integration.error = "off", None
            self._mark_absent({domain})
            if not integration.found.folder.is_dir():
                self._integrations.pop(domain, None)
            self._changed(integration)

    async def reload(self, domain: str) -> Integration:
        """Unload, read the files again, load. Raises NotFound when its folder is gone."""
        await self.unload(domain)
        if integration := self._integrations.get(domain):
            integration.status, integration.error, integration.tries = "off", None, 0
            loader.forget_bytecode(integration.found)
        self.rescan()
        return await self.load(domain)

    async def remove(self, domain: str) -> None:
        """Unload one and forget what was set up for it: config entries, devices, entities. Its
        folder stays. Raises NotFound."""
        await self.unload(domain)
        for row in await home.all_rows(ConfigEntryRow):
            if row.domain == domain:
                await home.remove(ConfigEntryRow, row.id)
        gone = [e.entity_id for e in self._registry.entities.values() if e.integration == domain]
        await self._registry.forget_entities(gone)
        for entity_id in gone:
            self._states.remove(entity_id)

    async def _attempt(
        self, integration: Integration, work: Callable[[Integration], Awaitable[None]]
    ) -> HubError | None:
        try:
            await asyncio.wait_for(work(integration), self._timeout)
        except TimeoutError:
            return Retry(
                f"{integration.name} did not start within {self._timeout:g} seconds.",
                remedy="It is tried again. If that goes on, look into the log, or switch it off.",
                culprit=integration.domain,
            )
        except HubError as error:
            error.culprit = error.culprit or integration.domain
            return error
        except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
            _log.exception("Integration %s failed", integration.domain)
            return Broken(
                f"{integration.name} failed to start: {type(error).__name__}: {error}.",
                remedy="Update it, or tell its author.",
                culprit=integration.domain,
            )
        return None

    async def _load(self, integration: Integration) -> None:
        await self._declare(integration)
        for entry in await self._entries(integration):
            own = self._face(integration)
            adapter = self._hook("adapter", integration)(face=own, entry=entry)
            if adapter is not None:
                integration.adapters.append(adapter)
                await adapter.start()

    async def _declare(self, integration: Integration) -> None:
        if integration.found.error:
            raise integration.found.error
        # In a thread: a stranger's import may compute, or hang, and must not stop the house.
        module = await in_thread(loader.import_module, integration.found)
        integration.module = module
        self._register(module, integration.domain)
        for declared in self._hook("actions", integration)(face=self._face(integration)):
            for one in declared:
                integration.endings.append(self._actions.register(_own(one, integration.domain)))

    def _hook(self, name: str, integration: Integration) -> pluggy.HookCaller:
        """Only this integration's implementation. Asked for at each call: several integrations
        load side by side, and one that came meanwhile would be called as well."""
        others = [p for p in self._manager.get_plugins() if p is not integration.module]
        return self._manager.subset_hook_caller(name, others)

    def _register(self, module: Any, domain: str) -> None:
        try:
            self._manager.register(module, domain)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise Broken(
                f"{domain} implements a hook that does not fit: {error}.",
                remedy="docs/integrations.md lists the hooks and their parameters.",
                culprit=domain,
            ) from error

    def _face(self, integration: Integration) -> Face:
        face = Face(
            integration.domain,
            bus=self._bus,
            clock=self._clock,
            states=self._states,
            registry=self._registry,
            entities=self._entities,
            zone=self._zone,
        )
        integration.faces.append(face)
        return face

    async def _entries(self, integration: Integration) -> list[ConfigEntryRow]:
        rows = [r for r in await home.all_rows(ConfigEntryRow) if r.domain == integration.domain]
        manifest = integration.found.manifest
        if not rows and manifest and not manifest.config:
            first = ConfigEntryRow(new_id(), manifest.domain, manifest.name, self._clock.time())
            await home.put(first)
            return [first]
        if not rows:
            raise NeedsPerson(
                f"{integration.name} is not set up yet.",
                remedy="Set it up under Integrations.",
                culprit=integration.domain,
            )
        return [row for row in rows if row.enabled]

    async def _failed(self, integration: Integration, error: HubError) -> None:
        await self._tear_down(integration)
        if str(error) != str(integration.error):
            _log.warning("Integration %s: %s", integration.domain, error)
        integration.error = error
        integration.tries += 1
        match error:
            case Retry():
                integration.status = "retrying"
                wait = max(error.after, _WAITS[min(integration.tries, len(_WAITS)) - 1])
                integration.retry = self._clock.call_later(
                    wait,
                    lambda: self._tasks.spawn(self.load(integration.domain), "integration retry"),
                )
            case NeedsPerson():
                integration.status = "needs person"
            case _:
                integration.status = "quarantined"

    async def _tear_down(self, integration: Integration) -> None:
        for adapter in reversed(integration.adapters):
            try:
                await asyncio.wait_for(adapter.stop(), _STOP_TIMEOUT)
            except Exception:  # noqa: BLE001 - a stranger's code may raise anything
                _log.exception("Integration %s did not stop cleanly", integration.domain)
        for face in integration.faces:
            await face.close(stopping=self._stopping)
        for end in integration.endings:
            end()
        integration.adapters, integration.faces, integration.endings = [], [], []
        if integration.module is not None and self._manager.is_registered(integration.module):
            self._manager.unregister(integration.module)
        integration.module = None
        loader.forget_module(integration.found)

    def _cancel_retry(self, integration: Integration) -> None:
        if integration.retry:
            integration.retry()
            integration.retry = None

    def _mark_absent(self, domains: set[str]) -> None:
        """What these integrations reported before, and do not stand for now, is unavailable."""
        for row in self._registry.entities.values():
            absent = row.integration in domains and not self._entities.description(row.entity_id)
            if absent and (old := self._states.get(row.entity_id)):
                self._states.set(row.entity_id, UNAVAILABLE, old.attributes, Context.new())

    def _missing(self, domain: str) -> Integration:
        folder = self._folders[-1] / domain if self._folders else Path(domain)
        error = NotFound(
            f"hub.toml enables the integration “{domain}”, but it is not there.",
            remedy=f"Put it into {folder}, or take it out of [integrations] enabled.",
            culprit=domain,
        )
        return Integration(Found(domain, folder, None, error))

    def _changed(self, integration: Integration) -> None:
        data = {"domain": integration.domain, "status": integration.status}
        self._bus.publish(Event(INTEGRATION_CHANGED, data, self._clock.time(), Context.new()))


def _own(declared: Action, domain: str) -> Action:
    """An integration's action bears its name, so that everybody sees whose it is."""
    if declared.name.partition(".")[0] != domain:
        raise Broken(
            f"{domain} declares the action {declared.name}.",
            remedy=f"Its own actions must be called {domain}.…",
            culprit=domain,
        )
    return replace(declared, integration=domain)
