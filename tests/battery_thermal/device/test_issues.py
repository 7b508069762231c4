"""Tests of the repair issues of a node, which follow its record."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from custom_components.battery_thermal.device.issues import (
    NodeIssues,
    async_delete_issues,
)
from custom_components.battery_thermal.device.node_config import node_config
from custom_components.battery_thermal.device.node_record import NodeRecord
from custom_components.battery_thermal.lorawan.network_server import Join
from custom_components.battery_thermal.lorawan.the_things_stack.storage import STORAGE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from tests.battery_thermal.common import DEVICE_ID, DOMAIN
from tests.battery_thermal.uplinks import config_entry, make_uplink, subentry


def record_of(hass: HomeAssistant, **options: Any) -> NodeRecord:
    """Return the record of a node, with its repair issues."""
    config = node_config(config_entry(**options), subentry(), STORAGE)
    record = NodeRecord(config, dt_util.utcnow(), 0)
    NodeIssues(hass, "id", record)
    return record


def use_airtime(record: NodeRecord, seconds: float | None, number: int = 0) -> None:
    """Let the node send a message with an airtime in seconds, now."""
    now = dt_util.utcnow() + timedelta(seconds=number)
    uplink = make_uplink(number, f_port=0, received_at=now)
    changed = replace(
        uplink.link, spreading_factor=None, bandwidth=None, airtime=seconds
    )
    record.receive(
        make_uplink(number, f_port=0, received_at=now, link=changed), now, number
    )


async def test_unknown_device(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """A device that the server does not know is reported until it sends."""
    record = record_of(hass)
    record.set_known_to_server(False)
    issue = issue_registry.async_get_issue(DOMAIN, "gone_id")
    assert issue
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.translation_placeholders
    assert issue.translation_placeholders["device_id"] == DEVICE_ID

    use_airtime(record, 0.1)

    assert issue_registry.async_get_issue(DOMAIN, "gone_id") is None


async def test_encrypted_payloads(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """Payloads that are not decrypted are reported until one is."""
    record = record_of(hass)
    record.receive_join(Join(device_id=DEVICE_ID, session="first", encrypted=True))
    assert issue_registry.async_get_issue(DOMAIN, "encrypted_id")

    record.receive(make_uplink(0, bytes(37)), dt_util.utcnow(), 0)

    assert issue_registry.async_get_issue(DOMAIN, "encrypted_id") is None


async def test_encrypted_after_a_restart(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """After a restart, the issue is created from the stored record."""
    data = record_of(hass).as_dict() | {"encrypted": True}
    record_of(hass).restore(data)
    assert issue_registry.async_get_issue(DOMAIN, "encrypted_id")


async def test_airtime(hass: HomeAssistant, issue_registry: ir.IssueRegistry) -> None:
    """Airtime above the limit is reported with the number of messages that are allowed."""
    record = record_of(hass)
    use_airtime(record, 29)
    assert issue_registry.async_get_issue(DOMAIN, "airtime_id") is None

    use_airtime(record, 2, number=1)

    issue = issue_registry.async_get_issue(DOMAIN, "airtime_id")
    assert issue
    assert issue.translation_placeholders
    assert issue.translation_placeholders["used"] == "31"
    assert issue.translation_placeholders["messages"] == "15"
    # The issue keeps the figures of the first report.
    use_airtime(record, 4, number=2)
    assert issue_registry.async_get_issue(DOMAIN, "airtime_id") is issue


async def test_airtime_of_a_message_that_is_not_known(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """The report waits for a message with a known airtime."""
    record = record_of(hass)
    use_airtime(record, 31)
    issue_registry.async_delete(DOMAIN, "airtime_id")
    use_airtime(record, None, number=1)
    assert issue_registry.async_get_issue(DOMAIN, "airtime_id") is None
    use_airtime(record, 0.1, number=2)
    assert issue_registry.async_get_issue(DOMAIN, "airtime_id")


async def test_airtime_after_a_restart(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """Issues from before a restart are inactive, so the airtime is reported again."""
    record = record_of(hass)
    use_airtime(record, 31)
    (key,) = issue_registry.issues
    before = issue_registry.issues[key]
    issue_registry.issues[key] = ir.IssueEntry(
        active=False,
        breaks_in_ha_version=None,
        created=before.created,
        data=None,
        dismissed_version=None,
        domain=DOMAIN,
        is_fixable=None,
        is_persistent=False,
        issue_domain=None,
        issue_id=before.issue_id,
        learn_more_url=None,
        severity=None,
        translation_key=None,
        translation_placeholders=None,
    )

    use_airtime(record, 0.1, number=1)

    issue = issue_registry.async_get_issue(DOMAIN, "airtime_id")
    assert issue
    assert issue.active


async def test_airtime_without_fair_use(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """Without fair use nothing is reported."""
    use_airtime(record_of(hass, fair_use=False), 100)
    assert not issue_registry.issues


async def test_removed_node(
    hass: HomeAssistant, issue_registry: ir.IssueRegistry
) -> None:
    """The issues of a node that was removed are deleted."""
    record = record_of(hass)
    use_airtime(record, 31)
    record.encrypted = True
    record.set_known_to_server(False)
    assert len(issue_registry.issues) == 3
    async_delete_issues(hass, "id")
    assert not issue_registry.issues
