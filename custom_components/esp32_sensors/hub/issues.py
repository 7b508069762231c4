"""Repair issues about a network and its boards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..core.protocol import MAC_IN_TEXT, Reason
from ..core.session_server import SessionServer
from .markdown import for_issue

#: Largest number of names in an issue about several boards.
NAMES_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class Issue:
    """One repair issue."""

    key: str
    placeholders: dict[str, str]
    mac: str = ""
    is_fixable: bool = False


class Issues:
    """Creates the repair issues of a network, and deletes those that are over."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        server: SessionServer,
        refused_names: Mapping[str, tuple[str, str]],
        discarded: Counter[Reason],
    ) -> None:
        """Initialize without issues.

        ``refused_names``: the refused name and the reason, by MAC. ``discarded``: the
        numbers of discarded messages.
        """
        self._hass = hass
        self._entry = entry
        self._server = server
        self._refused_names = refused_names
        self._discarded = discarded
        self._shown: dict[str, Issue] = {}

    def update(self) -> None:
        """Create, change and delete issues as the state of the network requires."""
        hass, entry_id = self._hass, self._entry.entry_id
        current = {self._issue_id(issue): issue for issue in self._current()}
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
                    translation_placeholders=for_issue(**issue.placeholders),
                )
        self._shown = current

    def _issue_id(self, issue: Issue) -> str:
        """Return the id of an issue, which does not reveal a MAC.

        Diagnostics contain the ids of all issues of the integration.
        """
        board = issue.mac and self._server.registry.hidden_id(issue.mac)
        return f"{self._entry.entry_id}_{issue.key}_{board}"

    def delete_old(self) -> None:
        """Delete issues of earlier releases, whose ids contain MACs."""
        hass, entry_id = self._hass, self._entry.entry_id
        for domain, issue_id in list(ir.async_get(hass).issues):
            if (
                domain == DOMAIN
                and issue_id.startswith(f"{entry_id}_")
                and MAC_IN_TEXT.search(issue_id)
            ):
                ir.async_delete_issue(hass, DOMAIN, issue_id)

    def clear(self) -> None:
        """Delete all issues."""
        for issue_id in self._shown:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
        self._shown = {}

    def _current(self) -> list[Issue]:
        registry, problems = self._server.registry, self._server.problems
        network = self._entry.title
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
            for mac in problems.conflicts.contested
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
            for mac in problems.shared_topic_joins
        ]
        issues += [
            Issue(
                "retired",
                {
                    "mac": retired.address.upper(),
                    "name": registry.boards[retired.replaced_by].name_to_come,
                    "network": network,
                },
                retired.address.upper(),
                is_fixable=True,
            )
            for retired in registry.retired.heard
        ]
        issues += [
            Issue(f"name_{reason}", {"name": name, "network": network}, mac)
            for mac, (name, reason) in self._refused_names.items()
        ]
        issues += self._of_several_boards()
        if registry.is_full and self._discarded[Reason.TOO_MANY_BOARDS]:
            limit = str(len(registry.boards))
            issues.append(
                Issue("too_many_boards", {"limit": limit, "network": network})
            )
        if problems.other_server_until is not None:
            issues.append(Issue("other_server", {"network": network}))
        return issues

    def _of_several_boards(self) -> list[Issue]:
        """Return one issue for each kind of problem, with the names of its boards."""
        problems = self._server.problems
        boards = self._server.registry.boards
        unconfirmed = problems.unconfirmed(boards.values(), monotonic())
        return [
            Issue(
                key,
                {
                    "count": str(len(names)),
                    "names": _listed(names),
                    "network": self._entry.title,
                },
            )
            for key, names in (
                (
                    "restarting",
                    [boards[mac].session.name for mac in problems.conflicts.restarting],
                ),
                (
                    "unstarted",
                    [boards[mac].session.name for mac in problems.unstarted.stuck],
                ),
                ("unconfirmed", [board.session.name for board in unconfirmed]),
                ("unknown_sessions", problems.unknown_sessions.active),
            )
            if names
        ]


def _listed(names: list[str]) -> str:
    """Return the first names in order, with an ellipsis when there are more."""
    more = ["…"] if len(names) > NAMES_LISTED else []
    return ", ".join(sorted(names)[:NAMES_LISTED] + more)
