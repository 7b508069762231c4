"""One connection that speaks for many boards, never faster than Home Assistant can follow, and talks with its probe."""

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
"""Seconds after which whatever is waited for will never come."""

_BURSTS = 4
"""Bursts under way at once: enough never to keep Home Assistant waiting."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a board tells its light: on which topic, and what goes before the value."""

    topic: str
    before: str = ""


NOBODY = Voice("bench/nothing")
"""Who is heard, and has no state."""


class Speaker:
    """Publishes for boards, and talks with the probe."""

    def __init__(self) -> None:
        """Prepare; to be had from ``connect``."""
        self._connection: Connection
        self._answers: dict[str, asyncio.Queue[Any]] = {}
        self._values = count(1)
        self._value = 0
        """What boards say in this round."""

    @classmethod
    @asynccontextmanager
    async def connect(cls, broker: Broker) -> AsyncGenerator[Speaker]:
        """Be connected as long as the context lasts."""
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
        """Return what the probe says next on ``bench/<topic>``."""
        async with asyncio.timeout(PATIENCE):
            return await self._answers[f"bench/{topic}"].get()

    async def expect(
        self, available: int, lights: int, *, retain: bool = False
    ) -> None:
        """Have the probe say when so much is there; ``retain`` reaches one that is still to start."""
        expected = json.dumps({"available": available, "lights": lights})
        await self.say("bench/expect", expected, 1, retain=retain)

    async def forget(self, topic: str) -> None:
        """Take back what was said retained."""
        await self.say(topic, "", 1, retain=True)

    async def report(self, voices: Sequence[Voice], every: float) -> None:
        """Let each board tell its light every so many seconds, evenly, until cancelled."""
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
        """Let boards speak as fast as Home Assistant can follow; returns messages, and seconds until all were done."""
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
            # Home Assistant has done with an earlier one.
            done = await self.answer("marked")

    async def written(
        self, voices: Sequence[Voice], seconds: float, burst: int
    ) -> tuple[int, int]:
        """Let boards speak likewise; returns messages, and how many new states of lights they were.

        Not for a clock: to count states takes time.
        """
        self.say("bench/count", "1")
        messages, _ = await self.saturate(voices, seconds, burst)
        self.say("bench/count", "0")
        return messages, await self.answer("counted")

    async def shown(self) -> Counter[str]:
        """Return how many lights show which value."""
        self.say("bench/values", "")
        return Counter(await self.answer("shown"))

    def said(self, boards: int, messages: int) -> Counter[str]:
        """Return how many of ``boards`` said which value last, after so many messages of theirs."""
        rounds, begun = divmod(messages, boards)
        now = begun or min(messages, boards)
        last = Counter({str(self._value % 101): now})
        if rounds:
            last[str((self._value - 1) % 101)] += boards - now
        return +last

    async def latencies(
        self, voices: Sequence[Voice], rate: float, seconds: float
    ) -> list[float]:
        """Return the seconds from a board's word to its state, ``rate`` times a second."""
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
        """Yield topics and payloads for ever: every board in turn, each with another value than before."""
        for value in self._values:
            self._value = value
            for voice in voices:
                yield voice.topic, f"{voice.before}{value % 101}"

    def _receive(self, message: Publish) -> None:
        if message.payload:
            self._answers[message.topic].put_nowait(json.loads(message.payload))
