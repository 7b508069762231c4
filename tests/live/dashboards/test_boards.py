"""The pages of the boards. All tests share one Home Assistant; each leaves it as it found it."""

import asyncio
import re
import signal

import aiohttp
from playwright.async_api import Locator, expect
import pytest

from demo.browser import Browser
from demo.show import Show
from demo.world import MACS
from simulator.boards import Board, BoardKind, Broker, Fleet, macs

from .pages import (
    BATTERY,
    BOARDS,
    BOTH,
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
    """A LED switched in one browser shows in another."""
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
    """A push shows, light as it comes, and the value under the finger."""
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
        # Also for who reads from right to left.
        await view.page.locator("esp32-sensors-live").evaluate(
            "card => { card.style.direction = 'rtl' }"
        )
        times = await tile.locator(".times span").all()
        begin, end = [await it.bounding_box() for it in times]
        assert begin and end
        assert begin["x"] < box["x"] + box["width"] / 2 < end["x"]


async def test_boards_come_and_go(show: Show, browser: Browser) -> None:
    """A board that dies disappears, and is there again when it comes: no reload."""
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
        # Its own card stays, and does not look as if the board were there.
        gone = tiles(one.page).get_by_text(re.compile(r"^Offline, last seen \d"))
        await expect(gone).to_be_visible(timeout=PATIENCE)
        await one.screenshot(SCREENSHOTS / "board-offline.png")
        assert not await serious(one.page)
        board.restart()
        await expect(led(live.page, name)).to_be_visible(timeout=PATIENCE)
        await expect(box.get_by_text("Online")).to_be_visible(timeout=PATIENCE)
        await expect(gone).to_be_hidden(timeout=PATIENCE)


async def test_house_changes_under_an_open_page(show: Show, browser: Browser) -> None:
    """Whatever is renamed in the house, what somebody is typing stays, with the focus."""
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
            # Home Assistant gathers changes for 200 ms, and makes a page in as long.
            await boards.page.wait_for_timeout(1000)
            for typed, text in (search, name), (threshold, "5"):
                await expect(typed).to_have_value(text, timeout=1000)
                await expect(typed).to_be_focused()


async def test_focus_stays(show: Show, browser: Browser) -> None:
    """A board that gets another place takes it from nobody who is looking at theirs."""
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
    """An administrator gets from a board's name to where it is renamed, and back, without a reload."""
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
    """A command that nobody confirms is pending, then failed, and never shown as done."""
    board, name = await living_board(show)
    async with opened(browser, f"{BOARDS}/live") as view:
        tile = tiles(view.page).filter(has=led(view.page, name))
        show.broker.child.signal(signal.SIGSTOP)
        try:
            await led(view.page, name).click()
            await expect(led(view.page, name)).to_contain_text("Switching on")
            await expect(tile.get_by_role("status").first).to_have_text("Switching on…")
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
    """Switch a LED on; once more if nothing comes of it.

    Right after a restart the frontend builds its pages anew, maybe under the pointer.
    """
    await button.click(timeout=PATIENCE)
    on = expect(button)
    try:
        # Longer than a command that is not confirmed.
        await on.to_have_attribute("aria-checked", "true", timeout=10_000)
    except AssertionError:
        await button.click(timeout=PATIENCE)
        await on.to_have_attribute("aria-checked", "true", timeout=PATIENCE)


async def shuffle_names(show: Show) -> None:
    """Give all boards names in another order than they have joined in."""
    leds = [
        entity["device_id"]
        for entity in await show.home_assistant.command("config/entity_registry/list")
        if entity["unique_id"].endswith("_led")
    ]
    # By chance: their ids are.
    for number, device in enumerate(sorted(leds)):
        await show.home_assistant.command(
            "config/device_registry/update",
            device_id=device,
            name_by_user=f"Sensor {number}",
        )


async def test_200_boards(show: Show, browser: Browser) -> None:
    """A page with 200 boards that all send can be used. How fast it is, benchmarks say."""
    broker = Broker(show.broker.host, show.broker.port, protocol=show.broker.protocol)
    more = [Board(mac, broker, kind=BoardKind.IDEAL) for mac in macs(200 - len(MACS))]
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
