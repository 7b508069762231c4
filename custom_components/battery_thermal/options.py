"""What the owner of an application may choose, and what holds until then."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST

from .const import CONF_BUDGET, CONF_FAIR_USE
from .lorawan.airtime import airtime
from .lorawan.fair_use import FAIR_AIRTIME
from .lorawan.the_things_stack import TTN_CLUSTERS
from .node.delivery import DAILY_BUDGET
from .node.layout import Grid, Layout, Mode

# Hz: LoRaWAN's usual bandwidth for uplinks.
_BANDWIDTH = 125_000
# Bytes of one more pair of values, in the last message of an image.
_PAIR = 3


def keeps_to_fair_use(entry: ConfigEntry) -> bool:
    """Whether the nodes share the air of The Things Network, or say so."""
    public = entry.data[CONF_HOST] in TTN_CLUSTERS.values()
    fair_use: bool = entry.options.get(CONF_FAIR_USE, public)
    return fair_use


def downlink_budget(entry: ConfigEntry) -> int:
    """Return the downlinks per node and day, where there is a limit."""
    return int(entry.options.get(CONF_BUDGET, DAILY_BUDGET))


def fair_images(layout: Layout, mode: Mode, spreading_factor: int) -> int:
    """Return how many images a day the fair share of airtime is.

    Where the layout is not said: of the one that takes more.
    """
    grids = (candidate.grid(mode) for candidate in layout.candidates)
    whole = max(_airtime_of_image(grid, spreading_factor) for grid in grids)
    return int(FAIR_AIRTIME / whole)


def _airtime_of_image(grid: Grid, spreading_factor: int) -> float:
    """Return the seconds that all messages of an image take."""
    size = grid.values * _PAIR // 2 + 1
    whole = (grid.lines - 1) * airtime(size, spreading_factor, _BANDWIDTH)
    return whole + airtime(size + _PAIR, spreading_factor, _BANDWIDTH)
