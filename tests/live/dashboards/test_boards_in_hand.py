"""What is done to boards, in a real browser: taken over, replaced, added."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
import re
import time
from typing import Any

from playwright.async_api import Page, expect
import pytest
import pytest_asyncio

from demo.broker import Broker
from demo.browser import Browser, View, open_browser
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.truth import entities, set_up
from simulator.boards import Board, BoardKind, Broker as Address
from tests.esp32_sensors.first_server import make

from .pages import BOARDS, PATIENCE, SCREENSHOTS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

OLD, NEW = "02:00:00:00:CD:01", "02:00:00:00:CD:02"


@dataclass
class Place:
    """Broker and Home Assistant with one network, and a browser."""

    broker: Broker
    home_assistant: HomeAssistant
    browser: Browser

    def board(self, mac: str) -> Board:
        """Return a board that has no power yet."""
        address = Address(port=self.broker.port)
        return Board(mac, address, kind=BoardKind.DOCUMENT)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(
    chromium: str, mosquitto: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Place]:
    """Start everything, without a board."""
    folder = tmp_path_factory.mktemp("boards_in_hand")
    async with AsyncExitStack() as exits:
        broker = Broker(folder / "broker", free_port(), "mosquitto")
        await broker.start()
        exits.push_async_callback(broker.stop)
        home_assistant = HomeAssistant(folder / "config", free_port())
        await home_assistant.start()
        exits.push_async_callback(home_assistant.stop)
        await set_up(home_assistant, broker)
        await home_assistant.command(
            "lovelace/dashboards/create",
            url_path=BOARDS[1:],
            title="Boards",
            mode="storage",
        )
        await home_assistant.command(
            "lovelace/config/save",
            url_path=BOARDS[1:],
            config={"strategy": {"type": "custom:esp32-sensors"}},
        )
        browser = await exits.enter_async_context(open_browser(home_assistant))
        yield Place(broker, home_assistant, browser)


async def configure(view: View, choice: str) -> Page:
    """Open the options of the network, and choose from their menu."""
    page = view.page
    await page.goto("/config/integrations/integration/esp32_sensors")
    await page.locator("#ha-launch-screen").wait_for(state="detached")
    await (
        page.locator("ha-config-entry-row")
        .get_by_role("button", name="Configure")
        .click(timeout=PATIENCE)
    )
    await page.get_by_text(choice, exact=True).click(timeout=PATIENCE)
    return page


async def picture(view: View, name: str) -> None:
    """Save a screenshot for a person to look at."""
    await view.page.wait_for_timeout(500)
    await view.screenshot(SCREENSHOTS / f"boards-in-hand-{name}.png")


def text_of(path: Path) -> str:
    """Return the text of a file."""
    return path.read_text()


async def stop(run: asyncio.Task[None]) -> None:
    """Cut the power of a board."""
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run


async def test_take_over(place: Place, tmp_path: Path) -> None:
    """The database is uploaded, its boards are shown, and a running board goes on."""
    session = f"{time.time() - 3600:.6f}"
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - 60))
    values = [("pres_status", 1, moment, 42), ("led_status", 1, moment, 1)]
    boards: list[dict[str, Any]] = [
        {"mac_address": OLD, "name": "hall", "session_id": session},
        {"name": "garage"},
        {"name": None},
    ]
    path = make(tmp_path / "db.sqlite3", boards, values)
    async with place.browser.view() as view:
        page = await configure(view, "Boards of the first server")
        await picture(view, "first-server")
        await page.locator("input[type=file]").set_input_files(path)
        await expect(page.get_by_text("db.sqlite3", exact=True)).to_be_visible(
            timeout=PATIENCE
        )
        await page.get_by_role("button", name="Next").click()
        text = page.get_by_text("Added with name, times and last values: 3.")
        await expect(text).to_be_visible(timeout=PATIENCE)
        await picture(view, "take-over")
        await page.get_by_role("button", name="Submit").click()
        await expect(page.get_by_text("Added: 3. Completed: 0.")).to_be_visible(
            timeout=PATIENCE
        )
        await picture(view, "taken-over")
        await view.open(f"{BOARDS}/history")
        await expect(
            page.get_by_text("42 %").locator("visible=true").first
        ).to_be_visible(timeout=PATIENCE)
        await picture(view, "history")


async def test_replace(place: Place) -> None:
    """The history page lets another board take the place of the one that is gone."""
    new = place.board(NEW)
    run = asyncio.create_task(new.run())
    await new.until_started()
    leds = await entities(place.home_assistant, "switch", "led")
    async with place.browser.view() as view:
        await view.open(f"{BOARDS}/history")
        box = view.page.locator("esp32-sensors-box").filter(has_text=OLD)
        await box.get_by_role("button", name="Replace: hall").click()
        await expect(box.get_by_role("combobox")).to_be_visible(timeout=PATIENCE)
        await picture(view, "replace")
        await box.get_by_role("combobox").select_option(NEW)
        await box.get_by_role("button", name="Replace this board").click()
        box = view.page.locator("esp32-sensors-box").filter(has_text=NEW)
        await expect(box.get_by_text("hall")).to_be_visible(timeout=PATIENCE)
        await expect(view.page.get_by_text(OLD)).to_have_count(0)
        await picture(view, "replaced")
        after = await entities(place.home_assistant, "switch", "led")
        assert after[NEW] == leds[OLD]
        await configure(view, "Replace a board")
        await picture(view, "replace-dialog")
        assert not view.errors
    await stop(run)


async def test_add(place: Place) -> None:
    """The dialog shows what a board needs, waits for it, and names it."""
    mac = "02:00:00:00:CD:03"
    async with place.browser.view() as view:
        page = await configure(view, "Add a board")
        fields = page.locator("step-flow-form").locator("input, textarea")
        await expect(fields).to_have_count(5, timeout=PATIENCE)
        answers = mac, "home", "correct horse", "192.168.1.10"
        for number, answer in enumerate(answers):
            await fields.nth(number).fill(answer)
        await picture(view, "add")
        await page.get_by_role("button", name="Next").click()
        await expect(page.get_by_text("Save these now")).to_be_visible(timeout=PATIENCE)
        await expect(fields.nth(0)).to_have_value("board-02000000CD03")
        await expect(fields.nth(3)).to_have_value(re.compile('WIFI_NAME = "home"'))
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="config.py").click()
        assert 'WIFI_NAME = "home"' in text_of(await (await downloading.value).path())
        await picture(view, "files")
        await page.get_by_role("button", name="Next").click()
        waiting = page.get_by_text(f"Waiting for the board {mac}")
        await expect(waiting).to_be_visible(timeout=PATIENCE)
        await picture(view, "wait")
        new = place.board(mac)
        run = asyncio.create_task(new.run())
        await expect(page.get_by_text("The board has joined")).to_be_visible(
            timeout=PATIENCE
        )
        await picture(view, "name")
        await fields.first.fill("Shed")
        await page.get_by_role("button", name="Submit").click()
        await expect(page.get_by_text("The board is ready.")).to_be_visible(
            timeout=PATIENCE
        )
        assert not view.errors
    await stop(run)
