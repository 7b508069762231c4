"""The Things Stack (The Things Network v3 and its private servers).

Uplinks and what becomes of downlinks come by MQTT 3.1.1. Downlinks go by HTTP: a publish
that the server refuses vanishes without an answer, a request is answered.
Source: The Things Stack's documentation (MQTT server, HTTP API, rate limits).
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
import ssl
from typing import Any, Final, Self, cast, override

import aiohttp
import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from yarl import URL

from homeassistant.util.json import json_loads_object

from .network_server import (
    Downlink,
    ForeignApplicationError,
    InvalidKeyError,
    Message,
    NetworkServer,
    NetworkServerError,
    NoRightsError,
    RateLimitedError,
    TlsError,
    UnknownDeviceError,
    UnreachableError,
    Uplink,
)
from .the_things_stack_messages import read_message, read_stored_uplink

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

# Devices in one answer to a request for their list.
_PAGE: Final = 100

# Seconds.
_TIMEOUT: Final = 15
_KEEPALIVE: Final = 30
_PATIENCE: Final = aiohttp.ClientTimeout(total=_TIMEOUT)

# Bytes. An uplink that dozens of gateways have heard is some 30 kB of JSON.
_LONGEST_LINE: Final = 1_000_000


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


class TheThingsStack(NetworkServer):
    """One application on a The Things Stack."""

    def __init__(
        self, application: Application, session: aiohttp.ClientSession
    ) -> None:
        """Connect nothing yet."""
        self._application = application
        self._session = session
        scheme = "https" if application.tls else "http"
        self._url = URL.build(
            scheme=scheme, host=application.host, port=application.http_port
        )
        self._identity_url = self._url
        if application.host in TTN_CLUSTERS.values():
            self._identity_url = self._url.with_host(_TTN_IDENTITY_HOST)

    @override
    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[AsyncIterator[Message]]:
        app = self._application
        # A client object does not outlive its connection: aiomqtt keeps the state of
        # the last one otherwise.
        client = _Client(
            app.host,
            app.mqtt_port,
            username=app.user_name,
            password=app.api_key,
            protocol=aiomqtt.ProtocolVersion.V311,
            tls_context=app.tls,
            timeout=_TIMEOUT,
            keepalive=_KEEPALIVE,
        )
        devices = f"v3/{app.user_name}/devices/+"
        topics = [(f"{devices}/{kind}", 0) for kind in ("up", "join", "down/+")]
        try:
            async with _entered(client):
                for granted in await client.subscribe(topics):
                    if getattr(granted, "is_failure", False):
                        raise ForeignApplicationError(app.user_name)
                yield _messages(client)
        except aiomqtt.MqttError as error:
            raise _mqtt_error(error) from error

    @override
    async def check_rights(self) -> None:
        url = self._identity_url / "api/v3/applications" / self._application.id
        try:
            answer = await self._request("GET", url / "rights")
        except NoRightsError, UnknownDeviceError, UnreachableError:
            # Keys made for MQTT may not ask for their rights. Then try the one to read.
            with suppress(UnknownDeviceError):
                await self._request("GET", self._device_url(_ANY_DEVICE) / "down")
            return
        rights = set(answer.get("rights", ()))
        if _EVERY_RIGHT not in rights and not rights >= _TRAFFIC_RIGHTS:
            raise NoRightsError(", ".join(sorted(_TRAFFIC_RIGHTS - rights)))

    @override
    async def device_names(self) -> dict[str, str]:
        url = self._identity_url / "api/v3/applications" / self._application.id
        names: dict[str, str] = {}
        page = 0
        while len(names) == page * _PAGE:
            page += 1
            query = {"field_mask": "name", "limit": str(_PAGE), "page": str(page)}
            answer = await self._request("GET", (url / "devices") % query)
            try:
                for device in answer.get("end_devices", ()):
                    device_id = device["ids"]["device_id"]
                    names[device_id] = device.get("name") or device_id
            except (AttributeError, KeyError, TypeError) as error:
                raise NetworkServerError("a list of devices was expected") from error
        return names

    @override
    async def stored_uplinks(self, device_id: str, after: datetime) -> list[Uplink]:
        # Of the storage integration, where the owner has it switched on.
        url = self._device_url(device_id) / "packages/storage/uplink_message"
        query = {"after": after.isoformat(), "order": "received_at"}
        # A day is megabytes of JSON: on a slow line that takes its time.
        patience = aiohttp.ClientTimeout(sock_connect=_TIMEOUT, sock_read=_TIMEOUT)
        async with self._opened(
            "GET", url % query, accept="text/event-stream", patience=patience
        ) as response:
            return [
                uplink
                async for line in _lines(response.content)
                if (uplink := read_stored_uplink(line))
            ]

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
        await self._request("POST", self._device_url(device_id) / "down/replace", body)

    def _device_url(self, device_id: str) -> URL:
        return (
            self._url
            / "api/v3/as/applications"
            / self._application.id
            / "devices"
            / device_id
        )

    async def _request(
        self, method: str, url: URL, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            async with self._opened(method, url, body) as response:
                answer = json_loads_object(await response.read())
        except ValueError as error:
            raise NetworkServerError("a JSON object was expected") from error
        return cast(dict[str, Any], answer)

    @asynccontextmanager
    async def _opened(
        self,
        method: str,
        url: URL,
        body: Mapping[str, Any] | None = None,
        *,
        accept: str = "application/json",
        patience: aiohttp.ClientTimeout = _PATIENCE,
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        """Make a request, and give its answer to be read. Raises NetworkServerError."""
        headers = {
            "Authorization": f"Bearer {self._application.api_key}",
            "Accept": accept,
        }
        try:
            async with self._session.request(
                method,
                url,
                json=body,
                headers=headers,
                ssl=self._application.tls or True,
                timeout=patience,
            ) as response:
                if error := _http_error(response):
                    raise error
                yield response
        except (aiohttp.ClientSSLError, ssl.SSLError) as error:
            raise TlsError(str(error)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UnreachableError(str(error)) from error


class _Client(aiomqtt.Client):
    """A client that leaves no connection behind when it gives up connecting.

    An answer that came later would make it one that nobody closes and that is kept
    alive for ever.
    """

    @override
    async def __aenter__(self) -> Self:
        try:
            return await super().__aenter__()
        except aiomqtt.MqttError:
            # A refusal may come before the goodbye is out; nobody waits for it.
            self._connected.add_done_callback(asyncio.Future.exception)
            self._client.disconnect()
            raise


@asynccontextmanager
async def _entered(client: aiomqtt.Client) -> AsyncGenerator[None]:
    """Enter the client, and leave it even if cancelled while it connects.

    Cancelled there, aiomqtt leaves a connection behind that it keeps alive for ever.
    """
    connecting = asyncio.ensure_future(client.__aenter__())
    try:
        await asyncio.shield(connecting)
    except asyncio.CancelledError:
        with suppress(aiomqtt.MqttError):
            await connecting
            await client.__aexit__(None, None, None)
        raise
    try:
        yield
    finally:
        await client.__aexit__(None, None, None)


async def _messages(client: aiomqtt.Client) -> AsyncIterator[Message]:
    async for message in client.messages:
        yield read_message(message.topic.value, message.payload)


async def _lines(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    rest = b""
    async for data in content.iter_any():
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line
        if len(rest) > _LONGEST_LINE:
            raise NetworkServerError("a line without end")
    yield rest


def _mqtt_error(error: aiomqtt.MqttError) -> NetworkServerError:
    # aiomqtt raises its own error "from None": the context still has the first one.
    if isinstance(error.__context__, ssl.SSLError):
        return TlsError(str(error))
    if isinstance(error, MqttConnectError):
        # The names paho gives to the return codes 4, 5 and 3 of MQTT 3.1.1.
        match str(error.rc):
            case "Bad user name or password" | "Not authorized":
                return InvalidKeyError(str(error))
            case "Server unavailable":
                return RateLimitedError()
    return UnreachableError(str(error))


def _http_error(response: aiohttp.ClientResponse) -> NetworkServerError | None:
    match response.status:
        case 401:
            return InvalidKeyError("HTTP 401")
        case 403:
            return NoRightsError("HTTP 403")
        case 404:
            return UnknownDeviceError("HTTP 404")
        case 429:
            wait = response.headers.get("X-Rate-Limit-Retry", "")
            return RateLimitedError(float(wait) if wait.isdecimal() else None)
        case status if status >= 400:
            return NetworkServerError(f"HTTP {status}")
    return None
