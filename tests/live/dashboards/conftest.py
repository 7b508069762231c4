"""Fixtures: one Home Assistant with boards and a node, and one Chromium, for each file of tests."""

from collections.abc import AsyncGenerator
from typing import Any

from playwright.async_api import expect
import pytest
import pytest_asyncio

from demo.browser import Browser, open_browser
from demo.show import Show

from .pages import BOTH, ONE, PATIENCE, whole_image

# The default is 5 s, which a busy machine may need for one page.
expect.set_options(timeout=PATIENCE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def show(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Show]:
    """Run the demo with the dashboards of both integrations and one with single cards."""
    folder = tmp_path_factory.mktemp("dashboards")
    async with Show(folder, people=False, line_seconds=0.25) as show:
        for path in BOTH, ONE:
            await show.home_assistant.command(
                "lovelace/dashboards/create",
                url_path=path[1:],
                title=path[1:],
                mode="storage",
                require_admin=False,
                show_in_sidebar=False,
            )
        await show.home_assistant.command(
            "lovelace/config/save", url_path=BOTH[1:], config=both_cards()
        )
        await slow_images(show)
        yield show


async def slow_images(show: Show) -> None:
    """Switch the node to slow mode."""
    registry = await show.home_assistant.command("config/entity_registry/list")
    (mode,) = (
        entity["entity_id"]
        for entity in registry
        if entity["platform"] == "battery_thermal"
        and entity["translation_key"] == "mode"
        and entity["entity_id"].startswith("select.")
    )
    await show.home_assistant.call(
        "select", "select_option", entity_id=mode, option="slow"
    )
    await whole_image(show)


def both_cards() -> dict[str, Any]:
    """Return the path of a dashboard with a card of each integration."""
    cards = [
        {"type": "custom:esp32-sensors-live"},
        {"type": "custom:battery-thermal-card", "small": True},
    ]
    return {"views": [{"path": "all", "cards": cards}]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str, show: Show) -> AsyncGenerator[Browser]:
    """Start Chromium; skip if it is missing."""
    async with open_browser(show.home_assistant) as browser:
        yield browser
