"""Cost of a thermal picture, compared with other ways to draw it and with the minimum."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
import statistics
import time

from custom_components.battery_thermal.model.orientation import Orientation
from custom_components.battery_thermal.model.thermal_image import ThermalImage
from custom_components.battery_thermal.render.canvas import JPEG_QUALITY
from custom_components.battery_thermal.render.picture import HEIGHT, WIDTH, render
from custom_components.battery_thermal.render.style import FileFormat, Style
from custom_components.battery_thermal.thermal.cells import CellGrid
from tests.battery_thermal.thermal.scenes import TIME, bank, thermal_image

from .figures import Section, Spread, write
from .peers import pictures as peers

PICTURES = 40
"""Pictures of each way in a run, in turns."""

OURS = "ours"


def ways() -> dict[str, Callable[[int], bytes]]:
    """Return the measured ways by name: each draws the image of a number.

    As in real use, every image has its own time and temperatures, and so another scale
    and other letters. Each way has its own copies, because an image caches what was
    computed from it.
    """
    scenes = [bank(24 + n / 20, 30 + n / 14) for n in range(2 * PICTURES)]

    def images() -> list[ThermalImage]:
        return [
            thermal_image(celsius, time=TIME + n * timedelta(minutes=1))
            for n, celsius in enumerate(scenes)
        ]

    style = Style(threshold=peers.THRESHOLD)
    palette = Style(threshold=peers.THRESHOLD, file_format=FileFormat.PNG)
    cells = Style(threshold=peers.THRESHOLD, areas=CellGrid(4, 3).areas(Orientation()))
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
    """Return the median processor time in ms of a picture, drawn in turns, and its bytes."""
    draw_by = ways()
    # Load fonts, libraries and letters before measuring, because a server runs for months. These
    # images differ from those measured.
    for n in range(PICTURES):
        sizes = {name: len(draw(n)) for name, draw in draw_by.items()}
    taken: dict[str, list[float]] = {name: [] for name in draw_by}
    # In random order, because a slow way evicts the next one's data from the processor's
    # caches.
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
            f"A slow image is drawn with {WIDTH} x {HEIGHT} pixels, with colour bar, time, threshold, and marks with values"
            f" on the hottest and the coldest pixel. Each run is the median of {PICTURES} pictures of different images,"
            " drawn in turns, after as many others that are not counted. The first web server colours pixels one by one in"
            " Python, enlarges the colours, and draws the rest with matplotlib. The other integration draws with Pillow and"
            " adds a transparent layer of the picture's size for each label. The floor only encodes a finished picture, as"
            f" JPEG of the same quality ({JPEG_QUALITY}, 4:4:4): ours takes {Spread(floor, 'times', 2)} as long.",
            ["way", "processor time a picture", "times ours", "file"],
            rows,
            runs,
        )
    )
