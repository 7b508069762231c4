"""A slow node at SF12, where EU868 allows 51 bytes: the last of 24 lines, with 52 bytes, is never sent.

docs/node.md describes its images under "Mind the size".
"""

from datetime import timedelta

import pytest

from custom_components.battery_thermal.model.thermal_image import ThermalImage
from homeassistant.const import STATE_UNKNOWN
from simulator.node import Layout, Mode, Numbering

from .world import World

pytestmark = pytest.mark.usefixtures("all_entities")

EVERY_NUMBERING = pytest.mark.parametrize("numbering", Numbering)


@pytest.fixture
def far(world: World) -> World:
    """Return the world with a slow node at SF12."""
    world.device.spreading_factor = 12
    world.node.mode = Mode.SLOW
    return world


def is_true(world: World, shown: ThermalImage | None) -> bool:
    """Return whether all pixels of an image equal those of an image of the node."""
    return shown is not None and any(
        shown.values.shape == image.matrix.shape
        and (shown.values == image.matrix)[shown.present].all()
        for image in world.node.images
    )


async def step(world: World) -> None:
    """Send one line, and check the shown image."""
    await world.step()
    assert world.record.images.image is None or is_true(
        world, world.record.images.image
    )
    measured = world.record.images.measured
    assert measured is None or is_true(world, measured)
    assert measured is None or not measured.suspect


async def image(world: World) -> None:
    """Send all lines of an image."""
    await step(world)
    while not world.node.image or not world.node.image.complete:
        await step(world)


@pytest.mark.parametrize(
    ("numbering", "f_port"),
    [(Numbering.COUNTER, 1), (Numbering.PORT, 1), (Numbering.PORT, 10)],
)
async def test_24_lines_that_say_their_number(
    far: World, numbering: Numbering, f_port: int
) -> None:
    """All lines but the last are placed; the next image or a silence ends the image."""
    far.node.numbering, far.node.f_port = numbering, f_port
    await image(far)
    await image(far)

    shown = far.state("image", "thermal").attributes
    assert (shown["mode"], shown["closed"]) == ("slow", False)
    assert (shown["lines_received"], shown["lines_expected"]) == (23, 24)
    assert shown["missing_lines"] == [23]
    assert far.state("sensor", "line_position").state == numbering
    first, second = (one.matrix[:, :23] for one in far.node.images)
    assert far.state("sensor", "maximum").state == str(first.max() / 10)

    await step(far)
    assert far.state("sensor", "maximum").state == str(second.max() / 10)
    assert far.state("sensor", "minimum").state == str(second.min() / 10)
    assert far.state("sensor", "lost_lines").state == "2"
    assert far.device.refused == 2

    assert far.node.image
    while not far.node.image.complete:
        await step(far)
    await far.pass_time(4 * far.node.interval)
    shown = far.state("image", "thermal").attributes
    assert (shown["closed"], shown["missing_lines"]) == (True, [23])
    measured = far.record.images.measured
    assert measured
    assert (measured.node_minimum, measured.node_maximum) == (None, None)
    assert measured.updated_at - measured.started_at == timedelta(
        seconds=22 * far.node.interval
    )


@pytest.mark.parametrize("missed", [0, 10])
async def test_24_lines_of_a_counter_that_runs_on(far: World, missed: int) -> None:
    """Without a line number none of the 23 lines is placed, and nothing is shown."""
    far.node.numbering = Numbering.RUNNING
    # The reset and the first image are lost.
    for _ in range(1 + missed):
        far.node.next_uplink()
    for _ in range(3):
        await image(far)

    assert far.device.refused == 3
    assert far.state("image", "thermal").state == STATE_UNKNOWN
    assert far.state("sensor", "maximum").state == STATE_UNKNOWN
    assert far.state("sensor", "line_position").state == "unknown"
    assert not far.record.rejected

    # At a lower spreading factor the first last line places the others.
    far.device.spreading_factor = 7
    await image(far)
    assert far.state("sensor", "line_position").state == "found"
    await image(far)
    assert far.state("image", "thermal").attributes["missing_lines"] == []


async def test_24_lines_after_a_reset(far: World) -> None:
    """After a reset the first image is placed; the following ones are not."""
    far.node.numbering = Numbering.RUNNING
    await image(far)
    assert far.state("image", "thermal").attributes["missing_lines"] == [23]
    await image(far)
    await image(far)

    assert far.state("sensor", "line_position").state == "unknown"
    shown = far.record.images.image
    assert shown
    assert (shown.closed, shown.missing_lines) == (True, (23,))
    assert (shown.values == far.node.images[0].matrix)[shown.present].all()


@EVERY_NUMBERING
async def test_32_lines(far: World, numbering: Numbering) -> None:
    """All 32 shorter lines arrive."""
    far.node.layout, far.node.numbering = Layout.SLOW_32, numbering
    await far.configure(layout="slow_32")
    await image(far)
    await image(far)

    shown = far.state("image", "thermal").attributes
    assert (shown["mode"], shown["closed"]) == ("slow", True)
    assert (shown["lines_received"], shown["missing_lines"]) == (32, [])
    truth = far.node.image
    assert truth
    assert far.state("sensor", "maximum").state == str(truth.maximum / 10)
    assert far.state("sensor", "minimum").state == str(truth.minimum / 10)
    assert far.device.refused == 0


@EVERY_NUMBERING
async def test_fast_images(far: World, numbering: Numbering) -> None:
    """Fast images arrive complete."""
    far.node.mode, far.node.numbering = Mode.FAST, numbering
    await image(far)
    await image(far)

    shown = far.state("image", "thermal").attributes
    assert (shown["mode"], shown["missing_lines"]) == ("fast", [])
    assert far.device.refused == 0
