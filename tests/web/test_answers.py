"""The headers for htmx, forms with their errors, and the live stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import Response

from hub.errors import Invalid
from web import htmx, sse
from web.forms import Form


def asked(**headers: str) -> Request:
    """A request with these headers."""
    raw = [(k.replace("_", "-").lower().encode(), v.encode()) for k, v in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw})


def test_a_part_is_wanted_only_for_a_targeted_swap() -> None:
    assert htmx.wants_part(asked(HX_Request="true", HX_Request_Type="partial"))
    assert not htmx.wants_part(asked(HX_Request="true", HX_Request_Type="full"))
    assert not htmx.wants_part(asked())


def test_a_toast_travels_in_a_header_that_any_language_fits() -> None:
    response = htmx.toast(Response(), "客厅的灯关了", undo="/undo/1")
    htmx.trigger(response, "dialog-close", "setup")
    header = response.headers["hx-trigger"]
    assert header.isascii()
    assert json.loads(header) == {
        "toast": {"text": "客厅的灯关了", "undo": "/undo/1"},
        "dialog-close": "setup",
    }


def test_another_page_is_reached_in_the_form_that_the_asker_obeys() -> None:
    by_htmx = htmx.go(asked(HX_Request="true"), "/skills")
    by_browser = htmx.go(asked(), "/skills")
    assert (by_htmx.status_code, by_htmx.headers["hx-redirect"]) == (204, "/skills")
    assert (by_browser.status_code, by_browser.headers["location"]) == (303, "/skills")


def test_the_first_wrong_field_gets_the_focus() -> None:
    form = Form({"name": " Mara ", "zone": ""})
    form.wrong("zone", "Choose one.")
    form.wrong("name", "Too long.")
    form.wrong("zone", "Later sentence.")
    assert (form.first_error, form.error("zone"), form.ok) == ("zone", "Choose one.", False)
    assert form.text("name") == "Mara"


def test_a_refusal_of_the_hub_lands_beside_its_field() -> None:
    form = Form()
    form.blame(Invalid("No.", where="zone", remedy="Yes."), known=("zone",), otherwise="name")
    form.blame(Invalid("Elsewhere.", where="disk"), known=("zone",), otherwise="name")
    assert form.errors == {"zone": "No. Yes.", "name": "Elsewhere."}


def test_an_event_of_the_stream() -> None:
    assert sse.message("a\nb", name="feed", event_id="7") == (
        "id: 7\nevent: feed\ndata: a\ndata: b\n\n"
    )
    assert sse.message("") == "data: \n\n"


def test_a_partial_says_where_it_goes() -> None:
    html = sse.partial('#tile-"x"', "<b>on</b>")
    assert html == (
        '<hx-partial hx-target="#tile-&#34;x&#34;" hx-swap="outerMorph"><b>on</b></hx-partial>'
    )


async def test_a_stream_says_what_it_is_given_and_ends() -> None:
    async def messages() -> AsyncIterator[str]:
        yield sse.message("one")
        yield sse.message("two")

    response = sse.stream(messages())
    chunks = [chunk async for chunk in response.body_iterator]
    assert chunks == [": here\n\n", "data: one\n\n", "data: two\n\n"]
    assert response.media_type == "text/event-stream"


async def test_a_quiet_stream_shows_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "HEARTBEAT", 0.001)
    closed = asyncio.Event()

    async def messages() -> AsyncIterator[str]:
        try:
            await asyncio.Event().wait()
            yield ""
        finally:
            closed.set()

    body = aiter(sse.stream(messages()).body_iterator)
    assert [await anext(body), await anext(body)] == [": here\n\n", ": still here\n\n"]
    await body.aclose()  # type: ignore[attr-defined]  # it is an async generator
    assert closed.is_set()
