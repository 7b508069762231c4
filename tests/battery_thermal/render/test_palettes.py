"""Tests of the palettes."""

import numpy as np
import pytest

from custom_components.battery_thermal.render.palettes import Palette, table


@pytest.mark.parametrize("palette", Palette)
def test_table(palette: Palette) -> None:
    """A palette has 256 colours without visible steps."""
    colours = table(palette)
    assert (colours.shape, colours.dtype) == ((256, 3), np.uint8)
    assert np.abs(np.diff(colours.astype(int), axis=0)).max() <= 16


@pytest.mark.parametrize(
    ("palette", "at", "colour"),
    [
        (Palette.INFERNO, 0, (0, 0, 4)),
        (Palette.INFERNO, 64, (87, 16, 110)),
        (Palette.INFERNO, 128, (188, 55, 84)),
        (Palette.INFERNO, 192, (249, 142, 9)),
        (Palette.INFERNO, 255, (252, 255, 164)),
        (Palette.CIVIDIS, 0, (0, 34, 78)),
        (Palette.CIVIDIS, 128, (125, 124, 120)),
        (Palette.CIVIDIS, 255, (254, 232, 56)),
    ],
)
def test_published_colours(palette: Palette, at: int, colour: tuple[int, ...]) -> None:
    """Colours equal those of matplotlib within the accuracy of the knots."""
    assert np.abs(table(palette)[at].astype(int) - colour).max() <= 3


@pytest.mark.parametrize(
    "palette", [Palette.INFERNO, Palette.CIVIDIS, Palette.IRONBOW, Palette.WHITE_HOT]
)
def test_hotter_is_lighter(palette: Palette) -> None:
    """Luma (Rec. 709) increases with temperature, for people who cannot distinguish colours."""
    luma = table(palette) @ np.array([0.2126, 0.7152, 0.0722])
    assert np.diff(luma).min() > -0.5
    assert luma[-1] - luma[0] > 180


def test_alarm_is_grey_below_the_threshold() -> None:
    """The alarm palette is coloured from the threshold on."""
    colours = table(Palette.ALARM, alarm_from=0.25).astype(int)
    spread = np.ptp(colours, axis=1)
    assert not spread[:64].any()
    assert spread[64:].min() > 100


@pytest.mark.parametrize(("alarm_from", "coloured"), [(None, 0), (1.7, 0), (-3.0, 256)])
def test_alarm_with_the_threshold_off_the_scale(
    alarm_from: float | None, coloured: int
) -> None:
    """The whole scale is grey, or the whole scale is coloured."""
    colours = table(Palette.ALARM, alarm_from)
    assert colours.shape == (256, 3)
    assert (np.ptp(colours, axis=1) > 0).sum() == coloured
