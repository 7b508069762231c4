"""Sensors, the last values, and what helps to find out what is wrong."""

from datetime import UTC, datetime

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MqttMockHAClient,
)

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.entity import BoardEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.setup import async_setup_component

from .conftest import MAC, FakeBoard, SetUp, change_options, later

START = datetime(2026, 11, 21, 8, 0, 0, 123456, UTC)
"""Of which a session id has the microseconds, and nothing else may have them that tells when a board joined."""


@pytest.fixture(autouse=True)
def start(freezer: FrozenDateTimeFactory) -> None:
    """Begin at a known time."""
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
    """Every value is a state, unless the owner wants it otherwise."""
    assert await written(hass, online, [51, 52, 52, 51]) == ["51", "52", "51"]


async def test_light_smallest_change(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """What hardly changes need not be written, or not so often."""
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
    """When a board was seen is written once a minute at most."""
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
    assert board.state("sensor", "last_seen") == "2026-11-21T08:00:00+00:00"
    await board.leave()
    await later(hass, freezer, 3)
    assert board.state("sensor", "last_seen") == "2026-11-21T08:00:58+00:00"


async def test_disabled_by_default(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """Name and session start are there for who wants them."""
    entities = er.async_get(hass)
    for key in ("network_name", "session_start"):
        entity_id = online.entity_id("sensor", key)
        assert hass.states.get(entity_id) is None
        entities.async_update_entity(entity_id, disabled_by=None)
    await later(hass, freezer, 31)
    assert online.state("sensor", "network_name") == "capteur01"
    assert online.state("sensor", "session_start") == "2026-11-21T08:00:00+00:00"


async def test_network_figures(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
    mqtt_mock: MqttMockHAClient,
) -> None:
    """The network tells how many boards there are, and what it discarded."""
    await FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:01").join()
    await online.light("x")
    await online.light(101)
    await online.say("state/join", "hello")
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


async def test_last_values(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """The action returns what is known of a board, values newest first."""
    for value in range(12):
        freezer.tick(2)
        await online.light(value)
    await online.button(1)
    values = await hass.services.async_call(
        DOMAIN,
        "get_last_values",
        {"device_id": online.device.id},
        blocking=True,
        return_response=True,
    )
    assert values is not None
    assert values["name"] == online.name
    assert values["mac"] == online.mac
    assert values["online"] is True
    assert values["joined_at"] == "2026-11-21T08:00:00+00:00"
    assert values["last_seen"] == "2026-11-21T08:00:24.123456+00:00"
    assert values["led"] == [
        {"time": "2026-11-21T08:00:00.123456+00:00", "value": False}
    ]
    assert values["button"] == [
        {"time": "2026-11-21T08:00:24.123456+00:00", "value": True}
    ]
    light = values["light"]
    assert isinstance(light, list)
    assert light[0] == {"time": "2026-11-21T08:00:24.123456+00:00", "value": 11}
    assert light[-1] == {"time": "2026-11-21T08:00:06.123456+00:00", "value": 2}
    assert len(light) == 10


async def test_diagnostics(
    hass: HomeAssistant,
    network: ConfigEntry,
    online: FakeBoard,
    hass_client: ClientSessionGenerator,
) -> None:
    """Diagnostics tell what is needed; neither whole MACs nor session ids."""
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
                "led": False,
                "button": False,
                "light": 50,
            }
        ],
    }
    assert online.session_id not in str(diagnostics)
    assert MAC not in str(diagnostics)


async def test_system_health(
    hass: HomeAssistant, set_up: SetUp, online: FakeBoard
) -> None:
    """All networks together, on the system's page."""
    await set_up("user/")
    await online.light(101)
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    assert await get_system_health_info(hass, DOMAIN) == {
        "networks": 2,
        "boards_known": 1,
        "boards_online": 1,
        "messages_discarded": 1,
    }


async def test_entities_keep_their_attributes_in_themselves(
    hass: HomeAssistant, board: FakeBoard
) -> None:
    """CPython gives an object of more than thirty attributes a dictionary of 1.5 kB (docs/performance.md)."""
    await board.join()
    await board.start()
    await board.led(1)
    await board.button(1)
    await board.light(58)

    attributes = {
        entity.entity_id: len(vars(entity))
        for component in hass.data[DATA_INSTANCES].values()
        for entity in component.entities
        if isinstance(entity, BoardEntity)
    }

    assert len(attributes) == 7
    assert max(attributes.values()) < 30, attributes
