"""Tests of the sensors."""

from datetime import UTC, datetime
import json
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components import esp32_sensors
from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.protocol import Reason
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .conftest import FakeBoard, change_options, later

START = datetime(2026, 11, 21, 8, 0, 0, 123456, UTC)
"""Of which a session id has the microseconds, and nothing else may have them that shows when a board joined."""


@pytest.fixture(autouse=True)
def start(freezer: FrozenDateTimeFactory) -> None:
    """Set the clock to a known time."""
    freezer.move_to(START)


async def test_light(hass: HomeAssistant, online: FakeBoard) -> None:
    """Light is a measurement in percent."""
    state = hass.states.get(online.entity_id("sensor", "light"))
    assert state is not None
    assert state.attributes["unit_of_measurement"] == "%"
    assert state.attributes["state_class"] == "measurement"


async def written(
    hass: HomeAssistant, board: FakeBoard, values: list[int]
) -> list[str]:
    """Report light; return the states that were written."""
    events = async_capture_events(hass, "state_changed")
    for value in values:
        await board.light(value)
    light = board.entity_id("sensor", "light")
    return [e.data["new_state"].state for e in events if e.data["entity_id"] == light]


async def test_light_every_value(hass: HomeAssistant, online: FakeBoard) -> None:
    """Each value is written as a state by default."""
    assert await written(hass, online, [51, 52, 52, 51]) == ["51", "52", "51"]


async def test_light_smallest_change(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """With the options, small changes are written less often or not at all."""
    await change_options(hass, network, light_change=5, light_silence=60)
    values = [50, 54, 46, 55, 51, 50]
    assert await written(hass, online, values) == ["50", "55", "50"]
    freezer.tick(59)
    assert await written(hass, online, [51]) == []
    freezer.tick(1)
    assert await written(hass, online, [52, 53]) == ["52"]


async def test_last_seen(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """The time of the last message is written when a board goes online and offline."""
    await board.join()
    assert board.state("sensor", "joined_at") == "2026-11-21T08:00:00+00:00"
    assert board.state("sensor", "last_seen") == "unknown"
    await board.start()
    await board.led(0)
    await later(hass, freezer, 1)
    assert board.state("sensor", "last_seen") == "2026-11-21T08:00:00+00:00"
    await later(hass, freezer, 29)
    await board.light(1)
    await later(hass, freezer, 28)
    for _ in range(5):
        await board.light(2)
        await later(hass, freezer, 20)
    assert board.state("sensor", "last_seen") == "2026-11-21T08:00:00+00:00"
    await board.leave()
    assert board.state("sensor", "last_seen") == "2026-11-21T08:02:38+00:00"
    await later(hass, freezer, 60)
    await board.light(3)
    assert board.state("sensor", "last_seen") == "2026-11-21T08:03:38+00:00"


async def test_disabled_by_default(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """Name and session start can be enabled."""
    entities = er.async_get(hass)
    for key in ("network_name", "session_start"):
        entity_id = online.entity_id("sensor", key)
        assert hass.states.get(entity_id) is None
        entities.async_update_entity(entity_id, disabled_by=None)
    await later(hass, freezer, 31)
    assert online.state("sensor", "network_name") == "capteur01"
    assert online.state("sensor", "session_start") == "2026-11-21T08:00:00+00:00"


async def test_network_sensors(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
) -> None:
    """The network has sensors for its boards and discarded messages."""
    await FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01").join()
    await online.light("x")
    await online.light(101)
    await online.publish("state/join", "hello")
    await later(hass, freezer, 1)

    def figure(key: str) -> tuple[str, dict[str, object]]:
        entity_id = er.async_get(hass).async_get_entity_id(
            "sensor", DOMAIN, f"{network.entry_id}_{key}"
        )
        assert entity_id is not None
        state = hass.states.get(entity_id)
        assert state is not None
        return state.state, dict(state.attributes)

    assert figure("boards_online")[0] == "1"
    assert figure("boards_known")[0] == "2"
    discarded, attributes = figure("messages_discarded")
    assert discarded == "3"
    assert (attributes["bad_value"], attributes["malformed"]) == (2, 1)


def test_reasons_have_names() -> None:
    """Each reason of a discarded message, which is an attribute, has a name."""
    texts = json.loads(
        (Path(esp32_sensors.__file__).parent / "translations/en.json").read_text()
    )["entity"]["sensor"]["messages_discarded"]
    assert texts["state_attributes"].keys() == set(Reason)
