"""Many nodes and many viewers, over each network server: how long Home Assistant's event loop is blocked."""

import asyncio
from collections import defaultdict
from itertools import product
import statistics
import time
from typing import Any

import aiohttp

from simulator.networks import NETWORKS

from .figures import Section, Spread, write
from .ground.many_nodes import Nodes, many_nodes

NODES = (1, 10, 100)
UPLINKS = 30
"""Uplinks of each node: more than a slow image has."""
AT_LEAST = 300
"""Uplinks of all nodes together, for a p99."""
PAUSE = 0.5
"""Seconds between two uplinks of a node: much less than of a real node."""
VIEWERS = 100
WATCHED = 20.0
"""Seconds."""

type Results = dict[str, list[float]]


def note(
    results: Results, uplinks: int, seen: dict[str, Any], before: dict[str, Any]
) -> None:
    """Store the probe's measurements for this many uplinks."""
    # An uplink is taken in several steps, between which others have a turn. Of each, the
    # longest counts; as if no uplink had two of the long ones.
    held, busy = (
        sorted(times)[-uplinks:] for times in zip(*seen["steps"], strict=True)
    )
    results["p50"].append(statistics.median(held))
    results["p99"].append(held[int(uplinks * 0.99)])
    results["busy p99"].append(busy[int(uplinks * 0.99)])
    results["longest"].append(seen["longest"])
    processor = seen["processor"] - before["processor"]
    results["processor"].append(processor / uplinks * 1000)
    results["memory"].append(seen["memory"])


async def uplinks(nodes: Nodes, results: Results) -> None:
    """Send an uplink of all nodes at once, repeatedly."""
    await nodes.send_uplinks()
    await asyncio.sleep(2)
    before = await nodes.look()
    rounds = max(UPLINKS, AT_LEAST // len(nodes.nodes))
    for _ in range(rounds):
        await nodes.send_uplinks()
        await asyncio.sleep(PAUSE * UPLINKS / rounds)
    note(results, rounds * len(nodes.nodes), await nodes.look(), before)


async def viewers(nodes: Nodes, results: Results) -> None:
    """Watch every picture as MJPEG while all nodes send."""
    cameras = await nodes.cameras()
    home_assistant = nodes.home_assistant
    headers = {"Authorization": f"Bearer {home_assistant.tokens['access_token']}"}
    pictures = 0

    async def watch(session: aiohttp.ClientSession, camera: str) -> None:
        nonlocal pictures
        async with session.get(f"/api/camera_proxy_stream/{camera}") as answer:
            answer.raise_for_status()
            while part := await answer.content.readuntil(b"--frameboundary"):
                pictures += len(part) > 1000

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        home_assistant.url, headers=headers, connector=connector, read_bufsize=2**20
    ) as session:
        watching = [
            asyncio.create_task(watch(session, cameras[number % len(cameras)]))
            for number in range(VIEWERS)
        ]
        await asyncio.sleep(2)
        before, pictures = await nodes.look(), 0
        end = time.monotonic() + WATCHED
        spoken = 0
        while time.monotonic() < end:
            await nodes.send_uplinks()
            spoken += len(nodes.nodes)
            await asyncio.sleep(PAUSE)
        note(results, spoken, await nodes.look(), before)
        results["pictures"].append(pictures / WATCHED)
        for one in watching:
            one.cancel()
        ended = await asyncio.gather(*watching, return_exceptions=True)
    for result in ended:
        if isinstance(result, Exception):
            raise result


async def measure(results: dict[str, Results]) -> None:
    """Measure everything once."""
    for kind, count in product(NETWORKS.values(), NODES):
        async with many_nodes(kind(), count) as nodes:
            await uplinks(nodes, results[f"{kind.title}: {count} at once"])
            if count == max(NODES):
                of = results[f"{kind.title}: {count}, and {VIEWERS} MJPEG viewers"]
                await viewers(nodes, of)


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    results: dict[str, Results] = defaultdict(lambda: defaultdict(list))
    for _ in range(runs):
        asyncio.run(measure(results))
    rows = [
        [
            name,
            Spread(of["p50"], "ms", 2),
            Spread(of["p99"], "ms", 2),
            Spread(of["busy p99"], "ms", 2),
            Spread(of["longest"], "ms"),
            Spread(of["processor"], "ms", 2),
            Spread(of["memory"], "MB", 0),
            Spread(of["pictures"], "/s") if of["pictures"] else "-",
        ]
        for name, of in results.items()
    ]
    write(
        Section(
            "Many battery nodes",
            f"All nodes of an application send slow images at the same moment, a line every {PAUSE} s each or sooner"
            " (published nodes send every 25 s), with recorder, archive and all entities. Measured inside Home Assistant:"
            " how long an uplink blocks the event loop (it is processed in several steps, between which other tasks run;"
            " the longest step counts), by the clock and in processor time (they differ by other programs, other threads"
            " and garbage collection); the longest block by anything in Home Assistant; and the whole processor time for"
            " each uplink.",
            [
                "nodes",
                "loop held by an uplink, p50",
                "p99",
                "p99 of its processor time",
                "longest hold by anything",
                "processor time an uplink",
                "memory",
                "pictures sent",
            ],
            rows,
            runs,
        )
    )
