"""Who may open which page and do what there. A new address without a line here fails."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from hub.testing import House
from tests.web.conftest import Visitor
from tests.web.pages.conftest import Enter
from web.guard import OWN, GuardedRoute

PERMISSIONS = {
    "GET /": "hub.see",
    "GET /ui/events": "hub.see",
    "GET /ui/home/{name}": "hub.see",
    "GET /ui/entities/{entity_id}": "hub.see",
    # The action that a tile calls asks for its own permission.
    "POST /ui/entities/{entity_id}/{verb}": "hub.see",
    "POST /ui/areas/{area_id}/off": "light.turn_off",
    "GET /skills": "hub.see_skills",
    "GET /skills/{skill_id}": "hub.see_skills",
    "POST /skills/{skill_id}": "hub.manage_skills",
    "POST /skills/{skill_id}/enabled": "hub.manage_skills",
    "POST /skills/{skill_id}/run": "skill.run",
    "POST /skills/{skill_id}/delete": "hub.manage_skills",
    "GET /activity": "hub.see_activity",
    "GET /runs/{run_id}": "hub.see_activity",
    "POST /runs/{run_id}/cancel": "skill.run",
    "GET /blueprints": "hub.manage_skills",
    "POST /ui/blueprints/{path:path}/check": "hub.manage_skills",
    "GET /ui/blueprints/{path:path}/pick/{key}": "hub.manage_skills",
    "GET /blueprints/{path:path}": "hub.manage_skills",
    "POST /blueprints/{path:path}": "hub.manage_skills",
    "GET /activity/deliveries": "hub.see_activity",
    "POST /activity/deliveries/{delivery_id}/retry": "notify.send",
    "GET /activity/audit": "hub.see_activity",
    "GET /activity/cause/{context_id}": "hub.see",
    "GET /integrations": "hub.see_system",
    "POST /integrations/rescan": "hub.manage_integrations",
    "POST /integrations/{domain}/{verb:str}": "hub.manage_integrations",
    "GET /settings": OWN,
    "GET /settings/people": "hub.see_people",
    "POST /settings/people": "hub.manage_people",
    "POST /settings/people/{person_id}/role": "hub.manage_people",
    "POST /settings/people/{person_id}/remove": "hub.manage_people",
    "GET /settings/security": OWN,
    "POST /settings/security": OWN,
    "POST /settings/security/{session}/end": OWN,
    "GET /settings/tokens": OWN,
    "POST /settings/tokens": OWN,
    "POST /settings/tokens/{token_id}/remove": OWN,
    "GET /settings/home": "hub.manage_system",
    "POST /settings/home": "hub.manage_system",
    "GET /settings/system": "hub.see_system",
    "GET /settings/notifications": "notify.send",
    "POST /settings/notifications": "notify.send",
    "POST /settings/notifications/try": "notify.send",
    "POST /settings/notifications/{target_id}/test": "notify.send",
    "POST /settings/notifications/{target_id}/remove": "notify.send",
}
# Answered before somebody is known, or by the API with permissions of its own.
ELSEWHERE = ("/signin", "/signout", "/setup", "/api", "/healthz", "/metrics", "/favicon", "/robots")

FOR_GUESTS = {"hub.see", "light.turn_off", OWN}
REFUSED = sorted(key for key, wanted in PERMISSIONS.items() if wanted not in FOR_GUESTS)


def test_every_page_names_its_permission(app: Starlette) -> None:
    guarded = [route for route in app.routes if isinstance(route, GuardedRoute)]
    found = {f"{_method(route)} {route.path}": route.permission for route in guarded}

    assert found == PERMISSIONS


def test_no_page_behind_the_sign_in_is_left_unguarded(app: Starlette) -> None:
    open_ = [
        route.path
        for route in app.routes
        if isinstance(route, Route | Mount) and not isinstance(route, GuardedRoute)
    ]

    assert [path for path in open_ if not path.startswith((*ELSEWHERE, "/static"))] == []


@pytest.fixture
async def guest(enter: Enter) -> Visitor:
    return await enter("guest")


async def test_a_guest_is_refused_whatever_is_not_for_guests(guest: Visitor, skill_id: str) -> None:
    answers = {}
    for key in REFUSED:
        method, path = key.split(" ")
        address = _filled(path, skill_id)
        asked = guest.get(address) if method == "GET" else guest.send(address, {})
        answers[key] = (await asked).status_code

    assert answers == dict.fromkeys(REFUSED, 403)


@pytest.mark.parametrize(
    "entity_id, verb",
    [
        ("lock.front_door", "unlock"),
        ("lock.front_door", "lock"),
        ("climate.living_room", "temperature"),
        ("cover.living_room_blinds", "position"),
    ],
)
async def test_a_guest_moves_nothing_but_lights(
    guest: Visitor, house: House, entity_id: str, verb: str
) -> None:
    before = house.state(entity_id)
    values = {"temperature": "25", "position": "5"}
    answer = await guest.send(f"/ui/entities/{entity_id}/{verb}", values)

    assert answer.status_code == 403
    assert house.state(entity_id) == before


async def test_a_guest_may_switch_a_lamp(guest: Visitor, house: House) -> None:
    await house.hub.actions.call("light.turn_off", target="light.hall")
    answer = await guest.send("/ui/entities/light.hall/toggle", {})

    assert answer.status_code == 200
    assert house.state("light.hall") == "on"


async def test_a_token_is_for_the_api_and_opens_no_page(house: House, visitor: Visitor) -> None:
    owner = house.hub.people.find("mara")
    text, _row = await house.hub.people.make_token(owner.id, "tablet")
    headers = {"Authorization": f"Bearer {text}"}
    page = await visitor.get("/settings/tokens", headers)
    made = await visitor.send("/settings/tokens", {"name": "another"}, headers)

    assert (page.status_code, made.status_code) == (403, 403)
    assert len(house.hub.people.tokens_of(owner.id)) == 1


async def test_somebody_without_sight_sees_nothing(enter: Enter) -> None:
    nobody = await enter("guest", [{"permission": "*", "allow": False}])

    assert (await nobody.get("/")).status_code == 403
    assert (await nobody.get("/ui/home/feed")).status_code == 403
    assert (await nobody.get("/ui/events")).status_code == 403


def _method(route: GuardedRoute) -> str:
    return "POST" if "POST" in (route.methods or ()) else "GET"


def _filled(path: str, skill_id: str) -> str:
    values = {
        "{skill_id}": skill_id, "{path:path}": "motion_light.yaml", "{key}": "motion",
        "{domain}": "demo", "{verb:str}": "unload", "{run_id}": "x", "{delivery_id}": "x",
        "{person_id}": "mara", "{target_id}": "x",
    }  # fmt: skip
    for name, value in values.items():
        path = path.replace(name, value)
    return path
