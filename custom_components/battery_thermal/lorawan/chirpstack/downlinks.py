"""Downlinks in the format of ChirpStack: `integration.DownlinkCommand` in JSON.

Source: `integration.proto` and `integration/mod.rs` of ChirpStack v4. The id of a queue
item is a UUID, which ChirpStack repeats in `txack`, `ack` and `log`.
"""

from base64 import b64encode
from datetime import UTC
import json

from ..network_server import CORRELATION_PREFIX, Downlink


def encode_command(dev_eui: str, downlink: Downlink) -> bytes:
    """Return the command that puts a downlink into the queue of a device."""
    command = {
        "id": downlink.correlation_id.removeprefix(CORRELATION_PREFIX),
        "devEui": dev_eui,
        "confirmed": downlink.confirmed,
        "fPort": downlink.f_port,
        "data": b64encode(downlink.payload).decode(),
    }
    if downlink.expires_at is not None:
        expires_at = downlink.expires_at.astimezone(UTC)
        command["expiresAt"] = expires_at.isoformat().replace("+00:00", "Z")
    return json.dumps(command).encode()
