"""Tests of the constants."""

from custom_components.esp32_sensors.const import (
    BOARD_ENTITIES,
    MOST_BOARDS,
    NETWORK_ENTITIES,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .conftest import MAC, FakeBoard


async def test_largest_number_of_boards(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """The entities of the largest network fit the 10 000 of Home Assistant.

    All do that are enabled by default. Of those that the owner has enabled before the last
    board joined, all do but some of the last board.
    """
    entities = er.async_entries_for_config_entry(er.async_get(hass), network.entry_id)
    of_board = [entity for entity in entities if MAC in entity.unique_id]
    of_network = len(entities) - len(of_board)
    enabled = sum(not entity.disabled for entity in of_board)
    assert (len(of_board), of_network) == (BOARD_ENTITIES, NETWORK_ENTITIES)
    before_the_last = (MOST_BOARDS - 1) * len(of_board) + of_network
    assert before_the_last <= 10_000 < before_the_last + len(of_board)
    assert MOST_BOARDS * enabled + of_network <= 10_000
