"""The list of skills, a page for each, and the runs with their traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from hub.access import People
from hub.clock import Clock
from hub.errors import Invalid, NotFound
from hub.registry import Registry
from skills.info import RunInfo, SkillInfo
from skills.service import Skills
from web import htmx
from web.forms import Form
from web.guard import Guard
from web.identity import context_of
from web.render import Pages
from web.sight import MANAGE_SKILLS, RUN_SKILLS, SEE_ACTIVITY, SEE_SKILLS, Sight
from web.words import _

_RUNS = 20
_LIST = 50
MODE_WORDS = {
    "single": "One at a time",
    "restart": "Starts over",
    "queued": "Waits in line",
    "parallel": "In parallel",
}


@dataclass(frozen=True, slots=True)
class SkillParts:
    """What these pages need of the hub."""

    clock: Clock
    people: People
    registry: Registry
    skills: Skills


class SkillPages:
    """Skills as a list and one by one."""

    def __init__(self, parts: SkillParts, pages: Pages) -> None:
        self._clock = parts.clock
        self._people = parts.people
        self._registry = parts.registry
        self._skills = parts.skills
        self._pages = pages

    async def index(self, request: Request) -> Response:
        """The list; `?show=look` only those that need a look."""
        skills = self._skills.all()
        broken = [skill for skill in skills if skill.findings]
        show = request.query_params.get("show", "")
        sight = self._sight(request)
        rows = [await self._row(skill, sight) for skill in (broken if show else skills)]
        return self._pages.answer(
            request,
            "skills/index.html",
            "list",
            page_title=_("Skills"),
            live=True,
            rows=rows,
            total=len(skills),
            broken=len(broken),
            show=show,
            **self._rights(request),
        )

    async def page(
        self, request: Request, *, status: int = 200, form: Form | None = None
    ) -> Response:
        """One skill: what it does, its last runs, its document."""
        skill = self._skills.get(request.path_params["skill_id"])
        sight = self._sight(request)
        found = await self._skills.runs(skill.id, limit=_RUNS)
        runs = [run for run in found if sight.run(run)]
        return self._pages.answer(
            request,
            "skills/page.html",
            "main",
            status=status,
            page_title=skill.name,
            live=True,
            skill=skill,
            runs=runs,
            words=self._words(skill),
            mode=_(MODE_WORDS.get(skill.mode, "")),
            versions=await self._skills.versions(skill.id),
            form=form or Form({"document": skill.document}),
            **self._rights(request),
        )

    async def enabled(self, request: Request) -> Response:
        """Switch a skill on or off."""
        form = await Form.read(request)
        on = request.query_params.get("on", form.text("enabled")) in ("1", "on", "true")
        skill_id = request.path_params["skill_id"]
        skill = await self._skills.set_enabled(skill_id, on, context_of(request))
        name = skill.name
        words = _("%(name)s is on", name=name) if on else _("%(name)s is off", name=name)
        row = await self._row(skill, self._sight(request))
        rights = self._rights(request)
        response = self._pages.part(request, "skills/index.html", "row", row=row, **rights)
        undo = f"/skills/{skill.id}/enabled?on={0 if on else 1}"
        return htmx.toast(response, words, undo=undo)

    async def run(self, request: Request) -> Response:
        """Run a skill now, or try it with every effect captured (`?dry=1`)."""
        dry = request.query_params.get("dry") == "1"
        run = await self._skills.run(
            request.path_params["skill_id"], context_of(request), dry_run=dry
        )
        return htmx.go(request, f"/runs/{run.id}")

    async def save(self, request: Request) -> Response:
        """Save the document as a new version; what was typed stays when it is wrong."""
        form = await Form.read(request)
        skill_id = request.path_params["skill_id"]
        try:
            skill = await self._skills.save(
                form.text("document"), context_of(request), skill_id=skill_id
            )
        except Invalid as error:
            where = f"{error.where[:1].upper()}{error.where[1:]}: " if error.where else ""
            form.wrong("document", f"{where}{error.sentence} {error.remedy}".strip())
            return await self.page(request, status=422, form=form)
        response = await self.page(request)
        return htmx.toast(response, _("Version %(n)d is saved", n=skill.version))

    async def delete(self, request: Request) -> Response:
        """Remove a skill; its runs stay in the activity."""
        await self._skills.delete(request.path_params["skill_id"], context_of(request))
        return htmx.go(request, "/skills")

    async def runs(self, request: Request) -> Response:
        """The last runs of all skills, and one of them beside."""
        state = request.query_params.get("state") or None
        found = await self._seen_runs(request, state)
        chosen = await self._skills.run_info(found[0].id) if found else None
        return self._runs_page(request, found, chosen, state)

    async def run_page(self, request: Request) -> Response:
        """One run with its trace, beside the list."""
        chosen = await self._skills.run_info(request.path_params["run_id"])
        if not self._sight(request).run(chosen):
            raise NotFound(_("There is no such run."))
        if htmx.wants_part(request):
            return self._pages.part(
                request, "runs/index.html", "run", run=chosen, entity_name=self._name_of,
                **self._rights(request),
            )  # fmt: skip
        return self._runs_page(request, await self._seen_runs(request), chosen, None)

    async def cancel(self, request: Request) -> Response:
        """Stop a run that is under way."""
        run_id = request.path_params["run_id"]
        await self._skills.cancel(run_id, context_of(request))
        return htmx.go(request, f"/runs/{run_id}")

    def _runs_page(
        self, request: Request, runs: list[RunInfo], chosen: RunInfo | None, state: str | None
    ) -> Response:
        return self._pages.answer(
            request,
            "runs/index.html",
            "list",
            page_title=_("Activity"),
            live=True,
            runs=runs,
            run=chosen,
            state=state or "",
            entity_name=self._name_of,
            **self._rights(request),
        )

    async def _seen_runs(self, request: Request, state: str | None = None) -> list[RunInfo]:
        sight = self._sight(request)
        return [run for run in await self._skills.runs(limit=_LIST, state=state) if sight.run(run)]

    def _sight(self, request: Request) -> Sight:
        return Sight.of(self._people, request)

    def _rights(self, request: Request) -> dict[str, bool]:
        """What the page offers to this person."""
        sight = self._sight(request)
        return {
            "may_change": sight.may(MANAGE_SKILLS),
            "may_run": sight.may(RUN_SKILLS),
            "may_see_runs": sight.may(SEE_ACTIVITY),
        }

    def _name_of(self, entity_id: object) -> str:
        return self._registry.name_of(str(entity_id)) if entity_id else ""

    async def _row(self, skill: SkillInfo, sight: Sight) -> dict[str, Any]:
        last = [r for r in await self._skills.runs(skill.id, limit=1) if sight.run(r)]
        return {
            "skill": skill,
            "words": self._words(skill),
            "mode": _(MODE_WORDS.get(skill.mode, "")),
            "last": last[0] if last else None,
            "next": skill.next_run,
        }

    def _words(self, skill: SkillInfo) -> str:
        return skill.words or skill.description


def routes(parts: SkillParts, pages: Pages) -> list[BaseRoute]:
    """The addresses of these pages."""
    page, guard = SkillPages(parts, pages), Guard(parts.people)
    return [
        guard.get("/skills", page.index, SEE_SKILLS),
        guard.get("/skills/{skill_id}", page.page, SEE_SKILLS),
        guard.post("/skills/{skill_id}", page.save, MANAGE_SKILLS),
        guard.post("/skills/{skill_id}/enabled", page.enabled, MANAGE_SKILLS),
        guard.post("/skills/{skill_id}/run", page.run, RUN_SKILLS),
        guard.post("/skills/{skill_id}/delete", page.delete, MANAGE_SKILLS),
        guard.get("/activity", page.runs, SEE_ACTIVITY),
        guard.get("/runs/{run_id}", page.run_page, SEE_ACTIVITY),
        guard.post("/runs/{run_id}/cancel", page.cancel, RUN_SKILLS),
    ]
