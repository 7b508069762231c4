"""A thousand boards: joining at once, and recovery after a restart of Home Assistant or of the broker."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
import tempfile
import time

from aiohttp import ClientResponseError

from demo.broker import Broker
from demo.home_assistant import HomeAssistant
from demo.processes import free_port
from demo.proof import until
from demo.truth import differences, set_up
from simulator.boards import Board, BoardKind, Broker as Address, Fleet, Timing, macs

from .figures import Section, Spread, write

BOARDS = 1000
ASK_THE_INTERNET = ("met", "radio_browser")
"""Integrations of every new Home Assistant that delay its start by up to ten seconds without the internet."""
BOARDS_ONLINE = "sensor.esp32_network_boards_online"
PATIENCE = 300


@dataclass
class Bench:
    """A broker, Home Assistant and boards that have not joined yet."""

    broker: Broker
    home_assistant: HomeAssistant
    fleet: Fleet

    async def until_online(self) -> None:
        """Wait until Home Assistant counts every board as online.

        It is asked for this one state, again and again: nothing else is to keep it busy.
        """
        await until("boards online", self._online, f"{BOARDS}".__eq__, PATIENCE)

    async def _online(self) -> str:
        try:
            state = await self.home_assistant.state(BOARDS_ONLINE)
        except ClientResponseError:
            return "nothing"
        return str(state["state"])

    async def until_right(self) -> None:
        """Wait until every entity agrees with its board."""
        await self.until_online()
        await until(
            "differences",
            lambda: differences(self.home_assistant, list(self.fleet.boards)),
            lambda found: not found,
            PATIENCE,
        )


@asynccontextmanager
async def bench(*, directed: bool) -> AsyncGenerator[Bench]:
    """Start a broker and Home Assistant; the boards are not started yet."""
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(Path(folder) / "broker", free_port(), "mosquitto")
        home_assistant = HomeAssistant(Path(folder) / "config", free_port())
        boards = [
            Board(
                mac,
                Address(broker.host, broker.port),
                kind=BoardKind.FIELD,
                directed=directed,
                light=partial(int, number % 101),
                timing=Timing(),
            )
            for number, mac in enumerate(macs(BOARDS))
        ]
        # Neighbouring boards differ in both values, so that mistaken boards are found.
        for board in boards[::2]:
            board.led = True
        await broker.start()
        try:
            await home_assistant.start()
            try:
                await set_up(home_assistant, broker)
                await _remove(home_assistant, ASK_THE_INTERNET)
                yield Bench(broker, home_assistant, Fleet(boards))
            finally:
                await home_assistant.stop()
        finally:
            await broker.stop()


async def _remove(home_assistant: HomeAssistant, domains: Iterable[str]) -> None:
    """Remove integrations."""
    for domain in domains:
        for entry in await home_assistant.entries(domain):
            path = f"/api/config/config_entries/entry/{entry['entry_id']}"
            await home_assistant.request("DELETE", path)


async def measure(*, directed: bool) -> dict[str, float]:
    """Return the seconds of each step."""
    seconds: dict[str, float] = {}
    async with bench(directed=directed) as ground:
        began = time.monotonic()
        async with ground.fleet:
            await ground.until_right()
            seconds["join"] = time.monotonic() - began

            began = time.monotonic()
            await ground.broker.child.kill()
            await ground.broker.start()
            await ground.until_right()
            seconds["broker restarted"] = time.monotonic() - began

            await ground.home_assistant.stop()
            began = time.monotonic()
            await ground.home_assistant.start()
            seconds["Home Assistant running"] = time.monotonic() - began
            await ground.until_right()
            seconds["Home Assistant restarted"] = time.monotonic() - began
    return seconds


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    rows = []
    for topics, directed in ("directed", True), ("shared", False):
        results = [asyncio.run(measure(directed=directed)) for _ in range(runs)]
        rows.append(
            [
                topics,
                *(
                    Spread([result[key] for result in results], "s")
                    for key in results[0]
                ),
            ]
        )
    write(
        Section(
            "A thousand boards",
            "Simulated boards that behave as published boards do (they pause 5 s between their two connections, and 5 s"
            " before they connect again), with mosquitto. The times are measured from switching on the boards, from killing"
            " the broker, and from the start of Home Assistant's process, until every connectivity, LED, button and light"
            " entity shows the state of its board. Every second LED is on, and the light value increases by one from board"
            " to board, from 0 % to 100 % and again from 0 %. Home Assistant has its frontend and recorder, but not the"
            " integrations for weather and radio stations that are set up by default, because its start would wait for the"
            " internet.",
            [
                "topics",
                "join, all at once",
                "broker killed and restarted",
                "Home Assistant running again",
                "every board right again",
            ],
            rows,
            runs,
        )
    )
