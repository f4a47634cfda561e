"""Signing in and out."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hub.access import People
from hub.home import Home
from web import htmx
from web.forms import Form
from web.limits import Guesses, wait_sentence
from web.render import Pages
from web.sessions import Sessions
from web.words import _


class SignInPages:
    """The sign-in form, and the two ways out."""

    def __init__(
        self, pages: Pages, sessions: Sessions, people: People, home: Home, guesses: Guesses
    ) -> None:
        self._pages = pages
        self._sessions = sessions
        self._people = people
        self._home = home
        self._guesses = guesses

    async def show(self, request: Request) -> Response:
        """The form; who is signed in goes on, a hub without an owner tells how to begin."""
        if request.state.person is not None:
            return htmx.go(request, _inside(request.query_params.get("next", "")))
        if self._people.owner is None:
            return self._pages.page(request, "setup/closed.html", wrong_token=False)
        return self._form(request, Form({"next": request.query_params.get("next", "")}))

    async def sign_in(self, request: Request) -> Response:
        """Check name and password; a new session if they are right."""
        form = await Form.read(request)
        name, password = form.text("name"), form.value("password")
        if not name:
            form.wrong("name", _("Type your sign-in name."))
        if not password:
            form.wrong("password", _("Type your password."))
        if not form.ok:
            return self._form(request, form, status=422)
        address = request.client.host if request.client else ""
        if wait := self._guesses.take(name, address):
            response = self._form(request, form, wait_sentence(wait), 429)
            response.headers["Retry-After"] = str(int(wait) + 1)
            return response
        person = await asyncio.to_thread(self._people.verify, name, password)
        if person is None:
            form.wrong("password", _("Name and password don't belong together."))
            return self._form(request, form, status=422)
        self._guesses.right(name, address)
        unfinished = person.role == "owner" and not self._home.setup_done
        there = "/setup/home" if unfinished else _inside(form.value("next"))
        response = htmx.go(request, there)
        await self._sessions.start(person, request, response)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End this browser's session."""
        await self._sessions.end(request)
        return self._out(request)

    async def sign_out_everywhere(self, request: Request) -> Response:
        """End all of the person's sessions."""
        await self._sessions.end_everywhere(request.state.person.id)
        return self._out(request)

    def _form(self, request: Request, form: Form, problem: str = "", status: int = 200) -> Response:
        return self._pages.page(
            request, "signin/signin.html", status=status, form=form, problem=problem
        )

    def _out(self, request: Request) -> Response:
        response = htmx.go(request, "/signin")
        self._sessions.clear_cookie(response)
        return response


def routes(
    pages: Pages, sessions: Sessions, people: People, home: Home, guesses: Guesses
) -> list[BaseRoute]:
    """The addresses of this module."""
    view = SignInPages(pages, sessions, people, home, guesses)
    return [
        Route("/signin", view.show),
        Route("/signin", view.sign_in, methods=["POST"]),
        Route("/signout", view.sign_out, methods=["POST"]),
        Route("/signout/everywhere", view.sign_out_everywhere, methods=["POST"]),
    ]


def _inside(address: str) -> str:
    r"""Only a path of this hub: never another host, which `//host` and `/\host` would be."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and address.isprintable() else "/"
