"""The web application: which pages there are, and what every request passes on its way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute

from hub.access import ROLE_WORDS
from hub.app import Hub
from hub.discovery.service import Discovery
from hub.errors import HubError
from hub.home import Home
from skills.service import Skills
from store.people import PersonRow
from store.trouble import DATABASE_ERRORS
from web import api, assets, navigation
from web.api.traffic import Measured, Traffic
from web.assets import Assets
from web.errors import ErrorPages
from web.identity import Identity
from web.limits import Guesses
from web.live import Live
from web.machine import Watch
from web.pages import (
    activity,
    blueprints,
    home,
    integrations,
    settings,
    settings_targets,
    setup,
    setup_reach,
    signin,
    skills,
)
from web.render import Pages
from web.rooms import Rooms
from web.security import BodyLimit, HostCheck, SecurityHeaders
from web.sessions import Sessions
from web.standing import Standing
from web.tokens import Tokens
from web.words import _


def build(hub: Hub) -> Starlette:
    """Wire the pages of a hub."""
    pages = Pages(Shell(hub), Assets(), hub.clock, lambda: hub.home.zone, kept=hub.folder / "cache")
    sessions = Sessions(hub.people, hub.clock, hub.config.sign_in)
    guesses = Guesses(hub.clock, hub.config.sign_in.attempts, hub.config.sign_in.window)
    tokens = Tokens(hub.people, hub.local_token, guesses)
    errors, traffic = ErrorPages(pages), Traffic()
    routes: list[BaseRoute] = [
        assets.mount(),
        *signin.routes(pages, sessions, hub.people, hub.home, guesses),
        *setup.routes(pages, sessions, hub.people, hub.home, hub.clock, hub.setup_token),
        *setup_reach.routes(
            pages, hub.home, hub.notify, hub.health, hub.registry, lambda: own_names(hub)
        ),
        *product_pages(hub, pages, sessions, guesses),
        *api.routes(hub, sessions, tokens, traffic),
    ]
    return Starlette(
        routes=routes,
        # The outermost first: an answer of any of them has the headers, and nothing of a
        # request is read before its host and its length are known to be right.
        middleware=[
            Middleware(Measured, traffic=traffic),
            Middleware(SecurityHeaders),
            Middleware(HostCheck, names=lambda: own_names(hub)),
            Middleware(BodyLimit),
            Middleware(Identity, sessions=sessions, tokens=tokens),
        ],
        exception_handlers={
            HubError: errors.hub_error,
            HTTPException: errors.http_error,
            **dict.fromkeys(DATABASE_ERRORS, errors.store_error),
            Exception: errors.fault,
        },
    )


def product_pages(hub: Hub, pages: Pages, sessions: Sessions, guesses: Guesses) -> list[BaseRoute]:
    """Everything behind the sign-in, in the order of the navigation."""
    engine, live = hub.part(Skills), Live(hub.bus)
    watch = Watch(str(hub.folder))
    home_parts = home.HomeParts(
        hub.clock, hub.home, hub.states, hub.registry, hub.people, hub.actions, hub.history,
        engine, sessions, Rooms(hub.states, hub.registry, hub.history, hub.clock),
        Standing(hub.health, hub.plugins, engine, watch),
    )  # fmt: skip
    blueprint_parts = blueprints.BlueprintParts(hub.states, hub.registry, hub.people, engine)
    activity_parts = activity.ActivityParts(
        hub.clock, hub.history, hub.registry, hub.people, hub.notify, engine
    )
    settings_parts = settings.SettingsParts(
        hub.clock, hub.home, hub.people, hub.health, hub.recorder, sessions,
        guesses, watch, str(hub.folder),
    )  # fmt: skip
    return [
        *home.routes(home_parts, pages, live),
        *skills.routes(skills.SkillParts(hub.clock, hub.people, hub.registry, engine), pages),
        *blueprints.routes(blueprint_parts, pages),
        *activity.routes(activity_parts, pages),
        *integrations.routes(pages, hub.plugins, hub.registry, hub.people, hub.recorder),
        *settings_targets.routes(pages, hub.home, hub.people, hub.notify),
        *settings.routes(settings_parts, pages),
    ]


class Shell:
    """What every page shows around its content."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __call__(self, request: Request) -> Mapping[str, Any]:
        """The values for a request."""
        home, person = self._hub.home, request.state.person
        named = home.setup_done or home.name != Home().name
        return {
            "home": {
                "name": home.name if named else _("Your new hub"),
                "address": request.url.netloc,
            },
            "language": person.language if person else home.language,
            "person": _shown(person) if person else None,
            "csrf": request.state.csrf,
            "navigation": navigation.items(request.url.path, self._may(person)),
            "live": person is not None and home.setup_done,
            "page_title": "",
            "slim": False,
        }

    def _may(self, person: PersonRow | None) -> Callable[[str], bool]:
        people = self._hub.people
        return lambda permission: person is not None and people.may(person.id, permission)


def own_names(hub: Hub) -> list[str]:
    """The host names that this hub answers to: by mDNS, and those in hub.toml."""
    found_by = [f"{hub.config.mdns.name}.local"] if hub.config.mdns.enabled else []
    with contextlib.suppress(LookupError):  # a hub that is not announced
        found_by.insert(0, hub.part(Discovery).hostname)
    return list(dict.fromkeys(name for name in [*found_by, *hub.config.server.names] if name))


def _shown(person: PersonRow) -> dict[str, str]:
    role = ROLE_WORDS.get(person.role, person.role).partition(":")[0]
    return {"id": person.id, "name": person.name, "role": person.role, "role_name": role}
