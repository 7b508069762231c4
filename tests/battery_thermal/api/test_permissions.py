"""Tests of the permissions for actions and for the archive's pictures."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.battery_thermal.const import DOMAIN
from homeassistant.core import Context
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr
from tests.battery_thermal.world import World


async def act(world: World, user_id: str, action: str, **data: Any) -> object:
    """Call an action on the node as a user."""
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


async def test_read_only_user(world: World, hass_read_only_user: MockUser) -> None:
    """A read-only user gets an image, and can neither change settings nor write files."""
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
    """A user who may control a node's mode may call all its actions."""
    mode = world.entity_id("select", "mode")
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {mode: {"control": True}}}}
    )
    await world.image()
    await act(world, hass_read_only_user.id, "request_settings", fan=True)
    with pytest.raises(Unauthorized):
        await act(world, hass_read_only_user.id, "get_image")


async def test_deleted_user(world: World) -> None:
    """A deleted user has no permission."""
    with pytest.raises(UnknownUser):
        await act(world, "deleted", "request_settings", fan=True)
