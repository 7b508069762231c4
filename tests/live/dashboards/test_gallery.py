"""Pictures of every page in the ways that people see it, for `script/screenshots`; none is wider than its screen.

They are in .artifacts/screenshots/gallery: page, screen, colours, and what is special.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
import time
from types import SimpleNamespace
from typing import Any

from playwright.async_api import ViewportSize, expect
import pytest

from demo.browser import Browser, Scheme, View, open_browser
from demo.configuration import REPOSITORY
from demo.show import Show
from simulator.boards import Board, BoardKind, Broker as Address, Fleet, macs
from tests.esp32_sensors.first_server import make

from .pages import (
    BATTERY,
    BOARDS,
    BOTH,
    PATIENCE,
    SCREENSHOTS,
    disable,
    hot_cell,
    log_in,
    pause_after_image,
    serious,
    visitor,
)
from .test_boards import admission, expect_all_boards

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

PAGES = {
    "live": f"{BOARDS}/live",
    "history": f"{BOARDS}/history",
    "welcome": f"{BOARDS}/welcome",
    "thermal": BATTERY,
    "battery-welcome": f"{BATTERY}/welcome",
}
CARDS = {"cards": f"{BOTH}/all"}
"""A page with cards of both integrations."""
SCREENS: dict[str, ViewportSize | None] = {
    "phone": None,
    # With the sidebar docked beside the page.
    "tablet": {"width": 1024, "height": 768},
    "wide": {"width": 1920, "height": 1080},
}
TRANSLATIONS = REPOSITORY / "custom_components" / "esp32_sensors" / "translations"
BOARD_PAGES = ("live", "history", "welcome")
BATTERY_PAGES = ("thermal", "battery-welcome")


@asynccontextmanager
async def on_screen(
    browser: Browser, screen: str, scheme: Scheme = "light", language: str = "en"
) -> AsyncGenerator[View]:
    """Open a browser of a size, in a language."""
    size = SCREENS[screen]
    async with browser.view(phone=size is None, scheme=scheme) as view:
        if size:
            await view.page.set_viewport_size(size)
        for key, value in {
            "dockedSidebar": '"docked"',
            "selectedLanguage": f'"{language}"',
        }.items():
            await view.page.add_init_script(f"localStorage.setItem('{key}', '{value}')")
        yield view
        assert not view.errors
        assert not await view.broken_cards()


async def take(view: View, name: str, *pages: str) -> None:
    """Save pictures of pages, whole ones, which are not wider than the screen."""
    size = view.page.viewport_size
    assert size
    for page in pages:
        await view.page.set_viewport_size(size)
        await view.open((PAGES | CARDS)[page])
        height = await view.page.evaluate("document.documentElement.scrollHeight")
        await view.page.set_viewport_size(
            {"width": size["width"], "height": max(height, size["height"])}
        )
        await view.screenshot(SCREENSHOTS / "gallery" / f"{page}-{name}.png")
        wide = await view.page.evaluate(
            "document.documentElement.scrollWidth - innerWidth"
        )
        assert wide <= 0, f"{page} {name} is wider than the screen by {wide} pixels"
        assert not await serious(view.page), f"{page} {name}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_every_screen(browser: Browser, screen: str, scheme: Scheme) -> None:
    """Phone, tablet and wide screen, light and dark."""
    async with on_screen(browser, screen, scheme) as view:
        await take(view, f"{screen}-{scheme}", *PAGES)


@pytest.mark.parametrize("screen", SCREENS)
async def test_french_and_fahrenheit(show: Show, browser: Browser, screen: str) -> None:
    """Other words and another unit."""
    await show.home_assistant.command("config/core/update", unit_system="us_customary")
    try:
        async with on_screen(browser, screen, language="fr") as view:
            await take(view, f"{screen}-light-french-fahrenheit", *PAGES)
    finally:
        await show.home_assistant.command("config/core/update", unit_system="metric")


@pytest.mark.parametrize(("screen", "scheme"), [("phone", "dark"), ("wide", "light")])
async def test_portuguese(browser: Browser, screen: str, scheme: Scheme) -> None:
    """The longest words."""
    async with on_screen(browser, screen, scheme, "pt") as view:
        await take(view, f"{screen}-{scheme}-portuguese", *PAGES)


async def test_visitor(chromium: str, show: Show) -> None:
    """Somebody who may see everything and change nothing."""
    await visitor(show.home_assistant, "visitor")
    tokens = await log_in(show.home_assistant.url, "visitor", "visitor-visitor")
    home_assistant: Any = SimpleNamespace(url=show.home_assistant.url, tokens=tokens)
    async with (
        open_browser(home_assistant) as browser,
        on_screen(browser, "phone") as view,
    ):
        await take(view, "phone-light-visitor", *PAGES)


@pytest.mark.parametrize(
    ("screen", "scheme", "language"),
    [
        *((screen, "light", "en") for screen in SCREENS),
        ("wide", "dark", "en"),
        ("phone", "dark", "fr"),
    ],
)
async def test_alarm(
    show: Show, browser: Browser, screen: str, scheme: Scheme, language: str
) -> None:
    """A cell is hotter than the others."""
    name = f"{screen}-{scheme}-alarm" + (f"-{language}" if language != "en" else "")
    with hot_cell(show):
        async with (
            pause_after_image(show),
            on_screen(browser, screen, scheme, language) as view,
        ):
            await take(view, name, *BATTERY_PAGES, "welcome")


async def test_no_node(show: Show, browser: Browser) -> None:
    """There are boards and no node."""
    (entry,) = await show.home_assistant.entries("battery_thermal")
    await disable(show, entry["entry_id"], "user")
    try:
        async with on_screen(browser, "tablet") as view:
            await take(
                view, "tablet-light-no-node", "welcome", "battery-welcome", "cards"
            )
    finally:
        await disable(show, entry["entry_id"], None)


async def test_no_boards_and_no_node(show: Show, browser: Browser) -> None:
    """Neither integration has anything to show."""
    entries = [
        entry["entry_id"]
        for domain in ("esp32_sensors", "battery_thermal")
        for entry in await show.home_assistant.entries(domain)
    ]
    for entry_id in entries:
        await disable(show, entry_id, "user")
    try:
        async with on_screen(browser, "tablet") as view:
            await take(view, "tablet-light-empty", *BOARD_PAGES, "battery-welcome")
    finally:
        for entry_id in entries:
            await disable(show, entry_id, None)


@pytest.mark.parametrize("language", ["fr", "pt"])
async def test_dialogs(browser: Browser, language: str, tmp_path: Path) -> None:
    """The dialogs in which boards are added, replaced and taken over, on a phone."""
    texts = TRANSLATIONS / f"{language}.json"
    choices = json.loads(texts.read_text())["options"]["step"]["init"]["menu_options"]
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - 60))
    path = make(
        tmp_path / "db.sqlite3",
        [{"name": "hall", "session_id": f"{time.time():.6f}"}, {"name": None}],
        [("pres_status", 1, moment, 42)],
    )
    async with on_screen(browser, "phone", "dark", language) as view:
        page = view.page
        fields = page.locator("step-flow-form").locator("input, textarea")
        go_on = page.get_by_role(
            "button", name=re.compile("^(Suivant|Pr.ximo|Seguinte)")
        )

        async def choose(choice: str) -> None:
            await page.goto("/config/integrations/integration/esp32_sensors")
            await page.locator("#ha-launch-screen").wait_for(state="detached")
            await (
                page.locator("ha-config-entry-row")
                .get_by_role("button", name=re.compile("^Configur"))
                .first.click(timeout=PATIENCE)
            )
            await page.get_by_text(choices[choice], exact=True).click(timeout=PATIENCE)

        async def picture(name: str) -> None:
            await page.wait_for_timeout(500)
            file = f"dialog-{name}-phone-dark-{language}.png"
            await view.screenshot(SCREENSHOTS / "gallery" / file)

        await choose("add_board")
        await expect(fields).to_have_count(5, timeout=PATIENCE)
        await picture("add")
        answers = "02:00:00:00:CE:01", "home", "correct horse", "192.168.1.10"
        for number, answer in enumerate(answers):
            await fields.nth(number).fill(answer)
        await go_on.click()
        await expect(fields).to_have_count(4, timeout=PATIENCE)
        await picture("files")
        await go_on.click()
        await expect(fields).to_have_count(0, timeout=PATIENCE)
        await picture("wait")
        await choose("replace")
        await picture("replace")
        await choose("first_server")
        await picture("first-server")
        await page.locator("input[type=file]").set_input_files(path)
        await expect(page.get_by_text("db.sqlite3", exact=True)).to_be_visible(
            timeout=PATIENCE
        )
        await go_on.click()
        await expect(page.get_by_text("hall").first).to_be_visible(timeout=PATIENCE)
        await picture("take-over")


@pytest.mark.parametrize("language", ["fr", "pt"])
async def test_join_and_forget(show: Show, browser: Browser, language: str) -> None:
    """What is asked on the pages of boards: who joins in whose place, which are forgotten."""
    (entry,) = await show.home_assistant.entries("esp32_sensors")
    await admission(show, entry["entry_id"], "approval")
    address = Address(show.broker.host, show.broker.port)
    newcomer = Board(macs(1, first=99)[0], address, kind=BoardKind.FIELD)
    try:
        async with (
            Fleet([newcomer]),
            on_screen(browser, "phone", "dark", language) as view,
        ):
            page = view.page
            await view.open(PAGES["live"])
            await page.locator("esp32-sensors-join .banner").click(timeout=PATIENCE)
            place = page.locator("esp32-sensors-join [name=replaces]")
            for name, index in (("join", 0), ("join-replace", 1)):
                await place.select_option(index=index)
                await dialog(view, f"{name}-{language}")
            await view.open(PAGES["history"])
            await page.locator("[icon='mdi:checkbox-multiple-marked-outline']").click()
            box = page.locator("esp32-sensors-box").first
            await box.get_by_role("checkbox").click()
            await page.locator("button[data-action=forget]").click()
            await dialog(view, f"forget-{language}")
    finally:
        await admission(show, entry["entry_id"], "open")
    await expect_all_boards(show, browser)


async def dialog(view: View, name: str) -> None:
    """Save a picture of something that is asked."""
    await view.page.wait_for_timeout(500)
    file = f"dialog-{name}-phone-dark.png"
    await view.screenshot(SCREENSHOTS / "gallery" / file)
    assert not await serious(view.page), name


async def test_broker_gone(show: Show, browser: Browser) -> None:
    """The broker has stopped: each page of the boards says so."""
    async with on_screen(browser, "phone") as view:
        await show.broker.stop()
        try:
            await view.open(PAGES["live"])
            lost = view.page.get_by_text("lost the connection to the MQTT broker")
            await expect(lost).to_be_visible(timeout=PATIENCE)
            await take(view, "phone-light-broker-gone", *BOARD_PAGES)
        finally:
            await show.broker.start()
        await view.open(PAGES["live"])
        await expect(lost).to_be_hidden(timeout=2 * PATIENCE)
