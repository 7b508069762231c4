"""Interface of a LoRaWAN network server: its messages, its errors, its requests.

Times have a time zone, durations are in seconds unless they are a `timedelta`,
frequencies in Hz, RSSI in dBm, SNR in dB. `server_type` has what is known of a kind of
server without a connection: its forms and limits.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, Protocol

from ..const import DOMAIN
from .receptions import Reception

CORRELATION_PREFIX: Final = f"{DOMAIN}:"
"""Prefix of the correlation ids of this integration's downlinks."""

COUNTER_RESET: Final = "frame_counter_reset"
"""Kind of the notice that an uplink was dropped because its frame counter is too low."""

NOT_STORED: Final = "uplinks_not_stored"
"""Kind of the notice that the server does not store the uplinks of a device."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UplinkStorage:
    """How a network server stores uplinks, for fetching missed ones.

    `kept_for`: age of the oldest uplink that it can return. `stored_within`: longest time
    from the reception of an uplink until it can be fetched. `retry_waits`: seconds to
    wait before each further attempt to fetch; new messages are not processed meanwhile.
    `fetch_again_after`: seconds after the start of a connection until all uplinks from
    before it are stored. At most a minute: a line that was overtaken for longer is not
    used (`protocol.locator.OVERTAKEN`). `repeats_newest`: whether the newest known uplink
    can be fetched again; then an empty result means that nothing is stored.
    """

    kept_for: timedelta
    stored_within: timedelta
    retry_waits: tuple[float, ...]
    fetch_again_after: float
    repeats_newest: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Radio data of an uplink; None for what the server does not report.

    `gateways` is how many received it, `receptions` are those with the best signal, best
    first.
    """

    gateways: int
    receptions: tuple[Reception, ...] = ()
    spreading_factor: int | None
    bandwidth: int | None
    airtime: float | None

    @property
    def rssi(self) -> float | None:
        """Return the RSSI at the gateway with the best signal, in dBm."""
        return self.receptions[0].rssi if self.receptions else None

    @property
    def snr(self) -> float | None:
        """Return the SNR at the gateway with the best signal, in dB."""
        return self.receptions[0].snr if self.receptions else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Uplink:
    """An uplink. Without an FPort it carries no data of the node.

    `session`: an id that changes with each join, empty if the server does not report it.
    `simulated`: whether it was made at the server instead of sent by a node. `encrypted`:
    whether the server does not decrypt payloads, so that `payload` cannot be read.
    `stored`: whether it was fetched from the server's storage instead of received live.
    """

    device_id: str
    session: str
    f_cnt: int
    f_port: int | None
    payload: bytes
    received_at: datetime
    link: Link
    simulated: bool = False
    encrypted: bool = False
    stored: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Join:
    """A join of a node. Its session is used from the node's next uplink on.

    `encrypted`: whether the server does not decrypt the payloads of the session.
    """

    device_id: str
    session: str
    encrypted: bool = False


class DownlinkStage(StrEnum):
    """State of a downlink as the network server reports it."""

    QUEUED = "queued"
    SENT = "sent"
    ACKNOWLEDGED = "ack"
    NOT_ACKNOWLEDGED = "nack"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class DownlinkReport:
    """Report of a downlink. `correlation_ids` show which client has sent it."""

    device_id: str
    stage: DownlinkStage
    correlation_ids: tuple[str, ...]
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Message of a known kind that changes nothing; `kind` is its name."""

    device_id: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Malformed:
    """Message that could not be read; `reason` is the key of its counter.

    `device_id` is empty if the message does not say of which device it is.
    """

    device_id: str
    reason: str


type ServerMessage = Uplink | Join | DownlinkReport | Notice | Malformed


@dataclass(frozen=True, kw_only=True, slots=True)
class Downlink:
    """Downlink to a node.

    `expires_at`: when the server discards it; None if it stays queued until it is sent. A
    server that cannot discard it sends it before the next one.
    """

    f_port: int
    payload: bytes
    confirmed: bool
    correlation_id: str
    expires_at: datetime | None = None


class NetworkServerError(Exception):
    """A request to the network server failed; `key` is that of the translated text."""

    key: ClassVar = "server_error"


class UnreachableError(NetworkServerError):
    """The server was not reached, or the connection was lost."""

    key = "cannot_connect"


class TlsError(NetworkServerError):
    """The server's certificate is not trusted, or it does not speak TLS."""

    key = "tls_failed"


class AccessError(NetworkServerError):
    """The key was refused, so the owner has to enter another one."""


class InvalidKeyError(AccessError):
    """The key is wrong, has expired or was revoked."""

    key = "invalid_key"


class NoRightsError(AccessError):
    """The key is valid, but does not allow this request."""

    key = "no_rights"


class ForeignApplicationError(AccessError):
    """The key belongs to another application."""

    key = "foreign_application"


class InvalidHostError(NetworkServerError):
    """The host cannot be the name of a server."""

    key = "invalid_host"


class NobodyListensError(NetworkServerError):
    """The broker accepted a downlink, but no network server is subscribed to its topic."""

    key = "nobody_listens"


class UnansweredError(UnreachableError):
    """No answer to a downlink arrived, so the network server may have accepted it."""


class UnsupportedVersionError(NetworkServerError):
    """The broker does not support the version of MQTT that is needed."""

    key = "mqtt_version"


class UnknownDeviceError(NetworkServerError):
    """The application has no such device."""

    key = "unknown_device"


class EncryptedError(NetworkServerError):
    """The server has no keys for payloads, so it cannot encrypt a downlink."""

    key = "encrypted"


class RateLimitedError(NetworkServerError):
    """The server asks to wait `retry_after` seconds, None if it does not say how long."""

    key = "rate_limited"

    def __init__(self, retry_after: float | None = None) -> None:
        """Store the time to wait."""
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class NetworkServer(Protocol):
    """One application on one network server."""

    storage: UplinkStorage | None
    """How it stores uplinks; None if it does not. Then `stored_uplinks` is not called."""
    lists_all_devices: bool = True
    """Whether `device_names` has all devices, so that a device not in it does not exist."""
    connects_for_check: bool = False
    """Whether `check_rights` connects like `connect`, but without a kept session."""
    replaces_queue: bool = True
    """Whether `send` replaces all queued downlinks of the device. If it does not, only one
    downlink may be queued at a time, and each needs `expires_at`."""

    def connect(self) -> AbstractAsyncContextManager[AsyncIterator[ServerMessage]]:
        """Connect once, and yield the application's messages until the connection ends.

        The iteration ends by raising NetworkServerError.
        """
        ...

    async def check_rights(self) -> None:
        """Check that the key may read the application's uplinks and send downlinks.

        If the server does not list the rights of a key, only the right to read is checked;
        the right to send is then known after the first downlink. Raises
        NetworkServerError.
        """
        ...

    async def device_names(self) -> dict[str, str]:
        """Return the names of the application's devices by their ids.

        Raises NoRightsError if the key may not list them, and NetworkServerError.
        """
        ...

    async def stored_uplinks(self, device_id: str, after: datetime) -> list[Uplink]:
        """Return a device's stored uplinks since a time, oldest first.

        Empty if the storage is switched off at the server. Raises NetworkServerError.
        """
        ...

    async def send(self, device_id: str, downlink: Downlink) -> None:
        """Queue a downlink. Replace all queued ones of the device if `replaces_queue`.

        Raises NetworkServerError.
        """
        ...
