"""The simulated environment of Home Assistant: five boards, a battery node, and its network server."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
import math
import random
import time
from typing import Any, override

from simulator.boards import Board, BoardKind, Broker as BoardBroker, Timing
from simulator.data_rate import longest_payload
from simulator.network import Network
from simulator.node import BatteryNode, CompactNode, Image, Uplink
from simulator.thermal_model import ThermalModel

from .broker import Broker

NODE_NAME = "Battery bank"

MACS = [
    "61:EC:ED:3B:25:B1",
    "61:EC:ED:3B:25:B2",
    "24:0A:C4:12:9F:03",
    "24:0A:C4:12:9F:04",
    "A0:B7:65:0C:77:05",
]

LIGHT_PERIOD = 120.0
"""Period in seconds of the simulated daylight."""

NODE_INTERVAL = 25.0
"""Seconds between two lines by the node's own clock, as of published nodes."""

COMPACT_INTERVAL = 4 * NODE_INTERVAL
"""Seconds between two messages of the compact format, which needs fewer."""

PATIENCE = 5.0
"""Seconds a document board waits for an answer: its first join may be sent before Home Assistant is subscribed."""

BATTERY_START = 1.5 * 3600.0
"""Seconds of load before the start, so that the bank is warm."""

HEATING_LINES = 30
"""Number of lines in which a cell with a fault completes 63 % of its warming."""

FAULTY_CELL = (2, 1)
FAULT = 15.0
"""K above the other cells: more than the limit of an alarm."""


def _now() -> datetime:
    """Return the time to the millisecond: some servers report it no more precisely."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class DemoNode(BatteryNode):
    """A node that records when the last line of each image was sent."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        """Initialize the node without records."""
        self.diary: deque[tuple[datetime, Image]] = deque(maxlen=64)
        super().__init__(*parts, **options)

    @override
    def next_uplink(self) -> Uplink:
        """Return the next uplink, which is sent right after."""
        uplink = super().next_uplink()
        if self.image and self.image.complete:
            self.diary.append((_now(), self.image))
        return uplink

    def image_of(self, time: datetime) -> Image | None:
        """Return the image whose last line was received at a time, before the next uplink."""
        pace = timedelta(seconds=self.interval / self.speed)
        return next(
            (image for sent, image in self.diary if sent <= time < sent + pace), None
        )


class CompactDemoNode(CompactNode):
    """A node of the compact format that records when each picture was sent."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        """Initialize the node."""
        self.diary: deque[tuple[datetime, Image]] = deque(maxlen=64)
        super().__init__(*parts, **options)

    @override
    def next_uplink(self) -> Uplink:
        """Return the next message, which is sent right after."""
        uplink = super().next_uplink()
        if uplink.line is not None and self.image:
            self.diary.append((_now(), self.image))
        return uplink

    def image_of(self, time: datetime) -> Image | None:
        """Return the image of which a message was received at a time."""
        sent = [image for sent, image in self.diary if sent <= time]
        return sent[-1] if sent else None


class World:
    """Boards on the broker and a node on a network server."""

    def __init__(
        self,
        broker: Broker,
        network: Network,
        *,
        line_seconds: float,
        compact: bool = False,
    ) -> None:
        """Initialize; ``line_seconds`` are the real seconds between two lines of the node's images.

        ``compact``: the node sends the compact format from the beginning.
        """
        address = BoardBroker(broker.host, broker.port, protocol=broker.protocol)
        self._began = time.monotonic()
        self.light: dict[str, int] = {}
        """Boards under a lamp, and their light in percent."""
        self.boards = {
            mac: Board(
                mac,
                address,
                # One board follows the protocol's document, the others the published firmware.
                kind=BoardKind.DOCUMENT if mac == MACS[-1] else BoardKind.FIELD,
                light=partial(self._light, mac),
                timing=Timing(patience=PATIENCE),
            )
            for mac in MACS
        }
        self.network = network
        self.device = network.add_device(0, NODE_NAME)
        self.node_id = self.device.device_id
        speed = NODE_INTERVAL / line_seconds
        # The node's clock runs faster than the bank's; with the same clock it would warm too fast.
        self.model = ThermalModel(
            seed=1,
            heating_time=HEATING_LINES * line_seconds,
            start=BATTERY_START,
            pace=1 / speed,
        )
        self._speed = speed
        self.node: DemoNode | CompactDemoNode = DemoNode(
            self.model,
            self.device,
            interval=NODE_INTERVAL,
            speed=speed,
        )
        self._new_program = asyncio.Event()
        if compact:
            self.install_compact_program()

    def install_compact_program(self) -> None:
        """Replace the node's program by one that sends the compact format."""
        before = self.node
        self.node = CompactDemoNode(
            self.model,
            self.device,
            capacity=lambda: longest_payload(self.device.spreading_factor),
            interval=COMPACT_INTERVAL,
            speed=self._speed,
        )
        # The camera uses the bank's current time, and the node keeps its settings.
        self.node.time, self.node.mode = before.time, before.mode
        self.node.threshold = before.threshold
        self._new_program.set()

    async def _run_node(self) -> None:
        """Run the node, with each of its programs."""
        while True:
            self._new_program.clear()
            program = asyncio.create_task(self.node.run())
            try:
                await self._new_program.wait()
            finally:
                program.cancel()
                await asyncio.gather(program, return_exceptions=True)

    def _light(self, mac: str) -> int:
        """Return the light of a board in percent: a day takes two minutes, shifted for each board."""
        if (held := self.light.get(mac)) is not None:
            return held
        turn = (time.monotonic() - self._began) / LIGHT_PERIOD + MACS.index(mac) / 7
        return round(50 + 45 * math.sin(2 * math.pi * turn))

    async def push_buttons(self) -> None:
        """Push buttons at random times, until cancelled."""
        while True:
            await asyncio.sleep(random.uniform(6, 20))
            board = random.choice(list(self.boards.values()))
            if board.started:
                await board.push()
                await asyncio.sleep(random.uniform(0.3, 2))
                await board.release()

    async def heat_a_cell(self) -> None:
        """Give a cell a fault at random times, until cancelled: it warms up, then cools down."""
        while True:
            await asyncio.sleep(180)
            self.model.heat(FAULTY_CELL, FAULT)
            await asyncio.sleep(300)
            self.model.heat(FAULTY_CELL, 0)
            await asyncio.sleep(420)

    @asynccontextmanager
    async def living(self, *lives: Coroutine[None, None, None]) -> AsyncGenerator[None]:
        """Run boards, node and other tasks until the block ends."""
        everybody = [
            *(board.run() for board in self.boards.values()),
            self._run_node(),
            *lives,
        ]
        tasks = [asyncio.create_task(life) for life in everybody]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
