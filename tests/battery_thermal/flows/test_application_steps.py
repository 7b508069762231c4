"""Tests of the steps that add an application: the check before, and its errors."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.the_things_stack import HttpFault, Right, TheThingsStack
from tests.battery_thermal.common import KEY, entry_data
from tests.battery_thermal.test_config_flow import finish, start


def wrong_key(stack: TheThingsStack) -> None:
    """Use a key of another application."""
    stack.revoke_key(KEY)


def cannot_read(stack: TheThingsStack) -> None:
    """Use a key without the right to read messages."""
    stack.add_key(KEY, {Right.INFO, Right.TRAFFIC_DOWN_WRITE})


def cannot_read_nor_ask(stack: TheThingsStack) -> None:
    """Use a key that may not list its rights."""
    stack.add_key(KEY, {Right.TRAFFIC_DOWN_WRITE})
    stack.faults.http.append(HttpFault(403))


def foreign_application(stack: TheThingsStack) -> None:
    """Use a key that may connect, but not subscribe to this application."""
    stack.faults.suback_failure = True


def rate_limited(stack: TheThingsStack) -> None:
    """Refuse connections as too many."""
    stack.faults.connack = 3


def rate_limited_http(stack: TheThingsStack) -> None:
    """Refuse requests as too many."""
    stack.faults.http.append(HttpFault(429, retry_after=30))


def server_error(stack: TheThingsStack) -> None:
    """Answer requests with a server error."""
    stack.faults.http.append(HttpFault(500))


def no_json(stack: TheThingsStack) -> None:
    """Answer as a web server that is not The Things Stack."""
    stack.faults.http.append(HttpFault(200, body=b"<html>"))


def broken_http(stack: TheThingsStack) -> None:
    """Answer no HTTP request."""
    stack.faults.http.extend([HttpFault(0)] * 4)


def refused(stack: TheThingsStack) -> None:
    """Refuse the connection with another code."""
    stack.faults.connack = 6


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (wrong_key, "invalid_key"),
        (cannot_read, "no_rights"),
        (cannot_read_nor_ask, "no_rights"),
        (foreign_application, "foreign_application"),
        (rate_limited, "rate_limited"),
        (rate_limited_http, "rate_limited"),
        (server_error, "server_error"),
        (no_json, "server_error"),
        (broken_http, "cannot_connect"),
        (refused, "cannot_connect"),
    ],
)
async def test_refused_and_mended(
    hass: HomeAssistant, stack: TheThingsStack, fault: Any, error: str
) -> None:
    """A mistake is explained, and the form can be submitted again."""
    flow_id = await start(hass, "own")
    fault(stack)

    result = await hass.config_entries.flow.async_configure(flow_id, entry_data(stack))

    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}

    stack.add_key(KEY)
    stack.faults.connack = None
    stack.faults.suback_failure = False
    stack.faults.http.clear()
    result = await hass.config_entries.flow.async_configure(flow_id, entry_data(stack))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await finish(hass, result["result"])


async def test_same_application_twice(
    hass: HomeAssistant, stack: TheThingsStack, entry: MockConfigEntry
) -> None:
    """An application can have one entry only."""
    flow_id = await start(hass, "own")

    result = await hass.config_entries.flow.async_configure(flow_id, entry_data(stack))

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
