"""The page of a battery bank. All tests share one Home Assistant; each leaves it as it found it."""

import re
from typing import Any

from playwright.async_api import Page, expect
import pytest

from demo.browser import Browser
from demo.show import Show
from demo.world import MACS

from .pages import (
    BATTERY,
    ONE,
    PATIENCE,
    SCREENSHOTS,
    battery_welcome,
    disable,
    hot_cell,
    opened,
    pause_after_image,
    serious,
    thermal,
    whole_image,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


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
            alarm = card.locator(".alarms").get_by_text("Cell imbalance alarm")
            await expect(alarm).to_be_visible(timeout=PATIENCE)
            await alarm.evaluate("element => { element.announced = true; }")
            await whole_image(show)
            await expect(card.get_by_text("All 24 lines")).to_be_visible(
                timeout=PATIENCE
            )
            # What is announced is not put there again with each line.
            assert await alarm.evaluate("element => element.announced")
            await view.screenshot(SCREENSHOTS / "cells.png")
        finally:
            show.world.model.heat((2, 1), 0)
        await expect(row).not_to_contain_text("Alarm", timeout=2 * PATIENCE)


async def test_welcome(show: Show, browser: Browser) -> None:
    """The bank at a glance, with its alarm; its page opens by click and by keys, and back again."""
    async with opened(browser, BATTERY) as view:
        page = view.page
        await expect(page.get_by_role("tab")).to_have_count(2)
        await page.get_by_role("tab", name="Welcome").click()
        card = battery_welcome(page)
        bank = card.get_by_role("link", name="Battery bank")
        await expect(bank).to_contain_text(re.compile(r"Hottest \d\d\.\d\s°C"))
        await expect(bank).to_contain_text("All quiet", timeout=2 * PATIENCE)
        with hot_cell(show):
            alarm = bank.get_by_text("Cell imbalance warning")
            await expect(alarm).to_be_visible(timeout=2 * PATIENCE)
            await expect(alarm).to_have_attribute("data-level", "warning")
            await expect(bank).not_to_contain_text("All quiet")
        image = bank.locator("img")
        await expect(image).to_be_visible()
        assert await image.evaluate("image => image.decode().then(() => true)")
        await expect(card.locator("output")).to_have_text(str(len(MACS)))
        await page.evaluate("window.never_reloaded = true")
        for act in bank.click, lambda: bank.press("Enter"):
            await act()
            picture = thermal(page).get_by_role("application")
            await expect(picture).to_be_visible(timeout=PATIENCE)
            await page.go_back()
            await expect(bank).to_be_visible(timeout=PATIENCE)
        assert await page.evaluate("window.never_reloaded")
        await page.set_viewport_size({"width": 360, "height": 740})
        beyond = "page => page.scrollWidth - page.clientWidth"
        assert await card.locator(".page").evaluate(beyond) <= 0
        assert not await serious(page)


async def one_card(show: Show, **card: str) -> str:
    """Have a dashboard with one card, and return where it is."""
    await show.home_assistant.command(
        "lovelace/config/save",
        url_path=ONE[1:],
        config={"views": [{"path": "bank", "cards": [card]}]},
    )
    return f"{ONE}/bank"


async def picture_of_the_bank(show: Show) -> dict[str, Any]:
    """Return what is registered of the entity that has the picture."""
    registry = await show.home_assistant.command("config/entity_registry/list")
    (picture,) = (
        entity
        for entity in registry
        if entity["platform"] == "battery_thermal"
        and entity["entity_id"].startswith("image.")
    )
    return dict(picture)


async def rename(show: Show, entity_id: str, new: str) -> None:
    """Have an entity be called by another id."""
    await show.home_assistant.command(
        "config/entity_registry/update", entity_id=entity_id, new_entity_id=new
    )


async def test_welcome_on_another_dashboard(show: Show, browser: Browser) -> None:
    """Where no page of the node is, what Home Assistant says of its picture opens, whatever that is called by then."""
    path = await one_card(
        show, type="custom:battery-thermal-welcome", title="Below deck"
    )
    before, after = (await picture_of_the_bank(show))["entity_id"], "image.renamed"
    try:
        async with opened(browser, path) as view:
            card = battery_welcome(view.page)
            await expect(card.get_by_role("heading", name="Below deck")).to_be_visible()
            bank = card.get_by_role("button", name="Battery bank")
            image = bank.locator("img")
            await expect(image).to_have_attribute("src", re.compile(before))
            await rename(show, before, after)
            await expect(image).to_have_attribute(
                "src", re.compile(after), timeout=PATIENCE
            )
            await card.evaluate(
                """card => card.addEventListener(
                    "hass-more-info", ({ detail }) => { window.asked = detail.entityId; }
                )"""
            )
            await bank.press("Enter")
            dialog = view.page.locator("ha-more-info-dialog")
            await expect(dialog.get_by_text("Thermal picture").first).to_be_visible()
            assert await view.page.evaluate("window.asked") == after
    finally:
        renamed = (await picture_of_the_bank(show))["entity_id"]
        await rename(show, renamed, before)


async def test_bank_that_goes_away(show: Show, browser: Browser) -> None:
    """No alarm stays of a node whose application is not running, and nobody is told to add one."""
    device = (await picture_of_the_bank(show))["device_id"]
    path = await one_card(show, type="custom:battery-thermal-card", device=device)
    (entry,) = await show.home_assistant.entries("battery_thermal")
    async with opened(browser, path) as view:
        card = thermal(view.page)
        alarms = card.locator(".alarm")
        with hot_cell(show):
            imbalance = card.locator(".alarms").get_by_text("Cell imbalance warning")
            await expect(imbalance).to_be_visible(timeout=2 * PATIENCE)
            await disable(show, entry["entry_id"], "user")
        try:
            gone = card.get_by_text("This node is not there")
            await expect(gone).to_be_visible(timeout=PATIENCE)
            await expect(alarms).to_have_count(0)
        finally:
            await disable(show, entry["entry_id"], None)
        picture = card.get_by_role("application")
        await expect(picture).to_be_visible(timeout=PATIENCE)
        await expect(gone).to_be_hidden()
    # The tests that follow look at an image that began with all of it there again.
    await whole_image(show)


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
        await view.page.keyboard.press("ArrowLeft")
        await expect(slider).to_have_attribute(
            "aria-valuetext", re.compile(r"^Image (\d+) of \1,")
        )
        await view.page.keyboard.press("ArrowRight")
        await expect(slider).to_have_attribute("aria-valuetext", "The newest image")
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


BREAK_ARCHIVE = """async (card) => {
  const frame = () => new Promise(requestAnimationFrame);
  const root = document.querySelector("home-assistant");
  const { callWS } = root.hass;
  const say = async (callWS) => {
    root._updateHass({ callWS });
    while (card.hass.callWS !== callWS) await frame();
    await frame();
    await frame();
  };
  window.repair = () => say(callWS);
  await say((message) =>
    message.type === "battery_thermal/archive_index"
      ? Promise.reject({ message: "The disk is broken." })
      : callWS(message),
  );
}"""
"""As if the archive could not be read, until `repair()`."""


async def test_archive_that_cannot_be_read(show: Show, browser: Browser) -> None:
    """What is wrong is said until it is not, instead of that there are no images."""
    # With each image the archive is asked again.
    async with pause_after_image(show), opened(browser, BATTERY) as view:
        card = thermal(view.page)
        slider = card.get_by_role("slider", name="Image of the day")
        await expect(slider).to_be_enabled(timeout=PATIENCE)
        await card.evaluate(BREAK_ARCHIVE)
        await card.get_by_label("Day", exact=True).fill("2026-01-01")
        broken = card.get_by_text("The disk is broken.")
        await expect(broken).to_be_visible()
        # Not only at first.
        await view.page.wait_for_timeout(500)
        await expect(broken).to_be_visible()
        await expect(slider).to_be_disabled()
        await view.page.evaluate("window.repair()")
        await card.get_by_role("button", name="Live").click()
        await expect(slider).to_be_enabled()
        await expect(slider).to_have_attribute("aria-valuetext", "The newest image")
        await expect(broken).to_be_hidden()


async def test_numbers_as_the_profile_says(show: Show, browser: Browser) -> None:
    """Who wants numbers written otherwise need not wait for the next image."""
    async with pause_after_image(show), opened(browser, BATTERY) as view:
        hottest = thermal(view.page).locator("table.cells td").first
        await expect(hottest).to_have_text(re.compile(r"^\d\d\.\d °C$"))
        await view.page.evaluate(
            """() => {
              const root = document.querySelector("home-assistant");
              const locale = { ...root.hass.locale, number_format: "decimal_comma" };
              root._updateHass({ locale });
            }"""
        )
        await expect(hottest).to_have_text(re.compile(r"^\d\d,\d °C$"))


async def test_right_to_left(browser: Browser) -> None:
    """In Hebrew what is earlier is to the right, and its arrow points there."""
    async with browser.view() as view:
        await view.page.add_init_script(
            "localStorage.setItem('selectedLanguage', '\"he\"')"
        )
        await view.open(BATTERY)
        await expect(view.page.locator("html")).to_have_attribute("dir", "rtl")
        buttons = thermal(view.page).locator(".archive .days button:has(ha-icon)")
        await expect(buttons).to_have_count(2, timeout=PATIENCE)
        boxes = [await button.bounding_box() for button in await buttons.all()]
        earlier, later = boxes
        assert earlier
        assert later
        assert earlier["x"] > later["x"]
        for icon in await buttons.locator("ha-icon").all():
            await expect(icon).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
        assert not view.errors


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
            unit = card.locator(".setting .secondary")
            await expect(unit).to_have_text("°F")
            await view.screenshot(SCREENSHOTS / "battery-french.png")
            assert not await serious(view.page)
            threshold = card.get_by_role("spinbutton")
            fahrenheit = float(await threshold.input_value())
            await show.home_assistant.command(
                "config/core/update", unit_system="metric"
            )
            await expect(unit).to_have_text("°C", timeout=PATIENCE)
            celsius = round((fahrenheit - 32) / 1.8)
            await expect(threshold).to_have_value(str(celsius))
            assert not view.errors
    finally:
        await show.home_assistant.command("config/core/update", unit_system="metric")


async def test_palette_of_ones_own(browser: Browser) -> None:
    """Somebody's own palette holds in their browser, until they want the owner's again."""
    async with opened(browser, BATTERY) as view:
        palette = thermal(view.page).get_by_label("Palette")
        usual = palette.locator("option:checked")
        await expect(usual).to_have_text("Inferno (owner's)", timeout=PATIENCE)
        await palette.select_option("Rainbow")
        await view.open(BATTERY)
        await expect(palette).to_have_value("rainbow", timeout=PATIENCE)
        await palette.select_option("Inferno (owner's)")
        await view.open(BATTERY)
        await expect(palette).to_have_value("", timeout=PATIENCE)
