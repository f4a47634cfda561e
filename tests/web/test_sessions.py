"""Signing in and out, and how long it lasts."""

from __future__ import annotations

import hashlib

import pytest

from hub.testing import House
from store import people as rows
from tests.web.conftest import PASSWORD, Visitor
from web.sessions import COOKIE

_DAY = 24


async def test_the_right_password_opens_the_hub(owner: Visitor) -> None:
    answer = await owner.get("/signin")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_the_cookie_is_kept_from_scripts_and_other_sites(
    house: House, visitor: Visitor
) -> None:
    await house.owner("Mara", PASSWORD)
    answer = await visitor.sign_in()
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


async def test_over_https_the_cookie_stays_on_https(house: House, visitor: Visitor) -> None:
    await house.owner("Mara", PASSWORD)
    visitor.client.base_url = "https://hub.local"
    answer = await visitor.sign_in()
    assert [c for c in answer.headers.get_list("set-cookie") if "Secure" not in c] == []


async def test_only_the_hash_of_the_token_is_stored(house: House, owner: Visitor) -> None:
    token = owner.client.cookies[COOKIE]
    stored = await rows.sessions_of((await house.owner()).id)
    assert [row.token_hash for row in stored] == [hashlib.sha256(token.encode()).hexdigest()]
    assert len(token) >= 43


async def test_signing_in_again_ends_the_session_before(house: House, owner: Visitor) -> None:
    before = owner.client.cookies[COOKIE]
    await owner.sign_in()
    await owner.get("/nowhere")
    token = owner.form_token
    answer = await owner.send(
        "/signin", {"csrf_token": token, "name": "mara", "password": PASSWORD}
    )
    assert answer.status_code == 303
    assert owner.client.cookies[COOKIE] != before
    assert len(await rows.sessions_of((await house.owner()).id)) == 1


async def test_an_idle_session_ends(house: House, owner: Visitor) -> None:
    idle_days = house.hub.config.sign_in.idle_days
    await house.advance(hours=idle_days * _DAY + 1)
    answer = await owner.get("/skills")
    assert answer.headers["location"] == "/signin?next=/skills"


async def test_a_session_in_use_goes_on(house: House, owner: Visitor) -> None:
    step = house.hub.config.sign_in.idle_days * _DAY * 0.9
    for _ in range(3):
        await house.advance(hours=step)
        assert (await owner.get("/signin")).status_code == 303


async def test_a_session_ends_at_last_even_in_use(house: House, owner: Visitor) -> None:
    settings = house.hub.config.sign_in
    steps = int(settings.longest_days / settings.idle_days) + 1
    for _ in range(steps):
        await owner.get("/signin")
        await house.advance(hours=settings.idle_days * _DAY * 0.99)
    assert (await owner.get("/signin")).status_code == 200


async def test_a_disabled_person_is_out_at_once(house: House, owner: Visitor) -> None:
    await house.hub.people.add("Jonas", PASSWORD, "owner")
    await house.hub.people.change((await house.owner()).id, disabled=True)
    assert (await owner.get("/signin")).status_code == 200


async def test_signing_out_ends_the_session_on_the_hub(house: House, owner: Visitor) -> None:
    stolen = owner.client.cookies[COOKIE]
    await owner.get("/nowhere")
    answer = await owner.send("/signout", {})
    owner.client.cookies.set(COOKIE, stolen)
    assert answer.headers["location"] == "/signin"
    assert (await owner.get("/signin")).status_code == 200
    assert await rows.sessions_of((await house.owner()).id) == []


async def test_signing_out_everywhere_ends_the_other_browsers_too(
    owner: Visitor, other: Visitor
) -> None:
    await other.sign_in()
    await owner.get("/nowhere")
    await owner.send("/signout/everywhere", {})
    assert (await other.get("/signin")).status_code == 200


async def test_wrong_passwords_are_told_beside_the_field(house: House, visitor: Visitor) -> None:
    await house.owner("Mara", PASSWORD)
    answer = await visitor.sign_in(password="wrong")
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert 'value="mara"' in answer.text
    assert "wrong" not in answer.text


async def test_an_unknown_name_reads_the_same_as_a_wrong_password(
    house: House, visitor: Visitor
) -> None:
    await house.owner("Mara", PASSWORD)
    unknown = await visitor.sign_in(name="nobody")
    assert "Name and password don&#39;t belong together." in unknown.text


async def test_too_many_wrong_passwords_have_to_wait(house: House, visitor: Visitor) -> None:
    await house.owner("Mara", PASSWORD)
    attempts = house.hub.config.sign_in.attempts
    statuses = [(await visitor.sign_in(password="wrong")).status_code for _ in range(attempts)]
    refused = await visitor.sign_in()
    assert statuses == [422] * attempts
    assert refused.status_code == 429
    assert "Try again in 5 minutes." in refused.text
    assert int(refused.headers["retry-after"]) > 290


async def test_after_the_wait_the_right_password_works(house: House, visitor: Visitor) -> None:
    await house.owner("Mara", PASSWORD)
    for _ in range(house.hub.config.sign_in.attempts):
        await visitor.sign_in(password="wrong")
    await house.advance(house.hub.config.sign_in.window)
    assert (await visitor.sign_in()).status_code == 303


async def test_after_signing_in_one_is_where_one_wanted_to_be(
    house: House, visitor: Visitor
) -> None:
    await house.owner("Mara", PASSWORD)
    await house.hub.home.change(setup_done=True)
    away = await visitor.get("/skills?show=off")
    page = await visitor.get(away.headers["location"])
    assert 'name="next" value="/skills?show=off"' in page.text
    answer = await visitor.send(
        "/signin", {"name": "mara", "password": PASSWORD, "next": "/skills?show=off"}
    )
    assert answer.headers["location"] == "/skills?show=off"


async def test_an_owner_who_left_the_set_up_goes_on_with_it(house: House, visitor: Visitor) -> None:
    await house.owner("Mara", PASSWORD)
    answer = await visitor.sign_in()
    assert answer.headers["location"] == "/setup/home"


@pytest.mark.parametrize("there", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
async def test_signing_in_never_leads_to_another_site(
    house: House, visitor: Visitor, there: str
) -> None:
    await house.owner("Mara", PASSWORD)
    await house.hub.home.change(setup_done=True)
    await visitor.get("/signin")
    answer = await visitor.send("/signin", {"name": "mara", "password": PASSWORD, "next": there})
    assert answer.headers["location"] == "/"


async def test_htmx_is_sent_to_the_sign_in_page_whole(visitor: Visitor) -> None:
    answer = await visitor.get("/ui/home/feed", {"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/signin")


async def test_the_stream_of_a_stranger_is_refused(visitor: Visitor) -> None:
    answer = await visitor.get("/ui/events", {"HX-Request": "true"})
    assert answer.status_code == 401


async def test_the_api_tells_a_stranger_how_to_come_in(visitor: Visitor) -> None:
    answer = await visitor.get("/api/states")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "Bearer" in answer.json()["error"]["remedy"]
