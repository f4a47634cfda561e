"""People, their roles, and the one question: may this person do that?

A permission is the name of an action (`lock.unlock`) or of something in the hub
(`hub.manage_people`); it is granted or denied by pattern, to a role or to a person, for all
entities or for some. A person's own grants overrule the role's; within a list the last match
decides; what nothing matches is denied.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import secrets as random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.clock import Clock
from hub.context import Context, new_id
from hub.errors import Invalid, NotFound, Refused
from store import people
from store.people import PersonRow, TokenRow

SHORTEST_PASSWORD = 10
_LONGEST_PASSWORD = 512
_MOST_DECISIONS = 50_000


class Grant(msgspec.Struct, frozen=True):
    """One line of permission: patterns as in a shell (`light.*`, `*`)."""

    permission: str
    allow: bool = True
    entity: str = "*"


def _grants(*patterns: str) -> tuple[Grant, ...]:
    return tuple(Grant(p.removeprefix("!"), not p.startswith("!")) for p in patterns)


ROLES: dict[str, tuple[Grant, ...]] = {
    "owner": _grants("*"),
    "adult": _grants("*", "!hub.manage_people", "!hub.manage_integrations", "!hub.manage_system"),
    "child": _grants(
        "hub.see",
        "light.*",
        "switch.*",
        "media_player.*",
        "cover.*",
        "fan.*",
        "scene.*",
        "notify.send",
    ),
    "guest": _grants("hub.see", "light.*", "media_player.*", "scene.*"),
}
ROLE_WORDS = {
    "owner": "Owner: everything",
    "adult": "Adult: everything but people, integrations and the system",
    "child": "Child: lights, switches, covers, media, messages",
    "guest": "Guest: lights and media",
}

_hasher = PasswordHasher()


@functools.cache
def _nobody() -> str:
    """Compared against when nobody has that name, so that the answer takes as long either way.

    Made at the first sign-in, not at every start: it costs 0.1 s and, for a moment, 64 MB.
    """
    return _hasher.hash("nobody has this password")


class People:
    """Everybody the hub knows, with what they may do. Held in memory, written through."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._people: dict[str, PersonRow] = {}
        # By hash: a token is looked up at every request of the API, and revoked at once.
        self._tokens: dict[str, TokenRow] = {}
        # Answers of `may`, forgotten whenever somebody changes.
        self._decisions: dict[tuple[str, str, str], bool] = {}
        # Moves whenever a person or a token changes; for connections that stay open.
        self.revision = 0

    async def load(self) -> None:
        """Read everybody and every token from the store."""
        self._people = {row.id: row for row in await people.all_people()}
        self._tokens = {row.token_hash: row for row in await people.all_tokens()}
        self._forget_decisions()

    def all(self) -> list[PersonRow]:
        """Everybody, the first account first."""
        return list(self._people.values())

    def get(self, person_id: str) -> PersonRow | None:
        """The person of this id, or None."""
        return self._people.get(person_id)

    def find(self, name: str) -> PersonRow:
        """By id, sign-in name or name. Raises NotFound."""
        wanted = name.strip().casefold()
        for row in self._people.values():
            if wanted in (row.id.casefold(), row.sign_in_name.casefold(), row.name.casefold()):
                return row
        known = ", ".join(row.name for row in self._people.values()) or "nobody yet"
        raise NotFound(f"Nobody here is called “{name}”.", remedy=f"Known: {known}.")

    @property
    def owner(self) -> PersonRow | None:
        """The first owner; None until the first visit made one."""
        return next((row for row in self._people.values() if row.role == "owner"), None)

    async def add(
        self,
        name: str,
        password: str | None,
        role: str = "adult",
        *,
        sign_in_name: str = "",
        language: str = "en",
        time_zone: str = "",
    ) -> PersonRow:
        """Add a person. Raises Invalid for an empty or used name, unknown role, weak password."""
        name = name.strip()
        _check({"name": name, "role": role, "sign_in_name": sign_in_name or name})
        hashed = None
        if password is not None:
            hashed = await asyncio.to_thread(hash_password, password, name)
        row = PersonRow(
            id=new_id(),
            name=name,
            sign_in_name=(sign_in_name or name).strip().casefold(),
            role=role,
            created_at=self._clock.time(),
            language=language,
            time_zone=time_zone,
            password_hash=hashed,
        )
        await self._write(people.add(row), row)
        return row

    async def change(self, person_id: str, **changes: Any) -> PersonRow:
        """Change name, sign_in_name, role, language, time_zone, limits, disabled or password_hash.

        Raises NotFound, and Invalid for a bad value or when the hub would be left without an owner.
        """
        row = self._known(person_id)
        changes |= {k: str(v).strip() for k, v in changes.items() if k in ("name", "sign_in_name")}
        if "sign_in_name" in changes:
            changes["sign_in_name"] = changes["sign_in_name"].casefold()
        _check(changes)
        new = replace(row, **changes)
        if row.role == "owner" and (new.role != "owner" or new.disabled):
            self._keep_an_owner(person_id)
        await self._write(people.update(person_id, **changes), new)
        return new

    async def remove(self, person_id: str) -> None:
        """Remove a person. Raises NotFound, and Invalid for the last owner."""
        if self._known(person_id).role == "owner":
            self._keep_an_owner(person_id)
        await people.remove(person_id)
        self._people.pop(person_id, None)
        self._tokens = {h: row for h, row in self._tokens.items() if row.person_id != person_id}
        self._forget_decisions()

    def verify(self, sign_in_name: str, password: str) -> PersonRow | None:
        """The person if name and password are right; as slow for a wrong name. Blocks 50 ms:
        call it in a thread."""
        wanted = sign_in_name.strip().casefold()
        row = next((r for r in self._people.values() if r.sign_in_name == wanted), None)
        nobody = _nobody()  # first, whoever asks: its first call takes longer
        hashed = (row.password_hash if row else None) or nobody
        try:
            _hasher.verify(hashed, password[:_LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return None
        return row if row and row.password_hash and not row.disabled else None

    def may(self, person_id: str | None, permission: str, entity_ids: Iterable[str] = ()) -> bool:
        """Whether a person may do `permission` to all of these entities.

        `person_id` None is the hub itself (a device, the clock), which has no limits.
        """
        if person_id is None:
            return True
        ids = entity_ids if isinstance(entity_ids, tuple | list) else tuple(entity_ids)
        for entity in ids or ("",):  # noqa: SIM110 - twice as fast as all(), for every event told
            if not self._decide(person_id, permission, entity):
                return False
        return True

    def require(self, context: Context, permission: str, entity_ids: Iterable[str] = ()) -> None:
        """Raises Refused with a sentence when the context's person may not."""
        ids = entity_ids if isinstance(entity_ids, tuple | list) else tuple(entity_ids)
        if self.may(context.person_id, permission, ids):
            return
        row = self._people.get(context.person_id or "")
        name = row.name if row else "This account"
        raise Refused(
            f"{name} may not do {permission}{' on ' + ', '.join(ids) if ids else ''}.",
            remedy="An owner can allow it under Settings, People.",
            culprit=permission,
        )

    async def make_token(
        self, person_id: str, name: str, *, lasts: float | None = None
    ) -> tuple[str, TokenRow]:
        """A long-lived API token: the text (shown once) and its row. `lasts` in seconds."""
        text = "hearth_" + random.token_urlsafe(32)
        now = self._clock.time()
        row = TokenRow(
            new_id(), token_hash(text), person_id, name.strip() or "token", now,
            expires_at=now + lasts if lasts else None,
        )  # fmt: skip
        await people.add_token(row)
        self._tokens[row.token_hash] = row
        return text, row

    async def by_token(self, text: str) -> PersonRow | None:
        """Whose token this is; None when unknown, expired or its person disabled."""
        row = self._tokens.get(token_hash(text))
        if row is None or not self.token_stands(row.token_hash):
            return None
        now = self._clock.time()
        if row.used_at is None or now - row.used_at > 60:
            self._tokens[row.token_hash] = replace(row, used_at=now)
            await people.token_used(row.id, now)
        return self._people.get(row.person_id)

    def token_stands(self, hashed: str) -> bool:
        """Whether a token, by its hash, still opens; for connections that stay open."""
        row = self._tokens.get(hashed)
        if row is None or (row.expires_at is not None and row.expires_at <= self._clock.time()):
            return False
        person = self._people.get(row.person_id)
        return person is not None and not person.disabled

    def token_end(self, hashed: str) -> float | None:
        """When a token, by its hash, ends by itself (epoch seconds); None: never."""
        row = self._tokens.get(hashed)
        return row.expires_at if row else None

    def tokens_of(self, person_id: str) -> list[TokenRow]:
        """A person's tokens, the newest first."""
        found = [row for row in self._tokens.values() if row.person_id == person_id]
        return sorted(found, key=lambda row: row.created_at, reverse=True)

    async def revoke_token(self, person_id: str, token_id: str) -> None:
        """Make a person's token useless, at once. Raises NotFound."""
        row = next((r for r in self.tokens_of(person_id) if r.id == token_id), None)
        if row is None:
            raise NotFound(f"There is no token {token_id}.", remedy="It may be revoked already.")
        del self._tokens[row.token_hash]
        self.revision += 1
        await people.remove_token(token_id, person_id)

    def _known(self, person_id: str) -> PersonRow:
        if person_id not in self._people:
            raise NotFound(
                f"There is no person {person_id}.", remedy="They may be removed already."
            )
        return self._people[person_id]

    def _keep_an_owner(self, person_id: str) -> None:
        others = [r for r in self._people.values() if r.role == "owner" and r.id != person_id]
        if not [r for r in others if not r.disabled]:
            raise Invalid("The hub needs an owner.", remedy="Make another person owner first.")

    async def _write(self, written: Any, row: PersonRow) -> None:
        try:
            await written
        except people.Taken as error:
            raise Invalid(
                f"“{row.sign_in_name}” is already the sign-in name of somebody else.",
                where="name",
                remedy="Choose another one.",
            ) from error
        self._people[row.id] = row
        self._forget_decisions()

    def _forget_decisions(self) -> None:
        self._decisions.clear()
        self.revision += 1

    def _decide(self, person_id: str, permission: str, entity: str) -> bool:
        key = (person_id, permission, entity)
        known = self._decisions.get(key)
        if known is None:
            row = self._people.get(person_id)
            known = row is not None and not row.disabled and _granted(row, permission, entity)
            if len(self._decisions) >= _MOST_DECISIONS:
                self._decisions.clear()
            self._decisions[key] = known
        return known


def _check(values: Mapping[str, Any]) -> None:
    for key in ("name", "sign_in_name"):
        if key in values and not 0 < len(values[key]) <= 120:
            raise Invalid("A person needs a name of 1 to 120 characters.", where=key)
    if (role := values.get("role", "owner")) not in ROLES:
        raise Invalid(
            f"There is no role “{role}”.", where="role", remedy=f"Roles: {', '.join(ROLES)}."
        )
    try:
        msgspec.convert(values.get("limits", []), list[Grant])
    except msgspec.ValidationError as error:
        raise Invalid(
            f"These limits can't be read: {error}.",
            where="limits",
            remedy="Each is a permission, whether it is allowed, and for which entities.",
        ) from error


def hash_password(password: str, name: str = "") -> str:
    """The argon2id hash (RFC 9106). Raises Invalid for a weak password. Blocks 50 ms."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            f"The password needs at least {SHORTEST_PASSWORD} characters.",
            where="password",
            remedy="Three or four words that don't belong together are easy to remember.",
        )
    if len(password) > _LONGEST_PASSWORD:
        raise Invalid(f"The password may have {_LONGEST_PASSWORD} characters.", where="password")
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise Invalid("This password is too easy to guess.", where="password")
    return _hasher.hash(password)


def token_hash(text: str) -> str:
    """What is kept of a random token: its SHA-256 (the token has 256 bits, no salt is needed)."""
    return hashlib.sha256(text.encode()).hexdigest()


def _granted(row: PersonRow, permission: str, entity: str) -> bool:
    own = [msgspec.convert(limit, Grant) for limit in row.limits]
    return _allowed((own, ROLES.get(row.role, ())), permission, entity)


def _allowed(lists: Sequence[Sequence[Grant]], permission: str, entity: str) -> bool:
    for grants in lists:
        for grant in reversed(grants):
            if fnmatchcase(permission, grant.permission) and fnmatchcase(entity, grant.entity):
                return grant.allow
    return False
