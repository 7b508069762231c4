"""Diagnostics help, and betray no key."""

import json

from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .common import KEY
from .world import World


async def test_diagnostics(world: World, hass_client: ClientSessionGenerator) -> None:
    """Everything that helps is there, before and after the first image."""
    diagnostics = await get_diagnostics_for_config_entry(
        world.hass, hass_client, world.entry
    )
    assert diagnostics["nodes"]["garage"]["image"] is None

    image = await world.image()
    await world.call("number", "threshold", "set_value", value=60)
    diagnostics = await get_diagnostics_for_config_entry(
        world.hass, hass_client, world.entry
    )

    assert diagnostics["entry"]["api_key"] == "**REDACTED**"
    assert KEY not in json.dumps(diagnostics)
    node = diagnostics["nodes"]["garage"]
    assert node["settings"] == {"device_id": "garage", "layout": "slow_24"}
    assert node["image"]["maximum"] == image.maximum / 10
    assert node["delivery"]["wanted"]["threshold"] == 60
    assert node["link"]["gateways"] == 1
