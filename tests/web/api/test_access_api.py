"""Who is let in, and how far."""

from __future__ import annotations

import re

from starlette.routing import Route

from hub.testing import hub_for_test


def _asked(app):
    """Each method of each address under /api, with something in place of its blanks."""
    return [
        (method, re.sub(r"{[^}]*}", "x", route.path))
        for route in app.routes
        if isinstance(route, Route) and route.path.startswith("/api")
        for method in {*(route.methods or ())} - {"HEAD"}
    ]


async def test_without_a_token_nothing_is_answered(api):
    async with api.client() as stranger:
        answers = [await stranger.request(*asked) for asked in _asked(api.app)]

    assert len(answers) > 40
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
    assert {answer.json()["error"]["kind"] for answer in answers} == {"Unauthenticated"}


async def test_a_guest_manages_nothing(api, guest):
    document = (await guest.get("/api/openapi.json")).json()
    managing = [
        (method, re.sub(r"{[^}]*}", "x", path))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation["x-permission"] not in ("", "hub.see")
    ]

    answers = {asked: (await guest.request(*asked)).status_code for asked in managing}

    assert len(managing) > 12
    assert set(answers.values()) == {403}, answers


async def test_somebody_who_may_see_nothing_sees_nothing(api):
    token = await api.token("guest", [{"permission": "*", "allow": False}])
    open_to_all = {"/api", "/api/openapi.json", "/api/people/me", "/api/tokens", "/api/tokens/x"}
    async with api.client(token) as blind:
        answers = {
            asked: (await blind.request(*asked)).status_code
            for asked in _asked(api.app)
            if asked[1] not in open_to_all
        }

    assert set(answers.values()) == {403}, answers


async def test_a_revoked_token_is_out_at_once(api, local):
    token = await api.token("adult")
    person = api.house.hub.people.find("A adult")
    (row,) = api.house.hub.people.tokens_of(person.id)
    async with api.client(token) as client:
        before = await client.get("/api/states")
        gone = await client.delete(f"/api/tokens/{row.id}")
        after = await client.get("/api/states")

    assert (before.status_code, gone.status_code, after.status_code) == (200, 204, 401)


async def test_an_expired_token_is_out(api, local):
    person = await api.house.hub.people.add("Visitor", None, "guest")
    text, _row = await api.house.hub.people.make_token(person.id, "short", lasts=60)
    async with api.client(text) as client:
        before = await client.get("/api/states")
        await api.house.advance(61)
        after = await client.get("/api/states")

    assert (before.status_code, after.status_code) == (200, 401)


async def test_a_disabled_person_is_out_at_once(api):
    token = await api.token("adult")
    person = api.house.hub.people.find("A adult")
    async with api.client(token) as client:
        before = await client.get("/api/states")
        await api.house.hub.people.change(person.id, disabled=True)
        after = await client.get("/api/states")

    assert (before.status_code, after.status_code) == (200, 401)


async def test_tokens_survive_a_restart(tmp_path):
    async with hub_for_test(folder=tmp_path) as house:
        owner = await house.owner()
        text, _row = await house.hub.people.make_token(owner.id, "script")
    async with hub_for_test(folder=tmp_path) as house:
        found = await house.hub.people.by_token(text)

    assert found is not None
    assert found.id == owner.id


async def test_wrong_tokens_are_limited_and_a_right_one_never_waits(api):
    right = await api.token("adult")
    async with api.client("hearth_wrong") as guesser:
        answers = [await guesser.get("/api") for _ in range(7)]
    async with api.client(right) as client:
        good = await client.get("/api")

    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].json()["error"]["kind"] == "TooMany"
    assert good.status_code == 200


async def test_the_token_of_this_machine_opens_only_on_this_machine(api):
    token = api.house.hub.local_token
    async with (
        api.client(token, "127.0.0.1") as here,
        api.client(token, "::1") as here_too,
        api.client(token, "192.168.1.7") as elsewhere,
        api.client(token, "127.0.0.1", **{"X-Forwarded-For": "203.0.113.9"}) as passed_on,
    ):
        found = [(await c.get("/api")).status_code for c in (here, here_too, elsewhere, passed_on)]

    assert found == [200, 200, 401, 401]


async def test_before_there_is_an_owner_this_machine_is_the_hub_itself(api_of):
    async with hub_for_test() as house, api_of(house).local() as local:
        info = (await local.get("/api")).json()
        states = await local.get("/api/states")
        token = await local.post("/api/tokens", json={"name": "x"})

    assert (info["person"], info["origin"]) == (None, "cli")
    assert states.status_code == 200
    assert (token.status_code, token.json()["error"]["kind"]) == (409, "NeedsPerson")


async def test_a_browser_that_is_signed_in_may_read_and_with_its_csrf_token_write(api):
    browser = await api.browser()
    csrf = {"X-CSRF-Token": browser.csrf}
    client = browser.client

    info = (await client.get("/api")).json()
    bare = await client.post("/api/events/custom_bell", json={})
    sent = await client.post("/api/events/custom_bell", headers=csrf)
    elsewhere = csrf | {"Origin": "http://elsewhere.example"}
    foreign = await client.post("/api/events/custom_bell", headers=elsewhere)

    assert (info["origin"], info["person"]["name"]) == ("person", "Ada")
    assert (bare.status_code, sent.status_code, foreign.status_code) == (403, 200, 403)


async def test_a_token_is_shown_once_and_makes_no_others(api, local):
    made = await local.post("/api/tokens", json={"name": "script"})
    token = made.json()["token"]
    async with api.client(token) as script:
        listed = await script.get("/api/tokens")
        more = await script.post("/api/tokens", json={"name": "more"})

    assert made.status_code == 201
    assert [row["name"] for row in listed.json()] == ["script"]
    assert token not in listed.text
    assert more.status_code == 403


async def test_a_token_for_somebody_else_is_made_by_who_manages_people(api, local):
    await api.house.hub.people.add("Bo", None, "child")

    made = await local.post("/api/tokens", json={"name": "tablet", "person": "Bo"})
    nobody = await local.post("/api/tokens", json={"name": "tablet", "person": "Zoe"})

    assert made.json()["person_id"] == api.house.hub.people.find("Bo").id
    assert nobody.status_code == 404


async def test_one_can_not_revoke_anothers_token(api, guest):
    owner = api.house.hub.people.owner
    _text, row = await api.house.hub.people.make_token(owner.id, "mine")

    answer = await guest.delete(f"/api/tokens/{row.id}")

    assert answer.status_code == 404
    assert api.house.hub.people.tokens_of(owner.id)


async def test_people_are_added_by_owners_and_shown_in_part_to_others(api, local, guest):
    added = await local.post("/api/people", json={"name": "Bo", "role": "child"})
    full = (await local.get("/api/people")).json()
    async with api.client(await api.token("adult")) as adult:
        part = (await adult.get("/api/people")).json()
    refused = await guest.get("/api/people")
    wrong = await local.post("/api/people", json={"name": "Kim", "role": "emperor"})
    me = (await guest.get("/api/people/me")).json()

    assert added.status_code == 201
    assert {"name", "created_at", "sign_in_name"} <= set(full[-1])
    assert {key for person in part for key in person} == {"id", "name", "role"}
    assert "password" not in str(full)
    assert (wrong.status_code, wrong.json()["error"]["where"]) == (422, "role")
    assert (refused.status_code, me["name"]) == (403, "A guest")
