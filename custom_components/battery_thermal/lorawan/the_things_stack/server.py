"""The Things Stack (The Things Network v3 and its private servers).

Uplinks and what becomes of downlinks come by MQTT 3.1.1. Downlinks go by HTTP: a publish
that the server refuses vanishes without an answer, a request is answered.
Source: The Things Stack's documentation (MQTT server, HTTP API, rate limits).
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
import ssl
from typing import Final, override

import aiohttp
from yarl import URL

from homeassistant.util import dt as dt_util

from ..hosts import canonical_host
from ..http_client import ANSWER_WITHIN, HttpClient
from ..mqtt_connection import Account, subscribed
from ..network_server import (
    Downlink,
    NetworkServer,
    NetworkServerError,
    NoRightsError,
    ServerMessage,
    UnknownDeviceError,
    UnreachableError,
    Uplink,
)
from .answers import read_devices, read_rights
from .ids import is_id
from .messages import read_message
from .storage import STORAGE, read_stored_uplinks

# The clusters of the public network, where every tenant is "ttn" ...
TTN_CLUSTERS: Final = {
    name: f"{name}.cloud.thethings.network" for name in ("eu1", "nam1", "au1")
}
TTN_TENANT: Final = "ttn"
# ... and the one that knows the rights and devices of all three.
_TTN_IDENTITY_HOST: Final = TTN_CLUSTERS["eu1"]

_TRAFFIC_RIGHTS: Final = {
    "RIGHT_APPLICATION_TRAFFIC_READ",
    "RIGHT_APPLICATION_TRAFFIC_DOWN_WRITE",
}
_EVERY_RIGHT: Final = "RIGHT_APPLICATION_ALL"

# A device id that may or may not exist: who may not read traffic is refused before
# the server looks for it.
_ANY_DEVICE: Final = "battery-thermal-check"

# Devices in one answer to a request for their list, and how many answers are read.
_PAGE: Final = 100
_MOST_PAGES: Final = 50

# Seconds for requests that belong together. A dialog waits for them after it has
# connected: people should know within half a minute.
_SEVERAL_WITHIN: Final = 2 * ANSWER_WITHIN


@dataclass(frozen=True, kw_only=True)
class Application:
    """Where an application is, and the key to it. `tls` is None for a plain connection.

    The user name is `<application>@<tenant>`, or `<application>` on servers without
    tenants.
    """

    host: str
    mqtt_port: int
    http_port: int
    tls: ssl.SSLContext | None
    user_name: str
    api_key: str = field(repr=False)

    @property
    def id(self) -> str:
        """The application's id, without the tenant."""
        return self.user_name.partition("@")[0]


def is_ttn(host: str) -> bool:
    """Return whether a host is a cluster of The Things Network."""
    return canonical_host(host) in TTN_CLUSTERS.values()


class TheThingsStack(NetworkServer):
    """One application on a The Things Stack."""

    storage = STORAGE

    def __init__(
        self, application: Application, session: aiohttp.ClientSession
    ) -> None:
        """Initialize without connecting."""
        self._application = application
        self._http = HttpClient(session, application.api_key, application.tls)
        scheme = "https" if application.tls else "http"
        self._url = URL.build(
            scheme=scheme, host=application.host, port=application.http_port
        )
        self._identity_url = self._url
        if is_ttn(application.host):
            self._identity_url = self._url.with_host(_TTN_IDENTITY_HOST)

    @override
    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[AsyncIterator[ServerMessage]]:
        app = self._application
        account = Account(
            host=app.host,
            port=app.mqtt_port,
            tls=app.tls,
            user_name=app.user_name,
            password=app.api_key,
        )
        devices = f"v3/{app.user_name}/devices/"
        topics = [f"{devices}+/{kind}" for kind in ("up", "join", "down/+")]
        async with (
            subscribed(account, topics) as published,
            aclosing(_messages(published, devices)) as messages,
        ):
            yield messages

    @override
    async def check_rights(self) -> None:
        url = self._identity_url / "api/v3/applications" / self._application.id
        async with _all_within(_SEVERAL_WITHIN):
            try:
                answer = await self._http.json("GET", url / "rights")
            except NoRightsError, UnknownDeviceError, UnreachableError:
                # Keys made for MQTT may not ask for their rights. Then try the one to
                # read.
                with suppress(UnknownDeviceError):
                    await self._http.json("GET", self._device_url(_ANY_DEVICE) / "down")
                return
        rights = read_rights(answer)
        if _EVERY_RIGHT not in rights and not rights >= _TRAFFIC_RIGHTS:
            raise NoRightsError(", ".join(sorted(_TRAFFIC_RIGHTS - rights)))

    @override
    async def device_names(self) -> dict[str, str]:
        url = self._identity_url / "api/v3/applications" / self._application.id
        names: dict[str, str] = {}
        async with _all_within(_SEVERAL_WITHIN):
            for page in range(1, _MOST_PAGES + 1):
                query = {"field_mask": "name", "limit": str(_PAGE), "page": str(page)}
                answer = await self._http.json("GET", (url / "devices") % query)
                devices = read_devices(answer, _PAGE)
                names |= devices
                if len(devices) < _PAGE:
                    return names
        raise NetworkServerError("a list of devices without end")

    @override
    async def stored_uplinks(self, device_id: str, after: datetime) -> list[Uplink]:
        # Of the storage integration, where the owner has it switched on.
        url = self._device_url(device_id) / "packages/storage/uplink_message"
        query = {"after": after.isoformat(), "order": "received_at"}
        async with aclosing(self._http.lines(url % query)) as lines:
            stored = await read_stored_uplinks(lines)
        uplinks = [uplink for uplink in stored if uplink.device_id == device_id]
        return sorted(uplinks, key=lambda uplink: uplink.received_at)

    @override
    async def send(self, device_id: str, downlink: Downlink) -> None:
        body = {
            "downlinks": [
                {
                    "f_port": downlink.f_port,
                    "frm_payload": b64encode(downlink.payload).decode(),
                    "priority": "NORMAL",
                    "confirmed": downlink.confirmed,
                    "correlation_ids": [downlink.correlation_id],
                }
            ]
        }
        url = self._device_url(device_id) / "down/replace"
        await self._http.json("POST", url, body)

    def _device_url(self, device_id: str) -> URL:
        """Return the address of a device. Raises UnknownDeviceError if there can be none."""
        if not is_id(device_id):
            raise UnknownDeviceError(f"not the id of a device: {device_id[:40]!r}")
        return (
            self._url
            / "api/v3/as/applications"
            / self._application.id
            / "devices"
            / device_id
        )


@asynccontextmanager
async def _all_within(seconds: float) -> AsyncGenerator[None]:
    """Limit several requests together. Raises UnreachableError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise UnreachableError("no answer in time") from error


async def _messages(
    published: AsyncIterator[tuple[str, bytes]], devices: str
) -> AsyncGenerator[ServerMessage]:
    """Read what is published of the application's devices, and of nothing else."""
    async for topic, payload in published:
        device_id, slash, _ = topic.removeprefix(devices).partition("/")
        if topic.startswith(devices) and slash and is_id(device_id):
            yield read_message(topic, payload, dt_util.utcnow())
