"""Who is signed in in which browser.

The cookie holds an opaque 256-bit token; the store keeps only its SHA-256, so a stolen
database opens nothing (OWASP session management cheat sheet). A session ends when it has been
idle for too long or has become too old, and is always a new one after signing in.
"""

from __future__ import annotations

import secrets

from starlette.requests import HTTPConnection
from starlette.responses import Response

from hub.access import People, token_hash
from hub.clock import Clock
from hub.config import SignIn
from store import people as rows
from store.people import PersonRow, SessionRow
from web.security import is_secure

COOKIE = "hearth_session"
_DAY = 86400.0
# Writing "seen" at every request would be a write per click.
_TOUCH_EVERY = 60.0


class Sessions:
    """Starts, finds and ends sessions."""

    def __init__(self, people: People, clock: Clock, limits: SignIn) -> None:
        self._people = people
        self._clock = clock
        self._idle = limits.idle_days * _DAY
        self._longest = limits.longest_days * _DAY

    async def start(self, person: PersonRow, request: HTTPConnection, response: Response) -> None:
        """Sign a person in in this browser: a new session; the one that it had ends."""
        await self.end(request)
        token, now = secrets.token_urlsafe(32), self._clock.time()
        agent, address = request.headers.get("user-agent", ""), request.client
        row = SessionRow(
            token_hash=token_hash(token),
            person_id=person.id,
            csrf=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            expires_at=self._end(now, now),
            agent=agent[:200],
            address=address.host if address else "",
        )
        await rows.end_expired_sessions(now)
        await rows.add_session(row)
        self._set_cookie(request, response, token)

    async def find(self, request: HTTPConnection) -> tuple[SessionRow, PersonRow] | None:
        """The session of this browser and its person; None when there is none or it ended."""
        token = request.cookies.get(COOKIE, "")
        row = await rows.session(token_hash(token)) if token else None
        now = self._clock.time()
        if row is None or row.expires_at <= now:
            return None
        person = self._people.get(row.person_id)
        if person is None or person.disabled:
            return None
        if now - row.seen_at >= _TOUCH_EVERY:
            await rows.session_seen(row.token_hash, now, self._end(row.created_at, now))
        return row, person

    async def alive(self, row: SessionRow) -> bool:
        """Whether a session that was found earlier still stands; for streams that stay open."""
        now_row = await rows.session(row.token_hash)
        return now_row is not None and now_row.expires_at > self._clock.time()

    async def end(self, request: HTTPConnection) -> None:
        """Sign this browser out."""
        if token := request.cookies.get(COOKIE):
            await rows.end_session(token_hash(token))

    async def end_everywhere(self, person_id: str) -> int:
        """Sign a person out in every browser; how many sessions it were."""
        return await rows.end_sessions(person_id)

    def clear_cookie(self, response: Response) -> None:
        """Make the browser forget its token."""
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")

    def _end(self, created_at: float, now: float) -> float:
        return min(now + self._idle, created_at + self._longest)

    def _set_cookie(self, request: HTTPConnection, response: Response, token: str) -> None:
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(self._longest),
            path="/",
            secure=is_secure(request.scope),
            httponly=True,
            samesite="lax",
        )
