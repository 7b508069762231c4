"""What the integration asks of a LoRaWAN network server, whichever it is.

Times are aware, durations in seconds, frequencies in Hz, RSSI in dBm, SNR in dB.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, Protocol

# How long a network server keeps uplinks, if it keeps any (The Things Network's storage
# integration).
STORED_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """How an uplink came over the air; what the server does not know is None."""

    gateways: int
    rssi: float | None
    snr: float | None
    spreading_factor: int | None
    bandwidth: int | None
    airtime: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Uplink:
    """A message from a node. Without an FPort it carries no data of the node."""

    device_id: str
    session: str
    f_cnt: int
    f_port: int | None
    payload: bytes
    received_at: datetime
    link: Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Join:
    """A node joined. The session is in use from its first uplink."""

    device_id: str
    session: str


class DownlinkStage(StrEnum):
    """How far the network server says a downlink has come."""

    QUEUED = "queued"
    SENT = "sent"
    ACKNOWLEDGED = "ack"
    NOT_ACKNOWLEDGED = "nack"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class DownlinkReport:
    """What became of a downlink, ours or another's: the correlation ids tell."""

    device_id: str
    stage: DownlinkStage
    correlation_ids: tuple[str, ...]
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Malformed:
    """A message that could not be read. The reason is a word to count by."""

    device_id: str
    reason: str


type Message = Uplink | Join | DownlinkReport | Malformed


@dataclass(frozen=True, kw_only=True, slots=True)
class Downlink:
    """What a node is to be told."""

    f_port: int
    payload: bytes
    confirmed: bool
    correlation_id: str


class NetworkServerError(Exception):
    """The network server could not do what was asked; `key` names the text for people."""

    key: ClassVar = "server_error"


class UnreachableError(NetworkServerError):
    """Nobody answers at this address, or the connection broke."""

    key = "cannot_connect"


class TlsError(NetworkServerError):
    """The server's certificate is not trusted, or it does not speak TLS."""

    key = "tls_failed"


class AccessError(NetworkServerError):
    """Another key is needed."""


class InvalidKeyError(AccessError):
    """The key is wrong, has expired or was revoked."""

    key = "invalid_key"


class NoRightsError(AccessError):
    """The key is valid and may not do this."""

    key = "no_rights"


class ForeignApplicationError(AccessError):
    """The key belongs to another application."""

    key = "foreign_application"


class UnknownDeviceError(NetworkServerError):
    """The application has no such device."""

    key = "unknown_device"


class RateLimitedError(NetworkServerError):
    """The server asks to wait, `retry_after` seconds if it says so."""

    key = "rate_limited"

    def __init__(self, retry_after: float | None = None) -> None:
        """Keep how long to wait."""
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class NetworkServer(Protocol):
    """One application on one network server."""

    def connect(self) -> AbstractAsyncContextManager[AsyncIterator[Message]]:
        """Connect once, and give the application's messages until the connection ends.

        The messages end by an error only: one of NetworkServerError.
        """
        ...

    async def check_rights(self) -> None:
        """Raise unless the key may read the application's uplinks and send downlinks.

        Where it may not ask for its rights, only reading can be tried without a trace:
        whether it may send is known when it first does.
        """
        ...

    async def device_names(self) -> dict[str, str]:
        """Return the names of the application's devices by their ids.

        Raises NoRightsError when the key may not list them.
        """
        ...

    async def stored_uplinks(self, device_id: str, after: datetime) -> list[Uplink]:
        """Return a device's uplinks since a time, oldest first.

        None at all where the server keeps none.
        """
        ...

    async def send(self, device_id: str, downlink: Downlink) -> None:
        """Put a downlink in the place of whatever is queued for the device."""
        ...
