"""What the owner has to know, or to decide."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .protocol import Reason

if TYPE_CHECKING:
    from .network import Network


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue, as it should be shown."""

    key: str
    placeholders: dict[str, str]
    mac: str = ""
    is_fixable: bool = False


class Issues:
    """Shows what is the matter with a network, and no more when it is over."""

    def __init__(self, network: Network) -> None:
        """Show nothing yet."""
        self._network = network
        self._shown: dict[str, Issue] = {}

    def update(self) -> None:
        """Show what is the matter now."""
        hass, entry_id = self._network.hass, self._network.entry.entry_id
        current = {f"{entry_id}_{i.key}_{i.mac}": i for i in self._current()}
        for issue_id in self._shown.keys() - current.keys():
            ir.async_delete_issue(hass, DOMAIN, issue_id)
        for issue_id, issue in current.items():
            if self._shown.get(issue_id) != issue:
                ir.async_create_issue(
                    hass,
                    DOMAIN,
                    issue_id,
                    data={"entry_id": entry_id, "mac": issue.mac, "kind": issue.key},
                    is_fixable=issue.is_fixable,
                    severity=ir.IssueSeverity.WARNING,
                    translation_key=issue.key,
                    translation_placeholders=issue.placeholders,
                )
        self._shown = current

    def clear(self) -> None:
        """Show nothing any more."""
        for issue_id in self._shown:
            ir.async_delete_issue(self._network.hass, DOMAIN, issue_id)
        self._shown = {}

    def _current(self) -> list[Issue]:
        registry = self._network.registry
        network = self._network.entry.title
        issues = [
            Issue("waiting", {"mac": mac, "network": network}, mac, is_fixable=True)
            for mac in registry.admission.waiting
        ]
        issues += [
            Issue(
                "contested",
                {
                    "mac": mac,
                    "name": registry.boards[mac].session.name,
                    "network": network,
                },
                mac,
            )
            for mac in registry.contested
        ]
        issues += [
            Issue(
                "astray",
                {
                    "mac": mac,
                    "name": registry.boards[mac].session.name,
                    "network": network,
                },
                mac,
                is_fixable=True,
            )
            for mac in registry.astray
        ]
        issues += [
            Issue(f"name_{reason}", {"name": name, "network": network}, mac)
            for mac, (name, reason) in self._network.refused_names.items()
        ]
        if registry.is_full and self._network.discarded[Reason.TOO_MANY_BOARDS]:
            limit = str(len(registry.boards))
            issues.append(
                Issue("too_many_boards", {"limit": limit, "network": network})
            )
        return issues
