"""Who may see images and change settings by actions and by the archive's pictures."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.battery_thermal.const import DOMAIN
from homeassistant.core import Context
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr

from .world import World


async def act(world: World, user_id: str, action: str, **data: Any) -> object:
    """Do something with the node as somebody."""
    (device,) = dr.async_entries_for_config_entry(
        dr.async_get(world.hass), world.entry.entry_id
    )
    return await world.hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device.id, **data},
        blocking=True,
        context=Context(user_id=user_id),
        return_response=True,
    )


SPAN = {"start": "2026-01-01 00:00:00", "filename": "/somewhere/images"}


async def test_who_may_only_look(world: World, hass_read_only_user: MockUser) -> None:
    """Somebody who may only look gets an image, but neither sets nor writes anything."""
    await world.image()
    reader = hass_read_only_user.id
    assert await act(world, reader, "get_image")
    for action, data in (
        ("request_settings", {"fan": True}),
        ("export", SPAN | {"filename": "/somewhere/images.csv"}),
        ("create_timelapse", SPAN | {"filename": "/somewhere/images.gif"}),
    ):
        with pytest.raises(Unauthorized):
            await act(world, reader, action, **data)
    assert not world.device.queue


async def test_one_node(world: World, hass_read_only_user: MockUser) -> None:
    """Who may choose a node's mode may have it do the rest."""
    mode = world.entity_id("select", "mode")
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {mode: {"control": True}}}}
    )
    await world.image()
    await act(world, hass_read_only_user.id, "request_settings", fan=True)
    with pytest.raises(Unauthorized):
        await act(world, hass_read_only_user.id, "get_image")


async def test_nobody(world: World) -> None:
    """Somebody who has been deleted may nothing."""
    with pytest.raises(UnknownUser):
        await act(world, "deleted", "request_settings", fan=True)
