"""Tests of the canvas: shapes, lettering, edges, files."""

from io import BytesIO

import numpy as np
from PIL import Image
import pytest

from custom_components.battery_thermal.render.canvas import (
    HEAT,
    Canvas,
    Ink,
    text_height,
    text_width,
)
from custom_components.battery_thermal.render.palettes import Palette, table
from custom_components.battery_thermal.render.style import FileFormat


def drawn(canvas: Canvas) -> np.ndarray:
    """Return the indices of a canvas, read from its file."""
    content = canvas.encode(table(Palette.INFERNO), FileFormat.PNG)
    return np.array(Image.open(BytesIO(content)))


def inked(canvas: Canvas) -> set[tuple[int, int]]:
    """Return x and y of all pixels that are not background."""
    rows, columns = np.nonzero(drawn(canvas) != Ink.BACKGROUND)
    return set(zip(columns.tolist(), rows.tolist(), strict=True))


def box(left: int, top: int, right: int, bottom: int) -> set[tuple[int, int]]:
    """Return the pixels of a rectangle, its last column and row included."""
    return {(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)}


def test_fill() -> None:
    """The last column and row belong to a rectangle; what is outside is cut off."""
    canvas = Canvas(10, 8)
    assert inked(canvas) == set()
    canvas.fill((2, 3, 4, 5), Ink.WHITE)
    assert inked(canvas) == box(2, 3, 4, 5)
    canvas.fill((-5, -5, 0, 0), Ink.WHITE)
    canvas.fill((8, 6, 20, 20), Ink.GREY)
    assert inked(canvas) == box(2, 3, 4, 5) | {(0, 0)} | box(8, 6, 9, 7)
    canvas.fill((-9, -9, -1, -1), Ink.WHITE)
    assert drawn(canvas)[7, 9] == Ink.GREY


def test_frame() -> None:
    """A frame is drawn inwards."""
    canvas = Canvas(10, 10)
    canvas.frame((1, 1, 8, 7), 2, Ink.WHITE)
    assert inked(canvas) == box(1, 1, 8, 7) - box(3, 3, 6, 5)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((1, 2), (4, 2), {(1, 3), (2, 3), (3, 3), (4, 3)}),
        ((4, 2), (1, 2), {(1, 3), (2, 3), (3, 3), (4, 3)}),
        ((2, 1), (2, 3), {(3, 1), (3, 2), (3, 3)}),
        ((1, 1), (3, 3), {(2, 1), (3, 2), (4, 3)}),
        ((3, 1), (1, 3), {(4, 1), (3, 2), (2, 3)}),
    ],
)
def test_line(
    start: tuple[int, int], end: tuple[int, int], expected: set[tuple[int, int]]
) -> None:
    """Both ends belong to a line, which is moved down or to the right."""
    canvas = Canvas(10, 10)
    canvas.line(start, end, 1, Ink.WHITE)
    assert inked(canvas) == expected


def test_paste_beyond_the_edges() -> None:
    """What does not fit is cut off at each side."""
    whole = np.arange(12, dtype=np.uint8).reshape(3, 4)
    for x, y in ((-1, -2), (8, 6), (-4, 0), (0, -3), (10, 0), (0, 8)):
        canvas = Canvas(10, 8)
        canvas.paste(whole, x, y)
        expected = np.full((8 + 20, 10 + 20), Ink.BACKGROUND, np.uint8)
        expected[10 + y : 13 + y, 10 + x : 14 + x] = whole
        assert (drawn(canvas) == expected[10:18, 10:20]).all(), (x, y)


def test_ellipse() -> None:
    """It touches each side of its box, is as thick as asked, and empty inside."""
    canvas = Canvas(20, 20)
    canvas.ellipse((2, 3, 16, 17), 2, Ink.WHITE)
    pixels = inked(canvas)
    columns, rows = zip(*pixels, strict=True)
    assert (min(columns), max(columns), min(rows), max(rows)) == (2, 16, 3, 17)
    assert {(2, 10), (3, 10), (9, 3), (9, 4)} <= pixels
    assert not pixels & box(6, 7, 12, 13)


def test_arrows() -> None:
    """One points up from its base, the other down, and they are alike."""
    up, down = Canvas(20, 20), Canvas(20, 20)
    up.arrow(4, 10, 7, 5, Ink.WHITE)
    down.arrow(4, 10, 7, -5, Ink.WHITE)
    assert {(4, 10), (10, 10), (7, 5)} <= inked(up)
    assert {(4, 10), (10, 10), (7, 15)} <= inked(down)
    assert {(x, 20 - y) for x, y in inked(up)} == inked(down)


def test_text() -> None:
    """Lettering lies inside its width and height, smoothed towards the background."""
    canvas = Canvas(200, 40)
    canvas.text(10, 5, "23.4 °C", 16, Ink.ACCENT)
    columns, rows = zip(*inked(canvas), strict=True)
    assert min(columns) >= 10
    assert max(columns) < 10 + text_width("23.4 °C", 16)
    assert min(rows) >= 5
    assert max(rows) < 5 + text_height(16)
    shades = set(np.unique(drawn(canvas)).tolist())
    assert shades <= {Ink.BACKGROUND, *range(Ink.ACCENT - 4, Ink.ACCENT + 1)}
    assert Ink.ACCENT in shades
    assert len(shades) > 2


def test_letters_without_accents() -> None:
    """The font has no letters with accents: those without stand for them."""
    plain, accented, empty = (Canvas(100, 30) for _ in range(3))
    plain.text(5, 5, "Batterie elevee", 14)
    accented.text(5, 5, "Batterie élevée", 14)
    assert (drawn(plain) == drawn(accented)).all()
    assert text_width("é", 14) == text_width("e", 14) > 0
    empty.text(5, 5, "", 14)
    assert inked(empty) == set()
    assert text_width("", 14) == 0


def test_palette_of_the_file() -> None:
    """Heat has the colours of its palette, from the first to the last; ink has its own."""
    colours = table(Palette.CIVIDIS)
    content = Canvas(4, 4).encode(colours, FileFormat.PNG)
    palette = np.array(Image.open(BytesIO(content)).getpalette()).reshape(-1, 3)
    assert (palette[0] == colours[0]).all()
    assert (palette[HEAT - 1] == colours[-1]).all()
    background, white = palette[Ink.BACKGROUND], palette[Ink.WHITE]
    assert background.max() < 30
    assert white.min() > 230
    # The shades between them go evenly from one to the other.
    assert (
        np.diff(palette[Ink.BACKGROUND : Ink.WHITE + 1].astype(int), axis=0) > 0
    ).all()


def test_file_formats() -> None:
    """PNG is exact; JPEG is near it."""
    canvas = Canvas(64, 64)
    canvas.paste(np.tile(np.arange(0, 240, 15, np.uint8), (64, 4)), 0, 0)
    colours = table(Palette.INFERNO)
    png, jpeg = (
        Image.open(BytesIO(canvas.encode(colours, file_format)))
        for file_format in (FileFormat.PNG, FileFormat.JPEG)
    )
    assert (png.format, jpeg.format) == ("PNG", "JPEG")
    exact = np.asarray(png.convert("RGB"), int)
    assert np.abs(np.asarray(jpeg.convert("RGB"), int) - exact).mean() < 4
