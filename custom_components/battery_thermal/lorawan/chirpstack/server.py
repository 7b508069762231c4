"""An application on ChirpStack v4, through the broker of its MQTT integration.

ChirpStack stores no uplinks. Messages with QoS 1 that it publishes while this client is
not connected are kept by the broker, for 24 hours, in the session of the client.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.util import dt as dt_util

from ..mqtt5_connection import (
    SESSION_EXPIRY,
    Broker,
    Mqtt5Connection,
    connected,
    discard_session,
    reading,
)
from ..mqtt5_packets import Published
from ..network_server import (
    NOT_STORED,
    Downlink,
    Malformed,
    NetworkServer,
    NetworkServerError,
    Notice,
    ServerMessage,
    UnknownDeviceError,
    UnreachableError,
    Uplink,
    UplinkStorage,
)
from ..turns import Turns
from .downlinks import encode_command
from .heard_devices import HeardDevices
from .ids import Topics, is_dev_eui
from .messages import Event, read_event

# Kept messages arrive before any live message, so nothing is fetched a second time.
STORAGE: Final = UplinkStorage(
    kept_for=timedelta(seconds=SESSION_EXPIRY),
    stored_within=timedelta(0),
    retry_waits=(),
    fetch_again_after=0.0,
    repeats_newest=False,
)


class ProtobufError(NetworkServerError):
    """ChirpStack publishes protobuf instead of JSON."""

    key = "protobuf"


class ChirpStack(NetworkServer):
    """One application."""

    storage = STORAGE
    lists_all_devices = False
    connects_for_check = True
    replaces_queue = False

    def __init__(self, broker: Broker, topics: Topics, heard: HeardDevices) -> None:
        """Initialize without a connection."""
        self._broker = broker
        self._topics = topics
        self._heard = heard
        self._connection: Mqtt5Connection | None = None
        self._kept: dict[str, list[Uplink]] = {}
        self._not_stored: set[str] = set()

    @override
    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[AsyncIterator[ServerMessage]]:
        topics = [self._topics.event_filter]
        async with connected(self._broker, topics) as connection:
            kept = await connection.drain() if connection.session_present else []
            others = await self._sort_kept(kept)
            self._not_stored.clear()
            self._connection = connection
            try:
                async with (
                    reading(connection) as published,
                    aclosing(self._messages(others, published)) as messages,
                ):
                    yield messages
            finally:
                self._connection = None

    @override
    async def check_rights(self) -> None:
        """Check that events may be received and that downlinks reach ChirpStack.

        Raises NetworkServerError.
        """
        own = replace(self._broker, client_id=None)
        async with (
            connected(own, [self._topics.event_filter]) as connection,
            reading(connection) as published,
        ):
            await connection.publish_and_read(self._topics.check, b"{}", published)

    async def listen(self) -> None:
        """Receive events until the first uplink, and store the names of devices.

        Raises ProtobufError, and NetworkServerError when the connection ends.
        """
        own = replace(self._broker, client_id=None)
        async with (
            connected(own, [self._topics.event_filter]) as connection,
            reading(connection) as published,
        ):
            async for one in published:
                match self._read(one):
                    case Event(message=Uplink()):
                        return
                    case Event(message=Malformed(reason="protobuf")):
                        raise ProtobufError(one.topic)

    async def forget_session(self) -> None:
        """Let the broker delete the session that it keeps for this client, and its messages.

        Raises NetworkServerError.
        """
        await discard_session(self._broker)

    @override
    async def device_names(self) -> dict[str, str]:
        return self._heard.names

    @override
    async def stored_uplinks(self, device_id: str, after: datetime) -> list[Uplink]:
        kept = self._kept.pop(device_id, [])
        return sorted(
            (uplink for uplink in kept if uplink.received_at > after),
            key=lambda uplink: uplink.received_at,
        )

    @override
    async def send(self, device_id: str, downlink: Downlink) -> None:
        if not is_dev_eui(device_id):
            raise UnknownDeviceError(f"not the EUI of a device: {device_id[:40]!r}")
        if self._connection is None:
            raise UnreachableError("the broker is not connected")
        command = encode_command(device_id, downlink)
        await self._connection.publish(self._topics.downlink(device_id), command)

    async def _sort_kept(self, kept: Sequence[Published]) -> list[ServerMessage]:
        """Store the uplinks among kept messages by device, and return the others."""
        turns = Turns()
        self._kept.clear()
        others: list[ServerMessage] = []
        for published in kept:
            await turns.take(len(published.payload))
            if (event := self._read(published)) is None:
                continue
            if isinstance(message := event.message, Uplink):
                stored = replace(message, stored=True)
                self._kept.setdefault(message.device_id, []).append(stored)
            else:
                others.append(message)
        return others

    async def _messages(
        self, first: Sequence[ServerMessage], published: AsyncIterator[Published]
    ) -> AsyncGenerator[ServerMessage]:
        for message in first:
            yield message
        async for one in published:
            if (event := self._read(one)) is None:
                continue
            yield event.message
            device_id = event.message.device_id
            if (
                isinstance(event.message, Uplink)
                and one.packet_id is None
                and device_id not in self._not_stored
            ):
                # Brokers do not keep messages of QoS 0.
                self._not_stored.add(device_id)
                yield Notice(device_id=device_id, kind=NOT_STORED)

    def _read(self, published: Published) -> Event | None:
        """Return an event; None for any other topic."""
        if (names := self._topics.event_of(published.topic)) is None:
            return None
        event = read_event(*names, published.payload, dt_util.utcnow())
        if not isinstance(event.message, Malformed):
            self._heard.note(names[0], event.device_name, event.application_name)
        return event
