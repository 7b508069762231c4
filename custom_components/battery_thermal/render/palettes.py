"""Palettes: tables of 256 colours, from the coldest to the hottest.

A palette is written as its knots, `position red green blue` in hexadecimal, with
straight lines between them in RGB.

- inferno: S. van der Walt and N. Smith, matplotlib 1.5 (CC0). The default: lightness
  grows evenly, so it reads in grey and with colour-blind eyes. These knots keep every
  channel within 2 of 255 of the original.
- cividis: J. R. Nunez et al., "Optimizing colormaps with consideration for color vision
  deficiency", 2018 (CC0). Within 3 of 255.
- The others follow what makers of thermal cameras offer under these names.
"""

from enum import StrEnum
from functools import cache

import numpy as np

COLOURS = 256


class Palette(StrEnum):
    """Palettes that can be chosen."""

    INFERNO = "inferno"
    IRONBOW = "ironbow"
    WHITE_HOT = "white_hot"
    BLACK_HOT = "black_hot"
    ARCTIC = "arctic"
    RAINBOW = "rainbow"
    CIVIDIS = "cividis"
    ALARM = "alarm"
    """Grey below the threshold, coloured above it."""


_KNOTS = {
    Palette.INFERNO: (
        "00000004 09040314 1b190c3e 282f0a5b 36470b6a 4762146e 5e87216b 7ab3325a "
        "97da4e3c aff1711f c2fa9207 cafca108 d5fbb61a e3f7d13d eef2e661 f8f3f68a "
        "fffcffa4"
    ),
    Palette.IRONBOW: (
        "00000014 201e0064 40640091 609a0b96 80c8326e a0e65a28 c0f58c0a e0fcc832 "
        "f2fff08c fffffff0"
    ),
    Palette.WHITE_HOT: "00000000 ffffffff",
    Palette.BLACK_HOT: "00ffffff ff000000",
    Palette.ARCTIC: (
        "00050a32 301432a0 581e78dc 7850bee6 90969ba0 ac8c7864 ccc8821e e8f5b932 "
        "fffff5c8"
    ),
    Palette.RAINBOW: (
        "00000000 18280a50 38281ec8 580096e6 7400b496 8c1eaa1e a8c8dc00 c0ffc800 "
        "d8ff6e00 ecdc0a14 fffff0f0"
    ),
    Palette.CIVIDIS: (
        "0000224e 15003170 18053371 201a386f 373a486c 6e6d6f72 8a868379 bcb8aa6e "
        "e1dfca57 f7f8df3c fcfee434 fffee838"
    ),
    Palette.ALARM: "00141414 ffb4b4b4",
}
_ALARM = "00ffdc32 60ff8200 b0e61414 ffff50c8"


def table(palette: Palette, alarm_from: float | None = None) -> np.ndarray:
    """Return the colours from coldest to hottest: uint8, shape (256, 3).

    `alarm_from`: where on the scale, from 0 to 1, the threshold lies; only the alarm
    palette heeds it.
    """
    colours = _interpolate(_KNOTS[palette])
    if palette is not Palette.ALARM or alarm_from is None:
        return colours
    first = int(np.clip(round(alarm_from * COLOURS), 0, COLOURS))
    above = _interpolate(_ALARM)[np.arange(COLOURS - first)]
    return np.concatenate([colours[:first], above])


@cache
def _interpolate(knots: str) -> np.ndarray:
    points = np.array([list(bytes.fromhex(knot)) for knot in knots.split()])
    at = np.arange(COLOURS)
    channels = [np.interp(at, points[:, 0], points[:, c]) for c in (1, 2, 3)]
    colours = np.stack(channels, axis=1).round().astype(np.uint8)
    colours.flags.writeable = False
    return colours
