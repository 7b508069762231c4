"""Share of images shown over a radio that loses lines, and the number of misplaced lines."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import product

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.layout import Layout, Numbering
from simulator.networks import NETWORKS
from tests.battery_thermal.protocol.yield_run import Course, Yield, run

from .figures import Section, write

IMAGES = 10_000
LOSSES = ((0.05, 1.0), (0.10, 1.0), (0.20, 1.0), (0.20, 6.0), (0.40, 1.0), (0.40, 6.0))
"""Share of lines lost, and how many are lost in a row on average."""


def share(part: int, whole: int, digits: int = 1) -> str:
    """Return a share as text."""
    return f"{part / whole:.{digits}%}"


COLUMNS = [
    "starts as",
    "lines numbered by",
    "loss",
    "images sent",
    "whole",
    "shown",
    "missed",
    "lines in a wrong place",
    "pixels with a wrong value",
    "images that mix two",
    "lines arrived",
    "of them shown",
]
NUMBERINGS = (Numbering.COUNTER, Numbering.PORT, Numbering.RUNNING)
SERVER_IMAGES = 2_000
"""Images of each row of the table of network servers."""


def total(results: list[Yield], name: str) -> int:
    """Return the sum of a number over the seeds."""
    return sum(getattr(one, name) for one in results)


def row(course: Course, results: list[Yield]) -> list[object]:
    """Return the row of a course, without its seed."""
    burst = f", {course.burst:.0f} in a row" if course.burst > 1 else ""
    sent = total(results, "sent")
    return [
        "fast" if course.mode is Mode.FAST else f"slow, {course.layout[-2:]} lines",
        course.numbering,
        f"{course.loss:.0%}{burst}",
        sent,
        share(total(results, "whole"), sent),
        share(total(results, "shown"), sent),
        sum(len(one.missed) for one in results),
        total(results, "lines_wrong"),
        total(results, "pixels_wrong"),
        total(results, "mixed"),
        total(results, "lines_heard"),
        share(total(results, "lines_shown"), total(results, "lines_heard"), 2),
    ]


def rows(courses: list[Course], runs: int) -> list[list[object]]:
    """Run courses with ``runs`` seeds each, and return a row for each."""
    seeded = [
        replace(course, images=course.images // runs, seed=seed)
        for course in courses
        for seed in range(1, runs + 1)
    ]
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(run, seeded))
    return [
        row(course, results[number * runs : (number + 1) * runs])
        for number, course in enumerate(courses)
    ]


def main(runs: int) -> None:
    """Simulate nodes of each layout and numbering over each radio, with ``runs`` seeds each."""
    courses = [
        Course(
            layout=layout,
            numbering=numbering,
            mode=mode,
            loss=loss,
            burst=burst,
            images=IMAGES,
        )
        for (layout, mode), numbering, (loss, burst) in product(
            (
                (Layout.SLOW_24, Mode.SLOW),
                (Layout.SLOW_32, Mode.SLOW),
                (Layout.SLOW_24, Mode.FAST),
            ),
            NUMBERINGS,
            LOSSES,
        )
    ]
    write(
        Section(
            "Images over a lossy radio",
            "The simulated node sends to the image assembly. On average, the mode is switched every 50 images and the node"
            " is restarted every 100 images; one line in a hundred arrives twice. *Starts as* is the node's mode at the"
            " beginning. *Whole* are the images without a missing line: a rule that discards all others shows only these."
            " *Shown* are the images of which at least one line is shown here. *Missed* are the images of which no line was"
            " shown although the position of one could be known. *Lines arrived* are all lines that arrived, of shown"
            " images or not. *Of them shown* are the lines that an image has when it ends, each in its place and with all"
            " its pixels.",
            COLUMNS,
            rows(courses, runs),
            runs,
        )
    )
    by_server = [
        Course(
            numbering=numbering,
            mode=mode,
            loss=0.2,
            images=SERVER_IMAGES,
            server=server,
        )
        for server, mode, numbering in product(NETWORKS, Mode, NUMBERINGS)
    ]
    write(
        Section(
            "Images over a lossy radio, by network server",
            "As above, but each line is published as the network server publishes it, and read from that.",
            ["network server", *COLUMNS],
            [
                [NETWORKS[course.server or ""].title, *cells]
                for course, cells in zip(by_server, rows(by_server, runs), strict=True)
            ],
            runs,
        )
    )
