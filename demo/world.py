"""The world around Home Assistant: five boards, a battery node, and The Things Stack in between, all simulated."""

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
from simulator.node import BatteryNode, Image, Uplink
from simulator.the_things_stack import TheThingsStack
from simulator.thermal_model import ThermalModel

from .broker import Broker

MACS = [
    "61:EC:ED:3B:25:B1",
    "61:EC:ED:3B:25:B2",
    "24:0A:C4:12:9F:03",
    "24:0A:C4:12:9F:04",
    "A0:B7:65:0C:77:05",
]
APPLICATION = "battery-bank"
NODE = "node-1"
API_KEY = "NNSXS.DEMOKEYOFTHISMACHINEONLY.ITOPENSNOTHINGELSEWHERE"

LIGHT_PERIOD = 120.0
"""Seconds from one of the demo's sunrises to the next."""

NODE_INTERVAL = 25.0
"""Seconds between two lines by the node's own clock, as published nodes have it."""

PATIENCE = 5.0
"""Seconds an ideal board waits for an answer: its first word may come before Home Assistant listens."""

BATTERY_START = 1.5 * 3600.0
"""Seconds after the battery's load began to swing: it is warm when the demo begins."""

HEATING_LINES = 30
"""In the time of so many lines a cell with a fault does 63 % of its warming."""

FAULTY_CELL = (2, 1)
FAULT = 15.0
"""K: more than an alarm's limit over the other cells."""


class DemoNode(BatteryNode):
    """A node of which is known when it sent the last line of each image."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        """Switch the node on, with nothing in its diary."""
        self.diary: deque[tuple[datetime, Image]] = deque(maxlen=64)
        super().__init__(*parts, **options)

    @override
    def next_uplink(self) -> Uplink:
        """Return what the node says next; it is on its way right after."""
        uplink = super().next_uplink()
        if self.image and self.image.complete:
            self.diary.append((datetime.now(UTC), self.image))
        return uplink

    def image_of(self, time: datetime) -> Image | None:
        """Return the image whose last line was heard at a time, before the node said anything more."""
        pace = timedelta(seconds=self.interval / self.speed)
        return next(
            (image for sent, image in self.diary if sent <= time < sent + pace), None
        )


class World:
    """Boards on the broker and a node on The Things Stack."""

    def __init__(
        self, broker: Broker, stack: TheThingsStack, *, line_seconds: float
    ) -> None:
        """Make the world; ``line_seconds`` really lie between two lines of the node's images."""
        address = BoardBroker(broker.host, broker.port, protocol=broker.protocol)
        self._began = time.monotonic()
        self.light: dict[str, int] = {}
        """Boards somebody holds a lamp over, and the percentage they see."""
        self.boards = {
            mac: Board(
                mac,
                address,
                # One keeps to the letter of the protocol, the others to the habits of the field.
                kind=BoardKind.IDEAL if mac == MACS[-1] else BoardKind.FIELD,
                light=partial(self._light, mac),
                timing=Timing(patience=PATIENCE),
            )
            for mac in MACS
        }
        self.stack = stack
        self.stack.add_key(API_KEY)
        # Published nodes start their counter again for each image, so the check is off, as their owners have it.
        self.device = stack.add_device(
            NODE, name="Battery bank", frame_counter_check=False
        )
        speed = NODE_INTERVAL / line_seconds
        # The node's clock runs fast, the battery's does not: it would seem to burn.
        self.model = ThermalModel(
            seed=1,
            heating_time=HEATING_LINES * line_seconds,
            start=BATTERY_START,
            pace=1 / speed,
        )
        self.node = DemoNode(
            self.model,
            self.device,
            interval=NODE_INTERVAL,
            speed=speed,
        )

    def _light(self, mac: str) -> int:
        """Return the light of a board in %: days of two minutes, a bit later at each board."""
        if (held := self.light.get(mac)) is not None:
            return held
        turn = (time.monotonic() - self._began) / LIGHT_PERIOD + MACS.index(mac) / 7
        return round(50 + 45 * math.sin(2 * math.pi * turn))

    async def push_buttons(self) -> None:
        """Push a button now and then, for ever, as people passing by would."""
        while True:
            await asyncio.sleep(random.uniform(6, 20))
            board = random.choice(list(self.boards.values()))
            if board.started:
                await board.push()
                await asyncio.sleep(random.uniform(0.3, 2))
                await board.release()

    async def heat_a_cell(self) -> None:
        """Let a cell have a fault now and then, for ever: it warms, then it cools."""
        while True:
            await asyncio.sleep(180)
            self.model.heat(FAULTY_CELL, FAULT)
            await asyncio.sleep(300)
            self.model.heat(FAULTY_CELL, 0)
            await asyncio.sleep(420)

    @asynccontextmanager
    async def living(self, *lives: Coroutine[None, None, None]) -> AsyncGenerator[None]:
        """Let boards, node and whatever else is given live until the block ends."""
        everybody = [
            *(board.run() for board in self.boards.values()),
            self.node.run(),
            *lives,
        ]
        tasks = [asyncio.create_task(life) for life in everybody]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
