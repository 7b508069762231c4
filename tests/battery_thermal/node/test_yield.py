"""Tests of the whole way from the node to images, over a bad radio.

A benchmark runs the same with 10 000 images each.
"""

import pytest

from custom_components.battery_thermal.node.layout import Layout, Mode, Numbering

from .yield_run import Course, run

IMAGES = 60
_NUMBERINGS = (Numbering.COUNTER, Numbering.PORT, Numbering.RUNNING)


@pytest.mark.parametrize("layout", Layout.AUTO.candidates)
@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("numbering", _NUMBERINGS)
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("loss", "burst"), [(0.0, 1.0), (0.05, 1.0), (0.2, 1.0), (0.2, 6.0)]
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
    """Nothing wrong is ever shown, and everything that can be known is shown."""
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
    if said and layout is Layout.SLOW_24 and numbering is not Numbering.RUNNING:
        assert result.shown == result.heard
    if loss and mode is Mode.SLOW:
        assert result.whole < result.shown


@pytest.mark.parametrize("numbering", _NUMBERINGS)
def test_what_the_owner_says_is_believed(numbering: Numbering) -> None:
    """Nothing need be found out that has been said."""
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
def test_overtaken_lines_harm_nothing(numbering: Numbering) -> None:
    """A line that comes after the next one is put in its place or left out."""
    course = Course(numbering=numbering, images=IMAGES, overtakings=0.05)
    result = run(course)
    assert (result.lines_wrong, result.pixels_wrong) == (0, 0)


@pytest.mark.parametrize("layout", Layout.AUTO.candidates)
@pytest.mark.parametrize("numbering", _NUMBERINGS)
@pytest.mark.parametrize("loss", [0.0, 0.2])
def test_node_with_a_firmware_of_another_layout(
    layout: Layout, numbering: Numbering, loss: float
) -> None:
    """What was proven of the old one does not put lines of the new in wrong places."""
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
