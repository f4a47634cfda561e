"""Skills, their versions and runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from hub.context import Context
from hub.errors import NotFound
from skills import source
from skills.info import Finding, RunInfo, RunState, SkillInfo, TraceStep
from skills.service import Skills
from web.api.endpoint import Asked, Body, Endpoint, Query, delete, get, post, put
from web.sight import MANAGE_SKILLS, RUN_SKILLS, SEE, SEE_ACTIVITY, SEE_SKILLS

T = TypeVar("T")


class SkillSummary(Struct, frozen=True, kw_only=True):
    """A skill without its document."""

    id: str
    name: str
    description: str
    icon: str
    enabled: bool
    version: int
    owner_id: str | None
    created_at: float
    updated_at: float
    last_triggered: float | None
    blueprint: str | None
    running: int
    waiting: int
    findings: list[Finding]


class SkillAnswer(SkillSummary, frozen=True, kw_only=True):
    """A skill. `document` is the YAML as it was typed."""

    document: str
    inputs: Mapping[str, Any]


class VersionInfo(Struct, frozen=True):
    """One saved version."""

    number: int
    document: str
    created_at: float
    author_id: str | None
    note: str


class DocumentBody(Body):
    """A skill's document: YAML text, or the same as an object."""

    document: str | dict[str, Any]
    note: Annotated[str, Meta(max_length=300, description="Why it is saved.")] = ""

    @property
    def text(self) -> str:
        """The document as YAML."""
        return self.document if isinstance(self.document, str) else source.dump(self.document)


class Checked(Struct, frozen=True):
    """What a check found; nothing was saved."""

    findings: list[Finding]


class RunBody(Body):
    """How to run it now."""

    variables: dict[str, Any] = field(default_factory=dict)
    dry_run: Annotated[bool, Meta(description="Capture every effect instead of doing it.")] = False


class RunSummary(Struct, frozen=True, kw_only=True):
    """A run without its trace. Times in epoch seconds."""

    id: str
    skill_id: str
    skill_name: str
    skill_version: int
    state: RunState
    trigger: Mapping[str, Any]
    context: Context
    dry_run: bool
    started_at: float
    resume_at: float | None
    finished_at: float | None
    reason: str


class RunAnswer(RunSummary, frozen=True, kw_only=True):
    """A run with what each of its steps did."""

    trace: list[TraceStep]


class PageQuery(Query):
    """Which runs, the newest first."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 20
    before: Annotated[str, Meta(description="Id of the last run of the page before.")] = ""
    state: Annotated[str, Meta(description="running, waiting, finished, failed, ...")] = ""


class RunsQuery(PageQuery):
    """Which runs of all skills, the newest first."""

    skill_id: str = ""


class SkillRoutes:
    """Addresses of skills and runs."""

    def __init__(self, skills: Skills) -> None:
        self._skills = skills

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            get("/api/skills", self.all, permission=SEE_SKILLS),
            post("/api/skills", self.add, permission=MANAGE_SKILLS, status=201),
            post("/api/skills/check", self.check, permission=SEE),
            get("/api/skills/{skill_id}", self.one, permission=SEE_SKILLS),
            put("/api/skills/{skill_id}", self.save, permission=MANAGE_SKILLS),
            delete("/api/skills/{skill_id}", self.remove, permission=MANAGE_SKILLS),
            post("/api/skills/{skill_id}/enable", self.enable, permission=MANAGE_SKILLS),
            post("/api/skills/{skill_id}/disable", self.disable, permission=MANAGE_SKILLS),
            post("/api/skills/{skill_id}/run", self.run, permission=RUN_SKILLS),
            get("/api/skills/{skill_id}/runs", self.runs_of, permission=SEE_ACTIVITY),
            get("/api/skills/{skill_id}/versions", self.versions, permission=SEE_SKILLS),
            get("/api/runs", self.runs, permission=SEE_ACTIVITY),
            get("/api/runs/{run_id}", self.run_info, permission=SEE_ACTIVITY),
            post("/api/runs/{run_id}/cancel", self.cancel, permission=RUN_SKILLS),
        ]

    async def all(self) -> list[SkillSummary]:
        """Every skill, without its document."""
        return _as(self._skills.all(), list[SkillSummary])

    async def one(self, skill_id: str) -> SkillAnswer:
        """One skill, by id or alias."""
        return answer_of(self._skills.get(skill_id))

    async def add(self, asked: Asked, body: DocumentBody) -> SkillAnswer:
        """Save a new skill."""
        return answer_of(await self._skills.save(body.text, asked.context, note=body.note))

    async def save(self, asked: Asked, skill_id: str, body: DocumentBody) -> SkillAnswer:
        """Save a new version of a skill; the old one is kept."""
        known = self._skills.get(skill_id)
        saved = await self._skills.save(body.text, asked.context, skill_id=known.id, note=body.note)
        return answer_of(saved)

    async def check(self, body: DocumentBody) -> Checked:
        """Look through a document and save nothing."""
        return Checked(_as(self._skills.check(body.text), list[Finding]))

    async def remove(self, asked: Asked, skill_id: str) -> None:
        """Remove a skill; its runs stay for the record."""
        await self._skills.delete(self._skills.get(skill_id).id, asked.context)

    async def enable(self, asked: Asked, skill_id: str) -> SkillAnswer:
        """Let a skill start by its triggers."""
        return await self._switch(asked, skill_id, enabled=True)

    async def disable(self, asked: Asked, skill_id: str) -> SkillAnswer:
        """Keep a skill from starting."""
        return await self._switch(asked, skill_id, enabled=False)

    async def run(self, asked: Asked, skill_id: str, body: RunBody) -> RunAnswer:
        """Run a skill now; its conditions are skipped."""
        known = self._skills.get(skill_id)
        return run_of(
            await self._skills.run(
                known.id, asked.context, variables=body.variables, dry_run=body.dry_run
            )
        )

    async def runs_of(self, asked: Asked, skill_id: str, query: PageQuery) -> list[RunSummary]:
        """A skill's last runs, without their traces."""
        return await self._page(asked, self._skills.get(skill_id).id, query)

    async def versions(self, skill_id: str) -> list[VersionInfo]:
        """Every version of a skill, the newest first."""
        found = await self._skills.versions(self._skills.get(skill_id).id)
        return _as(found, list[VersionInfo])

    async def runs(self, asked: Asked, query: RunsQuery) -> list[RunSummary]:
        """The last runs of all skills, without their traces."""
        return await self._page(asked, query.skill_id or None, query)

    async def run_info(self, asked: Asked, run_id: str) -> RunAnswer:
        """One run with its trace."""
        run = await self._skills.run_info(run_id)
        if not asked.sight.run(run):
            raise NotFound("There is no such run.", where="run")
        return run_of(run)

    async def cancel(self, asked: Asked, run_id: str) -> RunAnswer:
        """Stop a run where it is."""
        return run_of(await self._skills.cancel(run_id, asked.context))

    async def _switch(self, asked: Asked, skill_id: str, *, enabled: bool) -> SkillAnswer:
        known = self._skills.get(skill_id)
        return answer_of(await self._skills.set_enabled(known.id, enabled, asked.context))

    async def _page(self, asked: Asked, skill_id: str | None, query: PageQuery) -> list[RunSummary]:
        found = await self._skills.runs(
            skill_id, limit=query.limit, before=query.before or None, state=query.state or None
        )
        return _as([run for run in found if asked.sight.run(run)], list[RunSummary])


def answer_of(skill: SkillInfo) -> SkillAnswer:
    """A skill as the API tells it."""
    return msgspec.convert(skill, SkillAnswer, from_attributes=True)


def run_of(run: RunInfo) -> RunAnswer:
    """A run as the API tells it."""
    return msgspec.convert(run, RunAnswer, from_attributes=True)


def _as(found: Any, kind: type[T]) -> T:
    return msgspec.convert(found, kind, from_attributes=True)
