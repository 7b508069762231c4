"""Tests of all pages: appearance, keyboard, rights, and installation. Screenshots are in .artifacts/screenshots."""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

from playwright.async_api import Route, expect
import pytest

from demo.browser import Browser, Scheme, View, open_browser
from demo.show import Show
from demo.world import MACS

from .pages import (
    BATTERY,
    BOARDS,
    BOTH,
    LOOKS,
    PATIENCE,
    SCREENSHOTS,
    battery_welcome,
    disable,
    hot_cell,
    led,
    living_board,
    log_in,
    opened,
    pause_after_image,
    serious,
    thermal,
    tiles,
    visitor,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const label = element?.closest("label")?.firstElementChild;
  return element?.ariaLabel ?? (label ?? element)?.textContent.trim();
}"""
"""Return the focused element by its accessible name."""


@pytest.mark.parametrize(("phone", "scheme"), LOOKS)
async def test_looks(show: Show, browser: Browser, phone: bool, scheme: Scheme) -> None:
    """On desktop and phone, light and dark, axe-core finds nothing serious; screenshots are saved."""
    look = f"{'phone' if phone else 'desktop'}-{scheme}"
    welcome = f"{BOARDS}/welcome"
    # One profile for all pages: a new one would load Home Assistant's frontend again.
    async with opened(browser, welcome, phone=phone, scheme=scheme) as view:
        for name, path in (
            ("welcome", welcome),
            ("live", f"{BOARDS}/live"),
            ("history", f"{BOARDS}/history"),
            ("cards", f"{BOTH}/all"),
        ):
            await view.open(path)
            await picture(view, name, look)
            assert not await serious(view.page), name
            assert not await view.broken_cards(), name
        with hot_cell(show):
            async with pause_after_image(show):
                await looks_with_alarm(show, view, look)


async def looks_with_alarm(show: Show, view: View, look: str) -> None:
    """Look at the pages of the bank while a cell of it is hot."""
    size = view.page.viewport_size
    assert size
    await view.open(BATTERY)
    for text in "Complete", "above the others":
        found = thermal(view.page).get_by_text(text).first
        await expect(found).to_be_visible(timeout=PATIENCE)
    await see_all(view)
    await picture(view, "thermal", look)
    assert not await serious(view.page)
    await view.page.set_viewport_size(size)
    await view.open(f"{BATTERY}/welcome")
    alarm = battery_welcome(view.page).get_by_text("above the others")
    await expect(alarm).to_be_visible(timeout=PATIENCE)
    await see_all(view)
    await picture(view, "battery-welcome", look)
    assert not await serious(view.page)
    await view.page.set_viewport_size(size)
    # The overview has cards of Home Assistant only.
    await view.open(show.pages[0])
    await picture(view, "battery", look)


async def picture(view: View, name: str, look: str) -> None:
    """Save a screenshot of a page, which must not be wider than the screen."""
    await view.screenshot(SCREENSHOTS / f"{name}-{look}.png")
    wide = await view.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name} is wider than the screen by {wide} pixels"


async def see_all(view: View) -> None:
    """Make the window as tall as the page, until its picture has the width of its column."""
    size = view.page.viewport_size
    assert size
    for _ in range(3):
        height = await view.page.evaluate(
            "new Promise(requestAnimationFrame).then(() => document.documentElement.scrollHeight)"
        )
        await view.page.set_viewport_size({"width": size["width"], "height": height})


async def test_keyboard_only(show: Show, browser: Browser) -> None:
    """LED, chart and thermal picture can be operated with the keyboard only."""
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
        await expect(view.page.get_by_role("link", name=name)).to_be_focused()
        await keys.press("Tab")
        identify = view.page.get_by_role("button", name=f"Identify {name}")
        await expect(identify).to_be_focused()
        await keys.press("Tab")
        await expect(led(view.page, name)).to_be_focused()
        await keys.press("Space")
        await expect(led(view.page, name)).to_have_attribute(
            "aria-checked", "true", timeout=PATIENCE
        )
        # Until the board has confirmed the command, further presses are ignored.
        await expect(led(view.page, name)).not_to_have_attribute(
            "aria-busy", "true", timeout=PATIENCE
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
        await expect(spot).to_contain_text(re.compile(r"Row \d+, column \d+: "))
        await keys.press("Escape")
        await expect(spot).to_contain_text("Point to read")
        unreached = {
            "Day",
            "Live",
            "Image of the day",
            "Palette",
            "Scale",
            "Play",
            "Always on",
            "Threshold",
            "Set",
            "Coarse (fast)",
            "Areas",
            "Temperatures as a table",
        }
        # An alarm that has not ended yet has buttons too.
        for _ in range(120):
            await keys.press("Tab")
            unreached.discard(await view.page.evaluate(FOCUSED))
            if not unreached:
                break
        assert not unreached


async def test_who_may_only_look(chromium: str, show: Show) -> None:
    """A read-only user sees boards and node, and cannot switch."""
    home_assistant = show.home_assistant
    await visitor(home_assistant, "guest")
    tokens = await log_in(home_assistant.url, "guest", "guest-guest")
    guest: Any = SimpleNamespace(url=home_assistant.url, tokens=tokens)
    async with open_browser(guest) as browser:
        async with opened(browser, f"{BOARDS}/live") as view:
            await expect(tiles(view.page)).to_have_count(len(MACS), timeout=PATIENCE)
            for button in await view.page.get_by_role("switch").all():
                await expect(button).to_be_disabled()
            await expect(tiles(view.page).get_by_role("link")).to_have_count(0)
        async with opened(browser, BATTERY) as view:
            await expect(view.page.get_by_role("spinbutton")).to_be_disabled()
            for name in "Always on", "Coarse (fast)":
                await expect(
                    view.page.get_by_role("button", name=name, exact=True)
                ).to_be_disabled()
            slider = view.page.get_by_role("slider", name="Image of the day")
            await expect(slider).to_be_enabled(timeout=PATIENCE)


async def test_offered_and_editable(browser: Browser) -> None:
    """The dashboards are listed as community dashboards, and the cards have editors."""
    async with browser.view() as view:
        await view.page.goto("/config/lovelace/dashboards")
        # The dialog lists what is known when it opens, and the modules are loaded beside the page.
        await view.page.wait_for_function(
            "window.customStrategies?.length === 2", timeout=PATIENCE
        )
        await view.page.get_by_text("Add dashboard").click(timeout=PATIENCE)
        for name in "ESP32 boards", "Battery Thermal":
            offered = view.page.locator("dashboard-card").filter(has_text=name)
            await expect(offered).to_be_visible(timeout=PATIENCE)
        for tag in (
            "esp32-sensors-live",
            "esp32-sensors-history",
            "battery-thermal-card",
            "battery-thermal-welcome",
        ):
            labels = await view.page.evaluate(
                """async (tag) => {
                  const form = await customElements.get(tag).getConfigForm();
                  return form.schema.map((it) => form.computeLabel(it) && form.computeHelper(it));
                }""",
                tag,
            )
            assert all(labels), tag


async def test_slow_connection(browser: Browser) -> None:
    """The pages come when their modules have: Home Assistant does not give up waiting before."""

    async def late(route: Route) -> None:
        # Home Assistant waits 5 s for the element of a dashboard's strategy.
        await asyncio.sleep(7)
        await route.continue_()

    for path, card in (
        (BATTERY, "battery-thermal-card"),
        (f"{BOARDS}/live", "esp32-sensors-live"),
    ):
        async with browser.view() as view:
            await view.page.route("**/strategy.js*", late)
            await view.open(path)
            await expect(view.page.locator(card)).to_be_visible(timeout=PATIENCE)
            assert not view.errors


async def test_welcome_with_one_of_the_two(show: Show, browser: Browser) -> None:
    """The welcome pages are shown without banks and without boards."""
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
            async with opened(browser, f"{BATTERY}/welcome") as view:
                card = battery_welcome(view.page)
                link = card.get_by_role("link", name="Battery bank")
                none = card.get_by_text("There is no battery bank yet")
                there, missing = (link, none) if shows_bank else (none, link)
                await expect(there).to_be_visible(timeout=PATIENCE)
                await expect(missing).to_be_hidden()
                boards = card.get_by_role("heading", name="ESP32 boards online")
                await expect(boards).to_have_count(int(not shows_bank))
                await expect(card.get_by_text("Add a battery bank")).to_be_visible()
                assert not await serious(view.page)
        finally:
            await disable(show, entry["entry_id"], None)
    async with opened(browser, f"{BOARDS}/live") as view:
        await expect(tiles(view.page)).to_have_count(len(MACS), timeout=PATIENCE)


async def test_nothing_is_quiet_that_is_not_heard(show: Show, browser: Browser) -> None:
    """The welcome pages say that the picture of a bank is unavailable."""
    registry = await show.home_assistant.command("config/entity_registry/list")
    (picture,) = (
        entity["entity_id"]
        for entity in registry
        if entity["platform"] == "battery_thermal"
        and entity["entity_id"].startswith("image.")
    )

    async def insist() -> None:
        # The entity writes its state again with the next uplink, and at the end of an image.
        # when its image ends.
        while True:
            await show.home_assistant.post(
                f"/api/states/{picture}", {"state": "unavailable"}
            )
            await asyncio.sleep(0.2)

    async with pause_after_image(show), asyncio.TaskGroup() as background:
        insisting = background.create_task(insist())
        for path, says, not_so in (
            (BOARDS, "Unavailable", "No alarm"),
            (BATTERY, "Not available at the moment", "No alarms"),
        ):
            async with opened(browser, f"{path}/welcome") as view:
                said = view.page.get_by_text(says, exact=True)
                await expect(said).to_be_visible(timeout=PATIENCE)
                await expect(view.page.get_by_text(not_so)).to_be_hidden()
        insisting.cancel()


async def test_resources_in_yaml(show: Show, browser: Browser) -> None:
    """Cards are loaded when the resources are managed in YAML."""
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
