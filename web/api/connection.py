"""One WebSocket client: its commands, its subscriptions, and what it is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from hub.access import People
from hub.bus import Bus, Unsubscribe
from hub.errors import Broken, HubError, Invalid, NotFound
from hub.events import STATE_CHANGED, Event
from hub.states import States
from hub.tasks import Tasks
from web.api import messages, sight
from web.api.actions import Calls
from web.api.encode import encode
from web.api.events import FIRE, Publisher
from web.api.messages import (
    CallAction,
    FireEvent,
    GetStates,
    Ping,
    SetState,
    SubscribeEvents,
    SupportedFeatures,
)
from web.api.wire import Wire
from web.errors import of_the_disk
from web.sight import MANAGE_SYSTEM, SEE
from web.tokens import Caller

_log = logging.getLogger(__name__)

POLICY, GOING_AWAY = 1008, 1001  # RFC 6455, section 7.4.1; the reason says which rule
_MOST_CALLS = 100
_MOST_SUBSCRIPTIONS = 1000
# Seconds of commands in a row before the others of the loop have their turn.
_LONGEST_TURN = 0.002
# A command that was waited for longer than this begins a new turn.
_PAUSE = 0.0005


@dataclass(frozen=True, slots=True)
class Parts:
    """What connections need of the hub."""

    bus: Bus
    states: States
    people: People
    tasks: Tasks
    calls: Calls
    publisher: Publisher


@dataclass(frozen=True, slots=True)
class Ending:
    """Why the hub hangs up; `code` as in RFC 6455, section 7.4.1."""

    code: int
    reason: str


class EventText:
    """An event as JSON, written once however many are told."""

    def __init__(self) -> None:
        self._event: Event | None = None
        self._text = b""

    def of(self, event: Event) -> bytes:
        """The text; the last one is kept."""
        if event is not self._event:
            self._text, self._event = encode(event), event
        return self._text


class Connection:
    """Answers the commands of a caller that was let in."""

    def __init__(self, parts: Parts, caller: Caller, wire: Wire, text: EventText) -> None:
        self._parts, self._caller, self._wire, self._text = parts, caller, wire, text
        self._subscriptions: dict[int, list[Unsubscribe]] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._stood_at = -1
        self._token_ends = parts.people.token_end(caller.token_hash) is not None
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    async def read(self, receive: Callable[[], Any]) -> None:
        """Take commands until the client hangs up."""
        wire, calls = self._wire, self._calls
        began = ended = perf_counter()
        while True:
            message = await receive()
            now = perf_counter()
            if now - ended > _PAUSE:
                began = now
            if message["type"] != "websocket.receive":
                return
            self._take(message.get("text") or message.get("bytes") or "")
            if wire.full:
                await wire.has_room()
            if len(calls) >= _MOST_CALLS:
                await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            # A burst that lies there already never waits for the network: it must pause itself.
            ended = perf_counter()
            if ended - began > _LONGEST_TURN:
                await asyncio.sleep(0)
                began = ended = perf_counter()

    def close(self) -> None:
        """The client is gone: end what it asked for. Calls that have begun go on."""
        for endings in self._subscriptions.values():
            _end(endings)
        self._subscriptions.clear()

    def stands(self) -> bool:
        """Whether the caller may still be here; ends the connection when not."""
        caller, people = self._caller, self._parts.people
        if self._stood_at == people.revision and not self._token_ends:
            return True
        self._stood_at = people.revision
        if caller.token_hash:
            good = people.token_stands(caller.token_hash)
        else:
            row = people.get(caller.person_id) if caller.person_id else None
            good = caller.person is None or (row is not None and not row.disabled)
        if not good:
            self._stood_at = -1
            self.end("This token or account is no longer good.")
        return good

    def end(self, reason: str, code: int = POLICY) -> None:
        """Hang up, with a reason."""
        if not self.ended.done():
            self.ended.set_result(Ending(code, reason))

    def _take(self, text: str | bytes) -> None:
        try:
            command = messages.read(text)
        except Invalid as error:
            self._wire.put(messages.failure(messages.id_of(text), error))
            return
        if not self.stands():
            return
        if isinstance(command, CallAction):
            task = self._parts.tasks.spawn(self._call(command), f"API call {command.action}")
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)
            return
        if isinstance(command, Ping):
            self._wire.put(b'{"id":%d,"type":"pong"}' % command.id)
            return
        try:
            answer = messages.result(command.id, self._do(command))
        except Exception as error:  # noqa: BLE001 - the client is told, whatever it was
            answer = messages.failure(command.id, _sentence(error))
        self._wire.put(answer)

    def _do(self, command: messages.Any_) -> Any:
        match command:
            case SetState():
                return self._set_state(command)
            case SubscribeEvents():
                return self._subscribe(command)
            case messages.Unsubscribe():
                return self._unsubscribe(command.subscription)
            case GetStates():
                found = self._parts.states.all(command.domain or None)
                return [state for state in found if self._sees(state.entity_id)]
            case FireEvent():
                context = self._caller.context()
                self._parts.people.require(context, FIRE)
                return self._parts.publisher.publish(
                    command.event_type, command.event_data, context
                )
            case SupportedFeatures():
                self._wire.coalesce = command.coalesce
        return None

    def _set_state(self, command: SetState) -> Any:
        context = self._caller.context()
        self._parts.people.require(context, MANAGE_SYSTEM)
        return self._parts.states.set(command.entity_id, command.state, command.attributes, context)

    async def _call(self, command: CallAction) -> None:
        context = self._caller.context()
        try:
            called = await self._parts.calls.call(command.action, command.body, context)
            answer = messages.result(command.id, called)
        except Exception as error:  # noqa: BLE001 - the client is told, whatever it was
            answer = messages.failure(command.id, _sentence(error))
        self._wire.put(answer)

    def _subscribe(self, command: SubscribeEvents) -> None:
        if command.id in self._subscriptions:
            raise Invalid(
                f"There is a subscription {command.id} already.",
                where="id",
                remedy="Give each command an id of its own.",
            )
        types, entity_ids = _list(command.event_type), _list(command.entity_id)
        if entity_ids and types not in ([], [STATE_CHANGED]):
            raise Invalid(
                "Only state_changed can be narrowed to entities.",
                where="entity_id",
                remedy="Leave entity_id out, or subscribe twice.",
            )
        count = len(types or [""]) * len(entity_ids or [""])
        if count + sum(map(len, self._subscriptions.values())) > _MOST_SUBSCRIPTIONS:
            raise Invalid(
                f"One connection may have {_MOST_SUBSCRIPTIONS} subscriptions.",
                remedy="Subscribe to state_changed without entity_id instead.",
            )
        wanted: Iterable[tuple[str | None, str | None]] = [(kind, None) for kind in types]
        if entity_ids:
            wanted = [(STATE_CHANGED, entity_id) for entity_id in entity_ids]
        tell = self._teller(command.id)
        self._subscriptions[command.id] = [
            self._parts.bus.subscribe(kind, tell, entity_id=entity_id)
            for kind, entity_id in wanted or [(None, None)]
        ]

    def _unsubscribe(self, command_id: int) -> None:
        endings = self._subscriptions.pop(command_id, None)
        if endings is None:
            raise NotFound(f"There is no subscription {command_id}.", where="subscription")
        _end(endings)

    def _teller(self, command_id: int) -> Callable[[Event], None]:
        head = b'{"id":%d,"type":"event","event":' % command_id
        people, person_id = self._parts.people, self._caller.person_id
        put, text, stands, sees = self._wire.put, self._text.of, self.stands, sight.sees

        def tell(event: Event) -> None:
            if stands() and sees(people, person_id, event):
                put(head + text(event) + b"}")

        return tell

    def _sees(self, entity_id: str) -> bool:
        return self._parts.people.may(self._caller.person_id, SEE, (entity_id,))


def _end(endings: Iterable[Unsubscribe]) -> None:
    for end in endings:
        end()


def _list(words: messages.Words) -> list[str]:
    if words is None:
        return []
    return [words] if isinstance(words, str) else list(dict.fromkeys(words))


def _sentence(error: Exception) -> HubError:
    if isinstance(error, HubError):
        return error
    if trouble := of_the_disk(error):
        _log.warning("A command of the WebSocket: %s", error)
        return trouble
    _log.error("A command of the WebSocket failed", exc_info=error)
    return Broken(
        f"The hub failed at this command: {type(error).__name__}.", remedy="Its log says why."
    )
