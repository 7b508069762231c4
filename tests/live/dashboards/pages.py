"""Helpers for the pages of the dashboards."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
import json
import math
from pathlib import Path
import re
import time
from typing import Any
from unittest.mock import patch

import aiohttp
from axe_playwright_python import async_playwright as axe_package
from playwright.async_api import Locator, Page

from demo.browser import Browser, Scheme, View
from demo.home_assistant import HomeAssistant
from demo.show import Show
from demo.world import MACS
from simulator.boards import Board

SCREENSHOTS = Path(__file__).parents[3] / ".artifacts" / "screenshots"

AXE = Path(axe_package.__file__).with_name("axe.min.js")

BOARDS = "/esp32-boards"

BATTERY = "/battery-thermal"

BOTH = "/both-cards"

ONE = "/one-board"

LOOKS: tuple[tuple[bool, Scheme], ...] = (
    (False, "light"),
    (False, "dark"),
    (True, "light"),
    (True, "dark"),
)

PATIENCE = 30_000
"""Timeout in milliseconds for steps that take long on a busy machine; the default of what is expected of a page."""


@asynccontextmanager
async def opened(
    browser: Browser, path: str, *, phone: bool = False, scheme: Scheme = "light"
) -> AsyncGenerator[View]:
    """Open a page, and check that it logs no error."""
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
    """Return a board with a started session, and its name."""
    board = show.world.boards[MACS[-1]]
    async with asyncio.timeout(PATIENCE / 1000):
        while not board.started:
            await asyncio.sleep(0.1)
    return board, str(board.name)


async def led_entity(show: Show, board: Board) -> str:
    """Return the switch entity of a board."""
    return str((await _led(show, board))["entity_id"])


async def led_device(show: Show, board: Board) -> str:
    """Return the device of a board."""
    return str((await _led(show, board))["device_id"])


async def _led(show: Show, board: Board) -> dict[str, Any]:
    entities = await show.home_assistant.command("config/entity_registry/list")
    return next(
        entity
        for entity in entities
        if entity["unique_id"].endswith(f"{board.mac}_led")
    )


def thermal(page: Page) -> Locator:
    """Return the thermal card."""
    return page.locator("battery-thermal-card")


def battery_welcome(page: Page) -> Locator:
    """Return the welcome card of the battery banks."""
    return page.locator("battery-thermal-welcome")


@contextmanager
def hot_cell(show: Show) -> Generator[None]:
    """Heat one cell of the bank."""
    show.world.model.heat((2, 1), 8)
    try:
        yield
    finally:
        show.world.model.heat((2, 1), 0)


async def disable(show: Show, entry_id: str, by: str | None) -> None:
    """Disable or enable an entry."""
    await show.home_assistant.command(
        "config_entries/disable", entry_id=entry_id, disabled_by=by
    )


async def whole_image(show: Show, mode: str = "slow") -> None:
    """Wait for an image that begins from now on and is sent completely."""
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
    """Let the node send a complete slow image that it begins from now on, and then nothing.

    On a busy machine the node may pause within an image, which is then taken for two
    images. Such an image does not count.
    """
    node = show.world.node
    unwanted, send_line = node.image, node.step
    late, due = 2 * node.interval / node.speed, math.inf
    paused, go_on = asyncio.Event(), asyncio.Event()

    async def step() -> None:
        nonlocal unwanted, due
        image = node.image
        if image and image.complete:
            if image is not unwanted and image.mode == "slow":
                paused.set()
                await go_on.wait()
        elif time.monotonic() > due:
            unwanted = image
        due = time.monotonic() + late
        await send_line()

    with patch.object(node, "step", step):
        try:
            # Several images, where the machine is busy.
            async with asyncio.timeout(2 * PATIENCE / 1000):
                await paused.wait()
            yield
        finally:
            go_on.set()


@contextmanager
def silent_node(show: Show) -> Generator[None]:
    """Let the node send nothing: a banner that comes or goes moves the picture under a finger."""

    async def rest() -> None:
        await asyncio.sleep(0.1)

    with patch.object(show.world.node, "step", rest):
        yield


async def settled(locator: Locator) -> tuple[float, float]:
    """Return where the middle of an element is, once the page has stopped moving it."""
    before, now = None, await middle(locator)
    while now != before:
        await locator.page.wait_for_timeout(300)
        before, now = now, await middle(locator)
    return now


async def middle(locator: Locator) -> tuple[float, float]:
    """Return where the middle of an element is on the page."""
    box = await locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def touch(page: Page, *points: tuple[float, float]) -> None:
    """Put a finger on the first point, move it over the others, and lift it: real touch events, not a mouse."""
    browser = await page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(points):
        await browser.send(
            "Input.dispatchTouchEvent",
            {
                "type": "touchMove" if number else "touchStart",
                "touchPoints": [{"x": x, "y": y}],
            },
        )
        await page.wait_for_timeout(50)
    await browser.send(
        "Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []}
    )
    await browser.detach()
    # A page that scrolls goes on for a moment.
    await page.wait_for_timeout(500)


async def serious(page: Page) -> list[str]:
    """Return the serious findings of axe-core in the cards of this repository."""
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


async def visitor(home_assistant: HomeAssistant, name: str) -> None:
    """Create a user who may read everything and change nothing; the password is the name twice."""
    user = await home_assistant.command(
        "config/auth/create",
        name=name.title(),
        group_ids=["system-read-only"],
        local_only=False,
    )
    await home_assistant.command(
        "config/auth_provider/homeassistant/create",
        user_id=user["user"]["id"],
        username=name,
        password=f"{name}-{name}",
    )


async def log_in(url: str, username: str, password: str) -> dict[str, Any]:
    """Return the tokens of a user, obtained like the login page."""
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
