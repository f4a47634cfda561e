"""States, now and before."""

from __future__ import annotations

from typing import Annotated, Any, cast

from msgspec import Meta, Struct

from hub.clock import Clock
from hub.context import Context, Origin
from hub.entities import Entities
from hub.errors import Invalid, NotFound, Refused
from hub.registry import Registry
from hub.states import State, States
from store.history import History, StateRow
from web.api.endpoint import Asked, Body, Endpoint, Query, delete, get, put
from web.sight import MANAGE_SYSTEM

_DAY = 86400.0


class StatesQuery(Query):
    """Which states."""

    domain: str = ""
    area: Annotated[str, Meta(description="Id of an area.")] = ""


class StateBody(Body):
    """What an entity is now. Attributes that are left out stay as they are."""

    state: Annotated[str, Meta(max_length=255)]
    attributes: dict[str, Any] | None = None


class HistoryQuery(Query):
    """Whose past, from when to when (epoch seconds; by default the last 24 hours)."""

    entity_id: Annotated[str, Meta(description="One entity id, or several with commas between.")]
    since: float | None = None
    until: float | None = None
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1000


class Change(Struct, frozen=True):
    """A recorded state; `state` null means that the entity was removed."""

    entity_id: str
    state: str | None
    attributes: dict[str, Any]
    last_changed: float
    last_updated: float
    context: Context


class StateRoutes:
    """Addresses of states."""

    def __init__(
        self,
        states: States,
        registry: Registry,
        entities: Entities,
        history: History,
        clock: Clock,
    ) -> None:
        self._states, self._registry, self._entities = states, registry, entities
        self._history, self._clock = history, clock

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            get("/api/states", self.all),
            get("/api/states/{entity_id}", self.one),
            put("/api/states/{entity_id}", self.set, permission=MANAGE_SYSTEM),
            delete("/api/states/{entity_id}", self.remove, permission=MANAGE_SYSTEM),
            get("/api/history", self.history),
        ]

    async def all(self, asked: Asked, query: StatesQuery) -> list[State]:
        """The states that the caller may see, by entity id."""
        found = self._states.all(query.domain or None)
        return [s for s in found if asked.sees(s.entity_id) and self._is_in(s, query.area)]

    async def one(self, asked: Asked, entity_id: str) -> State:
        """One entity's state."""
        state = self._states.get(entity_id)
        # Whoever may not see it learns nothing, not even that it is there.
        if state is None or not asked.sees(entity_id):
            raise _absent(entity_id)
        return state

    async def set(self, asked: Asked, entity_id: str, body: StateBody) -> State:
        """Say what an entity is now.

        For helpers and for trying things out: a device is not told; call an action for that.
        """
        return self._states.set(entity_id, body.state, body.attributes, asked.context)

    async def remove(self, asked: Asked, entity_id: str) -> None:
        """Forget an entity that no integration reports."""
        if self._states.get(entity_id) is None:
            raise _absent(entity_id)
        if self._entities.description(entity_id) is not None:
            raise Refused(
                f"{entity_id} belongs to a running integration, which would report it again.",
                remedy="Remove the device or the integration instead.",
            )
        self._states.remove(entity_id, asked.context)

    async def history(self, asked: Asked, query: HistoryQuery) -> list[Change]:
        """What entities were, the oldest change first."""
        until = query.until if query.until is not None else self._clock.time()
        since = query.since if query.since is not None else until - _DAY
        wanted = [part.strip() for part in query.entity_id.split(",") if part.strip()]
        if not wanted:
            raise Invalid("No entity is named.", where="query.entity_id")
        seen = [entity_id for entity_id in wanted if asked.sees(entity_id)]
        rows = await self._history.states(seen, since, until, query.limit)
        return [_change(row) for row in rows]

    def _is_in(self, state: State, area_id: str) -> bool:
        area = self._registry.area_of(state.entity_id)
        return not area_id or (area is not None and area.id == area_id)


def _absent(entity_id: str) -> NotFound:
    return NotFound(
        f"There is no entity {entity_id}.", remedy="GET /api/states lists those that there are."
    )


def _change(row: StateRow) -> Change:
    context = Context(row.context_id, row.parent_id, row.person_id, cast(Origin, row.origin))
    return Change(
        row.entity_id, row.state, row.attributes, row.last_changed, row.last_updated, context
    )
