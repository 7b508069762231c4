"""Five images with which every change of the picture is checked.

`python -m tests.battery_thermal.thermal.scenes` draws the golden pictures: one
sheet for each size, with the scenes side by side. Look at them before you commit them.
They are of one palette: `test_picture` proves that all draw the same in other colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.render.palettes import Palette
from custom_components.battery_thermal.render.picture import render
from custom_components.battery_thermal.render.style import (
    FAHRENHEIT,
    FileFormat,
    Scale,
    Style,
)
from custom_components.battery_thermal.thermal.cells import CellGrid

GOLDEN = Path(__file__).parent / "golden"
TIME = datetime(2026, 11, 21, 7, 39, tzinfo=UTC)
SIZES = ((480, 640), (240, 320))


def bank(usual: float, hot: float) -> np.ndarray:
    """Return a bank of 4 x 3 cells, one of them hotter by `hot` K, 32 x 24."""
    y, x = np.mgrid[0:32, 0:24]
    field = np.full((32, 24), usual, float)
    for row in range(4):
        for column in range(3):
            away = ((y - row * 8 - 3.5) / 3.2) ** 4 + (
                (x - column * 8 - 3.5) / 3.2
            ) ** 4
            warm = (
                6 + 0.3 * row - 0.2 * column + (hot if (row, column) == (2, 1) else 0)
            )
            field += warm * np.exp(-away)
    return field


def thermal_image(
    celsius: np.ndarray,
    *,
    mode: Mode = Mode.SLOW,
    layout: Layout = Layout.SLOW_24,
    missing: Sequence[int] = (),
    time: datetime = TIME,
) -> ThermalImage:
    """Return an image as the assembler returns it."""
    grid = layout.grid(mode)
    values = np.round(celsius * 10).astype(np.int16)
    present = np.ones(values.shape, np.bool_)
    for line in missing:
        present[grid.area(line)] = False
    complete = not missing
    return ThermalImage(
        values=np.where(present, values, 0).astype(np.int16),
        present=present,
        mode=mode,
        lines_expected=grid.lines,
        missing_lines=tuple(missing),
        started_at=time,
        updated_at=time,
        closed=True,
        node_minimum=int(values.min()) if complete else None,
        node_maximum=int(values.max()) if complete else None,
    )


def images() -> dict[str, ThermalImage]:
    """Return the images by their names."""
    hot = bank(24, 30)
    return {
        "hot_cell": thermal_image(hot),
        "uniform": thermal_image(np.full((32, 24), 23.0)),
        "missing": thermal_image(hot, missing=(3, 10, 11)),
        "fast": thermal_image(hot.reshape(8, 4, 6, 4).max((1, 3)), mode=Mode.FAST),
        "negative": thermal_image(bank(-25, 12)),
    }


def styles() -> dict[str, tuple[ThermalImage | None, Style]]:
    """Return other styles, drawn in one palette."""
    scenes = images()
    hot, torn = scenes["hot_cell"], scenes["missing"]
    cells = CellGrid(4, 3).areas(Orientation())
    neighbours = np.full((32, 24), 23.0)
    neighbours[10, 10:12] = 24, 22
    return {
        "cells": (torn, Style(areas=cells, threshold=50)),
        "fahrenheit": (hot, Style(unit=FAHRENHEIT, threshold=50, areas=cells)),
        "cold_fahrenheit": (scenes["negative"], Style(unit=FAHRENHEIT, threshold=-10)),
        "fixed": (hot, Style(scale=Scale.FIXED, low=26, high=45, threshold=50)),
        "threshold": (hot, Style(scale=Scale.THRESHOLD, threshold=80)),
        "turned": (
            hot,
            Style(
                orientation=Orientation(1, mirror=True),
                areas=CellGrid(3, 4).areas(Orientation(1, mirror=True)),
            ),
        ),
        "uniform_cells": (
            scenes["uniform"],
            Style(palette=Palette.BLACK_HOT, areas=cells),
        ),
        "marks_side_by_side": (thermal_image(neighbours), Style(areas=cells)),
        "small_span": (scenes["uniform"], Style(minimum_span=2)),
        "empty": (None, Style()),
    }


@dataclass(frozen=True)
class Drawing:
    """A golden picture."""

    image: ThermalImage | None
    style: Style
    width: int
    height: int

    def draw(self) -> Image.Image:
        """Return the picture as it is drawn now."""
        style = replace(self.style, file_format=FileFormat.PNG)
        content = render(self.image, style, self.width, self.height)
        return Image.open(BytesIO(content)).convert("RGB")


def drawings() -> dict[str, dict[str, Drawing]]:
    """Return the drawings of each golden sheet by names."""
    sheets = {
        f"scenes_{width}x{height}": {
            name: Drawing(image, Style(threshold=50), width, height)
            for name, image in images().items()
        }
        for width, height in SIZES
    }
    sheets["styles_240x320"] = {
        name: Drawing(image, style, 240, 320)
        for name, (image, style) in styles().items()
    }
    return sheets


def golden(sheet: str) -> dict[str, Image.Image]:
    """Return the stored pictures of a sheet."""
    names = list(drawings()[sheet])
    with Image.open(GOLDEN / f"{sheet}.webp") as whole:
        width = whole.width // len(names)
        return {
            name: whole.crop((left, 0, left + width, whole.height))
            for name, left in zip(names, range(0, whole.width, width), strict=True)
        }


def _draw_sheets() -> None:
    for name, sheet in drawings().items():
        pictures = [drawing.draw() for drawing in sheet.values()]
        width, height = pictures[0].size
        whole = Image.new("RGB", (width * len(pictures), height))
        for number, picture in enumerate(pictures):
            whole.paste(picture, (number * width, 0))
        whole.save(GOLDEN / f"{name}.webp", lossless=True, method=6)


if __name__ == "__main__":
    _draw_sheets()
