"""Tests of the commands that the stand-in accepts as downlinks."""

from base64 import b64encode
from datetime import UTC, datetime
import json
from typing import Any
from uuid import UUID

import pytest

from simulator.chirpstack.commands import QueueItem, read_downlink_command
from tests.chirpstack_api import parse_downlink_command

EUI = "70b3d57ed0001234"
ID = str(UUID(int=3))


def command(**fields: Any) -> bytes:
    """Return a command with some fields replaced."""
    return json.dumps(
        {"devEui": EUI, "fPort": 1, "data": b64encode(b"\xd0\x32").decode()} | fields
    ).encode()


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (command(), QueueItem("", 1, b"\xd0\x32")),
        (command(id=ID, confirmed=True), QueueItem(ID, 1, b"\xd0\x32", True)),
        (
            command(expiresAt="2026-11-29T12:00:00Z"),
            QueueItem(
                "", 1, b"\xd0\x32", expires_at=datetime(2026, 11, 29, 12, tzinfo=UTC)
            ),
        ),
    ],
)
def test_taken(payload: bytes, expected: QueueItem) -> None:
    """Commands allowed by ChirpStack's definitions are accepted."""
    assert parse_downlink_command(payload).f_port == 1
    assert read_downlink_command(EUI, payload) == expected


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        command(devEui=EUI.upper()),
        command(fPort=0),
        command(fPort="1"),
        command(fPort=256),
        command(id="battery_thermal:1"),
        command(data="!"),
        command(f_port=1),
        command(expiresAt="2026-11-29T12:00:00"),
        command(expiresAt="soon"),
    ],
)
def test_refused(payload: bytes) -> None:
    """All other commands are refused."""
    with pytest.raises((TypeError, ValueError)):
        read_downlink_command(EUI, payload)
