"""Corrections: what the sensor does not see as it is.

Emissivity. The node's firmware computes temperatures as if everything had emissivity
0.95. A surface of temperature T and emissivity e sends e T^4 + (1 - e) R^4 (Stefan and
Boltzmann; R is the temperature that it reflects), so

    0.95 M^4 + 0.05 R^4 = e T^4 + (1 - e) R^4

for a reading M, all in kelvin. The MLX90640 data sheet (section 11.2.2.9, calculation
of the object temperature) compensates in the same way.

Dead pixels. A sensor may have up to four (data sheet, section 9); they are replaced by
the median of their neighbours.
"""

from dataclasses import dataclass, replace

import numpy as np

from custom_components.battery_thermal.node.layout import Mode

from .image import ThermalImage

FIRMWARE_EMISSIVITY = 0.95
_ZERO_CELSIUS = 273.15


@dataclass(frozen=True, slots=True)
class Correction:
    """What the owner says of the sensor and of what it looks at.

    `offset` (K) is added to every temperature, after the emissivity has been seen to.
    `dead_pixels` are (row, column) of the sensor's own 32 x 24.
    """

    offset: float = 0.0
    emissivity: float = FIRMWARE_EMISSIVITY
    dead_pixels: tuple[tuple[int, int], ...] = ()

    def apply(self, image: ThermalImage, reflected: float) -> ThermalImage:
        """Return a corrected image; `reflected` is the surroundings' °C."""
        image = _repair(image, self.dead_pixels)
        if not self.offset and self.emissivity == FIRMWARE_EMISSIVITY:
            return image
        return replace(
            image,
            values=self._tenths(image.values, reflected),
            node_minimum=self._tenth(image.node_minimum, reflected),
            node_maximum=self._tenth(image.node_maximum, reflected),
        )

    def _tenth(self, value: int | None, reflected: float) -> int | None:
        return None if value is None else int(self._tenths(np.array(value), reflected))

    def _tenths(self, values: np.ndarray, reflected: float) -> np.ndarray:
        surroundings = (reflected + _ZERO_CELSIUS) ** 4
        reading = (values / 10 + _ZERO_CELSIUS) ** 4
        ratio = FIRMWARE_EMISSIVITY / self.emissivity
        # What is colder than its surroundings may come out below 0 K if its emissivity
        # is said to be far too low.
        fourth = np.maximum((reading - surroundings) * ratio + surroundings, 0)
        celsius = fourth**0.25 - _ZERO_CELSIUS + self.offset
        tenths: np.ndarray = (celsius * 10).round().clip(-32768, 32767)
        return tenths.astype(np.int16)


def _repair(image: ThermalImage, dead: tuple[tuple[int, int], ...]) -> ThermalImage:
    """Replace dead pixels; a fast image's pixels are maxima that hide them."""
    if not dead or image.mode is Mode.FAST:
        return image
    values = image.values.copy()
    alive = image.present.copy()
    for pixel in dead:
        alive[pixel] = False
    for row, column in dead:
        around = slice(max(row - 1, 0), row + 2), slice(max(column - 1, 0), column + 2)
        neighbours = image.values[around][alive[around]]
        if neighbours.size:
            values[row, column] = round(float(np.median(neighbours)))
    extremes = {image.values[pixel] for pixel in dead if image.present[pixel]}
    return replace(
        image,
        values=values,
        # What the node takes for its extremes may be a dead pixel.
        node_minimum=None if image.node_minimum in extremes else image.node_minimum,
        node_maximum=None if image.node_maximum in extremes else image.node_maximum,
    )
