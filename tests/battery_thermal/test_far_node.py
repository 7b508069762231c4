"""A slow node so far away that it sends at SF12, where EU868 allows 51 bytes: the 52 of the last of 24 lines never come.

docs/node.md says under "Mind the size" what becomes of its images.
"""

from datetime import timedelta

import pytest

from custom_components.battery_thermal.thermal.image import ThermalImage
from homeassistant.const import STATE_UNKNOWN
from simulator.node import Layout, Mode, Numbering

from .world import World

EVERY_NUMBERING = pytest.mark.parametrize("numbering", Numbering)


@pytest.fixture
def far(world: World) -> World:
    """Return the world with its node far away, and slow."""
    world.device.spreading_factor = 12
    world.node.mode = Mode.SLOW
    return world


def is_true(world: World, shown: ThermalImage | None) -> bool:
    """Whether the pixels of an image are those of one that the node took, in their places."""
    return shown is not None and any(
        shown.values.shape == image.matrix.shape
        and (shown.values == image.matrix)[shown.present].all()
        for image in world.node.images
    )


async def step(world: World) -> None:
    """Let the node speak; what is then shown is true."""
    await world.step()
    assert world.record.image is None or is_true(world, world.record.image)
    measured = world.record.measured
    assert measured is None or is_true(world, measured)
    assert measured is None or not measured.suspect


async def image(world: World) -> None:
    """Let the node say an image to its end, heard or not."""
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
    """All but the last are placed; the first line of the next image ends it, or silence."""
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

    while not far.node.image.complete:
        await step(far)
    await far.pass_time(4 * far.node.interval)
    shown = far.state("image", "thermal").attributes
    assert (shown["closed"], shown["missing_lines"]) == (True, [23])
    measured = far.record.measured
    assert measured
    assert (measured.node_minimum, measured.node_maximum) == (None, None)
    assert measured.updated_at - measured.started_at == timedelta(
        seconds=22 * far.node.interval
    )


@pytest.mark.parametrize("missed", [0, 10])
async def test_24_lines_of_a_counter_that_runs_on(far: World, missed: int) -> None:
    """None has a place, and nothing is shown: that 23 come in a row does not tell which is the first."""
    far.node.numbering = Numbering.RUNNING
    # Nor is the node's reset heard, or all of its first image.
    for _ in range(1 + missed):
        far.node.next_uplink()
    for _ in range(3):
        await image(far)

    assert far.device.refused == 3
    assert far.state("image", "thermal").state == STATE_UNKNOWN
    assert far.state("sensor", "maximum").state == STATE_UNKNOWN
    assert far.state("sensor", "line_position").state == "unknown"
    assert not far.record.rejected

    # Nearer, by the first last line.
    far.device.spreading_factor = 7
    await image(far)
    assert far.state("sensor", "line_position").state == "found"
    await image(far)
    assert far.state("image", "thermal").attributes["missing_lines"] == []


async def test_24_lines_after_a_reset(far: World) -> None:
    """After it the first image has its place; nobody knows where the next ones begin."""
    far.node.numbering = Numbering.RUNNING
    await image(far)
    assert far.state("image", "thermal").attributes["missing_lines"] == [23]
    await image(far)
    await image(far)

    assert far.state("sensor", "line_position").state == "unknown"
    shown = far.record.image
    assert shown
    assert (shown.closed, shown.missing_lines) == (True, (23,))
    assert (shown.values == far.node.images[0].matrix)[shown.present].all()


@EVERY_NUMBERING
async def test_32_lines(far: World, numbering: Numbering) -> None:
    """Shorter lines all arrive."""
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
    """They arrive whole."""
    far.node.mode, far.node.numbering = Mode.FAST, numbering
    await image(far)
    await image(far)

    shown = far.state("image", "thermal").attributes
    assert (shown["mode"], shown["missing_lines"]) == ("fast", [])
    assert far.device.refused == 0
