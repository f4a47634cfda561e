"""Settings: people, sign-in, notification targets, programs' tokens, the home, the system."""

from __future__ import annotations

import asyncio
import platform
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

import hub as hearth
from hub.access import ROLE_WORDS, People, hash_password
from hub.clock import Clock
from hub.errors import Invalid
from hub.health import Health
from hub.home import LANGUAGES, Home
from hub.recorder import Recorder
from store import people as rows
from store.people import PersonRow
from web import htmx
from web.forms import Form
from web.guard import OWN, Guard
from web.identity import context_of
from web.limits import Guesses, wait_sentence
from web.machine import Watch
from web.render import Pages
from web.sessions import Sessions
from web.sight import MANAGE_PEOPLE, MANAGE_SYSTEM, NOTIFY, SEE_PEOPLE, SEE_SYSTEM, Sight
from web.words import _

# So much of a session's hash tells one from another, and opens nothing.
_SHOWN = 16
_HOME_FIELDS = ("name", "time_zone", "language", "latitude", "longitude", "elevation")


def sections(sight: Sight) -> list[tuple[str, str, str]]:
    """The path, icon and name of each section that somebody may open."""
    everything = (
        ("people", "users", _("People"), SEE_PEOPLE),
        ("security", "shield-check", _("Sign-in"), OWN),
        ("notifications", "bell", _("Notifications"), NOTIFY),
        ("tokens", "key-round", _("Tokens"), OWN),
        ("home", "house", _("Home"), MANAGE_SYSTEM),
        ("system", "cpu", _("System"), SEE_SYSTEM),
    )
    return [
        (path, icon, name)
        for path, icon, name, permission in everything
        if not permission or sight.may(permission)
    ]


@dataclass(frozen=True, slots=True)
class SettingsParts:
    """What these pages need of the hub."""

    clock: Clock
    home: Home
    people: People
    health: Health
    recorder: Recorder
    sessions: Sessions
    guesses: Guesses
    watch: Watch
    data_folder: str


class SettingsPages:
    """The sections but notifications, which have a module of their own."""

    def __init__(self, parts: SettingsParts, pages: Pages) -> None:
        self._clock, self._home, self._people = parts.clock, parts.home, parts.people
        self._health, self._recorder = parts.health, parts.recorder
        self._sessions, self._guesses = parts.sessions, parts.guesses
        self._data_folder, self._watch = parts.data_folder, parts.watch
        self._pages = pages
        self._started = parts.clock.time()

    async def first(self, request: Request) -> Response:
        """The first section that this person may open."""
        return htmx.go(request, f"/settings/{sections(self._sight(request))[0][0]}")

    async def show_people(
        self, request: Request, form: Form | None = None, status: int = 200
    ) -> Response:
        """Everybody with their roles, and the form for one more."""
        return self._section(
            request, "people", status,
            form=form or Form({"role": "adult"}), people=self._people.all(),
            roles=list(ROLE_WORDS.items()),
            role_words=ROLE_WORDS,
            role_names=[(role, words.partition(':')[0]) for role, words in ROLE_WORDS.items()], may=self._sight(request).may(MANAGE_PEOPLE),
        )  # fmt: skip

    async def add_person(self, request: Request) -> Response:
        """Add somebody; without a password they are only told things."""
        form = await Form.read(request)
        try:
            person = await self._people.add(
                form.text("name"), form.value("password") or None, form.text("role"),
                sign_in_name=form.text("sign_in_name"), language=self._home.language,
                time_zone=self._home.time_zone,
            )  # fmt: skip
        except Invalid as error:
            form.blame(error, known=("name", "password", "role"), otherwise="name")
            return await self.show_people(request, form, 422)
        self._audit(request, f"added {person.name}", kind="person", role=person.role)
        response = await self.show_people(request)
        return htmx.toast(response, _("%(name)s was added", name=person.name))

    async def change_role(self, request: Request) -> Response:
        """Give somebody another role."""
        form = await Form.read(request)
        person_id, role = request.path_params["person_id"], form.text("role")
        if role not in ROLE_WORDS:
            raise Invalid(f"There is no role “{role}”.", where="role")
        person = await self._people.change(person_id, role=role)
        self._audit(request, f"made {person.name} {role}", kind="person")
        return htmx.toast(await self.show_people(request), _("The role is changed"))

    async def remove_person(self, request: Request) -> Response:
        """Remove somebody with their sessions, tokens and targets."""
        person = self._people.find(request.path_params["person_id"])
        await self._people.remove(person.id)
        self._audit(request, f"removed {person.name}", kind="person")
        response = await self.show_people(request)
        return htmx.toast(response, _("%(name)s was removed", name=person.name))

    async def show_security(
        self, request: Request, form: Form | None = None, status: int = 200
    ) -> Response:
        """The own password, and the browsers that are signed in."""
        session = request.state.session
        return self._section(
            request, "security", status,
            form=form or Form(), here=session.token_hash if session else "",
            sessions=await rows.sessions_of(request.state.person.id),
        )  # fmt: skip

    async def change_password(self, request: Request) -> Response:
        """A new password, after the present one; the other browsers are signed out."""
        form = await Form.read(request)
        person: PersonRow = request.state.person
        now, new = form.value("present"), form.value("password")
        await self._check_present(request, form, person, now)
        try:
            if form.ok:
                hashed = await asyncio.to_thread(hash_password, new, person.name)
                await self._people.change(person.id, password_hash=hashed)
        except Invalid as error:
            form.blame(error, known=("password",), otherwise="password")
        if not form.ok:
            return await self.show_security(request, form, 422)
        session = request.state.session
        await rows.end_sessions(person.id, but=session.token_hash if session else "")
        self._audit(request, "changed the own password", kind="sign_in")
        response = await self.show_security(request)
        return htmx.toast(response, _("The password is changed; other browsers are signed out"))

    async def _check_present(
        self, request: Request, form: Form, person: PersonRow, password: str
    ) -> None:
        """A browser that was left open must not be a place to guess the password at."""
        address = request.client.host if request.client else ""
        if wait := self._guesses.take(person.sign_in_name, address):
            form.wrong("present", wait_sentence(wait))
        elif await asyncio.to_thread(self._people.verify, person.sign_in_name, password) is None:
            form.wrong("present", _("This is not your present password."))
        else:
            self._guesses.right(person.sign_in_name, address)

    async def end_session(self, request: Request) -> Response:
        """Sign one of the own browsers out."""
        wanted = request.path_params["session"]
        own = await rows.sessions_of(request.state.person.id)
        for found in own:
            if found.token_hash[:_SHOWN] == wanted:
                await rows.end_session(found.token_hash)
        self._audit(request, "signed a browser out", kind="sign_in")
        return htmx.toast(await self.show_security(request), _("Signed out"))

    async def show_tokens(self, request: Request, made: str = "", status: int = 200) -> Response:
        """The own tokens; a new one's text is shown this once."""
        return self._section(
            request, "tokens", status,
            form=Form(), made=made, tokens=self._people.tokens_of(request.state.person.id),
        )  # fmt: skip

    async def add_token(self, request: Request) -> Response:
        """Make a token for a program."""
        form = await Form.read(request)
        text, row = await self._people.make_token(request.state.person.id, form.text("name"))
        self._audit(request, f"made the token {row.name}", kind="token")
        return await self.show_tokens(request, made=text)

    async def remove_token(self, request: Request) -> Response:
        """Revoke one of the own tokens."""
        await self._people.revoke_token(request.state.person.id, request.path_params["token_id"])
        self._audit(request, "revoked a token", kind="token")
        return htmx.toast(await self.show_tokens(request), _("The token is revoked"))

    async def show_home(
        self, request: Request, form: Form | None = None, status: int = 200
    ) -> Response:
        """Name, time zone, language of the home, and where it is."""
        values = {
            "name": self._home.name,
            "time_zone": self._home.time_zone,
            "language": self._home.language,
        }
        if place := self._home.place:
            values |= {
                key: f"{getattr(place, key):.10g}" for key in ("latitude", "longitude", "elevation")
            }
        return self._section(
            request, "home", status, form=form or Form(values), languages=list(LANGUAGES.items())
        )

    async def save_home(self, request: Request) -> Response:
        """Keep them."""
        form = await Form.read(request)
        try:
            if form.checked("latitude"):
                await self._home.move(
                    form.text("latitude"), form.text("longitude"), form.text("elevation")
                )
            await self._home.change(
                name=form.text("name"), time_zone=form.text("time_zone"),
                language=form.text("language"),
            )  # fmt: skip
        except Invalid as error:
            form.blame(error, known=_HOME_FIELDS, otherwise="name")
            return await self.show_home(request, form, 422)
        self._audit(request, "changed the home's settings")
        return htmx.toast(await self.show_home(request), _("Saved"))

    async def show_system(self, request: Request) -> Response:
        """How each part is, and what the hub uses."""
        return self._section(
            request,
            "system",
            200,
            conditions=self._health.all(),
            machine=self._watch.look(),
            version=hearth.__version__,
            python=platform.python_version(),
            folder=self._data_folder,
            since=self._started,
            part_words={"mdns": _("Name on the network"), "runs": _("Runs of skills")},
        )

    def _section(self, request: Request, name: str, status: int, **values: Any) -> Response:
        return self._pages.answer(
            request,
            f"settings/{name}.html",
            "section",
            status=status,
            page_title=_("Settings"),
            sections=sections(self._sight(request)),
            section=name,
            **values,
        )

    def _sight(self, request: Request) -> Sight:
        return Sight.of(self._people, request)

    def _audit(
        self, request: Request, subject: str, *, kind: str = "setting", **data: object
    ) -> None:
        self._recorder.audit(kind, subject, "done", context_of(request), data=data)


def routes(parts: SettingsParts, pages: Pages) -> list[BaseRoute]:
    """The addresses of these pages."""
    page, guard = SettingsPages(parts, pages), Guard(parts.people)
    return [
        guard.get("/settings", page.first, OWN),
        guard.get("/settings/people", page.show_people, SEE_PEOPLE),
        guard.post("/settings/people", page.add_person, MANAGE_PEOPLE),
        guard.post("/settings/people/{person_id}/role", page.change_role, MANAGE_PEOPLE),
        guard.post("/settings/people/{person_id}/remove", page.remove_person, MANAGE_PEOPLE),
        guard.get("/settings/security", page.show_security, OWN),
        guard.post("/settings/security", page.change_password, OWN),
        guard.post("/settings/security/{session}/end", page.end_session, OWN),
        guard.get("/settings/tokens", page.show_tokens, OWN),
        guard.post("/settings/tokens", page.add_token, OWN),
        guard.post("/settings/tokens/{token_id}/remove", page.remove_token, OWN),
        guard.get("/settings/home", page.show_home, MANAGE_SYSTEM),
        guard.post("/settings/home", page.save_home, MANAGE_SYSTEM),
        guard.get("/settings/system", page.show_system, SEE_SYSTEM),
    ]
