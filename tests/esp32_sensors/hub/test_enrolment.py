"""Boards that are waited for."""

import asyncio

from custom_components.esp32_sensors.core.protocol import Credentials
from custom_components.esp32_sensors.hub import clock
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..conftest import MAC, FakeBoard


async def test_a_board_that_is_online(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A board that has joined already is there at once."""
    running = network.runtime_data
    board = await running.enrolment.async_wait_for(MAC)
    assert board is running.registry.boards[MAC]
    assert not running.registry.admission.expected


async def test_the_first_end_counts(
    hass: HomeAssistant, network: ConfigEntry, board: FakeBoard
) -> None:
    """A board that came online before the network was unloaded was there."""
    await board.join()
    running = network.runtime_data
    waiting = asyncio.ensure_future(running.enrolment.async_wait_for(MAC))
    await asyncio.sleep(0)
    running.server.start(Credentials(board.name, board.session_id), None, clock.now())
    running.enrolment.async_close()
    assert await waiting is running.registry.boards[MAC]
