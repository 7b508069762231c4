"""A real browser on Home Assistant's pages: what a person sees, as screenshots, and what went wrong behind it."""

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
"""A page is there when no card came for so many tenths of a second."""

type Scheme = Literal["light", "dark"]

BROKEN = "hui-error-card, hui-warning, hui-error-badge, hui-error-heading-badge"
"""The elements Home Assistant draws instead of a card that it cannot show."""


def find_chromium() -> str | None:
    """Return the program of a Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = (shutil.which(name) for name in names)
    return next((program for program in found if program), None)


@dataclass
class View:
    """A page as one person sees it, with what went wrong in it."""

    page: Page
    errors: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        """Go to a dashboard and wait until its cards are there."""
        await self.page.goto(path)
        await self.page.locator("#ha-launch-screen").wait_for(state="detached")
        cards = self.page.locator("hui-view-container ha-card")
        await cards.first.wait_for()
        # Cards come one by one; a page whose picture changes all the time is never idle.
        settled, count = 0, 0
        while settled < SETTLED_AFTER:
            await self.page.wait_for_timeout(100)
            before, count = count, await cards.count()
            settled = settled + 1 if count == before else 0

    async def broken_cards(self) -> list[str]:
        """Return the text of each card that Home Assistant could not show."""
        return await self.page.locator(BROKEN).all_inner_texts()

    async def screenshot(self, file: Path) -> None:
        """Save what is seen."""
        file.parent.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=file, animations="disabled")


class Browser:
    """One Chromium for several people looking at the same Home Assistant."""

    def __init__(self, chromium: Chromium, home_assistant: HomeAssistant) -> None:
        """Use ``open_browser`` instead."""
        self._chromium = chromium
        self._home_assistant = home_assistant

    @asynccontextmanager
    async def view(
        self, *, phone: bool = False, scheme: Scheme = "light"
    ) -> AsyncGenerator[View]:
        """Give a fresh browser profile, logged in, on a desktop or a phone."""
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
        tokens = self._home_assistant.tokens
        stored = tokens | {
            "hassUrl": self._home_assistant.url,
            "clientId": f"{self._home_assistant.url}/",
            "expires": int((time.time() + tokens["expires_in"]) * 1000),
        }
        await context.add_init_script(
            f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(stored))})"
        )
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
    # Playwright would look for the browser of its own that it did not bring.
    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield Browser(chromium, home_assistant)
        finally:
            await chromium.close()
