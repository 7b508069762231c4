"""Tests of the repair issues of a network."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_mqtt_message,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.admission import WAITING_AT_MOST
from custom_components.esp32_sensors.hub.issues import NAMES_LISTED
from custom_components.esp32_sensors.hub.markdown import for_issue
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from tests.esp32_sensors.conftest import (
    MAC,
    FakeBoard,
    SetUp,
    change_options,
    issue_keys,
    later,
    restart,
    settle,
)

OTHER_MAC = "AA:00:00:00:00:01"


def issues(hass: HomeAssistant) -> dict[str, dict[str, str]]:
    """Return the placeholders of the active issues, by translation key."""
    return {
        str(issue.translation_key): issue.translation_placeholders or {}
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    }


async def assign_foreign(
    hass: HomeAssistant, payload: str, topic: str = "state/nameAssign"
) -> None:
    """Publish an assignment as another server does."""
    async_fire_mqtt_message(hass, topic, payload, qos=2)
    await hass.async_block_till_done()


class EchoingBroker:
    """Delivers to Home Assistant what Home Assistant publishes, as brokers do."""

    def __init__(self, hass: HomeAssistant, mqtt_mock: MqttMockHAClient) -> None:
        """Initialize without delivering anything."""
        self._hass = hass
        self._published = mqtt_mock.async_publish.call_args_list
        self._echoed = len(self._published)

    async def echo(self) -> int:
        """Deliver what was published since the last time; return how many messages."""
        new = self._published[self._echoed :]
        self._echoed += len(new)
        for call in new:
            async_fire_mqtt_message(self._hass, call.args[0], call.args[1], qos=1)
        await self._hass.async_block_till_done()
        return len(new)


# Answered, and never started


@pytest.mark.rule("S-65")
@pytest.mark.parametrize("every", [5, 18])
async def test_unstarted(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard, every: int
) -> None:
    """A board that is answered and never starts is reported within a minute, until it starts."""
    passed = 0
    while passed < 60:
        await board.join()
        await later(hass, freezer, every)
        passed += every
        if passed < 30:
            assert issues(hass) == {}
    assert issues(hass)["unstarted"]["names"] == "capteur01"
    await board.start()
    await board.led(0)
    await later(hass, freezer, 1)
    assert issues(hass) == {}


@pytest.mark.rule("S-65")
async def test_unstarted_and_gone(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """A board that stopped joining is reported for ten minutes more."""
    for _ in range(10):
        await board.join()
        await later(hass, freezer, 5)
    assert "unstarted" in issues(hass)
    await later(hass, freezer, 590)
    assert "unstarted" in issues(hass)
    await later(hass, freezer, 10)
    assert issues(hass) == {}


async def test_unstarted_and_deleted(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    board: FakeBoard,
) -> None:
    """A deleted board is not reported any more."""
    for _ in range(10):
        await board.join()
        await later(hass, freezer, 5)
    running = network.runtime_data
    await running.management.async_forget(running.registry.boards[MAC], board.device)
    assert issues(hass) == {}


@pytest.mark.rule("S-65")
async def test_slow_start(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """A board that missed some answers is not reported."""
    for _ in range(5):
        await board.join()
        await later(hass, freezer, 5)
    await board.start()
    await board.led(0)
    for _ in range(60):
        await board.light(50)
        await later(hass, freezer, 2)
    assert issues(hass) == {}


# Commands that nobody confirms


@pytest.mark.rule("S-66")
async def test_no_confirmation(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """A board that sends messages and confirms no command is reported within a minute."""
    online.waits = False
    command = asyncio.create_task(
        hass.services.async_call(
            "switch",
            "turn_on",
            {"entity_id": online.entity_id("switch", "led")},
            blocking=True,
        )
    )
    await settle()
    for second in range(0, 30, 2):
        freezer.tick(2)
        async_fire_time_changed(hass)
        await settle()
        await online.light(50)
        assert second > 15 or issues(hass) == {}
    with pytest.raises(HomeAssistantError):
        await command
    assert issues(hass)["unconfirmed"]["names"] == "capteur01"
    # It is not shown while the board is away.
    await online.leave()
    await later(hass, freezer, 1)
    assert issues(hass) == {}
    await online.light(50)
    await later(hass, freezer, 1)
    assert "unconfirmed" in issues(hass)
    await online.led(0)
    await later(hass, freezer, 1)
    assert issues(hass) == {}


@pytest.mark.rule("S-66")
async def test_no_confirmation_ends_with_the_session(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """An unconfirmed command does not count in a new session."""
    board = network.runtime_data.registry.boards[MAC]
    board.unconfirmed_since = board.session.received_at - 1
    await later(hass, freezer, 25)
    assert "unconfirmed" in issues(hass)
    await online.join()
    await online.start()
    await online.led(0)
    await later(hass, freezer, 1)
    assert issues(hass) == {}


# Another server


@pytest.mark.rule("S-67")
@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("state/nameAssign", f"{OTHER_MAC};capteur01;1743946777.603371"),
        ("state/nameAssign", f"{OTHER_MAC.lower()};LeBron;17"),
        ("state/nameAssign", f"{MAC};capteur01;1743946777.603371"),
    ],
)
async def test_another_server(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    online: FakeBoard,
    topic: str,
    payload: str,
) -> None:
    """An assignment of another server is reported for an hour."""
    await assign_foreign(hass, payload, topic)
    await later(hass, freezer, 1)
    assert list(issues(hass)) == ["other_server"]
    assert MAC not in str(ir.async_get(hass).issues)
    await later(hass, freezer, 3600)
    assert issues(hass) == {}
    assert online.name == "capteur01"


@pytest.mark.rule("S-67")
@pytest.mark.parametrize("directed", [False, True])
async def test_own_assignments(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    directed: bool,
) -> None:
    """Own assignments that the broker delivers, also late ones, do not count as another server's."""
    broker = EchoingBroker(hass, mqtt_mock)
    board = FakeBoard(hass, mqtt_mock, directed=directed)
    for _ in range(3):
        await board.join()
        await board.start()
        await board.led(0)
        await board.leave()
        await later(hass, freezer, 20)
    assert await broker.echo() == 3
    await restart(hass, network)
    await assign_foreign(
        hass,
        f"{MAC};{board.credentials}",
        f"state/nameAssign/{MAC}" if directed else "state/nameAssign",
    )
    await later(hass, freezer, 1)
    assert issues(hass) == {}


@pytest.mark.rule("S-67")
@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("state/nameAssign", "", "malformed"),
        ("state/nameAssign", f"{MAC};x", "malformed"),
        ("state/nameAssign", "MAC;x;17", "malformed"),
        ("state/nameAssign", f"{MAC};{'x' * 29};{'1' * 18}", "too_long"),
    ],
)
async def test_no_assignment(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    *,
    topic: str,
    payload: str,
    reason: str,
) -> None:
    """Invalid assignments are discarded and do not count as another server."""
    await assign_foreign(hass, payload, topic)
    await later(hass, freezer, 1)
    assert issues(hass) == {}
    assert network.runtime_data.statistics.discarded == {reason: 1}


@pytest.mark.rule("S-64", "S-67")
async def test_two_servers_are_no_conflict(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    board: FakeBoard,
) -> None:
    """A board that uses the answers of two servers in turn is not reported as two boards."""
    broker = EchoingBroker(hass, mqtt_mock)
    for number in range(8):
        await board.join()
        await broker.echo()
        foreign = f"capteur01;{freezer().timestamp() + 0.5:.6f}"
        await assign_foreign(hass, f"{MAC};{foreign}")
        if number % 2:
            board.name, board.session_id = foreign.split(";")
        await board.start()
        await board.led(0)
        for _ in range(20):
            await board.light(50)
            await later(hass, freezer, 2)
        await board.leave()
    assert set(issues(hass)) == {"other_server", "unknown_sessions"}


# Unknown sessions


async def speak(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    boards: list[FakeBoard],
    seconds: int,
) -> None:
    """Have boards report light every 2 s."""
    for _ in range(0, seconds, 2):
        for board in boards:
            await board.light(50)
        await later(hass, freezer, 2)


@pytest.mark.rule("S-64", "S-68")
async def test_entry_deleted_and_added_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
) -> None:
    """Boards that continue after the entry was added again are reported, and their names stay reserved."""
    entry = await set_up()
    running = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in range(3)]
    for board in running:
        await board.join()
        await board.start()
        await board.led(0)
    await hass.config_entries.async_remove(entry.entry_id)
    await set_up()
    await speak(hass, freezer, running, 8)
    assert issues(hass) == {}
    new = FakeBoard(hass, mqtt_mock)
    await new.join()
    assert new.name == "capteur04"
    await new.start()
    await new.led(0)
    await speak(hass, freezer, [*running, new], 120)
    shown = issues(hass)
    assert list(shown) == ["unknown_sessions"]
    assert shown["unknown_sessions"]["count"] == "3"
    assert shown["unknown_sessions"]["names"] == "capteur01, capteur02, capteur03"
    # Switched off and on, each gets a name of its own.
    for board in running:
        await board.join()
        await board.start()
        await board.led(0)
    assert [board.name for board in running] == ["capteur05", "capteur06", "capteur07"]
    await speak(hass, freezer, [*running, new], 64)
    assert issues(hass) == {}
    assert all(board.states["online"] == "on" for board in running)


@pytest.mark.rule("S-64", "S-68")
async def test_restored_backup(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
) -> None:
    """A board that got its name after the backup is not confused with the next new board."""
    entry = await set_up()
    young, new = (FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in (1, 2))
    await young.join()
    await young.start()
    await young.led(0)
    # The files are those of before.
    running = entry.runtime_data
    await running.management.async_forget(
        running.registry.boards[young.mac], young.device
    )
    running.registry.next_number = 1
    running.registry.sessions_changed = True
    await restart(hass, entry)
    # It joins before the other one is heard.
    await new.join()
    assert new.name == young.name
    await new.start()
    await new.led(0)
    await speak(hass, freezer, [young, new], 120)
    shown = issues(hass)
    assert list(shown) == ["unknown_sessions"]
    assert shown["unknown_sessions"]["names"] == "capteur01"
    assert new.states["online"] == "on"


@pytest.mark.rule("S-62", "S-68")
async def test_name_in_use_is_not_given(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    online: FakeBoard,
) -> None:
    """A name in use in an unknown session cannot be given; it is free a minute after the last message."""
    stranger = FakeBoard(hass, mqtt_mock, OTHER_MAC)
    stranger.name, stranger.session_id = "LeBron", "1743946777.603371"
    await stranger.light(50)
    rename = {"device_id": online.device.id, "name": "LeBron"}
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(DOMAIN, "rename_board", rename, blocking=True)
    await later(hass, freezer, 61)
    await hass.services.async_call(DOMAIN, "rename_board", rename, blocking=True)
    await online.join()
    assert online.name == "LeBron"


@pytest.mark.rule("S-68")
async def test_late_messages_are_no_board(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, online: FakeBoard
) -> None:
    """Late messages of a replaced session and late wills are not reported."""
    old = online.credentials
    await online.join()
    for _ in range(4):
        await online.publish("photoresistor/status", f"{old};1")
        await later(hass, freezer, 2)
    for _ in range(30):
        await online.publish("state/leave", "capteur09;1743946777.603371")
        await later(hass, freezer, 2)
    assert "unknown_sessions" not in issues(hass)


@pytest.mark.rule("S-68")
@pytest.mark.parametrize(
    "credentials", ["x;", ";1743946777.603371", "a\u202eb;17", "x;123456789012345678"]
)
async def test_impossible_credentials(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    board: FakeBoard,
    credentials: str,
) -> None:
    """Messages with impossible credentials are discarded and not reported."""
    for _ in range(10):
        await board.publish("photoresistor/status", f"{credentials};1")
        await later(hass, freezer, 2)
    assert issues(hass) == {}


@pytest.mark.rule("S-68")
async def test_unknown_names_are_text_and_limited(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
) -> None:
    """Of many invented names a limited number is kept and listed, as plain text."""
    entry = await set_up(board_limit=15)
    board = FakeBoard(hass, mqtt_mock)
    board.session_id = "1743946777.603371"
    for _ in range(7):
        for number in range(20):
            board.name = f"[x](//e.com) <b>*{number:02}*"
            await board.light(1)
        await later(hass, freezer, 2)
    heard = entry.runtime_data.server.problems.unknown_sessions
    assert len(heard.active) == 15
    shown = issues(hass)["unknown_sessions"]
    assert shown["count"] == "15"
    assert shown["names"].count(",") == NAMES_LISTED
    assert shown["names"].endswith("…")
    assert r"\[x\]\(\/\/e\.com\) \<b\>\*00\*" in shown["names_in_text"]


# Conflicts


@pytest.mark.rule("S-64", "S-69")
@pytest.mark.parametrize("will_arrives", [True, False])
async def test_restarted_every_18_seconds(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    board: FakeBoard,
    will_arrives: bool,
) -> None:
    """A board that is switched off and on repeatedly is not reported."""
    for _ in range(12):
        await board.join()
        await board.start()
        await board.led(0)
        await later(hass, freezer, 16)
        if will_arrives:
            await board.leave()
        await later(hass, freezer, 2)
    assert issues(hass) == {}


@pytest.mark.rule("S-69")
async def test_restarts_all_the_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """Frequent joins are reported as restarts and not as a conflict."""
    for _ in range(5):
        assert issues(hass) == {}
        await board.join()
        await board.start()
        await board.led(0)
        await later(hass, freezer, 10)
        await board.leave()
    await later(hass, freezer, 1)
    assert list(issues(hass)) == ["restarting"]
    await later(hass, freezer, 600)
    assert issues(hass) == {}


@pytest.mark.rule("S-64")
async def test_four_sessions_in_four_seconds(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """Four new sessions within 4 s are reported as a conflict."""
    for _ in range(5):
        await board.join()
        await board.start()
        await board.led(0)
    await later(hass, freezer, 1)
    assert list(issues(hass)) == ["contested"]
    await later(hass, freezer, 600)
    assert issues(hass) == {}


@pytest.mark.rule("S-64", "S-68")
async def test_older_session_of_a_board_that_never_started_the_newer(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    online: FakeBoard,
) -> None:
    """A board whose newer session was never started continues in the older one and is reported."""
    await FakeBoard(hass, mqtt_mock).join()
    await speak(hass, freezer, [online], 60)
    assert list(issues(hass)) == ["unknown_sessions"]


async def test_issue_ids_of_earlier_releases(
    hass: HomeAssistant, network: ConfigEntry, set_up: SetUp
) -> None:
    """Issues of earlier releases with MACs in their ids are deleted, and no others."""
    for domain, issue_id in (
        (DOMAIN, f"{network.entry_id}_waiting_{MAC}"),
        (DOMAIN, f"{network.entry_id}_too_many_boards_"),
        (DOMAIN, f"another_waiting_{MAC}"),
        ("other", f"{network.entry_id}_waiting_{MAC}"),
    ):
        ir.async_create_issue(
            hass,
            domain,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="too_many_boards",
            translation_placeholders=for_issue(limit="1", network="network"),
        )
    await restart(hass, network)
    assert set(ir.async_get(hass).issues) == {
        (DOMAIN, f"{network.entry_id}_too_many_boards_"),
        (DOMAIN, f"another_waiting_{MAC}"),
        ("other", f"{network.entry_id}_waiting_{MAC}"),
    }


async def test_flood(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    approval: ConfigEntry,
) -> None:
    """A flood of invented MACs is counted and leads to a limited number of issues."""
    for n in range(WAITING_AT_MOST + 10):
        await FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:{n:02X}").join()
    await later(hass, freezer, 1)
    assert issue_keys(hass) == ["waiting"] * WAITING_AT_MOST
    assert approval.runtime_data.statistics.discarded == {
        "not_admitted": WAITING_AT_MOST + 10
    }
    # Boards that have not joined again for a long time are replaced by those that join.
    board = FakeBoard(hass, mqtt_mock)
    await later(hass, freezer, 30)
    await FakeBoard(hass, mqtt_mock, "AA:00:00:00:00:00").join()
    await board.join()
    assert MAC not in approval.runtime_data.registry.admission.waiting
    await later(hass, freezer, 30)
    await board.join()
    waiting = approval.runtime_data.registry.admission.waiting
    assert len(waiting) == WAITING_AT_MOST
    assert {MAC, "AA:00:00:00:00:00"} < waiting.keys()


@pytest.mark.rule("S-61")
async def test_limit(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    set_up: SetUp,
) -> None:
    """A full network admits no board, which is reported."""
    entry = await set_up(board_limit=1)
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{n}") for n in range(2)]
    await boards[0].join()
    await later(hass, freezer, 1)
    assert issue_keys(hass) == []
    await boards[1].join()
    await later(hass, freezer, 1)
    assert issue_keys(hass) == ["too_many_boards"]
    assert boards[1].name == ""
    await change_options(hass, entry, board_limit=2)
    await boards[1].join()
    assert boards[1].name == "capteur02"
    assert issue_keys(hass) == []


@pytest.mark.rule("S-64")
async def test_not_contested(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, board: FakeBoard
) -> None:
    """A board that is switched off and on is not reported."""
    for _ in range(5):
        await board.join()
        await board.start()
        old = board.credentials
        await board.leave()
        await later(hass, freezer, 21)
        # Late messages of an old session.
        await board.publish("state/leave", old)
    assert issue_keys(hass) == []


@pytest.mark.rule("S-64")
async def test_contested(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    mqtt_mock: MqttMockHAClient,
    network: ConfigEntry,
    online: FakeBoard,
) -> None:
    """Two boards with one MAC are reported when one continues in its old session."""
    other = FakeBoard(hass, mqtt_mock)
    await other.join()
    await other.start()
    await other.led(0)
    for _ in range(14):
        await later(hass, freezer, 2)
        await online.light(1)
        await other.light(2)
    await online.publish("photoresistor/status", f"{online.name};17;1")
    assert issue_keys(hass) == []
    for _ in range(4):
        await later(hass, freezer, 2)
        await online.light(1)
        await other.light(2)
    await later(hass, freezer, 1)
    assert issue_keys(hass) == ["contested"]
    # It is so also after a restart.
    await restart(hass, network)
    for _ in range(3):
        await other.light(2)
        await online.light(1)
    await later(hass, freezer, 1)
    assert issue_keys(hass) == ["contested"]


@pytest.mark.rule("S-63", "S-64")
async def test_contested_board_is_deleted(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    network: ConfigEntry,
    board: FakeBoard,
) -> None:
    """The issue of a contested board ends with the board, and the checks go on."""
    for _ in range(5):
        await board.join()
        await board.start()
    await later(hass, freezer, 1)
    assert list(issues(hass)) == ["contested"]
    running = network.runtime_data
    await running.management.async_forget(running.registry.boards[MAC], board.device)
    await later(hass, freezer, 1)
    assert issues(hass) == {}
    await board.join()
    assert board.name == "capteur02"
