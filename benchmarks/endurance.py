"""A day in fast forward, and an hour of random faults of The Things Stack."""

import asyncio
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
import sqlite3
import time

import numpy as np

from custom_components.battery_thermal.archive import Archive
from demo.proof import until
from demo.truth import entities
from simulator.boards import Timing
from simulator.the_things_stack.disturbances import disturb
from simulator.the_things_stack.network import TheThingsStackNetwork

from .figures import Section, Spread, write
from .ground.house import House, house
from .ground.probe import look

HOURS = 24
HOUR = 10.0
"""Seconds that an hour takes in fast forward, and what the recorder needs then to follow: with fewer it falls behind, and
images come in two pieces, for a node that says nothing for three times its usual pause is taken to have ended one."""
BOARDS = 3
LIGHT = 2.0
"""Seconds between two light values of a board, as of published boards."""
WARM_UP = 6
"""Hours after which caches are full, so that memory should no longer grow."""
UPLINK = 25.0
"""Seconds between two uplinks of a node, as of published nodes."""

TROUBLE_UPLINKS = round(3600 / UPLINK)
TROUBLE_PACE = 0.25
"""Real seconds between two of them."""
SETTINGS_EVERY = 12
"""Number of uplinks between two changes of the threshold."""

_COMMITTED = 6.0
"""Seconds until the recorder has committed: it commits every five seconds."""
_BACKLOG = 300.0
"""Seconds that the recorder may be behind."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_SILENT = Timing(light=86_400)
"""Boards that report nothing by themselves once they have started."""


@dataclass(frozen=True)
class Kept:
    """Stored data."""

    lights: int
    """Light values in the recorder's database."""
    images: int
    """Complete images in the archive."""
    pieces: int
    """Incomplete images in the archive."""


@dataclass
class Day:
    """Sent and stored data of a day, and Home Assistant's resources."""

    samples: list[dict[str, float]] = field(default_factory=list)
    """Memory (MB), Python's blocks, open files and processor time (s) at the end of each hour."""
    counts: Counter[str] = field(default_factory=Counter)


async def day() -> Day:
    """Simulate a day."""
    lived = Day()
    said = lived.counts
    async with house(BOARDS, timing=_SILENT) as built:
        lights = set((await entities(built.home_assistant, "sensor", "light")).values())
        before = await _kept(built, lights)
        for _ in range(HOURS):
            speech = asyncio.create_task(
                built.fleet.load(BOARDS / LIGHT * 3600 / HOUR, HOUR)
            )
            said["images"] += await _uplinks(built)
            said["lights"] += await speech
            await _taken(built)
            seen = await look(built.home_assistant)
            sample = {key: seen[key] for key in ("memory", "files", "processor")}
            sample["blocks"] = await built.home_assistant.command("loop_probe/blocks")
            lived.samples.append(sample)
        await built.until_right()
        kept = await _kept(built, lights)
        said["lights kept"] = kept.lights - before.lights
        said["images kept"] = kept.images - before.images
        said["pieces kept"] = kept.pieces - before.pieces
        await _look_back(built, said)
    return lived


async def _uplinks(built: House) -> int:
    """Send the node's uplinks of an hour; return the number of images."""
    end = time.monotonic() + HOUR
    images = 0
    for left in range(round(3600 / UPLINK), 0, -1):
        await built.node.step()
        images += built.node.image is not None and built.node.image.complete
        await asyncio.sleep(max(end - time.monotonic(), 0) / left)
    return images


async def _taken(built: House) -> None:
    """Wait until the recorder's queue is empty."""
    await until(
        "recorder",
        lambda: built.home_assistant.command("recorder/info"),
        lambda info: not info["backlog"],
        _BACKLOG,
    )


async def _kept(built: House, lights: set[str]) -> Kept:
    """Return the stored data, once everything sent is stored."""
    await _taken(built)
    await asyncio.sleep(_COMMITTED)
    return await asyncio.to_thread(_count, built.home_assistant.folder, lights)


def _count(folder: Path, lights: set[str]) -> Kept:
    recorder = f"file:{folder / 'home-assistant_v2.db'}?mode=ro"
    with closing(sqlite3.connect(recorder, uri=True)) as database:
        recorded = Counter(
            entity_id
            for (entity_id,) in database.execute(
                "SELECT states_meta.entity_id FROM states JOIN states_meta USING (metadata_id)"
                " WHERE states.state GLOB '[0-9]*'"
            )
        )
    archive = Archive(folder / "battery_thermal.db")
    images = [
        kept.image.complete
        for node in archive.nodes()
        for kept in archive.iterate_images(node, *_EVER)
    ]
    return Kept(
        sum(recorded[light] for light in lights), sum(images), images.count(False)
    )


async def _look_back(built: House, counts: Counter[str]) -> None:
    """Count whether a new image of the node is correct, and the errors in the log."""
    with suppress(TimeoutError):
        await built.image()
        counts["images right"] += 1
    for error in (errors := built.errors()):
        print(f"  {error.strip()}", flush=True)
    counts["errors logged"] += len(errors)


def slope(samples: list[dict[str, float]], key: str) -> float:
    """Return the growth per hour, after the warm-up."""
    values = [sample[key] for sample in samples[WARM_UP:]]
    return float(np.polyfit(range(len(values)), values, 1)[0])


async def trouble(seed: int) -> tuple[Counter[str], Counter[str]]:
    """Apply random faults of The Things Stack for an hour of the node's time; count faults and results."""
    random = Random(seed)
    disturbances: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    network = TheThingsStackNetwork()
    stack = network.server
    async with house(1, network=network) as built:
        threshold = 0
        for number in range(TROUBLE_UPLINKS):
            if number % 3 == 0:
                disturbances[disturb(stack, random)] += 1
            if number % SETTINGS_EVERY == 0:
                threshold = random.randint(40, 90)
                await _want(built, threshold)
                counts["settings wanted"] += 1
            await built.node.step()
            await asyncio.sleep(TROUBLE_PACE)
        stack.faults.connack = None
        stack.faults.http.clear()
        # The longest wait of the integration between two attempts to connect.
        await until("connections", lambda: len(stack.mqtt.connections), bool, 330)
        await _look_back(built, counts)
        for _ in range(60):
            if built.node.threshold == threshold:
                break
            await built.node.step()
            await asyncio.sleep(TROUBLE_PACE)
        counts["last settings not at the node"] = built.node.threshold != threshold
    return disturbances, counts


async def _want(built: House, threshold: int) -> None:
    for state in await built.home_assistant.get("/api/states"):
        if state["entity_id"].startswith("number.") and state["entity_id"].endswith(
            "threshold"
        ):
            await built.home_assistant.call(
                "number", "set_value", entity_id=state["entity_id"], value=threshold
            )


def main(runs: int) -> None:
    """Simulate ``runs`` days and hours of faults; write the section."""
    days = [asyncio.run(day()) for _ in range(runs)]
    said = sum((one.counts for one in days), Counter())
    disturbances: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for seed in range(1, runs + 1):
        happened, counts = asyncio.run(trouble(seed))
        disturbances += happened
        bad += counts

    measured = (
        ("memory", "MB", 1.0, 2),
        ("blocks", "thousand", 1000.0, 3),
        ("files", "", 1.0, 2),
        ("processor", "s", 1.0, 2),
    )
    rows: list[list[object]] = [
        [
            f"hour {hour}",
            *(
                Spread([one.samples[hour - 1][key] / scale for one in days], unit, 0)
                for key, unit, scale, _ in measured
            ),
        ]
        for hour in (1, WARM_UP, 12, 18, HOURS)
    ]
    rows.append(
        [
            f"more an hour, after hour {WARM_UP}",
            *(
                Spread([slope(one.samples, key) / scale for one in days], unit, digits)
                for key, unit, scale, digits in measured
            ),
        ]
    )
    write(
        Section(
            "A day in fast forward, and bad hours",
            f"{HOURS} hours of {BOARDS} boards (light every {LIGHT:.0f} s, another value each time) and a battery node (a"
            f" line every {UPLINK:.0f} s, fast images). An hour takes {HOUR:.0f} s, and the time that the recorder then"
            f" needs to catch up; pauses between messages are left out. In {runs} such days boards published"
            f" {said['lights']:,} values of light, of which the recorder has {said['lights kept']:,}. The node sent"
            f" {said['images']:,} images, of which the archive has {said['images kept']:,} complete ones and"
            f" {said['pieces kept']:,} incomplete ones: an image ends after three intervals without a line, which is a fifth"
            " of a second here. Afterwards every entity of every board was correct; every pixel of a new image of the node"
            f" was correct {said['images right']} times of {runs}; {said['errors logged']} errors in the log name one of the"
            " two integrations or have a traceback through its code. Python's blocks are the memory blocks that Python has"
            f" allocated. Then follow {runs} hours with {TROUBLE_UPLINKS} uplinks each, in which The Things Stack fails"
            f" before every third uplink ({disturbances.total()} times: {', '.join(sorted(disturbances))}), while the settings are"
            f" changed {bad['settings wanted']} times. Afterwards a new image was correct {bad['images right']} times of"
            f" {runs}; the last wanted settings had not reached the node {bad['last settings not at the node']} times;"
            f" errors in the log and tracebacks: {bad['errors logged']}.",
            ["the day", "memory", "Python's blocks", "open files", "processor time"],
            rows,
            runs,
        )
    )
