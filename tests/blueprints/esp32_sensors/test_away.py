"""Boards that are away, and nodes that are silent."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from homeassistant.core import HomeAssistant
from tests.blueprints.common import pass_time, use_blueprint
from tests.blueprints.phone import Phone
from tests.esp32_sensors.conftest import FakeBoard, SetUp

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
    await use_blueprint(
        hass,
        PATH,
        watched=[board.entity_id("binary_sensor", "connectivity") for board in boards],
        phone=phone.device_id,
        **inputs,
    )


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
    await live(freezer, 400)
    assert phone.screen["title"] == "Silent: capteur01"
    assert phone.screen["data"]["importance"] == "low"
    assert phone.loud == 1
    await second.leave()
    await live(freezer, 400)
    assert phone.loud == 2
