"""Routes of the pages behind the sign-in: each names the permission that it needs.

The pages are for browsers: a program with a token is sent to the API, where its token's limits are
written down. A session is what tells the two apart.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.access import People
from hub.errors import Refused
from web.identity import context_of
from web.words import _

Handler = Callable[[Request], Awaitable[Response]]
# Everybody's own account needs no permission.
OWN = ""


class GuardedRoute(Route):
    """An address that asks first whether the person may."""

    def __init__(
        self, path: str, handler: Handler, people: People, permission: str, method: str
    ) -> None:
        async def answer(request: Request) -> Response:
            if request.state.session is None:
                raise Refused(
                    _("The pages are for browsers that have signed in."),
                    remedy=_("Programs use the API under /api with their token."),
                )
            if permission:
                people.require(context_of(request), permission)
            return await handler(request)

        super().__init__(path, answer, methods=[method])
        self.permission = permission


class Guard:
    """Makes the routes of a module; `people` answers whether somebody may."""

    def __init__(self, people: People) -> None:
        self._people = people

    def get(self, path: str, handler: Handler, permission: str) -> GuardedRoute:
        """A page or a part of one."""
        return GuardedRoute(path, handler, self._people, permission, "GET")

    def post(self, path: str, handler: Handler, permission: str) -> GuardedRoute:
        """Something that a page lets people do."""
        return GuardedRoute(path, handler, self._people, permission, "POST")
