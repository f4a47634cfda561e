"""The later steps of the first visit: how to reach the hub, where the hub reaches its owner."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.addresses import lan_addresses, url
from hub.context import Context
from hub.errors import Invalid
from hub.health import Health
from hub.home import Home
from hub.notify.service import Notify, Outcome
from hub.registry import Registry
from web import htmx
from web.forms import Form
from web.pages.setup import labels, owner_only
from web.render import Pages
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


class ReachPages:
    """Address, notification target, and the end of the set-up."""

    def __init__(
        self,
        pages: Pages,
        home: Home,
        notify: Notify,
        health: Health,
        registry: Registry,
        names: Callable[[], list[str]],
    ) -> None:
        self._pages = pages
        self._home = home
        self._notify = notify
        self._health = health
        self._registry = registry
        self._names = names

    async def show_address(self, request: Request) -> Response:
        """Where the hub is found."""
        port, here = request.url.port or 80, request.url.hostname or ""
        hosts = [*self._names(), *lan_addresses()]
        if here.casefold() not in map(str.casefold, hosts):
            hosts.append(here)
        troubled = [c for c in self._health.all() if c.part == "mdns" and c.status != "ok"]
        return self._page(
            request,
            "address",
            addresses=[(url(host, port), host.casefold() == here.casefold()) for host in hosts],
            first_name=url(hosts[0], port),
            trouble=troubled[0] if troubled else None,
        )

    async def show_target(self, request: Request) -> Response:
        """A form per service, or any Apprise URL."""
        service = request.query_params.get("service", "")
        return self._target(request, fresh_form(self._notify, service))

    async def test_target(self, request: Request) -> Response:
        """Send a message now and say honestly what became of it."""
        form = await Form.read(request)
        outcome = await tested(self._notify, form, self._home.name)
        response = self._target(request, form, outcome, 200 if form.ok else 422)
        response.headers["HX-Retarget"] = "#wiz"
        return response

    async def save_target(self, request: Request) -> Response:
        """Keep the target for the owner."""
        form = await Form.read(request)
        target = url_from(self._notify, form)
        person_id = request.state.person.id
        if form.ok:
            try:
                await self._notify.add_target(
                    person_id,
                    name_of(self._notify, form),
                    form.text("service"),
                    target,
                    Context.new("person", person_id=person_id),
                )
            except Invalid as error:
                blame(self._notify, form, error)
        if not form.ok:
            return self._target(request, form, status=422)
        return await self.finish(request)

    async def finish(self, request: Request) -> Response:
        """The set-up is over, with or without a target."""
        await self._home.change(setup_done=True)
        return htmx.go(request, "/setup/done")

    async def show_done(self, request: Request) -> Response:
        """What is ready, and where to go from here."""
        person = request.state.person
        if person is None or person.role != "owner" or not self._home.setup_done:
            return htmx.go(request, "/setup")
        entities = [e for e in self._registry.entities.values() if not e.hidden]
        return self._page(
            request,
            "done",
            targets=await self._notify.targets(person.id),
            entity_count=len(entities),
            area_count=len(self._registry.areas),
            troubles=[c for c in self._health.all() if c.status != "ok"],
        )

    def _target(
        self, request: Request, form: Form, outcome: Outcome | None = None, status: int = 200
    ) -> Response:
        return self._page(
            request,
            "notify",
            status=status,
            form=form,
            services=offered(self._notify),
            chosen=chosen_form(self._notify, form),
            field_name=field_name,
            outcome=outcome,
        )

    def _page(
        self, request: Request, step: str, *, status: int = 200, **values: object
    ) -> Response:
        return self._pages.answer(
            request, f"setup/{step}.html", "wiz", status=status, steps=labels(), step=step, **values
        )


def routes(
    pages: Pages,
    home: Home,
    notify: Notify,
    health: Health,
    registry: Registry,
    names: Callable[[], list[str]],
) -> list[BaseRoute]:
    """The addresses of this module."""
    view = ReachPages(pages, home, notify, health, registry, names)
    return [
        Route("/setup/address", owner_only(home, view.show_address)),
        Route("/setup/notify", owner_only(home, view.show_target)),
        Route("/setup/notify", owner_only(home, view.save_target), methods=["POST"]),
        Route("/setup/notify/test", owner_only(home, view.test_target), methods=["POST"]),
        Route("/setup/finish", owner_only(home, view.finish), methods=["POST"]),
        Route("/setup/done", view.show_done),
    ]
