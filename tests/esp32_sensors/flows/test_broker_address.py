"""Where boards reach the broker."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.esp32_sensors.flows.broker_address import broker_address
from homeassistant.core import HomeAssistant


@pytest.mark.parametrize(
    ("data", "url", "expected"),
    [
        ({"broker": "192.168.1.10"}, None, ("192.168.1.10", 1883)),
        (
            {"broker": "core-mosquitto", "port": 1884},
            "http://192.168.1.20:8123",
            ("192.168.1.20", 1884),
        ),
        ({"broker": "localhost"}, None, ("", 1883)),
        (
            {"broker": "mqtt.lan", "port": 8883, "certificate": "auto"},
            None,
            ("mqtt.lan", 1883),
        ),
        (
            {"broker": "mqtt.lan", "port": 9001, "transport": "websockets"},
            None,
            ("mqtt.lan", 1883),
        ),
        (None, None, ("", 1883)),
    ],
)
async def test_address(
    hass: HomeAssistant,
    data: dict[str, object] | None,
    url: str | None,
    expected: tuple[str, int],
) -> None:
    """A broker on Home Assistant's machine has that machine's address."""
    hass.config.internal_url = url
    if data is not None:
        MockConfigEntry(domain="mqtt", data=data).add_to_hass(hass)
    assert broker_address(hass) == expected
