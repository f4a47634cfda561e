"""Integrations: which there are, how each is, its last error and what to do about it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from hub.access import People
from hub.errors import NotFound
from hub.plugins.manager import Plugins
from hub.recorder import Recorder
from hub.registry import Registry
from web import htmx
from web.guard import Guard
from web.identity import context_of
from web.render import Pages
from web.sight import MANAGE_INTEGRATIONS, SEE_SYSTEM
from web.words import _


class IntegrationPages:
    """The list, and what an owner may do with each."""

    def __init__(
        self, pages: Pages, plugins: Plugins, registry: Registry, people: People, recorder: Recorder
    ) -> None:
        self._pages = pages
        self._plugins = plugins
        self._registry = registry
        self._people = people
        self._recorder = recorder

    async def index(self, request: Request) -> Response:
        """Every integration that was found."""
        counts: dict[str, int] = {}
        for row in self._registry.entities.values():
            counts[row.integration] = counts.get(row.integration, 0) + 1
        return self._pages.answer(
            request,
            "integrations/index.html",
            "list",
            page_title=_("Integrations"),
            live=True,
            integrations=self._plugins.all(),
            counts=counts,
            may=self._people.may(request.state.person.id, MANAGE_INTEGRATIONS),
        )

    async def change(self, request: Request) -> Response:
        """Load, reload or switch off one; look for new folders."""
        domain, verb = request.path_params["domain"], request.path_params["verb"]
        match verb:
            case "load":
                await self._plugins.load(domain)
            case "reload":
                await self._plugins.reload(domain)
            case "unload":
                await self._plugins.unload(domain)
            case _:
                raise NotFound(_("An integration can be loaded, reloaded and unloaded."))
        found = self._plugins.get(domain)
        outcome = "failed" if found.error else "done"
        self._recorder.audit("integration", f"{verb} {domain}", outcome, context_of(request))
        words = _("%(name)s: %(status)s", name=found.name, status=found.status)
        return htmx.toast(await self.index(request), words)

    async def rescan(self, request: Request) -> Response:
        """Look for integrations that were put into the folder."""
        self._plugins.rescan()
        return await self.index(request)


def routes(
    pages: Pages, plugins: Plugins, registry: Registry, people: People, recorder: Recorder
) -> list[BaseRoute]:
    """The addresses of this module."""
    page = IntegrationPages(pages, plugins, registry, people, recorder)
    guard = Guard(people)
    return [
        guard.get("/integrations", page.index, SEE_SYSTEM),
        guard.post("/integrations/rescan", page.rescan, MANAGE_INTEGRATIONS),
        guard.post("/integrations/{domain}/{verb:str}", page.change, MANAGE_INTEGRATIONS),
    ]
