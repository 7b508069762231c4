"""What is stored in the archive, and what queries return."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ..model.archived_image import ArchivedImage


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of one node is stored at most: days, and 1,000,000 bytes of packed images."""

    days: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class CurveSource:
    """How the values of areas are measured in an image, in tenths of a °C.

    `terms` is another text as soon as `measure` has other results.
    """

    terms: str
    measure: Callable[[ArchivedImage], Sequence[int | None]]


class SettingsChange(NamedTuple):
    """Settings of a node as a text, and when they came into force."""

    since: datetime
    settings: str


@dataclass(frozen=True, slots=True)
class Addition:
    """An image to store: of which node, within which bounds, and the time now.

    `curves`: how the values of its areas are measured, None for a node without areas.
    `settings`: their changes since the last image; the last one is in force.
    """

    node: str
    archived: ArchivedImage
    bounds: Bounds
    now: datetime
    curves: CurveSource | None = None
    settings: tuple[SettingsChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageIndex:
    """Start times of the images of a span of time, oldest first.

    `before` and `after`: the nearest images outside of the span, None without any.
    """

    times: tuple[datetime, ...]
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class ArchiveSize:
    """How much of one node is stored: images, bytes of their matrices, oldest start."""

    images: int
    matrix_bytes: int
    oldest: datetime | None
