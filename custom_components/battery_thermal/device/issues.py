"""Repair issues of a node: what only the owner can change."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from .markdown import for_issue
from .node_record import NodeRecord

_DAY: Final = 24 * 3600

_AIRTIME: Final = "airtime"
_COUNTER_REFUSED: Final = "counter_refused"
_ENCRYPTED: Final = "encrypted"
_GONE: Final = "gone"


class NodeIssues:
    """Creates and deletes the repair issues of one node, as its record changes."""

    def __init__(
        self, hass: HomeAssistant, subentry_id: str, record: NodeRecord
    ) -> None:
        """Initialize, and listen to the record."""
        self._hass = hass
        self._subentry_id = subentry_id
        self._record = record
        record.status_listeners.add_listener(self._async_update)

    @callback
    def _async_update(self) -> None:
        """Create and delete issues as the record says."""
        config = self._record.config
        if self._record.known_to_server is not None:
            self._async_set(
                _GONE,
                active=not self._record.known_to_server,
                severity=ir.IssueSeverity.ERROR,
                placeholders=for_issue(node=config.name, device_id=config.device_id),
            )
        self._async_set(
            _ENCRYPTED,
            active=self._record.encrypted,
            severity=ir.IssueSeverity.ERROR,
            placeholders={"node": config.name, "device_id": config.device_id},
        )
        self._async_set(
            _COUNTER_REFUSED,
            active=self._record.counter_check.refused,
            severity=ir.IssueSeverity.ERROR,
            placeholders=for_issue(node=config.name, device_id=config.device_id),
        )
        self._async_update_airtime()

    @callback
    def _async_update_airtime(self) -> None:
        """Report a node that uses more than its fair share, and how much it may use."""
        used = self._record.traffic.airtime.total(dt_util.utcnow())
        fair_use = self._record.config.fair_use
        if not fair_use or used <= fair_use.airtime:
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id(_AIRTIME))
            return
        issue = ir.async_get(self._hass).async_get_issue(
            DOMAIN, self._issue_id(_AIRTIME)
        )
        message = self._record.traffic.newest_airtime
        # Without the airtime of the newest message the next one is waited for.
        if (issue and issue.active) or not message:
            return
        allowed = fair_use.messages_a_day(message)
        image = self._record.images.image
        lines = image.lines_expected if image else 1
        self._async_set(
            _AIRTIME,
            active=True,
            severity=ir.IssueSeverity.WARNING,
            placeholders={
                **for_issue(node=self._record.config.name),
                "used": f"{used:.0f}",
                "limit": f"{fair_use.airtime:.0f}",
                "message": f"{message:.3f}",
                "messages": str(allowed),
                "lines": str(lines),
                "images": str(allowed // lines),
                "interval": f"{_DAY / max(allowed, 1):.0f}",
            },
        )

    @callback
    def _async_set(
        self,
        kind: str,
        *,
        active: bool,
        severity: ir.IssueSeverity,
        placeholders: dict[str, str],
    ) -> None:
        issue_id = self._issue_id(kind)
        if not active:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=severity,
            translation_key=kind,
            translation_placeholders=placeholders,
        )

    def _issue_id(self, kind: str) -> str:
        return f"{kind}_{self._subentry_id}"


@callback
def async_delete_issues(hass: HomeAssistant, subentry_id: str) -> None:
    """Delete the issues of a node that was removed."""
    for kind in (_AIRTIME, _COUNTER_REFUSED, _GONE, _ENCRYPTED):
        ir.async_delete_issue(hass, DOMAIN, f"{kind}_{subentry_id}")
