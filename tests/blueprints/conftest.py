"""A phone, and a Home Assistant with automations that wait."""

import asyncio

import pytest

from homeassistant.core import HomeAssistant

from .common import settle
from .phone import Phone


@pytest.fixture(autouse=True)
def automations_wait(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Home Assistant be done with everything while automations wait for something."""

    async def block_till_done(wait_background_tasks: bool = False) -> None:
        waiting = {asyncio.current_task()}
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
