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

BOARDS = "/boards-page"
BATTERY = "/battery-page"
BOTH = "/both-cards"

PATIENCE = 30_000
"""Milliseconds for what takes its time on a busy machine."""

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
        for path, config in (
            (BOARDS, {"strategy": {"type": "custom:esp32-sensors"}}),
            (BATTERY, {"strategy": {"type": "custom:battery-thermal"}}),
            (BOTH, both_cards()),
        ):
            await show.home_assistant.command(
                "lovelace/dashboards/create",
                url_path=path[1:],
                title=path[1:],
                mode="storage",
                require_admin=False,
                show_in_sidebar=True,
            )
            await show.home_assistant.command(
                "lovelace/config/save", url_path=path[1:], config=config
            )
        yield show


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
        await show.home_assistant.call("switch", "turn_off", entity_id=entity)
        await expect(led(view.page, name)).to_have_attribute("aria-checked", "false")


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
        await expect(lines).to_have_text("All 24 lines", timeout=2 * PATIENCE)
        await page.get_by_text("Temperatures as a table").click()
        cells = page.locator("battery-thermal-card tbody td")
        await expect(cells).to_have_count(24 * 32)


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
async def test_looks(browser: Browser, phone: bool, scheme: Scheme) -> None:
    """On desktop and phone, light and dark: nothing serious for axe-core; pictures."""
    look = f"{'phone' if phone else 'desktop'}-{scheme}"
    for name, path in (
        ("welcome", f"{BOARDS}/welcome"),
        ("live", f"{BOARDS}/live"),
        ("history", f"{BOARDS}/history"),
        ("battery", BATTERY),
    ):
        async with opened(browser, path, phone=phone, scheme=scheme) as view:
            if name == "battery":
                whole = view.page.get_by_text("All 24 lines")
                await expect(whole).to_be_visible(timeout=2 * PATIENCE)
            await view.screenshot(SCREENSHOTS / f"{name}-{look}.png")
            wide = await view.page.evaluate(
                "document.documentElement.scrollWidth - innerWidth"
            )
            assert wide <= 0, f"{name} is wider than the screen by {wide} pixels"
            assert not await serious(view.page), name


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
