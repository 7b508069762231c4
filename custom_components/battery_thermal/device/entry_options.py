"""Fair use of an application's nodes: what its owner chose, and what it allows."""

from homeassistant.config_entries import ConfigEntry

from ..const import CONF_BUDGET, CONF_FAIR_USE
from ..lorawan.airtime import SHORTEST_LIMIT, airtime, longest_payload
from ..lorawan.factory import server_type_of
from ..lorawan.fair_use import FairUse
from ..model.mode import Mode
from ..protocol.compact import QUARTERS
from ..protocol.layout import Grid, Layout, message_length

# Hz: LoRaWAN's usual bandwidth for uplinks.
_BANDWIDTH = 125_000


def fair_use_of(entry: ConfigEntry) -> FairUse | None:
    """Return the limits that the nodes of an application respect, if any."""
    server_type = server_type_of(entry.data)
    public = server_type.uses_public_network(entry.data)
    return server_type.fair_use if entry.options.get(CONF_FAIR_USE, public) else None


def downlink_budget(entry: ConfigEntry) -> int:
    """Return the downlinks per node and day, where there is a limit."""
    default = server_type_of(entry.data).fair_use.default_budget
    return int(entry.options.get(CONF_BUDGET, default))


def images_a_day(
    fair_use: FairUse, layout: Layout, mode: Mode, spreading_factor: int
) -> int:
    """Return how many images a day are within the limit of airtime.

    Where the layout is not known: of the one of lines that takes more.
    """
    if layout is Layout.COMPACT:
        return fair_use.messages_a_day(_airtime_of_compact(mode, spreading_factor))
    grids = (candidate.grid(mode) for candidate in layout.candidates)
    whole = max(_airtime_of_image(grid, spreading_factor) for grid in grids)
    return fair_use.messages_a_day(whole)


def _airtime_of_image(grid: Grid, spreading_factor: int) -> float:
    """Return the seconds that all messages of an image take."""
    line = airtime(message_length(grid.values), spreading_factor, _BANDWIDTH)
    last = airtime(message_length(grid.values + 2), spreading_factor, _BANDWIDTH)
    return (grid.lines - 1) * line + last


def _airtime_of_compact(mode: Mode, spreading_factor: int) -> float:
    """Return the seconds that a picture in the compact format takes at most.

    Where messages are short, slow mode sends it in quarters.
    """
    longest = longest_payload(spreading_factor)
    quarters = mode is Mode.SLOW and longest == SHORTEST_LIMIT
    messages = QUARTERS if quarters else 1
    return messages * airtime(longest, spreading_factor, _BANDWIDTH)
