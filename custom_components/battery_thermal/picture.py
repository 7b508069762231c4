"""Drawing the thermal picture when somebody looks at it, off the event loop."""

import asyncio
from dataclasses import replace
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .thermal.image import ThermalImage
from .thermal.picture import HEIGHT, WIDTH, render
from .thermal.style import Style

# Pixels.
SMALLEST: Final = 48
LARGEST: Final = 1920

_TEXTS: Final = f"component.{DOMAIN}.config_panel.picture"

# Viewers with so many sizes are served without drawing twice.
_KEPT: Final = 8


async def async_complete_style(
    hass: HomeAssistant, style: Style, threshold: int | None
) -> Style:
    """Return what a node's owner likes, with the house's unit, time and language."""
    texts = await async_get_translations(
        hass, hass.config.language, "config_panel", {DOMAIN}
    )
    return replace(
        style,
        unit=hass.config.units.temperature_unit,
        threshold=threshold,
        time_zone=dt_util.get_default_time_zone(),
        lines_text=texts[f"{_TEXTS}.lines"],
        empty_text=texts[f"{_TEXTS}.empty"],
    )


class Pictures:
    """The pictures of one image: each is drawn once per style and size."""

    def __init__(self, hass: HomeAssistant, style: Style) -> None:
        """Draw nothing yet; `style` is what the node's owner likes."""
        self._hass = hass
        self._style = style
        self._image: ThermalImage | None = None
        self._drawn: dict[tuple[Style, int, int], asyncio.Future[bytes]] = {}

    async def async_get(
        self,
        image: ThermalImage | None,
        threshold: int | None,
        width: int | None,
        height: int | None,
    ) -> bytes:
        """Return the picture; with one of width and height the other follows."""
        style = await async_complete_style(self._hass, self._style, threshold)
        if image is not self._image or len(self._drawn) >= _KEPT:
            self._image = image
            self._drawn.clear()
        width, height = picture_size(width, height)
        key = (style, width, height)
        if (drawn := self._drawn.get(key)) is None:
            drawn = self._drawn[key] = self._hass.async_add_executor_job(
                render, image, style, width, height
            )
        # A viewer who leaves does not take the picture from the others.
        return await asyncio.shield(drawn)


def picture_size(width: int | None, height: int | None) -> tuple[int, int]:
    """Return a size that can be drawn, given what was asked for."""
    if width is None:
        width = WIDTH if height is None else height * WIDTH // HEIGHT
    if height is None:
        height = width * HEIGHT // WIDTH
    return (
        min(max(width, SMALLEST), LARGEST),
        min(max(height, SMALLEST), LARGEST),
    )
