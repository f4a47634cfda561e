"""Skills and their versions as plain rows. Times in epoch seconds (UTC)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from tortoise.transactions import in_transaction

from store.models import Skill, SkillVersion


@dataclass(frozen=True)
class SkillRow:
    """A skill's present version; `document` is the YAML as it was typed."""

    id: str
    name: str
    document: str
    created_at: float
    updated_at: float
    enabled: bool = True
    version: int = 1
    owner_id: str | None = None
    last_triggered: float | None = None


@dataclass(frozen=True)
class VersionRow:
    """One saved version of a skill, who saved it and why."""

    skill_id: str
    number: int
    document: str
    created_at: float
    author_id: str | None = None
    note: str = ""


_NAMES = [f.name for f in fields(SkillRow)]


async def all_skills() -> list[SkillRow]:
    """Every skill, the oldest first."""
    found = await Skill.all().order_by("created_at", "id")
    return [SkillRow(**{name: getattr(row, name) for name in _NAMES}) for row in found]


async def put(row: SkillRow, author_id: str | None, note: str) -> None:
    """Add or replace a skill, and keep its document as version `row.version`."""
    values = {name: getattr(row, name) for name in _NAMES if name != "id"}
    async with in_transaction():
        await Skill.update_or_create(defaults=values, id=row.id)
        await SkillVersion.create(
            skill_id=row.id,
            number=row.version,
            document=row.document,
            author_id=author_id,
            note=note[:300],
            created_at=row.updated_at,
        )


async def set_enabled(row: SkillRow, enabled: bool) -> SkillRow:
    """Switch a skill on or off; no new version."""
    await Skill.filter(id=row.id).update(enabled=enabled)
    return replace(row, enabled=enabled)


async def remove(skill_id: str) -> None:
    """Forget a skill and its versions; its runs stay for the record."""
    await Skill.filter(id=skill_id).delete()


async def versions(skill_id: str) -> list[VersionRow]:
    """Every version, the newest first."""
    return [_version(v) for v in await SkillVersion.filter(skill_id=skill_id).order_by("-number")]


async def version(skill_id: str, number: int) -> VersionRow | None:
    """One version, or None."""
    found = await SkillVersion.get_or_none(skill_id=skill_id, number=number)
    return _version(found) if found else None


def _version(found: Any) -> VersionRow:
    return VersionRow(
        found.skill_id,
        found.number,
        found.document,
        found.created_at,
        found.author_id,
        found.note,
    )
