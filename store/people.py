"""People, their sessions in the browser and their long-lived API tokens.

Passwords arrive here hashed; of session and API tokens only the SHA-256 is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tortoise.exceptions import IntegrityError

from store.models import Person, Session, Token


@dataclass(frozen=True)
class PersonRow:
    """A person. `limits` is a list of grants that overrule the role's, last match first."""

    id: str
    name: str
    sign_in_name: str
    role: str
    created_at: float
    language: str = "en"
    time_zone: str = ""
    password_hash: str | None = None
    limits: list[dict[str, Any]] = field(default_factory=list)
    disabled: bool = False


@dataclass(frozen=True)
class SessionRow:
    """A browser that is signed in. Times in epoch seconds."""

    token_hash: str
    person_id: str
    csrf: str
    created_at: float
    seen_at: float
    expires_at: float
    agent: str = ""
    address: str = ""


@dataclass(frozen=True)
class TokenRow:
    """A long-lived token of a person, for programs. `expires_at` None: never."""

    id: str
    token_hash: str
    person_id: str
    name: str
    created_at: float
    used_at: float | None = None
    expires_at: float | None = None


class Taken(Exception):
    """The name is already used by somebody else."""


async def add(row: PersonRow) -> None:
    """Keep a new person. Raises Taken when the sign-in name is used."""
    try:
        await Person.create(**row.__dict__)
    except IntegrityError as error:
        raise Taken(row.sign_in_name) from error


async def update(person_id: str, **changes: Any) -> None:
    """Change some of a person's fields. Raises Taken when the sign-in name is used."""
    try:
        await Person.filter(id=person_id).update(**changes)
    except IntegrityError as error:
        raise Taken(str(changes.get("sign_in_name", ""))) from error


async def remove(person_id: str) -> None:
    """Forget a person with their sessions, tokens and notification targets."""
    await Person.filter(id=person_id).delete()


async def all_people() -> list[PersonRow]:
    """Everybody, the first account first."""
    return [_person(found) for found in await Person.all().order_by("created_at")]


async def add_session(row: SessionRow) -> None:
    """Keep a browser's session."""
    await Session.create(**row.__dict__)


async def session(token_hash: str) -> SessionRow | None:
    """The session of this token hash, expired or not."""
    found = await Session.get_or_none(token_hash=token_hash)
    return _session(found) if found else None


async def sessions_of(person_id: str) -> list[SessionRow]:
    """A person's sessions, the last seen first."""
    rows = await Session.filter(person_id=person_id).order_by("-seen_at")
    return [_session(found) for found in rows]


async def session_seen(token_hash: str, seen_at: float, expires_at: float) -> None:
    """Move a session's last use and end."""
    await Session.filter(token_hash=token_hash).update(seen_at=seen_at, expires_at=expires_at)


async def end_session(token_hash: str) -> None:
    """Sign one browser out."""
    await Session.filter(token_hash=token_hash).delete()


async def end_sessions(person_id: str, *, but: str = "") -> int:
    """Sign a person out everywhere, but not the session `but`; how many it were."""
    return await Session.filter(person_id=person_id).exclude(token_hash=but).delete()


async def end_expired_sessions(now: float) -> int:
    """Drop sessions whose end has passed."""
    return await Session.filter(expires_at__lt=now).delete()


async def add_token(row: TokenRow) -> None:
    """Keep a long-lived token (its hash)."""
    await Token.create(**row.__dict__)


async def token(token_hash: str) -> TokenRow | None:
    """The token of this hash, expired or not."""
    found = await Token.get_or_none(token_hash=token_hash)
    return _token(found) if found else None


async def all_tokens() -> list[TokenRow]:
    """Every token of everybody."""
    return [_token(found) for found in await Token.all()]


async def tokens_of(person_id: str) -> list[TokenRow]:
    """A person's tokens, the newest first."""
    rows = await Token.filter(person_id=person_id).order_by("-created_at")
    return [_token(found) for found in rows]


async def token_used(token_id: str, used_at: float) -> None:
    """Remember when a token was last used."""
    await Token.filter(id=token_id).update(used_at=used_at)


async def remove_token(token_id: str, person_id: str) -> bool:
    """Revoke a person's token; whether there was one."""
    return bool(await Token.filter(id=token_id, person_id=person_id).delete())


def _person(row: Person) -> PersonRow:
    return PersonRow(
        id=row.id,
        name=row.name,
        sign_in_name=row.sign_in_name,
        role=row.role,
        created_at=row.created_at,
        language=row.language,
        time_zone=row.time_zone,
        password_hash=row.password_hash,
        limits=row.limits,
        disabled=row.disabled,
    )


def _session(row: Session) -> SessionRow:
    return SessionRow(
        token_hash=row.token_hash,
        person_id=_owner(row),
        csrf=row.csrf,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        agent=row.agent,
        address=row.address,
    )


def _token(row: Token) -> TokenRow:
    return TokenRow(
        id=row.id,
        token_hash=row.token_hash,
        person_id=_owner(row),
        name=row.name,
        created_at=row.created_at,
        used_at=row.used_at,
        expires_at=row.expires_at,
    )


def _owner(row: Session | Token) -> str:
    # Tortoise adds `person_id` to the class at run time; the type checker can't see it.
    return str(getattr(row, "person_id"))  # noqa: B009
