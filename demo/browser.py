"""A real browser on Home Assistant's pages: screenshots and errors."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import shutil
import time
from typing import Literal

from playwright.async_api import (
    Browser as Chromium,
    Page,
    ViewportSize,
    async_playwright,
)

from .home_assistant import HomeAssistant

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
SETTLED_AFTER = 10
"""A page is complete when no card was added for this many tenths of a second."""

type Scheme = Literal["light", "dark"]

BROKEN = "hui-error-card, hui-warning, hui-error-badge, hui-error-heading-badge"
"""Elements that Home Assistant shows instead of a card with an error."""


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = (shutil.which(name) for name in names)
    return next((program for program in found if program), None)


def stored_tokens(home_assistant: HomeAssistant) -> str:
    """Return what Home Assistant's pages store as `hassTokens` after a login."""
    tokens = home_assistant.tokens
    return json.dumps(
        tokens
        | {
            "hassUrl": home_assistant.url,
            "clientId": f"{home_assistant.url}/",
            "expires": int((time.time() + tokens["expires_in"]) * 1000),
        }
    )


@dataclass
class View:
    """A page of one user, with its errors."""

    page: Page
    errors: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        """Open a dashboard and wait until its cards are complete."""
        await self.page.goto(path)
        await self.page.locator("#ha-launch-screen").wait_for(state="detached")
        cards = self.page.locator("hui-view-container ha-card")
        await cards.first.wait_for()
        # Cards are added one by one; the network of a page with a live picture is never idle.
        settled, count = 0, 0
        while settled < SETTLED_AFTER:
            await self.page.wait_for_timeout(100)
            before, count = count, await cards.count()
            settled = settled + 1 if count == before else 0

    async def broken_cards(self) -> list[str]:
        """Return the text of each card with an error."""
        return await self.page.locator(BROKEN).all_inner_texts()

    async def screenshot(self, file: Path) -> None:
        """Save a screenshot."""
        file.parent.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=file, animations="disabled")


class Browser:
    """One Chromium with several users of one Home Assistant."""

    def __init__(self, chromium: Chromium, home_assistant: HomeAssistant) -> None:
        """Use ``open_browser`` instead."""
        self._chromium = chromium
        self._home_assistant = home_assistant

    @asynccontextmanager
    async def view(
        self, *, phone: bool = False, scheme: Scheme = "light"
    ) -> AsyncGenerator[View]:
        """Open a new browser profile, logged in, on a desktop or a phone."""
        context = await self._chromium.new_context(
            viewport=PHONE if phone else DESKTOP,
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            is_mobile=phone,
            color_scheme=scheme,
            locale="en-GB",
            service_workers="block",
            base_url=self._home_assistant.url,
        )
        stored = json.dumps(stored_tokens(self._home_assistant))
        await context.add_init_script(f"localStorage.setItem('hassTokens', {stored})")
        page = await context.new_page()
        view = View(page)
        page.on("pageerror", lambda error: view.errors.append(str(error)))
        try:
            yield view
        finally:
            await context.close()


@asynccontextmanager
async def open_browser(home_assistant: HomeAssistant) -> AsyncGenerator[Browser]:
    """Start Chromium; raise ``FileNotFoundError`` when the machine has none."""
    program = find_chromium()
    if program is None:
        raise FileNotFoundError("Chromium is not installed")
    # Playwright looks for a browser of its own by default.
    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield Browser(chromium, home_assistant)
        finally:
            await chromium.close()
