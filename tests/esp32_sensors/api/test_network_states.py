"""Tests of the states of networks that dashboards show."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.esp32_sensors.api import subscription
from custom_components.esp32_sensors.api.network_states import network_states
from custom_components.esp32_sensors.hub.network import Network
from homeassistant.components import mqtt
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.util import dt as dt_util
from tests.esp32_sensors.conftest import restart


async def test_broker_lost_and_back(
    hass: HomeAssistant,
    network: ConfigEntry,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A viewer receives that the broker is lost, and that it is back."""
    monkeypatch.setattr(subscription, "PACE", 0)
    viewer = await hass_ws_client()
    await viewer.send_json_auto_id({"type": "esp32_sensors/subscribe_boards"})
    await viewer.receive_json()
    first = (await viewer.receive_json())["event"]
    assert first["networks"] == {network.entry_id: "connected"}
    for connected, state in (False, "broker_lost"), (True, "connected"):
        monkeypatch.setattr(mqtt, "is_connected", lambda _hass, now=connected: now)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))
        changed = (await viewer.receive_json())["event"]
        assert changed == {
            "boards": {},
            "gone": [],
            "networks": {network.entry_id: state},
        }


async def test_failed_and_stopped(
    hass: HomeAssistant, network: ConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that could not be set up is failed; one that was stopped has no state."""

    async def fail(_network: Network) -> None:
        raise ConfigEntryNotReady

    with monkeypatch.context() as patch:
        patch.setattr(Network, "async_load", fail)
        await restart(hass, network)
        assert network_states(hass) == {network.entry_id: "failed"}
    await hass.config_entries.async_unload(network.entry_id)
    assert network_states(hass) == {}
