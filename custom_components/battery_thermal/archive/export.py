"""Files for other programs: tables, arrays, animations.

A file is written completely or not at all. All functions block, and raise OSError and
what `go_on` raises: it is called regularly, and raises to cancel the work.
"""

from collections.abc import Buffer, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
import csv
from io import BufferedRandom, BytesIO, FileIO, TextIOWrapper
from itertools import chain
import os
from pathlib import Path
from secrets import token_hex
from typing import Protocol, override

import numpy as np
from PIL import Image

from ..model.archived_image import ArchivedImage
from ..model.thermal_image import ThermalImage
from ..render.scale import OVER_TEXT, over_range_text

type GoOn = Callable[[], None]

# In English and °C: a file is read by programs.
_OVER_RANGE = over_range_text("°C", OVER_TEXT)

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
    "over_range",
    "doubtful",
    "bound",
)


class Images(Protocol):
    """Images of one mode, one at least, that need not all be in memory at once.

    They are iterated once only.
    """

    def __len__(self) -> int:
        """Return the maximum number of images."""
        ...

    def __iter__(self) -> Iterator[ArchivedImage]:
        """Iterate over the images."""
        ...


def _always() -> None:
    """Do not cancel the work."""


def write_csv(path: Path, images: Images, go_on: GoOn = _always) -> None:
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
    with _replacing(path, go_on) as file:
        text = TextIOWrapper(file, encoding="utf-8", newline="")
        table = csv.writer(text)
        table.writerow([*_COLUMNS, *pixels])
        for archived in chain((first,), rows):
            image = archived.image
            table.writerow(
                [
                    image.started_at.isoformat(timespec="milliseconds"),
                    image.updated_at.isoformat(timespec="milliseconds"),
                    image.mode,
                    image.lines_received,
                    image.lines_expected,
                    image.suspect,
                    archived.ambient,
                    archived.fan,
                    archived.threshold,
                    image.minimum,
                    image.maximum,
                    _over_range(image),
                    _names(image.doubtful),
                    0 if image.bound is None else image.bound / 10,
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
        # Flushes the text; the file itself is closed by its context manager.
        text.detach()


def _over_range(image: ThermalImage) -> str:
    """Return in words whether the maximum is above the node's range, and where."""
    if not image.is_over_range:
        return ""
    return f"{_OVER_RANGE}: {_names(image.over_range)}".rstrip(": ")


def _names(mask: np.ndarray) -> str:
    """Return the names of the columns of the pixels that are True."""
    return " ".join(f"r{row + 1}c{column + 1}" for row, column in np.argwhere(mask))


def write_npz(path: Path, images: Images, go_on: GoOn = _always) -> None:
    """Write numpy arrays, an image an element.

    `celsius`: float32, (images, height, width), NaN where missing. `started_at`,
    `updated_at`: datetime64 in ms, UTC. `ambient`, `threshold`: °C, NaN where unknown.
    `minimum`, `maximum`: °C. `bound`: K within which the pixels are of the node's own.
    `over_range`, `doubtful`: bool, of the shape of `celsius`, for pixels above the node's
    range, and for those that may be far hotter. `suspect`: bool.
    """
    rows = iter(images)
    first = next(rows)
    # All pixels at once, and nothing else: a year of them is more than 100 MB.
    celsius = np.empty((len(images), *first.image.values.shape), np.float32)
    over_range = np.empty(celsius.shape, np.bool_)
    doubtful = np.empty(celsius.shape, np.bool_)
    suspect = np.empty(len(images), np.bool_)
    figures = []
    # `range` comes first in `zip`, so that no image is consumed beyond the size.
    for number, archived in zip(
        range(len(images)), chain((first,), rows), strict=False
    ):
        go_on()
        image = archived.image
        celsius[number] = np.where(image.present, image.values / 10, np.nan)
        over_range[number] = image.over_range
        doubtful[number] = image.doubtful
        suspect[number] = image.suspect
        figures.append(
            (
                image.started_at.timestamp(),
                image.updated_at.timestamp(),
                archived.ambient,
                archived.threshold,
                image.minimum,
                image.maximum,
                (image.bound or 0) / 10,
            )
        )
    started_at, updated_at, *others = zip(*figures, strict=True)
    ambient, threshold, minimum, maximum, bound = (
        np.array(it, np.float32) for it in others
    )
    with _replacing(path, go_on) as file:
        np.savez_compressed(
            file,
            celsius=celsius[: len(figures)],
            over_range=over_range[: len(figures)],
            doubtful=doubtful[: len(figures)],
            suspect=suspect[: len(figures)],
            started_at=_times(started_at),
            updated_at=_times(updated_at),
            ambient=ambient,
            threshold=threshold,
            minimum=minimum,
            maximum=maximum,
            bound=bound,
        )


def write_animation(
    path: Path, frames: Sequence[bytes], duration: int, go_on: GoOn = _always
) -> None:
    """Write an endless animation of pictures, each shown for `duration` ms.

    Lossless WebP or GIF, by the suffix of the path.
    """
    pictures = [Image.open(_Frame(frame, go_on)) for frame in frames]
    with _replacing(path, go_on) as file:
        pictures[0].save(
            file,
            "WEBP" if path.suffix.lower() == ".webp" else "GIF",
            save_all=True,
            append_images=pictures[1:],
            duration=duration,
            loop=0,
            lossless=True,
        )


def write_page(path: Path, page: str, go_on: GoOn = _always) -> None:
    """Write a page as UTF-8, into a folder that is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _replacing(path, go_on) as file:
        file.write(page.encode())


def _times(seconds: Sequence[float]) -> np.ndarray:
    stamps: np.ndarray = (np.array(seconds) * 1000).round().astype("datetime64[ms]")
    return stamps


class _Frame(BytesIO):
    """A picture that is read when it is added to the animation."""

    def __init__(self, picture: bytes, go_on: GoOn) -> None:
        """Initialize. The picture is not decoded yet."""
        super().__init__(picture)
        self._go_on = go_on

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        """Return a part of the picture, unless the work is cancelled."""
        self._go_on()
        return super().read(size)


class _Part(FileIO):
    """A file that is being written."""

    def __init__(self, number: int, go_on: GoOn) -> None:
        """Initialize with the descriptor of an open file."""
        super().__init__(number, "r+b")
        self._go_on = go_on
        self._ended = False

    @override
    def write(self, data: Buffer, /) -> int:
        """Write a part, unless the work is or was cancelled."""
        if self._ended:
            # The rest of the buffer is discarded: the file is going to be deleted.
            return memoryview(data).nbytes
        self._ended = True
        self._go_on()
        written = super().write(data)
        self._ended = False
        return written


@contextmanager
def _replacing(path: Path, go_on: GoOn) -> Iterator[BufferedRandom]:
    """Yield a new file, which replaces `path` when it is complete.

    Until then it has a random name in the same folder, so that no existing file is
    written to; a link at `path` is replaced, not followed. (`homeassistant.util.file` has
    atomic writes of whole strings only, and follows links in the folder's path.)
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    part = f".{token_hex(8)}.part"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        number = os.open(part, flags, 0o666, dir_fd=folder)
        try:
            with BufferedRandom(_Part(number, go_on)) as file:
                yield file
                file.flush()
                os.fsync(number)
            go_on()
            os.replace(part, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(part, dir_fd=folder)
    finally:
        os.close(folder)
