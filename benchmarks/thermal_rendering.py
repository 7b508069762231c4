"""What a thermal picture costs, against the ways that others draw it and against the least there is to do."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
import statistics
import time

from custom_components.battery_thermal.thermal.canvas import JPEG_QUALITY
from custom_components.battery_thermal.thermal.cells import CellGrid
from custom_components.battery_thermal.thermal.image import ThermalImage
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
    and so another scale and other letters. Each way has its own copies, for an image keeps
    what has been found out about it.
    """
    scenes = [bank(24 + n / 20, 30 + n / 14) for n in range(2 * PICTURES)]

    def images() -> list[ThermalImage]:
        return [
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
    floors = [peers.Floor(render(image, style)) for image in images()]
    layered = peers.Layered()
    ours, with_cells, as_png = images(), images(), images()
    return {
        OURS: lambda n: render(ours[n], style),
        "ours, with the maxima of 12 cells": lambda n: render(with_cells[n], cells),
        "ours, as PNG with a palette": lambda n: render(as_png[n], palette),
        "the first web server's way": lambda n: peers.original(scenes[n]),
        "another integration's way": lambda n: layered(scenes[n]),
        "the floor": lambda n: floors[n](),
    }


def measure() -> tuple[dict[str, float], dict[str, int]]:
    """Return the median ms of a processor a picture takes each way, drawn in turns, and its bytes."""
    draw_by = ways()
    # Nobody loads fonts and libraries, or meets a letter for the first time, while time is
    # taken: a server runs for months. These images are others than those measured.
    for n in range(PICTURES):
        sizes = {name: len(draw(n)) for name, draw in draw_by.items()}
    taken: dict[str, list[float]] = {name: [] for name in draw_by}
    # In another order each time: what comes after a slow one finds nothing of its own in the
    # processor's caches.
    random = Random(1)
    for turn in range(PICTURES, 2 * PICTURES):
        for name in random.sample(list(draw_by), len(draw_by)):
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
            f" the coldest pixel; medians of {PICTURES} pictures a run, each of another image, drawn in turns, after as many of others that"
            " are not counted. The first web server colours pixels one by"
            " one in Python, enlarges the colours, and lets matplotlib draw the rest. The other integration draws with Pillow and"
            " lays a transparent layer of the picture's size over it for each label. The floor encodes a picture that is ready, as"
            f" JPEG of the same quality ({JPEG_QUALITY}, 4:4:4): ours takes {Spread(floor, 'times', 2)} as long.",
            ["way", "processor time a picture", "times ours", "file"],
            rows,
            runs,
        )
    )
