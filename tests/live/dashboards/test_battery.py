"""Tests of the page of a battery bank. All tests share one Home Assistant, and each restores its state."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
import re
from typing import Any

from playwright.async_api import expect
import pytest

from demo.browser import Browser
from demo.proof import until
from demo.registry import Registry
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
    settled,
    silent_node,
    thermal,
    whole_image,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


async def test_settings_of_the_node(show: Show, browser: Browser) -> None:
    """Requested settings are shown as pending at once, and as confirmed when the node has them."""
    async with opened(browser, BATTERY) as view:
        page = view.page
        row = page.locator(".setting").filter(has=page.get_by_role("spinbutton"))
        how = row.locator(".how")
        # It receives only after it has sent: otherwise it may have the setting before the browser has looked.
        with silent_node(show):
            await page.get_by_role("spinbutton").fill("61")
            await row.get_by_role("button", name="Set").click()
            await expect(how).to_have_attribute("data-state", "pending")
            await expect(how).to_contain_text("61 °C")
        await expect(how).to_have_attribute("data-state", "proven", timeout=PATIENCE)
        assert show.world.node.threshold == 61
        slow = page.get_by_role("button", name="Detailed (slow)", exact=True)
        await expect(slow).to_have_attribute("aria-pressed", "true")
        lines = page.locator("battery-thermal-card .progress")
        async with pause_after_image(show):
            await expect(lines).to_have_text("Complete", timeout=PATIENCE)
        await page.get_by_text("Temperatures as a table").click()
        pixels = page.get_by_role("region", name="Temperatures as a table")
        await expect(pixels.locator("td")).to_have_count(24 * 32 + 1)


async def test_cells(show: Show, browser: Browser) -> None:
    """A cell that is too warm is marked in the picture and in the table."""
    async with opened(browser, BATTERY) as view:
        card = thermal(view.page)
        show.world.model.heat((2, 1), 30)
        try:
            row = card.get_by_role("row").filter(
                has=view.page.get_by_role("rowheader", name="C2")
            )
            await expect(row).to_contain_text("Alarm", timeout=2 * PATIENCE)
            await expect(row).to_contain_text(re.compile(r"\+\d\d\.\d K"))
            alarm = card.locator(".alarms").get_by_role(
                "button",
                name=re.compile(r"Alarm: C2 .* K above the others, since "),
            )
            await expect(alarm).to_be_visible(timeout=PATIENCE)
            await whole_image(show)
            await expect(alarm).to_be_visible()
            await view.screenshot(SCREENSHOTS / "cells.png")
        finally:
            show.world.model.heat((2, 1), 0)
        await expect(row).not_to_contain_text("Alarm", timeout=2 * PATIENCE)


async def test_welcome(show: Show, browser: Browser) -> None:
    """The welcome page shows bank and alarm; the bank's page opens by click and by keyboard, and closes again."""
    async with opened(browser, BATTERY) as view:
        page = view.page
        await expect(page.get_by_role("tab")).to_have_count(2)
        await page.get_by_role("tab", name="Welcome").click()
        card = battery_welcome(page)
        bank = card.get_by_role("link", name="Battery bank")
        await expect(bank).to_contain_text(re.compile(r"Hottest\s+\d\d\.\d\s°C"))
        await expect(bank).to_contain_text("No alarms", timeout=2 * PATIENCE)
        with hot_cell(show):
            alarm = bank.locator(".alarm").filter(has_text="above the others")
            await expect(alarm).to_be_visible(timeout=2 * PATIENCE)
            await expect(alarm).to_have_attribute("data-level", "warning")
            await expect(bank).not_to_contain_text("No alarms")
        image = bank.locator("img")
        await expect(image).to_be_visible()
        # A picture that is replaced meanwhile cannot be decoded.
        decoded = "image => image.decode().then(() => true, () => false)"
        await until("decoded", lambda: image.evaluate(decoded), bool)
        await expect(card.locator("output")).to_have_text(str(len(MACS)))
        await page.evaluate("window.never_reloaded = true")
        acts: list[Callable[[], Awaitable[None]]] = [
            bank.click,
            lambda: bank.press("Enter"),
        ]
        for act in acts:
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
    """Create a dashboard with one card, and return its path."""
    await show.home_assistant.command(
        "lovelace/config/save",
        url_path=ONE[1:],
        config={"views": [{"path": "bank", "cards": [card]}]},
    )
    return f"{ONE}/bank"


async def picture_of_the_bank(show: Show) -> dict[str, Any]:
    """Return the registry entry of the picture's entity."""
    registry = await show.home_assistant.command("config/entity_registry/list")
    (picture,) = (
        entity
        for entity in registry
        if entity["platform"] == "battery_thermal"
        and entity["entity_id"].startswith("image.")
    )
    return dict(picture)


async def rename(show: Show, entity_id: str, new: str) -> None:
    """Change the id of an entity."""
    await show.home_assistant.command(
        "config/entity_registry/update", entity_id=entity_id, new_entity_id=new
    )


async def test_welcome_on_another_dashboard(show: Show, browser: Browser) -> None:
    """Without a page of the node, a click opens the picture's entity in Home Assistant, also after it was renamed."""
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
    """A node whose application is not running shows no alarm, and no invitation to add a node."""
    device = (await picture_of_the_bank(show))["device_id"]
    path = await one_card(show, type="custom:battery-thermal-card", device=device)
    (entry,) = await show.home_assistant.entries("battery_thermal")
    async with opened(browser, path) as view:
        card = thermal(view.page)
        alarms = card.locator(".alarm")
        with hot_cell(show):
            imbalance = card.locator(".alarms").get_by_text("above the others")
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
    # The following tests need an image that began after everything was running again.
    await whole_image(show)


async def test_orientation(show: Show, browser: Browser) -> None:
    """Pointer and keyboard read the sensor's pixel at that place in every orientation."""
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
                whole = thermal(view.page).get_by_text("Complete", exact=True)
                await expect(whole).to_be_visible(timeout=PATIENCE)
                text = await spot.inner_text()
                numbers = [float(number) for number in re.findall(r"[\d.]+", text)]
                row, column, celsius, sensor_row, sensor_column = numbers
                # Mirrored, then rotated to the right: rows are columns, counted from the right.
                assert (sensor_row, sensor_column) == (32 + 1 - column, 24 + 1 - row)

                async def value() -> float:
                    rows = (await last_image(show))["rows"]
                    return float(rows[int(row) - 1][int(column) - 1])

                # An image that has just ended may not be in the archive yet.
                await until("the value of the newest image", value, celsius.__eq__)
            await view.screenshot(SCREENSHOTS / "turned.png")
    finally:
        await show.configure_node(cells=show.cells)


async def test_setting_right_after_a_change_of_options(show: Show) -> None:
    """It reaches the node, and is not lost in the reload that the change causes."""
    home_assistant = show.home_assistant
    registry = await Registry.load(home_assistant)
    entity_id = registry.entity(show.world.node_id, "number", "threshold")
    small = {"rows": 2, "columns": 2}
    for cells, threshold in ((small, 62), (show.cells, 61)):
        await show.configure_node(cells=cells)
        await home_assistant.call(
            "number", "set_value", entity_id=entity_id, value=threshold
        )
        state = await home_assistant.state(entity_id)
        assert state["attributes"]["wanted"] == threshold
    node = show.world.node
    await until("the threshold", lambda: node.threshold, lambda value: value == 61)


async def archived(show: Show, command: str, **what: object) -> Any:
    """Return Home Assistant's answer about the node's archive."""
    (entry,) = await show.home_assistant.entries("battery_thermal")
    (node,) = await show.home_assistant.command(
        "config_entries/subentries/list", entry_id=entry["entry_id"]
    )
    return await show.home_assistant.command(
        f"battery_thermal/{command}", node=node["subentry_id"], **what
    )


async def last_image(show: Show) -> dict[str, Any]:
    """Return the newest image of the archive, as dashboards receive it."""
    index = await archived(show, "archive_index", start=0, end=2 * 10**12)
    newest = await archived(show, "archive_image", time=index["times"][-1])
    return dict(newest["image"])


async def test_time_slider(show: Show, browser: Browser) -> None:
    """The images of a day are selected by keyboard and finger, with local times; then the newest image is shown again."""
    async with AsyncExitStack() as pause:
        # The image that is newest at the first step still has to be it at the next one.
        await pause.enter_async_context(pause_after_image(show))
        async with opened(browser, BATTERY) as view:
            card = thermal(view.page)
            slider = card.get_by_role("slider", name="Image of the day")
            await expect(slider).to_be_enabled(timeout=PATIENCE)
            await expect(slider).to_have_attribute("aria-valuetext", "The newest image")
            await slider.focus()
            await view.page.keyboard.press("ArrowLeft")
            await expect(slider).to_have_attribute(
                "aria-valuetext", re.compile(r" \((\d+) of \1\)$")
            )
            await view.page.keyboard.press("ArrowRight")
            await expect(slider).to_have_attribute("aria-valuetext", "The newest image")
            await view.page.keyboard.press("Home")
            past = card.locator(".head [data-past]")
            await expect(past).to_be_visible()
            # Images before midnight, where the browser is, are of another day.
            midnight = await view.page.evaluate("new Date().setHours(0, 0, 0, 0)")
            index = await archived(
                show, "archive_index", start=midnight, end=2 * 10**12
            )
            first = await archived(show, "archive_image", time=index["times"][0])
            hottest = card.locator("[data-figure=hottest] .value > span")
            await expect(hottest).to_have_text(f"{first['image']['maximum']:.1f} °C")
            local = await view.page.evaluate(
                "(time) => new Date(time).toLocaleTimeString('en-GB')",
                index["times"][0],
            )
            await expect(slider).to_have_attribute(
                "aria-valuetext",
                re.compile(
                    rf"^{local}, {first['image']['maximum']:.1f} °C \(1 of \d+\)$"
                ),
            )
            for _ in range(3):
                await view.page.keyboard.press("ArrowRight")
            fourth = await archived(show, "archive_image", time=index["times"][3])
            await expect(hottest).to_have_text(f"{fourth['image']['maximum']:.1f} °C")
            assert not await serious(view.page)
            # New images do not replace the selected one.
            await pause.aclose()
            await whole_image(show)
            await expect(slider).to_have_attribute(
                "aria-valuetext", re.compile(r"\(4 of \d+\)$")
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
        with silent_node(show):
            middle = await settled(slider)
            box = await slider.bounding_box()
            assert box
            assert box["height"] >= 44
            await view.page.touchscreen.tap(*middle)
        await expect(slider).to_have_attribute(
            "aria-valuetext", re.compile(r" \(\d+ of \d+\)$")
        )


BREAK_ARCHIVE = """async (card) => {
  const frame = () => new Promise(requestAnimationFrame);
  const root = document.querySelector("home-assistant");
  const { callWS } = root.hass;
  const say = async (callWS) => {
    // With another profile, so that the card passes it on.
    root._updateHass({ callWS, locale: { ...root.hass.locale } });
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
    """An error of the archive is shown until it is solved, instead of "no images"."""
    # The archive is read again with each image.
    async with pause_after_image(show), opened(browser, BATTERY) as view:
        card = thermal(view.page)
        slider = card.get_by_role("slider", name="Image of the day")
        await expect(slider).to_be_enabled(timeout=PATIENCE)
        await card.evaluate(BREAK_ARCHIVE)
        await card.get_by_label("Day", exact=True).fill("2026-01-01")
        broken = card.get_by_text("The disk is broken.")
        await expect(broken).to_be_visible()
        # The error is shown again.
        await view.page.wait_for_timeout(500)
        await expect(broken).to_be_visible()
        await expect(slider).to_be_disabled()
        await view.page.evaluate("window.repair()")
        await card.get_by_role("button", name="Live").click()
        await expect(slider).to_be_enabled()
        await expect(slider).to_have_attribute("aria-valuetext", "The newest image")
        await expect(broken).to_be_hidden()


async def test_number_format_of_the_profile(show: Show, browser: Browser) -> None:
    """A changed number format is used at once, not with the next image."""
    async with pause_after_image(show), opened(browser, BATTERY) as view:
        hottest = thermal(view.page).locator("table.areas td").first
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
    """In Hebrew, earlier images are on the right, and the arrow points there."""
    async with browser.view() as view:
        await view.page.add_init_script(
            "localStorage.setItem('selectedLanguage', '\"he\"')"
        )
        await view.open(BATTERY)
        await expect(view.page.locator("html")).to_have_attribute("dir", "rtl")
        arrows = "button:has(ha-icon[icon*=chevron])"
        buttons = thermal(view.page).locator(f".archive .days {arrows}")
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
    """The page is in French, with temperatures in °F."""
    await show.home_assistant.command("config/core/update", unit_system="us_customary")
    try:
        async with browser.view() as view:
            await view.page.add_init_script(
                "localStorage.setItem('selectedLanguage', '\"fr\"')"
            )
            await view.open(BATTERY)
            card = thermal(view.page)
            await expect(card.get_by_text("Zones").first).to_be_visible(
                timeout=PATIENCE
            )
            hottest = card.locator("[data-figure=hottest] .value > span")
            await expect(hottest).to_have_text(
                re.compile(r"^\d\d,\d °F$"), timeout=PATIENCE
            )
            over = card.locator("table.areas td").nth(2)
            await expect(over).to_have_text(re.compile("°F$"))
            unit = card.locator(".setting .controls .secondary")
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


async def test_long_words_on_a_phone(show: Show, browser: Browser) -> None:
    """With a name of 60 characters no column of the areas is out of sight; the longest choices are not cut."""
    names = ["Connection bar behind the main fuse on the left side, No. 12", "A2"]
    await show.configure_node(cells=show.cells | {"names": names})
    try:
        async with browser.view(phone=True) as view:
            await view.page.add_init_script(
                "localStorage.setItem('selectedLanguage', '\"pt\"')"
            )
            await view.open(BATTERY)
            card = thermal(view.page)
            row = card.get_by_role("rowheader", name=names[0])
            await expect(row).to_be_visible(timeout=PATIENCE)
            table = card.get_by_role("region", name="Zonas")
            hidden = "it => it.scrollWidth - it.clientWidth"
            assert await table.evaluate(hidden) <= 0
            for name in "Paleta", "Escala":
                # Without a limit a select is as wide as its longest choice.
                cut = """it => {
                  const { width } = it.getBoundingClientRect();
                  it.style.width = "max-content";
                  return it.getBoundingClientRect().width - width;
                }"""
                assert await card.get_by_label(name).evaluate(cut) <= 0, name
            assert not view.errors
    finally:
        await show.configure_node(cells=show.cells)


async def test_palette_of_this_browser(browser: Browser) -> None:
    """A palette chosen in the browser is used there, until the default one is chosen again."""
    async with opened(browser, BATTERY) as view:
        palette = thermal(view.page).get_by_label("Palette")
        usual = palette.locator("option:checked")
        await expect(usual).to_have_text("Inferno (default)", timeout=PATIENCE)
        await palette.select_option("Rainbow")
        await view.open(BATTERY)
        await expect(palette).to_have_value("rainbow", timeout=PATIENCE)
        await palette.select_option("Inferno (default)")
        await view.open(BATTERY)
        await expect(palette).to_have_value("", timeout=PATIENCE)


async def test_palette_that_does_not_exist(browser: Browser) -> None:
    """The card shows its picture, and says which palettes there are; its editor offers these."""
    async with opened(browser, BATTERY) as view:
        card = thermal(view.page)
        await expect(card.get_by_label("Palette")).to_be_visible(timeout=PATIENCE)
        await card.evaluate("it => it.setConfig({ ...it.config, palette: 'green' })")
        said = card.get_by_text("There is no palette green.")
        await expect(said).to_contain_text("inferno, ironbow, ")
        await expect(card.get_by_role("application")).to_be_visible()
        assert not await serious(view.page)
        labels = await card.evaluate(
            """async (it) => {
              const { schema } = await it.constructor.getConfigForm();
              return schema.find(({ name }) => name === "palette").selector.select.options.map(({ label }) => label);
            }"""
        )
        offered = card.get_by_label("Palette").locator("option:not([value=''])")
        assert await offered.all_inner_texts() == labels
        assert (labels[0], labels[-1]) == ("Inferno", "Alarm")
