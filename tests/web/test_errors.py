"""A disk or a database that fails is told in the page, by the API and to htmx."""

from __future__ import annotations

import sqlite3

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tortoise.exceptions import IntegrityError, OperationalError

from tests.web.conftest import Visitor

FULL = sqlite3.OperationalError("database or disk is full")
LOCKED = OperationalError("database is locked")


def failing(app: Starlette, path: str, error: Exception) -> None:
    """Add an address that only ends in this error."""

    async def end(_request: Request) -> Response:
        raise error

    app.router.routes.insert(0, Route(path, end))


@pytest.mark.parametrize("error, words", [(FULL, "disk is full"), (LOCKED, "is locked")])
async def test_the_api_says_what_to_do_about_the_disk(
    app: Starlette, owner: Visitor, error: Exception, words: str
) -> None:
    failing(app, "/api/failing", error)
    answer = await owner.get("/api/failing")
    told = answer.json()["error"]
    assert (answer.status_code, told["kind"]) == (503, "Retry")
    assert words in told["sentence"]
    assert "try again" in told["remedy"]
    assert answer.headers["retry-after"] == "10"


async def test_a_page_says_so_too(app: Starlette, owner: Visitor) -> None:
    failing(app, "/failing", FULL)
    answer = await owner.get("/failing")
    assert answer.status_code == 503
    assert "The disk is full" in answer.text


async def test_a_wrong_statement_is_a_bug(app: Starlette, owner: Visitor) -> None:
    failing(app, "/api/failing", IntegrityError("UNIQUE constraint failed: person.id"))
    answer = await owner.get("/api/failing")
    assert answer.status_code == 500
    assert "UNIQUE" not in answer.text
