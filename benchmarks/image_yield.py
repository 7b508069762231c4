"""How many images are seen over a radio that loses lines, and whether any line is ever in a wrong place."""

from concurrent.futures import ProcessPoolExecutor
from itertools import product

from custom_components.battery_thermal.node.layout import Layout, Mode, Numbering
from tests.battery_thermal.node.yield_run import Course, Yield, run

from .figures import Section, write

IMAGES = 10_000
LOSSES = ((0.05, 1.0), (0.10, 1.0), (0.20, 1.0), (0.20, 6.0))
"""Share of lines lost, and how many are lost in a row on average."""


def share(part: int, whole: int, digits: int = 1) -> str:
    """Return a share as text."""
    return f"{part / whole:.{digits}%}"


def main(runs: int) -> None:
    """Let nodes of each layout and numbering live through each radio; ``runs`` seeds each."""
    courses = [
        Course(
            layout=layout,
            numbering=numbering,
            mode=mode,
            loss=loss,
            burst=burst,
            images=IMAGES // runs,
            seed=seed,
        )
        for (layout, mode), numbering, (loss, burst), seed in product(
            (
                (Layout.SLOW_24, Mode.SLOW),
                (Layout.SLOW_32, Mode.SLOW),
                (Layout.SLOW_24, Mode.FAST),
            ),
            (Numbering.COUNTER, Numbering.PORT, Numbering.RUNNING),
            LOSSES,
            range(1, runs + 1),
        )
    ]
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(run, courses))
    rows: list[list[object]] = []
    for start in range(0, len(courses), runs):
        course = courses[start]
        of = results[start : start + runs]

        def total(name: str, of: list[Yield] = of) -> int:
            return sum(getattr(one, name) for one in of)

        loss = f"{course.loss:.0%}" + (
            f", {course.burst:.0f} in a row" if course.burst > 1 else ""
        )
        rows.append(
            [
                "fast"
                if course.mode is Mode.FAST
                else f"slow, {course.layout[-2:]} lines",
                course.numbering,
                loss,
                total("sent"),
                share(total("whole"), total("sent")),
                share(total("shown"), total("sent")),
                sum(len(one.missed) for one in of),
                total("lines_wrong"),
                total("pixels_wrong"),
                total("lines_heard"),
                share(total("lines_shown"), total("lines_heard"), 2),
            ]
        )
    write(
        Section(
            "Images over a lossy radio",
            "The simulated node against the image assembly; the mode is switched every 50 images and the node restarted"
            " every 100, on average, and one line in a hundred arrives twice. *Starts as* says what the node begins with."
            " *Whole* is what the rule *discard the image when a line is missing* shows; *shown* are the images of which at"
            " least one line is shown here. *Missed* counts images with a line whose position could be known of which none"
            " was shown. *Lines arrived* are all that did, of images shown or not; *of them shown* are those that an image"
            " has when it ends, each in its place and with all its pixels.",
            [
                "starts as",
                "lines numbered by",
                "loss",
                "images sent",
                "whole",
                "shown",
                "missed",
                "lines in a wrong place",
                "pixels with a wrong value",
                "lines arrived",
                "of them shown",
            ],
            rows,
            runs,
        )
    )
