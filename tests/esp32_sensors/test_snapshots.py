"""Snapshots of everything that others rely on, so that a change shows in review.

One snapshot for each platform pins entity ids, unique ids, names, classes, categories, units
and states. Others pin what is stored on the disk and what dashboards are sent.
Update them with ``script/test tests/esp32_sensors/test_snapshots.py --snapshot-update``.
"""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from pytest_homeassistant_custom_component.typing import (
    MqttMockHAClient,
    WebSocketGenerator,
)
from syrupy.assertion import SnapshotAssertion

from custom_components import esp32_sensors
from custom_components.esp32_sensors.const import CONF_PREFIX, DOMAIN
from custom_components.esp32_sensors.core import board_registry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity

from .conftest import FakeBoard, later

START = "2026-03-01T12:00:00+00:00"
ENTRY_ID = "01JQ0000000000000000000000"


@pytest.fixture
def all_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable the entities that are disabled by default."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    for kind in kinds_of(Entity):
        if "entity_registry_enabled_default" in vars(kind) and kind is not Entity:
            monkeypatch.setattr(kind, "entity_registry_enabled_default", True)
        if "_attr_entity_registry_enabled_default" in vars(kind):
            monkeypatch.setattr(kind, "_attr_entity_registry_enabled_default", True)


def kinds_of(kind: type[Entity]) -> list[type[Entity]]:
    """Return a class of this integration and all that derive from it."""
    return [kind, *(one for sub in kind.__subclasses__() for one in kinds_of(sub))]


@pytest.fixture
async def two_boards(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    all_entities: None,
) -> None:
    """Set up a network with one board online and one that has left."""
    freezer.move_to(START)
    monkeypatch.setattr(board_registry, "token_hex", lambda size: "0" * 2 * size)
    entry = MockConfigEntry(
        domain=DOMAIN, entry_id=ENTRY_ID, title="Boards", data={CONF_PREFIX: ""}
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(ENTRY_ID)
    await hass.async_block_till_done()
    here = FakeBoard(hass, mqtt_mock)
    gone = FakeBoard(hass, mqtt_mock, "61:EC:ED:3B:25:B2", directed=True)
    for board in (here, gone):
        await board.join()
        await later(hass, freezer, 1)
        await board.start()
        await board.led(1)
        await board.button(1)
        await board.button(0)
        await board.light(50)
    await later(hass, freezer, 3)
    await gone.leave()
    await later(hass, freezer, 3)


@pytest.mark.parametrize("platform", esp32_sensors.PLATFORMS)
async def test_platform(
    platform: Platform,
    hass: HomeAssistant,
    two_boards: None,
    snapshot: SnapshotAssertion,
) -> None:
    """The entities of a platform have not changed."""
    entity_registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(entity_registry, ENTRY_ID):
        if entity.domain != platform:
            entity_registry.async_remove(entity.entity_id)
    await snapshot_platform(hass, entity_registry, snapshot, ENTRY_ID)


@pytest.mark.parametrize("name", ["sessions", "values", "leds"])
async def test_stored_files(
    name: str,
    hass: HomeAssistant,
    two_boards: None,
    hass_storage: dict[str, Any],
    snapshot: SnapshotAssertion,
) -> None:
    """The stored files of a network have not changed."""
    await hass.config_entries.async_unload(ENTRY_ID)
    await hass.async_block_till_done()
    assert hass_storage.get(f"{DOMAIN}.{ENTRY_ID}.{name}") == snapshot


async def test_websocket(
    two_boards: None,
    hass_ws_client: WebSocketGenerator,
    snapshot: SnapshotAssertion,
) -> None:
    """The first message to a dashboard has not changed."""
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": f"{DOMAIN}/subscribe_boards"})
    assert (await client.receive_json())["success"]
    assert (await client.receive_json())["event"] == snapshot
