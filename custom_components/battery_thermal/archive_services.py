"""Actions on the archive: an image, a file of many, an animation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .archive import ArchiveError, Kept
from .archive_view import picture_path
from .battery_node import BatteryNode
from .const import DOMAIN
from .export import write_animation, write_csv, write_npz
from .node.layout import Mode
from .picture import async_complete_style, picture_size
from .services import async_get_node
from .thermal.image import ThermalImage
from .thermal.picture import render
from .thermal.style import FileFormat, Scale

SERVICE_CREATE_TIMELAPSE: Final = "create_timelapse"
SERVICE_EXPORT: Final = "export"
SERVICE_GET_IMAGE: Final = "get_image"

EVENT_TIMELAPSE_PROGRESS: Final = f"{DOMAIN}_timelapse_progress"

ATTR_END: Final = "end"
ATTR_FILENAME: Final = "filename"
ATTR_HOTTEST_SINCE: Final = "hottest_since"
ATTR_MODE: Final = "mode"
ATTR_SPEED: Final = "speed"
ATTR_START: Final = "start"
ATTR_TIME: Final = "time"
ATTR_WIDTH: Final = "width"

# All frames are in memory while the file is written: at most 250 MB for a thousand of the
# usual size (benchmarks/thermal_year.py), and fewer larger ones.
MOST_PIXELS: Final = 1000 * 240 * 320

_WRITERS: Final = {".csv": write_csv, ".npz": write_npz}
_ANIMATIONS: Final = (".gif", ".webp")

_GET_IMAGE_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Optional(ATTR_TIME): cv.datetime,
        vol.Optional(ATTR_HOTTEST_SINCE): cv.datetime,
    }
)
_SPAN: Final = {
    vol.Required(ATTR_DEVICE_ID): cv.string,
    vol.Required(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
    vol.Optional(ATTR_MODE): vol.Coerce(Mode),
    vol.Required(ATTR_FILENAME): cv.string,
}
_TIMELAPSE: Final = {
    vol.Optional(ATTR_WIDTH, default=240): vol.All(
        vol.Coerce(int), vol.Range(min=48, max=480)
    ),
    vol.Optional(ATTR_SPEED, default=10): vol.All(
        vol.Coerce(float), vol.Range(min=1, max=50)
    ),
}


@dataclass(frozen=True, slots=True)
class _Span:
    """What is asked for: a span of time, the mode, and how many images there are."""

    start: datetime
    end: datetime
    mode: Mode
    images: int


@dataclass(frozen=True, slots=True)
class _Stream:
    """Images that come one after the other; at most as many as were counted."""

    most: int
    images: Iterator[Kept]

    def __len__(self) -> int:
        return self.most

    def __iter__(self) -> Iterator[Kept]:
        return self.images


@callback
def async_setup_archive_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, action, schema, response in (
        (SERVICE_GET_IMAGE, _async_get_image, _GET_IMAGE_SCHEMA, SupportsResponse.ONLY),
        (SERVICE_EXPORT, _async_export, vol.Schema(_SPAN), SupportsResponse.OPTIONAL),
        (
            SERVICE_CREATE_TIMELAPSE,
            _async_create_timelapse,
            vol.Schema(_SPAN | _TIMELAPSE),
            SupportsResponse.OPTIONAL,
        ),
    ):
        hass.services.async_register(
            DOMAIN, name, action, schema=schema, supports_response=response
        )


async def _async_get_image(call: ServiceCall) -> ServiceResponse:
    """Return an image, under the names that it had in the first web server."""
    node = await async_get_node(call, POLICY_READ)
    image = node.measured
    try:
        if ATTR_HOTTEST_SINCE in call.data:
            image = await _async_hottest(call, node)
        elif ATTR_TIME in call.data:
            kept = await node.archive.async_newest(_utc(call.data[ATTR_TIME]))
            image = node.options.corrected(kept.image, kept.ambient) if kept else None
    except ArchiveError as error:
        raise _archive_failed(error) from error
    if image is None:
        raise _refused("no_image", node=node.name)
    return {
        "timestamp": image.updated_at.isoformat(),
        "temp_min": image.minimum,
        "temp_max": image.maximum,
        "image": [
            [value / 10 if there else None for value, there in zip(*row, strict=True)]
            for row in zip(image.values.tolist(), image.present.tolist(), strict=True)
        ],
        "mode": image.mode,
        "missing_lines": list(image.missing_lines),
        "suspect": image.suspect,
        "picture": picture_path(node.subentry_id, image.started_at),
    }


async def _async_hottest(call: ServiceCall, node: BatteryNode) -> ThermalImage | None:
    """Return the hottest image of a span of time, corrected. Raises ArchiveError.

    Slow and fast images compare: both know the maximum of all pixels. What contradicts
    the node's own maximum does not count.
    """
    end = _utc(call.data[ATTR_TIME]) if ATTR_TIME in call.data else dt_util.utcnow()
    start = _utc(call.data[ATTR_HOTTEST_SINCE])

    def hottest(images: Iterator[Kept]) -> ThermalImage | None:
        return max(
            (
                node.options.corrected(kept.image, kept.ambient)
                for kept in images
                if not kept.image.suspect
            ),
            key=lambda image: image.maximum,
            default=None,
        )

    return await node.archive.async_reduce(start, end, hottest)


async def _async_export(call: ServiceCall) -> ServiceResponse:
    """Write the images of a span of time to a file."""
    node = await async_get_node(call, POLICY_CONTROL)
    path = _path(call, tuple(_WRITERS))
    span = await _async_span(call, node)
    write = _WRITERS[path.suffix.lower()]
    times: list[datetime] = []

    def corrected(images: Iterator[Kept]) -> Iterator[Kept]:
        for kept in images:
            times.append(kept.image.started_at)
            yield _corrected(node, kept)

    def export(images: Iterator[Kept]) -> None:
        # Those that were counted may be damaged, or have been dropped since.
        if first := next(images, None):
            write(path, _Stream(span.images, corrected(chain((first,), images))))

    with _said(path):
        await node.archive.async_reduce(span.start, span.end, export, span.mode)
    if not times:
        raise _refused("no_image", node=node.name)
    return _answer(path, span.mode, times)


async def _async_create_timelapse(call: ServiceCall) -> ServiceResponse:
    """Write an animation of the images of a span of time, and tell how far it is.

    All frames have one scale, for else a colour would mean something else in each.
    """
    hass, node = call.hass, await async_get_node(call, POLICY_CONTROL)
    path = _path(call, _ANIMATIONS)
    width, height = picture_size(call.data[ATTR_WIDTH], None)
    span = await _async_span(call, node, limit=MOST_PIXELS // (width * height))
    with _said(path):
        images = await _async_images(hass, node, span)
    style = replace(node.options.style, file_format=FileFormat.PNG)
    if style.scale is not Scale.FIXED:
        style = replace(
            style,
            scale=Scale.FIXED,
            low=min(kept.image.minimum for kept in images),
            high=max(kept.image.maximum for kept in images),
        )
    frames = []
    for number, kept in enumerate(images, 1):
        complete = await async_complete_style(hass, style, kept.threshold)
        frames.append(
            await hass.async_add_executor_job(
                render, kept.image, complete, width, height
            )
        )
        hass.bus.async_fire(
            EVENT_TIMELAPSE_PROGRESS,
            {
                ATTR_DEVICE_ID: call.data[ATTR_DEVICE_ID],
                ATTR_FILENAME: str(path),
                "percent": 100 * number // len(images),
            },
            context=call.context,
        )
    duration = round(1000 / call.data[ATTR_SPEED])
    with _said(path):
        await hass.async_add_executor_job(write_animation, path, frames, duration)
    return _answer(path, span.mode, [kept.image.started_at for kept in images])


def _path(call: ServiceCall, suffixes: tuple[str, ...]) -> Path:
    """Return where a file shall go, if it may."""
    path = Path(call.data[ATTR_FILENAME])
    if path.suffix.lower() not in suffixes:
        raise _refused("wrong_suffix", suffixes=", ".join(suffixes))
    # No path has a zero in it; asking about one would be an error that says nothing.
    if "\0" in str(path) or not call.hass.config.is_allowed_path(str(path)):
        raise _refused("path_not_allowed", path=path)
    return path


async def _async_span(
    call: ServiceCall, node: BatteryNode, limit: int | None = None
) -> _Span:
    """Return what is asked for; slow and fast images are never mixed.

    They are counted before they are read: a year of them is a lot of memory.
    """
    start = _utc(call.data[ATTR_START])
    end = _utc(call.data[ATTR_END]) if ATTR_END in call.data else dt_util.utcnow()
    try:
        counts = await node.archive.async_count(start, end, call.data.get(ATTR_MODE))
    except ArchiveError as error:
        raise _archive_failed(error) from error
    if len(counts) > 1:
        raise _refused("mixed_modes")
    if not counts:
        raise _refused("no_image", node=node.name)
    ((mode, images),) = counts.items()
    if limit and images > limit:
        raise _refused("too_many_images", images=images, limit=limit)
    return _Span(start, end, mode, images)


async def _async_images(
    hass: HomeAssistant, node: BatteryNode, span: _Span
) -> list[Kept]:
    """Return the images of a span, corrected. Raises ArchiveError."""
    images = await node.archive.async_between(span.start, span.end, span.mode)
    if not images:
        raise _refused("no_image", node=node.name)
    return await hass.async_add_executor_job(
        lambda: [_corrected(node, kept) for kept in images]
    )


def _corrected(node: BatteryNode, kept: Kept) -> Kept:
    return replace(kept, image=node.options.corrected(kept.image, kept.ambient))


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Say what keeps images from being read, or a file from being written."""
    try:
        yield
    except ArchiveError as error:
        raise _archive_failed(error) from error
    except OSError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_written",
            translation_placeholders={"path": str(path), "error": str(error)},
        ) from error


def _answer(path: Path, mode: Mode, times: list[datetime]) -> ServiceResponse:
    return {
        "filename": str(path),
        "images": len(times),
        "mode": mode,
        "first": times[0].isoformat(),
        "last": times[-1].isoformat(),
    }


def _utc(time: datetime) -> datetime:
    """Return a time; one without a zone is meant as people here mean it."""
    return dt_util.as_utc(time)


def _refused(key: str, **placeholders: object) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            name: str(value) for name, value in placeholders.items()
        },
    )


def _archive_failed(error: ArchiveError) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="archive_failed",
        translation_placeholders={"error": str(error)},
    )
