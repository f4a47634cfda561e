"""The home page: areas with live tiles, what needs somebody, what happened and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from hub.access import People
from hub.actions import Actions
from hub.clock import Clock
from hub.errors import Invalid, NotFound
from hub.home import Home
from hub.registry import Registry
from hub.states import State, States
from skills.info import RunInfo
from skills.service import Skills
from store.history import History
from store.people import PersonRow, SessionRow
from web import feed, sse
from web.feed import Names
from web.forms import Form
from web.guard import Guard
from web.identity import context_of
from web.live import Live
from web.render import Pages
from web.rooms import Rooms
from web.sessions import Sessions
from web.sight import MANAGE_SKILLS, SEE, SEE_ACTIVITY, Sight
from web.standing import Standing
from web.tiles import is_shown
from web.words import _

_FEED = 9
_RAN = 4
# Hours at which the greeting changes.
_MORNING, _NOON, _EVENING = 4, 11, 18


@dataclass(frozen=True, slots=True)
class HomeParts:
    """What the home page needs of the hub."""

    clock: Clock
    home: Home
    states: States
    registry: Registry
    people: People
    actions: Actions
    history: History
    skills: Skills
    sessions: Sessions
    rooms: Rooms
    standing: Standing


class HomePage:
    """The page and its fragments."""

    def __init__(self, parts: HomeParts, pages: Pages, live: Live) -> None:
        self._parts = parts
        self._rooms, self._standing = parts.rooms, parts.standing
        self._pages = pages
        self._live = live

    async def index(self, request: Request) -> Response:
        """The whole page; `?floor=` shows one floor."""
        sight = self._sight(request)
        floor = request.query_params.get("floor", "")
        everywhere = self._rooms.areas(sight)
        areas = [a for a in everywhere if floor in ("", a.floor_id)]
        seen = {area.floor_id for area in everywhere}
        floors = sorted(self._parts.registry.floors.values(), key=lambda f: -f.level)
        return self._pages.answer(
            request,
            "home/index.html",
            "areas",
            page_title=_("Home"),
            live=True,
            greeting=self._greeting(request.state.person),
            summary=self._rooms.summary(sight),
            floors=[one for one in floors if one.id in seen],
            floor=floor,
            areas=areas,
            sparks=await self._rooms.sparks([tile for area in areas for tile in area.tiles]),
            needs=self._standing.needs(sight),
            strip=self._standing.strip(sight),
            feed=await self._feed(sight),
            ran=await self._ran(sight),
            may_add_skills=sight.may(MANAGE_SKILLS),
            may_see_activity=sight.may(SEE_ACTIVITY),
        )

    async def tile(self, request: Request) -> Response:
        """One tile as it is now."""
        return await self._tile_answer(request, self._state(request))

    async def act(self, request: Request) -> Response:
        """Do what a tile's control asks for, and answer with the tile as it is afterwards."""
        state = self._state(request)
        form = await Form.read(request)
        name, data = _wanted(state, request.path_params["verb"], form)
        await self._parts.actions.call(name, data, state.entity_id, context_of(request))
        return await self._tile_answer(request, self._state(request))

    async def area_off(self, request: Request) -> Response:
        """Turn off the lamps of an area that burn."""
        area_id = request.path_params["area_id"]
        if area_id not in self._parts.registry.areas:
            raise NotFound(_("There is no such area."))
        if lit := self._rooms.lit(area_id, self._sight(request)):
            await self._parts.actions.call("light.turn_off", {}, lit, context_of(request))
        return Response(status_code=204)

    async def fragment(self, request: Request) -> Response:
        """The summary, the feed, the skills that ran, what needs somebody, the strip."""
        name, sight = request.path_params["name"], self._sight(request)
        values: dict[str, Any]
        match name:
            case "summary":
                values = {"summary": self._rooms.summary(sight)}
            case "feed":
                values = {"feed": await self._feed(sight)}
            case "ran":
                values = {
                    "ran": await self._ran(sight),
                    "may_see_activity": sight.may(SEE_ACTIVITY),
                }
            case "needs":
                values = {"needs": self._standing.needs(sight)}
            case "strip":
                values = {"strip": self._standing.strip(sight)}
            case _:
                raise NotFound(_("There is no such part of the home page."))
        return self._pages.part(request, "home/index.html", name, **values)

    async def events(self, request: Request) -> Response:
        """The live stream that every page listens to; it ends with the session."""
        session: SessionRow = request.state.session
        sight = self._sight(request)

        async def draw(entity_id: str) -> str:
            return await self._live_tile(entity_id, sight)

        async def stands() -> bool:
            person = self._parts.people.get(session.person_id)
            if person is None or person.disabled:
                return False
            return await self._parts.sessions.alive(session)

        return sse.stream(self._live.messages(draw, stands))

    async def _live_tile(self, entity_id: str, sight: Sight) -> str:
        state = self._parts.states.get(entity_id)
        if state is None or not is_shown(state) or not sight.entity(entity_id):
            return ""
        tile = self._rooms.tile(state, sight)
        sparks = await self._rooms.sparks([tile])
        html = self._pages.fragment("home/tile.html", tile=tile, spark=sparks.get(entity_id))
        return sse.partial(f"#{tile.dom_id}", html)

    async def _tile_answer(self, request: Request, state: State) -> Response:
        tile = self._rooms.tile(state, self._sight(request))
        sparks = await self._rooms.sparks([tile])
        return self._pages.page(
            request, "home/tile.html", tile=tile, spark=sparks.get(tile.entity_id)
        )

    def _state(self, request: Request) -> State:
        entity_id = request.path_params["entity_id"]
        state = self._parts.states.get(entity_id)
        if state is None or not self._sight(request).entity(entity_id):
            raise NotFound(_("There is no entity %(id)s.", id=entity_id))
        return state

    def _sight(self, request: Request) -> Sight:
        return Sight.of(self._parts.people, request)

    def _greeting(self, person: PersonRow) -> str:
        hour = datetime.fromtimestamp(self._parts.clock.time(), self._parts.home.zone).hour
        name = person.name.split()[0]
        if hour >= _EVENING:
            return _("Good evening, %(name)s", name=name)
        if _MORNING <= hour < _NOON:
            return _("Good morning, %(name)s", name=name)
        return _("Hello, %(name)s", name=name)

    async def _feed(self, sight: Sight) -> list[feed.Line]:
        now = self._parts.clock.time() + 1
        audits = await self._parts.history.audit(now, 60, kind="action")
        changes = await self._parts.history.changes(now, 120)
        runs = await self._parts.skills.runs(limit=40)
        named = {run.context.id: run.skill_name for run in runs if sight.run(run)}
        names = Names(self._parts.registry.name_of, self._person_name, named)
        return feed.lines(
            [row for row in audits if sight.audit(row)],
            [row for row in changes if sight.change(row)],
            names,
            _FEED,
        )

    async def _ran(self, sight: Sight) -> list[RunInfo]:
        if not sight.may(SEE_ACTIVITY):
            return []
        return [run for run in await self._parts.skills.runs(limit=4 * _RAN) if sight.run(run)][
            :_RAN
        ]

    def _person_name(self, person_id: str) -> str:
        row = self._parts.people.get(person_id)
        return row.name if row else _("Somebody")


def routes(parts: HomeParts, pages: Pages, live: Live) -> list[BaseRoute]:
    """The page's addresses. What a tile asks for is decided by the action that it calls."""
    page, guard = HomePage(parts, pages, live), Guard(parts.people)
    return [
        guard.get("/", page.index, SEE),
        guard.get("/ui/events", page.events, SEE),
        guard.get("/ui/home/{name}", page.fragment, SEE),
        guard.get("/ui/entities/{entity_id}", page.tile, SEE),
        guard.post("/ui/entities/{entity_id}/{verb}", page.act, SEE),
        guard.post("/ui/areas/{area_id}/off", page.area_off, "light.turn_off"),
    ]


def _wanted(state: State, verb: str, form: Form) -> tuple[str, dict[str, Any]]:
    """The action and its data for a control of a tile. Raises Invalid for another verb."""
    domain = state.domain
    match domain, verb:
        case ("light" | "switch", "toggle"):
            # The present state decides, so that two quick taps of two people don't cancel out.
            return f"{domain}.turn_{'off' if state.state == 'on' else 'on'}", {}
        case "light", "brightness":
            percent = _number(form, "brightness")
            return ("light.turn_on", {"brightness_pct": percent}) if percent else (
                "light.turn_off", {})  # fmt: skip
        case "lock", "lock" | "unlock":
            return f"lock.{verb}", {}
        case "cover", "position":
            return "cover.set_cover_position", {"position": round(_number(form, "position"))}
        case "climate", "temperature":
            return "climate.set_temperature", {"temperature": _number(form, "temperature")}
    raise Invalid(f"{state.entity_id} can’t do {verb} from its tile.")


def _number(form: Form, name: str) -> float:
    try:
        return float(form.text(name))
    except ValueError as error:
        raise Invalid(f"“{form.text(name)}” is not a number.", where=name) from error
