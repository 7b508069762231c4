"""Tests of the devices that an action is aimed at."""

from typing import Any

import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.battery_thermal.api.target import (
    async_target_devices,
    is_aimed_at_all,
    is_aimed_at_one_device,
    target_schema,
)
from custom_components.battery_thermal.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)

SCHEMA = target_schema({vol.Optional("fan"): bool})


@pytest.mark.parametrize(
    ("data", "one", "everything"),
    [
        ({"device_id": "a"}, True, False),
        ({"device_id": ["a"]}, True, False),
        ({"device_id": ["a", "b"]}, False, False),
        ({"device_id": "a", "area_id": "cellar"}, False, False),
        ({"entity_id": "select.mode"}, False, False),
        ({"entity_id": "all"}, False, True),
        ({"label_id": "power"}, False, False),
    ],
)
def test_aim(data: dict[str, Any], one: bool, everything: bool) -> None:
    """One device is named by its id alone; `all` is a word of its own."""
    validated = SCHEMA({**data, "metadata": {}, "fan": True})
    assert "metadata" not in validated
    assert is_aimed_at_one_device(validated) is one
    assert is_aimed_at_all(validated) is everything


@pytest.mark.parametrize("data", [{}, {"fan": True}, {"device_id": "a", "other": 1}])
def test_refused(data: dict[str, Any]) -> None:
    """A target is needed, and other fields than the action's are not accepted."""
    with pytest.raises(vol.Invalid):
        SCHEMA(data)


class House:
    """A house with two devices of the domain and one of another, all in one area."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Register the devices, the second one with an entity."""
        self.hass = hass
        self.area = ar.async_get(hass).async_create("Cellar").id
        self.ids = {
            name: self._register(domain, name)
            for domain, name in ((DOMAIN, "Shed"), (DOMAIN, "Garage"), ("other", "TV"))
        }
        self.entity = (
            er.async_get(hass)
            .async_get_or_create("select", DOMAIN, "mode", device_id=self.ids["Garage"])
            .entity_id
        )

    def _register(self, domain: str, name: str) -> str:
        entry = MockConfigEntry(domain=domain)
        entry.add_to_hass(self.hass)
        devices = dr.async_get(self.hass)
        device = devices.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={(domain, name)}, name=name
        )
        devices.async_update_device(device.id, area_id=self.area)
        return device.id

    def found(self, **data: Any) -> list[tuple[str, bool]]:
        """Return ids or names of the devices of a target, and whether they are named."""
        return [
            ((one.device and one.device.name) or one.device_id, one.named)
            for one in async_target_devices(self.hass, DOMAIN, SCHEMA(data))
        ]


async def test_devices(hass: HomeAssistant) -> None:
    """Groups have the devices of the domain, by name; a named one is there in any case."""
    house = House(hass)
    both = [("Garage", False), ("Shed", False)]
    assert house.found(area_id=house.area) == both
    assert house.found(entity_id="all") == both
    assert house.found(entity_id=house.entity) == [("Garage", False)]
    assert house.found(device_id=house.ids["TV"]) == [("TV", True)]
    assert house.found(device_id="gone") == [("gone", True)]
    mixed = house.found(device_id=house.ids["Shed"], area_id=house.area)
    assert mixed == [("Garage", False), ("Shed", True)]
    assert house.found(entity_id="select.unknown") == []
