"""One connection that publishes for many boards, as fast as Home Assistant can process, and queries its probe."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, islice
import json
import time
from typing import Any

from demo.broker import Broker
from simulator.mqtt.client import Broker as Address, Connection
from simulator.mqtt.packets import Publish

PATIENCE = 300.0
"""Timeout in seconds of any wait."""

_BURSTS = 4
"""Bursts in flight: enough to keep Home Assistant busy."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a board reports its light: topic, and prefix of the payload."""

    topic: str
    before: str = ""


NOBODY = Voice("bench/nothing")
"""A board that has no state."""


class Speaker:
    """Publishes for boards, and queries the probe."""

    def __init__(self) -> None:
        """Prepare; to be had from ``connect``."""
        self._connection: Connection
        self._answers: dict[str, asyncio.Queue[Any]] = {}
        self._values = count(1)
        self._value = 0
        """Start a round of values."""

    @classmethod
    @asynccontextmanager
    async def connect(cls, broker: Broker) -> AsyncGenerator[Speaker]:
        """Stay connected while the context is open."""
        speaker = cls()
        connection = speaker._connection = await Connection.open(
            Address(broker.host, broker.port), "speaker", speaker._receive
        )
        topics = ("up", "reached", "marked", "seen", "counted", "shown", "collected")
        speaker._answers = {f"bench/{topic}": asyncio.Queue() for topic in topics}
        await connection.subscribe([(topic, 1) for topic in speaker._answers])
        try:
            yield speaker
        finally:
            connection.disconnect()

    def say(
        self, topic: str, payload: str, qos: int = 0, *, retain: bool = False
    ) -> asyncio.Future[None]:
        """Publish."""
        return self._connection.send(topic, payload.encode(), qos, retain=retain)

    async def answer(self, topic: str) -> Any:
        """Return the probe's next message on ``bench/<topic>``."""
        async with asyncio.timeout(PATIENCE):
            return await self._answers[f"bench/{topic}"].get()

    async def expect(
        self, available: int, lights: int, *, retain: bool = False
    ) -> None:
        """Ask the probe to report when this much exists; ``retain`` reaches one that is not started yet."""
        expected = json.dumps({"available": available, "lights": lights})
        await self.say("bench/expect", expected, 1, retain=retain)

    async def forget(self, topic: str) -> None:
        """Remove a retained message."""
        await self.say(topic, "", 1, retain=True)

    async def report(self, voices: Sequence[Voice], every: float) -> None:
        """Report each board's light in this interval in seconds, evenly, until cancelled."""
        speech = self._speech(voices)
        began = time.monotonic()
        said = 0
        while True:
            due = int((time.monotonic() - began) * len(voices) / every)
            for topic, payload in islice(speech, due - said):
                self.say(topic, payload)
            said = due
            await asyncio.sleep(0.01)

    async def saturate(
        self, voices: Sequence[Voice], seconds: float, burst: int
    ) -> tuple[int, float]:
        """Publish as fast as Home Assistant can process; return the number of messages, and the seconds."""
        began = time.monotonic()
        speech = self._speech(voices)
        said = done = 0
        while True:
            while said - done < _BURSTS and time.monotonic() - began < seconds:
                for sentence in islice(speech, burst):
                    self.say(*sentence)
                said += 1
                self.say("bench/mark", str(said))
            if done == said:
                return said * burst, time.monotonic() - began
            # Home Assistant has processed an earlier burst.
            done = await self.answer("marked")

    async def written(
        self, voices: Sequence[Voice], seconds: float, burst: int
    ) -> tuple[int, int]:
        """Publish in the same way; return the number of messages, and of new light states.

        Not for measuring time, because counting states takes time.
        """
        self.say("bench/count", "1")
        messages, _ = await self.saturate(voices, seconds, burst)
        self.say("bench/count", "0")
        return messages, await self.answer("counted")

    async def shown(self) -> Counter[str]:
        """Return the number of lights for each value."""
        self.say("bench/values", "")
        return Counter(await self.answer("shown"))

    def said(self, boards: int, messages: int) -> Counter[str]:
        """Return how many of ``boards`` reported which value last, after this many messages."""
        rounds, begun = divmod(messages, boards)
        now = begun or min(messages, boards)
        last = Counter({str(self._value % 101): now})
        if rounds:
            last[str((self._value - 1) % 101)] += boards - now
        return +last

    async def latencies(
        self, voices: Sequence[Voice], rate: float, seconds: float
    ) -> list[float]:
        """Return the seconds from a message to its state, ``rate`` times a second."""
        self.say("bench/watch", "1")
        sent = []
        began = time.monotonic()
        speech = self._speech(voices)
        for number in range(int(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.monotonic())
            sent.append(time.monotonic())
            self.say(*next(speech))
        self.say("bench/watch", "0")
        return [
            seen - said
            for said, seen in zip(sent, await self.answer("seen"), strict=True)
        ]

    def _speech(self, voices: Sequence[Voice]) -> Iterator[tuple[str, str]]:
        """Yield topics and payloads without end: all boards in turn, each with a new value."""
        for value in self._values:
            self._value = value
            for voice in voices:
                yield voice.topic, f"{voice.before}{value % 101}"

    def _receive(self, message: Publish) -> None:
        if message.payload:
            self._answers[message.topic].put_nowait(json.loads(message.payload))
