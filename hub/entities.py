"""What integrations declare, and the domain actions that reach them.

`light.turn_on` is one action for every lamp in the house: it checks its data by the domain's
schema and hands each entity to the integration that declared it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from hub.context import Context
from hub.eager import Overdue, within
from hub.errors import Broken, HubError, Invalid, NeedsPerson, NotFound, Retry
from hub.registry import Registry

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeviceDescription:
    """A device as an integration declares it. `id` is unique within the integration; `area` and
    `floor` are suggestions by name."""

    id: str
    name: str
    area: str = ""
    floor: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntityDescription:
    """An entity as an integration declares it.

    `attributes` are those that never change (device_class, unit_of_measurement, min_temp,
    supported_color_modes, ...); `area` and `floor` are suggestions by name. `actions` are the
    verbs that it obeys (`turn_on`); empty for sensors.
    """

    entity_id: str
    name: str
    device: DeviceDescription | None = None
    area: str = ""
    floor: str = ""
    icon: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    actions: tuple[str, ...] = ()


class Adapter(Protocol):
    """What an integration gives the hub: started once, asked to act, stopped."""

    async def start(self) -> None:
        """Connect and begin to report states. May raise Retry, NeedsPerson or Broken."""

    def act(
        self, entity_id: str, verb: str, data: Mapping[str, Any], context: Context
    ) -> Coroutine[Any, Any, Any]:
        """Do `verb` (`turn_on`) to an entity of this integration, then report its state."""

    async def stop(self) -> None:
        """Disconnect; called also after a failed start."""


class Entities:
    """Which integration each entity belongs to, while it is loaded."""

    def __init__(self, registry: Registry, timeout: float = 30.0) -> None:
        self._registry = registry
        self._timeout = timeout
        self._owners: dict[str, tuple[Adapter, EntityDescription]] = {}

    def add(self, description: EntityDescription, owner: Adapter) -> None:
        """Take an entity in. Raises Invalid when it is declared already."""
        if description.entity_id in self._owners:
            raise Invalid(
                f"The entity {description.entity_id} is declared twice.",
                remedy="Give one of the two another id.",
            )
        self._owners[description.entity_id] = (owner, description)

    def remove(self, entity_id: str) -> None:
        """Its integration was unloaded."""
        self._owners.pop(entity_id, None)

    def description(self, entity_id: str) -> EntityDescription | None:
        """What its integration declared, if it is loaded."""
        found = self._owners.get(entity_id)
        return found[1] if found else None

    async def act(
        self, entity_ids: tuple[str, ...], verb: str, data: Mapping[str, Any], context: Context
    ) -> Any:
        """Hand each entity to its integration; all at once when there are several.

        Raises NotFound, NeedsPerson (the integration is not running), Invalid (a verb it
        doesn't obey), Retry (no answer in time), Broken (a bug in the integration); of several
        failures the first, after all have ended.
        """
        if len(entity_ids) == 1:
            return await self._act(entity_ids[0], verb, data, context)
        results = await asyncio.gather(
            *(self._act(entity_id, verb, data, context) for entity_id in entity_ids),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return None

    async def _act(
        self, entity_id: str, verb: str, data: Mapping[str, Any], context: Context
    ) -> Any:
        found = self._owners.get(entity_id)
        if found is None:
            raise self._absent(entity_id)
        owner, description = found
        if verb not in description.actions:
            raise Invalid(
                f"{entity_id} can't do {verb}.",
                remedy=f"It can: {', '.join(description.actions) or 'nothing, it only reports'}.",
            )
        try:
            return await within(self._timeout, owner.act(entity_id, verb, data, context))
        except HubError as error:
            error.culprit = error.culprit or self._integration(entity_id)
            raise
        except Overdue as error:
            raise Retry(
                f"{entity_id} did not answer within {self._timeout:g} seconds.",
                culprit=self._integration(entity_id),
            ) from error
        except Exception as error:
            _log.exception("%s failed at %s", entity_id, verb)
            raise Broken(
                f"{entity_id} could not do {verb}: {type(error).__name__}: {error}.",
                remedy="Look under Integrations, or tell the integration's author.",
                culprit=self._integration(entity_id),
            ) from error

    def _integration(self, entity_id: str) -> str:
        row = self._registry.entities.get(entity_id)
        return row.integration if row else ""

    def _absent(self, entity_id: str) -> NotFound | NeedsPerson:
        row = self._registry.entities.get(entity_id)
        if row is None:
            return NotFound(f"There is no entity {entity_id}.")
        return NeedsPerson(
            f"{entity_id} can't be reached: its integration {row.integration} is not running.",
            remedy="Look under Integrations for its last error.",
            culprit=row.integration,
        )
