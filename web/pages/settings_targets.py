"""Settings: where a person can be reached, with a real test."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from hub.access import People
from hub.errors import Invalid
from hub.home import Home
from hub.notify.service import Notify, Outcome
from web import htmx
from web.forms import Form
from web.guard import Guard
from web.identity import context_of
from web.pages.settings import sections
from web.render import Pages
from web.sight import MANAGE_PEOPLE, NOTIFY, Sight
from web.targets import (
    blame,
    chosen_form,
    field_name,
    fresh_form,
    name_of,
    offered,
    tested,
    url_from,
)
from web.words import _


class TargetPages:
    """The notification targets of the signed-in person, or, for owners, of anybody."""

    def __init__(self, pages: Pages, home: Home, people: People, notify: Notify) -> None:
        self._pages = pages
        self._home = home
        self._people = people
        self._notify = notify

    async def show(self, request: Request) -> Response:
        """The targets and the form for one more."""
        service = request.query_params.get("service", "")
        return await self._page(request, fresh_form(self._notify, service))

    async def add(self, request: Request) -> Response:
        """Keep a target; its address is encrypted and never shown again."""
        form = await Form.read(request)
        url = url_from(self._notify, form)
        if form.ok:
            try:
                await self._notify.add_target(
                    self._whose(request),
                    name_of(self._notify, form),
                    form.text("service"),
                    url,
                    context_of(request),
                )
            except Invalid as error:
                blame(self._notify, form, error)
        if not form.ok:
            return await self._page(request, form, status=422)
        return htmx.toast(await self._page(request, Form()), _("The target is kept"))

    async def try_out(self, request: Request) -> Response:
        """Send a message with what is typed now, and say honestly what became of it."""
        form = await Form.read(request)
        outcome = await tested(self._notify, form, self._home.name)
        return await self._page(request, form, outcome, status=200 if form.ok else 422)

    async def test(self, request: Request) -> Response:
        """Send a message to a kept target."""
        await self._require_own(request)
        outcome = await self._notify.test_target(
            request.path_params["target_id"], context_of(request)
        )
        words = _("It was delivered") if outcome.ok else outcome.reason
        return htmx.toast(Response(), words, kind="" if outcome.ok else "bad")

    async def remove(self, request: Request) -> Response:
        """Forget a target."""
        await self._require_own(request)
        await self._notify.remove_target(request.path_params["target_id"], context_of(request))
        return htmx.toast(await self._page(request, Form()), _("The target is removed"))

    async def _page(
        self, request: Request, form: Form, outcome: Outcome | None = None, status: int = 200
    ) -> Response:
        whose = self._whose(request)
        return self._pages.answer(
            request,
            "settings/notifications.html",
            "section",
            status=status,
            page_title=_("Settings"),
            sections=sections(Sight.of(self._people, request)),
            section="notifications",
            form=form,
            outcome=outcome,
            services=offered(self._notify),
            chosen=chosen_form(self._notify, form),
            field_name=field_name,
            targets=await self._notify.targets(whose),
            whose=self._people.find(whose),
            others=self._people.all() if self._manages(request) else [],
        )

    def _manages(self, request: Request) -> bool:
        return self._people.may(request.state.person.id, MANAGE_PEOPLE)

    def _whose(self, request: Request) -> str:
        """The person asked for; others than oneself only for who manages people."""
        own = str(request.state.person.id)
        wanted = request.query_params.get("person") or own
        if wanted != own:
            self._people.require(context_of(request), MANAGE_PEOPLE)
        return wanted

    async def _require_own(self, request: Request) -> None:
        own = await self._notify.targets(request.state.person.id)
        if request.path_params["target_id"] not in [target.id for target in own]:
            self._people.require(context_of(request), MANAGE_PEOPLE)


def routes(pages: Pages, home: Home, people: People, notify: Notify) -> list[BaseRoute]:
    """The addresses of this module."""
    page = TargetPages(pages, home, people, notify)
    guard = Guard(people)
    return [
        guard.get("/settings/notifications", page.show, NOTIFY),
        guard.post("/settings/notifications", page.add, NOTIFY),
        guard.post("/settings/notifications/try", page.try_out, NOTIFY),
        guard.post("/settings/notifications/{target_id}/test", page.test, NOTIFY),
        guard.post("/settings/notifications/{target_id}/remove", page.remove, NOTIFY),
    ]
