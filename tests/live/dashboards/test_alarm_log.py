"""Tests of the alarm log and of areas in a browser: drawn, with a curve, an alarm and a report."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
import re

from playwright.async_api import Locator, Page, expect
import pytest

from demo.browser import Browser, Scheme
from demo.home_assistant import HomeAssistant
from demo.proof import until
from demo.show import Show
from tests.live.test_blueprints import Outside, automate, import_all, register_phone

from .pages import BATTERY, PATIENCE, SCREENSHOTS, hot_cell, opened, serious, thermal
from .test_battery import one_card

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

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
        await acknowledge_on_phone(home_assistant, outside)
        async with opened(browser, BATTERY) as view:
            card = thermal(view.page)
            await card.get_by_text(re.compile(r"Alarm log \(\d+ open\)")).click()
            entry = entries(card, view.page).first
            await expect(entry).to_contain_text("Acknowledged by", timeout=PATIENCE)
            # What is warmer for other reasons too may have a banner of its own.
            button = re.compile("Acknowledge: .*above the others")
            await expect(card.get_by_role("button", name=button)).to_have_count(0)


async def acknowledge_on_phone(home_assistant: HomeAssistant, outside: Outside) -> None:
    """Tap the button of the alarm on the phone, and wait for its answer."""
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
        await home_assistant.post("/api/events/mobile_app_notification_action", event)
        await asyncio.sleep(1)
        messages = [push["message"] for push in outside.pushed]
        return [one for one in messages if one.endswith("is acknowledged.")]

    await until("answer", answers, bool)


async def test_drawn_area(show: Show, browser: Browser) -> None:
    """An area is drawn; its curve, its alarm on the phone, and both in the report."""
    home_assistant = show.home_assistant
    async with AsyncExitStack() as exits:
        outside = Outside()
        exits.push_async_callback((await outside.start()).cleanup)
        paths = [*await home_assistant.command("blueprint/list", domain="automation")]
        if not any(path.endswith("/warning_and_alarm.yaml") for path in paths):
            paths = await import_all(home_assistant, outside)
        phone = await register_phone(home_assistant, outside)
        view = await exits.enter_async_context(opened(browser, BATTERY))
        page, card = view.page, thermal(view.page)
        await draw(card, page, "Lug", (17, 13), (21, 23), limit=25)
        await view.screenshot(SCREENSHOTS / "areas-drawn-desktop-light.png")
        assert not await serious(page)
        await card.get_by_role("button", name="Save areas").click()
        await expect(card.locator("battery-thermal-area-layer")).to_have_count(0)
        node = await until("area", partial(area_limit, home_assistant), bool, 90)
        await automate(
            home_assistant,
            paths,
            "warning_and_alarm",
            node=node,
            about="area_limit",
            phone=phone,
        )
        # The hottest of the area, over its limit, is in the table; a tap shows its curve.
        row = card.locator("battery-thermal-areas tr").filter(has_text="Lug")
        await expect(row).to_contain_text("Alarm", timeout=2 * PATIENCE)
        picture = card.locator("battery-thermal-picture canvas")
        await picture.scroll_into_view_if_needed()
        at = await place(card, 18, 14)
        await page.mouse.click(*at)
        curve = card.locator("battery-thermal-place")
        await expect(curve.get_by_role("heading")).to_have_text("Curve of Lug")
        await curve.get_by_role("button", name="Hour").click()
        await curve.get_by_label("Compare with").select_option("A1")
        await expect(curve.locator("path.other")).to_have_count(1)
        image = curve.get_by_role(
            "button", name=re.compile("Alarm Area over its highest temperature")
        )
        await expect(image.first).to_be_visible(timeout=PATIENCE)
        await curve.scroll_into_view_if_needed()
        await view.screenshot(SCREENSHOTS / "area-curve-desktop-light.png")
        assert not await serious(page)
        await image.first.click()
        live = card.get_by_role("button", name="Live", exact=True)
        await expect(live).to_have_attribute("aria-pressed", "false")
        await live.click()
        await acknowledge_on_phone(home_assistant, outside)
        await card.get_by_role("button", name=re.compile("Create report")).click()
        link = card.get_by_role("link", name="Open the report")
        await expect(link).to_be_visible(timeout=2 * PATIENCE)
        report = await page.request.get(str(await link.get_attribute("href")))
        written = await report.text()
        assert "<h3>Lug</h3>" in written
        assert "at most 25.0 °C" in written
        entry = written[written.index("Area over its highest temperature") :]
        entry = entry.partition("</tr>")[0]
        assert "Lug" in entry
        assert not entry.endswith("<td>–<small></small></td>"), "not acknowledged"


async def draw(
    card: Locator,
    page: Page,
    name: str,
    first: tuple[float, float],
    last: tuple[float, float],
    *,
    limit: float,
) -> None:
    """Draw an area with the mouse, from one pixel (row, column) to another."""
    await card.get_by_role("button", name="Draw areas").click(timeout=PATIENCE)
    await card.get_by_role("button", name="Add area").click()
    await card.locator("battery-thermal-area-layer").scroll_into_view_if_needed()
    points = [await place(card, *point) for point in (first, last)]
    await page.mouse.move(*points[0])
    await page.mouse.down()
    await page.mouse.move(*points[1], steps=4)
    await page.mouse.up()
    await card.get_by_label("Name", exact=True).fill(name)
    await card.get_by_label("Kind").select_option("Other")
    await card.get_by_text("Limits and emissivity").click()
    highest = card.get_by_label("Highest temperature")
    await highest.fill(str(limit))
    await highest.press("Tab")


async def place(card: Locator, row: float, column: float) -> tuple[float, float]:
    """Return where a place of the sensor is on the page; the bar is beside the picture."""
    canvas = card.locator("battery-thermal-picture canvas")
    box = await canvas.bounding_box()
    assert box
    return (
        box["x"] + (box["width"] - 64) * column / 24,
        box["y"] + box["height"] * row / 32,
    )


async def area_limit(home_assistant: HomeAssistant) -> str | None:
    """Return the device whose areas have highest temperatures, once one has."""
    registry = await home_assistant.command("config/entity_registry/list")
    return next(
        (
            entity["device_id"]
            for entity in registry
            if entity["unique_id"].endswith("_area_limit")
        ),
        None,
    )
