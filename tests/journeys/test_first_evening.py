"""The first evening with a hub: from the printed link to a message on a messenger, and a power cut."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import Receiver, RunningHub, look

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PASSWORD = "correct horse battery staple"


async def onboard(page: Page, hub: RunningHub, receiver: Receiver) -> None:
    """The stepper, from the printed link to the last step, with a real test message."""
    await page.goto(hub.setup_link)
    await page.get_by_label("Your name").fill("Mara Lindqvist")
    await page.get_by_label("Sign-in name").fill("mara")
    await page.locator("#password").fill(PASSWORD)
    await look(page, "setup-account")
    await page.get_by_role("button", name="Create account").click()

    await page.get_by_label("Name", exact=True).fill("Linden 12")
    await page.get_by_role("combobox", name="Time zone").fill("Europe/Berlin")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Continue").click()
    await expect(page).to_have_url(f"{hub.url}/setup/address")
    await page.locator("main").get_by_role("link", name="Continue").click()

    await page.goto(f"{hub.url}/setup/notify?service=url")
    await page.get_by_role("textbox", name="Apprise address").fill(receiver.url)
    await page.get_by_label("What you call it").fill("My phone")
    await page.get_by_role("button", name="Send a test").click()
    await expect(page.locator("#tested")).to_contain_text("took the message")
    await look(page, "setup-notify")
    await receiver.wait_for("A test from Linden 12")
    await page.get_by_role("button", name="Save").click()
    await expect(page).to_have_url(f"{hub.url}/setup/done")


async def make_motion_light(page: Page, hub: RunningHub) -> None:
    """The motion-light blueprint for the hall."""
    await page.goto(f"{hub.url}/blueprints")
    await look(page, "blueprints")
    await page.get_by_role("link", name="Motion light").click()
    await page.locator("#motion-box").fill("hall motion")
    await page.get_by_role("option", name="Hall motion").click()
    await (
        page.get_by_role("checkbox", name="Hall", exact=False)
        .and_(page.locator('[value="light.hall"]'))
        .check()
    )
    await expect(page.locator("#bp-words")).to_contain_text("Hall motion")
    await look(page, "blueprint-form")
    await page.get_by_label("Skill name").fill("Hall motion light")
    await page.get_by_role("button", name="Create skill").first.click()
    await expect(page.get_by_role("heading", name="Hall motion light")).to_be_visible()


async def make_door_alarm(page: Page, hub: RunningHub) -> None:
    """The door-left-open blueprint for the front door, told once."""
    await page.goto(f"{hub.url}/blueprints/door_left_open.yaml")
    await page.locator('[value="binary_sensor.front_door"]').check()
    await page.get_by_role("checkbox", name="Mara Lindqvist").check()
    await page.locator("#reminders").fill("0")
    await page.get_by_label("Skill name").fill("Front door left open")
    await page.get_by_role("button", name="Create skill").first.click()
    await expect(page.get_by_role("heading", name="Front door left open")).to_be_visible()


async def test_the_first_evening(page: Page, running_hub: RunningHub, receiver: Receiver) -> None:
    """Onboarding, two skills from blueprints, a light, a message, a trace, and kill -9."""
    hub = running_hub
    await onboard(page, hub, receiver)
    hub.sense("binary_sensor.hall_motion", "off")
    hub.sense("binary_sensor.front_door", "off")
    await make_motion_light(page, hub)
    await make_door_alarm(page, hub)

    # The tile changes by itself: nobody reloads the page.
    await page.goto(hub.url)
    tile = page.locator("#tile-light-hall")
    await expect(tile.get_by_role("button")).to_have_attribute("aria-pressed", "false")
    await look(page, "home-before")
    hub.sense("binary_sensor.hall_motion", "on")
    await expect(tile.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#feed")).to_contain_text("Hall motion light")
    await look(page, "home-after")

    # The trace explains it, and the cause leads back to the sensor.
    await page.goto(f"{hub.url}/activity")
    await page.get_by_role("link", name="Hall motion light").first.click()
    run = page.locator("#run")
    await expect(run).to_contain_text("Turn on Hall")
    await expect(run).to_contain_text("off → on")
    await look(page, "run")
    await run.get_by_role("link", name="Why").click()
    await expect(page.locator("#cause")).to_contain_text("Hall motion")
    await look(page, "cause")

    # The power goes during the five minutes, and comes back.
    hub.sense("binary_sensor.front_door", "on")
    await recorded(hub, "binary_sensor.front_door", "on")
    hub.kill()
    hub.start()
    assert receiver.told("still open") == []
    hub.advance(301)
    await receiver.wait_for("Front door is still open")
    hub.advance(600)
    assert len(receiver.told("still open")) == 1
    await page.goto(f"{hub.url}/activity/deliveries")
    await expect(page.locator("#deliveries")).to_contain_text("Delivered")
    await look(page, "deliveries")
    assert hub.stop() == 0


async def recorded(hub: RunningHub, entity_id: str, state: str) -> None:
    """Wait for the quarter of a second after which a report is in the history."""
    last = ""
    while last != state:
        await asyncio.sleep(0.05)
        found = hub.call("GET", f"/api/history?entity_id={entity_id}")
        last = found[-1]["state"] if found else ""
