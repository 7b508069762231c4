"""Tests of drift in Home Assistant: entities, the action, the load sensor, restarts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.battery_thermal.device.node_storage import node_store
from custom_components.battery_thermal.thermal.alarm_kinds import Level, LogKind
from custom_components.battery_thermal.thermal.cell_state import LEARNING_DAYS
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import Context
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .common import DOMAIN
from .test_init import restart
from .world import World

GRID: dict[str, object] = {"rows": 2, "columns": 3}
SENSOR = "sensor.bank_current"
DAYS: HassKey[float] = HassKey("days_of_drift")


def learn(world: World, days: float, added: float = 0.0, cell: int = 2) -> None:
    """Let the rule see an image an hour, as many days, a cell warmer by some K."""
    images = world.record.images
    image = images.measured
    assert image
    cells = list(world.record.watch.cells)
    warmed = (cells[cell].maximum or 0.0) + added
    cells[cell] = replace(cells[cell], maximum=warmed)
    begin = image.started_at + timedelta(days=world_days(world))
    for hour in range(round(days * 24)):
        images.drift.evaluate(
            begin + timedelta(hours=hour),
            cells,
            circumstances="fast still",
            ambient=20.0,
        )
    world.hass.data[DAYS] = world_days(world) + days


def world_days(world: World) -> float:
    """Return how many days the rule has seen in advance."""
    return world.hass.data.setdefault(DAYS, 1.0)


async def drifted(world: World, added: float = 2.0) -> None:
    """Learn what is usual, and warm the third cell."""
    learn(world, LEARNING_DAYS + 2)
    learn(world, 7, added)
    world.battery_node.async_set_alarm_limits()
    await world.hass.async_block_till_done()


async def test_entities(bank: World) -> None:
    """The node says that a cell drifts, each cell how far it is off."""
    state = bank.state("binary_sensor", "drift")
    assert state.state == STATE_UNKNOWN
    assert state.attributes["cells"] == []
    assert state.attributes["days_to_learn"] == LEARNING_DAYS
    assert bank.state("sensor", "cell_drift_2").state == STATE_UNKNOWN

    await drifted(bank)
    state = bank.state("binary_sensor", "drift")
    assert state.state == "on"
    (found,) = state.attributes["cells"]
    assert (found["cell"], found["amount"]) == ("A3", 2.0)
    assert state.attributes["unit"] == "K"
    assert state.attributes["learned_days"] == LEARNING_DAYS
    cell = bank.state("sensor", "cell_drift_2")
    assert float(cell.state) == pytest.approx(2.0, abs=0.05)
    assert cell.attributes["since"] == found["since"]
    other = bank.state("sensor", "cell_drift_0")
    assert float(other.state) == pytest.approx(0.0, abs=0.05)
    assert other.attributes["since"] is None


async def test_acknowledged(bank: World) -> None:
    """The alarm is acknowledged by its kind, as at its banner; the state stays."""
    assert "acknowledged" not in bank.state("binary_sensor", "drift").attributes
    await drifted(bank)
    assert bank.state("binary_sensor", "drift").attributes["acknowledged"] is False
    bank.record.images.log_drift(bank.now)
    alarm = bank.record.images.journal.find(LogKind.DRIFT, "A3")
    assert alarm
    answer = await bank.hass.services.async_call(
        DOMAIN,
        "acknowledge_alarm",
        {"entity_id": bank.entity_id("binary_sensor", "drift"), "kind": "drift"},
        blocking=True,
        return_response=True,
    )
    assert alarm.alarm_id in str(answer)
    await bank.hass.async_block_till_done()
    state = bank.state("binary_sensor", "drift")
    assert (state.state, state.attributes["acknowledged"]) == ("on", True)


async def test_unit(bank: World) -> None:
    """Attributes are in the unit of the house."""
    bank.hass.config.units = US_CUSTOMARY_SYSTEM
    await drifted(bank)
    attributes = bank.state("binary_sensor", "drift").attributes
    assert attributes["unit"] == "°F"
    assert attributes["cells"][0]["amount"] == 3.6


async def test_enabled_by_default(world: World) -> None:
    """The alarm is, the sensor of each cell is not; without cells there is neither."""
    registry = er.async_get(world.hass)
    assert not [name for name in registry.entities if "drift" in name]
    await world.configure(cells=GRID)
    assert world.state("binary_sensor", "drift")
    cell = registry.async_get(world.entity_id("sensor", "cell_drift_0"))
    assert cell
    assert cell.disabled
    await world.configure(cells={})
    assert not [name for name in registry.entities if "drift" in name]


async def test_restart(bank: World) -> None:
    """A restart neither raises nor ends a drift, nor is what was learned lost."""
    await drifted(bank)
    # A time in the future is not used.
    bank.freezer.tick(timedelta(days=LEARNING_DAYS + 20))
    before = bank.state("binary_sensor", "drift")
    await restart(bank)
    after = bank.state("binary_sensor", "drift")
    assert after.state == "on"
    assert after.attributes["cells"] == before.attributes["cells"]


async def test_record_of_an_earlier_release(bank: World) -> None:
    """It has none of this; learning begins."""
    await drifted(bank)
    await bank.hass.config_entries.async_unload(bank.entry.entry_id)
    (subentry_id,) = bank.entry.subentries
    store = node_store(bank.hass, subentry_id)
    data = await store.async_load()
    assert data
    del data["drift"]
    await store.async_save(data)
    connections = bank.connections
    await bank.hass.config_entries.async_setup(bank.entry.entry_id)
    await bank.reconnected(connections)
    await bank.hass.async_block_till_done()
    assert bank.state("binary_sensor", "drift").state == STATE_UNKNOWN


async def test_other_corrections(bank: World) -> None:
    """What was learned with other corrections is not used."""
    await drifted(bank)
    await bank.configure(correction={"offset": 1.0})
    assert bank.state("binary_sensor", "drift").state == STATE_UNKNOWN


async def act(world: World, context: Context | None = None, **data: Any) -> None:
    """Call the action on the node."""
    (subentry_id,) = world.entry.subentries
    device = dr.async_get(world.hass).async_get_device_by_identifier(
        (DOMAIN, subentry_id), world.entry.entry_id
    )
    assert device
    await world.hass.services.async_call(
        DOMAIN,
        "learn_baseline",
        {"device_id": device.id, **data},
        blocking=True,
        context=context,
    )
    await world.hass.async_block_till_done()


async def test_image_of_a_node(bank: World) -> None:
    """Each image that has ended is compared, apart from those with the fan on."""
    drift = bank.record.images.drift

    def hours(cell: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = drift.as_dict()["cells"][cell]["hours"]
        return found

    assert {name: sums[2] for name, sums in hours().items()} == {"0 fast still": 1}
    bank.model.heat((0, 0), 320)
    await bank.image()
    # Heat above the range of the node is no deviation.
    assert {name: sums[2] for name, sums in hours().items()} == {"0 fast still": 1}
    assert {name: sums[2] for name, sums in hours(5).items()} == {
        "0 fast still": 1,
        "0 fast fan": 1,
    }


async def test_load_sensor(world: World) -> None:
    """The load is that of the sensor at the time of the image."""
    world.hass.states.async_set(SENSOR, "12.5")
    await world.configure(cells=GRID, load_sensor=SENSOR)
    at = world.record.images.load_at
    assert at
    assert at(world.now + timedelta(seconds=1)) == 12.5**2
    await world.image()
    assert "fast still load" in str(world.record.images.drift.as_dict())
    world.hass.states.async_set(SENSOR, "unavailable")
    await world.hass.async_block_till_done()
    assert at(world.now + timedelta(seconds=1)) is None
    world.hass.states.async_remove(SENSOR)
    await world.hass.async_block_till_done()
    assert at(world.now + timedelta(seconds=1)) is None
    # After a reload the old one is not followed any more.
    await world.configure(load_sensor="sensor.not_there")
    world.hass.states.async_set(SENSOR, "3")
    await world.hass.async_block_till_done()
    assert at(world.now + timedelta(seconds=1)) is None


async def test_alarm_log(bank: World) -> None:
    """Each cell that drifts is a row of the alarm log, from its drift to its end."""
    await drifted(bank)
    journal = bank.record.images.journal
    await bank.image()
    # The images of this test are older than those of the rule.
    bank.record.images.log_drift(bank.now)
    alarm = journal.find(LogKind.DRIFT, "A3")
    assert alarm
    assert (alarm.level, round(alarm.peak or 0.0, 1)) == (Level.WARNING, 2.0)
    assert not journal.find(LogKind.DRIFT, "A1")
    await act(bank, cells=["A3"])
    assert not journal.find(LogKind.DRIFT, "A3")
    logged = await bank.battery_node.alarm_log.async_between(
        alarm.since, bank.now + timedelta(seconds=1)
    )
    (row,) = [one for one in logged if one.kind is LogKind.DRIFT]
    assert row.ended_at


async def test_alarm_of_a_cell_that_is_gone(bank: World) -> None:
    """It ends."""
    await drifted(bank)
    bank.record.images.log_drift(bank.now)
    await bank.hass.async_block_till_done()
    bank.freezer.tick(timedelta(days=LEARNING_DAYS + 20))
    await bank.configure(cells={"rows": 1, "columns": 2})
    journal = bank.record.images.journal
    assert journal.find(LogKind.DRIFT, "A3")
    await bank.image()
    assert not journal.find(LogKind.DRIFT, "A3")


async def test_alarm_of_a_cell_that_is_renamed(bank: World) -> None:
    """It goes on, under the new name, also when two cells change names."""
    await drifted(bank)
    bank.record.images.log_drift(bank.now)
    await bank.hass.async_block_till_done()
    alarm = bank.record.images.journal.find(LogKind.DRIFT, "A3")
    assert alarm
    log = bank.battery_node.alarm_log
    await log.async_acknowledge("Ana", None, alarm_id=alarm.alarm_id)
    bank.freezer.tick(timedelta(days=LEARNING_DAYS + 20))
    for names in ["A1", "A2", "Left"], ["A3", "A2", "A1"]:
        await bank.configure(cells=GRID | {"names": names})
        await bank.image()
        (known,) = (
            one for one in bank.record.images.journal.open if one.kind is LogKind.DRIFT
        )
        assert (known.alarm_id, known.area) == (alarm.alarm_id, names[2])
        assert known.acknowledged


async def test_dashboards(hass_ws_client: WebSocketGenerator, bank: World) -> None:
    """Dashboards get the cells that drift, with the look of the cells."""
    await drifted(bank)
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": f"{DOMAIN}/subscribe_nodes"})
    assert (await client.receive_json())["success"]
    event = (await client.receive_json())["event"]
    (node,) = event["nodes"].values()
    (found,) = node["look"]["drift"]
    assert (found["key"], found["amount"]) == ("2", 2.0)
    (finding,) = bank.record.images.drift.findings
    assert found["since"] == finding.since.timestamp()
