"""A year of images: browsing, exporting, and animating a part of it."""

from collections import defaultdict
from functools import partial
from pathlib import Path
import tempfile

from custom_components.battery_thermal.model.mode import Mode

from .figures import Section, Spread, write
from .targets.year import (
    browse,
    csv,
    day,
    fill,
    keep,
    measured,
    newest,
    npz,
    timelapse,
    times,
)

YEARS = {"fast": (Mode.FAST, 150), "slow": (Mode.SLOW, 10)}
"""Images a day that The Things Network's fair use policy has room for (30 s of airtime)."""
FRAMES = 1000

READ = {
    "the list of all days": browse,
    "the list of a day's images": times,
    "one day's images": day,
    "the image of a moment": newest,
    "exported as CSV": csv,
    "exported as npz": npz,
}
FILMS = {
    f"{FRAMES} images as {name}": partial(timelapse, suffix, FRAMES)
    for name, suffix in (("WebP", ".webp"), ("GIF", ".gif"))
}


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    results = defaultdict(list)
    sizes: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name, (mode, a_day) in YEARS.items():
            path = Path(temporary) / f"{name}.db"
            archive = fill(path, mode, a_day)
            sizes[name] = path.stat().st_size / 1e6
            for number in range(runs):
                work_of_year = READ | {
                    # Each time another one: an existing image is not written.
                    "one image more is kept": partial(keep, mode, number)
                }
                if name == "slow":
                    work_of_year |= FILMS
                for what, work in work_of_year.items():
                    results[name, what].append(measured(partial(work, archive, path)))
    rows = [
        [
            f"{name}: {365 * YEARS[name][1]:,} images, {sizes[name]:.0f} MB",
            what,
            Spread([seconds for seconds, _ in all_of_it], "s", 3),
            Spread([memory for _, memory in all_of_it], "MB", 0),
        ]
        for (name, what), all_of_it in results.items()
    ]
    write(
        Section(
            "A year in the archive",
            "The archive has as many images as The Things Network's fair use allows in a year. Each image is random noise,"
            " which compresses worse than pictures of a battery. Each operation runs in its own process. The figures are"
            " its duration, and its peak memory above that of the process before it.",
            ["a year", "", "time", "memory"],
            rows,
            runs,
        )
    )
