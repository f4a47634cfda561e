"""The first visit: an owner, a home, how to reach the hub, where to be notified.

The first step is opened by the one-time token that the hub prints at its start; the others by
the owner's session. Without script every step is a plain form; with it, errors come back in place.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.access import People
from hub.clock import Clock
from hub.errors import Invalid, NotFound
from hub.home import LANGUAGES, Home
from web import htmx
from web.forms import Form
from web.passwords import is_known, strength
from web.render import Pages
from web.sessions import Sessions
from web.words import _

Handler = Callable[[Request], Awaitable[Response]]

STEPS = ("account", "home", "address", "notify", "done")
_LEFT_OUT = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def labels() -> list[tuple[str, str]]:
    """The steps as the list on the left names them."""
    words = (_("Your account"), _("Your home"), _("Address"), _("Notifications"), _("Done"))
    return list(zip(STEPS, words, strict=True))


class SetupPages:
    """The owner and the home; the later steps are in setup_reach."""

    def __init__(
        self,
        pages: Pages,
        sessions: Sessions,
        people: People,
        home: Home,
        clock: Clock,
        token: str,
    ) -> None:
        self._pages = pages
        self._sessions = sessions
        self._people = people
        self._home = home
        self._clock = clock
        self._token = token
        self._one_at_a_time = asyncio.Lock()

    async def begin(self, request: Request) -> Response:
        """The link that was printed, or anybody who finds the address."""
        if self._has_owner():
            return self._go_on(request)
        token = request.query_params.get("token", "")
        if not self._opens(token):
            return self._pages.page(
                request, "setup/closed.html", status=403, wrong_token=bool(token)
            )
        return self._step(request, "account", Form({"token": token}))

    async def create_owner(self, request: Request) -> Response:
        """Make the owner and sign them in."""
        form = await Form.read(request)
        if self._has_owner():
            return self._go_on(request)
        if not self._opens(form.value("token")):
            return self._pages.page(request, "setup/closed.html", status=403, wrong_token=True)
        self._check_account(form)
        if not form.ok:
            return self._step(request, "account", form, 422)
        async with self._one_at_a_time:
            if self._has_owner():  # somebody was quicker
                return self._go_on(request)
            try:
                owner = await self._people.add(
                    form.text("name"),
                    form.value("password"),
                    "owner",
                    sign_in_name=form.text("sign_in_name"),
                )
            except Invalid as error:
                form.blame(error, known=("name", "password"), otherwise="name")
                return self._step(request, "account", form, 422)
        response = htmx.go(request, "/setup/home")
        await self._sessions.start(owner, request, response)
        return response

    async def judge_password(self, request: Request) -> Response:
        """The word and the bar under the password box."""
        if self._has_owner():
            raise NotFound(_("There is no such page."))
        form = await Form.read(request)
        found = strength(form.value("password"), form.text("name"), form.text("sign_in_name"))
        return self._pages.part(
            request, "setup/account.html", "strength", strength=found, form=form
        )

    async def show_home(self, request: Request) -> Response:
        """Name, time zone and language."""
        zone = self._home.time_zone
        values = {
            "home_name": "" if self._home.name == "Home" else self._home.name,
            # "UTC" is what a new hub has; an empty box lets the browser guess.
            "time_zone": "" if zone == "UTC" else zone,
            "language": self._home.language,
        }
        return self._step(request, "home", Form(values))

    async def save_home(self, request: Request) -> Response:
        """Keep them, for the home and for its owner."""
        form = await Form.read(request)
        zone, language = _zone_of(form.text("time_zone")), form.text("language")
        if not form.text("home_name"):
            form.wrong("home_name", _("Give your home a name."))
        if not zone:
            form.wrong("time_zone", _("Choose your time zone, such as Europe/Berlin."))
        try:
            if form.ok:
                await self._home.change(
                    name=form.text("home_name"), time_zone=zone, language=language
                )
                person = request.state.person.id
                await self._people.change(person, time_zone=zone, language=language)
        except Invalid as error:
            where = "home_name" if error.where == "name" else error.where
            error.where = where
            form.blame(error, known=("home_name", "time_zone", "language"), otherwise="home_name")
        if not form.ok:
            return self._step(request, "home", form, 422)
        return htmx.go(request, "/setup/address")

    def _check_account(self, form: Form) -> None:
        name, sign_in, password = (
            form.text("name"),
            form.text("sign_in_name"),
            form.value("password"),
        )
        if not name:
            form.wrong("name", _("Tell the hub your name."))
        if not sign_in:
            form.wrong("sign_in_name", _("Choose a name to sign in with, such as mara."))
        if not password:
            form.wrong("password", _("Choose a password. Four unrelated words work well."))
        elif is_known(password, name, sign_in):
            form.wrong(
                "password",
                _("This one is among the first that are guessed. Four unrelated words work well."),
            )

    def _has_owner(self) -> bool:
        return self._people.owner is not None

    def _opens(self, token: str) -> bool:
        return secrets.compare_digest(token.encode(), self._token.encode())

    def _go_on(self, request: Request) -> Response:
        """Where somebody belongs who opens the set-up when it isn't theirs to do."""
        if may_go_on(request, self._home):
            return htmx.go(request, "/setup/home")
        return htmx.go(request, "/" if request.state.person else "/signin")

    def _step(self, request: Request, step: str, form: Form, status: int = 200) -> Response:
        return self._pages.answer(
            request,
            f"setup/{step}.html",
            "wiz",
            status=status,
            steps=labels(),
            step=step,
            form=form,
            strength=None,
            time_zones=self._time_zones() if step == "home" else [],
            languages=list(LANGUAGES.items()),
        )

    def _time_zones(self) -> list[tuple[str, str]]:
        now = self._clock.now()
        return [(zone, _offset(zone, now)) for zone in _zones()]


def may_go_on(request: Request, home: Home) -> bool:
    """Whether this is the owner, in a set-up that has not been finished."""
    person = request.state.person
    return person is not None and person.role == "owner" and not home.setup_done


def owner_only(home: Home, handler: Handler) -> Handler:
    """A step that only the owner may open; others are sent to the beginning."""

    async def guarded(request: Request) -> Response:
        if not may_go_on(request, home):
            return htmx.go(request, "/setup")
        return await handler(request)

    return guarded


def routes(
    pages: Pages, sessions: Sessions, people: People, home: Home, clock: Clock, token: str
) -> list[BaseRoute]:
    """The addresses of this module."""
    view = SetupPages(pages, sessions, people, home, clock, token)
    return [
        Route("/setup", view.begin),
        Route("/setup/account", view.begin),
        Route("/setup/account", view.create_owner, methods=["POST"]),
        Route("/setup/account/password", view.judge_password, methods=["POST"]),
        Route("/setup/home", owner_only(home, view.show_home)),
        Route("/setup/home", owner_only(home, view.save_home), methods=["POST"]),
    ]


def _zones() -> list[str]:
    places = (zone for zone in available_timezones() if not zone.startswith(_LEFT_OUT))
    return sorted(zone for zone in places if "/" in zone or zone == "UTC")


def _zone_of(typed: str) -> str:
    """The IANA name of what was typed: in any case, with spaces, or only the town."""
    wanted = typed.strip().replace(" ", "_").casefold()
    if not wanted:
        return ""
    known = {zone.casefold(): zone for zone in sorted(available_timezones())}
    if wanted in known:
        return known[wanted]
    towns = [zone for zone in _zones() if zone.casefold().rpartition("/")[2] == wanted]
    return towns[0] if len(towns) == 1 else typed.strip()


def _offset(zone: str, now: datetime) -> str:
    return now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
