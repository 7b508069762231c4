"""Tests of the blueprint for boards that are offline and nodes that are silent."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from tests.blueprints.common import (
    pass_time,
    rename_entities,
    save_another,
    settle,
    use_blueprint,
)
from tests.blueprints.phone import Phone
from tests.clocks import jumps, set_clock
from tests.esp32_sensors.conftest import FakeBoard, SetUp, restart

PATH = "automation/esp32_sensors/away.yaml"


@pytest.fixture
async def boards(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: MqttMockHAClient
) -> list[FakeBoard]:
    """Return three boards that are online and send nothing."""
    await set_up(silence_limit=0)
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:0{i}") for i in range(3)]
    for board in boards:
        await board.join()
        await come(board)
        board.waits = False
    return boards


async def come(board: FakeBoard) -> None:
    """Let a board start its session."""
    await board.start()
    await board.led(0)


async def use(
    hass: HomeAssistant, phone: Phone, boards: list[FakeBoard], **inputs: Any
) -> None:
    """Use the blueprint for boards."""
    await use_blueprint(hass, PATH, **chosen(phone, boards), **inputs)


def chosen(phone: Phone, boards: list[FakeBoard]) -> dict[str, Any]:
    """Return what a person has to choose."""
    return {
        "watched": [board.device.id for board in boards],
        "phone": phone.device_id,
    }


async def live(freezer: FrozenDateTimeFactory, seconds: int) -> None:
    """Let time pass in small steps, so that waiting automations run."""
    for _ in range(seconds // 20):
        await pass_time(freezer, 20)


async def test_away_and_back(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """Short absences are not notified; each longer one is notified once, with all absent boards."""
    first, second, _ = boards
    await use(hass, phone, boards)
    await first.leave()
    await live(freezer, 120)
    await come(first)
    await live(freezer, 600)
    assert not phone.received

    await first.leave()
    await live(freezer, 360)
    assert phone.notification["title"] == "Silent: capteur01"
    assert phone.notification["message"].startswith("capteur01 since ")
    assert phone.loud == 1
    await second.leave()
    await live(freezer, 900)
    assert phone.notification["title"] == "Silent: capteur01, capteur02"
    assert phone.notification["message"].count("\n") == 1
    assert phone.loud == 2

    await come(first)
    await live(freezer, 20)
    assert phone.notification["title"] == "Back: capteur01"
    assert phone.notification["message"].startswith("capteur02 since ")
    await come(second)
    await live(freezer, 20)
    assert phone.notification["title"] == "Back: capteur02"
    assert phone.notification["message"] == "All are there."
    assert phone.loud == 2
    await live(freezer, 600)
    assert len(phone.received) == 4


async def test_renamed_entities(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """Entities may be renamed, also while a board is away: it is not back for that."""
    first, second, _ = boards
    await use(hass, phone, boards)
    await rename_entities(hass, first.device.id)
    await first.leave()
    await live(freezer, 360)
    assert phone.notification["title"] == "Silent: capteur01"
    connectivity = first.entity_id("binary_sensor", "connectivity")
    er.async_get(hass).async_update_entity(
        connectivity, new_entity_id=f"{connectivity}_again"
    )
    await live(freezer, 400)
    assert len(phone.received) == 1
    await second.leave()
    await live(freezer, 400)
    assert phone.notification["title"] == "Silent: capteur01, capteur02"
    await come(first)
    await live(freezer, 20)
    assert phone.notification["title"] == "Back: capteur01"


@jumps
async def test_clock_is_set(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
    jump: int,
) -> None:
    """A board is notified after the chosen time, also when the clock is set meanwhile."""
    await use(hass, phone, boards)
    first, second, _ = boards
    await first.leave()
    await live(freezer, 120)
    set_clock(hass, freezer, jump)
    await second.leave()
    await live(freezer, 160)
    assert not phone.received
    await live(freezer, 60)
    assert phone.notification["title"] == "Silent: capteur01"
    await live(freezer, 160)
    assert phone.notification["title"] == "Silent: capteur01, capteur02"
    assert phone.loud == 2


async def test_clock_was_set_back_before_a_start(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """A board that left at a time in the future counts as absent for long enough."""
    await boards[0].leave()
    await live(freezer, 20)
    set_clock(hass, freezer, -86_400)
    await use(hass, phone, boards)
    hass.bus.async_fire("homeassistant_started")
    await live(freezer, 40)
    assert phone.notification["title"] == "Silent: capteur01"


async def test_all_at_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """A broker that stops causes one notification, which is removed when the broker is back."""
    await use(hass, phone, boards, tell_back=False)
    for board in boards:
        await board.leave()
    await live(freezer, 600)
    assert len(phone.received) == 1
    assert phone.notification["title"] == "Silent: capteur01, capteur02, capteur03"
    for board in boards:
        await come(board)
    await live(freezer, 40)
    assert phone.screen is None
    assert phone.loud == 1


async def test_after_a_start(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """After a start absent boards are notified without a sound, and outdated notifications removed."""
    first, second, _ = boards
    await use(hass, phone, boards)
    hass.bus.async_fire("automation_reloaded")
    await settle()
    await live(freezer, 20)
    assert [notification["message"] for notification in phone.received] == [
        "clear_notification"
    ]

    await first.leave()
    await live(freezer, 360)
    assert phone.loud == 1
    await hass.services.async_call(
        "automation",
        "turn_off",
        {"entity_id": "automation.under_test"},
        blocking=True,
    )
    await hass.services.async_call(
        "automation", "turn_on", {"entity_id": "automation.under_test"}, blocking=True
    )
    hass.bus.async_fire("automation_reloaded")
    await settle()
    await live(freezer, 400)
    assert phone.notification["title"] == "Silent: capteur01"
    assert phone.notification["data"]["importance"] == "low"
    assert phone.loud == 1
    await second.leave()
    await live(freezer, 400)
    assert phone.loud == 2


async def test_since(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """The start of an absence stays the same after a restart, and an earlier day is named."""
    first, second, _ = boards
    left = dt_util.now()
    for board in (first, second):
        await board.leave()
    await live(freezer, 120)
    # Without the sensor of the last message, only the time of the restart is known.
    er.async_get(hass).async_update_entity(
        second.entity_id("sensor", "last_seen"),
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    freezer.tick(86400)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await restart(hass, entry)
    restarted = dt_util.now()
    await use(hass, phone, boards[:2])
    hass.bus.async_fire("homeassistant_started")
    await live(freezer, 400)
    assert phone.screen
    now = dt_util.now()
    first_line, second_line = phone.notification["message"].splitlines()
    assert first_line == f"capteur01 since {left:%Y-%m-%d %H:%M}"
    today = restarted.date() == now.date()
    form = "%H:%M" if today else "%Y-%m-%d %H:%M"
    assert second_line == f"capteur02 since {restarted.strftime(form)}"


async def test_another_automation_is_saved(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """Saving another automation keeps the notification of a return; saving this one removes it."""
    first, *_ = boards
    inputs = chosen(phone, boards)
    await use_blueprint(hass, PATH, **inputs)
    await live(freezer, 20)
    await first.leave()
    await live(freezer, 400)
    assert phone.loud == 1
    await save_another(hass, PATH, **inputs)
    await come(first)
    await live(freezer, 60)
    assert phone.screen
    assert phone.notification["message"] == "All are there."
    received = len(phone.received)
    hass.bus.async_fire("automation_reloaded")
    await live(freezer, 60)
    assert len(phone.received) == received

    await save_another(hass, PATH, **inputs, tell_back=False)
    await live(freezer, 20)
    assert phone.screen is None


async def test_saved_while_a_board_is_away(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """The notification of a board that is no longer chosen is removed."""
    first, *others = boards
    await use_blueprint(hass, PATH, **chosen(phone, boards))
    await live(freezer, 20)
    await first.leave()
    await live(freezer, 400)
    assert phone.screen
    await save_another(hass, PATH, **chosen(phone, others))
    await live(freezer, 20)
    assert phone.screen is None
