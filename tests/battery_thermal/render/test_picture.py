"""Tests of the picture."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

from hypothesis import given, settings, strategies as st
import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
import pytest

from custom_components.battery_thermal.model.area import Area, AreaKind
from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.render import areas as render_areas, picture
from custom_components.battery_thermal.render.canvas import HEAT, Canvas, Ink, font
from custom_components.battery_thermal.render.palettes import Palette, table
from custom_components.battery_thermal.render.picture import render
from custom_components.battery_thermal.render.scale import span
from custom_components.battery_thermal.render.style import FileFormat, Scale, Style
from custom_components.battery_thermal.thermal.cells import CellGrid
from tests.battery_thermal.thermal.scenes import (
    bank,
    drawings,
    golden,
    images,
    thermal_image,
)

PNG = Style(file_format=FileFormat.PNG)


def indices(
    image: ThermalImage | None, style: Style = PNG, width: int = 480, height: int = 640
) -> np.ndarray:
    """Return the indices of a picture: heat below HEAT, ink above."""
    style = replace(style, file_format=FileFormat.PNG)
    return np.array(Image.open(BytesIO(render(image, style, width, height))))


def heat_only(image: ThermalImage, style: Style = PNG) -> np.ndarray:
    """Return the indices of a picture too small for anything but heat."""
    return indices(image, style, 120, 120)


@pytest.mark.parametrize("sheet", drawings())
def test_looks(sheet: str) -> None:
    """As it did when it was last looked at, but for a trifle of how letters are drawn.

    Averages of 8 x 8 pixels are compared: they hardly feel a smoothed edge, but a
    letter more, a line less, a mark elsewhere or another colour they do.
    """
    for name, golden_picture in golden(sheet).items():
        drawn = np.asarray(drawings()[sheet][name].draw(), float)
        assert drawn.shape == np.asarray(golden_picture).shape
        height, width, _ = drawn.shape
        differences = (drawn - golden_picture).reshape(height // 8, 8, width // 8, 8, 3)
        assert np.abs(differences.mean(axis=(1, 3))).max() < 8, name


@pytest.mark.parametrize("palette", Palette)
def test_palette_is_put_on_last(palette: Palette) -> None:
    """The same indices for all; heat has the colours of the table, ink always the same ones."""
    usual_style = replace(PNG, threshold=40)
    style = replace(usual_style, palette=palette)
    for image in images().values():
        picture = Image.open(BytesIO(render(image, style)))
        usual = Image.open(BytesIO(render(image, usual_style)))
        assert (np.array(picture) == np.array(usual)).all()
        colours = np.array(picture.getpalette()).reshape(-1, 3)
        ink = np.array(usual.getpalette()).reshape(-1, 3)[HEAT:]
        assert (colours[HEAT:] == ink).all()
        low, high = span(image, style)
        expected = table(palette, (40 - low) / (high - low))
        picked = expected[np.linspace(0, 255, HEAT).round().astype(int)]
        assert (colours[:HEAT] == picked).all()


def test_jpeg_keeps_its_colours() -> None:
    """Not subsampled, and near the palette's own."""
    image = images()["fast"]
    jpeg = Image.open(BytesIO(render(image, Style())))
    assert isinstance(jpeg, JpegImageFile)
    assert {layer[1:3] for layer in jpeg.layer} == {(1, 1)}
    exact = np.asarray(Image.open(BytesIO(render(image, PNG))).convert("RGB"), int)
    assert np.abs(np.asarray(jpeg, int) - exact).mean() < 2


STYLES = st.builds(
    Style,
    orientation=st.builds(Orientation, st.integers(0, 3), st.booleans()),
    threshold=st.sampled_from([None, 50.0, 300.0]),
    areas=st.sampled_from(
        [(), *(CellGrid(*it).areas(Orientation()) for it in ((4, 3), (30, 20)))]
    ),
    scale=st.sampled_from(Scale),
)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(48, 900),
    st.integers(48, 900),
    st.sampled_from(sorted(images())),
    STYLES,
)
def test_any_size(width: int, height: int, name: str, style: Style) -> None:
    """Rendered at the size that was asked for."""
    picture = Image.open(BytesIO(render(images()[name], style, width, height)))
    assert picture.size == (width, height)


def test_label_gives_way_to_a_mark() -> None:
    """The maximum of a cell is written above when a mark is where it would be."""
    above = []
    for column in (0, 7):
        celsius = np.full((32, 24), 20.0)
        celsius[7, column] = 60.0
        celsius[31, 23] = 19.0
        drawn = indices(
            thermal_image(celsius),
            replace(PNG, areas=CellGrid(4, 3).areas(Orientation())),
        )
        above.append((drawn[45:80, 12:50] == Ink.WHITE).sum())
    assert above[0] > above[1] == 0


def test_marks_can_be_left_out() -> None:
    """Without them the heat is as it is at the hottest and coldest pixels too."""
    image = images()["hot_cell"]
    marked = indices(image)[60:580, :380]
    plain = indices(image, replace(PNG, marks=False))[60:580, :380]
    assert (marked >= HEAT).any()
    assert (plain < HEAT).sum() > (marked < HEAT).sum()
    left = (marked < HEAT) & (plain < HEAT)
    assert (marked[left] == plain[left]).all()


@pytest.mark.parametrize("width", [60, 48, 480])
def test_empty_picture_has_a_dash(width: int) -> None:
    """It has a dash in place of a temperature, with the unit."""
    drawn = indices(None, PNG, width, 64)
    ink = drawn != Ink.BACKGROUND
    assert ink.any()
    assert not ink[:, [0, -1]].any()


def test_each_character_has_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The font has what is written in pictures, and draws no box in its place."""
    written: set[str] = set()
    write = Canvas.text

    def text(canvas: Canvas, x: float, y: float, words: str, *rest: Any) -> None:
        written.update(words)
        write(canvas, x, y, words, *rest)

    monkeypatch.setattr(Canvas, "text", text)
    indices(None)
    for sheet in drawings().values():
        for drawing in sheet.values():
            drawing.draw()
    assert written > set("-0123456789 °C")
    box = bytes(font(40).getmask("\uffff"))
    assert not {letter for letter in written if bytes(font(40).getmask(letter)) == box}


def test_temperatures_are_coloured_and_not_colours_mixed() -> None:
    """The whole palette from coldest to hottest, in the middle of flat cells exactly."""
    celsius = np.full((32, 24), 20.0)
    celsius[8:16, 8:16] = 60.0
    celsius[20:28, 8:16] = 40.0
    drawn = heat_only(thermal_image(celsius))
    rows, columns = (
        np.flatnonzero((drawn < HEAT).any(1)),
        np.flatnonzero((drawn < HEAT).any(0)),
    )
    heat = drawn[np.ix_(rows, columns)]
    pixel = heat.shape[0] / 32
    assert heat[round(12 * pixel), round(12 * pixel)] == HEAT - 1
    assert abs(int(heat[round(24 * pixel), round(12 * pixel)]) - HEAT // 2) <= 1
    assert heat[2, 2] == 0


def test_what_is_off_the_scale_has_its_end_colour() -> None:
    """And does not come round again at the other end."""
    style = replace(PNG, scale=Scale.FIXED, low=30, high=40)
    heat = heat_only(images()["hot_cell"], style)
    unscaled = heat_only(images()["hot_cell"])
    hot = unscaled[unscaled < HEAT].max() == unscaled
    assert (heat[hot] == HEAT - 1).all()


@pytest.mark.parametrize("layout", Layout.AUTO.candidates)
def test_missing_lines_are_hatched(layout: Layout) -> None:
    """They and nothing else."""
    celsius = bank(24, 30)
    whole = thermal_image(celsius, layout=layout)
    torn = thermal_image(celsius, layout=layout, missing=(5, 6))
    without, hatched = heat_only(whole), heat_only(torn)
    stripes = np.argwhere(np.isin(hatched, (Ink.GREY,)))
    assert len(stripes)
    inside = np.argwhere(without < HEAT)
    start, end = inside.min(axis=0), inside.max(axis=0) + 1
    grid = layout.grid(whole.mode)
    axis = 1 if grid.area(0)[0] == slice(None) else 0
    lines = grid.lines
    at = (stripes[:, axis] - start[axis]) * lines // (end - start)[axis]
    assert set(at.tolist()) == {5, 6}


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("mirror", [False, True])
def test_turned_and_mirrored(quarters: int, mirror: bool) -> None:
    """As if the finished picture were turned."""
    image = images()["missing"]
    image = thermal_image(image.values / 10)
    upright = heat_only(image)
    turned = heat_only(image, replace(PNG, orientation=Orientation(quarters, mirror)))
    expected = np.rot90(upright[:, ::-1] if mirror else upright, -quarters)
    assert np.abs(turned.astype(int) - expected).max() <= 1


def test_marks_leave_the_spot_free() -> None:
    """The colour of the hottest pixel can be seen inside its mark."""
    image = images()["hot_cell"]
    drawn = indices(image)
    ringed = np.argwhere(drawn[50:590, 20:400] == HEAT - 1)
    assert len(ringed) > 50


def test_time_is_that_of_the_owner() -> None:
    """In the time zone of the house."""
    image = images()["hot_cell"]
    east = replace(PNG, time_zone=timezone(timedelta(hours=5)))
    later = replace(image, updated_at=image.updated_at + timedelta(hours=5))
    assert (indices(image, east) == indices(later)).all()
    assert (indices(image, east) != indices(image)).any()
    assert image.updated_at == datetime(2026, 11, 21, 7, 39, tzinfo=UTC)


def test_threshold_has_a_tick_on_the_scale_only() -> None:
    """It is written below in any case."""
    image = images()["hot_cell"]
    on = (indices(image, replace(PNG, threshold=45)) == Ink.ACCENT)[:600].sum()
    off = (indices(image, replace(PNG, threshold=90)) == Ink.ACCENT)[:600].sum()
    assert on > 0
    assert off == 0


def test_threshold_is_not_written_over_other_values() -> None:
    """A small picture has no room for it."""
    image = images()["hot_cell"]

    def accents(width: int, height: int, unit: str, threshold: float = 138) -> int:
        """Return how much of the foot has the colour of the threshold."""
        style = replace(PNG, threshold=threshold, unit=unit)
        drawn = indices(image, style, width, height)
        return int((drawn[height * 7 // 8 :] == Ink.ACCENT).sum())

    assert accents(480, 640, "°F") > 0
    assert accents(180, 240, "°C", threshold=50) > 0
    assert accents(160, 214, "°F") == 0


def test_cells_too_small_for_a_number_have_none() -> None:
    """Rather than numbers over each other."""
    drawn = indices(
        images()["hot_cell"], replace(PNG, areas=CellGrid(32, 24).areas(Orientation()))
    )
    lettering = (drawn[60:580, 20:390] > Ink.BACKGROUND) & (
        drawn[60:580, 20:390] < Ink.GREY
    )
    assert lettering.mean() < 0.01


def test_cell_without_pixels_has_no_number() -> None:
    """Nothing is made up for it."""
    missing = tuple(range(8))
    style = replace(PNG, areas=CellGrid(4, 3).areas(Orientation()))
    torn = indices(thermal_image(bank(24, 30), missing=missing), style)
    whole = indices(thermal_image(bank(24, 30)), style)
    first_column = (slice(60, 580), slice(8, 130))
    assert (torn[first_column] == Ink.WHITE).sum() < (
        whole[first_column] == Ink.WHITE
    ).sum()


@pytest.mark.parametrize("palette", Palette)
def test_heat_that_no_value_says(palette: Palette) -> None:
    """The hottest colour, a mark of its own, and words; in small pictures the colour only."""
    celsius = bank(24, 0)
    plain = thermal_image(celsius)
    style = Style(
        palette=palette,
        scale=Scale.FIXED,
        low=20,
        high=60,
        areas=CellGrid(4, 3).areas(Orientation()),
        file_format=FileFormat.PNG,
    )
    celsius[16, 8] = 320.0
    hot = thermal_image(celsius)
    hole = replace(plain, values=plain.values.copy(), node_minimum=None)
    hole.values[16, 8] = -124
    assert hole.doubtful.sum() == 1
    for size in ((480, 640), (120, 160)):
        pictures = [
            np.asarray(Image.open(BytesIO(render(one, style, *size))).convert("RGB"))
            for one in (plain, hot, hole)
        ]
        hottest = table(palette)[-1]
        found = [(picture == hottest).all(axis=2).sum() for picture in pictures]
        assert found[1] > found[0]
        assert found[2] > found[0]
    words = [render(one, style) for one in (hot, replace(hot, node_maximum=3300))]
    assert words[0] == words[1]


def test_polygon_has_its_edges_and_its_maximum_in_the_middle() -> None:
    """Also those that rise or fall across the picture, light beside dark."""
    corners = ((2, 12), (16, 22), (30, 12), (16, 2))
    area = Area("a", "A", AreaKind.OTHER, (*corners, (10, 6)))
    image = thermal_image(np.full((32, 24), 20.0))
    plain = indices(image, PNG)
    drawn = indices(image, replace(PNG, areas=(area,)))
    changed = np.argwhere(plain != drawn)
    assert {Ink.GREY, Ink.BACKGROUND} <= set(drawn[plain != drawn].tolist())
    # From the first corner to the lowest, and from the left one to the right one.
    height, width = np.ptp(changed, axis=0)
    assert height > 0.8 * 28 / 20 * width
    # The number is around the middle of the polygon, at its lower edge.
    white = np.argwhere((drawn == Ink.WHITE) & (plain != drawn))
    assert abs(white[:, 1].mean() - changed[:, 1].mean()) < 0.1 * width


def test_doubt_in_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question mark is behind a maximum that may be hotter: of the image, and of cells."""
    celsius = bank(24, 0)
    celsius[20, 12] = -20
    image = thermal_image(celsius)
    lowest = int(np.sort(image.values, axis=None)[1])
    image = replace(image, node_minimum=lowest, suspect=True)
    assert image.hides_heat
    style = replace(PNG, areas=CellGrid(4, 3).areas(Orientation()))
    written = indices(image, style)
    monkeypatch.setattr(picture, "DOUBT_SIGN", "")
    in_cells_only = indices(image, style)
    monkeypatch.setattr(render_areas, "DOUBT_SIGN", "")
    nowhere = indices(image, style)
    foot, _ = np.nonzero(written != in_cells_only)
    assert foot.min() > 590
    rows, columns = np.nonzero(in_cells_only != nowhere)
    # C2, of the cold pixel; and D1 with the hottest one, which has wrapped too if the
    # node's maximum has.
    assert sorted(zip(rows // 130, columns // 130, strict=True))[:: len(rows) - 1] == [
        (3, 1),
        (4, 0),
    ]
