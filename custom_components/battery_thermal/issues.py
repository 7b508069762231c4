"""What the owner alone can repair."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .lorawan.fair_use import FAIR_AIRTIME, messages_a_day

if TYPE_CHECKING:
    from .battery_node import BatteryNode

_DAY: Final = 24 * 3600

# What the ids of issues about damaged archives begin with.
_DAMAGED: Final = "archive_damaged_"


@callback
def async_check_airtime(hass: HomeAssistant, node: BatteryNode) -> None:
    """Say so when a node uses more than its fair share, and how much it may."""
    issue_id = f"airtime_{node.subentry_id}"
    used = node.traffic.airtime.total(dt_util.utcnow())
    if not node.fair_use or used <= FAIR_AIRTIME:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    if ir.async_get(hass).async_get_issue(DOMAIN, issue_id):
        return
    message = node.traffic.newest_airtime
    if not message:
        # The server did not say how it was sent: the next one will tell.
        return
    allowed = messages_a_day(message)
    lines = node.image.lines_expected if node.image else 1
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="airtime",
        translation_placeholders={
            "node": node.name,
            "used": f"{used:.0f}",
            "limit": f"{FAIR_AIRTIME:.0f}",
            "message": f"{message:.3f}",
            "messages": str(allowed),
            "lines": str(lines),
            "images": str(allowed // lines),
            "interval": f"{_DAY / max(allowed, 1):.0f}",
        },
    )


@callback
def async_node_gone(hass: HomeAssistant, node: BatteryNode) -> None:
    """Say that the network server no longer knows a node."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"gone_{node.subentry_id}",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="gone",
        translation_placeholders={"node": node.name, "device_id": node.device_id},
    )


@callback
def async_node_there(hass: HomeAssistant, node: BatteryNode) -> None:
    """Take it back."""
    ir.async_delete_issue(hass, DOMAIN, f"gone_{node.subentry_id}")


@callback
def async_archive_damaged(hass: HomeAssistant, aside: Path) -> None:
    """Say that images were lost, and where what is left of them is, until that is read."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{_DAMAGED}{aside.name}",
        # There is nothing left to do but to say that it is known.
        is_fixable=True,
        # It happened once, and is worth knowing after a restart too.
        is_persistent=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key="archive_damaged",
        translation_placeholders={"path": str(aside)},
    )


@callback
def async_archive_gone(hass: HomeAssistant) -> None:
    """Say nothing more of an archive that was removed."""
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and issue_id.startswith(_DAMAGED):
            ir.async_delete_issue(hass, domain, issue_id)


@callback
def async_forget(hass: HomeAssistant, subentry_id: str) -> None:
    """Say nothing more of a node that was removed."""
    for kind in ("airtime", "gone"):
        ir.async_delete_issue(hass, DOMAIN, f"{kind}_{subentry_id}")
