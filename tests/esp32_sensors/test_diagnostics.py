"""Tests of diagnostics."""

from datetime import UTC, datetime
import re

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
)

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.readings import KINDS
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .conftest import MAC, FakeBoard, SetUp, later

START = datetime(2026, 11, 21, 8, 0, 0, 123456, UTC)


@pytest.fixture(autouse=True)
def start(freezer: FrozenDateTimeFactory) -> None:
    """Set the clock to a known time."""
    freezer.move_to(START)


async def test_diagnostics(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_client: ClientSessionGenerator,
) -> None:
    """Diagnostics contain neither complete MACs nor session ids."""
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, network)
    assert diagnostics == {
        "data": {"prefix": ""},
        "options": {},
        "discarded": {},
        "waiting": 0,
        "refused": 0,
        "contested": 0,
        "boards": [
            {
                "mac": "61:EC:ED:…",
                "directed": False,
                "name": "capteur01",
                "next_name": None,
                "state": "online",
                "session_started_at": int(START.timestamp()),
                "joined_at": int(START.timestamp()),
                "last_seen": int(START.timestamp()),
                "firmware": None,
                **{kind.key: None for kind in KINDS},
                "led": False,
                "button": False,
                "light": 50,
            }
        ],
    }
    assert online.session_id not in str(diagnostics)
    assert MAC not in str(diagnostics)


async def test_diagnostics_without_macs(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: MqttMockHAClient,
    hass_client: ClientSessionGenerator,
) -> None:
    """The file contains no complete MAC, also not in a prefix, a name or the id of an issue."""
    network = await set_up("61:ec:ed:3b:25:b7/", admission="approval")
    (shown,) = [
        FakeBoard(hass, mqtt_mock, mac, prefix="61:ec:ed:3b:25:b7/") for mac in (MAC,)
    ]
    await shown.join()
    await network.runtime_data.management.async_accept(MAC)
    await shown.join()
    await hass.services.async_call(
        DOMAIN,
        "rename_board",
        {"device_id": shown.device.id, "name": "61:EC:ED:3B:25:B8"},
        blocking=True,
    )
    waiting = FakeBoard(
        hass, mqtt_mock, "61:EC:ED:3B:25:B9", prefix="61:ec:ed:3b:25:b7/"
    )
    await waiting.join()
    await later(hass, freezer, 1)
    assert await async_setup_component(hass, "diagnostics", {})
    client = await hass_client()
    response = await client.get(f"/api/diagnostics/config_entry/{network.entry_id}")
    text = await response.text()
    assert "waiting" in text
    assert "61:EC:ED:" in text
    assert not re.search(r"61:ec:ed:3b", text, re.IGNORECASE)
