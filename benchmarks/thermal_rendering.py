"""What a thermal picture costs, against the ways that others draw it and against the least there is to do."""

from collections.abc import Callable
from datetime import timedelta
import statistics
import time

from custom_components.battery_thermal.thermal.canvas import JPEG_QUALITY
from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.picture import HEIGHT, WIDTH, render
from custom_components.battery_thermal.thermal.style import FileFormat, Style
from tests.battery_thermal.thermal.scenes import TIME, bank, thermal_image

from .figures import Section, Spread, write
from .peers import pictures as peers

PICTURES = 40
"""How many of each are drawn in a run, in turns."""

OURS = "ours"


def ways() -> dict[str, Callable[[int], bytes]]:
    """Return what is measured, by its name: each draws the image of a number.

    As in a house, no image is like another: every one has its own time and temperatures,
    and so another scale and other letters.
    """
    scenes = [bank(24 + n / 10, 30 + n / 7) for n in range(PICTURES + 1)]
    images = [
        thermal_image(celsius, time=TIME + n * timedelta(minutes=1))
        for n, celsius in enumerate(scenes)
    ]
    style = Style(threshold=peers.THRESHOLD)
    palette = Style(threshold=peers.THRESHOLD, file_format=FileFormat.PNG)
    cells = Style(threshold=peers.THRESHOLD, cells=CellGrid(4, 3))
    assert (WIDTH, HEIGHT, JPEG_QUALITY) == (
        peers.WIDTH,
        peers.HEIGHT,
        peers.JPEG_QUALITY,
    )
    floors = [peers.Floor(render(image, style)) for image in images]
    layered = peers.Layered()
    return {
        OURS: lambda n: render(images[n], style),
        "ours, with the maxima of 12 cells": lambda n: render(images[n], cells),
        "ours, as PNG with a palette": lambda n: render(images[n], palette),
        "the first web server's way": lambda n: peers.original(scenes[n]),
        "another integration's way": lambda n: layered(scenes[n]),
        "the floor": lambda n: floors[n](),
    }


def measure() -> tuple[dict[str, float], dict[str, int]]:
    """Return the median ms of a processor a picture takes each way, drawn in turns, and its bytes."""
    draw_by = ways()
    # Also so that nobody loads fonts and libraries while time is taken: of another image.
    sizes = {name: len(draw(PICTURES)) for name, draw in draw_by.items()}
    taken: dict[str, list[float]] = {name: [] for name in draw_by}
    for turn in range(PICTURES):
        # Another begins each time.
        first = turn % len(draw_by)
        for name in [*draw_by, *draw_by][first : first + len(draw_by)]:
            began = time.thread_time()
            draw_by[name](turn)
            taken[name].append((time.thread_time() - began) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}, sizes


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    results = [measure() for _ in range(runs)]
    sizes = results[0][1]
    rows = [
        [
            name,
            Spread([times[name] for times, _ in results], "ms", 2),
            Spread([times[name] / times[OURS] for times, _ in results], "x", 2),
            f"{size / 1000:.1f} kB",
        ]
        for name, size in sizes.items()
    ]
    floor = [times[OURS] / times["the floor"] for times, _ in results]
    write(
        Section(
            "Drawing a thermal picture",
            f"A slow image as {WIDTH} x {HEIGHT} pixels with colour bar, time, threshold, and marks with values on the hottest and"
            f" the coldest pixel; medians of {PICTURES} pictures a run, each of another image, drawn in turns. The first web server colours pixels one by"
            " one in Python, enlarges the colours, and lets matplotlib draw the rest. The other integration draws with Pillow and"
            " lays a transparent layer of the picture's size over it for each label. The floor encodes a picture that is ready, as"
            f" JPEG of the same quality ({JPEG_QUALITY}, 4:4:4): ours takes {Spread(floor, 'times', 2)} as long.",
            ["way", "processor time a picture", "times ours", "file"],
            rows,
            runs,
        )
    )
