"""Texts for temperatures above the range of the node's values."""

from typing import Final

from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from ..const import DOMAIN
from ..render.scale import OVER_TEXT, over_range_text

OVER_RANGE_CELSIUS: Final = over_range_text(UnitOfTemperature.CELSIUS, OVER_TEXT)
"""In English and °C, for files and for the answers of actions."""


@callback
def async_over_range(hass: HomeAssistant) -> str:
    """Return the text in the unit and language of Home Assistant, as "over 307 °C"."""
    texts = async_get_cached_translations(
        hass, hass.config.language, "config_panel", DOMAIN
    )
    words = texts.get(f"component.{DOMAIN}.config_panel.picture.over", OVER_TEXT)
    return over_range_text(hass.config.units.temperature_unit, words)
