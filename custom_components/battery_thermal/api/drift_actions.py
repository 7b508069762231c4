"""Action `learn_baseline`: what is usual for cells is learned anew."""

from typing import Final

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..device.battery_node import BatteryNode
from .archive_files import refused
from .target import target_schema
from .target_nodes import async_target_nodes

SERVICE_LEARN_BASELINE: Final = "learn_baseline"

ATTR_CELLS: Final = "cells"

_SCHEMA: Final = vol.Schema(
    target_schema({vol.Optional(ATTR_CELLS): vol.All(cv.ensure_list, [cv.string])})
)


@callback
def async_setup_drift_services(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN, SERVICE_LEARN_BASELINE, _async_learn, schema=_SCHEMA
    )


async def _async_learn(call: ServiceCall) -> None:
    """Forget what is usual for the named cells of each node, or for all of them."""
    targets = await async_target_nodes(call, POLICY_CONTROL)
    wanted = [_numbers(call, target.node) for target in targets]
    for target, cells in zip(targets, wanted, strict=True):
        target.node.async_learn_baseline(cells)


def _numbers(call: ServiceCall, node: BatteryNode) -> list[int] | None:
    """Return the cells that were named, counted from 0; None: all.

    Raises ServiceValidationError if the node has no cells, or none of such a name.
    """
    if not (known := [cell.name for cell in node.config.options.cells]):
        raise refused("no_cells", node=node.config.name)
    if not (names := call.data.get(ATTR_CELLS)):
        return None
    if unknown := [name for name in names if name not in known]:
        raise refused(
            "no_such_cell",
            node=node.config.name,
            cell=", ".join(unknown),
            cells=", ".join(known),
        )
    return [known.index(name) for name in names]
