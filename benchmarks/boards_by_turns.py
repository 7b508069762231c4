"""State updates of boards here, beside what a user would otherwise have: everybody at the same time, by turns of seconds.

A machine may be twice as fast in one second as in the next; only turns that follow each other can be compared.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import statistics

from .figures import Section, write
from .peers.contestants import DISCOVERY, FLOOR, NETWORK, OURS, TEMPLATES, Contestant
from .peers.ground import Ground, Measured
from .peers.results import Results
from .peers.speaker import NOBODY, Voice

CLIENT = "Home Assistant's MQTT client alone"
FEW = (10, 100)
MANY = 5 * NETWORK
SIZES = (*FEW, NETWORK, MANY)

_TURNS = 4
"""Of each, in a run."""
_ALL_SPEAK = 2.2
"""Seconds in which every board says something: those that are silent for 30 s are taken for gone."""

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
        """Have more boards join, and wait until Home Assistant has settled."""
        for first in range(len(self.voices), boards, NETWORK):
            joining = min(boards - first, NETWORK)
            voices, _ = await self.ground.join(first, joining, self.voices)
            self.voices = [*self.voices, *voices]
        await self.ground.settle(self.voices)

    async def turn(self) -> Measured:
        """Measure rate, cost and latency."""
        measured = await self.ground.rate(self.voices)
        if self.ground.contestant is TEMPLATES and len(self.voices) > FEW[0]:
            # It cannot follow.
            return measured
        return measured | await self.ground.latency(self.voices)


class Turns:
    """What the turns of one run gave, by who and how many boards."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._measured: defaultdict[tuple[str, int], list[Measured]] = defaultdict(list)

    async def take(self, players: Sequence[Player], boards: int) -> None:
        """Let each have its turns."""
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

    def tell(self, results: Results) -> None:
        """Add the medians, and those of what one turn is of another's beside it."""
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
    """Tell whether two turns had as many full garbage collections, which latency is made of otherwise."""
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
    """Have a Home Assistant of each, ready for so many boards."""
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
    """Measure contestants with more and more boards."""
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
    turns.tell(results)


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
            "Boards report their light as fast as Home Assistant can follow: a process of its own for each, without a"
            " recorder, on a mosquitto of its own; one connection speaks for all boards, and sends no more than Home"
            " Assistant has handled. All are there at the same time and have turns of a few seconds, one after the"
            f" other: a run is the median of {_TURNS} turns, and a ratio is of turns of the same round. (But templates for"
            f" {NETWORK} boards have one turn a run, alone.) In each turn, before"
            " the clock runs, every message has to be a new state, as many are counted; after it, every board's last value has"
            " to be the one shown, or the benchmark ends here without a figure. Ours report"
            " where they joined: on the *shared topics*, as the published firmware does, or on *directed* ones, one"
            " for each board. *MQTT discovery* is Home Assistant's own, with three entities a board;"
            " *shared topic with templates* is all one could do with these boards without an integration; the *floor* is"
            " the least an integration can do: subscribe to the shared topic, split, look up the board, check its session,"
            " write one state. *Latency* is the median from publishing to the state, at 200 messages a second, its ratio"
            f" of turns with as many full garbage collections; that of templates is measured with {FEW[0]} boards only."
            f" Boards are in networks of {NETWORK}. Before, Home Assistant has written its registries, and collected"
            " the garbage of boards that joined.",
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
