"""WebSocket command with which an administrator saves areas that were drawn."""

from collections.abc import Mapping
from typing import Any, Final

import probatio as vol

from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_HOME_ASSISTANT_ERROR
from homeassistant.components.websocket_api.decorators import (
    require_admin,
    websocket_command,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.ulid import ulid_now

from ..const import DOMAIN
from ..device.area_options import (
    CONF_AREAS,
    CONF_KEY,
    CONF_KIND,
    CONF_NAME,
    CONF_POINTS,
    MOST_AREAS,
    areas_of,
    read_area,
    with_cells,
    with_changes,
)
from ..device.cell_grid import grid_of
from ..device.option_table import (
    AREA_OPTIONS,
    CONF_COLUMNS,
    CONF_ROWS,
    MARGINS,
    SECTION_CELLS,
    SECTIONS,
    NumberOption,
)
from ..model.area import MOST_CORNERS, AreaKind
from ..thermal.cells import CellGrid
from .archive_websocket import async_requested_node
from .serialisation import area_as_dict, grid_as_dict

_NUMBER: Final = vol.Any(int, float)
_AREA: Final = vol.Schema(
    {
        vol.Optional(CONF_KEY): str,
        vol.Required(CONF_NAME): str,
        vol.Required(CONF_KIND): vol.In([str(kind) for kind in AreaKind]),
        vol.Required(CONF_POINTS): vol.All(
            [vol.ExactSequence([_NUMBER, _NUMBER])], vol.Length(max=MOST_CORNERS)
        ),
        **{vol.Optional(key): vol.Any(None, _NUMBER) for key in AREA_OPTIONS},
    }
)


def _range(key: str, minimum: float = 0) -> vol.Range:
    """Return the range of a number of the grid, as in the dialog of the node."""
    option = SECTIONS[SECTION_CELLS][key]
    assert isinstance(option, NumberOption)
    return vol.Range(min=minimum, max=option.maximum)


_GRID: Final = vol.Schema(
    {
        vol.Required(CONF_ROWS): vol.All(int, _range(CONF_ROWS, 1)),
        vol.Required(CONF_COLUMNS): vol.All(int, _range(CONF_COLUMNS, 1)),
        **{vol.Required(key): vol.All(_NUMBER, _range(key)) for key in MARGINS},
    }
)


@callback
def async_setup_area_websocket(hass: HomeAssistant) -> None:
    """Register the command."""
    async_register_command(hass, _save_areas)


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/save_areas",
        vol.Required("node"): str,
        vol.Optional("changed", default=list): vol.All(
            [_AREA], vol.Length(max=MOST_AREAS)
        ),
        vol.Optional("removed", default=list): [str],
        vol.Optional("grid"): _GRID,
    }
)
@require_admin
@callback
def _save_areas(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Add and change areas, those without a key are new, and remove others by their keys.

    Points are row and column of the sensor, see `model.area`; limits are in °C and K. What
    is stored, and which errors there are, is as in the dialog of the node. An area that was
    removed meanwhile is not added again. `grid`: rows and columns of cells, and their
    margins in percent of the picture as it is displayed; it is made first, see
    `with_cells`. The answer has all areas that are stored now, and their grid.
    """
    node = async_requested_node(hass, connection, msg)
    entry = hass.config_entries.async_get_known_entry(node.entry_id)
    subentry = entry.subentries[node.subentry_id]
    try:
        data = _data_with_changes(subentry.data, msg)
    except ValueError as error:
        key = str(error)
        connection.send_error(
            msg["id"],
            ERR_HOME_ASSISTANT_ERROR,
            key,
            translation_domain=DOMAIN,
            translation_key=key,
        )
        return
    # Answered first: the entry is loaded anew, and entities follow.
    stored = {
        CONF_AREAS: [area_as_dict(area) for area in areas_of(data)],
        "grid": grid_as_dict(grid_of(data)),
    }
    connection.send_result(msg["id"], stored)
    hass.config_entries.async_update_subentry(entry, subentry, data=data)


def _data_with_changes(
    data: Mapping[str, Any], msg: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the data of a subentry with what was drawn. Raises ValueError."""
    changed = msg["changed"]
    known = {area.key for area in areas_of(data)}
    if not {area[CONF_KEY] for area in changed if CONF_KEY in area} <= known:
        raise ValueError("area_gone")
    areas = [read_area({CONF_KEY: ulid_now(), **area}) for area in changed]
    if grid := msg.get("grid"):
        return with_cells(data, _grid(**grid), areas, msg["removed"])
    return with_changes(data, areas, msg["removed"])


def _grid(
    *, rows: int, columns: int, top: float, right: float, bottom: float, left: float
) -> CellGrid:
    return CellGrid(rows, columns, top / 100, right / 100, bottom / 100, left / 100)
