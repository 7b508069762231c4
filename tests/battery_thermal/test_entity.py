"""Tests of the base class of a node's entities."""

from homeassistant.const import UnitOfTemperature
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
