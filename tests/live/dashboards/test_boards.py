"""Tests of the pages of the boards. All tests share one Home Assistant, and each restores its state."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
import re
import signal
from typing import Any

import aiohttp
from playwright.async_api import Locator, Page, expect
import pytest

from demo.browser import Browser, Scheme
from demo.proof import until
from demo.show import Show
from demo.world import MACS
from simulator.boards import Board, BoardKind, Broker, Fleet, Timing, macs

from .pages import (
    BATTERY,
    BOARDS,
    BOTH,
    LOOKS,
    ONE,
    PATIENCE,
    SCREENSHOTS,
    led,
    led_device,
    led_entity,
    living_board,
    opened,
    serious,
    tiles,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

COLD_LOADS = 5
"""Browsers of the test below. Almost every test of the pages begins with one more."""


async def test_cold_loads(chromium: str, browser: Browser) -> None:
    """Both cards are loaded in each browser with an empty cache."""
    for _ in range(COLD_LOADS):
        async with browser.view() as view:
            await view.page.goto(f"{BOTH}/all")
            await expect(tiles(view.page)).to_have_count(len(MACS), timeout=PATIENCE)
            canvas = view.page.locator("battery-thermal-card canvas")
            await expect(canvas).to_be_visible(timeout=PATIENCE)
            assert not await view.broken_cards()
            assert not view.errors


async def test_two_people_see_the_same(show: Show, browser: Browser) -> None:
    """An LED switched in one browser is shown in another."""
    board, name = await living_board(show)
    async with (
        opened(browser, f"{BOARDS}/live") as one,
        opened(browser, f"{BOARDS}/live", phone=True) as other,
    ):
        for lit in "true", "false":
            await led(one.page, name).click()
            for view in other, one:
                await expect(led(view.page, name)).to_have_attribute(
                    "aria-checked", lit, timeout=PATIENCE
                )
            assert board.led is (lit == "true")


async def test_button_and_light(show: Show, browser: Browser) -> None:
    """A button push, light values and the value at the pointer are shown."""
    board, name = await living_board(show)
    async with opened(browser, f"{BOARDS}/live") as view:
        tile = tiles(view.page).filter(has=led(view.page, name))
        await board.push()
        await expect(tile.get_by_text("Pushed")).to_be_visible(timeout=PATIENCE)
        await board.release()
        await expect(tile.get_by_text("Released")).to_be_visible(timeout=PATIENCE)
        show.world.light[board.mac] = 7
        await expect(tile.get_by_text("7 %", exact=True)).to_be_visible(
            timeout=PATIENCE
        )
        show.world.light[board.mac] = 77
        await expect(tile.get_by_text("77 %", exact=True)).to_be_visible(
            timeout=PATIENCE
        )
        chart = tile.get_by_role("slider")
        box = await chart.bounding_box()
        assert box
        await view.page.mouse.move(box["x"] + 2, box["y"] + 20)
        await expect(tile.locator(".light .at")).to_have_text(re.compile(r"\d\d:\d\d"))
        del show.world.light[board.mac]
        # Also in a language that is written from right to left.
        await view.page.locator("esp32-sensors-live").evaluate(
            "card => { card.style.direction = 'rtl' }"
        )
        times = await tile.locator(".times span").all()
        begin, end = [await it.bounding_box() for it in times]
        assert begin and end
        assert begin["x"] < box["x"] + box["width"] / 2 < end["x"]


async def test_boards_come_and_go(show: Show, browser: Browser) -> None:
    """A board that loses power is removed from the page, and returns without a reload."""
    board, name = await living_board(show)
    card = {
        "type": "custom:esp32-sensors-live",
        "device": await led_device(show, board),
    }
    await show.home_assistant.command(
        "lovelace/config/save",
        url_path=ONE[1:],
        config={"views": [{"path": "board", "cards": [card]}]},
    )
    async with (
        opened(browser, f"{BOARDS}/live") as live,
        opened(browser, f"{BOARDS}/history") as history,
        opened(browser, f"{ONE}/board") as one,
    ):
        box = history.page.locator("esp32-sensors-history .board").filter(
            has_text=board.mac
        )
        await expect(led(live.page, name)).to_be_visible(timeout=PATIENCE)
        board.cut()
        await expect(led(live.page, name)).to_have_count(0, timeout=PATIENCE)
        await expect(tiles(live.page)).to_have_count(len(MACS) - 1)
        await expect(box.get_by_text("Offline")).to_be_visible(timeout=PATIENCE)
        # Its own card stays, and shows that the board is offline.
        gone = tiles(one.page).get_by_text(re.compile(r"^Offline, last seen \d"))
        await expect(gone).to_be_visible(timeout=PATIENCE)
        await one.screenshot(SCREENSHOTS / "board-offline.png")
        assert not await serious(one.page)
        board.restart()
        await expect(led(live.page, name)).to_be_visible(timeout=PATIENCE)
        await expect(box.get_by_text("Online")).to_be_visible(timeout=PATIENCE)
        await expect(gone).to_be_hidden(timeout=PATIENCE)


async def test_house_changes_under_an_open_page(show: Show, browser: Browser) -> None:
    """Text that is being typed, and the focus, stay when devices are renamed."""
    board, name = await living_board(show)
    device = await led_device(show, board)
    async with (
        opened(browser, f"{BOARDS}/live") as boards,
        opened(browser, BATTERY) as battery,
    ):
        search = boards.page.get_by_label("Filter by name or address")
        await search.fill(name)
        threshold = battery.page.get_by_role("spinbutton")
        await expect(threshold).to_be_enabled(timeout=PATIENCE)
        await threshold.fill("5")
        for title in "Lamp", None:
            await show.home_assistant.command(
                "config/device_registry/update", device_id=device, name_by_user=title
            )
            await expect(tiles(boards.page).locator("h3")).to_have_text(title or name)
            # Home Assistant collects changes for 200 ms, and builds a page in the same time.
            await boards.page.wait_for_timeout(1000)
            for typed, text in (search, name), (threshold, "5"):
                await expect(typed).to_have_value(text, timeout=1000)
                await expect(typed).to_be_focused()


async def test_focus_stays(show: Show, browser: Browser) -> None:
    """The focus stays when a renamed board changes its position."""
    board, name = await living_board(show)
    device = await led_device(show, board)
    other = next(
        str(it.name)
        for it in show.world.boards.values()
        if it.started and it is not board
    )
    async with opened(browser, f"{BOARDS}/live") as view:
        watched = led(view.page, other)
        await expect(watched).to_be_enabled(timeout=PATIENCE)
        places = (tiles(view.page).first, "A board"), (tiles(view.page).last, "Z board")
        for tile, title in places:
            await watched.focus()
            await show.home_assistant.command(
                "config/device_registry/update", device_id=device, name_by_user=title
            )
            await expect(tile.locator("h3")).to_have_text(title, timeout=PATIENCE)
            await expect(watched).to_be_focused()
        await show.home_assistant.command(
            "config/device_registry/update", device_id=device, name_by_user=None
        )
        await expect(led(view.page, name)).to_be_visible(timeout=PATIENCE)


async def test_names_lead_to_devices(show: Show, browser: Browser) -> None:
    """An administrator opens a board's settings from its name and returns, without a reload."""
    board, name = await living_board(show)
    device = f"/config/devices/device/{await led_device(show, board)}"
    for page in "live", "history":
        async with opened(browser, f"{BOARDS}/{page}") as view:
            await view.page.evaluate("window.never_reloaded = true")
            link = view.page.get_by_role("link", name=name, exact=True)
            await expect(link).to_have_attribute("href", device)
            await link.press("Enter")
            await view.page.wait_for_url(f"**{device}")
            await expect(view.page.locator("ha-config-device-page")).to_be_visible(
                timeout=PATIENCE
            )
            await view.page.go_back()
            await expect(link).to_be_visible(timeout=PATIENCE)
            assert await view.page.evaluate("window.never_reloaded")


async def test_pending_and_failed(show: Show, browser: Browser) -> None:
    """A command without confirmation is pending, then failed, and never shown as done."""
    board, name = await living_board(show)
    async with opened(browser, f"{BOARDS}/live") as view:
        tile = tiles(view.page).filter(has=led(view.page, name))
        show.broker.child.signal(signal.SIGSTOP)
        try:
            await led(view.page, name).click()
            await expect(led(view.page, name)).to_contain_text("Switching on")
            announced = tile.locator("esp32-sensors-led").get_by_role("status")
            await expect(announced).to_have_text("Switching on…")
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
        # The broker may have stored the command: then the LED is on by now.
        entity = await led_entity(show, board)
        async with asyncio.timeout(PATIENCE / 1000):
            while not await switched_off(show, entity):
                await asyncio.sleep(0.5)
        await expect(led(view.page, name)).to_have_attribute("aria-checked", "false")


async def switched_off(show: Show, entity: str) -> bool:
    """Switch an LED off, unless its board is about to leave or join."""
    try:
        await show.home_assistant.call("switch", "turn_off", entity_id=entity)
    except aiohttp.ClientResponseError:
        return False
    return True


WATCH = """(element, name) => {
  const seen = [element.getAttribute(name)];
  (window.seen ??= {})[name] = seen;
  const watching = new MutationObserver(() => seen.push(element.getAttribute(name)));
  watching.observe(element, { attributes: true, attributeFilter: [name] });
}"""
"""Record the values of an attribute from now on, also those that are gone before anybody looks."""


async def was_true(page: Page, name: str) -> None:
    """Wait until a watched attribute has been true."""
    await until(
        name,
        lambda: page.evaluate("(name) => window.seen[name]", name),
        lambda seen: "true" in seen,
    )


async def test_identify(show: Show, browser: Browser) -> None:
    """The button on a board's tile lets its LED blink for everybody to see, and then it is as it was."""
    board, name = await living_board(show)
    async with (
        opened(browser, f"{BOARDS}/live") as view,
        opened(browser, f"{BOARDS}/live", phone=True) as other,
    ):
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "false", timeout=PATIENCE
        )
        before = len(board.commands)
        buttons = [
            one.page.get_by_role("button", name=f"Identify {name}")
            for one in (view, other)
        ]
        # It blinks for 5 s, which a busy machine may need to look once.
        for button in buttons:
            await button.evaluate(WATCH, "aria-busy")
        await led(view.page, name).evaluate(WATCH, "aria-checked")
        await buttons[1].tap()
        for one in view, other:
            await was_true(one.page, "aria-busy")
        await was_true(view.page, "aria-checked")
        await other.screenshot(SCREENSHOTS / "identify-phone-light.png")
        for button in buttons:
            await expect(button).not_to_have_attribute(
                "aria-busy", "true", timeout=PATIENCE
            )
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "false", timeout=PATIENCE
        )
        assert not board.led
        blinked = board.commands[before:]
        assert len(blinked) >= 4
        assert blinked[:4] == [True, False, True, False]
        assert not await serious(view.page)


async def test_board_asks_to_join(show: Show, browser: Browser) -> None:
    """An administrator accepts a board on the live page, with a name and an area, or in the place of another."""
    home_assistant = show.home_assistant
    (entry,) = await home_assistant.entries("esp32_sensors")
    area = await home_assistant.command("config/area_registry/create", name="Hall")
    await admission(show, entry["entry_id"], "approval")
    broker = Broker(show.broker.host, show.broker.port)
    newcomer, successor = (
        Board(mac, broker, kind=BoardKind.FIELD) for mac in macs(2, first=77)
    )
    try:
        async with Fleet([newcomer]), opened(browser, f"{BOARDS}/live") as view:
            page = view.page
            await page.get_by_role("button", name="1 board wants to join").click(
                timeout=PATIENCE
            )
            await expect(page.locator(".who")).to_have_text(newcomer.mac)
            await page.get_by_label("Name", exact=True).fill("LeBron")
            await page.get_by_label("Area").select_option("Hall")
            await view.screenshot(SCREENSHOTS / "join.png")
            assert not await serious(page)
            await page.get_by_role("button", name="Accept", exact=True).click()
            await expect(led(page, "LeBron")).to_be_visible(timeout=PATIENCE)
            await expect(page.locator("esp32-sensors-join")).to_have_count(0)
            devices = await home_assistant.command("config/device_registry/list")
            (device,) = (it for it in devices if it["name"] == "LeBron")
            assert device["area_id"] == area["area_id"]
            newcomer.cut()
            offline = page.get_by_role("button", name="1 offline")
            await offline.click(timeout=PATIENCE)
            last = page.locator("esp32-sensors-offline li")
            for text in "LeBron", "Last seen":
                await expect(last).to_contain_text(text)
            async with Fleet([successor]):
                await page.get_by_role("button", name="1 board wants to join").click(
                    timeout=PATIENCE
                )
                place = page.get_by_label("Takes the place of")
                await place.select_option(label="LeBron (Offline)")
                await expect(page.get_by_label("Area")).to_be_hidden()
                await view.screenshot(SCREENSHOTS / "join-replace.png")
                assert not await serious(page)
                await page.get_by_role("button", name="Replace", exact=True).click()
                await expect(led(page, "LeBron")).to_be_visible(timeout=PATIENCE)
                devices = await home_assistant.command("config/device_registry/list")
                (same,) = (it for it in devices if it["id"] == device["id"])
                assert ["esp32_sensors", successor.mac] in same["identifiers"]
            await home_assistant.command(
                "config/device_registry/remove", device_id=device["id"]
            )
            await expect(offline).to_have_count(0, timeout=PATIENCE)
    finally:
        await admission(show, entry["entry_id"], "open")
    await expect_all_boards(show, browser)


async def admission(show: Show, entry_id: str, mode: str) -> None:
    """Set what happens when a new board joins, in the options of the network."""
    path = "/api/config/config_entries/options/flow"
    flow = json.loads(
        await show.home_assistant.request("POST", path, {"handler": entry_id})
    )
    flow_path = f"{path}/{flow['flow_id']}"
    for answer in (
        {"next_step_id": "settings"},
        {"joining": {"admission": mode}, "names": {}, "values": {}},
    ):
        result = await show.home_assistant.request("POST", flow_path, answer)
    assert json.loads(result)["type"] == "create_entry"


async def expect_all_boards(show: Show, browser: Browser) -> None:
    """Wait until the boards of the demo are online again after a reload of their network."""
    async with opened(browser, f"{BOARDS}/live") as view:
        await expect(tiles(view.page)).to_have_count(len(MACS), timeout=2 * PATIENCE)


async def test_in_the_background(show: Show, browser: Browser) -> None:
    """A page that was frozen in the background is updated when it is resumed."""
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


async def test_history(show: Show, browser: Browser) -> None:
    """Boards are sorted by time, with UTC and local times, and can be filtered."""
    board, _ = await living_board(show)
    async with opened(browser, f"{BOARDS}/history") as view:
        boxes = view.page.locator("esp32-sensors-history .board")
        await expect(boxes).to_have_count(len(MACS), timeout=PATIENCE)
        seen = boxes.first.locator("dd").first
        await expect(seen).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d .* UTC$"))
        values = boxes.first.locator("section").last.locator("li time")
        await expect(values.first).to_be_visible()
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


async def test_restart_under_an_open_page(show: Show, browser: Browser) -> None:
    """After a restart of Home Assistant an open page updates again without a reload."""
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
        await switch_on(led(view.page, name))
        await led(view.page, name).click()
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "false", timeout=PATIENCE
        )
        assert await view.page.evaluate("window.never_reloaded")
        await expect(
            other.page.locator("battery-thermal-card ha-card[data-stale]")
        ).to_have_count(0, timeout=PATIENCE)


async def switch_on(button: Locator) -> None:
    """Switch an LED on; repeat if nothing happens.

    Right after a restart the frontend builds its pages anew, maybe under the pointer.
    """
    await button.click(timeout=PATIENCE)
    on = expect(button)
    try:
        # Longer than the timeout of a command.
        await on.to_have_attribute("aria-checked", "true", timeout=10_000)
    except AssertionError:
        await button.click(timeout=PATIENCE)
        await on.to_have_attribute("aria-checked", "true", timeout=PATIENCE)


async def shuffle_names(show: Show) -> None:
    """Name all boards in another order than they joined in."""
    leds = [
        entity["device_id"]
        for entity in await show.home_assistant.command("config/entity_registry/list")
        if entity["unique_id"].endswith("_led")
    ]
    # The order of their ids is random.
    for number, device in enumerate(sorted(leds)):
        await show.home_assistant.command(
            "config/device_registry/update",
            device_id=device,
            name_by_user=f"Sensor {number}",
        )


@asynccontextmanager
async def another_board(show: Show, mac: str, version: str) -> AsyncGenerator[Board]:
    """Run one more board, whose firmware has a version; forget it afterwards."""
    address = Broker(show.broker.host, show.broker.port, protocol=show.broker.protocol)
    firmware = ("Simulated board", version)
    board = Board(mac, address, kind=BoardKind.DOCUMENT, firmware=firmware)
    async with Fleet([board]) as fleet:
        async with asyncio.timeout(PATIENCE / 1000):
            await fleet.until_started()
        yield board
    (entry,) = await show.home_assistant.command(
        "config_entries/get", domain="esp32_sensors"
    )
    # A test may have forgotten it already, which is no error of the command.
    await show.home_assistant.command(
        "esp32_sensors/many_boards",
        action="forget",
        boards=[f"{entry['entry_id']}/{mac}"],
    )


@pytest.mark.parametrize(("phone", "scheme"), LOOKS)
async def test_firmware(
    show: Show, browser: Browser, phone: bool, scheme: Scheme
) -> None:
    """The history page shows the firmware that boards report, and marks an older version."""
    newer, name = await living_board(show)
    assert newer.kind is BoardKind.DOCUMENT
    look = f"{'phone' if phone else 'desktop'}-{scheme}"
    async with (
        another_board(show, "02:00:00:00:0F:01", "0.9.1") as older,
        opened(browser, f"{BOARDS}/history", phone=phone, scheme=scheme) as view,
    ):
        boxes = view.page.locator("esp32-sensors-history .board")
        of_newer = boxes.filter(has_text=newer.mac)
        of_older = boxes.filter(has_text=older.mac)
        await expect(of_older).to_contain_text(
            "Simulated board 0.9.1", timeout=PATIENCE
        )
        await expect(of_older.locator(".behind")).to_have_text("Older than 1.0.0")
        await expect(of_newer).to_contain_text("Simulated board 1.0.0")
        await expect(view.page.locator(".behind")).to_have_count(1)
        await of_older.scroll_into_view_if_needed()
        await view.screenshot(SCREENSHOTS / f"firmware-{look}.png")
        assert not await serious(view.page)
        device = await show.home_assistant.command("config/device_registry/list")
        versions = {it["name"]: it["sw_version"] for it in device}
        assert versions[name] == "Simulated board 1.0.0"


@pytest.mark.parametrize(("phone", "scheme"), LOOKS)
async def test_several_boards(
    show: Show, browser: Browser, phone: bool, scheme: Scheme
) -> None:
    """Several boards are selected on the live page, and their LEDs switched and identified."""
    _, name = await living_board(show)
    look = f"{'phone' if phone else 'desktop'}-{scheme}"
    async with opened(browser, f"{BOARDS}/live", phone=phone, scheme=scheme) as view:
        page = view.page
        await expect(tiles(page)).to_have_count(len(MACS), timeout=PATIENCE)

        async def press(button: Locator) -> None:
            await (button.tap() if phone else button.click())

        await press(page.get_by_role("button", name="Select", exact=True))
        bar = page.locator("esp32-sensors-selection")
        await expect(bar.get_by_role("button", name="LED on")).to_be_disabled()
        await press(page.get_by_role("checkbox", name=f"Select {name}"))
        await expect(bar).to_contain_text("1 selected")
        await press(bar.get_by_role("button", name="Select all"))
        await expect(bar).to_contain_text(f"{len(MACS)} selected")
        await press(bar.get_by_role("button", name="LED on"))
        await expect(bar).to_contain_text(f"{len(MACS)} boards done.", timeout=PATIENCE)
        await expect(led(page, name)).to_have_attribute("aria-checked", "true")
        assert all(it.led for it in show.world.boards.values())
        await view.screenshot(SCREENSHOTS / f"several-{look}.png")
        assert not await serious(page)
        await press(bar.get_by_role("button", name="LED off"))
        await expect(led(page, name)).to_have_attribute(
            "aria-checked", "false", timeout=PATIENCE
        )
        await expect(bar).to_contain_text(f"{len(MACS)} boards done.", timeout=PATIENCE)
        await press(bar.get_by_role("button", name="Identify"))
        await expect(bar).to_contain_text(
            "Only 4 boards can blink at a time", timeout=PATIENCE
        )
        await view.screenshot(SCREENSHOTS / f"several-refused-{look}.png")
        await page.keyboard.press("Escape")
        await expect(bar).to_have_count(0)
        for it in show.world.boards.values():
            async with asyncio.timeout(PATIENCE / 1000):
                while it.led:
                    await asyncio.sleep(0.1)
        await expect(
            page.locator("esp32-sensors-identify button[aria-busy]")
        ).to_have_count(0, timeout=PATIENCE)


async def test_area_and_forget(show: Show, browser: Browser) -> None:
    """With the keyboard, a board gets an area on the history page, and is forgotten after a question."""
    area = await show.home_assistant.command(
        "config/area_registry/create", name="Attic"
    )
    mac = "02:00:00:00:0F:02"
    async with (
        another_board(show, mac, "1.0.0") as board,
        opened(browser, f"{BOARDS}/history") as view,
    ):
        page, keys = view.page, view.page.keyboard
        name = str(board.name)
        await page.get_by_role("button", name="Select", exact=True).press("Enter")
        await page.get_by_role("checkbox", name=f"Select {name}").press("Space")
        bar = page.locator("esp32-sensors-selection")
        await expect(bar).to_contain_text("1 selected")
        await bar.get_by_role("button", name="Area…").press("Enter")
        choice = bar.get_by_role("combobox")
        await expect(choice).to_be_focused()
        await choice.select_option("Attic")
        await view.screenshot(SCREENSHOTS / "several-area.png")
        await bar.get_by_role("button", name="Set area").press("Enter")
        await expect(bar).to_contain_text("1 board done.", timeout=PATIENCE)
        device = await led_device(show, board)
        devices = await show.home_assistant.command("config/device_registry/list")
        (entry,) = (it for it in devices if it["id"] == device)
        assert entry["area_id"] == area["area_id"]
        await bar.get_by_role("button", name="Forget…").press("Enter")
        await expect(bar.get_by_role("button", name="Cancel")).to_be_focused()
        await expect(bar).to_contain_text("Forget 1 board?")
        await view.screenshot(SCREENSHOTS / "several-forget.png")
        assert not await serious(page)
        await keys.press("Escape")
        await expect(bar).not_to_contain_text("Forget 1 board?")
        await bar.get_by_role("button", name="Forget…").press("Enter")
        board.cut()
        await bar.get_by_role("button", name="Forget 1 board").press("Enter")
        box = page.locator("esp32-sensors-history .board").filter(has_text=mac)
        await expect(box).to_have_count(0, timeout=PATIENCE)


async def change_admission(show: Show, entry_id: str, admission: str) -> None:
    """Change the option, which reloads the network."""
    path = "/api/config/config_entries/options/flow"
    flow = await show.home_assistant.post(path, {"handler": entry_id})
    if flow["type"] == "menu":
        flow = await show.home_assistant.post(
            f"{path}/{flow['flow_id']}", {"next_step_id": "settings"}
        )
    answers: dict[str, Any] = {
        "joining": {"admission": admission},
        "names": {},
        "values": {},
    }
    flow = await show.home_assistant.post(f"{path}/{flow['flow_id']}", answers)
    assert flow["type"] == "create_entry"


async def test_join_requests(show: Show, browser: Browser) -> None:
    """Boards that wait to join are accepted and refused on the live page."""
    (entry,) = await show.home_assistant.command(
        "config_entries/get", domain="esp32_sensors"
    )
    await change_admission(show, entry["entry_id"], "approval")
    address = Broker(show.broker.host, show.broker.port, protocol=show.broker.protocol)
    timing = Timing(patience=1)
    waiting = [
        Board(mac, address, kind=BoardKind.DOCUMENT, timing=timing)
        for mac in ("02:00:00:00:0F:03", "02:00:00:00:0F:04")
    ]
    async with Fleet(waiting), opened(browser, f"{BOARDS}/live") as view:
        page = view.page
        await expect(page.get_by_text("2 boards want to join")).to_be_visible(
            timeout=PATIENCE
        )
        await page.get_by_role("button", name="Select", exact=True).click()
        for board, action in zip(waiting, ("Accept", "Refuse"), strict=True):
            box = page.get_by_role("checkbox", name=f"Select {board.mac}")
            await box.check()
            if action == "Accept":
                await view.screenshot(SCREENSHOTS / "several-requests.png")
                assert not await serious(page)
            bar = page.locator("esp32-sensors-selection")
            await bar.get_by_role("button", name=action).click()
            await expect(bar).to_contain_text("1 board done.", timeout=PATIENCE)
            await expect(page.get_by_text(f"{board.mac} wants to join")).to_have_count(
                0, timeout=PATIENCE
            )
            if action == "Accept":
                # It is shown when it has started its session, and is selected still.
                async with asyncio.timeout(PATIENCE / 1000):
                    await board.until_started()
                lamp = led(page, str(board.name))
                await expect(lamp).to_be_visible(timeout=PATIENCE)
                await bar.get_by_role("button", name="Select all").click()
                await bar.get_by_role("button", name="Select none").click()
                await expect(bar).to_contain_text("0 selected")
        assert not waiting[1].assignments
    await show.home_assistant.command(
        "esp32_sensors/many_boards",
        action="forget",
        boards=[f"{entry['entry_id']}/{waiting[0].mac}"],
    )
    await change_admission(show, entry["entry_id"], "open")


async def test_200_boards(show: Show, browser: Browser) -> None:
    """A page with 200 sending boards is usable; benchmarks measure its speed."""
    broker = Broker(show.broker.host, show.broker.port, protocol=show.broker.protocol)
    more = [
        Board(mac, broker, kind=BoardKind.DOCUMENT) for mac in macs(200 - len(MACS))
    ]
    async with Fleet(more) as fleet, browser.view() as view:
        async with asyncio.timeout(120):
            await fleet.until_started()
        await shuffle_names(show)
        await view.open(f"{BOARDS}/welcome")
        await expect(view.page.locator("esp32-sensors-welcome output")).to_have_text(
            "200", timeout=2 * PATIENCE
        )
        await view.page.goto(f"{BOARDS}/live")
        await expect(tiles(view.page)).to_have_count(200, timeout=PATIENCE)
        shown = await tiles(view.page).locator("h3").all_text_contents()
        assert shown == [f"Sensor {number}" for number in range(200)]
        await view.page.get_by_label("Filter by name or address").fill("capteur01")
        await expect(tiles(view.page)).to_have_count(1, timeout=PATIENCE)
        assert not view.errors
