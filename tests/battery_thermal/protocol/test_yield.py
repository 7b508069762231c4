"""Tests of simulated nodes whose lines are received over a bad radio and assembled.

A benchmark runs the same with 10 000 images for each case.
"""

from dataclasses import replace

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.layout import Layout, Numbering
from simulator.networks import NETWORKS

from .yield_run import Course, run

IMAGES = 60
_NUMBERINGS = (Numbering.COUNTER, Numbering.PORT, Numbering.RUNNING)


@pytest.mark.parametrize("layout", Layout.AUTO.candidates)
@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("numbering", _NUMBERINGS)
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("loss", "burst"),
    [(0.0, 1.0), (0.05, 1.0), (0.2, 1.0), (0.2, 6.0), (0.4, 1.0), (0.4, 6.0)],
)
def test_every_line_in_its_place(
    *,
    layout: Layout,
    said: bool,
    numbering: Numbering,
    mode: Mode,
    loss: float,
    burst: float,
) -> None:
    """No line is in a wrong place, and every line whose place can be known is shown."""
    course = Course(
        layout=layout,
        said_layout=layout if said else Layout.AUTO,
        numbering=numbering,
        mode=mode,
        images=IMAGES,
        loss=loss,
        burst=burst,
        switches=0.1,
        restarts=0.05,
    )
    result = run(course)
    assert result.sent > IMAGES
    assert result.missed == []
    assert result.lines_wrong == 0
    assert result.pixels_wrong == 0
    assert result.suspect == 0
    assert result.mixed == 0
    if said and layout is Layout.SLOW_24 and numbering is not Numbering.RUNNING:
        assert result.shown == result.heard
    if loss and mode is Mode.SLOW:
        assert result.whole < result.shown


@pytest.mark.parametrize("server", NETWORKS)
@pytest.mark.parametrize("numbering", _NUMBERINGS)
@pytest.mark.parametrize("mode", Mode)
def test_network_servers(server: str, numbering: Numbering, mode: Mode) -> None:
    """The images are the same whichever network server publishes their lines."""
    course = Course(numbering=numbering, mode=mode, images=20, loss=0.2)
    result = run(replace(course, server=server))
    assert result == run(course)
    assert (result.lines_wrong, result.pixels_wrong, result.mixed) == (0, 0, 0)


def test_lost_images_do_not_stretch_the_interval() -> None:
    """Lines of two short images are not joined, although most of the last images were lost.

    With this seed five of nine intervals in a row contain whole lost images, and their
    median would join line 0 of an image with line 1 of the next.
    """
    result = run(Course(mode=Mode.FAST, images=1010, loss=0.4))
    assert (result.mixed, result.pixels_wrong) == (0, 0)


@pytest.mark.parametrize("numbering", _NUMBERINGS)
def test_configured_layout_and_numbering(numbering: Numbering) -> None:
    """With configured layout and numbering nothing has to be detected."""
    course = Course(
        said_layout=Layout.SLOW_24,
        numbering=numbering,
        said=numbering,
        images=IMAGES,
        loss=0.1,
    )
    result = run(course)
    assert (result.missed, result.lines_wrong, result.pixels_wrong) == ([], 0, 0)
    assert result.shown >= result.knowable


@pytest.mark.parametrize("numbering", [Numbering.COUNTER, Numbering.PORT])
def test_overtaken_lines(numbering: Numbering) -> None:
    """A line that arrives after the next one is put in its place or left out."""
    course = Course(numbering=numbering, images=IMAGES, overtakings=0.05)
    result = run(course)
    assert (result.lines_wrong, result.pixels_wrong) == (0, 0)


@pytest.mark.parametrize("layout", Layout.AUTO.candidates)
@pytest.mark.parametrize("numbering", _NUMBERINGS)
@pytest.mark.parametrize("loss", [0.0, 0.2])
def test_node_with_a_firmware_of_another_layout(
    layout: Layout, numbering: Numbering, loss: float
) -> None:
    """The detected layout of the old firmware does not put lines of the new one in wrong places."""
    course = Course(
        layout=layout,
        numbering=numbering,
        images=IMAGES,
        loss=loss,
        switches=0.1,
        restarts=0.2,
        flashes=0.5,
    )
    result = run(course)
    assert result.shown > 0.8 * result.sent
    assert (result.lines_wrong, result.pixels_wrong, result.suspect) == (0, 0, 0)
