"""What a WebSocket client may say, and how it is answered. One JSON object a message."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from hub.errors import HubError, Invalid
from web.api import encode
from web.api.actions import CallBody, TargetGiven

Words = str | list[str] | None
# Beyond 2^53 a JavaScript client could not name its own command.
Id = Annotated[int, Meta(ge=0, le=2**53)]


class Auth(Struct, tag="auth", frozen=True):
    """The first message, unless the handshake brought a token or a session."""

    token: str


class Command(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Base of what comes after it. The client chooses `id`; the answer repeats it."""

    id: Id


class SubscribeEvents(Command, tag="subscribe_events", frozen=True):
    """Be told of events, of some types or entities or of all, under this command's id."""

    event_type: Words = None
    entity_id: Words = None


class Unsubscribe(Command, tag="unsubscribe", frozen=True):
    """End the subscription that was made by the command of that id."""

    subscription: Id


class GetStates(Command, tag="get_states", frozen=True):
    """Every state that the caller may see."""

    domain: str = ""


class CallAction(Command, tag="call_action", frozen=True):
    """Call an action. Calls run side by side; each is answered when it has ended."""

    action: str
    data: dict[str, Any] = {}
    target: TargetGiven = None
    dry_run: bool = False

    @property
    def body(self) -> CallBody:
        """The same as REST takes it."""
        return CallBody(data=self.data, target=self.target, dry_run=self.dry_run)


class SetState(Command, tag="set_state", frozen=True):
    """Say what an entity is now. Attributes that are left out stay as they are."""

    entity_id: str
    state: str
    attributes: dict[str, Any] | None = None


class FireEvent(Command, tag="fire_event", frozen=True):
    """Publish an event of a type of one's own."""

    event_type: str
    event_data: dict[str, Any] = {}


class Ping(Command, tag="ping", frozen=True):
    """Answered with a pong."""


class SupportedFeatures(Command, tag="supported_features", frozen=True):
    """What the client can read. `coalesce`: arrays of several messages in one frame."""

    coalesce: bool = False


Any_ = (
    SetState
    | CallAction
    | SubscribeEvents
    | Unsubscribe
    | GetStates
    | FireEvent
    | Ping
    | SupportedFeatures
)


class _Loose(Struct):
    id: Any = None


_commands: msgspec.json.Decoder[Any_] = msgspec.json.Decoder(Any_)
_auth = msgspec.json.Decoder(Auth)
_loose = msgspec.json.Decoder(_Loose)


def read(text: str | bytes) -> Any_:
    """A command. Raises Invalid with a sentence."""
    return encode.read(_commands.decode, text, "message")


def read_auth(text: str | bytes) -> str:
    """The token of the first message. Raises Invalid."""
    try:
        return encode.read(_auth.decode, text, "message").token
    except Invalid as error:
        raise Invalid(
            "The first message must be an auth message.",
            where="message",
            remedy='Send {"type": "auth", "token": "…"}.',
        ) from error


def id_of(text: str | bytes) -> int | None:
    """The id of a command that could not be read, if at least that can be."""
    try:
        found = encode.read(_loose.decode, text, "message").id
    except Invalid:
        return None
    return found if isinstance(found, int) else None


def result(command_id: int, value: Any = None) -> bytes:
    """The answer to a command that went well."""
    return b'{"id":%d,"type":"result","success":true,"result":%b}' % (
        command_id,
        encode.encode(value),
    )


def failure(command_id: int | None, error: HubError) -> bytes:
    """The answer to a command that did not."""
    answer = {
        "id": command_id,
        "type": "result",
        "success": False,
        "error": encode.encode_error(error),
    }
    return encode.encode(answer)
