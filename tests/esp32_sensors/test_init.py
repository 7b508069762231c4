"""Tests of setting up, unloading and removing a network."""

from typing import Any
from unittest.mock import patch

from pytest_homeassistant_custom_component.common import async_fire_mqtt_message
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.esp32_sensors.conftest import MAC

from .conftest import FakeBoard, restart


async def test_without_mqtt(hass: HomeAssistant, network: ConfigEntry) -> None:
    """Without MQTT the set-up is retried."""
    await hass.config_entries.async_unload(network.entry_id)
    with patch(
        "homeassistant.components.mqtt.async_wait_for_mqtt_client", return_value=False
    ):
        await hass.config_entries.async_setup(network.entry_id)
    assert network.state is ConfigEntryState.SETUP_RETRY


async def test_mqtt_switched_off_meanwhile(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """Without MQTT at the end of the set-up it is retried, and the entities are there then."""
    with patch(
        "homeassistant.components.mqtt.async_subscribe",
        side_effect=HomeAssistantError,
    ):
        await restart(hass, network)
    assert network.state is ConfigEntryState.SETUP_RETRY
    await restart(hass, network)
    await online.light(7)
    assert online.states["light"] == "7"


async def test_join_while_unloading(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """A board that joins during a reload gets its entities."""
    early, late = (FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in (1, 2))
    unload = hass.config_entries.async_unload_platforms

    async def unload_and_join(*args: Any) -> bool:
        unloaded = await unload(*args)
        await late.publish("state/join", late.mac)
        return unloaded

    with patch.object(hass.config_entries, "async_unload_platforms", unload_and_join):
        # Not shown yet when the network closes.
        async_fire_mqtt_message(hass, "state/join", early.mac)
        await restart(hass, network)
    for board in (early, late):
        await board.join()
        await board.start()
        await board.light(7)
        assert board.states["light"] == "7"


async def test_unload_refused(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A network that cannot be unloaded continues."""
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        assert not await hass.config_entries.async_unload(network.entry_id)
    await online.light(7)
    assert online.states["light"] == "7"


async def test_remove(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_storage: dict[str, Any],
) -> None:
    """A removed network leaves no files and no entities."""
    await hass.config_entries.async_remove(network.entry_id)
    await hass.async_block_till_done()
    assert not [key for key in hass_storage if key.startswith(DOMAIN)]
    assert not er.async_entries_for_config_entry(er.async_get(hass), network.entry_id)


async def test_remove_all_files(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_storage: dict[str, Any],
) -> None:
    """All three files of a network are removed with it."""
    board = network.runtime_data.registry.boards[MAC]
    board.led_target, board.led_unconfirmed = True, True
    await hass.config_entries.async_unload(network.entry_id)
    files = [f"{DOMAIN}.{network.entry_id}.{n}" for n in ("sessions", "values", "leds")]
    assert set(files) <= hass_storage.keys()
    await hass.config_entries.async_remove(network.entry_id)
    await hass.async_block_till_done()
    assert not set(files) & hass_storage.keys()
