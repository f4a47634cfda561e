"""No other site acts with a person's cookie."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.web.conftest import ADDRESS, PASSWORD, Visitor

HERE = {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}


async def _effect(request: Request) -> Response:
    form = await request.form()
    return JSONResponse({"done": form.get("what", "")})


@pytest.fixture(autouse=True)
def effect(app: Starlette) -> None:
    app.router.routes.insert(0, Route("/effect", _effect, methods=["POST", "PUT", "DELETE"]))


async def test_a_form_with_its_token_is_taken_and_can_still_be_read(owner: Visitor) -> None:
    token = await session_token(owner)
    answer = await owner.send("/effect", {"what": "light", "csrf_token": token}, HERE)
    assert answer.json() == {"done": "light"}


async def test_htmx_sends_the_token_in_a_header(owner: Visitor) -> None:
    headers = {**HERE, "X-CSRF-Token": await session_token(owner)}
    answer = await owner.client.put("/effect", data={"what": "light"}, headers=headers)
    assert answer.json() == {"done": "light"}


@pytest.mark.parametrize("token", ["", "wrong", "ü"])
async def test_without_the_right_token_nothing_happens(owner: Visitor, token: str) -> None:
    answer = await owner.send("/effect", {"csrf_token": token}, HERE)
    assert answer.status_code == 403


async def test_a_stale_page_says_what_to_do(owner: Visitor) -> None:
    answer = await owner.send("/effect", {"csrf_token": "old"}, HERE)
    assert "Load it again" in answer.text


async def test_the_token_of_another_session_is_worth_nothing(
    owner: Visitor, other: Visitor
) -> None:
    await other.sign_in()
    answer = await owner.send("/effect", {"csrf_token": await session_token(other)}, HERE)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "foreign",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://hub.local:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_is_refused_even_with_the_token(
    owner: Visitor, foreign: dict[str, str]
) -> None:
    token = await session_token(owner)
    answer = await owner.send("/effect", {"csrf_token": token}, foreign)
    assert answer.status_code == 403
    assert "another site" in answer.text


async def test_the_sign_in_form_is_protected_too(owner: Visitor, other: Visitor) -> None:
    values = {"name": "mara", "password": PASSWORD}
    answer = await other.send("/signin", {**values, "csrf_token": ""})
    assert answer.status_code == 403


async def test_a_stranger_is_sent_to_sign_in_instead(other: Visitor) -> None:
    answer = await other.send("/effect", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")


async def test_a_token_of_a_program_needs_no_form_token(
    owner: Visitor, other: Visitor, app: Starlette
) -> None:
    headers = {"Authorization": "Bearer nobody"}
    answer = await other.client.post("/effect", headers=headers)
    assert answer.status_code == 303


async def session_token(visitor: Visitor) -> str:
    """The token that pages of this browser's session carry."""
    await visitor.get("/nowhere")
    return visitor.form_token
