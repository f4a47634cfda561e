"""The hub and its house: what there is, where, and how it is."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from hub import __version__
from hub.entities import Entities
from hub.health import Condition, Health, Status
from hub.home import Home
from hub.registry import Registry
from store.home import AreaRow, DeviceRow, FloorRow, LabelRow
from web.api.endpoint import Asked, Body, Endpoint, Query, get, patch
from web.api.openapi import document
from web.api.people import Me, me
from web.sight import MANAGE_SYSTEM, SEE_SYSTEM


class HomeInfo(Struct, frozen=True):
    """The home and its places."""

    name: str
    time_zone: str
    language: str
    setup_done: bool
    floors: list[FloorRow]
    areas: list[AreaRow]
    labels: list[LabelRow]


class HubInfo(Struct, frozen=True):
    """The hub, and who it takes the caller for (null: the hub itself)."""

    name: str
    version: str
    home: str
    person: Me | None
    origin: str
    openapi: str = "/api/openapi.json"
    websocket: str = "/api/websocket"


class HomeChange(Body):
    """What to change about the home; what is left out stays."""

    name: str | None = None
    time_zone: Annotated[str | None, Meta(description="IANA name, such as Europe/Berlin.")] = None
    language: str | None = None


class EntityInfo(Struct, frozen=True):
    """What people chose about an entity, who declared it, and the verbs that it obeys."""

    entity_id: str
    name: str
    integration: str
    device_id: str | None
    area_id: str | None
    labels: list[str]
    aliases: list[str]
    hidden: bool
    actions: list[str]


class EntityQuery(Query):
    """Which entities."""

    domain: str = ""
    area: Annotated[str, Meta(description="Id of an area.")] = ""


class HealthInfo(Struct, frozen=True):
    """The worst condition of all parts, and each part's."""

    status: Status
    parts: list[Condition]


class HouseRoutes:
    """Addresses about the hub itself."""

    def __init__(
        self,
        home: Home,
        health: Health,
        registry: Registry,
        entities: Entities,
    ) -> None:
        self._home, self._health = home, health
        self._registry, self._entities = registry, entities

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            get("/api", self.info, permission=""),
            get("/api/home", self.home),
            patch("/api/home", self.change_home, permission=MANAGE_SYSTEM),
            get("/api/entities", self.entities),
            get("/api/devices", self.devices),
            get("/api/health", self.health, permission=SEE_SYSTEM),
        ]

    async def info(self, asked: Asked) -> HubInfo:
        """What this hub is, and who it takes you for."""
        person = asked.caller.person
        return HubInfo(
            "Hearth",
            __version__,
            self._home.name,
            me(person) if person else None,
            asked.caller.origin,
        )

    async def home(self) -> HomeInfo:
        """The home's settings, floors, areas and labels."""
        home, registry = self._home, self._registry
        return HomeInfo(
            home.name,
            home.time_zone,
            home.language,
            home.setup_done,
            sorted(registry.floors.values(), key=lambda floor: floor.level),
            sorted(registry.areas.values(), key=lambda area: area.position),
            sorted(registry.labels.values(), key=lambda label: label.name),
        )

    async def change_home(self, body: HomeChange) -> HomeInfo:
        """Change the home's name, time zone or language."""
        await self._home.change(name=body.name, time_zone=body.time_zone, language=body.language)
        return await self.home()

    async def entities(self, asked: Asked, query: EntityQuery) -> list[EntityInfo]:
        """Every entity that the caller may see."""
        return [
            self._entity(entity_id)
            for entity_id in sorted(self._registry.entities)
            if asked.sees(entity_id)
            and query.domain in ("", entity_id.partition(".")[0])
            and self._is_in(entity_id, query.area)
        ]

    async def devices(self, asked: Asked) -> list[DeviceRow]:
        """Every device with an entity that the caller may see."""
        seen = {
            row.device_id for row in self._registry.entities.values() if asked.sees(row.entity_id)
        }
        return [row for row in self._registry.devices.values() if row.id in seen]

    async def health(self) -> HealthInfo:
        """How each part of the hub is, the worst first."""
        return HealthInfo(self._health.status, self._health.all())

    def _entity(self, entity_id: str) -> EntityInfo:
        row = self._registry.entities[entity_id]
        area = self._registry.area_of(entity_id)
        described = self._entities.description(entity_id)
        return EntityInfo(
            row.entity_id,
            row.name,
            row.integration,
            row.device_id,
            area.id if area else None,
            row.labels,
            row.aliases,
            row.hidden,
            list(described.actions) if described else [],
        )

    def _is_in(self, entity_id: str, area_id: str) -> bool:
        area = self._registry.area_of(entity_id)
        return not area_id or (area is not None and area.id == area_id)


class DocumentRoute:
    """The address of the document that describes all the others."""

    def __init__(self) -> None:
        self._endpoints: list[Endpoint] = []
        self._described: dict[str, Any] = {}

    def endpoint(self) -> Endpoint:
        """It is listed in the document, too."""
        return get("/api/openapi.json", self.openapi, permission="")

    def describe(self, endpoints: list[Endpoint]) -> None:
        """Take in what there is."""
        self._endpoints = endpoints

    async def openapi(self) -> dict[str, Any]:
        """This API as an OpenAPI 3.1 document."""
        if not self._described:
            self._described = document(self._endpoints, __version__)
        return self._described
