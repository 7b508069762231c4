"""A thousand boards that join on shared topics, measured between two runs of the alternatives."""

import asyncio
from pathlib import Path
import statistics
import tempfile
import time

from demo.broker import Broker
from demo.processes import free_port

from .figures import Section, write
from .peers.boards import NETWORK, fleet_of
from .peers.contestants import DISCOVERY, OURS_SHARED, Contestant
from .peers.ground import Ground
from .peers.registrar import Registrar
from .peers.results import Results

BROKER = "the broker alone"


async def join(contestant: Contestant) -> dict[str, float]:
    """Let a thousand boards join; return the time and resources that Home Assistant used."""
    async with Ground.of(contestant) as ground:
        await ground.start(NETWORK)
        await ground.until_up()
        _, joined = await ground.join(0, NETWORK)
    return joined


async def join_broker() -> dict[str, float]:
    """Let them join without a Home Assistant; a minimal server assigns names."""
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(Path(folder), free_port(), "mosquitto")
        await broker.start()
        async with Registrar.of(broker):
            began = time.monotonic()
            async with fleet_of(broker, 0, NETWORK, directed=False) as fleet:
                await fleet.until_started()
                seconds = time.monotonic() - began
        await broker.stop()
    return {"join": seconds}


async def measure(results: Results) -> None:
    """Measure ours once, and the others once before and once after it.

    The speed of a machine varies from minute to minute, so neighbouring measurements
    are compared.
    """
    before = await join(DISCOVERY), await join_broker()
    ours = await join(OURS_SHARED)
    after = await join(DISCOVERY), await join_broker()
    results.add(OURS_SHARED.title, NETWORK, ours)
    for who, pair in zip(
        (DISCOVERY.title, BROKER), zip(before, after, strict=True), strict=True
    ):
        results.add(
            who,
            NETWORK,
            {what: statistics.mean(one[what] for one in pair) for what in pair[0]},
        )


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    results = Results()
    for _ in range(runs):
        asyncio.run(measure(results))
    whole = OURS_SHARED.title, DISCOVERY.title, BROKER
    write(
        Section(
            f"Boards against peers: {NETWORK} boards on shared topics",
            "Every assignment is delivered to every board, which makes a million deliveries. *The broker alone* has a"
            " minimal program in the place of Home Assistant that only assigns names. In each run the others join once"
            " before ours and once after, and the mean of the two counts.",
            ["who", "join, all at once", "CPU of Home Assistant"],
            [
                *(
                    [
                        who,
                        results.spread(who, "join", "s", 1),
                        results.spread(who, "join CPU", "s", 1),
                    ]
                    for who in whole
                ),
                [
                    "*ours, of the broker's; of MQTT discovery's*",
                    results.ratio(OURS_SHARED.title, BROKER, "join"),
                    results.ratio(OURS_SHARED.title, DISCOVERY.title, "join CPU"),
                ],
            ],
            runs,
        )
    )
