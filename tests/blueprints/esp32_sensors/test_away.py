"""Boards that are away, and nodes that are silent."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from custom_components.esp32_sensors.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from tests.blueprints.common import pass_time, save_another, settle, use_blueprint
from tests.blueprints.phone import Phone
from tests.esp32_sensors.conftest import FakeBoard, SetUp, restart

PATH = "automation/esp32_sensors/away.yaml"


@pytest.fixture
async def boards(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: MqttMockHAClient
) -> list[FakeBoard]:
    """Return three boards that are there, though they say nothing more."""
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
        "watched": [
            board.entity_id("binary_sensor", "connectivity") for board in boards
        ],
        "phone": phone.device_id,
    }


async def live(freezer: FrozenDateTimeFactory, seconds: int) -> None:
    """Let time pass, in steps as what waits for something needs them."""
    for _ in range(seconds // 20):
        await pass_time(freezer, 20)


async def test_away_and_back(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """Short absences are not told; longer ones once each, with all that are away."""
    first, second, _ = boards
    await use(hass, phone, boards)
    await first.leave()
    await live(freezer, 120)
    await come(first)
    await live(freezer, 600)
    assert not phone.received

    await first.leave()
    await live(freezer, 360)
    assert phone.screen["title"] == "Silent: capteur01"
    assert phone.screen["message"].startswith("capteur01 since ")
    assert phone.loud == 1
    await second.leave()
    await live(freezer, 900)
    assert phone.screen["title"] == "Silent: capteur01, capteur02"
    assert phone.screen["message"].count("\n") == 1
    assert phone.loud == 2

    await come(first)
    await live(freezer, 20)
    assert phone.screen["title"] == "Back: capteur01"
    assert phone.screen["message"].startswith("capteur02 since ")
    await come(second)
    await live(freezer, 20)
    assert phone.screen["title"] == "Back: capteur02"
    assert phone.screen["message"] == "All are there."
    assert phone.loud == 2
    await live(freezer, 600)
    assert len(phone.received) == 4


async def test_all_at_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """A broker that dies is one notification, taken away when it is back."""
    await use(hass, phone, boards, tell_back=False)
    for board in boards:
        await board.leave()
    await live(freezer, 600)
    assert len(phone.received) == 1
    assert phone.screen["title"] == "Silent: capteur01, capteur02, capteur03"
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
    """Who is still away is told without a sound; what is out of date is taken away."""
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
    assert phone.screen["title"] == "Silent: capteur01"
    assert phone.screen["data"]["importance"] == "low"
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
    """A restart does not make an absence younger, and yesterday is said to be yesterday."""
    first, second, _ = boards
    left = dt_util.now()
    for board in (first, second):
        await board.leave()
    await live(freezer, 120)
    # One without the sensor that knows: then the restart is all that is known.
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
    first_line, second_line = phone.screen["message"].splitlines()
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
    """Who is back stays told, whenever that is; saving this very one takes it away."""
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
    assert phone.screen["message"] == "All are there."
    received = len(phone.received)
    hass.bus.async_fire("automation_reloaded")
    await live(freezer, 60)
    assert len(phone.received) == received

    await save_another(hass, PATH, **inputs, tell_back=False)
    await live(freezer, 20)
    assert phone.screen is None


async def test_saved_while_somebody_is_away(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    phone: Phone,
    boards: list[FakeBoard],
) -> None:
    """Who is watched no longer does not stay on the phone."""
    first, *others = boards
    await use_blueprint(hass, PATH, **chosen(phone, boards))
    await live(freezer, 20)
    await first.leave()
    await live(freezer, 400)
    assert phone.screen
    await save_another(hass, PATH, **chosen(phone, others))
    await live(freezer, 20)
    assert phone.screen is None
