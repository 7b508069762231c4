"""Tests of the targets of actions."""

import asyncio
from collections.abc import Callable
from typing import Any

import probatio as vol
import pytest

from custom_components.esp32_sensors.const import DOMAIN
from custom_components.esp32_sensors.core.pacing import INTERVAL
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from tests.esp32_sensors.conftest import FakeBoard, settle

type Target = dict[str, Any]
type MakeTarget = Callable[[HomeAssistant, list[FakeBoard]], Target]


async def last_values(
    hass: HomeAssistant, target: Target, user_id: str | None = None
) -> Any:
    """Call the action that returns the last values."""
    return await hass.services.async_call(
        DOMAIN,
        "get_last_values",
        target=target,
        blocking=True,
        return_response=True,
        context=Context(user_id=user_id),
    )


def by_devices(hass: HomeAssistant, boards: list[FakeBoard]) -> Target:
    """Target the devices."""
    return {"device_id": [board.device.id for board in boards]}


def by_entities(hass: HomeAssistant, boards: list[FakeBoard]) -> Target:
    """Target an entity of each, one of them diagnostic."""
    return {
        "entity_id": [
            boards[0].entity_id("switch", "led"),
            boards[1].entity_id("sensor", "joined_at"),
            "light.of_another_integration",
        ]
    }


def by_area(hass: HomeAssistant, boards: list[FakeBoard]) -> Target:
    """Target the area of the boards."""
    area = ar.async_get(hass).async_create("Garden")
    for board in boards:
        dr.async_get(hass).async_update_device(board.device.id, area_id=area.id)
    return {"area_id": area.id}


def by_floor(hass: HomeAssistant, boards: list[FakeBoard]) -> Target:
    """Target the floor of the boards."""
    floor = fr.async_get(hass).async_create("Ground")
    area_id = by_area(hass, boards)["area_id"]
    ar.async_get(hass).async_update(area_id, floor_id=floor.floor_id)
    return {"floor_id": [floor.floor_id]}


def by_label(hass: HomeAssistant, boards: list[FakeBoard]) -> Target:
    """Target a label of a device and of an entity."""
    label = lr.async_get(hass).async_create("Outside")
    labels = {label.label_id}
    dr.async_get(hass).async_update_device(boards[0].device.id, labels=labels)
    led = boards[1].entity_id("switch", "led")
    er.async_get(hass).async_update_entity(led, labels=labels)
    return {"label_id": [label.label_id]}


def by_all(hass: HomeAssistant, boards: list[FakeBoard]) -> Target:
    """Target all entities."""
    return {"entity_id": "all"}


MAKE = pytest.mark.parametrize(
    "make_target", [by_devices, by_entities, by_area, by_floor, by_label, by_all]
)


@MAKE
async def test_every_target(
    hass: HomeAssistant, boards: list[FakeBoard], make_target: MakeTarget
) -> None:
    """Each kind of target finds the boards."""
    result = await last_values(hass, make_target(hass, boards))
    assert result.keys() == {"boards"}
    assert {values["mac"] for values in result["boards"].values()} == {
        board.mac for board in boards
    }


@MAKE
async def test_set_led(
    hass: HomeAssistant, boards: list[FakeBoard], make_target: MakeTarget
) -> None:
    """All LEDs are switched, on shared topics in turn, without waiting for confirmations."""
    for board in boards:
        board.waits = False
    target = make_target(hass, boards)
    switching = hass.async_create_task(
        hass.services.async_call(
            DOMAIN, "set_led", {"led": True}, target=target, blocking=True
        )
    )
    await settle()
    await asyncio.sleep(len(boards) * INTERVAL)
    await settle()
    for board in boards:
        assert f"{board.credentials};1" in board.received("led/command")
        await board.led(1)
    await switching


async def test_some_leds_fail(hass: HomeAssistant, boards: list[FakeBoard]) -> None:
    """One failed board raises its own error; several raise one with their names."""
    target = by_devices(hass, boards)
    await boards[0].leave()
    boards[1].waits = False

    async def switch() -> str | None:
        with pytest.raises(HomeAssistantError) as error:
            await hass.services.async_call(
                DOMAIN, "set_led", {"led": True}, target=target, blocking=True
            )
        assert "capteur01" in (error.value.translation_placeholders or {}).values() or (
            error.value.translation_placeholders
            == {"count": "2", "all": "2", "names": "capteur01, capteur02"}
        )
        return error.value.translation_key

    switching = hass.async_create_task(switch())
    await settle()
    await boards[1].led(1)
    assert await switching == "board_offline"
    await boards[1].leave()
    await hass.async_block_till_done()
    assert await switch() == "leds_not_switched"


async def test_rename(hass: HomeAssistant, boards: list[FakeBoard]) -> None:
    """One name for two boards is an error; each can get the name of its device."""
    target = by_devices(hass, boards)
    with pytest.raises(ServiceValidationError) as error:
        await hass.services.async_call(
            DOMAIN, "rename_board", {"name": "x"}, target=target, blocking=True
        )
    assert error.value.translation_key == "one_name_many_boards"
    for number, board in enumerate(boards):
        dr.async_get(hass).async_update_device(
            board.device.id, name_by_user=f"Hall {number}"
        )
    await hass.services.async_call(DOMAIN, "rename_board", target=target, blocking=True)
    for number, board in enumerate(boards):
        await board.join()
        assert board.name == f"Hall {number}"


async def test_no_target(hass: HomeAssistant, boards: list[FakeBoard]) -> None:
    """A target is required."""
    with pytest.raises(vol.Invalid):
        await last_values(hass, {})
