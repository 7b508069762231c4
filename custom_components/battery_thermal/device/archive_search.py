"""Searches in the archive of a node: the hottest image, and the maxima of a day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ..model.archived_image import ArchivedImage
from ..model.thermal_image import ThermalImage
from .node_archive import NodeArchive
from .node_options import NodeOptions


@dataclass(frozen=True, slots=True)
class ImageSummary:
    """Start and maximum (°C) of an image.

    `over_range`: whether it is above the node's range, or may be.
    """

    started_at: datetime
    maximum: float
    over_range: bool


async def async_hottest(
    archive: NodeArchive, options: NodeOptions, start: datetime, end: datetime
) -> ArchivedImage | None:
    """Return the hottest image of a span of time, corrected. Raises ArchiveError.

    Slow and fast images can be compared: both have the maximum of all pixels. Images that
    contradict the node's own maximum are left out.
    """

    def hottest(images: list[ArchivedImage]) -> list[ArchivedImage]:
        return _hottest(
            _corrected(options, archived)
            for archived in images
            if not archived.image.suspect or _is_hot(archived.image)
        )

    found: list[ArchivedImage] = []
    async for others in archive.async_pages(start, end, hottest):
        found = _hottest([*found, *others])
    return found[0] if found else None


async def async_summaries(
    archive: NodeArchive, options: NodeOptions, start: datetime, end: datetime
) -> list[ImageSummary]:
    """Return the images of a span of time, newest first. Raises ArchiveError."""

    def summaries(images: list[ArchivedImage]) -> list[ImageSummary]:
        return [
            ImageSummary(image.started_at, image.maximum, _is_hot(image))
            for image in (_corrected(options, archived).image for archived in images)
        ]

    pages = archive.async_pages(start, end, summaries)
    return [summary async for page in pages for summary in page][::-1]


def _corrected(options: NodeOptions, archived: ArchivedImage) -> ArchivedImage:
    image = options.corrected(archived.image, archived.ambient)
    return replace(archived, image=image)


def _hottest(images: Iterable[ArchivedImage]) -> list[ArchivedImage]:
    """Return the first of the hottest images, or nothing."""
    return sorted(images, key=lambda one: one.image.hotness, reverse=True)[:1]


def _is_hot(image: ThermalImage) -> bool:
    """Return whether there is heat above the node's range, or may be."""
    return image.is_over_range or image.hides_heat
