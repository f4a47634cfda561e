"""Activity beside the runs: notifications and their deliveries, the audit log, why something happened."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from hub.access import People
from hub.clock import Clock
from hub.errors import Invalid, NotFound
from hub.notify.info import NotificationInfo
from hub.notify.service import Notify
from hub.recorder import state_of
from hub.registry import Registry
from skills.info import RunInfo
from skills.service import Skills
from store.history import AuditRow, History, StateRow
from web import htmx
from web.feed import Names, action_words, failure_words, who_did
from web.guard import Guard
from web.identity import context_of
from web.render import Pages
from web.sight import NOTIFY, SEE, SEE_ACTIVITY, Sight
from web.tiles import icon_of, state_words
from web.words import _

_MOST = 100
_LONGEST_CHAIN = 12
_MOST_CHANGES = 4
_THROUGH = {
    "person": "Web page", "api": "API", "cli": "Command line", "skill": "Skill",
    "device": "Device", "hub": "Hub", "time": "Clock",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActivityParts:
    """What these pages need of the hub."""

    clock: Clock
    history: History
    registry: Registry
    people: People
    notify: Notify
    skills: Skills


@dataclass(frozen=True, slots=True)
class CauseStep:
    """One link of the chain that led to something."""

    time: float
    icon: str
    title: str
    detail: str
    href: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A row of the audit log in words."""

    row: AuditRow
    what: str
    who: str
    through: str


class ActivityPages:
    """Deliveries, audit, causes."""

    def __init__(self, parts: ActivityParts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages

    async def deliveries(self, request: Request) -> Response:
        """Notifications, newest first, with each delivery."""
        found = await self._seen_notifications(request)
        failed = [d for n in found for d in n.deliveries if d.state in ("failed", "no_target")]
        return self._pages.answer(
            request,
            "activity/deliveries.html",
            "list",
            page_title=_("Activity"),
            live=True,
            notifications=found,
            failed=len(failed),
            may_retry=self._sight(request).may(NOTIFY),
        )

    async def retry(self, request: Request) -> Response:
        """Send a delivery again."""
        delivery_id = request.path_params["delivery_id"]
        seen = await self._seen_notifications(request)
        if delivery_id not in [d.id for notification in seen for d in notification.deliveries]:
            raise NotFound(_("There is no such delivery."))
        await self._parts.notify.retry(delivery_id, context_of(request))
        return htmx.toast(await self.deliveries(request), _("It is being sent again"))

    async def audit(self, request: Request) -> Response:
        """Who did what; `?kind=`, `?text=` narrow it, `?before=` goes back."""
        query = request.query_params
        before = _moment(query.get("before", ""), self._parts.clock.time() + 1)
        kind, text = query.get("kind", ""), query.get("text", "").strip()
        rows = await self._parts.history.audit(before, _MOST, kind=kind, text=text)
        sight = self._sight(request)
        names = await self._names(sight)
        return self._pages.answer(
            request,
            "activity/audit.html",
            "rows",
            page_title=_("Activity"),
            lines=[self._line(row, names) for row in rows if sight.audit(row)],
            kind=kind,
            text=text,
            older=rows[-1].time if len(rows) == _MOST else None,
        )

    async def cause(self, request: Request) -> Response:
        """Why something happened: the chain of causes back to the first."""
        context_id = request.path_params["context_id"]
        steps = await self._chain(context_id, self._sight(request))
        return self._pages.answer(
            request,
            "activity/cause.html",
            "chain",
            page_title=_("Why did this happen?"),
            steps=steps,
            back="/activity/audit" if self._sight(request).may(SEE_ACTIVITY) else "/",
        )

    def _line(self, row: AuditRow, names: Names) -> AuditLine:
        what = action_words(row, names) if row.kind == "action" else row.subject
        if row.kind == "action" and row.outcome in ("failed", "refused"):
            what = failure_words(row, names)
        elif row.outcome == "dry run":
            what = _("Tried without effect: %(what)s", what=what)
        elif row.outcome != "done":
            what = f"{_(row.outcome.capitalize())}: {row.subject}"
        through = _(_THROUGH.get(row.origin, row.origin))
        return AuditLine(row, what[:1].upper() + what[1:], who_did(row, names), through)

    def _sight(self, request: Request) -> Sight:
        return Sight.of(self._parts.people, request)

    async def _seen_notifications(self, request: Request) -> list[NotificationInfo]:
        sight = self._sight(request)
        return [n for n in await self._parts.notify.recent(_MOST) if sight.notification(n)]

    async def _names(self, sight: Sight) -> Names:
        runs = [run for run in await self._parts.skills.runs(limit=_MOST) if sight.run(run)]
        return Names(
            self._parts.registry.name_of,
            self._person_name,
            {run.context.id: run.skill_name for run in runs},
        )

    async def _chain(self, context_id: str, sight: Sight) -> list[CauseStep]:
        """From the effect back to its first cause; ends where nothing is known any more. What the
        person may not see is left out."""
        history, names = self._parts.history, await self._names(sight)
        runs = {run.context.id: run for run in await self._parts.skills.runs(limit=500)}
        steps: list[CauseStep] = []
        wanted: str | None = context_id
        for _link in range(_LONGEST_CHAIN):
            if not wanted:
                break
            audits = await history.audit_of([wanted])
            changes = await history.states_of([wanted])
            run = runs.get(wanted)
            steps += self._links(
                [row for row in audits if sight.audit(row)],
                [row for row in changes if sight.change(row)],
                run if run and sight.run(run) else None,
                names,
            )
            parents = [row.parent_id for row in audits] + [row.parent_id for row in changes]
            wanted = run.context.parent_id if run else next(filter(None, parents), None)
        return steps

    def _links(
        self, audits: list[AuditRow], changes: list[StateRow], run: RunInfo | None, names: Names
    ) -> list[CauseStep]:
        found = [self._changed(changes)] if changes else []
        found += [
            CauseStep(
                row.time,
                "zap",
                self._line(row, names).what,
                row.reason or who_did(row, names),
                bad=row.outcome in ("failed", "refused"),
            )
            for row in audits
        ]
        if run:
            words = _("Skill “%(name)s” ran", name=run.skill_name)
            detail = str(run.trigger.get("description", ""))
            found.append(CauseStep(run.started_at, "workflow", words, detail, f"/runs/{run.id}"))
        return found

    def _changed(self, rows: list[StateRow]) -> CauseStep:
        """What changed by one cause: the first thing in the title, the others below."""
        said = list(dict.fromkeys(self._said(row) for row in rows))
        first = rows[0]
        source = {
            "device": _("The device reported it"),
            "hub": _("The hub did it"),
            "time": _("The clock did it"),
        }.get(first.origin, "")
        others = ", ".join(said[1:_MOST_CHANGES])
        if len(said) > _MOST_CHANGES:
            others = _("%(some)s and %(n)d more", some=others, n=len(said) - _MOST_CHANGES)
        return CauseStep(first.last_updated, icon_of(state_of(first)), said[0], others or source)

    def _said(self, row: StateRow) -> str:
        words = state_words(state_of(row)) if row.state is not None else _("removed")
        return f"{self._parts.registry.name_of(row.entity_id)}: {words}"

    def _person_name(self, person_id: str) -> str:
        row = self._parts.people.get(person_id)
        return row.name if row else _("Somebody")


def routes(parts: ActivityParts, pages: Pages) -> list[BaseRoute]:
    """The addresses of these pages."""
    page, guard = ActivityPages(parts, pages), Guard(parts.people)
    return [
        guard.get("/activity/deliveries", page.deliveries, SEE_ACTIVITY),
        guard.post("/activity/deliveries/{delivery_id}/retry", page.retry, NOTIFY),
        guard.get("/activity/audit", page.audit, SEE_ACTIVITY),
        guard.get("/activity/cause/{context_id}", page.cause, SEE),
    ]


def _moment(text: str, otherwise: float) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError as error:
        raise Invalid(_("“%(what)s” is not a time.", what=text), where="before") from error
