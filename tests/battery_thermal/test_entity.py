"""What all entities of a node have in common."""

from homeassistant.const import UnitOfTemperature
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .world import World


async def test_an_uplink_writes_what_it_changes(world: World) -> None:
    """States that an uplink does not change are not written again."""
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
    """The next uplink has them, even in states that it does not change."""
    await world.image()
    threshold = world.state("number", "threshold")
    unit = threshold.attributes["unit_of_measurement"]
    assert unit == UnitOfTemperature.CELSIUS
    world.hass.config.units = US_CUSTOMARY_SYSTEM
    await world.step()
    threshold = world.state("number", "threshold")
    unit = threshold.attributes["unit_of_measurement"]
    assert unit == UnitOfTemperature.FAHRENHEIT
