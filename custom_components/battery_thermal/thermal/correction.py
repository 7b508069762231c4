"""Corrections of an image: emissivity, offset and dead pixels.

Emissivity. The node's firmware computes temperatures as if everything had emissivity
0.95. A surface of temperature T and emissivity e sends e T^4 + (1 - e) R^4 (Stefan and
Boltzmann; R is the temperature that it reflects), so

    0.95 M^4 + 0.05 R^4 = e T^4 + (1 - e) R^4

for a reading M, all in kelvin. The MLX90640 data sheet (section 11.2.2.9, calculation
of the object temperature) compensates in the same way.

Dead pixels. A sensor may have up to four (data sheet, section 9); they are replaced by
the median of their neighbours.

Over range. What is above the range of the node's values stays above it: it counts as at
least `AT_LEAST`, whatever is corrected.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
import math

import numpy as np

from ..model.area import Area, ignored_mask
from ..model.evidence import is_suspect
from ..model.mode import HEIGHT, Mode
from ..model.thermal_image import ThermalImage
from ..model.value_range import HIGHEST

FIRMWARE_EMISSIVITY = 0.95
AT_LEAST = HIGHEST + 1
"""Tenths of a °C: the lowest temperature above the range of the node's values."""

_ZERO_CELSIUS = 273.15


@dataclass(frozen=True, slots=True)
class Correction:
    """Corrections that the owner has set.

    `offset` (K) is added to every temperature, after the correction of the emissivity.
    `dead_pixels` are (row, column) of the sensor's own 32 x 24. Of `areas`, those with an
    emissivity of their own and those that are ignored matter; of two that overlap the
    later one.
    """

    offset: float = 0.0
    emissivity: float = FIRMWARE_EMISSIVITY
    dead_pixels: tuple[tuple[int, int], ...] = ()
    areas: tuple[Area, ...] = ()

    def apply(self, image: ThermalImage, reflected: float) -> ThermalImage:
        """Return a corrected image; `reflected` is the surroundings' °C."""
        image = _repair(image, self.dead_pixels)
        if (ignored := ignored_mask(self.areas, image.values.shape)) is not None:
            image = replace(image, ignored=ignored)
        emissivity = self.emissivities(image.values.shape)
        if not self.offset and (emissivity == FIRMWARE_EMISSIVITY).all():
            return image
        return replace(
            image,
            values=self.tenths(image.values, reflected, emissivity),
            node_minimum=min(
                self._extreme(
                    image,
                    image.node_minimum,
                    reflected,
                    emissivity,
                    # Blocks of fast images have the maxima of their pixels.
                    shown=image.mode is Mode.SLOW,
                ),
                default=None,
            ),
            node_maximum=max(
                self._extreme(image, image.node_maximum, reflected, emissivity),
                default=None,
            ),
            reading=image,
            bound=self._bound(image, reflected, emissivity),
        )

    def emissivities(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return the emissivity of each pixel: (height, width)."""
        emissivities = np.full(shape, self.emissivity)
        for area in self.areas:
            if area.emissivity is not None:
                emissivities[area.mask(shape)] = area.emissivity
        return emissivities

    def dead_values(self, images: Sequence[ThermalImage]) -> list[int | None]:
        """Return what the dead pixels of uncorrected images read, in tenths of a °C.

        None where it has not arrived, or where no image says it. In a fast image it may
        be what their block reads.
        """
        if not images:
            return [None] * len(self.dead_pixels)
        values: list[int | None] = []
        for image in images:
            size = HEIGHT // image.values.shape[0]
            for row, column in self.dead_pixels:
                at = row // size, column // size
                values.append(int(image.values[at]) if image.present[at] else None)
        return values

    def _extreme(
        self,
        image: ThermalImage,
        value: int | None,
        reflected: float,
        emissivity: np.ndarray,
        *,
        shown: bool = True,
    ) -> list[int]:
        """Return what an extreme that the node has sent may be.

        The node does not say where it is: at a pixel with this value, or at one that has
        not arrived. If there is neither, or if pixels do not show it, anywhere.
        """
        if value is None:
            return []
        there = emissivity[image.present & (image.values == value)]
        if shown and not there.size:
            there = emissivity[~image.present]
        choices = np.unique(there if there.size else emissivity)
        tenths: list[int] = self.tenths(np.array(value), reflected, choices).tolist()
        return tenths

    def _bound(
        self, image: ThermalImage, reflected: float, emissivity: np.ndarray
    ) -> int | None:
        """Return the bound of corrected pixels: emissivity stretches differences."""
        if not image.bound:
            return image.bound
        values = image.values[image.present].astype(np.int32)
        lower, upper = (
            self.tenths(values + step, reflected, emissivity[image.present])
            for step in (-image.bound, image.bound)
        )
        return math.ceil(int((upper.astype(np.int32) - lower).max()) / 2)

    def tenths(
        self,
        values: np.ndarray,
        reflected: float | np.ndarray,
        emissivity: float | np.ndarray,
    ) -> np.ndarray:
        """Return corrected values, in tenths of a °C as the values are."""
        surroundings = (reflected + _ZERO_CELSIUS) ** 4
        reading = (values / 10 + _ZERO_CELSIUS) ** 4
        ratio = FIRMWARE_EMISSIVITY / emissivity
        # What is colder than its surroundings may come out below 0 K if its emissivity
        # is said to be far too low.
        fourth = np.maximum((reading - surroundings) * ratio + surroundings, 0)
        celsius = fourth**0.25 - _ZERO_CELSIUS + self.offset
        tenths: np.ndarray = (celsius * 10).round().clip(-32768, 32767)
        least = np.where(values > HIGHEST, AT_LEAST, tenths)
        kept: np.ndarray = np.maximum(tenths, least).astype(np.int16)
        return kept


def _repair(image: ThermalImage, dead: tuple[tuple[int, int], ...]) -> ThermalImage:
    """Replace dead pixels; a fast image's pixels are maxima that hide them.

    A dead pixel that reads less than any value can say shows in the minimum of a fast
    image only, which is then above the maximum.
    """
    if not dead:
        return image
    if image.mode is Mode.FAST:
        lowest, highest = image.node_minimum, image.node_maximum
        if lowest is None or highest is None or lowest <= highest:
            return image
        cleared = replace(image, node_minimum=None)
        return replace(cleared, suspect=is_suspect(cleared))
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
    repaired = replace(
        image,
        values=values,
        # What the node takes for its extremes may be a dead pixel.
        node_minimum=None if image.node_minimum in extremes else image.node_minimum,
        node_maximum=None if image.node_maximum in extremes else image.node_maximum,
    )
    # What a dead pixel reads does not make an image suspect.
    return replace(repaired, suspect=is_suspect(repaired))
