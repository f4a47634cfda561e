"""Programs that come with a token: a person's long-lived one, or this machine's own.

`Authorization: Bearer …` (RFC 6750). A right token is never kept waiting; wrong ones are
counted per address, so that guessing costs the guesser and not the house.
"""

from __future__ import annotations

import ipaddress
import math
import secrets
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from hub.access import People, token_hash
from hub.context import Context, Origin
from hub.errors import HubError, Retry
from store.people import PersonRow
from web.limits import Guesses
from web.words import _

# A proxy on this machine makes every visitor look local; it says so in one of these.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Unauthenticated(HubError):
    """Nobody knows who is asking. HTTP 401."""


class TooMany(Retry):
    """Too many wrong tokens from this address. HTTP 429 (RFC 6585, section 4)."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a program is. `person` None is the hub itself: this machine, before there is an owner.

    `token_hash` names the long-lived token that was shown; empty for any other way in.
    """

    person: PersonRow | None
    origin: Origin
    token_hash: str = ""

    @property
    def person_id(self) -> str | None:
        """Whose limits hold."""
        return self.person.id if self.person else None

    def context(self) -> Context:
        """A new cause, for what the caller does now."""
        return Context.new(self.origin, person_id=self.person_id)


class Tokens:
    """Finds who a token stands for."""

    def __init__(self, people: People, local_token: str, guesses: Guesses) -> None:
        self._people = people
        self._local_token = local_token.encode()
        self._guesses = guesses

    async def find(self, text: str, connection: HTTPConnection) -> Caller | None:
        """The caller, or None for a wrong token. Raises TooMany after too many wrong ones."""
        if secrets.compare_digest(text.encode(), self._local_token) and is_local(connection):
            return Caller(self._people.owner, "cli")
        if person := await self._people.by_token(text):
            return Caller(person, "api", token_hash(text))
        self._count_wrong(text, connection)
        return None

    def _count_wrong(self, text: str, connection: HTTPConnection) -> None:
        address = connection.client.host if connection.client else ""
        # The same wrong token again is a program that was forgotten: a limit of its own.
        wait = self._guesses.take(f"token {token_hash(text)}", address)
        if wait > 0:
            raise TooMany(
                _("Too many wrong tokens came from this address."),
                after=math.ceil(wait),
                remedy=_("Correct the token, or make a new one under Settings, then wait."),
            )


def is_local(connection: HTTPConnection) -> bool:
    """Whether the request was made on this machine, and not passed on by a proxy on it."""
    host = connection.client.host if connection.client else ""
    if any(name in connection.headers for name in _FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
