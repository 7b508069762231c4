"""The dashboards in WebKit, in Firefox, without newer APIs, and in a browser that cannot read the cards."""

from collections.abc import AsyncGenerator
from functools import partial
import re

from playwright.async_api import Page, Route, expect
import pytest
import pytest_asyncio

from demo.browser import Browser
from demo.proof import until
from demo.show import Show
from demo.world import MACS
from tests.live.conftest import missing

from .pages import (
    BATTERY,
    BOARDS,
    PATIENCE,
    SCREENSHOTS,
    led,
    living_board,
    silent_node,
    thermal,
    tiles,
)
from .webdriver import (
    Other,
    Point,
    find_firefox,
    find_webkit,
    logged_in,
    open_firefox,
    open_webkit,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

REMOVE_NEWER_APIS = """
// Constructed style sheets are missing for the whole page: Lit asks once whether they exist, and
// Home Assistant's own Lit would fail if they vanished afterwards.
for (const { prototype } of [Document, ShadowRoot]) delete prototype.adoptedStyleSheets;
for (const name of ["replace", "replaceSync"]) delete CSSStyleSheet.prototype[name];

// The other APIs are missing for the code of the integrations only: Home Assistant has a build of
// its own for old browsers, which it does not serve to this one.
window.missedApis = [];
const own = /\\/(esp32_sensors|battery_thermal)\\//;

function hide(owner, name) {
  const { value, get } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
  if (!value && !get) return;
  Object.defineProperty(owner, name, {
    configurable: true,
    get() {
      const reader = new Error().stack.split("\\n")[2] ?? "";
      if (!own.test(reader)) return get ? get.call(this) : value;
      window.missedApis.push(name);
      return undefined;
    },
    set(changed) {
      Object.defineProperty(this, name, { value: changed, writable: true, configurable: true });
    },
  });
}

const ofLists = ["at", "findLast", "findLastIndex", "toReversed", "toSorted", "toSpliced", "with"];
for (const { prototype } of [Array, Object.getPrototypeOf(Uint8Array)]) {
  for (const name of ofLists) hide(prototype, name);
}
for (const name of ["at", "isWellFormed", "toWellFormed"]) hide(String.prototype, name);
for (const name of ["groupBy", "hasOwn"]) hide(Object, name);
for (const name of ["groupBy"]) hide(Map, name);
for (const name of ["try", "withResolvers"]) hide(Promise, name);
for (const name of ["any", "timeout"]) hide(AbortSignal, name);
hide(Crypto.prototype, "randomUUID");
for (const name of ["requestIdleCallback", "scheduler", "structuredClone"]) hide(window, name);
"""
"""What Safari 15.0 lacks of what the cards could use."""


async def read_newer_api(route: Route) -> None:
    """Serve the entry of an integration's code with one use of a newer API before it."""
    answer = await route.fetch()
    body = f"void [].toSorted;\n{await answer.text()}"
    await route.fulfill(response=answer, body=body)


async def refuse_to_read(route: Route) -> None:
    """Serve cards with a syntax that no browser supports."""
    await route.fulfill(content_type="text/javascript", body="class { #? }")


@pytest.mark.parametrize("path", [f"{BOARDS}/live", BATTERY])
async def test_works_without_newer_apis(browser: Browser, path: str) -> None:
    """The page shows its data, answers to a person, and asks for no API of a newer browser."""
    async with browser.view() as view:
        await view.page.add_init_script(f"(() => {{{REMOVE_NEWER_APIS}}})()")
        await view.page.route(re.compile(r"/main\.js$"), read_newer_api)
        await view.page.goto(path)
        await (battery_answers if path == BATTERY else boards_answer)(view.page)
        missed = await view.page.evaluate("window.missedApis")
        # Each integration's entry is loaded once, with the use that the test put there.
        assert missed == ["toSorted"] * 2
        assert not await view.broken_cards()
        assert not view.errors


async def boards_answer(page: Page) -> None:
    """Expect each board on the live page, and the filter to work."""
    await expect(tiles(page)).to_have_count(len(MACS), timeout=PATIENCE)
    await expect(led(page, "").first).to_be_visible()
    await page.get_by_label("Filter by name or address").fill("no such board")
    await expect(tiles(page)).to_have_count(0)


async def battery_answers(page: Page) -> None:
    """Expect the picture of the battery, with its styles, and the keys to work."""
    picture = thermal(page).get_by_role("application")
    await expect(picture).to_be_visible(timeout=PATIENCE)
    await picture.press("ArrowRight")
    spot = thermal(page).locator(".spot")
    await expect(spot).to_have_text(re.compile(r"^Row \d+, column \d+"))
    await expect(picture).to_have_css("cursor", "crosshair")


async def test_message_of_an_older_browser(browser: Browser) -> None:
    """A message replaces each card, and no error is logged."""
    for path in BOARDS, BATTERY:
        async with browser.view() as view:
            await view.page.route(re.compile(r"/cards\.js$"), refuse_to_read)
            await view.page.goto(path)
            message = view.page.get_by_text("This card needs a newer browser").first
            await expect(message).to_be_visible(timeout=PATIENCE)
            assert not await view.broken_cards()
            assert not view.errors


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=["webkit", "firefox"]
)
async def other(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    show: Show,
) -> AsyncGenerator[Other]:
    """Start a browser that is no Chromium; skip if it is missing."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "webkit":
        if not find_webkit():
            missing("WebKit's driver or Xvfb")
        started = open_webkit(folder)
    else:
        if not find_firefox():
            missing("Firefox")
        started = open_firefox(folder)
    async with started as driver:
        yield await logged_in(driver, show.home_assistant)


def screenshot(name: str, request: pytest.FixtureRequest) -> str:
    """Return the path of a screenshot, below the folder of all."""
    return f"{name}-{request.node.callspec.params['other']}.png"


async def test_boards_in_other_browsers(
    show: Show, other: Other, request: pytest.FixtureRequest
) -> None:
    """All boards are there, and a click switches an LED."""
    board, name = await living_board(show)
    await other.open(f"{BOARDS}/live")
    live = "esp32-sensors-live"
    await until("boards", lambda: other.count(live, ".board"), len(MACS).__eq__, 60)
    await other.screenshot(SCREENSHOTS / screenshot("live", request))
    switch = live, f"[role=switch][aria-label^='LED {name},']"
    before = await other.attribute("aria-checked", *switch)
    await other.click(*switch)
    await until(
        "the LED",
        lambda: other.attribute("aria-checked", *switch),
        lambda now: now != before,
        60,
    )
    assert board.led is (before == "false")
    assert await other.errors() == []


async def test_battery_in_other_browsers(
    show: Show, other: Other, request: pytest.FixtureRequest
) -> None:
    """The picture is drawn; an area is drawn and moved on it; curve and slider answer."""
    await other.open(BATTERY)
    card = "battery-thermal-card"
    canvas = card, "battery-thermal-picture", "canvas"
    await until("colours", lambda: other.colours(*canvas), lambda now: now > 20)
    with silent_node(show):
        await other.click(card, "button", text="Draw areas")
        await other.click(card, "button", text="Add area")
        await other.point(*await places(other, (4, 4), (6, 6), (8, 9)))
        chosen = card, "battery-thermal-area-layer", "path.chosen"
        shape = partial(other.attribute, "d", *chosen)
        await until("area", shape, "M4 4L9 4L9 8L4 8Z".__eq__)
        moved = await places(other, (6, 6), (8, 8), (10, 10))
        await other.point(*moved, by="touch")
        await until("area", shape, "M8 8L13 8L13 12L8 12Z".__eq__)
        await other.screenshot(SCREENSHOTS / screenshot("area", request))
        await other.click(card, "button", text="Discard")
    await other.point(*await places(other, (6, 6)))
    heading = card, "battery-thermal-place", "h3"
    await until("heading", partial(other.text, *heading), is_of_a_curve)
    # The page may not know the images of the day yet.
    slider = card, "input[type=range]:enabled"
    newest = await other.attribute("aria-valuetext", *slider)
    await other.focus(*slider)
    await other.press("\ue012")  # the left arrow key
    await until(
        "another image",
        lambda: other.attribute("aria-valuetext", *slider),
        lambda now: now != newest,
        60,
    )
    await other.screenshot(SCREENSHOTS / screenshot("battery", request))
    assert await other.errors() == []


def is_of_a_curve(heading: str) -> bool:
    """Return whether this is the heading of a curve."""
    return heading.startswith("Curve of ")


async def places(other: Other, *points: Point) -> list[Point]:
    """Return where places of the sensor (row, column) are on the page; the bar is beside the picture."""
    card = "battery-thermal-card"
    (x, y), (width, height) = await other.box(card, "battery-thermal-picture", "canvas")
    return [
        (x + (width - 64) * column / 24, y + height * row / 32)
        for row, column in points
    ]
