"""State updates of boards compared with alternatives of a user, in turns of seconds at the same time.

A machine may be twice as fast in one second as in the next, so only turns that
follow each other are compared.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import statistics

from .figures import Section, write
from .peers.boards import NETWORK
from .peers.contestants import DISCOVERY, FLOOR, OURS, TEMPLATES, Contestant
from .peers.ground import Ground, Measured
from .peers.results import Results
from .peers.speaker import NOBODY, Voice

CLIENT = "Home Assistant's MQTT client alone"
FEW = (10, 100)
MANY = 5 * NETWORK
SIZES = (*FEW, NETWORK, MANY)

_TURNS = 4
"""Turns of each contestant in a run."""
_ALL_SPEAK = 2.2
"""Seconds in which every board reports: boards silent for 30 s are offline."""

_OF_DISCOVERY = "{} of MQTT discovery's"
_OF_FLOOR = "{} of the floor's"
_COMPARED = (
    ("rate", _OF_DISCOVERY, DISCOVERY.title),
    ("CPU", _OF_FLOOR, FLOOR.title),
    ("latency", _OF_DISCOVERY, DISCOVERY.title),
)


@dataclass
class Player:
    """A contestant with boards that have joined."""

    ground: Ground
    voices: Sequence[Voice] = ()

    async def more(self, boards: int) -> None:
        """Let more boards join, and wait until Home Assistant has processed them."""
        for first in range(len(self.voices), boards, NETWORK):
            joining = min(boards - first, NETWORK)
            voices, _ = await self.ground.join(first, joining, self.voices)
            self.voices = [*self.voices, *voices]
        await self.ground.settle(self.voices)

    async def turn(self) -> Measured:
        """Measure rate, cost and latency."""
        measured = await self.ground.rate(self.voices)
        if self.ground.contestant is TEMPLATES and len(self.voices) > FEW[0]:
            # The rate is more than it can process.
            return measured
        return measured | await self.ground.latency(self.voices)


class Turns:
    """Results of the turns of one run, by contestant and number of boards."""

    def __init__(self) -> None:
        """Initialize without results."""
        self._measured: defaultdict[tuple[str, int], list[Measured]] = defaultdict(list)

    async def take(self, players: Sequence[Player], boards: int) -> None:
        """Run the turns of all contestants."""
        alone = [NOBODY] * boards
        for number in range(_TURNS):
            await _all_speak(players)
            for player in [*players[number:], *players[:number]]:
                title = player.ground.contestant.title
                self._measured[title, boards].append(await player.turn())
                if player.ground.contestant is FLOOR:
                    self._measured[CLIENT, boards].append(
                        await player.ground.rate(alone)
                    )

    def add_medians_to(self, results: Results) -> None:
        """Add the medians, and the medians of the ratios between neighbouring turns."""
        for (who, boards), turns in self._measured.items():
            medians = {
                what: statistics.median(turn[what] for turn in turns)
                for what in turns[0]
                if what != "collections"
            }
            for what, how, whose in _COMPARED:
                others = self._measured.get((whose, boards), ())
                ratios = [
                    turn[what] / other[what]
                    for turn, other in zip(turns, others, strict=False)
                    if what in turn and _alike(turn, other, what)
                ]
                if ratios:
                    medians[how.format(what)] = statistics.median(ratios)
            results.add(who, boards, medians)


def _alike(turn: Measured, other: Measured, what: str) -> bool:
    """Return whether two turns had equally many full garbage collections, which affect latency."""
    return what != "latency" or turn["collections"] == other["collections"]


async def _all_speak(players: Sequence[Player]) -> None:
    async with AsyncExitStack() as stack:
        for player in players:
            await stack.enter_async_context(player.ground.reporting(player.voices))
        await asyncio.sleep(_ALL_SPEAK)


@asynccontextmanager
async def _players(
    contestants: Sequence[Contestant], boards: int
) -> AsyncGenerator[list[Player]]:
    """Start a Home Assistant for each contestant, for this many boards."""
    async with AsyncExitStack() as stack:
        players = [
            Player(await stack.enter_async_context(Ground.of(contestant)))
            for contestant in contestants
        ]
        for player in players:
            await player.ground.start(boards)
            await player.ground.until_up()
        yield players


async def measure(
    contestants: Sequence[Contestant], sizes: Sequence[int], turns: Turns
) -> None:
    """Measure contestants with increasing numbers of boards."""
    async with _players(contestants, sizes[-1]) as players:
        for boards in sizes:
            await asyncio.gather(*(player.more(boards) for player in players))
            await turns.take(players, boards)


async def run(results: Results) -> None:
    """Measure everything once."""
    turns = Turns()
    for boards in FEW:
        everybody = (DISCOVERY, *OURS, FLOOR, TEMPLATES)
        await measure(everybody, [boards], turns)
    async with _players([TEMPLATES], NETWORK) as (alone,):
        alone.voices, _ = await alone.ground.join(0, NETWORK)
        results.add(TEMPLATES.title, NETWORK, await alone.turn())
    await measure((DISCOVERY, *OURS, FLOOR), [NETWORK, MANY], turns)
    turns.add_medians_to(results)


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    results = Results()
    for _ in range(runs):
        asyncio.run(run(results))
    rows: list[Sequence[object]] = [
        [
            boards,
            who,
            results.spread(who, "rate", "/s", 0, boards),
            results.spread(who, _OF_DISCOVERY.format("rate"), "x", 2, boards),
            results.spread(who, "CPU", "s", 2, boards),
            results.spread(who, _OF_FLOOR.format("CPU"), "x", 2, boards),
            results.spread(who, "latency", "ms", 2, boards),
            results.spread(who, _OF_DISCOVERY.format("latency"), "x", 2, boards),
        ]
        for boards in SIZES
        for who in (
            *(ours.title for ours in OURS),
            DISCOVERY.title,
            TEMPLATES.title,
            FLOOR.title,
            CLIENT,
        )
    ]
    write(
        Section(
            "Boards against peers: state updates",
            "Boards report their light as fast as Home Assistant can process it. Each alternative has its own process"
            " without a recorder, and its own mosquitto. One connection publishes for all boards, and waits until Home"
            " Assistant has processed earlier messages. All alternatives run at the same time and take turns of a few"
            f" seconds: a run is the median of {_TURNS} turns, and ratios compare turns of the same round. (Templates for"
            f" {NETWORK} boards have one turn a run, without others.) In each turn, before the measurement, every message"
            " must cause a new state; after it, the last value of every board must be shown. Otherwise the benchmark ends"
            " without a figure. Ours report where they joined: on the *shared topics*, as the published firmware does, or"
            " on *directed* topics, one for each board. *MQTT discovery* is Home Assistant's own, with three entities a"
            " board. *Shared topic with templates* is what a user can configure for these boards without an integration."
            " The *floor* is the least work of an integration: subscribe to the shared topic, split the payload, look up"
            " the board, check its session, write one state. *Latency* is the median time from publishing to the state at"
            " 200 messages a second; its ratio compares turns with equally many full garbage collections; that of templates"
            f" is measured with {FEW[0]} boards only. A network has {NETWORK} boards. Before the measurement, Home Assistant"
            " has written its registries and collected the garbage of joining.",
            [
                "boards",
                "who",
                "messages a second",
                "of MQTT discovery's",
                "CPU for 10 000 messages",
                "of the floor's",
                "latency",
                "of MQTT discovery's",
            ],
            rows,
            runs,
        )
    )
