"""Tests of the alarm log and of areas in a browser: drawn, with a curve, an alarm and a report."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
import re
from urllib.parse import quote
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.async_api import FloatRect, Locator, Page, expect
import pytest

from demo.browser import Browser, Scheme, View
from demo.home_assistant import HomeAssistant
from demo.proof import until
from demo.show import Show
from tests.live.test_blueprints import Outside, automate, import_all, register_phone

from .pages import (
    BATTERY,
    PATIENCE,
    SCREENSHOTS,
    hot_cell,
    middle,
    opened,
    serious,
    settled,
    silent_node,
    thermal,
    touch,
    whole_image,
)
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
    notifications = await until(
        "pushed",
        lambda: [push for push in outside.pushed if "actions" in push["data"]],
        bool,
        90,
    )
    (button,) = notifications[0]["data"]["actions"]
    assert button["title"] == "Acknowledge"
    event = {"action": button["action"]}

    async def answers() -> list[str]:
        # The automation waits for a tap a moment after it has sent the button.
        await home_assistant.post("/api/events/mobile_app_notification_action", event)
        await asyncio.sleep(1)
        messages = [push["message"] for push in outside.pushed]
        return [one for one in messages if one.endswith("is acknowledged.")]

    await until("answer", answers, bool)


@pytest.mark.parametrize(("phone", "scheme"), LOOKS)
async def test_drawn_grid(
    show: Show, browser: Browser, phone: bool, scheme: Scheme
) -> None:
    """The margins of the grid are dragged, by mouse, keys and finger; cells keep their entities."""
    home_assistant = show.home_assistant
    before = await cells(home_assistant)
    try:
        async with opened(browser, BATTERY, phone=phone, scheme=scheme) as view:
            page, card = view.page, thermal(view.page)
            await card.get_by_role("button", name="Draw areas").click(timeout=PATIENCE)
            await card.get_by_role("button", name="Grid of cells").click()
            layer = card.locator("battery-thermal-grid-layer")
            await layer.scroll_into_view_if_needed()
            left = layer.get_by_role("slider", name=re.compile("Left margin"))
            top = layer.get_by_role("slider", name=re.compile("Top margin"))
            corner = layer.get_by_role("button", name="Bottom right corner")
            names = await layer.locator(".name").all_inner_texts()
            assert len(names) == show.cells["rows"] * show.cells["columns"]
            with silent_node(show):
                await settled(layer)
                box = await layer.bounding_box()
                assert box
                move = partial(drag, page, box, phone=phone)
                await move(left, 0.25, 0.0)
                await move(corner, -0.3, -0.3)
                await left.press("ArrowRight")
                await left.press("ArrowLeft")
                await margins(layer, [0, 30, 30, 25])
                # Where the bank is in the picture, as people leave it.
                for _ in range(4):
                    await top.press("ArrowDown")
                await move(left, -0.23, 0.0)
                await move(corner, 0.28, 0.28)
                await margins(layer, [2, 2, 2, 2])
            name = f"grid-{'phone' if phone else 'desktop'}-{scheme}.png"
            await view.screenshot(SCREENSHOTS / name)
            assert not await serious(page)
            rows = card.get_by_label("Rows")
            await rows.fill(str(show.cells["rows"] - 1))
            await rows.press("Tab")
            await expect(layer.locator(".name")).to_have_count(
                len(names) - show.cells["columns"]
            )
            await card.get_by_role("button", name="Save areas").click()
            await expect(layer).to_have_count(0)
            fewer = await until(
                "fewer cells",
                partial(cells, home_assistant),
                lambda now: len(now) == len(before) - show.cells["columns"],
                90,
            )
            assert fewer.items() <= before.items()
    finally:
        await show.configure_node(cells=show.cells)
        await until(
            "cells",
            partial(cells, home_assistant),
            lambda now: now.keys() == before.keys(),
            90,
        )


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
        with silent_node(show):
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
        await click_place(show, card, 18, 14)
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
        days = await last_days(home_assistant)
        await card.get_by_role("button", name=re.compile("Create report")).click()
        link = card.get_by_role("link", name="Open the report")
        await expect(link).to_be_visible(timeout=2 * PATIENCE)
        report = await page.request.get(str(await link.get_attribute("href")))
        written = await report.text()
        assert "<h3>Lug</h3>" in written
        assert "at most 25.0 °C" in written
        entry = written[written.index("Area over its highest temperature") :]
        entry, _, more = entry.partition("</tr>")
        assert "Lug" in entry
        assert more.startswith('<tr><td colspan="3"><small>Acknowledged: ')
        await in_the_media_browser(view, days)


async def last_days(home_assistant: HomeAssistant) -> list[str]:
    """Return the first and the last date of 30 days until now, where Home Assistant is.

    It may be another day there than in the time zone of this machine.
    """
    zone = ZoneInfo((await home_assistant.command("get_config"))["time_zone"])
    now = datetime.now(UTC)
    return [
        f"{time.astimezone(zone):%Y-%m-%d}" for time in (now - timedelta(days=30), now)
    ]


async def in_the_media_browser(view: View, days: list[str]) -> None:
    """Find the report of these days below its node; a click shows all of it in Home Assistant's dialog."""
    page = view.page
    source = quote("image,media-source://battery_thermal", safe="")
    await page.goto(f"/media-browser/browser/{source}")
    for name in "Battery bank", "Reports", " – ".join(days):
        found = page.locator("ha-media-player-browse").get_by_text(name, exact=True)
        # A tooltip has the same text, and is not visible.
        await found.filter(visible=True).click(timeout=PATIENCE)
    image = page.locator("hui-dialog-web-browser-play-media img")
    await expect(image).to_be_visible(timeout=PATIENCE)
    await image.evaluate("image => image.decode()")
    await page.wait_for_timeout(1000)
    await view.screenshot(SCREENSHOTS / "report-media-browser.png")
    source = await image.evaluate("image => image.src")
    # On a phone and in a wide window: below the last row there is the page's margin and no more.
    for width in 312, 342, 390, 976:
        other = await page.context.new_page()
        await other.set_viewport_size({"width": width, "height": 800})
        await other.set_content(
            f'<body style="margin: 0"><img style="width: 100%" src="{source}">'
        )
        await other.evaluate("document.images[0].decode()")
        size = await other.locator("img").bounding_box()
        assert size
        picture = await other.locator("img").screenshot()
        dark = Image.open(BytesIO(picture)).convert("L").point(lambda grey: grey < 128)
        box = dark.getbbox()
        assert box
        # The last line, below it half of a row, and the margin.
        assert 10 <= size["height"] - box[3] <= 80, width
        await other.close()


async def cells(home_assistant: HomeAssistant) -> dict[str, str]:
    """Return the entities of the maxima of all areas, by their unique id."""
    registry = await home_assistant.command("config/entity_registry/list")
    return {
        entity["unique_id"]: entity["entity_id"]
        for entity in registry
        if "_cell_maximum_" in entity["unique_id"]
    }


async def test_drawn_by_finger(show: Show, browser: Browser) -> None:
    """On a phone a finger draws a rectangle and moves it, and the page stays where it is."""
    async with opened(browser, BATTERY, phone=True) as view:
        page, card = view.page, thermal(view.page)
        canvas = card.locator("battery-thermal-picture canvas")
        await expect(canvas).to_be_visible(timeout=PATIENCE)
        with silent_node(show):
            await canvas.scroll_into_view_if_needed()
            top = await settled(canvas)
            # Before that, the same finger scrolls the page.
            await touch(page, *[await place(card, row, 12) for row in (20, 16, 12, 8)])
            assert (await middle(canvas))[1] < top[1] - 10
            await card.get_by_role("button", name="Draw areas").click()
            await card.get_by_role("button", name="Add area").click()
            top = await settled(canvas)
            # All of the picture is below Home Assistant's header.
            box = await canvas.bounding_box()
            assert box
            assert box["y"] >= 56
            drawn = [(14, 2), (12, 4), (10, 6)]
            await touch(page, *[await place(card, *point) for point in drawn])
            layer = card.locator("battery-thermal-area-layer")
            chosen = layer.locator("path.chosen")
            await expect(chosen).to_have_attribute("d", "M2 10L6 10L6 14L2 14Z")
            moved = [(12, 4), (14, 6), (16, 8)]
            await touch(page, *[await place(card, *point) for point in moved])
            await expect(chosen).to_have_attribute("d", "M6 14L10 14L10 18L6 18Z")
            assert await middle(canvas) == top
            # In the picture's corner, where the page begins beside it, handles are whole.
            to_corner = [(16, 8), (8, 4), (0, -2)]
            await touch(page, *[await place(card, *point) for point in to_corner])
            await expect(chosen).to_have_attribute("d", "M0 0L4 0L4 4L0 4Z")
            await handles_whole(layer, 24)
        await view.screenshot(SCREENSHOTS / "areas-drawn-phone-light.png")
        await card.get_by_role("button", name="Discard").click()


async def drag(
    page: Page,
    box: FloatRect,
    handle: Locator,
    across: float,
    down: float,
    *,
    phone: bool,
) -> None:
    """Drag a handle by shares of the width and height of the picture, with the mouse or a finger."""
    # A handle that keys have moved may have scrolled the page, which goes on for a moment.
    start = await settled(handle)
    x, y = box["width"] * across, box["height"] * down
    halfway = start[0] + x / 2, start[1] + y / 2
    end = start[0] + x, start[1] + y
    if phone:
        await touch(page, start, halfway, end)
        return
    await page.mouse.move(*start)
    await page.mouse.down()
    await page.mouse.move(*halfway)
    await page.mouse.move(*end)
    await page.mouse.up()


async def margins(layer: Locator, wanted: list[float]) -> None:
    """Wait until the margins of the grid are these, to a percent."""
    nearly = pytest.approx(wanted, abs=1)
    await until("margins", partial(percents, layer), lambda now: now == nearly)


async def percents(layer: Locator) -> list[float]:
    """Return the margins of the grid, as a screen reader says them: top, right, bottom, left."""
    said = [
        await layer.get_by_role("slider", name=f"{edge} margin").get_attribute(
            "aria-valuetext"
        )
        for edge in ("Top", "Right", "Bottom", "Left")
    ]
    return [float(str(text).removesuffix("%")) for text in said]


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
    layer = card.locator("battery-thermal-area-layer")
    await layer.scroll_into_view_if_needed()
    await settled(layer)
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


async def click_place(show: Show, card: Locator, row: float, column: float) -> None:
    """Click on a place of the sensor in the picture."""
    picture = card.locator("battery-thermal-picture canvas")
    with silent_node(show):
        await picture.scroll_into_view_if_needed()
        await settled(picture)
        await card.page.mouse.click(*await place(card, row, column))


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_handles_at_the_border(
    show: Show, browser: Browser, scheme: Scheme
) -> None:
    """An area as large as the picture is changed at each of its corners."""
    async with opened(browser, BATTERY, scheme=scheme) as view:
        page, card = view.page, thermal(view.page)
        await card.get_by_role("button", name="Draw areas").click()
        # By key: an area in the middle.
        await card.get_by_role("button", name="Add area").press("Enter")
        layer = card.locator("battery-thermal-area-layer")
        for corner, arrows in ("0", ("Up", "Left")), ("2", ("Down", "Right")):
            await layer.locator(f"[data-corner='{corner}']").focus()
            for arrow in arrows:
                for _ in range(4):
                    await page.keyboard.press(f"Shift+Arrow{arrow}")
        await expect(layer.locator("path.chosen")).to_have_attribute(
            "d", "M0 0L24 0L24 32L0 32Z"
        )
        with silent_node(show):
            await settled(layer)
            await handles_whole(layer, 32)
        await card.scroll_into_view_if_needed()
        await view.screenshot(SCREENSHOTS / f"areas-border-desktop-{scheme}.png")


async def handles_whole(layer: Locator, least: int) -> None:
    """Check that nothing covers or cuts a corner's handle, and that it is large enough."""
    for corner in await layer.locator(".corner").all():
        await corner.scroll_into_view_if_needed()
        box = await corner.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= least
        seen = await corner.evaluate(
            """corner => {
                const { left, right, top, bottom } = corner.getBoundingClientRect();
                const [x, y] = [(left + right) / 2, (top + bottom) / 2];
                const at = (across, down) => {
                    let found = document.elementFromPoint(x + across, y + down);
                    while (found?.shadowRoot) {
                        const inside = found.shadowRoot.elementFromPoint(x + across, y + down);
                        if (!inside || inside === found) break;
                        found = inside;
                    }
                    return found === corner;
                };
                return [at(-9, 0), at(9, 0), at(0, -9), at(0, 9)];
            }"""
        )
        assert seen == [True] * 4, await corner.get_attribute("aria-label")


async def test_hidden_heat_in_a_curve(show: Show, browser: Browser) -> None:
    """An image whose values hide heat is marked in the curve, and opens, with a finger too."""
    model = show.world.model
    model.heat((0, 0), 25)
    model.heat_pixel((20, 12), 440.0)
    try:
        for phone in False, True:
            scheme: Scheme = "dark" if phone else "light"
            async with opened(browser, BATTERY, phone=phone, scheme=scheme) as view:
                page, card = view.page, thermal(view.page)
                await whole_image(show)
                await click_place(show, card, 20.5, 12.5)
                curve = card.locator("battery-thermal-place")
                await curve.get_by_role("button", name="Hour").click()
                button = curve.get_by_role(
                    "button", name=re.compile("may hide far more heat")
                )
                await expect(button).to_be_visible(timeout=2 * PATIENCE)
                await curve.scroll_into_view_if_needed()
                await view.screenshot(
                    SCREENSHOTS
                    / f"hidden-heat-{'phone' if phone else 'desktop'}-{scheme}.png"
                )
                assert not await serious(page)
                await button.click()
                live = card.get_by_role("button", name="Live", exact=True)
                await expect(live).to_have_attribute("aria-pressed", "false")
    finally:
        model.heat((0, 0), 0)
        model.heat_pixel((20, 12), None)
