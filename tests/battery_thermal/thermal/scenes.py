"""The five images that every change of the picture has to be looked at with.

`python -m tests.battery_thermal.thermal.scenes` draws the golden pictures anew; look at
them before they are committed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from custom_components.battery_thermal.node.layout import Layout, Mode
from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.image import ThermalImage
from custom_components.battery_thermal.thermal.orientation import Orientation
from custom_components.battery_thermal.thermal.palettes import Palette
from custom_components.battery_thermal.thermal.picture import render
from custom_components.battery_thermal.thermal.style import (
    FAHRENHEIT,
    FileFormat,
    Scale,
    Style,
)

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
    """Return an image as it comes out of the assembler."""
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
    """Return the images by what is special about them."""
    hot = bank(24, 30)
    return {
        "hot_cell": thermal_image(hot),
        "uniform": thermal_image(np.full((32, 24), 23.0)),
        "missing": thermal_image(hot, missing=(3, 10, 11)),
        "fast": thermal_image(hot.reshape(8, 4, 6, 4).max((1, 3)), mode=Mode.FAST),
        "negative": thermal_image(bank(-25, 12)),
    }


def styles() -> dict[str, Style]:
    """Return what else can be different, to be seen on the hot cell."""
    cells = CellGrid(4, 3)
    return {
        "cells": Style(cells=cells, threshold=50),
        "fahrenheit": Style(unit=FAHRENHEIT, threshold=50, cells=cells),
        "fixed": Style(scale=Scale.FIXED, low=26, high=45, threshold=50),
        "threshold": Style(scale=Scale.THRESHOLD, threshold=80),
        "alarm": Style(palette=Palette.ALARM, threshold=40),
        "turned": Style(orientation=Orientation(1, mirror=True), cells=CellGrid(3, 4)),
    }


def pictures() -> dict[str, bytes]:
    """Return every golden picture, as palette PNG."""
    png = FileFormat.PNG
    drawn = {
        f"{name}_{width}": render(
            image, Style(threshold=50, file_format=png), width, height
        )
        for name, image in images().items()
        for width, height in SIZES
    }
    hot = images()["hot_cell"]
    for name, style in styles().items():
        drawn[name] = render(hot, replace(style, file_format=png), 240, 320)
    drawn["empty"] = render(None, Style(file_format=png), 240, 320)
    return drawn


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, picture in pictures().items():
        (GOLDEN / f"{name}.png").write_bytes(picture)
