"""Nodes and images as JSON for dashboards: °C, seconds since 1970."""

from typing import Any

import numpy as np

from ..device.node_options import NodeOptions
from ..device.option_table import MARGINS
from ..model.area import Area
from ..model.thermal_image import ThermalImage
from ..model.updating_image import UpdatingImage
from ..thermal.analysis import extreme_pixels
from ..thermal.areas import AreaValues, measure_areas
from ..thermal.cells import CellGrid
from ..thermal.drift import DriftWatch
from ..thermal.limits import Limits


def look_as_dict(options: NodeOptions, limits: Limits) -> dict[str, Any]:
    """Return the look of a node's picture, and where its areas are.

    Points of areas are row and column of the sensor, see `model.area`. `imbalance` are
    the K over the median of its kind above which an area causes a warning, and an alarm,
    unless it has limits of its own. `correction` and `areas` are all that corrected images
    of the archive depend on: cached ones are invalid when they change. `grid`: see
    `grid_as_dict`.
    """
    style, correction = options.style, options.correction
    return {
        "palette": style.palette,
        "scale": style.scale,
        "low": style.low,
        "high": style.high,
        "minimum_span": style.minimum_span,
        "marks": style.marks,
        "quarters": style.orientation.quarters,
        "mirror": style.orientation.mirror,
        "areas": [area_as_dict(area) for area in options.areas],
        "areas_drawn": bool(style.areas),
        "grid": grid_as_dict(options.grid),
        "imbalance": [limits.imbalance_warning, limits.imbalance_alarm],
        "correction": [
            correction.offset,
            correction.emissivity,
            correction.dead_pixels,
        ],
    }


def grid_as_dict(grid: CellGrid) -> dict[str, Any] | None:
    """Return the grid of the cells in the picture as it is displayed; None without one.

    The margins are percents of the picture's height or width, `keys` those of the areas
    that its cells are or were, row by row.
    """
    if not grid.places:
        return None
    margins = {name: round(getattr(grid, name) * 100, 4) for name in MARGINS}
    return {
        "rows": grid.rows,
        "columns": grid.columns,
        **margins,
        "keys": [grid.key(*place) for place in grid.places],
    }


def drift_as_dict(drift: DriftWatch, cells: list[Area]) -> list[dict[str, Any]]:
    """Return the cells that drift: their key, the K, and the seconds since 1970."""
    return [
        {
            "key": cells[found.cell].key,
            "amount": round(found.amount, 1),
            "since": found.since.timestamp(),
        }
        for found in drift.findings
    ]


def image_as_dict(image: ThermalImage, options: NodeOptions) -> dict[str, Any]:
    """Return an image as it is shown: rotated, in °C with one decimal.

    None where nothing has arrived. `areas`: those that count, in the owner's order.
    `over_range`: whether the maximum is above the node's range; `over` and `doubtful`: row
    and column of the pixels that are above it, and of those that count and may be.
    `may_be_hotter`, also of areas: True if something may be far hotter than its value,
    otherwise not there. `bound`: the K within which pixels and areas are of the node's own;
    not there if they are exact.
    `extremes`: where they cannot be found in `rows`.
    """
    orientation = options.style.orientation
    values = orientation.apply(image.values)
    present = orientation.apply(image.present)
    more: dict[str, Any] = {}
    if isinstance(image, UpdatingImage):
        received, expected = image.lines_upcoming
        more["next"] = {"lines_received": received, "lines_expected": expected}
    if isinstance(image, UpdatingImage) or image.ignored is not None:
        more["extremes"] = _extremes(image, options)
    return (
        more
        | {
            "rows": [_row(*row) for row in zip(values, present, strict=True)],
            "width": values.shape[1],
            "areas": [_area(area) for area in measure_areas(image, options.areas)],
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
            "over_range": image.is_over_range,
            "over": _places(orientation.apply(image.over_range)),
            "doubtful": _places(orientation.apply(image.doubtful & image.counted)),
        }
        | ({} if image.bound is None else {"bound": image.bound / 10})
        | ({"may_be_hotter": True} if image.hotness[0] else {})
    )


def area_as_dict(area: Area) -> dict[str, Any]:
    """Return an area as the owner has set it."""
    return {
        "key": area.key,
        "name": area.name,
        "kind": area.kind,
        "points": [list(point) for point in area.points],
        "emissivity": area.emissivity,
        "highest": area.highest,
        "warning": area.warning,
        "alarm": area.alarm,
    }


def _extremes(image: ThermalImage, options: NodeOptions) -> dict[str, Any]:
    """Return where the extremes are, and their values.

    They need not be the extremes of `rows`: the lines of the next image may be there
    already, and pixels that are ignored.
    """
    orientation = options.style.orientation
    hottest, coldest = extreme_pixels(image, orientation)
    of_hottest = of_coldest = image
    if isinstance(image, UpdatingImage):
        of_hottest = image.upcoming if image.upcoming_is_hotter else image.ended
        of_coldest = image.ended
    return {
        name: {
            "row": row,
            "column": column,
            "value": int(orientation.apply(of.values)[row, column]) / 10,
        }
        for name, (row, column), of in (
            ("hottest", hottest, of_hottest),
            ("coldest", coldest, of_coldest),
        )
    }


def _places(mask: np.ndarray) -> list[list[int]]:
    """Return row and column of each pixel that is True."""
    places: list[list[int]] = np.argwhere(mask).tolist()
    return places


def _row(values: np.ndarray, present: np.ndarray) -> list[float | None] | None:
    if not present.any():
        return None
    return [
        value / 10 if there else None
        for value, there in zip(values.tolist(), present.tolist(), strict=True)
    ]


def _area(values: AreaValues) -> dict[str, Any]:
    result = {
        "key": values.area.key,
        "maximum": values.maximum,
        "mean": None if values.mean is None else round(values.mean, 1),
        "deviation": values.deviation,
        "complete": values.complete,
    }
    if values.over_range:
        result["over_range"] = True
    if values.doubtful:
        result["may_be_hotter"] = True
    return result
