"""The programmatic face: REST, its document, the WebSocket, /healthz and /metrics."""

from __future__ import annotations

from typing import Any

from starlette.routing import BaseRoute, WebSocketRoute

from hub import __version__
from hub.app import Hub
from hub.clock import SystemClock
from skills.service import Skills
from web.api import endpoint, openapi, websocket
from web.api.actions import ActionRoutes, Calls
from web.api.blueprints import BlueprintRoutes
from web.api.connection import Parts
from web.api.counters import Counters
from web.api.endpoint import Endpoint
from web.api.events import EventRoutes, Publisher
from web.api.house import DocumentRoute, HouseRoutes
from web.api.metrics import Metrics
from web.api.notifications import NotificationRoutes
from web.api.people import PeopleRoutes
from web.api.skills import SkillRoutes
from web.api.states import StateRoutes
from web.api.status import Healthz
from web.api.testing import TestingRoutes
from web.api.traffic import Traffic
from web.sessions import Sessions
from web.tokens import Tokens


def routes(hub: Hub, sessions: Sessions, tokens: Tokens, traffic: Traffic) -> list[BaseRoute]:
    """Every address of the API."""
    calls, publisher = _doers(hub)
    parts = Parts(hub.bus, hub.states, hub.people, hub.tasks, calls, publisher)
    sockets = websocket.WebSockets(parts, tokens, sessions, hub.clock)
    metrics = Metrics(
        counters=Counters(hub.bus),
        traffic=traffic,
        states=hub.states,
        health=hub.health,
        people=hub.people,
        tasks=hub.tasks,
        clock=hub.clock,
        sockets=sockets,
    )
    return [
        *(endpoint.route(found, hub.people) for found in endpoints(hub, calls, publisher)),
        WebSocketRoute(websocket.PATH, sockets),
        Healthz(hub.health).route(),
        metrics.route(),
    ]


def described(hub: Hub) -> dict[str, Any]:
    """The OpenAPI document, without serving anything; for the reference in docs/."""
    return openapi.document(endpoints(hub, *_doers(hub)), __version__)


def endpoints(hub: Hub, calls: Calls, publisher: Publisher) -> list[Endpoint]:
    """The table: what is served, and what the document describes."""
    document = DocumentRoute()
    skills = hub.part(Skills)
    table = [
        *HouseRoutes(hub.home, hub.health, hub.registry, hub.entities).endpoints(),
        document.endpoint(),
        *StateRoutes(hub.states, hub.registry, hub.entities, hub.history, hub.clock).endpoints(),
        *ActionRoutes(hub.actions, calls).endpoints(),
        *EventRoutes(publisher, hub.history, hub.clock).endpoints(),
        *SkillRoutes(skills).endpoints(),
        *BlueprintRoutes(skills).endpoints(),
        *NotificationRoutes(hub.notify, hub.actions).endpoints(),
        *PeopleRoutes(hub.people, hub.recorder).endpoints(),
    ]
    if hub.config.testing.movable_clock and isinstance(hub.clock, SystemClock):
        table += TestingRoutes(hub.clock).endpoints()
    document.describe(table)
    return table


def _doers(hub: Hub) -> tuple[Calls, Publisher]:
    return Calls(hub.actions, hub.states, hub.registry), Publisher(hub.bus, hub.clock)
