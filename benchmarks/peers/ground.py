"""Measurements of a Home Assistant with a broker and boards."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import statistics
import tempfile
import time

from demo.broker import Broker
from demo.processes import free_port

from .contestants import Contestant, Land
from .headless import Headless
from .speaker import NOBODY, Speaker, Voice

_WARM_UP = 0.3
_SATURATED = 1.0
"""Seconds of load at the highest rate that Home Assistant can process."""
_LATENCY_RATE = 200.0
"""Messages a second."""
_LATENCY_SECONDS = 1.0
_SETTLED = 22.0
"""Seconds after which Home Assistant has written its registries, for which it waits 10 s after a change, and each board
has said all the ten values that are kept."""
_REPORT = 2.0
"""Seconds between two reports of a board, as in the published firmware."""

type Measured = dict[str, float]
"""Results by the measure's name."""


@dataclass
class Ground:
    """A contestant with its broker, boards and Home Assistant."""

    contestant: Contestant
    land: Land
    home_assistant: Headless

    @classmethod
    @asynccontextmanager
    async def of(cls, contestant: Contestant) -> AsyncGenerator[Ground]:
        """Open the context; Home Assistant is not started yet."""
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            broker = Broker(folder / "broker", free_port(), "mosquitto")
            await broker.start()
            stack.push_async_callback(broker.stop)
            home_assistant = Headless(folder / "config", broker)
            stack.push_async_callback(home_assistant.stop)
            speaker = await stack.enter_async_context(Speaker.connect(broker))
            yield cls(contestant, Land(broker, speaker, stack), home_assistant)

    async def start(self, boards: int, known: int = 0) -> None:
        """Start Home Assistant for this many boards, some of them known; return at once."""
        await self.land.speaker.forget("bench/up")
        await self.home_assistant.start(
            self.contestant.entries(boards, known),
            self.contestant.configuration(boards),
        )

    async def until_up(self) -> float:
        """Return the monotonic time at which Home Assistant has started and is subscribed."""
        moment: float = await self.land.speaker.answer("up")
        return moment

    async def join(
        self, first: int, boards: int, others: Sequence[Voice] = ()
    ) -> tuple[Sequence[Voice], Measured]:
        """Let boards join and report; measure until all entities are available.

        ``others``: those that are there already go on reporting, or they would be taken for gone.
        """
        began = time.monotonic()
        cpu = self.home_assistant.cpu_seconds
        available = self.contestant.entities * (first + boards)
        await self.land.speaker.expect(available, 0)
        async with self.reporting(others):
            voices = await self.contestant.join(self.land, first, boards)
        async with self.reporting([*others, *voices]):
            reached = await self.land.speaker.answer("reached")
        return voices, {
            "join": reached - began,
            "join CPU": self.home_assistant.cpu_seconds - cpu,
        }

    async def rate(self, voices: Sequence[Voice]) -> Measured:
        """Measure the highest rate in messages a second, and their cost.

        ``ValueError`` when not each message was a new state: all are counted just before, when nothing is measured,
        and of those measured, every board's last has to be shown.
        """
        speaker, burst = self.land.speaker, self.contestant.burst
        messages, states = await speaker.written(voices, _WARM_UP, burst)
        heard = voices[0] != NOBODY
        if states != messages * heard:
            raise ValueError(f"{self.contestant.title}: {states} states of {messages}")
        cpu = self.home_assistant.cpu_seconds
        messages, seconds = await speaker.saturate(voices, _SATURATED, burst)
        cpu = self.home_assistant.cpu_seconds - cpu
        if heard:
            said, shown = speaker.said(len(voices), messages), await speaker.shown()
            if not said <= shown:
                raise ValueError(f"{self.contestant.title}: {said}, shown {shown}")
        return {"rate": messages / seconds, "CPU": cpu / messages * 10_000}

    async def latency(self, voices: Sequence[Voice]) -> Measured:
        """Measure the latency in ms from a message to its state, and count full garbage collections.

        ``ValueError`` when not each message was a new state.
        """
        before = await self._collect()
        seconds = await self.land.speaker.latencies(
            voices, _LATENCY_RATE, _LATENCY_SECONDS
        )
        # Without the requested collection.
        collections = await self._collect() - before - 1
        return {
            "latency": statistics.median(seconds) * 1000,
            "collections": collections,
        }

    async def restart(self, boards: int, voices: Sequence[Voice]) -> Measured:
        """Restart with known, reporting boards; measure until every light is known."""
        await self.home_assistant.stop()
        speaker, known = self.land.speaker, len(voices)
        await speaker.expect(self.contestant.entities * known, known, retain=True)
        async with self.reporting(voices):
            began = time.monotonic()
            await self.start(boards, known)
            reached = await speaker.answer("reached")
            cpu = self.home_assistant.cpu_seconds
            await self.until_up()
        await speaker.forget("bench/expect")
        return {"start": reached - began, "start CPU": cpu}

    async def settle(self, voices: Sequence[Voice]) -> None:
        """Return once Home Assistant has written its registries and collected garbage."""
        async with self.reporting(voices):
            await asyncio.sleep(_SETTLED)
        await self._collect()

    async def memory(self) -> float:
        """Return the used memory in kB, without garbage."""
        await self._collect()
        return self.home_assistant.memory / 1000

    @asynccontextmanager
    async def reporting(self, voices: Sequence[Voice]) -> AsyncGenerator[None]:
        """Let boards report at their regular pace."""
        reporting = asyncio.create_task(self.land.speaker.report(voices, _REPORT))
        try:
            yield
        finally:
            reporting.cancel()

    async def _collect(self) -> int:
        """Collect garbage; return the number of full collections before."""
        self.land.speaker.say("bench/collect", "")
        full: int = await self.land.speaker.answer("collected")
        return full
