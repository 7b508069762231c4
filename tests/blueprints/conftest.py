"""A phone, and a Home Assistant that does not wait for automations."""

import asyncio
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import script

from .common import settle
from .phone import Phone


@pytest.fixture(autouse=True)
def automations_wait(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `async_block_till_done` return while automations wait."""

    async def block_till_done(wait_background_tasks: bool = False) -> None:
        waiting: set[asyncio.Future[Any] | None] = {asyncio.current_task()}
        while True:
            await settle()
            tasks = hass._tasks | (
                hass._background_tasks if wait_background_tasks else set()
            )
            waiting |= {task for task in tasks if is_run(task)}
            if not tasks - waiting:
                return
            await asyncio.wait(tasks - waiting, timeout=1)

    monkeypatch.setattr(hass, "async_block_till_done", block_till_done)


@pytest.fixture(autouse=True)
def loops_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Home Assistant end long loops after a few rounds instead of 10 000.

    An alarm or an absence may last for weeks, and light changes all the time.
    """
    monkeypatch.setattr(script, "REPEAT_WARN_ITERATIONS", 3)
    monkeypatch.setattr(script, "REPEAT_TERMINATE_ITERATIONS", 3)


def is_run(task: asyncio.Future[object]) -> bool:
    """Return whether a task is the run of an automation or a script."""
    if not isinstance(task, asyncio.Task):
        return False
    name = getattr(task.get_coro(), "__qualname__", "")
    return name.startswith(("AutomationEntity.", "ScriptEntity.", "Script."))


@pytest.fixture
async def phone(hass: HomeAssistant) -> Phone:
    """Return a phone that Home Assistant can send notifications to."""
    return await Phone.register(hass)
