"""Files for other programs: tables, arrays, animations.

A file is there whole or not at all. Blocking: to be called in the executor. All raise
OSError.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import csv
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from .archive import Kept

_COLUMNS = (
    "started_at",
    "updated_at",
    "mode",
    "lines_received",
    "lines_expected",
    "suspect",
    "ambient",
    "fan",
    "threshold",
    "minimum",
    "maximum",
)


class Images(Protocol):
    """Images of one mode, one at least, that need not all be in memory at once.

    They are gone through once only.
    """

    def __len__(self) -> int:
        """Return how many there are at most."""
        ...

    def __iter__(self) -> Iterator[Kept]:
        """Give one after the other."""
        ...


def write_csv(path: Path, images: Images) -> None:
    """Write a table: an image a row, a pixel a column, °C, empty where missing.

    Pixels are counted from 1, `r1c2` is row 1, column 2.
    """
    rows = iter(images)
    first = next(rows)
    height, width = first.image.values.shape
    pixels = [
        f"r{row}c{column}"
        for row in range(1, height + 1)
        for column in range(1, width + 1)
    ]
    with (
        _replaced(path) as part,
        part.open("w", encoding="utf-8", newline="") as file,
    ):
        table = csv.writer(file)
        table.writerow([*_COLUMNS, *pixels])
        for kept in chain((first,), rows):
            image = kept.image
            table.writerow(
                [
                    image.started_at.isoformat(timespec="milliseconds"),
                    image.updated_at.isoformat(timespec="milliseconds"),
                    image.mode,
                    image.lines_received,
                    image.lines_expected,
                    image.suspect,
                    kept.ambient,
                    kept.fan,
                    kept.threshold,
                    image.minimum,
                    image.maximum,
                    *(
                        value / 10 if there else None
                        for value, there in zip(
                            image.values.ravel().tolist(),
                            image.present.ravel().tolist(),
                            strict=True,
                        )
                    ),
                ]
            )


def write_npz(path: Path, images: Images) -> None:
    """Write numpy arrays, an image an element.

    `celsius`: float32, (images, height, width), NaN where missing. `started_at`,
    `updated_at`: datetime64 in ms, UTC. `ambient`, `threshold`: °C, NaN where unknown.
    `minimum`, `maximum`: °C.
    """
    rows = iter(images)
    first = next(rows)
    # All pixels at once, and nothing else: a year of them is more than 100 MB.
    celsius = np.empty((len(images), *first.image.values.shape), np.float32)
    figures = []
    # The array comes first: of one image too many nothing is taken.
    for pixels, kept in zip(celsius, chain((first,), rows), strict=False):
        image = kept.image
        pixels[...] = np.where(image.present, image.values / 10, np.nan)
        figures.append(
            (
                image.started_at.timestamp(),
                image.updated_at.timestamp(),
                kept.ambient,
                kept.threshold,
                image.minimum,
                image.maximum,
            )
        )
    started_at, updated_at, *others = zip(*figures, strict=True)
    ambient, threshold, minimum, maximum = (np.array(it, np.float32) for it in others)
    with _replaced(path) as part, part.open("wb") as file:
        np.savez_compressed(
            file,
            celsius=celsius[: len(figures)],
            started_at=_times(started_at),
            updated_at=_times(updated_at),
            ambient=ambient,
            threshold=threshold,
            minimum=minimum,
            maximum=maximum,
        )


def write_animation(path: Path, frames: Sequence[bytes], duration: int) -> None:
    """Write an endless animation of pictures, each shown for `duration` ms.

    WebP without loss or GIF, as the path ends.
    """
    pictures = [Image.open(BytesIO(frame)) for frame in frames]
    with _replaced(path) as part:
        pictures[0].save(
            part,
            "WEBP" if path.suffix.lower() == ".webp" else "GIF",
            save_all=True,
            append_images=pictures[1:],
            duration=duration,
            loop=0,
            lossless=True,
        )


def _times(seconds: Sequence[float]) -> np.ndarray:
    stamps: np.ndarray = (np.array(seconds) * 1000).round().astype("datetime64[ms]")
    return stamps


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """Put a new file in place of `path` when it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
