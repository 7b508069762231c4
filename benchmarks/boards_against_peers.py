"""A thousand boards compared with alternatives: joining, memory, and start, one after the other."""

import asyncio
from collections.abc import Sequence

from .figures import Section, write
from .peers.boards import NETWORK
from .peers.contestants import (
    DISCOVERY,
    DISCOVERY_BRIDGED,
    EMPTY,
    FLOOR,
    OURS,
    OURS_DIRECTED,
    Contestant,
)
from .peers.ground import Ground
from .peers.results import Results


async def measure(contestant: Contestant, results: Results) -> None:
    """Measure a thousand boards."""
    title = contestant.title
    async with Ground.of(contestant) as ground:
        await ground.start(NETWORK)
        await ground.until_up()
        before = await ground.memory()
        voices, joined = await ground.join(0, NETWORK)
        results.add(title, NETWORK, joined)
        await ground.settle(voices)
        memory = (await ground.memory() - before) / NETWORK
        results.add(title, NETWORK, {"memory": memory})
        results.add(title, NETWORK, await ground.restart(NETWORK, voices))


async def measure_bridged(results: Results) -> None:
    """Measure a thousand devices announced by one connection instead of a connection each."""
    async with Ground.of(DISCOVERY_BRIDGED) as ground:
        await ground.start(NETWORK)
        await ground.until_up()
        _, joined = await ground.join(0, NETWORK)
        results.add(DISCOVERY_BRIDGED.title, NETWORK, joined)


def main(runs: int) -> None:
    """Measure ``runs`` times and write the sections."""
    results = Results()
    for _ in range(runs):
        for contestant in DISCOVERY, *OURS, FLOOR, EMPTY:
            asyncio.run(measure(contestant, results))
        asyncio.run(measure_bridged(results))
    write(_boards(results, runs))


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
                for what in ("join", "join CPU", "memory", "start", "start CPU")
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
            *["-"] * 3,
        ]
    )
    return Section(
        f"Boards against peers: {NETWORK} boards",
        "*Join*: the time from the first message until every entity exists and is available. Ours are simulated boards,"
        " each with its own connections, which follow the whole protocol and report where they joined: on the *shared"
        " topics*, as the published firmware does, or on *directed* topics of each board. Devices of MQTT discovery have"
        " one connection each and announce themselves in one message; as a bridge does, *one connection* may also announce"
        " all of them. One connection announces those of the floor. *Memory* is that of one board, after Home Assistant has"
        " written its registries (it keeps the written text of each entity), garbage was collected, and the C library has"
        " returned unused memory. *Start*: the time from the start of the process until every entity is available and every"
        " light value known, while the boards continue to report every 2 s. *Nothing but our entities* has as many entities"
        " as ours but no rules, files or values: it shows the share of Home Assistant itself.",
        [
            "who",
            "enabled entities of a board",
            "join, all at once",
            "CPU of it",
            "memory of a board",
            "start",
            "CPU of it",
        ],
        rows,
        runs,
    )
