"""Actions: which there are, and calling one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from hub.actions import Action, Actions, CapturedCall, Effect, Risk
from hub.context import Context
from hub.errors import NotFound
from hub.registry import Registry, Target
from hub.states import State, States
from web.api.endpoint import Asked, Body, Endpoint, Query, get, post
from web.sight import SEE

TargetGiven = str | list[str] | dict[str, str | list[str]] | None


class ActionQuery(Query):
    """Which actions."""

    domain: str = ""


class ActionInfo(Struct, frozen=True):
    """An action as it was declared. `schema` is the JSON Schema of its data."""

    name: str
    summary: str
    integration: str
    needs_target: bool
    domains: list[str]
    risk: Risk
    effect: Effect
    responds: bool
    undo: str
    allowed: Annotated[bool, Meta(description="Whether the caller may do it at all.")]
    schema: dict[str, Any]


class CallBody(Body):
    """A call: the action's data and what it acts on."""

    data: dict[str, Any] = field(default_factory=dict)
    target: Annotated[
        TargetGiven,
        Meta(
            description="An entity id, a list of them, or a mapping of entity_id, device_id, "
            "area_id, floor_id, label_id."
        ),
    ] = None
    dry_run: Annotated[bool, Meta(description="Check everything, do nothing.")] = False


class Would(Struct, frozen=True):
    """The call that a dry run did not make."""

    action: str
    data: Mapping[str, Any]
    entity_ids: list[str]


class Called(Struct, frozen=True):
    """How a call went: what the action answered and what its entities are now."""

    action: str
    dry_run: bool
    context: Context
    response: Any = None
    would: Would | None = None
    states: list[State] = []


class Calls:
    """Calls actions for REST and WebSocket alike."""

    def __init__(self, actions: Actions, states: States, registry: Registry) -> None:
        self._actions, self._states, self._registry = actions, states, registry

    async def call(self, name: str, body: CallBody, context: Context) -> Called:
        """Call an action. Raises what `Actions.call` raises."""
        response = await self._actions.call(
            name, body.data, body.target, context, dry_run=body.dry_run
        )
        if isinstance(response, CapturedCall):
            would = Would(response.action, response.data, list(response.entity_ids))
            return Called(name, True, context, would=would)
        return Called(name, False, context, response, states=self._now(name, body))

    def _now(self, name: str, body: CallBody) -> list[State]:
        declared = self._actions.get(name)
        if declared is None or not declared.domains:
            return []
        inline = {k: body.data[k] for k in Target.__struct_fields__ if k in body.data}
        wanted = self._registry.resolve(Target.of(body.target or inline))
        found = [state for state in map(self._states.get, wanted) if state is not None]
        return [s for s in found if {s.domain, ""} & {*declared.domains}]


class ActionRoutes:
    """Addresses of actions."""

    def __init__(self, actions: Actions, calls: Calls) -> None:
        self._actions, self._calls = actions, calls

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            get("/api/actions", self.all),
            get("/api/actions/{name}", self.one),
            # What a caller may do is asked by the call itself, for each entity.
            post("/api/actions/{name}", self.call, permission=SEE),
        ]

    async def all(self, asked: Asked, query: ActionQuery) -> list[ActionInfo]:
        """Every action, by name."""
        return [
            _info(action, asked)
            for action in self._actions.all()
            if query.domain in ("", action.name.partition(".")[0])
        ]

    async def one(self, asked: Asked, name: str) -> ActionInfo:
        """One action with the schema of its data."""
        action = self._actions.get(name)
        if action is None:
            raise NotFound(f"There is no action “{name}”.", remedy="GET /api/actions lists them.")
        return _info(action, asked)

    async def call(self, asked: Asked, name: str, body: CallBody) -> Called:
        """Do something, or with `dry_run` check it and say what would be done."""
        return await self._calls.call(name, body, asked.context)


def _info(action: Action, asked: Asked) -> ActionInfo:
    return ActionInfo(
        action.name,
        action.summary,
        action.integration,
        action.needs_target,
        list(action.domains),
        action.risk,
        action.effect,
        action.responds,
        action.undo,
        asked.may(action.name),
        action.schema(),
    )
