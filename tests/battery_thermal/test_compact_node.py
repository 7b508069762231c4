"""Tests of a node that sends the compact format, from its radio to Home Assistant's states."""

import numpy as np
import pytest

from custom_components.battery_thermal.api.serialisation import image_as_dict
from custom_components.battery_thermal.model.updating_image import UpdatingImage
from homeassistant.const import STATE_UNKNOWN
from simulator.data_rate import longest_payload
from simulator.node import BatteryNode, CompactImage, CompactNode, Mode

from .api.test_archive_actions import act
from .common import until
from .world import World


@pytest.fixture
async def compact(world: World) -> World:
    """Return a world whose node sends the compact format, with a layout to be detected."""
    await world.configure(layout="auto", cells={"rows": 4, "columns": 3})
    world.device.frame_counter_check = False
    world.node = CompactNode(
        world.model,
        world.device,
        capacity=lambda: longest_payload(world.device.spreading_factor),
    )
    world.node.mode = Mode.SLOW
    return world


def _true(world: World) -> CompactImage:
    image = world.node.image
    assert isinstance(image, CompactImage)
    return image


async def test_one_message_is_a_picture(all_entities: None, compact: World) -> None:
    """It is shown with its bound, and its extremes are exact."""
    await compact.step()
    true = _true(compact)
    state = compact.state("image", "thermal")
    assert state.attributes["lines_received"] == state.attributes["lines_expected"] == 1
    assert state.attributes["closed"] and not state.attributes["suspect"]
    assert 0 < state.attributes["bound"] <= 0.3
    image = compact.record.images.measured
    assert image is not None and image.bound is not None
    assert np.abs(image.values - true.matrix).max() <= image.bound
    assert float(compact.state("sensor", "maximum").state) == true.maximum / 10
    assert float(compact.state("sensor", "minimum").state) == true.minimum / 10
    assert compact.state("sensor", "layout").state == "compact"
    assert compact.state("sensor", "line_position").state == "message"
    cell = compact.state("sensor", "cell_maximum_0")
    assert cell.attributes["bound"] == state.attributes["bound"]
    deviation = compact.state("sensor", "cell_deviation_0")
    assert deviation.attributes["bound"] == 2 * state.attributes["bound"]
    assert not compact.record.rejected
    sent = image_as_dict(image, compact.record.config.options)
    assert sent["bound"] == image.bound / 10
    answer = await act(compact, "get_image")
    assert answer["bound"] == image.bound / 10


async def test_quarters_are_shown_from_the_first_on(compact: World) -> None:
    """Maximum and position are known with the first of four messages."""
    compact.device.spreading_factor = 10
    compact.model.noise = 1.0
    await compact.step()
    true = _true(compact)
    assert len(true.payloads) == 4
    state = compact.state("image", "thermal")
    assert state.attributes["lines_received"] == 1
    assert state.attributes["missing_lines"] == [1, 2, 3]
    assert float(compact.state("sensor", "maximum").state) == true.maximum / 10
    assert compact.state("select", "mode").state == "slow"
    await compact.step(3)
    assert compact.state("image", "thermal").attributes["closed"]
    assert (await compact.battery_node.pictures.async_get_picture())[:2] == b"\xff\xd8"


async def test_picture_of_one_quarter_is_drawn(compact: World) -> None:
    """Missing pixels are interpolated for drawing only."""
    compact.device.spreading_factor = 10
    compact.model.noise = 1.0
    await compact.step()
    picture = await compact.battery_node.pictures.async_get_picture()
    assert picture[:2] == b"\xff\xd8"
    image = compact.record.images.image
    assert image is not None and image.present.sum() in (192, 193)


async def test_facts_alone_update_maximum_and_alarms(compact: World) -> None:
    """Between two pictures a hot node sends maximum, position, fan and ambient temperature."""
    await compact.call("number", "threshold", "set_value", value=50)
    await compact.step(2)
    assert compact.state("binary_sensor", "over_threshold").state in (
        "off",
        STATE_UNKNOWN,
    )
    node = compact.node
    assert isinstance(node, CompactNode)
    node.threshold = 50
    node.facts_when_hot = 1
    compact.model.heat((1, 1), 60)
    await compact.step()
    assert 50 < float(compact.state("sensor", "maximum").state) < 200
    before = compact.record.images.shown
    assert before is not None
    compact.model.heat((1, 1), 400)
    await compact.step()
    # The hottest pixel is all that is known of the picture, and is drawn over the last one.
    hot = compact.record.images.shown
    assert isinstance(hot, UpdatingImage) and hot.ended is before
    assert hot.is_over_range and hot.upcoming.present.sum() == 1
    assert compact.state("image", "thermal").attributes["over_range"]
    sent = image_as_dict(hot, compact.record.config.options)
    assert sent["maximum"] == float(compact.state("sensor", "maximum").state)
    assert float(compact.state("sensor", "maximum").state) > 300
    assert compact.state("sensor", "maximum").attributes["over_range"]
    assert compact.state("fan", "fan").state == "on"
    assert compact.state("binary_sensor", "over_threshold").state == "on"
    # A restart shows the same, and not the picture before.
    connections = compact.connections
    assert await compact.hass.config_entries.async_reload(compact.entry.entry_id)
    await compact.reconnected(connections)
    assert float(compact.state("sensor", "maximum").state) > 300
    assert compact.record.images.shown is not None
    assert compact.record.images.shown.is_over_range
    compact.model.heat((1, 1), 0)
    await compact.step()
    assert float(compact.state("sensor", "maximum").state) < 60


async def test_cooler_facts_change_no_picture(compact: World) -> None:
    """What is less hot than the last picture is not drawn over it."""
    node = compact.node
    assert isinstance(node, CompactNode)
    node.threshold, node.facts_when_hot = 40, 1
    compact.model.heat((1, 1), 60)
    await compact.step()
    shown = compact.record.images.shown
    compact.model.heat((1, 1), 40)
    await compact.step()
    maximum = float(compact.state("sensor", "maximum").state)
    assert shown is not None and maximum < shown.maximum
    assert compact.record.images.shown is shown
    for dot in (0.1, 0.2):
        compact.model.heat((1, 1), 60 + dot)
        await compact.step()
    assert compact.record.images.shown is compact.record.images.measured


async def test_imbalance_that_may_be(all_entities: None, compact: World) -> None:
    """An alarm that is within the bound of two cells is marked as not certain."""
    compact.model.noise = 0.0
    compact.model.heat((0, 0), 20)
    await compact.step()
    true = max(cell.deviation or 0 for cell in compact.record.watch.cells)
    compact.battery_node.async_set_alarm_limits(
        imbalance_warning=true + 0.1, imbalance_alarm=5.0, hysteresis=0.0
    )
    await compact.step()
    warning = compact.state("binary_sensor", "imbalance_warning")
    assert warning.state == "on" and warning.attributes["certain"] is False
    alarm = compact.state("binary_sensor", "imbalance_alarm")
    assert alarm.state == "on" and "certain" not in alarm.attributes


async def test_archive_keeps_the_bound(compact: World) -> None:
    """Each picture is archived once, with its bound."""
    for _ in range(3):
        await compact.step()
    archive = compact.battery_node.archive
    await compact.hass.async_block_till_done()
    newest = await archive.async_newest(compact.now)
    measured = compact.record.images.measured
    assert newest is not None and measured is not None
    assert newest.image.bound == measured.bound
    np.testing.assert_array_equal(newest.image.values, measured.values)


async def test_lines_again(compact: World) -> None:
    """A node that sends lines again is detected."""
    await compact.step()

    compact.node = BatteryNode(compact.model, compact.device)
    await compact.image()
    image = compact.record.images.image
    assert image is not None and image.bound is None and image.mode == "fast"
    assert "bound" not in compact.state("image", "thermal").attributes


async def test_layout_that_the_owner_has_set(world: World) -> None:
    """Messages of another format than the configured one are refused and counted."""
    world.device.frame_counter_check = False
    await world.configure(layout="compact")
    await world.step()
    await world.step()
    assert world.record.rejected["layout"] == 2
    await until(lambda: world.record.images.image is None)
