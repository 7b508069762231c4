"""Actions on the archive: an image, a file of many, an animation."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
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
    images = await _async_images(call, node)
    await _async_write(call.hass, _WRITERS[path.suffix.lower()], path, images)
    return _answer(path, images)


async def _async_create_timelapse(call: ServiceCall) -> ServiceResponse:
    """Write an animation of the images of a span of time, and tell how far it is.

    All frames have one scale, for else a colour would mean something else in each.
    """
    hass, node = call.hass, await async_get_node(call, POLICY_CONTROL)
    path = _path(call, _ANIMATIONS)
    width, height = picture_size(call.data[ATTR_WIDTH], None)
    images = await _async_images(call, node, limit=MOST_PIXELS // (width * height))
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
    await _async_write(hass, write_animation, path, frames, duration)
    return _answer(path, images)


def _path(call: ServiceCall, suffixes: tuple[str, ...]) -> Path:
    """Return where a file shall go, if it may."""
    path = Path(call.data[ATTR_FILENAME])
    if path.suffix.lower() not in suffixes:
        raise _refused("wrong_suffix", suffixes=", ".join(suffixes))
    # No path has a zero in it; asking about one would be an error that says nothing.
    if "\0" in str(path) or not call.hass.config.is_allowed_path(str(path)):
        raise _refused("path_not_allowed", path=path)
    return path


async def _async_images(
    call: ServiceCall, node: BatteryNode, limit: int | None = None
) -> list[Kept]:
    """Return the images of the span, corrected; slow and fast ones are never mixed.

    They are counted before they are read: a year of them is a lot of memory.
    """
    start = _utc(call.data[ATTR_START])
    end = _utc(call.data[ATTR_END]) if ATTR_END in call.data else dt_util.utcnow()
    try:
        counts = await node.archive.async_count(start, end, call.data.get(ATTR_MODE))
        if len(counts) > 1:
            raise _refused("mixed_modes")
        if limit and (count := sum(counts.values())) > limit:
            raise _refused("too_many_images", images=count, limit=limit)
        images = await node.archive.async_between(start, end, call.data.get(ATTR_MODE))
    except ArchiveError as error:
        raise _archive_failed(error) from error
    if not images:
        raise _refused("no_image", node=node.name)
    return await call.hass.async_add_executor_job(_corrected, node, images)


def _corrected(node: BatteryNode, images: list[Kept]) -> list[Kept]:
    return [
        replace(kept, image=node.options.corrected(kept.image, kept.ambient))
        for kept in images
    ]


async def _async_write[*Ts](
    hass: HomeAssistant,
    write: Callable[[Path, *Ts], None],
    path: Path,
    *content: *Ts,
) -> None:
    try:
        await hass.async_add_executor_job(write, path, *content)
    except OSError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_written",
            translation_placeholders={"path": str(path), "error": str(error)},
        ) from error


def _answer(path: Path, images: list[Kept]) -> ServiceResponse:
    return {
        "filename": str(path),
        "images": len(images),
        "mode": images[0].image.mode,
        "first": images[0].image.started_at.isoformat(),
        "last": images[-1].image.started_at.isoformat(),
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
