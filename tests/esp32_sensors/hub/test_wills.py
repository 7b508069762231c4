"""Tests of last wills on the topic without prefix."""

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from tests.esp32_sensors.conftest import FakeBoard, SetUp, later

PREFIXES = ["", "user/", "lab/"]


@pytest.fixture
async def networks(set_up: SetUp) -> dict[str, ConfigEntry]:
    """Return networks by their prefix."""
    return {prefix: await set_up(prefix) for prefix in PREFIXES}


@pytest.fixture
async def boards(
    hass: HomeAssistant,
    mqtt_mock: MqttMockHAClient,
    networks: dict[str, ConfigEntry],
    freezer: FrozenDateTimeFactory,
) -> dict[str, FakeBoard]:
    """Return a board of each network that is online; all have the same name."""
    boards = {}
    for number, prefix in enumerate(PREFIXES):
        mac = f"AA:00:00:00:00:0{number}"
        board = boards[prefix] = FakeBoard(hass, mqtt_mock, mac, prefix)
        await board.join()
        await board.start()
        await later(hass, freezer, 0.01)
        assert board.name == "capteur01"
    return boards


async def publish(
    hass: HomeAssistant, payload: str | bytes, retain: bool = False
) -> None:
    """Publish on ``state/leave``, without any prefix."""
    async_fire_mqtt_message(hass, "state/leave", payload, retain=retain)
    await hass.async_block_till_done()


def online(boards: dict[str, FakeBoard]) -> list[str]:
    """Return the prefixes whose board is online."""
    return [p for p, board in boards.items() if board.states["online"] == "on"]


def discarded(networks: dict[str, ConfigEntry]) -> int:
    """Return how many messages were discarded, in all networks."""
    return sum(
        entry.runtime_data.statistics.discarded.total() for entry in networks.values()
    )


@pytest.mark.rule("S-24")
@pytest.mark.parametrize("prefix", PREFIXES)
async def test_will(
    hass: HomeAssistant,
    networks: dict[str, ConfigEntry],
    boards: dict[str, FakeBoard],
    prefix: str,
) -> None:
    """A will ends the session in its own network and is not discarded by others."""
    await publish(hass, boards[prefix].credentials)
    assert online(boards) == [other for other in PREFIXES if other != prefix]
    assert discarded(networks) == 0


@pytest.mark.rule("S-24")
async def test_ignored_messages(
    hass: HomeAssistant,
    networks: dict[str, ConfigEntry],
    boards: dict[str, FakeBoard],
) -> None:
    """Only credentials of a current session end it, and no retained message."""
    old = boards["user/"].credentials
    await boards["user/"].join()
    # Its session was assigned, and the board may have it already.
    await boards["user/"].start()
    current = boards["user/"].credentials
    assert (current == old) is False
    await publish(hass, old)
    await publish(hass, current, retain=True)
    for payload in (b"", b"\xff", "capteur01", f"{current};1", f"x;{current[10:]}"):
        await publish(hass, payload)
    assert online(boards) == PREFIXES
    # The network without a prefix counts what is on its topic, the others do not.
    for prefix, entry in networks.items():
        assert bool(entry.runtime_data.statistics.discarded.total()) is (prefix == "")


@pytest.mark.rule("S-52", "S-24")
async def test_board_with_topics_of_its_own(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, networks: dict[str, ConfigEntry]
) -> None:
    """The session of a board with directed topics cannot be ended on a shared topic."""
    board = FakeBoard(hass, mqtt_mock, prefix="user/", directed=True)
    await board.join()
    await board.start()
    await publish(hass, board.credentials)
    assert board.states["online"] == "on"


@pytest.mark.rule("S-64")
async def test_late_wills_are_no_conflict(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    networks: dict[str, ConfigEntry],
    boards: dict[str, FakeBoard],
) -> None:
    """Wills of old sessions are no evidence of two boards with one MAC."""
    credentials = [boards["user/"].credentials]
    for _ in range(4):
        await later(hass, freezer, 31)
        for board in boards.values():
            await board.light(50)
    newest = boards["lab/"].session_id
    name, session_id = credentials[0].split(";")
    assert session_id < newest
    for _ in range(5):
        await publish(hass, f"{name};1000000000.000000")
        await boards["lab/"].publish("state/leave", f"{name};1000000000.000000")
    for entry in networks.values():
        assert entry.runtime_data.server.problems.conflicts.contested == {}
    assert online(boards) == PREFIXES


async def test_stops_with_the_network(
    hass: HomeAssistant,
    networks: dict[str, ConfigEntry],
    boards: dict[str, FakeBoard],
) -> None:
    """An unloaded network ignores wills."""
    entry = networks["user/"]
    assert await hass.config_entries.async_unload(entry.entry_id)
    await publish(hass, boards["user/"].credentials)
    assert discarded({"": networks[""]}) == 1
