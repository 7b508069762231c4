"""Boards here, beside what a user would otherwise have and the least that can be done: in one run, by turns."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
import tempfile
import time

from demo.broker import Broker
from demo.processes import free_port

from .figures import Section, Spread, write
from .peers.contestants import (
    DISCOVERY,
    DISCOVERY_BRIDGED,
    EMPTY,
    FLOOR,
    NETWORK,
    OURS_DIRECTED,
    OURS_SHARED,
    TEMPLATES,
    Contestant,
    fleet_of,
)
from .peers.ground import Ground
from .peers.registrar import Registrar
from .peers.speaker import Voice

CLIENT = "Home Assistant's MQTT client alone"
BROKER = "the broker alone"
FEW = (10, 100)
MANY = 5 * NETWORK
SIZES = (*FEW, NETWORK, MANY)
OURS = (OURS_SHARED, OURS_DIRECTED)


class Results:
    """What was measured: by who, what and how many boards; a value for each run."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._values: defaultdict[tuple[str, str, int], list[float]] = defaultdict(list)

    def add(self, who: str, boards: int, measured: dict[str, float]) -> None:
        """Take what a run gave."""
        for what, value in measured.items():
            self._values[who, what, boards].append(value)
        told = ", ".join(f"{what} {value:.2f}" for what, value in measured.items())
        print(f"  {who}, {boards}: {told}", flush=True)

    def spread(
        self, who: str, what: str, unit: str, digits: int, boards: int = NETWORK
    ) -> Spread | str:
        """Return the values of all runs."""
        values = self._values[who, what, boards]
        return Spread(values, unit, digits) if values else "-"

    def ratio(
        self, who: str, whose: str, what: str, boards: int = NETWORK
    ) -> Spread | str:
        """Return how many times ``whose`` values those of ``who`` are, each in its run."""
        pairs = zip(
            self._values[who, what, boards],
            self._values[whose, what, boards],
            strict=False,
        )
        ratios = [one / other for one, other in pairs]
        return Spread(ratios, "x", 2) if ratios else "-"

    def latency_ratio(self, who: str, whose: str) -> Spread | str:
        """Return the same of latencies, from runs with as many full garbage collections."""
        ratios = [
            one / other
            for one, other, ones, others in zip(
                self._values[who, "latency", NETWORK],
                self._values[whose, "latency", NETWORK],
                self._values[who, "collections", NETWORK],
                self._values[whose, "collections", NETWORK],
                strict=True,
            )
            if ones == others
        ]
        return Spread(ratios, "x", 2) if ratios else "-"


async def measure_few(contestant: Contestant, boards: int, results: Results) -> None:
    """Measure the rate with few boards."""
    async with Ground.of(contestant) as ground:
        await ground.start(boards)
        await ground.until_up()
        voices, _ = await ground.join(0, boards)
        results.add(
            contestant.title, boards, await ground.state_rate(voices, contestant.burst)
        )


async def measure(contestant: Contestant, results: Results) -> None:
    """Measure everything with a thousand boards, and the rate with more."""
    title = contestant.title
    async with Ground.of(contestant) as ground:
        await ground.start(MANY)
        await ground.until_up()
        before = await ground.memory()
        voices, joined = await ground.join(0, NETWORK)
        results.add(title, NETWORK, joined)
        await ground.settle(voices)
        results.add(title, NETWORK, await ground.state_rate(voices, contestant.burst))
        memory = (await ground.memory() - before) / NETWORK
        results.add(title, NETWORK, {"memory": memory})
        results.add(title, NETWORK, await ground.latency(voices))
        results.add(title, NETWORK, await ground.restart(MANY, voices))
        if contestant is EMPTY:
            return
        for first in range(NETWORK, MANY, NETWORK):
            more, _ = await ground.join(first, NETWORK, voices)
            voices = [*voices, *more]
        await ground.settle(voices)
        results.add(title, MANY, await ground.state_rate(voices, contestant.burst))
        if contestant is FLOOR:
            for boards in SIZES:
                alone = [Voice("bench/nothing")] * boards
                results.add(CLIENT, boards, await ground.rate(alone, contestant.burst))


async def measure_bridged(results: Results) -> None:
    """Measure a thousand devices that one connection announces; all else is as with a connection each."""
    async with Ground.of(DISCOVERY_BRIDGED) as ground:
        await ground.start(NETWORK)
        await ground.until_up()
        _, joined = await ground.join(0, NETWORK)
        results.add(DISCOVERY_BRIDGED.title, NETWORK, joined)


async def measure_broker(results: Results) -> None:
    """Measure a thousand boards that join on shared topics without a Home Assistant."""
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(Path(folder), free_port(), "mosquitto")
        await broker.start()
        async with Registrar.of(broker):
            began = time.monotonic()
            async with fleet_of(broker, 0, NETWORK, directed=False) as fleet:
                await fleet.until_started()
                seconds = time.monotonic() - began
        await broker.stop()
    results.add(BROKER, NETWORK, {"join": seconds})


def main(runs: int) -> None:
    """Measure ``runs`` times and write the sections."""
    results = Results()
    for _ in range(runs):
        for boards in FEW:
            for contestant in DISCOVERY, *OURS, FLOOR, TEMPLATES:
                asyncio.run(measure_few(contestant, boards, results))
        asyncio.run(measure_few(TEMPLATES, NETWORK, results))
        for contestant in DISCOVERY, *OURS, FLOOR, EMPTY:
            asyncio.run(measure(contestant, results))
        asyncio.run(measure_bridged(results))
        asyncio.run(measure_broker(results))
    write(_rates(results, runs))
    write(_boards(results, runs))
    write(_shared(results, runs))


def _rates(results: Results, runs: int) -> Section:
    rows: list[Sequence[object]] = [
        [
            boards,
            who,
            results.spread(who, "rate", "/s", 0, boards),
            results.ratio(who, DISCOVERY.title, "rate", boards),
            results.spread(who, "CPU", "s", 2, boards),
            results.ratio(who, FLOOR.title, "CPU", boards),
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
    return Section(
        "Boards against peers: state updates",
        "Boards report their light as fast as Home Assistant can follow: a process of its own, without a recorder, on a"
        " real mosquitto; one connection speaks for all boards, and sends no more than Home Assistant has handled. Ours"
        " report where they joined: on the *shared topics*, as the published firmware does, or on *directed* ones, one"
        " for each board. *MQTT discovery* is Home Assistant's own, with three entities a board;"
        " *shared topic with templates* is all one could do with these boards without an integration; the *floor* is"
        " the least an integration can do: subscribe to the shared topic, split, look up the board, check its session,"
        " write one state."
        f" With {NETWORK} boards and more, Home Assistant has written its registries before, and collected the garbage of"
        " boards that joined."
        f" Boards are in networks of {NETWORK}. Ratios are of the same run.",
        [
            "boards",
            "who",
            "messages a second",
            "of MQTT discovery's",
            "CPU for 10 000 messages",
            "of the floor's",
        ],
        rows,
        runs,
    )


def _boards(results: Results, runs: int) -> Section:
    rows: list[Sequence[object]] = []
    for contestant in *OURS, DISCOVERY, DISCOVERY_BRIDGED, FLOOR, EMPTY:
        who = contestant.title
        rows.append(
            [
                who,
                contestant.entities,
                results.spread(who, "join", "s", 1),
                results.spread(who, "join CPU", "s", 1),
                results.spread(who, "memory", "kB", 0),
                results.spread(who, "latency", "ms", 2),
                results.spread(who, "start", "s", 1),
                results.spread(who, "start CPU", "s", 1),
            ]
        )
    rows.extend(
        [
            f"*{ours.title}, of MQTT discovery's*",
            "",
            *(
                results.ratio(ours.title, DISCOVERY.title, what)
                for what in ("join", "join CPU", "memory")
            ),
            results.latency_ratio(ours.title, DISCOVERY.title),
            *(
                results.ratio(ours.title, DISCOVERY.title, what)
                for what in ("start", "start CPU")
            ),
        ]
        for ours in OURS
    )
    rows.append(
        [
            f"*{OURS_DIRECTED.title}, of MQTT discovery's by one connection*",
            "",
            results.ratio(OURS_DIRECTED.title, DISCOVERY_BRIDGED.title, "join"),
            results.ratio(OURS_DIRECTED.title, DISCOVERY_BRIDGED.title, "join CPU"),
            *["-"] * 4,
        ]
    )
    return Section(
        f"Boards against peers: {NETWORK} boards",
        "*Join*: from the first word until every entity is there and available. Ours are simulated boards, each with"
        " connections of its own, which join to the letter of the protocol and report where they joined: on the *shared topics*,"
        " as the published firmware does, or on *directed* ones, each board on its own; devices of MQTT"
        " discovery have a connection each and announce themselves in one message; as a bridge does, *one connection* may also"
        " announce them all. Those of the floor are named by one connection."
        " *Memory* is of a board, after Home Assistant had written its registries (it keeps what it wrote of each entity),"
        " garbage was collected, and what the C library had in reserve was handed back. *Latency* is the median from publishing to the state, at"
        " 200 messages a second, its ratio from runs with as many full garbage collections. *Start*: from the start of"
        " the process until every entity is available and every light known, while the boards go on reporting every"
        " 2 s. *Nothing but our entities* has as many entities as ours, and no rules, files or values: what of it all is"
        " Home Assistant's own.",
        [
            "who",
            "enabled entities of a board",
            "join, all at once",
            "CPU of it",
            "memory of a board",
            "latency",
            "start",
            "CPU of it",
        ],
        rows,
        runs,
    )


def _shared(results: Results, runs: int) -> Section:
    return Section(
        f"Boards against peers: {NETWORK} boards on shared topics",
        "Each assignment goes to every board: a million deliveries. *The broker alone* has a stand-in"
        " for Home Assistant, which names boards and does nothing else.",
        ["who", "join, all at once", "CPU of Home Assistant"],
        [
            [
                OURS_SHARED.title,
                results.spread(OURS_SHARED.title, "join", "s", 1),
                results.spread(OURS_SHARED.title, "join CPU", "s", 1),
            ],
            [BROKER, results.spread(BROKER, "join", "s", 1), "-"],
            [
                "*ours, of the broker's; of MQTT discovery's*",
                results.ratio(OURS_SHARED.title, BROKER, "join"),
                results.ratio(OURS_SHARED.title, DISCOVERY.title, "join CPU"),
            ],
        ],
        runs,
    )
