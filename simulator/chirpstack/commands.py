"""Commands of applications, checked as ChirpStack checks them.

Source: `integration/mqtt.rs` and `integration/mod.rs` of ChirpStack v4. A command that
fails a check is a line in ChirpStack's own log; the sender hears nothing.
"""

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
import json
from typing import Any
from uuid import UUID

_FIELDS = {"id", "devEui", "confirmed", "fPort", "data", "object", "expiresAt"}


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A downlink in a device's queue."""

    id: str
    f_port: int
    payload: bytes
    confirmed: bool = False
    expires_at: datetime | None = None
    f_cnt_down: int = 0
    pending: bool = False
    """Sent, and to be confirmed by the next uplink."""


def read_downlink_command(dev_eui: str, payload: bytes) -> QueueItem:
    """Read a `command/down` for a device; `id` is empty if the sender has given none.

    Raises ValueError or TypeError for anything that ChirpStack does not take.
    """
    command: Any = json.loads(payload)
    if not isinstance(command, dict):
        raise TypeError("a command is an object")
    if unknown := command.keys() - _FIELDS:
        raise ValueError(f"unknown fields: {sorted(unknown)}")
    if command.get("devEui") != dev_eui:
        raise ValueError("devEui is not that of the topic")
    f_port = command.get("fPort", 0)
    if type(f_port) is not int or not 0 < f_port < 256:
        raise ValueError("FPort must be between 1 and 255")
    given = command.get("id", "")
    expires_at = command.get("expiresAt")
    return QueueItem(
        id=str(UUID(given)) if given else "",
        f_port=f_port,
        payload=b64decode(command.get("data", ""), validate=True),
        confirmed=bool(command.get("confirmed", False)),
        expires_at=None if expires_at is None else _time(expires_at),
    )


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time without a time zone")
    return time
