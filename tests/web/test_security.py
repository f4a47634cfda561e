"""Headers, host names and lengths, whatever is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.web.conftest import Visitor
from web.security import HEADERS, host_name, is_address, own_names


def plain_paths(app: Starlette) -> list[str]:
    """The addresses of routes without a placeholder."""
    routes = [route for route in app.routes if isinstance(route, Route)]
    return sorted({route.path for route in routes if "{" not in route.path})


async def test_every_answer_has_the_security_headers(app: Starlette, visitor: Visitor) -> None:
    answers = [await visitor.get(path) for path in [*plain_paths(app), "/nowhere", "/static/ui.js"]]
    lacking = [a.url.path for a in answers if not HEADERS.items() <= dict(_titled(a)).items()]
    assert lacking == []


async def test_every_answer_to_the_owner_has_the_security_headers(
    app: Starlette, owner: Visitor
) -> None:
    paths = [path for path in plain_paths(app) if path != "/ui/events"]
    answers = [await owner.get(path) for path in [*paths, "/nowhere"]]
    lacking = [a.url.path for a in answers if not HEADERS.items() <= dict(_titled(a)).items()]
    assert lacking == []


def test_the_policy_allows_nothing_inline_and_no_other_host() -> None:
    policy = HEADERS["Content-Security-Policy"]
    forbidden = ["unsafe-inline", "unsafe-eval", "data:", "http:", "https:", "*"]
    assert [word for word in forbidden if word in policy] == []
    assert policy.startswith("default-src 'none'")


async def test_pages_are_not_kept_by_caches(visitor: Visitor) -> None:
    answer = await visitor.get("/signin")
    assert answer.headers["cache-control"] == "no-store"


async def test_static_files_with_their_hash_are_kept_for_ever(visitor: Visitor) -> None:
    hashed = await visitor.get("/static/hub.css?v=1")
    plain = await visitor.get("/static/hub.css")
    assert "immutable" in hashed.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "host",
    ["hub.local", "HUB.local:8321", "localhost:8321", "192.168.1.20", "[fe80::1]:8321", "10.0.0.1"],
)
async def test_the_hub_answers_to_its_own_names_and_addresses(visitor: Visitor, host: str) -> None:
    answer = await visitor.get("/signin", headers={"host": host})
    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "hub.local.evil.example", "", "127.0.0.1.nip.io"])
async def test_a_name_that_is_not_its_own_is_refused(visitor: Visitor, host: str) -> None:
    answer = await visitor.get("/signin", headers={"host": host})
    assert answer.status_code == 421
    assert "hub.toml" in answer.text


async def test_a_body_that_says_it_is_too_long_is_refused(visitor: Visitor) -> None:
    answer = await visitor.send("/signin", {"name": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "1024 KB" in answer.text


async def test_a_body_that_turns_out_too_long_is_refused(visitor: Visitor) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"name=" + b"x" * 40_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await visitor.client.post("/signin", content=chunks(), headers=form)
    assert answer.status_code == 413


async def test_a_fault_answers_with_the_headers_too(app: Starlette, owner: Visitor) -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError(request.url.path)

    app.router.routes.insert(0, Route("/broken", broken))
    answer = await owner.get("/broken")
    assert answer.status_code == 500
    assert HEADERS.items() <= dict(_titled(answer)).items()
    assert "Something in the hub went wrong" in answer.text


@pytest.mark.parametrize(
    "typed, name",
    [("Hub.Local:8321", "hub.local"), ("[::1]:80", "::1"), ("hub.local.", "hub.local"), ("", "")],
)
def test_a_host_header_is_read_without_port_and_case(typed: str, name: str) -> None:
    assert host_name(typed) == name


def test_only_literals_are_addresses() -> None:
    assert is_address("192.168.1.20")
    assert is_address("fe80::1%eth0")
    assert not is_address("1.2.3.4.example")


def test_empty_names_are_not_the_hubs() -> None:
    assert "" not in own_names(["", "Hub.local"])
    assert "hub.local" in own_names(["", "Hub.local"])


def _titled(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(name, answer.headers.get(name, "")) for name in HEADERS]
