"""Nodes and images as the dashboards are told of them: JSON, °C, seconds since 1970."""

from typing import Any

import numpy as np

from .node_options import NodeOptions
from .thermal.cells import Cell, measure_cells
from .thermal.image import ThermalImage
from .thermal.watch import Limits


def look_as_dict(options: NodeOptions, limits: Limits) -> dict[str, Any]:
    """Return how the owner wants the picture of a node to look, and where its cells are.

    `edges` are shares of the picture's height and width. `imbalance` are the K over the
    median from which a cell is worth a warning, and an alarm. With `correction` everything
    is there that images of the archive depend on: who keeps some knows when they are of no
    use any more.
    """
    style, grid, correction = options.style, options.cells, options.correction
    return {
        "palette": style.palette,
        "scale": style.scale,
        "low": style.low,
        "high": style.high,
        "minimum_span": style.minimum_span,
        "marks": style.marks,
        "quarters": style.orientation.quarters,
        "mirror": style.orientation.mirror,
        "cells": grid
        and {
            "names": grid.all_names,
            "row_edges": grid.row_edges,
            "column_edges": grid.column_edges,
            "drawn": style.cells is not None,
            "imbalance": [limits.imbalance_warning, limits.imbalance_alarm],
        },
        "correction": [
            correction.offset,
            correction.emissivity,
            correction.dead_pixels,
        ],
    }


def image_as_dict(image: ThermalImage, options: NodeOptions) -> dict[str, Any]:
    """Return an image as it is looked at: turned, in °C with one decimal.

    None is where nothing has arrived. The cells are row by row.
    """
    orientation, grid = options.style.orientation, options.cells
    values = orientation.apply(image.values)
    present = orientation.apply(image.present)
    cells = measure_cells(image, grid, orientation) if grid else ()
    return {
        "rows": [_row(*row) for row in zip(values, present, strict=True)],
        "width": values.shape[1],
        "cells": [_cell(cell) for cell in cells],
        "mode": image.mode,
        "lines_received": image.lines_received,
        "lines_expected": image.lines_expected,
        "missing_lines": list(image.missing_lines),
        "started_at": image.started_at.timestamp(),
        "updated_at": image.updated_at.timestamp(),
        "closed": image.closed,
        "suspect": image.suspect,
        "minimum": image.minimum,
        "maximum": image.maximum,
        "mean": round(image.mean, 1),
    }


def _row(values: np.ndarray, present: np.ndarray) -> list[float | None] | None:
    if not present.any():
        return None
    return [
        value / 10 if there else None
        for value, there in zip(values.tolist(), present.tolist(), strict=True)
    ]


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "maximum": cell.maximum,
        "mean": None if cell.mean is None else round(cell.mean, 1),
        "deviation": cell.deviation,
        "complete": cell.complete,
    }
