"""The scale of a picture: its ends, its ticks, its unit."""

import math

from ..model.thermal_image import ThermalImage
from ..model.value_range import HIGHEST
from .style import FAHRENHEIT, Scale, Style

OVER_TEXT = "over {value}"
"""Text for temperatures above the range of the node's values, in English."""

OVER_SIGN = "> {value}"
"""The same in pictures, which have no words."""

DOUBT_SIGN = "?"
"""Behind a temperature in pictures, where something may be far hotter."""

_COMMA = ("fr", "pt")
"""Languages of this integration that write a comma before the decimals."""

LEAST_FIXED_SPAN = 1.0
"""K. What a fixed scale covers at least, whatever its ends are."""


def span(image: ThermalImage, style: Style) -> tuple[float, float]:
    """Return the lowest and highest temperature of the palette, in °C."""
    if style.scale is Scale.FIXED:
        return style.low, max(style.high, style.low + LEAST_FIXED_SPAN)
    low, high = image.minimum, image.maximum
    if style.scale is Scale.THRESHOLD and style.threshold is not None:
        low, high = min(low, style.threshold), max(high, style.threshold)
    missing = max(style.minimum_span - (high - low), 0)
    return low - missing / 2, high + missing / 2


def in_unit(celsius: float, unit: str) -> float:
    """Return a temperature in the unit that it is shown in."""
    return celsius * 1.8 + 32 if unit == FAHRENHEIT else celsius


def unit_text(unit: str, bound: float | None) -> str:
    """Return the unit, with the bound (K) of the pixels before it if there is one."""
    if not bound:
        return unit
    degrees = bound * 1.8 if unit == FAHRENHEIT else bound
    return f"± {format_number(degrees, 1)} {unit}"


def over_range_text(unit: str, words: str) -> str:
    """Return the text for temperatures above the range of the node's values.

    `words`: with `{value}` for the highest that it can say, in whole degrees.
    """
    degrees = math.floor(in_unit(HIGHEST / 10, unit))
    return words.format(value=f"{degrees} {unit}")


def format_number(value: float, decimals: int) -> str:
    """Return a number, never minus zero."""
    text = f"{value:.{decimals}f}"
    return text if text.strip("-0.") else text.lstrip("-")


def whole_decimals(degrees: float) -> int:
    """Return the decimals of a temperature that was set or measured in whole °C.

    None in °C; one in °F, unless it is whole there too.
    """
    return 0 if round(degrees, 1).is_integer() else 1


def written_number(value: float, decimals: int, language: str) -> str:
    """Return a number with the decimal mark of a language, such as `fr` or `pt-BR`."""
    text = format_number(value, decimals)
    comma = language.partition("-")[0] in _COMMA
    return text.replace(".", ",") if comma else text


def ticks(low: float, high: float, at_most: int) -> list[float]:
    """Return round numbers from low to high, as many as there is room for.

    Their steps are 1, 2 or 5 times a power of ten.
    """
    least = (high - low) / max(at_most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= least)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [n * step for n in range(first, last + 1)]
