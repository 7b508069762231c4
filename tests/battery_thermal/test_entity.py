"""Tests of the base class of a node's entities."""

import json
from pathlib import Path

from custom_components import battery_thermal
from homeassistant.const import UnitOfTemperature
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .world import World


async def test_an_uplink_writes_what_it_changes(world: World) -> None:
    """An uplink writes only the states that it changes."""
    await world.image()
    before = world.state("image", "thermal")
    await world.step(3)
    assert world.state("image", "thermal").state != before.state
    entities = er.async_entries_for_config_entry(
        er.async_get(world.hass), world.entry.entry_id
    )
    states = [world.hass.states.get(entity.entity_id) for entity in entities]
    written = [state for state in states if state]
    assert len(written) > 20
    for state in written:
        assert state.last_reported == state.last_updated, state.entity_id


async def test_the_house_takes_other_units(world: World) -> None:
    """The next uplink writes all states in the new units."""
    await world.image()
    threshold = world.state("number", "threshold")
    unit = threshold.attributes["unit_of_measurement"]
    assert unit == UnitOfTemperature.CELSIUS
    world.hass.config.units = US_CUSTOMARY_SYSTEM
    await world.step()
    threshold = world.state("number", "threshold")
    unit = threshold.attributes["unit_of_measurement"]
    assert unit == UnitOfTemperature.FAHRENHEIT


async def test_key(world: World) -> None:
    """An automation finds an entity by its key, also while the entity is unavailable."""
    await world.image()
    assert world.state("binary_sensor", "over_threshold").attributes["key"] == (
        "over_threshold"
    )
    threshold = world.state("number", "threshold").attributes
    assert (threshold["key"], "max" in threshold) == ("threshold", True)
    await world.pass_time(3600)
    alarm = world.state("binary_sensor", "over_threshold")
    assert (alarm.state, alarm.attributes["key"]) == ("unavailable", "over_threshold")


async def test_enabled_by_default(world: World) -> None:
    """Only what an owner looks at is enabled in a new installation."""
    (subentry_id,) = world.entry.subentries
    enabled = {
        entity.unique_id.removeprefix(f"{subentry_id}_")
        for entity in er.async_entries_for_config_entry(
            er.async_get(world.hass), world.entry.entry_id
        )
        if not entity.disabled
    }
    assert enabled == {
        *("thermal", "maximum", "minimum", "spread", "ambient", "over_ambient", "rise"),
        *("fan", "mode", "threshold", "pending"),
        *("over_threshold", "unseen_heat", "rise_warning", "rise_alarm"),
        *("silent", "image_too_old", "alarm", "report"),
        *("rise_warning_limit", "rise_alarm_limit", "image_age_limit"),
    }


OF_HOME_ASSISTANT = frozenset(
    [
        "access_token",
        "device_class",
        "entity_picture",
        "event_type",
        "event_types",
        "friendly_name",
        "icon",
        "max",
        "min",
        "options",
        "percentage",
        "percentage_step",
        "preset_mode",
        "preset_modes",
        "state_class",
        "step",
        "supported_features",
        "unit_of_measurement",
    ]
)
"""Attributes that Home Assistant names itself, of the platforms in use."""


async def test_attributes_have_names(all_entities: None, world: World) -> None:
    """Each attribute has a translated name, also those of alarms and of lost lines."""
    texts = json.loads(
        (Path(battery_thermal.__file__).parent / "translations/en.json").read_text()
    )["entity"]
    await world.configure(cells={"rows": 2, "columns": 2})
    seen: dict[tuple[str, str], set[str]] = {}
    registry = er.async_get(world.hass)

    @callback
    def collect() -> None:
        entries = er.async_entries_for_config_entry(registry, world.entry.entry_id)
        for entity in entries:
            state = world.hass.states.get(entity.entity_id)
            assert state
            assert entity.translation_key
            found = seen.setdefault((entity.domain, entity.translation_key), set())
            # `key` is for automations only; a number's `mode` is how it is entered.
            other = {"key"} | ({"mode"} if entity.domain == "number" else set())
            found |= state.attributes.keys() - OF_HOME_ASSISTANT - other

    await world.image()
    await world.call("number", "threshold", "set_value", value=40)
    await world.image()
    world.model.heat((1, 1), 350)
    for _ in range(3):
        await world.image()
        collect()
    await world.hass.services.async_call(
        "battery_thermal",
        "acknowledge_alarm",
        {"entity_id": world.entity_id("fan", "fan"), "note": "Seen"},
        blocking=True,
    )
    await world.hass.async_block_till_done()
    collect()
    assert {"by", "note", "since"} <= seen["event", "alarm"]
    assert {"acknowledged", "over_range"} <= seen["binary_sensor", "over_threshold"]
    for (domain, key), names in seen.items():
        named = texts[domain][key].get("state_attributes", {}).keys()
        assert names <= named, (domain, key)
