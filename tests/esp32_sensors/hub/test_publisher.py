"""Tests of messages to the boards."""

import asyncio
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message
from pytest_homeassistant_custom_component.typing import MqttMockHAClient

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from tests.esp32_sensors.conftest import MAC, FakeBoard, disk_that_refuses


async def test_asks_while_answer_waits(
    hass: HomeAssistant, mqtt_mock: MqttMockHAClient, network: ConfigEntry
) -> None:
    """A few assignments are in transit at a time; a board that joins meanwhile is answered once."""
    boards = [FakeBoard(hass, mqtt_mock, f"AA:00:00:00:00:{n:02X}") for n in range(6)]
    gate = asyncio.Event()
    publish = mqtt_mock.async_publish

    async def slow(*args: Any, **kwargs: Any) -> None:
        await gate.wait()
        await publish(*args, **kwargs)

    with patch.object(mqtt_mock, "async_publish", side_effect=slow) as sent:
        for board in boards:
            board.waits = False
            await board.publish("state/join", board.mac)
        assert sent.call_count == 4
        await boards[5].publish("state/join", boards[5].mac)
        assert sent.call_count == 4
        gate.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert sent.call_count == 6


@pytest.mark.rule("S-05")
async def test_disk_full(
    hass: HomeAssistant, board: FakeBoard, caplog: pytest.LogCaptureFixture
) -> None:
    """An assignment is sent only after it is on the disk."""
    with (
        patch("custom_components.esp32_sensors.hub.assignments._RETRY", 0),
        disk_that_refuses(1) as writes,
    ):
        async_fire_mqtt_message(hass, "state/join", MAC, qos=2)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert writes == [False, True]
    assert len(board.received("state/nameAssign")) == 1
    assert "Error writing config for esp32_sensors" in caplog.text


async def test_broker_gone_while_answering(
    hass: HomeAssistant, board: FakeBoard, mqtt_mock: MqttMockHAClient
) -> None:
    """An assignment that cannot be sent is sent with the next join."""
    with patch.object(mqtt_mock, "async_publish", side_effect=HomeAssistantError):
        await board.publish("state/join", MAC)
    await board.join()
    assert board.name == "capteur01"
