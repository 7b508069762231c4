"""Strict parsing with ChirpStack's own definitions: an unknown field is an error."""

from typing import Any

from chirpstack_api.integration import integration_pb2
from google.protobuf.json_format import Parse

_EVENTS = {
    "up": integration_pb2.UplinkEvent,
    "join": integration_pb2.JoinEvent,
    "ack": integration_pb2.AckEvent,
    "txack": integration_pb2.TxAckEvent,
    "log": integration_pb2.LogEvent,
    "status": integration_pb2.StatusEvent,
}


def parse_event(event: str, payload: bytes) -> Any:
    """Return an event of a name such as `up`. Raises ParseError."""
    return Parse(payload, _EVENTS[event](), ignore_unknown_fields=False)


def parse_downlink_command(payload: bytes) -> Any:
    """Return a `command/down`. Raises ParseError."""
    return Parse(
        payload, integration_pb2.DownlinkCommand(), ignore_unknown_fields=False
    )
