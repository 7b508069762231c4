"""The thermal picture of a node: drawn on request, outside of the event loop."""

import asyncio
from dataclasses import replace
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..model.thermal_image import ThermalImage
from ..render.picture import HEIGHT, WIDTH, render
from ..render.style import Style
from .node_record import NodeRecord

# Pixels.
SMALLEST: Final = 48
LARGEST: Final = 1920

# Number of sizes and styles of one image that are drawn once for all viewers.
_MOST_PICTURES: Final = 8


@callback
def async_complete_style(
    hass: HomeAssistant, style: Style, threshold: int | None
) -> Style:
    """Return a style with the unit and the time zone of Home Assistant.

    `threshold`: that of the node in °C, which the alarm palette starts at.
    """
    return replace(
        style,
        unit=hass.config.units.temperature_unit,
        threshold=threshold,
        time_zone=dt_util.get_default_time_zone(),
    )


class PictureCache:
    """The pictures of the shown image: each is drawn once per style and size."""

    def __init__(self, hass: HomeAssistant, record: NodeRecord) -> None:
        """Initialize without a picture."""
        self._hass = hass
        self._record = record
        self._image: ThermalImage | None = None
        self._pictures: dict[tuple[Style, int, int], asyncio.Future[bytes]] = {}

    async def async_get_picture(
        self, width: int | None = None, height: int | None = None
    ) -> bytes:
        """Return the picture of the image that is shown, of a size in pixels.

        With one of width and height the other follows.
        """
        image = self._record.images.shown
        style = async_complete_style(
            self._hass, self._record.config.options.style, self._record.threshold
        )
        if image is not self._image or len(self._pictures) >= _MOST_PICTURES:
            self._image = image
            self._pictures.clear()
        width, height = picture_size(width, height)
        key = (style, width, height)
        if (picture := self._pictures.get(key)) is None:
            picture = self._pictures[key] = self._hass.async_add_executor_job(
                render, image, style, width, height
            )
        # A request that is cancelled does not cancel the drawing for the others.
        return await asyncio.shield(picture)


def picture_size(width: int | None, height: int | None) -> tuple[int, int]:
    """Return a size that can be drawn, for a requested width and height."""
    if width is None:
        width = WIDTH if height is None else height * WIDTH // HEIGHT
    if height is None:
        height = width * HEIGHT // WIDTH
    return (
        min(max(width, SMALLEST), LARGEST),
        min(max(height, SMALLEST), LARGEST),
    )
