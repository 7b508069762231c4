"""The dashboards in a real browser, on a real Home Assistant, with live boards and a node.

All tests share one Home Assistant; each leaves it as it found it. The pictures they
take are in .artifacts/screenshots.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
import signal
import time
from types import SimpleNamespace
from typing import Any

import aiohttp
from axe_playwright_python import async_playwright as axe_package
from playwright.async_api import Locator, Page, expect
import pytest
import pytest_asyncio

from demo.browser import Browser, Scheme, View, open_browser
from demo.show import Show
from demo.world import MACS
from simulator.boards import Board, BoardKind, Broker, Fleet, macs

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

SCREENSHOTS = Path(__file__).parents[2] / ".artifacts" / "screenshots"
AXE = Path(axe_package.__file__).with_name("axe.min.js")

BOARDS = "/esp32-boards"
BATTERY = "/battery-thermal"
BOTH = "/both-cards"

PATIENCE = 30_000
"""Milliseconds for what takes its time on a busy machine."""

PAUSE = 10.0
"""Seconds that the node says nothing when it is asked to pause."""

LOOKS: tuple[tuple[bool, Scheme], ...] = (
    (False, "light"),
    (False, "dark"),
    (True, "light"),
    (True, "dark"),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def show(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Show]:
    """Run everything, with the dashboards of both integrations and one of single cards."""
    folder = tmp_path_factory.mktemp("dashboards")
    async with Show(folder, people=False, line_seconds=0.25) as show:
        await show.home_assistant.command(
            "lovelace/dashboards/create",
            url_path=BOTH[1:],
            title=BOTH[1:],
            mode="storage",
            require_admin=False,
            show_in_sidebar=False,
        )
        await show.home_assistant.command(
            "lovelace/config/save", url_path=BOTH[1:], config=both_cards()
        )
        await slow_images(show)
        yield show


async def slow_images(show: Show) -> None:
    """Have the node send every pixel."""
    registry = await show.home_assistant.command("config/entity_registry/list")
    (mode,) = (
        entity["entity_id"]
        for entity in registry
        if entity["platform"] == "battery_thermal"
        and entity["translation_key"] == "mode"
        and entity["entity_id"].startswith("select.")
    )
    await show.home_assistant.call(
        "select", "select_option", entity_id=mode, option="slow"
    )
    await whole_image(show)


def both_cards() -> dict[str, Any]:
    """Return a dashboard with a card of each integration."""
    cards = [
        {"type": "custom:esp32-sensors-live"},
        {"type": "custom:battery-thermal-card", "small": True},
    ]
    return {"views": [{"path": "all", "cards": cards}]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(show: Show) -> AsyncGenerator[Browser]:
    """Start Chromium."""
    async with open_browser(show.home_assistant) as browser:
        yield browser


@asynccontextmanager
async def opened(
    browser: Browser, path: str, *, phone: bool = False, scheme: Scheme = "light"
) -> AsyncGenerator[View]:
    """Look at a page; nothing may go wrong in it."""
    async with browser.view(phone=phone, scheme=scheme) as view:
        await view.open(path)
        yield view
        assert not view.errors
        assert not await view.broken_cards()


def tiles(page: Page) -> Locator:
    """Return the boards of the live page."""
    return page.locator("esp32-sensors-live .board")


def led(page: Page, name: str) -> Locator:
    """Return the button that switches the LED of the board with a name."""
    return page.get_by_role("switch", name=f"LED {name}")


async def living_board(show: Show) -> tuple[Board, str]:
    """Return a board that is in its session, and its name."""
    board = show.world.boards[MACS[-1]]
    async with asyncio.timeout(PATIENCE / 1000):
        while not board.started:
            await asyncio.sleep(0.1)
    return board, str(board.name)


async def test_cold_loads(chromium: str, browser: Browser) -> None:
    """Both cards are there in 20 of 20 browsers that have never seen them."""
    for _ in range(20):
        async with browser.view() as view:
            await view.page.goto(f"{BOTH}/all")
            await expect(tiles(view.page)).to_have_count(len(MACS), timeout=PATIENCE)
            canvas = view.page.locator("battery-thermal-card canvas")
            await expect(canvas).to_be_visible(timeout=PATIENCE)
            assert not await view.broken_cards()
            assert not view.errors


async def test_two_people_see_the_same(show: Show, browser: Browser) -> None:
    """A LED switched in one browser shows in another within a second."""
    board, name = await living_board(show)
    async with (
        opened(browser, f"{BOARDS}/live") as one,
        opened(browser, f"{BOARDS}/live", phone=True) as other,
    ):
        for lit in "true", "false":
            await led(one.page, name).click()
            begun = time.monotonic()
            await expect(led(other.page, name)).to_have_attribute(
                "aria-checked", lit, timeout=PATIENCE
            )
            assert time.monotonic() - begun < 1
            await expect(led(one.page, name)).to_have_attribute("aria-checked", lit)
            assert board.led is (lit == "true")


async def test_button_and_light(show: Show, browser: Browser) -> None:
    """A push shows at once, light as it comes, and the value under the finger."""
    board, name = await living_board(show)
    async with opened(browser, f"{BOARDS}/live") as view:
        tile = tiles(view.page).filter(has=led(view.page, name))
        await board.push()
        await expect(tile.get_by_text("Pushed")).to_be_visible(timeout=2000)
        await board.release()
        await expect(tile.get_by_text("Released")).to_be_visible(timeout=2000)
        show.world.light[board.mac] = 7
        await expect(tile.get_by_text("7 %")).to_be_visible(timeout=PATIENCE)
        show.world.light[board.mac] = 77
        await expect(tile.get_by_text("77 %")).to_be_visible(timeout=PATIENCE)
        chart = tile.get_by_role("slider")
        box = await chart.bounding_box()
        assert box
        await view.page.mouse.move(box["x"] + 2, box["y"] + 20)
        await expect(tile.locator(".light .at")).to_have_text(re.compile(r"\d\d:\d\d"))
        del show.world.light[board.mac]


async def test_boards_come_and_go(show: Show, browser: Browser) -> None:
    """A board that dies disappears, and is there again when it comes: no reload."""
    board, name = await living_board(show)
    async with (
        opened(browser, f"{BOARDS}/live") as live,
        opened(browser, f"{BOARDS}/history") as history,
    ):
        box = history.page.locator("esp32-sensors-history .board").filter(
            has_text=board.mac
        )
        await expect(led(live.page, name)).to_be_visible(timeout=PATIENCE)
        board.cut()
        await expect(led(live.page, name)).to_have_count(0, timeout=PATIENCE)
        await expect(tiles(live.page)).to_have_count(len(MACS) - 1)
        await expect(box.get_by_text("Offline")).to_be_visible(timeout=PATIENCE)
        board.restart()
        await expect(led(live.page, name)).to_be_visible(timeout=PATIENCE)
        await expect(box.get_by_text("Online")).to_be_visible(timeout=PATIENCE)


async def test_pending_and_failed(show: Show, browser: Browser) -> None:
    """A command that nobody confirms is pending, then failed, and never shown as done."""
    board, name = await living_board(show)
    async with opened(browser, f"{BOARDS}/live") as view:
        tile = tiles(view.page).filter(has=led(view.page, name))
        show.broker.child.signal(signal.SIGSTOP)
        try:
            await led(view.page, name).click()
            await expect(tile.get_by_text("Switching on")).to_be_visible()
            await expect(led(view.page, name)).to_have_attribute("aria-busy", "true")
            await expect(led(view.page, name)).to_have_attribute(
                "aria-checked", "false"
            )
            await expect(tile.get_by_role("alert")).to_contain_text(
                "did not confirm", timeout=PATIENCE
            )
        finally:
            show.broker.child.signal(signal.SIGCONT)
        await expect(tiles(view.page)).to_have_count(len(MACS), timeout=PATIENCE)
        # The broker may have kept the command: then the LED is on by now.
        entity = await led_entity(show, board)
        async with asyncio.timeout(PATIENCE / 1000):
            while not await switched_off(show, entity):
                await asyncio.sleep(0.5)
        await expect(led(view.page, name)).to_have_attribute("aria-checked", "false")


async def switched_off(show: Show, entity: str) -> bool:
    """Switch a LED off, unless its board is just leaving or coming."""
    try:
        await show.home_assistant.call("switch", "turn_off", entity_id=entity)
    except aiohttp.ClientResponseError:
        return False
    return True


async def test_in_the_background(show: Show, browser: Browser) -> None:
    """A page that was frozen in the background shows how things are now."""
    board, name = await living_board(show)
    entity = await led_entity(show, board)
    async with opened(browser, f"{BOARDS}/live") as view:
        devtools = await view.page.context.new_cdp_session(view.page)
        await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
        for action in "turn_on", "turn_off", "turn_on":
            await show.home_assistant.call("switch", action, entity_id=entity)
        await devtools.send("Page.setWebLifecycleState", {"state": "active"})
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "true", timeout=PATIENCE
        )
        await show.home_assistant.call("switch", "turn_off", entity_id=entity)


async def led_entity(show: Show, board: Board) -> str:
    """Return the switch of a board."""
    entities = await show.home_assistant.command("config/entity_registry/list")
    return next(
        entity["entity_id"]
        for entity in entities
        if entity["unique_id"].endswith(f"{board.mac}_led")
    )


FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const label = element?.closest("label")?.firstElementChild;
  return element?.ariaLabel ?? (label ?? element)?.textContent;
}"""
"""What the keys act on, by what it is called."""


async def test_keyboard_only(show: Show, browser: Browser) -> None:
    """LED, chart and thermal picture by keys alone."""
    _, name = await living_board(show)
    async with opened(browser, f"{BOARDS}/live") as view:
        keys = view.page.keyboard
        await view.page.get_by_label("Filter by name or address").focus()
        await keys.type(name)
        await expect(tiles(view.page)).to_have_count(1)
        for layout in "Grid", "List", "Compact":
            await keys.press("Tab")
            await expect(view.page.get_by_label(layout, exact=True)).to_be_focused()
        await keys.press("Shift+Tab")
        await keys.press("Space")
        shown = view.page.locator("esp32-sensors-live .boards")
        await expect(shown).to_have_attribute("data-layout", "list")
        await keys.press("Tab")
        await keys.press("Tab")
        await expect(led(view.page, name)).to_be_focused()
        await keys.press("Space")
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "true", timeout=PATIENCE
        )
        await keys.press("Enter")
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "false", timeout=PATIENCE
        )
        await keys.press("Tab")
        await keys.press("ArrowLeft")
        await expect(view.page.locator(".light .at")).to_have_text(re.compile(r":"))
        await view.page.reload()
        await expect(shown).to_have_attribute("data-layout", "list", timeout=PATIENCE)
        await view.open(BATTERY)
        await view.page.get_by_role("application").focus()
        await keys.press("ArrowRight")
        await keys.press("ArrowDown")
        spot = view.page.locator("battery-thermal-card .spot")
        await expect(spot).to_contain_text(re.compile(r"row \d+, column \d+|has not"))
        await keys.press("Escape")
        await expect(spot).to_contain_text("Point at the picture")
        reached = set()
        for _ in range(25):
            await keys.press("Tab")
            reached.add(await view.page.evaluate(FOCUSED))
        assert reached >= {
            "Day",
            "Live",
            "Image of the day",
            "Palette",
            "Scale",
            "Fan: Not running",
            "Threshold",
            "Set",
            "Fast, maxima of blocks",
            "Cells",
            "Temperatures as a table",
        }


async def test_settings_of_the_node(show: Show, browser: Browser) -> None:
    """What is wanted shows at once as pending, and as proven when the node has it."""
    async with opened(browser, BATTERY) as view:
        page = view.page
        row = page.locator(".setting").filter(has=page.get_by_role("spinbutton"))
        await page.get_by_role("spinbutton").fill("61")
        await row.get_by_role("button", name="Set").click()
        how = row.locator(".how")
        await expect(how).to_have_attribute("data-state", "pending", timeout=PATIENCE)
        await expect(how).to_contain_text("61 °C")
        await expect(how).to_have_attribute("data-state", "proven", timeout=PATIENCE)
        assert show.world.node.threshold == 61
        await page.get_by_role("button", name="Slow").click()
        lines = page.locator("battery-thermal-card .progress")
        async with pause_after_image(show):
            await expect(lines).to_have_text("All 24 lines", timeout=PATIENCE)
        await page.get_by_text("Temperatures as a table").click()
        pixels = page.get_by_role("region", name="Temperatures as a table")
        await expect(pixels.locator("td")).to_have_count(24 * 32 + 1)


def thermal(page: Page) -> Locator:
    """Return the thermal card."""
    return page.locator("battery-thermal-card")


async def whole_image(show: Show, mode: str = "slow") -> None:
    """Wait until the node has sent an image that it begins from now on."""
    begun = show.world.node.image
    async with asyncio.timeout(PATIENCE / 1000):
        while (
            (image := show.world.node.image) is begun
            or image is None
            or not image.complete
            or image.mode != mode
        ):
            await asyncio.sleep(0.05)


@asynccontextmanager
async def pause_after_image(show: Show) -> AsyncGenerator[None]:
    """Let the node send a slow image to its end, and then say nothing for a while."""
    node = show.world.node
    begun, speed = node.image, node.speed
    async with asyncio.timeout(PATIENCE / 1000):
        while (
            (image := node.image) is begun
            or image is None
            or image.mode != "slow"
            or image.sent < len(image.lines) - 1
        ):
            await asyncio.sleep(0.02)
    node.speed = node.interval / PAUSE
    try:
        yield
    finally:
        node.speed = speed


async def test_cells(show: Show, browser: Browser) -> None:
    """A cell that is too warm stands out, in the picture and in the table."""
    async with opened(browser, BATTERY) as view:
        card = thermal(view.page)
        show.world.model.heat((2, 1), 30)
        try:
            row = card.get_by_role("row").filter(
                has=view.page.get_by_role("rowheader", name="C2")
            )
            await expect(row).to_contain_text("Alarm", timeout=2 * PATIENCE)
            await expect(row).to_contain_text(re.compile(r"\+\d\d\.\d K"))
            await expect(card.get_by_text("alarm", exact=False).first).to_be_visible(
                timeout=PATIENCE
            )
            await view.screenshot(SCREENSHOTS / "cells.png")
        finally:
            show.world.model.heat((2, 1), 0)
        await expect(row).not_to_contain_text("Alarm", timeout=2 * PATIENCE)


async def test_turned_as_the_camera_is(show: Show, browser: Browser) -> None:
    """Under pointer and keys is what the sensor saw there, however it is turned."""
    await show.configure_node(
        cells={"rows": 3, "columns": 4}, picture={"rotation": "90", "mirror": True}
    )
    try:
        async with opened(browser, BATTERY) as view:
            await expect(thermal(view.page).get_by_role("row")).to_have_count(
                1 + 12, timeout=PATIENCE
            )
            picture = view.page.get_by_role("application")
            box = await picture.locator("canvas").bounding_box()
            assert box
            assert box["width"] > box["height"], "a picture on its side is wider"
            spot = thermal(view.page).locator(".spot")
            await picture.click(
                position={"x": box["width"] / 3, "y": box["height"] / 4}
            )
            for key in "ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft":
                await view.page.keyboard.press(key)
            async with pause_after_image(show):
                whole = thermal(view.page).get_by_text("All 24 lines")
                await expect(whole).to_be_visible(timeout=PATIENCE)
                text = await spot.inner_text()
            numbers = [float(number) for number in re.findall(r"[\d.]+", text)]
            celsius, row, column, sensor_row, sensor_column = numbers
            # Mirrored, then turned to the right: rows are columns from the right.
            assert (sensor_row, sensor_column) == (32 + 1 - column, 24 + 1 - row)
            matrices = [image["rows"] for image in await last_images(show, view.page)]
            seen = [rows[int(row) - 1][int(column) - 1] for rows in matrices]
            assert celsius in seen
            await view.screenshot(SCREENSHOTS / "turned.png")
    finally:
        await show.configure_node(cells=show.cells)


async def archived(show: Show, command: str, **what: object) -> Any:
    """Return what Home Assistant answers about the node's archive."""
    (entry,) = await show.home_assistant.entries("battery_thermal")
    (node,) = await show.home_assistant.command(
        "config_entries/subentries/list", entry_id=entry["entry_id"]
    )
    return await show.home_assistant.command(
        f"battery_thermal/{command}", node=node["subentry_id"], **what
    )


async def last_images(show: Show, page: Page, count: int = 3) -> list[dict[str, Any]]:
    """Return the images that ended last, as dashboards are told of them."""
    # One that has just ended is on its way into the archive.
    await page.wait_for_timeout(1000)
    index = await archived(show, "archive_index", start=0, end=2 * 10**12)
    return [
        (await archived(show, "archive_image", time=time))["image"]
        for time in index["times"][-count:]
    ]


async def test_time_slider(show: Show, browser: Browser) -> None:
    """The day's images by keys and finger, in one's own time; and back to the newest."""
    async with opened(browser, BATTERY) as view:
        card = thermal(view.page)
        slider = card.get_by_role("slider", name="Image of the day")
        await expect(slider).to_be_enabled(timeout=PATIENCE)
        await expect(slider).to_have_attribute("aria-valuetext", "The newest image")
        await slider.focus()
        await view.page.keyboard.press("Home")
        past = card.locator(".head [data-past]")
        await expect(past).to_be_visible()
        index = await archived(show, "archive_index", start=0, end=2 * 10**12)
        first = await archived(show, "archive_image", time=index["times"][0])
        hottest = card.locator(".figures dd").first
        await expect(hottest).to_have_text(f"{first['image']['maximum']:.1f} °C")
        local = await view.page.evaluate(
            "(time) => new Date(time).toLocaleTimeString('en-GB')", index["times"][0]
        )
        await expect(slider).to_have_attribute(
            "aria-valuetext", re.compile(rf"^Image 1 of \d+, begun {local}$")
        )
        for _ in range(3):
            await view.page.keyboard.press("ArrowRight")
        fourth = await archived(show, "archive_image", time=index["times"][3])
        await expect(hottest).to_have_text(f"{fourth['image']['maximum']:.1f} °C")
        assert not await serious(view.page)
        # Whoever looks back is left alone by what comes meanwhile.
        await whole_image(show)
        await expect(slider).to_have_attribute(
            "aria-valuetext", re.compile("^Image 4 ")
        )
        live = card.get_by_role("button", name="Live")
        await live.click()
        await expect(past).to_have_count(0)
        day = card.get_by_label("Day", exact=True)
        await day.fill("2026-01-01")
        await expect(
            card.get_by_text("There are no images on this day")
        ).to_be_visible()
        await card.get_by_role("button", name="Later day").click()
        await expect(past).to_be_visible()
        await live.click()
        await expect(live).to_have_attribute("aria-pressed", "true")
        await expect(past).to_have_count(0)
    async with opened(browser, BATTERY, phone=True) as view:
        slider = thermal(view.page).get_by_role("slider", name="Image of the day")
        await slider.scroll_into_view_if_needed()
        await expect(slider).to_be_enabled(timeout=PATIENCE)
        box = await slider.bounding_box()
        assert box
        assert box["height"] >= 44
        await view.page.touchscreen.tap(
            box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        )
        await expect(slider).to_have_attribute("aria-valuetext", re.compile("^Image "))


async def test_other_language_and_unit(show: Show, browser: Browser) -> None:
    """French, and a house that counts in °F."""
    await show.home_assistant.command("config/core/update", unit_system="us_customary")
    try:
        async with browser.view() as view:
            await view.page.add_init_script(
                "localStorage.setItem('selectedLanguage', '\"fr\"')"
            )
            await view.open(BATTERY)
            card = thermal(view.page)
            await expect(card.get_by_text("Cellules").first).to_be_visible(
                timeout=PATIENCE
            )
            hottest = card.locator(".figures dd").first
            await expect(hottest).to_have_text(
                re.compile(r"^\d\d,\d °F$"), timeout=PATIENCE
            )
            over = card.locator("table.cells td").nth(2)
            await expect(over).to_have_text(re.compile("°F$"))
            await expect(card.locator(".setting .secondary")).to_have_text("°F")
            await view.screenshot(SCREENSHOTS / "battery-french.png")
            assert not view.errors
    finally:
        await show.home_assistant.command("config/core/update", unit_system="metric")


async def test_history(show: Show, browser: Browser) -> None:
    """Most recently seen first, UTC and local times, the filter and what it leaves."""
    board, _ = await living_board(show)
    async with opened(browser, f"{BOARDS}/history") as view:
        boxes = view.page.locator("esp32-sensors-history .board")
        await expect(boxes).to_have_count(len(MACS), timeout=PATIENCE)
        seen = boxes.first.locator("dd").first
        await expect(seen).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d .* UTC$"))
        values = boxes.first.locator("section").last.locator("li time")
        times = await values.evaluate_all("all => all.map((it) => it.dateTime)")
        assert times == sorted(times, reverse=True)
        assert 0 < len(times) <= 10
        await view.page.get_by_role("button", name="Local times").click()
        await expect(seen).not_to_have_text(re.compile("UTC"))
        search = view.page.get_by_label("Filter by name or address")
        await search.fill(board.mac.lower())
        await expect(boxes).to_have_count(1)
        await search.fill("nothing like it")
        await expect(view.page.get_by_text("No board matches")).to_be_visible()
        await search.fill("")
        board.cut()
        last = boxes.last
        await expect(last).to_contain_text("Offline", timeout=PATIENCE)
        await expect(last).to_contain_text(board.mac)
        board.restart()
        await expect(boxes.filter(has_text="Offline")).to_have_count(
            0, timeout=PATIENCE
        )


async def test_who_may_only_look(show: Show) -> None:
    """A read-only user sees boards and node, and cannot switch."""
    home_assistant = show.home_assistant
    user = await home_assistant.command(
        "config/auth/create",
        name="Guest",
        group_ids=["system-read-only"],
        local_only=False,
    )
    await home_assistant.command(
        "config/auth_provider/homeassistant/create",
        user_id=user["user"]["id"],
        username="guest",
        password="guest-guest",
    )
    tokens = await log_in(home_assistant.url, "guest", "guest-guest")
    guest: Any = SimpleNamespace(url=home_assistant.url, tokens=tokens)
    async with open_browser(guest) as browser:
        async with opened(browser, f"{BOARDS}/live") as view:
            await expect(tiles(view.page)).to_have_count(len(MACS), timeout=PATIENCE)
            for button in await view.page.get_by_role("switch").all():
                await expect(button).to_be_disabled()
        async with opened(browser, BATTERY) as view:
            await expect(view.page.get_by_role("spinbutton")).to_be_disabled()
            await expect(view.page.get_by_role("switch")).to_be_disabled()
            slider = view.page.get_by_role("slider", name="Image of the day")
            await expect(slider).to_be_enabled(timeout=PATIENCE)


async def log_in(url: str, username: str, password: str) -> dict[str, Any]:
    """Return the tokens of a user, got as the login page gets them."""
    client = {"client_id": f"{url}/"}
    async with aiohttp.ClientSession(url) as session:
        start = client | {"handler": ["homeassistant", None], "redirect_uri": f"{url}/"}
        async with session.post("/auth/login_flow", json=start) as answer:
            flow = (await answer.json())["flow_id"]
        who = client | {"username": username, "password": password}
        async with session.post(f"/auth/login_flow/{flow}", json=who) as answer:
            code = (await answer.json())["result"]
        form = client | {"grant_type": "authorization_code", "code": code}
        async with session.post("/auth/token", data=form) as answer:
            tokens: dict[str, Any] = await answer.json()
            return tokens


@pytest.mark.parametrize(("phone", "scheme"), LOOKS)
async def test_looks(show: Show, browser: Browser, phone: bool, scheme: Scheme) -> None:
    """On desktop and phone, light and dark: nothing serious for axe-core; pictures."""
    look = f"{'phone' if phone else 'desktop'}-{scheme}"
    for name, path in (
        ("welcome", f"{BOARDS}/welcome"),
        ("live", f"{BOARDS}/live"),
        ("history", f"{BOARDS}/history"),
        ("cards", f"{BOTH}/all"),
        ("thermal", BATTERY),
        ("battery", show.pages[0]),
    ):
        async with opened(browser, path, phone=phone, scheme=scheme) as view:
            picture = SCREENSHOTS / f"{name}-{look}.png"
            if name == "thermal":
                await picture_of_a_fault(show, view, picture)
            else:
                await view.screenshot(picture)
            wide = await view.page.evaluate(
                "document.documentElement.scrollWidth - innerWidth"
            )
            assert wide <= 0, f"{name} is wider than the screen by {wide} pixels"
            # The overview is made of Home Assistant's own cards.
            if name != "battery":
                assert not await serious(view.page), name


async def picture_of_a_fault(show: Show, view: View, file: Path) -> None:
    """Have the whole page in view, with a whole image of a bank that has a hot cell."""
    size = view.page.viewport_size
    assert size
    height = await view.page.evaluate("document.documentElement.scrollHeight")
    await view.page.set_viewport_size({"width": size["width"], "height": height})
    show.world.model.heat((2, 1), 8)
    try:
        async with pause_after_image(show):
            card = thermal(view.page)
            for text in "All 24 lines", "Battery bank Cell imbalance warning":
                await expect(card.get_by_text(text)).to_be_visible(timeout=PATIENCE)
            await view.screenshot(file)
    finally:
        show.world.model.heat((2, 1), 0)


async def serious(page: Page) -> list[str]:
    """Return what axe-core finds serious in the cards of this repository."""
    await page.add_script_tag(path=AXE)
    found = await page.evaluate("axe.run()")
    own = re.compile("esp32-sensors-|battery-thermal-")
    looked_at = json.dumps([rule["nodes"] for rule in found["passes"]])
    assert own.search(looked_at), "axe-core did not see the cards"
    return [
        f"{violation['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
        if own.search(json.dumps(node["target"]))
    ]


async def test_offered_and_editable(browser: Browser) -> None:
    """The dashboards are among those of the community; the cards have their forms."""
    async with browser.view() as view:
        await view.page.goto("/config/lovelace/dashboards")
        await view.page.get_by_text("Add dashboard").click(timeout=PATIENCE)
        for name in "ESP32 boards", "Battery thermal":
            offered = view.page.locator("dashboard-card").filter(has_text=name)
            await expect(offered).to_be_visible(timeout=PATIENCE)
        for tag in (
            "esp32-sensors-live",
            "esp32-sensors-history",
            "battery-thermal-card",
        ):
            labels = await view.page.evaluate(
                """async (tag) => {
                  const form = await customElements.get(tag).getConfigForm();
                  return form.schema.map((it) => form.computeLabel(it) && form.computeHelper(it));
                }""",
                tag,
            )
            assert all(labels), tag


async def test_welcome_with_one_of_the_two(show: Show, browser: Browser) -> None:
    """The welcome page stands without banks, and without boards."""
    for domain, shows_bank, online in (
        ("battery_thermal", False, str(len(MACS))),
        ("esp32_sensors", True, "0"),
    ):
        (entry,) = await show.home_assistant.entries(domain)
        await disable(show, entry["entry_id"], "user")
        try:
            async with opened(browser, f"{BOARDS}/welcome") as view:
                card = view.page.locator("esp32-sensors-welcome")
                await expect(card.locator("output")).to_have_text(
                    online, timeout=PATIENCE
                )
                bank = card.get_by_role("heading", name="Battery bank")
                await expect(bank).to_have_count(int(shows_bank))
                await expect(card.get_by_text("Add a board")).to_be_visible()
        finally:
            await disable(show, entry["entry_id"], None)
    async with opened(browser, f"{BOARDS}/live") as view:
        await expect(tiles(view.page)).to_have_count(len(MACS), timeout=PATIENCE)


async def disable(show: Show, entry_id: str, by: str | None) -> None:
    """Disable an entry, or enable it again."""
    await show.home_assistant.command(
        "config_entries/disable", entry_id=entry_id, disabled_by=by
    )


async def test_resources_in_yaml(show: Show, browser: Browser) -> None:
    """Where the owner keeps the resources in YAML, cards come all the same."""
    home_assistant = show.home_assistant
    usual = home_assistant.configuration
    await home_assistant.stop()
    home_assistant.configuration = f"{usual}lovelace:\n  resource_mode: yaml\n"
    try:
        await home_assistant.start()
        for _ in range(5):
            async with browser.view() as view:
                await view.page.goto(f"{BOTH}/all")
                await expect(tiles(view.page)).to_have_count(
                    len(MACS), timeout=2 * PATIENCE
                )
                await expect(thermal(view.page).locator("canvas")).to_be_visible(
                    timeout=2 * PATIENCE
                )
                assert not await view.broken_cards()
        assert await home_assistant.command("lovelace/resources") == []
    finally:
        await home_assistant.stop()
        home_assistant.configuration = usual
        await home_assistant.start()
    resources = await home_assistant.command("lovelace/resources")
    assert len(resources) == 2


async def test_restart_under_an_open_page(show: Show, browser: Browser) -> None:
    """Home Assistant restarts; the page that stayed open is alive again by itself."""
    _, name = await living_board(show)
    async with (
        browser.view() as view,
        browser.view() as other,
    ):
        await view.open(f"{BOARDS}/live")
        await other.open(BATTERY)
        await view.page.evaluate("window.never_reloaded = true")
        await show.home_assistant.stop()
        stale = view.page.locator("esp32-sensors-live ha-card[data-stale]")
        await expect(stale).to_be_visible(timeout=PATIENCE)
        await show.home_assistant.start()
        await expect(stale).to_have_count(0, timeout=2 * PATIENCE)
        await expect(tiles(view.page)).to_have_count(len(MACS), timeout=2 * PATIENCE)
        await led(view.page, name).click(timeout=PATIENCE)
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "true", timeout=PATIENCE
        )
        await led(view.page, name).click()
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "false", timeout=PATIENCE
        )
        assert await view.page.evaluate("window.never_reloaded")
        await expect(
            other.page.locator("battery-thermal-card ha-card[data-stale]")
        ).to_have_count(0, timeout=PATIENCE)


LONG_TASKS = """async (seconds) => {
  let count = 0, longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      count++;
      longest = Math.max(longest, entry.duration);
    }
  });
  observer.observe({ type: "longtask" });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  observer.disconnect();
  return { per_second: count / seconds, longest };
}"""


async def test_200_boards(
    show: Show, browser: Browser, record_property: Callable[[str, object], None]
) -> None:
    """A page with 200 boards that all send stays usable."""
    broker = Broker(show.broker.host, show.broker.port, protocol=show.broker.protocol)
    more = [Board(mac, broker, kind=BoardKind.IDEAL) for mac in macs(200 - len(MACS))]
    async with Fleet(more) as fleet, browser.view() as view:
        async with asyncio.timeout(120):
            await fleet.until_started()
        await view.open(f"{BOARDS}/welcome")
        await expect(view.page.locator("esp32-sensors-welcome output")).to_have_text(
            "200", timeout=2 * PATIENCE
        )
        begun = time.monotonic()
        await view.page.goto(f"{BOARDS}/live")
        await expect(tiles(view.page)).to_have_count(200, timeout=PATIENCE)
        first_paint = time.monotonic() - begun
        tasks = await view.page.evaluate(LONG_TASKS, 5)
        await view.page.get_by_label("Filter by name or address").fill("capteur01")
        await expect(tiles(view.page)).to_have_count(1, timeout=2000)
        record_property("seconds until 200 boards are shown", first_paint)
        record_property("long tasks while 200 boards send", tasks)
        assert first_paint < 15
        assert tasks["per_second"] < 5
        assert not view.errors
