"""Tests of the alarm log in a browser: an alarm is raised, acknowledged on the card, and found in both lists."""

import asyncio
from contextlib import AsyncExitStack
import re

from playwright.async_api import Locator, Page, expect
import pytest

from demo.browser import Browser, Scheme
from demo.networks import Server
from demo.proof import until
from demo.show import Show
from tests.live.test_blueprints import Outside, automate, import_all, register_phone

from .pages import BATTERY, PATIENCE, SCREENSHOTS, hot_cell, opened, serious, thermal
from .test_battery import one_card

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

SERVER: Server = "chirpstack"
"""On the boards' mosquitto, as ChirpStack's own installation has it."""

NOTE = "Terminal of C2 tightened"
LOOKS: tuple[tuple[bool, Scheme], ...] = ((False, "light"), (True, "dark"))


def entries(card: Locator, page: Page) -> Locator:
    """Return the entries about the hot cell, the newest first."""
    name = page.get_by_text("Cell imbalance", exact=True)
    return card.locator("battery-thermal-alarm-list li").filter(has=name)


async def test_acknowledged_on_the_card(show: Show, browser: Browser) -> None:
    """The alarm stays when it is acknowledged with a note; the list has its images."""
    async with opened(browser, BATTERY) as view:
        page = view.page
        card = thermal(page)
        with hot_cell(show):
            banner = card.locator("battery-thermal-banners")
            button = banner.get_by_role(
                "button", name=re.compile("Acknowledge: .*above the others")
            )
            await expect(button).to_be_visible(timeout=2 * PATIENCE)
            await card.get_by_text(re.compile(r"Alarm log \(\d+ open\)")).click()
            entry = entries(card, page).first
            await expect(entry).to_contain_text("Since")
            await entry.get_by_role(
                "button", name="Acknowledge: Cell imbalance"
            ).click()
            await entry.get_by_role("textbox").fill(NOTE)
            await view.screenshot(SCREENSHOTS / "alarm-note.png")
            await entry.get_by_role("button", name="Acknowledge").click()
            await expect(entry).to_contain_text("Acknowledged by", timeout=PATIENCE)
            await expect(entry).to_contain_text(NOTE)
            # The alarm is still there, and there is nothing more to acknowledge.
            await expect(banner).to_contain_text("above the others")
            await expect(button).to_have_count(0)
            await entry.scroll_into_view_if_needed()
            await view.screenshot(SCREENSHOTS / "alarm-log.png")
            await entry.get_by_role("button", name="Show the image: Peak").click()
            live = card.get_by_role("button", name="Live", exact=True)
            await expect(live).to_have_attribute("aria-pressed", "false")
            await live.click()
        await expect(entry).not_to_contain_text("Since", timeout=2 * PATIENCE)
        await expect(entry).to_contain_text(re.compile(r"\d to .*\d"))
        assert not await serious(page)


@pytest.mark.parametrize(("phone", "scheme"), LOOKS)
async def test_card_of_its_own(
    show: Show, browser: Browser, phone: bool, scheme: Scheme
) -> None:
    """The card of the log has the same entry, and shows the picture of its peak."""
    path = await one_card(show, type="custom:battery-thermal-alarms")
    async with opened(browser, path, phone=phone, scheme=scheme) as view:
        card = view.page.locator("battery-thermal-alarms")
        entry = entries(card, view.page).filter(has_text=NOTE)
        await expect(entry).to_be_visible(timeout=PATIENCE)
        await entry.get_by_role("button", name="Show the image: Peak").click()
        picture = entry.get_by_role("img")
        await expect(picture).to_be_visible(timeout=PATIENCE)
        assert await picture.evaluate("image => image.decode().then(() => true)")
        beyond = "card => card.scrollWidth - card.clientWidth"
        assert await card.evaluate(beyond) <= 0
        name = f"alarms-{'phone' if phone else 'desktop'}-{scheme}.png"
        await view.screenshot(SCREENSHOTS / name)
        assert not await serious(view.page)


async def test_acknowledged_on_the_phone(show: Show, browser: Browser) -> None:
    """The phone gets the alarm with a button; a tap is in the list, with the phone's owner."""
    home_assistant = show.home_assistant
    async with AsyncExitStack() as exits:
        outside = Outside()
        exits.push_async_callback((await outside.start()).cleanup)
        paths = await import_all(home_assistant, outside)
        phone = await register_phone(home_assistant, outside)
        registry = await home_assistant.command("config/entity_registry/list")
        node = next(
            entity["device_id"]
            for entity in registry
            if entity["unique_id"].endswith("_imbalance_warning")
        )
        await automate(
            home_assistant,
            paths,
            "warning_and_alarm",
            node=node,
            phone=phone,
        )
        exits.enter_context(hot_cell(show))
        # First, what an earlier automation may have shown is cleared.
        told = await until(
            "pushed",
            lambda: [push for push in outside.pushed if "actions" in push["data"]],
            bool,
            90,
        )
        (button,) = told[0]["data"]["actions"]
        assert button["title"] == "Acknowledge"
        event = {"action": button["action"]}

        async def answers() -> list[str]:
            # The automation waits for a tap a moment after it has sent the button.
            await home_assistant.post(
                "/api/events/mobile_app_notification_action", event
            )
            await asyncio.sleep(1)
            messages = [push["message"] for push in outside.pushed]
            return [one for one in messages if one.endswith("is acknowledged.")]

        await until("answer", answers, bool)
        async with opened(browser, BATTERY) as view:
            card = thermal(view.page)
            await card.get_by_text(re.compile(r"Alarm log \(\d+ open\)")).click()
            entry = entries(card, view.page).first
            await expect(entry).to_contain_text("Acknowledged by", timeout=PATIENCE)
            await expect(card.locator("battery-thermal-banners .seen")).to_have_count(0)
