"""Actions that write archived images to a file: a table, arrays, an animation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from ..archive import ArchiveError
from ..archive.export import write_animation, write_csv, write_npz
from ..const import DOMAIN
from ..device.archive_issues import archive_failed
from ..device.battery_node import BatteryNode
from ..device.picture_cache import async_complete_style, picture_size
from ..model.archived_image import ArchivedImage
from ..model.mode import Mode
from ..render.picture import render
from ..render.style import FileFormat, Scale
from .archive_progress import ATTR_FILENAME, TimelapseProgress
from .target_nodes import TargetNode, async_target_node

ATTR_END: Final = "end"
ATTR_MODE: Final = "mode"
ATTR_SPEED: Final = "speed"
ATTR_START: Final = "start"
ATTR_WIDTH: Final = "width"

# All frames are in memory while the file is written: at most 250 MB for a thousand of the
# usual size (benchmarks/thermal_year.py), and fewer larger ones.
MOST_PIXELS: Final = 1000 * 240 * 320

_WRITERS: Final = {".csv": write_csv, ".npz": write_npz}
_ANIMATIONS: Final = (".gif", ".webp")

EXPORT_FIELDS: Final = {
    vol.Required(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
    vol.Optional(ATTR_MODE): vol.Coerce(Mode),
    vol.Required(ATTR_FILENAME): cv.string,
}
TIMELAPSE_FIELDS: Final = EXPORT_FIELDS | {
    vol.Optional(ATTR_WIDTH, default=240): vol.All(
        vol.Coerce(int), vol.Range(min=48, max=480)
    ),
    vol.Optional(ATTR_SPEED, default=10): vol.All(
        vol.Coerce(float), vol.Range(min=1, max=50)
    ),
}


@dataclass(frozen=True, slots=True)
class _Span:
    """Requested span of time, the mode, and the number of images in it."""

    start: datetime
    end: datetime
    mode: Mode
    images: int


@dataclass(frozen=True, slots=True)
class _Stream:
    """Images that are read one after the other; at most as many as were counted."""

    most: int
    images: Iterator[ArchivedImage]

    def __len__(self) -> int:
        return self.most

    def __iter__(self) -> Iterator[ArchivedImage]:
        return self.images


async def async_export(call: ServiceCall) -> ServiceResponse:
    """Write the images of a span of time to a file."""
    _, node = await async_target_node(call, POLICY_CONTROL)
    with one_file(node):
        return await _async_write_export(call, node)


async def _async_write_export(call: ServiceCall, node: BatteryNode) -> ServiceResponse:
    path = await async_path(call, node, tuple(_WRITERS))
    span = await _async_span(call, node)
    write = _WRITERS[path.suffix.lower()]
    times: list[datetime] = []

    def corrected(
        images: Iterator[ArchivedImage], shape: tuple[int, ...]
    ) -> Iterator[ArchivedImage]:
        for archived in images:
            # An image of another size is damaged: its row has the wrong mode.
            if archived.image.values.shape == shape:
                times.append(archived.image.started_at)
                yield _corrected(node, archived)

    def export(go_on: Callable[[], None]) -> None:
        images = node.archive.images(span.start, span.end, span.mode)
        # Images that were counted may be damaged, or have been deleted since.
        if first := next(images, None):
            same = corrected(chain((first,), images), first.image.values.shape)
            write(path, _Stream(span.images, same), go_on)

    with translated_errors(path):
        await node.archive.async_file(export)
    if not times:
        raise refused("no_image", node=node.config.name)
    return _response(path, span.mode, times)


async def async_create_timelapse(call: ServiceCall) -> ServiceResponse:
    """Write an animation of the images of a span of time, and report its progress."""
    target = await async_target_node(call, POLICY_CONTROL)
    with one_file(target.node):
        return await _async_write_timelapse(call, target)


async def _async_write_timelapse(
    call: ServiceCall, target: TargetNode
) -> ServiceResponse:
    """Write the animation. All frames have the same scale of colours."""
    hass, node = call.hass, target.node
    path = await async_path(call, node, _ANIMATIONS)
    width, height = picture_size(call.data[ATTR_WIDTH], None)
    span = await _async_span(call, node, limit=MOST_PIXELS // (width * height))
    progress = TimelapseProgress(call, target.device.id, path)
    with translated_errors(path):
        images = await _async_images(node, span)
        style = replace(node.config.options.style, file_format=FileFormat.PNG)
        if style.scale is not Scale.FIXED:
            style = replace(
                style,
                scale=Scale.FIXED,
                low=min(archived.image.minimum for archived in images),
                high=max(archived.image.maximum for archived in images),
            )
        frames = []
        for number, archived in enumerate(images):
            progress.async_report(100 * number // len(images))
            complete = async_complete_style(hass, style, archived.threshold)
            draw = partial(render, archived.image, complete, width, height)
            frames.append(await node.archive.async_file(_without_checks(draw)))
        duration = round(1000 / call.data[ATTR_SPEED])
        write = partial(write_animation, path, frames, duration)
        await node.archive.async_file(lambda go_on: write(go_on=go_on))
    await progress.async_end()
    return _response(
        path, span.mode, [archived.image.started_at for archived in images]
    )


def _without_checks[T](job: Callable[[], T]) -> Callable[[Callable[[], None]], T]:
    """Return a short job, which is not cancelled."""
    return lambda _go_on: job()


async def async_path(
    call: ServiceCall, node: BatteryNode, suffixes: tuple[str, ...]
) -> Path:
    """Return the path of the file, if it is allowed; links in its folder are resolved."""
    path = Path(call.data[ATTR_FILENAME])
    if path.suffix.lower() not in suffixes:
        raise refused("wrong_suffix", suffixes=", ".join(suffixes))

    def resolved(_: object) -> Path | None:
        # A path with a zero byte raises an error without a useful text.
        if "\0" in str(path) or not call.hass.config.is_allowed_path(str(path)):
            return None
        return path.parent.resolve() / path.name

    with translated_errors(path):
        found = await node.archive.async_file(resolved)
    if found is None:
        raise refused("path_not_allowed", path=path)
    return found


async def _async_span(
    call: ServiceCall, node: BatteryNode, limit: int | None = None
) -> _Span:
    """Return the requested span; slow and fast images are never mixed.

    The images are counted before they are read: a year of them needs much memory.
    """
    start = utc(call.data[ATTR_START])
    end = utc(call.data[ATTR_END]) if ATTR_END in call.data else dt_util.utcnow()
    try:
        counts = await node.archive.async_count(start, end, call.data.get(ATTR_MODE))
    except ArchiveError as error:
        raise archive_failed(error) from error
    if len(counts) > 1:
        raise refused("mixed_modes")
    if not counts:
        raise refused("no_image", node=node.config.name)
    ((mode, images),) = counts.items()
    if limit and images > limit:
        raise refused("too_many_images", images=images, limit=limit)
    return _Span(start, end, mode, images)


async def _async_images(node: BatteryNode, span: _Span) -> list[ArchivedImage]:
    """Return the images of a span, corrected. Raises ArchiveError."""

    def corrected(images: list[ArchivedImage]) -> list[ArchivedImage]:
        return [_corrected(node, archived) for archived in images]

    pages = node.archive.async_pages(span.start, span.end, corrected, span.mode)
    if images := [archived async for page in pages for archived in page]:
        return images
    raise refused("no_image", node=node.config.name)


def _corrected(node: BatteryNode, archived: ArchivedImage) -> ArchivedImage:
    return replace(
        archived, image=node.config.options.corrected(archived.image, archived.ambient)
    )


@contextmanager
def one_file(node: BatteryNode) -> Iterator[None]:
    """Refuse a file while another one is written from the node's images."""
    with node.archive.one_file() as free:
        if not free:
            raise refused("export_busy", node=node.config.name)
        yield


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Raise errors of reading images and of writing the file with a translated text."""
    try:
        yield
    except ArchiveError as error:
        raise archive_failed(error) from error
    except (OSError, MemoryError) as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_written",
            translation_placeholders={"path": str(path), "error": str(error)},
        ) from error


def _response(path: Path, mode: Mode, times: list[datetime]) -> ServiceResponse:
    return {
        "filename": str(path),
        "images": len(times),
        "mode": mode,
        "first": times[0].isoformat(),
        "last": times[-1].isoformat(),
    }


def utc(time: datetime) -> datetime:
    """Return a time in UTC; one without a time zone is local."""
    return dt_util.as_utc(time)


def refused(key: str, **placeholders: object) -> ServiceValidationError:
    """Return the error that refuses a call; `key` is that of its translated text."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            name: str(value) for name, value in placeholders.items()
        },
    )
