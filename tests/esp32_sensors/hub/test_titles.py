"""Tests of the titles of networks."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import CONF_PREFIX, DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant


@pytest.mark.parametrize(
    ("prefix", "title", "new_title"),
    [
        ("", "ESP32 sensors", "ESP32 network"),
        ("user/", "ESP32 sensors (user)", "ESP32 network (user)"),
        ("", "Cellar", "Cellar"),
        ("", "ESP32 network", "ESP32 network"),
    ],
)
async def test_title_of_an_earlier_release(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    prefix: str,
    title: str,
    new_title: str,
) -> None:
    """A network with the former default title gets the present one; others keep theirs."""
    entry = MockConfigEntry(
        domain=DOMAIN, data={CONF_PREFIX: prefix}, title=title, minor_version=1
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert (entry.title, entry.minor_version) == (new_title, 2)


async def test_entry_of_a_later_compatible_release(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    """An entry of a later minor version is set up as it is."""
    entry = MockConfigEntry(
        domain=DOMAIN, data={CONF_PREFIX: ""}, title="ESP32 sensors", minor_version=3
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.title == "ESP32 sensors"


async def test_entry_of_a_later_release(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient
) -> None:
    """An entry whose version is not known is not set up."""
    entry = MockConfigEntry(domain=DOMAIN, data={CONF_PREFIX: ""}, version=2)
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR
