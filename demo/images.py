"""Comparison of images in Home Assistant with the node's own."""

from typing import Any

from simulator.node import Image

type Growth = list[tuple[str | None, int | None, str]]
"""The states of growing images: mode, lines received, and time of the last line."""


def growth_of(changes: list[dict[str, Any]], entity: str) -> Growth:
    """Return the states of growing images."""
    return [
        (
            state["attributes"].get("mode"),
            state["attributes"].get("lines_received"),
            state["state"],
        )
        for state in changes
        if state["entity_id"] == entity
    ]


def grown(growth: Growth, mode: str, lines: int) -> set[str]:
    """Return the times of the images that were shown with every number of lines."""
    wanted = [(mode, line) for line in range(1, lines + 1)]
    seen = [(of, line) for of, line, _ in growth]
    return {
        growth[end - 1][2]
        for end in range(lines, len(growth) + 1)
        if seen[end - lines : end] == wanted
    }


def beyond_bound(image: dict[str, Any], true: Image) -> str:
    """Return where a picture differs from the node's by more than its bound, empty if nowhere."""
    expected = {
        "temp_min": true.minimum / 10,
        "temp_max": true.maximum / 10,
        "missing_lines": [],
        "suspect": False,
    }
    for name, value in expected.items():
        if image[name] != value:
            return f"{name} is {image[name]}, not {value}"
    worst = max(
        abs(shown - tenths / 10)
        for row, values in zip(image["image"], true.matrix.tolist(), strict=True)
        for shown, tenths in zip(row, values, strict=True)
    )
    bound = image["bound"]
    return "" if worst <= bound + 1e-6 else f"a pixel is {worst:.1f} K off, not {bound}"


def difference_of(image: dict[str, Any], true: Image) -> str:
    """Return where an image differs from the node's, empty if nowhere."""
    expected = {
        "mode": true.mode,
        "temp_min": true.minimum / 10,
        "temp_max": true.maximum / 10,
        "missing_lines": [],
        "suspect": False,
    }
    for name, value in expected.items():
        if image[name] != value:
            return f"{name} is {image[name]}, not {value}"
    shape = len(image["image"]), len(image["image"][0])
    if shape != true.matrix.shape:
        return f"{shape} pixels, not {true.matrix.shape}"
    wrong = [
        f"row {row}, column {column}: {shown}, not {tenths / 10}"
        for row, values in enumerate(true.matrix.tolist())
        for column, tenths in enumerate(values)
        if (shown := image["image"][row][column]) != tenths / 10
    ]
    return f"{len(wrong)} pixels wrong, {wrong[0]}" if wrong else ""
