"""The one door to effects: `actions.call(name, data, target, context)`.

An action is a typed async function. Its name, docstring and signature are at once the schema,
the form, the command, the REST call, the blueprint step and the model's tool. A call goes
permission -> approval -> dry run -> do -> audit, whoever makes it.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from hub.access import People
from hub.bus import Bus
from hub.clock import Clock
from hub.context import Context
from hub.errors import Broken, HubError, Invalid, NotFound, Refused
from hub.events import ACTION_CALLED, Event
from hub.registry import Registry, Target
from hub.sentences import trouble

_log = logging.getLogger(__name__)

Risk = Literal["safe", "asks", "forbidden"]
Effect = Literal["repeatable", "once"]
Response = Any

# What is never written into the audit log or told to listeners.
_HIDDEN = frozenset({"code", "password", "pin", "secret", "token"})


@dataclass(frozen=True, slots=True)
class Call:
    """What an action's function gets beside its own data.

    `key` names this very effect, the same when a run repeats it after a crash: an action that
    stores can use it to store once.
    """

    action: str
    entity_ids: tuple[str, ...]
    context: Context
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A declared action. Made by `@action`, kept by `Actions`.

    `risk`: `safe`; `asks` (a model needs a person's yes); `forbidden` to models. `effect`:
    `repeatable` may run again after a crash, `once` never by itself, unless it is `keyed`: called
    again with the same `Call.key` it does nothing more. `domains`: which entities it can act on
    (none named: any). `undo`: the action that takes it back.
    """

    name: str
    function: Callable[..., Awaitable[Response]]
    data: type[msgspec.Struct]
    summary: str
    needs_target: bool = False
    domains: tuple[str, ...] = ()
    risk: Risk = "safe"
    effect: Effect = "repeatable"
    responds: bool = False
    undo: str = ""
    integration: str = "hub"
    free_data: bool = False
    keyed: bool = False

    def schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of its data."""
        (found,), components = msgspec.json.schema_components(
            [self.data], ref_template="#/components/schemas/{name}"
        )
        return dict(components[self.data.__name__] if "$ref" in found else found)


def action(
    name: str,
    *,
    needs_target: bool = False,
    domains: tuple[str, ...] = (),
    risk: Risk = "safe",
    effect: Effect = "repeatable",
    undo: str = "",
    free_data: bool = False,
    keyed: bool = False,
) -> Callable[[Callable[..., Awaitable[Response]]], Action]:
    """Declare an action: `@action("light.turn_on", needs_target=True)` on
    `async def turn_on(call: Call, brightness: int | None = None) -> None`.

    The parameters after `call` are its data (use `Annotated[int, msgspec.Meta(ge=0)]` for
    limits and a description). `free_data` hands over unknown keys as a mapping `extra`.
    """

    def declare(function: Callable[..., Awaitable[Response]]) -> Action:
        hints = get_type_hints(function, include_extras=True)
        return Action(
            name=name,
            function=function,
            data=_data_struct(name, function, hints, free_data),
            summary=inspect.getdoc(function) or "",
            needs_target=needs_target,
            domains=domains,
            risk=risk,
            effect=effect,
            responds=hints.get("return") is not type(None),
            undo=undo,
            free_data=free_data,
            keyed=keyed,
        )

    return declare


@dataclass(slots=True)
class CapturedCall:
    """A call that a dry run did not make."""

    action: str
    data: Mapping[str, Any]
    entity_ids: tuple[str, ...]


@dataclass(slots=True)
class Actions:
    """Every action there is, and the way to call one."""

    bus: Bus
    clock: Clock
    registry: Registry
    people: People
    _actions: dict[str, Action] = field(default_factory=dict)

    def register(self, declared: Action) -> Callable[[], None]:
        """Add an action; the answer removes it. Raises Invalid when the name is taken."""
        if declared.name in self._actions:
            raise Invalid(
                f"There is already an action {declared.name}.", culprit=declared.integration
            )
        self._actions[declared.name] = declared

        def remove() -> None:
            self._actions.pop(declared.name, None)

        return remove

    def get(self, name: str) -> Action | None:
        """The action of this name, or None."""
        return self._actions.get(name)

    def all(self) -> list[Action]:
        """Every action, by name."""
        return [self._actions[name] for name in sorted(self._actions)]

    async def call(
        self,
        name: str,
        data: Mapping[str, Any] | None = None,
        target: Any = None,
        context: Context | None = None,
        *,
        dry_run: bool = False,
        approved: bool = False,
        key: str | None = None,
    ) -> Response:
        """Do something. `target` is what `Target.of` takes; keys of a target in `data`
        (`entity_id`, ...) are taken as the target too. `dry_run` checks all and does nothing: the
        answer is a CapturedCall. `key` names this effect over restarts.

        Raises NotFound, Invalid, Refused (permission, or a model without a yes), and whatever
        the action raises; an unexpected error becomes Broken with the culprit's name.
        """
        declared = self._actions.get(name)
        if declared is None:
            raise NotFound(f"There is no action “{name}”.", remedy=self._near(name))
        cause = context or Context.new()
        outcome, reason = "failed", ""
        entity_ids: tuple[str, ...] = ()
        values: Mapping[str, Any] = data or {}
        try:
            values, entity_ids = self._prepare(declared, values, target)
            arguments = _arguments(declared, values)
            self.people.require(cause, name, entity_ids)
            _require_approval(declared, cause, approved)
            if dry_run:
                outcome = "dry run"
                return CapturedCall(name, values, entity_ids)
            made = Call(name, entity_ids, cause, key)
            response = await _do(declared, made, arguments)
            outcome = "done"
            return response
        except Refused as error:
            outcome, reason = "refused", str(error)
            raise
        except HubError as error:
            reason = str(error)
            raise
        except asyncio.CancelledError:
            reason = "It was interrupted."
            raise
        finally:
            self._tell(declared, values, entity_ids, cause, outcome, reason)

    def _prepare(
        self, declared: Action, data: Mapping[str, Any], target: Any
    ) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        wanted = Target.of(target)
        if data and (declared.domains or declared.needs_target):
            own = declared.data.__struct_fields__
            inline = {k: data[k] for k in Target.__struct_fields__ if k in data and k not in own}
            if inline:
                data = {k: v for k, v in data.items() if k not in inline}
                wanted = wanted.with_(Target.of(inline))
        if not wanted:
            if declared.needs_target:
                raise Invalid(
                    f"{declared.name} needs a target.",
                    where="target",
                    remedy="Name an entity, device, area, floor or label.",
                )
            return data, ()
        entity_ids = self.registry.resolve(wanted)
        return data, self._fitting(declared, wanted, entity_ids)

    def _fitting(self, declared: Action, target: Target, entity_ids: list[str]) -> tuple[str, ...]:
        fits = [e for e in entity_ids if _fits(declared, e)]
        # Most calls name what they act on, and it fits.
        every = len(fits) == len(entity_ids)
        wrong = [] if every else [e for e in target.entity_id if e not in fits]
        if wrong:
            raise Invalid(
                f"{declared.name} can't act on {', '.join(wrong)}.",
                where="target.entity_id",
                remedy=f"It acts on: {', '.join(declared.domains)}.",
            )
        missing = [e for e in target.entity_id if e not in self.registry.entities]
        if missing:
            raise NotFound(
                f"There is no entity {', '.join(missing)}.",
                where="target.entity_id",
                remedy="Look under Home, or use `hub state list`.",
            )
        return tuple(fits)

    def _near(self, name: str) -> str:
        domain = name.partition(".")[0]
        near = [known for known in sorted(self._actions) if known.startswith(domain + ".")]
        return f"Of {domain} there are: {', '.join(near)}." if near else "See `hub action list`."

    def _tell(
        self,
        declared: Action,
        data: Mapping[str, Any],
        entity_ids: tuple[str, ...],
        context: Context,
        outcome: str,
        reason: str,
    ) -> None:
        about = {
            "action": declared.name,
            "data": _masked(data),
            "entity_ids": entity_ids,
            "outcome": outcome,
            "reason": reason,
        }
        self.bus.publish(Event(ACTION_CALLED, about, self.clock.time(), context))


def _require_approval(declared: Action, context: Context, approved: bool) -> None:
    if context.origin != "model" or declared.risk == "safe":
        return
    if declared.risk == "forbidden":
        raise Refused(f"A model may never do {declared.name}.", culprit=declared.name)
    if not approved:
        raise Refused(
            f"{declared.name} needs a person's yes.",
            remedy="Ask for it first.",
            culprit=declared.name,
        )


async def _do(declared: Action, call: Call, arguments: dict[str, Any]) -> Response:
    try:
        return await declared.function(call, **arguments)
    except HubError:
        raise
    except Exception as error:
        _log.exception("Action %s failed", declared.name)
        raise Broken(
            f"{declared.name} failed: {type(error).__name__}: {error}.",
            remedy="Look at the integration's page.",
            culprit=declared.integration,
        ) from error


def _arguments(declared: Action, data: Mapping[str, Any]) -> dict[str, Any]:
    known = declared.data.__struct_fields__
    extra = {key: value for key, value in data.items() if key not in known}
    if extra and not declared.free_data:
        raise Invalid(
            f"{declared.name} has no field {', '.join(extra)}.",
            where=f"data.{next(iter(extra))}",
            remedy=f"It has: {', '.join(known) or 'none'}.",
        )
    try:
        values = msgspec.convert(
            {key: value for key, value in data.items() if key in known}, declared.data, strict=False
        )
    except msgspec.ValidationError as error:
        found = trouble(error)
        raise Invalid(
            f"{declared.name}: {found}.",
            where=f"data.{found.path}".rstrip("."),
            remedy=_choices(declared, found.path),
        ) from error
    arguments = {name: getattr(values, name) for name in known}
    return arguments | {"extra": extra} if declared.free_data else arguments


def _choices(declared: Action, path: str) -> str:
    """The words that a field takes, when it takes only some."""
    kinds = [f.type for f in msgspec.structs.fields(declared.data) if f.name == path]
    words = [
        word
        for kind in kinds
        for one in (kind, *get_args(kind))
        if get_origin(one) is Literal
        for word in get_args(one)
    ]
    return f"Use one of: {', '.join(map(str, words))}." if words else ""


def _masked(data: Mapping[str, Any]) -> Mapping[str, Any]:
    if _HIDDEN.isdisjoint(data):
        return data
    return {key: "•••" if key in _HIDDEN else value for key, value in data.items()}


def _data_struct(
    name: str, function: Callable[..., Any], hints: dict[str, Any], free_data: bool
) -> type[msgspec.Struct]:
    fields: list[Any] = []
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if free_data and parameter.name == "extra":
            continue
        hint = hints[parameter.name]
        if parameter.default is inspect.Parameter.empty:
            fields.append((parameter.name, hint))
        else:
            fields.append((parameter.name, hint, parameter.default))
    title = "".join(part.title() for part in name.replace(".", "_").split("_"))
    return msgspec.defstruct(title, fields, kw_only=True)


def _fits(declared: Action, entity_id: str) -> bool:
    return not declared.domains or entity_id.partition(".")[0] in declared.domains
