"""The controls of ui.js in a real browser, under the real content security policy."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from hub.clock import ManualClock
from hub.config import Server
from web import assets, htmx, sse
from web.assets import Assets
from web.render import Pages
from web.security import SecurityHeaders
from web.server import WebPart

pytestmark = pytest.mark.journey

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


def shell(_request: Request) -> dict[str, object]:
    """A page around nothing."""
    return {
        "home": {"name": "Linden 12", "address": "hub.local"},
        "language": "en",
        "person": {"id": "1", "name": "Mara", "role": "owner", "role_name": "Owner"},
        "csrf": "token",
        "navigation": [],
        "live": True,
        "page_title": "Controls",
        "slim": False,
    }


@dataclass
class Bench:
    """A page with every control, and a hub that notes what they ask of it."""

    pages: Pages
    asked: list[str] = field(default_factory=list)
    answer_now: asyncio.Event = field(default_factory=asyncio.Event)
    stream: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    trouble: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        """The routes that the page's controls ask."""
        routes = [
            assets.mount(),
            Route("/", self.show),
            Route("/ui/events", self.events),
            Route("/lamp", self.lamp, methods=["POST"]),
            Route("/refuse", self.refuse, methods=["POST"]),
            Route("/pick", self.pick),
            Route("/feed", self.feed),
            Route("/{note}", self.note, methods=["POST"]),
        ]
        return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])

    async def show(self, request: Request) -> Response:
        """The page."""
        return self.pages.page(request, "controls.html", lit=False)

    async def lamp(self, request: Request) -> Response:
        """Waits, then answers with the tile."""
        self.asked.append(f"/lamp {request.headers['x-csrf-token']}")
        await self.answer_now.wait()
        return self.pages.part(request, "controls.html", "lamp", lit=True)

    async def refuse(self, request: Request) -> Response:
        """Waits, then says no."""
        self.asked.append(request.url.path)
        await self.answer_now.wait()
        refusal = Response(status_code=409, headers={"HX-Reswap": "none"})
        return htmx.toast(refusal, "It does not answer.", kind="bad")

    async def pick(self, request: Request) -> Response:
        """Two lamps."""
        self.asked.append(f"/pick {request.query_params['q']}")
        return HTMLResponse(self.pages.fragment("options.html"))

    async def feed(self, _request: Request) -> Response:
        """What happened."""
        return HTMLResponse("<li>Somebody rang</li>")

    async def note(self, request: Request) -> Response:
        """Anything else."""
        self.asked.append(request.url.path)
        return htmx.toast(Response(status_code=204), "Done", undo="/undo")

    async def events(self, _request: Request) -> Response:
        """The live stream."""

        async def messages() -> AsyncIterator[str]:
            while True:
                yield await self.stream.get()

        return sse.stream(messages())


@pytest.fixture
async def bench() -> Bench:
    folder = Path(__file__).parent / "pages"
    return Bench(Pages(shell, Assets(), ManualClock(), lambda: UTC, [folder]))


@pytest.fixture
async def page(bench: Bench, chromium_path: str, tmp_path: Path) -> AsyncIterator[Page]:
    web = WebPart(bench.app(), Server(host="127.0.0.1", port=0), tmp_path / "none", "")
    await web.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        page = await browser.new_page()
        page.on("console", lambda m: bench.trouble.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: bench.trouble.append(str(error)))
        await page.goto(f"http://127.0.0.1:{web.port}/")
        yield page
        await browser.close()
    await web.stop()
    assert [t for t in bench.trouble if "status of 409" not in t] == []


async def test_a_toggle_is_painted_at_once_and_confirmed_by_the_hub(
    bench: Bench, page: Page
) -> None:
    await page.click("#lamp .tap")
    await expect(page.locator("#lamp")).to_have_class(re.compile(r"\bon\b"))
    await expect(page.locator("#lamp")).to_have_class(re.compile(r"\bpending\b"))
    await expect(page.locator("#lamp .state")).to_have_text("62 %")
    bench.answer_now.set()
    await expect(page.locator("#lamp")).to_have_class("tile on")
    await expect(page.locator("#lamp input")).to_have_value("62")
    filled = await page.locator("#lamp input").evaluate("e => e.style.getPropertyValue('--v')")
    assert (filled, bench.asked) == ("62%", ["/lamp token"])


async def test_a_toggle_that_is_refused_is_put_back_with_the_reason(
    bench: Bench, page: Page
) -> None:
    tap = page.locator("#stubborn .tap")
    await tap.click()
    await expect(tap).to_have_attribute("aria-pressed", "true")
    bench.answer_now.set()
    await expect(tap).to_have_attribute("aria-pressed", "false")
    await expect(page.locator("#stubborn .state")).to_have_text("Off")
    await expect(page.locator(".toast")).to_have_text("It does not answer.")


async def test_a_slider_follows_the_hub_after_it_was_moved_by_hand(
    bench: Bench, page: Page
) -> None:
    slider = page.locator("#lamp input")
    await slider.evaluate("slider => { slider.value = 5 }")
    html = bench.pages.fragment("controls.html", "lamp", lit=True)
    bench.stream.put_nowait(sse.message(sse.partial("#lamp", html)))
    await expect(slider).to_have_value("62")


async def test_a_lock_opens_only_when_it_is_held(bench: Bench, page: Page) -> None:
    button = page.locator("#door button")
    await button.click()
    await button.focus()
    await page.keyboard.down("Enter")
    assert bench.asked == []
    await expect(page.locator(".toast")).to_contain_text("Done")
    await page.keyboard.up("Enter")
    assert bench.asked == ["/unlock"]


async def test_a_toast_can_take_back_what_it_reports(bench: Bench, page: Page) -> None:
    await page.locator("#door button").focus()
    await page.keyboard.down(" ")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".toast")).to_have_count(1)
    assert bench.asked == ["/unlock", "/undo"]


async def test_deleting_asks_first_with_the_focus_on_the_harmless_button(
    bench: Bench, page: Page
) -> None:
    await page.click("#delete")
    dialog = page.locator("#confirm")
    await expect(dialog).to_contain_text("The 3 runs are lost.")
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.click("#delete")
    await dialog.get_by_role("button", name="Delete skill").click()
    await expect(page.locator(".toast")).to_contain_text("Done")
    assert bench.asked == ["/delete"]


async def test_a_device_is_picked_with_the_keyboard(page: Page) -> None:
    box = page.get_by_role("combobox", name="Device")
    async with page.expect_response("**/pick?q=hall"):
        await box.fill("hall")
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("Door lamp")
    await expect(box).to_have_attribute("aria-expanded", "false")
    assert await page.locator("input[name=entity]").input_value() == "light.door"


async def test_typing_again_unsets_what_was_picked(page: Page) -> None:
    box = page.get_by_role("combobox", name="Device")
    await box.fill("hall")
    await page.get_by_role("option", name="Hall lamp").click()
    assert await page.locator("input[name=entity]").input_value() == "light.hall"
    await box.fill("x")
    assert await page.locator("input[name=entity]").input_value() == ""


async def test_tabs_are_walked_with_the_arrows(page: Page) -> None:
    await page.focus("#t1")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#p2")).to_be_visible()
    await expect(page.locator("#p1")).to_be_hidden()
    await expect(page.locator("#t2")).to_be_focused()


async def test_a_menu_closes_with_escape_and_gives_the_focus_back(page: Page) -> None:
    menu = page.locator("main details.menu")
    await menu.locator("summary").click()
    await menu.get_by_role("button", name="Run now").focus()
    await page.keyboard.press("Escape")
    await expect(menu.get_by_role("button", name="Run now")).to_be_hidden()
    await expect(menu.locator("summary")).to_be_focused()


async def test_the_stream_puts_html_where_it_says(bench: Bench, page: Page) -> None:
    await bench.stream.put(sse.message(sse.partial("#told", '<p id="told">It <b>rang</b></p>')))
    await expect(page.locator("#told")).to_have_text("It rang")
    await bench.stream.put(
        sse.message(sse.partial("#bar", '<div id="bar"><i data-v="7"></i></div>'))
    )
    await expect(page.locator("#bar i")).to_have_css("--v", "7%")


async def test_a_named_event_makes_a_part_look_again(bench: Bench, page: Page) -> None:
    await bench.stream.put(sse.message("", name="feed"))
    await expect(page.locator("#feed li")).to_have_text("Somebody rang")


async def test_the_theme_is_switched_and_remembered(page: Page) -> None:
    await page.click(".side [data-theme-toggle]")
    chosen = await page.evaluate("document.documentElement.dataset.theme")
    await page.reload()
    assert chosen == "dark"
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"


async def test_icons_are_drawn_from_the_one_sprite(page: Page) -> None:
    box = await page.locator("#door svg").first.evaluate(
        "e => e.querySelector('use').getBBox().width"
    )
    assert box > 0
