"""Which image people look at.

The newest one that has ended, with the lines of the next one over it as they arrive. If
the owner wants only images that have ended, these lines are shown only if they may be
hotter. Before the first has ended, the one under way.

A node may state the extremes of a picture without its other pixels. The hottest pixel is
then drawn over the last picture, if it is hotter.
"""

from functools import lru_cache

from ..model.thermal_image import ThermalImage
from ..model.updating_image import updating_image


class ShownImage:
    """Chooses the image, and returns the same object for the same images."""

    def __init__(self, *, only_ended: bool) -> None:
        """Initialize. `only_ended`: lines are not shown before their image has ended."""
        self._only_ended = only_ended
        self._updating = lru_cache(maxsize=1)(updating_image)

    def choose(
        self,
        newest: ThermalImage | None,
        ended: ThermalImage | None,
        facts: ThermalImage | None,
    ) -> ThermalImage | None:
        """Return the image to show, of images that are corrected.

        `newest`: under way or ended. `ended`: the newest one that has ended. `facts`: the
        extremes of a picture that has not ended.
        """
        if newest is None or ended is None:
            return newest
        if facts is not None and facts.maximum > newest.maximum:
            updating = self._updating(ended, facts)
            if updating.shows_more_heat:
                return updating
        if newest.closed:
            return newest
        updating = self._updating(ended, newest)
        if self._only_ended and not updating.shows_more_heat:
            return ended
        return updating
