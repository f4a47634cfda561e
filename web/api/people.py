"""People and their tokens."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from hub.access import People, hash_password
from hub.errors import NeedsPerson, Refused
from hub.recorder import Recorder
from store.people import PersonRow, TokenRow, end_sessions
from web.api.endpoint import Asked, Body, Endpoint, delete, get, patch, post
from web.sight import MANAGE_PEOPLE, SEE, SEE_PEOPLE


class Me(Struct, frozen=True):
    """Who the hub takes the caller for."""

    id: str
    name: str
    role: str
    language: str


class PersonInfo(Struct, frozen=True, omit_defaults=True):
    """A person. What follows `role` is shown to those who manage people."""

    id: str
    name: str
    role: str
    sign_in_name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    disabled: bool | None = None
    created_at: float | None = None


class PersonBody(Body):
    """A new person. Without a password they can't sign in, but be notified."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    role: Annotated[str, Meta(description="owner, adult, child or guest.")] = "adult"
    password: str | None = None
    sign_in_name: str = ""
    language: str = "en"
    time_zone: str = ""


class PersonChange(Body):
    """What to change of a person. A new password signs them out everywhere."""

    name: str | None = None
    role: Annotated[str | None, Meta(description="owner, adult, child or guest.")] = None
    password: str | None = None
    sign_in_name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    disabled: bool | None = None


class TokenInfo(Struct, frozen=True):
    """A long-lived token, without its text. Times in epoch seconds."""

    id: str
    name: str
    person_id: str
    created_at: float
    used_at: float | None
    expires_at: float | None


class NewToken(Struct, frozen=True):
    """A token that was made. Its text is shown this once."""

    token: str
    id: str
    name: str
    person_id: str
    created_at: float
    expires_at: float | None


class TokenBody(Body):
    """A token to make."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    lasts: Annotated[
        Annotated[float, Meta(gt=0)] | None, Meta(description="Seconds; left out: for ever.")
    ] = None
    person: Annotated[str, Meta(description="For somebody else: id or name.")] = ""


def me(row: PersonRow) -> Me:
    """A person as they are told about themselves."""
    return Me(row.id, row.name, row.role, row.language)


class PeopleRoutes:
    """Addresses of people and tokens."""

    def __init__(self, people: People, recorder: Recorder) -> None:
        self._people, self._recorder = people, recorder

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            get("/api/people", self.all, permission=SEE_PEOPLE),
            post("/api/people", self.add, permission=MANAGE_PEOPLE, status=201),
            get("/api/people/me", self.me, permission=""),
            patch("/api/people/{person}", self.change, permission=MANAGE_PEOPLE),
            delete("/api/people/{person}", self.remove, permission=MANAGE_PEOPLE),
            get("/api/tokens", self.tokens, permission=""),
            post("/api/tokens", self.make_token, permission=SEE, status=201),
            delete("/api/tokens/{token_id}", self.revoke, permission=""),
        ]

    async def all(self, asked: Asked) -> list[PersonInfo]:
        """Everybody; details for those who manage people."""
        full = asked.may(MANAGE_PEOPLE)
        return [_person(row, full) for row in self._people.all()]

    async def add(self, asked: Asked, body: PersonBody) -> PersonInfo:
        """Add a person."""
        row = await self._people.add(
            body.name,
            body.password,
            body.role,
            sign_in_name=body.sign_in_name,
            language=body.language,
            time_zone=body.time_zone,
        )
        self._recorder.audit("person", row.name, "added", asked.context, data={"role": row.role})
        return _person(row, full=True)

    async def change(self, asked: Asked, person: str, body: PersonChange) -> PersonInfo:
        """Change a person, named by id or name. What is left out stays."""
        row = self._people.find(person)
        given = msgspec.to_builtins(body)
        changes = {key: value for key, value in given.items() if value is not None}
        if password := changes.pop("password", None):
            _refuse_token(asked, "A token can't change passwords.")
            hashed = await asyncio.to_thread(hash_password, password, row.name)
            changes["password_hash"] = hashed
        row = await self._people.change(row.id, **changes)
        if password or row.disabled:
            await end_sessions(row.id)
        told: dict[str, Any] = {"changed": sorted(changes)}
        self._recorder.audit("person", row.name, "changed", asked.context, data=told)
        return _person(row, full=True)

    async def remove(self, asked: Asked, person: str) -> None:
        """Remove a person, named by id or name, with their sessions, tokens and targets."""
        row = self._people.find(person)
        await self._people.remove(row.id)
        self._recorder.audit("person", row.name, "removed", asked.context)

    async def me(self, asked: Asked) -> Me:
        """The caller."""
        return me(_caller(asked))

    async def tokens(self, asked: Asked) -> list[TokenInfo]:
        """The caller's long-lived tokens, the newest first."""
        return [_token(row) for row in self._people.tokens_of(_caller(asked).id)]

    async def make_token(self, asked: Asked, body: TokenBody) -> NewToken:
        """Make a long-lived token; its text is shown only in this answer."""
        _refuse_token(asked, "A token can't make tokens.")
        person = _caller(asked)
        if body.person:
            asked.require(MANAGE_PEOPLE)
            person = self._people.find(body.person)
        text, row = await self._people.make_token(person.id, body.name, lasts=body.lasts)
        self._recorder.audit("token", row.name, "made", asked.context)
        return NewToken(text, row.id, row.name, person.id, row.created_at, row.expires_at)

    async def revoke(self, asked: Asked, token_id: str) -> None:
        """Make a token of the caller's useless, at once."""
        await self._people.revoke_token(_caller(asked).id, token_id)
        self._recorder.audit("token", token_id, "revoked", asked.context)


def _refuse_token(asked: Asked, sentence: str) -> None:
    """A stolen long-lived token must not outlive its own revocation."""
    if asked.caller.token_hash:
        remedy = "Do it in the browser, or with the hub command on the hub's own machine."
        raise Refused(sentence, remedy=remedy)


def _caller(asked: Asked) -> PersonRow:
    if asked.caller.person is None:
        raise NeedsPerson(
            "The hub has no owner yet.", remedy="Open its address in a browser to set it up."
        )
    return asked.caller.person


def _person(row: PersonRow, full: bool) -> PersonInfo:
    if not full:
        return PersonInfo(row.id, row.name, row.role)
    return PersonInfo(
        row.id,
        row.name,
        row.role,
        row.sign_in_name,
        row.language,
        row.time_zone,
        row.disabled,
        row.created_at,
    )


def _token(row: TokenRow) -> TokenInfo:
    return TokenInfo(row.id, row.name, row.person_id, row.created_at, row.used_at, row.expires_at)
