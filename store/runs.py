"""Runs of skills and the timers that triggers wait for, as plain rows.

A row is fenced by (`owner`, `revision`): only the process that owns it writes it, and only forward.
Everything that one call is given is written in one transaction. Times in epoch seconds (UTC).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException
from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from store.models import Run, Skill, Timer
from store.trouble import StoreError

UNFINISHED = ("running", "waiting")
_CHUNK = 400
_MOST_TRIMMED = 10_000


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run: where it is and what it knows. `position` and the rest are plain JSON data."""

    id: str
    skill_id: str
    skill_version: int
    state: str
    context: Mapping[str, Any]
    started_at: float
    position: Mapping[str, Any] = field(default_factory=dict)
    trigger: Mapping[str, Any] = field(default_factory=dict)
    trace: Sequence[Any] = ()
    dry_run: bool = False
    resume_at: float | None = None
    finished_at: float | None = None
    reason: str = ""
    owner: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A trigger's `for` that is being waited for."""

    id: str
    skill_id: str
    due_at: float
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Batch:
    """What is to be written together.

    `saved` rows are added or replaced if the fence allows it; `added` are known to be new.
    """

    saved: list[RunRow] = field(default_factory=list)
    added: list[RunRow] = field(default_factory=list)
    timers: list[TimerRow] = field(default_factory=list)
    dropped_timers: list[str] = field(default_factory=list)
    triggered: dict[str, float] = field(default_factory=dict)


_NAMES = [f.name for f in fields(RunRow)]
_JSON = ("context", "position", "trigger", "trace")
_CHANGING = (
    "state", "position", "trace", "resume_at", "finished_at", "reason", "revision",
)  # fmt: skip


async def write(batch: Batch) -> set[str]:
    """Write a batch in one transaction.

    Answers the ids of saved runs that another process has taken over; they were not written.
    Raises StoreError when the database can't be written (a full disk, a locked file).
    """
    try:
        return await _write(batch)
    except (BaseORMException, sqlite3.Error, OSError) as error:
        raise StoreError(f"The database can't be written: {error}.") from error


async def _write(batch: Batch) -> set[str]:
    async with in_transaction() as db:
        if batch.added:
            await db.execute_many(_insert(db), [_values(row) for row in batch.added])
        if batch.saved:
            await db.execute_many(_upsert(db), [_values(row) for row in batch.saved])
        for gone in _chunks(batch.dropped_timers):
            await Timer.filter(id__in=gone).using_db(db).delete()
        if batch.timers:
            await Timer.bulk_create(
                [
                    Timer(id=t.id, skill_id=t.skill_id, due_at=t.due_at, data=t.data)
                    for t in batch.timers
                ],
                update_fields=["due_at", "data"],
                on_conflict=["id"],
                using_db=db,
            )
        for skill_id, time in batch.triggered.items():
            await Skill.filter(id=skill_id).using_db(db).update(last_triggered=time)
        return await _refused(batch.saved)


async def claim(owner: str) -> list[RunRow]:
    """Take over every run that has not ended, the oldest first."""
    unfinished = Run.filter(state__in=UNFINISHED)
    await unfinished.update(owner=owner, revision=F("revision") + 1)
    found = await unfinished.order_by("started_at", "id")
    return [_row(run) for run in found]


async def get(run_id: str) -> RunRow | None:
    """One run, or None."""
    found = await Run.get_or_none(id=run_id)
    return _row(found) if found else None


async def page(
    *,
    skill_id: str | None = None,
    state: str | None = None,
    before: tuple[float, str] | None = None,
    limit: int = 20,
) -> list[RunRow]:
    """Runs, the newest first. `before`: start and id of the last run of the page before."""
    found = Run.all()
    if skill_id is not None:
        found = found.filter(skill_id=skill_id)
    if state is not None:
        found = found.filter(state=state)
    if before is not None:
        time, run_id = before
        found = found.filter(Q(started_at__lt=time) | Q(started_at=time, id__lt=run_id))
    return [_row(run) for run in await found.order_by("-started_at", "-id").limit(limit)]


async def trim(skill_id: str, keep: int) -> None:
    """Forget all but the newest `keep` of a skill's ended runs."""
    ended = Run.filter(skill_id=skill_id, state__not_in=UNFINISHED)
    old = ended.order_by("-started_at", "-id").offset(keep).limit(_MOST_TRIMMED)
    for ids in _chunks([run_id for (run_id,) in await old.values_list("id")]):
        await Run.filter(id__in=ids).delete()


async def timers() -> list[TimerRow]:
    """Every timer that was being waited for."""
    return [TimerRow(t.id, t.skill_id, t.due_at, t.data) for t in await Timer.all()]


async def drop_timers(skill_id: str) -> None:
    """Forget the timers of a skill."""
    await Timer.filter(skill_id=skill_id).delete()


async def _refused(saved: Sequence[RunRow]) -> set[str]:
    expected = {row.id: (row.owner, row.revision) for row in saved}
    refused: set[str] = set()
    for ids in _chunks(list(expected)):
        found = await Run.filter(id__in=ids).values_list("id", "owner", "revision")
        refused |= {i for i, owner, revision in found if expected[i] != (owner, revision)}
    return refused


def _insert(db: BaseDBAsyncClient) -> str:
    # PostgreSQL numbers its parameters, SQLite does not.
    lite = db.capabilities.dialect == "sqlite"
    marks = ", ".join("?" if lite else f"${number}" for number in range(1, len(_NAMES) + 1))
    columns = ", ".join(f'"{name}"' for name in _NAMES)
    return f"INSERT INTO run ({columns}) VALUES ({marks})"  # noqa: S608 - the names are ours


def _upsert(db: BaseDBAsyncClient) -> str:
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in _CHANGING)
    return (
        f"{_insert(db)} ON CONFLICT (id) DO UPDATE SET {changes} "
        "WHERE run.owner = excluded.owner AND run.revision < excluded.revision"
    )


def _values(row: RunRow) -> list[Any]:
    return [
        msgspec.json.encode(getattr(row, name)).decode() if name in _JSON else getattr(row, name)
        for name in _NAMES
    ]


def _row(found: Run) -> RunRow:
    return RunRow(**{name: getattr(found, name) for name in _NAMES})


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
