"""The hub on a phone, and with nothing but a keyboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.conftest import Receiver, RunningHub, look
from tests.journeys.test_first_evening import PASSWORD, onboard

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PAGES = (
    "/", "/skills", "/blueprints", "/blueprints/motion_light.yaml", "/activity",
    "/activity/deliveries", "/activity/audit", "/integrations", "/settings/people",
    "/settings/security", "/settings/notifications", "/settings/tokens", "/settings/home",
    "/settings/system",
)  # fmt: skip
# What sticks out of the page to the right; rows that scroll by themselves may.
STICKS_OUT = """() => [...document.querySelectorAll("body *")]
    .filter(part => part.getBoundingClientRect().width
        && part.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        && !part.closest(".scroll, .seg, .tabs, .chips, .settings > nav, textarea"))
    .map(part => `${part.tagName}.${part.className}`)"""
# Controls without a name that a screen reader could say.
NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, select, textarea, summary")]
    .filter(part => part.checkVisibility() && part.type !== "hidden")
    .filter(part => !(part.getAttribute("aria-label") || part.labels?.length || part.textContent.trim()))
    .map(part => part.outerHTML.slice(0, 120))"""


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    """A phone 390 wide that is touched."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    found = await context.new_page()
    problems: list[str] = []
    found.on("pageerror", lambda error: problems.append(str(error)))
    found.on(
        "console",
        lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None,
    )
    found.set_default_timeout(15_000)
    yield found
    await context.close()
    assert not problems, f"the pages complained: {problems}"


async def test_an_evening_on_a_phone(
    phone: Page, running_hub: RunningHub, receiver: Receiver
) -> None:
    """Onboarding, a lamp, a skill and every page with a thumb."""
    hub = running_hub
    await onboard(phone, hub, receiver)
    hub.call(
        "POST",
        "/api/actions/light.turn_off",
        {"target": {"entity_id": "light.living_room_ceiling"}},
    )

    await phone.goto(hub.url)
    lamp = phone.locator("#tile-light-living_room_ceiling")
    await expect(lamp.get_by_role("button")).to_have_attribute("aria-pressed", "false")
    await lamp.get_by_role("button").tap()
    await expect(lamp.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    await expect(lamp).to_have_class(re.compile(r"\bon\b"))
    await look(phone, "phone-home")

    await phone.get_by_role("navigation", name="Main").get_by_text("Blueprints").tap()
    await phone.get_by_role("link", name="Motion light").tap()
    await phone.locator("#motion-box").tap()
    await phone.get_by_role("option", name="Hall motion").tap()
    await phone.locator('[value="light.hall"]').tap()
    await look(phone, "phone-blueprint")
    await phone.get_by_role("button", name="Create skill").first.tap()
    await expect(phone.get_by_role("heading", level=1)).to_have_text("Motion light")

    await phone.locator(".tabbar summary").tap()
    await expect(phone.locator(".tabbar").get_by_role("link", name="Settings")).to_be_in_viewport()
    for path in PAGES:
        await phone.goto(hub.url + path)
        assert await phone.evaluate(STICKS_OUT) == [], path
        assert await phone.evaluate(NAMELESS) == [], path


async def test_the_first_visit_with_the_keyboard_alone(page: Page, running_hub: RunningHub) -> None:
    """From the printed link to a lamp that is on: Tab, Enter, letters."""
    hub = running_hub
    await page.goto(hub.setup_link)
    await tab_to(page, "#name")
    await page.keyboard.type("Mara Lindqvist")
    await tab_to(page, "#sign_in_name")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("mara")
    await tab_to(page, "#password")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{hub.url}/setup/home")
    await tab_to(page, "#home_name")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Linden 12")
    await tab_to(page, "#time_zone")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Europe/Berlin")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{hub.url}/setup/address")
    await tab_to(page, 'a.btn.primary[href="/setup/notify"]')
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{hub.url}/setup/notify")

    await page.goto(hub.url)
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    lamp = page.locator(".tile:has(input[type=range]) .tap").first
    pressed = await lamp.get_attribute("aria-pressed")
    await tab_to(page, ".tile:has(input[type=range]) .tap")
    await page.keyboard.press("Enter")
    await expect(lamp).not_to_have_attribute("aria-pressed", str(pressed))
    await expect(lamp).to_be_focused()


async def tab_to(page: Page, selector: str, most: int = 40) -> None:
    """Press Tab until the first such element has the focus."""
    wanted = page.locator(selector).first
    for _press in range(most):
        focused = await wanted.evaluate("part => part === document.activeElement")
        if focused:
            return
        await page.keyboard.press("Tab")
    await expect(wanted).to_be_focused()
