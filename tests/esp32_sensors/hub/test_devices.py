"""Tests of the devices of networks and boards."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from tests.esp32_sensors.conftest import MAC, FakeBoard, later, restart


async def test_device(
    hass: HomeAssistant, network: ConfigEntry, online: FakeBoard
) -> None:
    """A board is a device that belongs to its network."""
    devices = dr.async_get(hass)
    device = devices.async_get_device_by_identifier((DOMAIN, MAC), network.entry_id)
    assert device is not None
    assert device.name == "capteur01"
    assert device.connections == {(dr.CONNECTION_NETWORK_MAC, MAC.lower())}
    hub = devices.async_get_device_by_identifier(
        (DOMAIN, network.entry_id), network.entry_id
    )
    assert hub is not None
    assert device.via_device_id == hub.id
    assert online.entity_id("switch", "led") == "switch.capteur01_led"
    assert online.entity_id("event", "button") == "event.capteur01_button_push"


@pytest.mark.rule("S-81")
async def test_firmware(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """The device has the firmware that its board reports, also after a restart, until it reports none."""
    assert online.device.sw_version is None
    await online.info("My <b>firmware</b>", "1.2.3")
    assert online.device.sw_version == "My <b>firmware</b> 1.2.3"
    assert online.device.name == "capteur01"
    # The first report of a session counts.
    await online.info("Other firmware", "9.9.9")
    assert online.device.sw_version == "My <b>firmware</b> 1.2.3"
    await restart(hass, network)
    assert online.device.sw_version == "My <b>firmware</b> 1.2.3"
    assert network.runtime_data.registry.boards[MAC].firmware == (
        "My <b>firmware</b>",
        "1.2.3",
    )
    await online.light(50)
    await later(hass, freezer, 61)
    assert online.device.sw_version == "My <b>firmware</b> 1.2.3"
    await online.join()
    await online.start()
    await online.led(0)
    await later(hass, freezer, 29)
    await online.light(50)
    await later(hass, freezer, 29)
    await online.light(50)
    assert online.device.sw_version == "My <b>firmware</b> 1.2.3"
    await later(hass, freezer, 3)
    assert online.device.sw_version is None


async def test_name_of_the_network(hass: HomeAssistant, network: ConfigEntry) -> None:
    """The network's device follows the name of its entry, without a reload."""
    hass.config_entries.async_update_entry(network, title="Garden")
    await hass.async_block_till_done()
    (hub,) = dr.async_entries_for_config_entry(dr.async_get(hass), network.entry_id)
    assert hub.name == "Garden"
    (broker,) = hass.config_entries.async_entries("mqtt")
    hass.config_entries.async_update_entry(broker, title="Broker")
    await hass.async_block_till_done()
    assert dr.async_get(hass).async_get(hub.id) == hub


async def test_first_name_of_the_network(
    hass: HomeAssistant, network: ConfigEntry
) -> None:
    """The device of a network is a service with the name of its entry."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), network.entry_id)
    assert (device.name, device.model) == ("ESP32 network", "ESP32 network")
    assert device.entry_type is dr.DeviceEntryType.SERVICE
