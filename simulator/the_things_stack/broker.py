"""An application's topics on any MQTT broker: a node without a network server.

No keys, no rights, no HTTP: downlinks are taken from ``down/push`` and
``down/replace``. Enough to watch a node, or to feed a client that only listens.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
import logging
from random import Random

from simulator.mqtt.client import Broker, Connection
from simulator.mqtt.packets import Publish

from .device import TheThingsStackDevice
from .messages import parse_downlink_request

_LOGGER = logging.getLogger(__name__)

_PAUSE = 5.0
"""Seconds between attempts to connect."""


class BrokerApplication:
    """One device of an application on any broker."""

    def __init__(
        self,
        broker: Broker,
        application: str,
        tenant: str,
        device_id: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        seed: int = 0,
    ) -> None:
        """Register the device; nothing is published before ``run`` has connected."""
        self.broker = broker
        self.uid = f"{application}@{tenant}" if tenant else application
        self.device = TheThingsStackDevice(
            device_id,
            application,
            publish=self._publish,
            clock=clock,
            random=Random(seed),
            frame_counter_check=False,
        )
        self.connected = asyncio.Event()
        self._base = f"v3/{self.uid}/devices/{device_id}"
        self._connection: Connection | None = None

    async def run(self) -> None:
        """Stay connected until cancelled."""
        try:
            while True:
                try:
                    self._connection = await Connection.open(
                        self.broker, f"node-{self.device.device_id}", self._receive
                    )
                    await self._connection.subscribe(
                        [
                            (f"{self._base}/down/{what}", 0)
                            for what in ("push", "replace")
                        ]
                    )
                    self.connected.set()
                    await self._connection.closed
                except (OSError, TimeoutError) as error:
                    _LOGGER.warning("%s: %s", self.broker.host, error)
                self.connected.clear()
                await asyncio.sleep(_PAUSE)
        finally:
            if self._connection is not None:
                self._connection.disconnect()

    def _publish(self, event: str, message: bytes) -> None:
        if self._connection is not None:
            self._connection.send(f"{self._base}/{event}", message)

    def _receive(self, publish: Publish) -> None:
        with suppress(ValueError):
            _, operation, downlinks = parse_downlink_request(
                self.uid, publish.topic, publish.payload
            )
            self.device.write(operation, downlinks)
