"""Tests of the commands that are published for ChirpStack."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest

from custom_components.battery_thermal.lorawan.chirpstack.downlinks import (
    encode_command,
)
from custom_components.battery_thermal.lorawan.network_server import Downlink
from simulator.chirpstack.commands import read_downlink_command
from tests.chirpstack_api import parse_downlink_command

EUI = "70b3d57ed0001234"
AT = datetime(2026, 11, 29, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize(
    "expires_at", [None, AT, AT.astimezone(timezone(timedelta(hours=2)))]
)
def test_command(confirmed: bool, expires_at: datetime | None) -> None:
    """ChirpStack's definitions and the stand-in decode the same downlink."""
    item = str(uuid4())
    downlink = Downlink(
        f_port=1,
        payload=b"\xd0\x32",
        confirmed=confirmed,
        correlation_id=f"battery_thermal:{item}",
        expires_at=expires_at,
    )
    payload = encode_command(EUI, downlink)
    command = parse_downlink_command(payload)
    assert (command.id, command.dev_eui) == (item, EUI)
    assert (command.f_port, command.data) == (1, b"\xd0\x32")
    assert command.confirmed is confirmed
    assert command.HasField("expires_at") is (expires_at is not None)
    if expires_at:
        assert command.expires_at.ToDatetime(UTC) == AT
    read = read_downlink_command(EUI, payload)
    assert (read.id, read.expires_at) == (item, expires_at and AT)
