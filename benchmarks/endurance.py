"""A day in fast forward, and an hour in which The Things Stack has nothing but bad luck."""

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
from simulator.the_things_stack.trouble import mishap

from .figures import Section, Spread, write
from .ground.house import House, house
from .ground.probe import look

HOURS = 24
HOUR = 10.0
"""Seconds that an hour takes in fast forward, and what the recorder needs then to follow: with fewer it falls behind, and
images come in two pieces, for a node that says nothing for three times its usual pause is taken to have ended one."""
BOARDS = 3
LIGHT = 2.0
"""Seconds between two words of a board, as published boards have it."""
WARM_UP = 6
"""Hours after which memory should no longer grow: caches are full then."""
UPLINK = 25.0
"""Seconds between two uplinks of a node, as published nodes have it."""

TROUBLE_UPLINKS = round(3600 / UPLINK)
TROUBLE_PACE = 0.25
"""Seconds that really pass between two of them."""
SETTINGS_EVERY = 12
"""Uplinks, after which the owner wants another threshold."""

_COMMITTED = 6.0
"""Seconds after which the recorder has written what it has taken: it does so every five."""
_BACKLOG = 300.0
"""Seconds that it may be behind."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_SILENT = Timing(light=86_400)
"""Boards that say nothing by themselves once they have started."""


@dataclass(frozen=True)
class Kept:
    """What is on the disk."""

    lights: int
    """Values of light, in the recorder's database."""
    images: int
    """Whole ones, in the archive."""
    pieces: int
    """Of others."""


@dataclass
class Day:
    """What was said in a day, what was kept of it, and how Home Assistant did."""

    samples: list[dict[str, float]] = field(default_factory=list)
    """Memory (MB), Python's blocks, open files and processor time (s) at the end of each hour."""
    counts: Counter[str] = field(default_factory=Counter)


async def day() -> Day:
    """Live through a day."""
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
    """Let the node say all it has to say in an hour; return how many images that was."""
    end = time.monotonic() + HOUR
    images = 0
    for left in range(round(3600 / UPLINK), 0, -1):
        await built.node.step()
        images += built.node.image is not None and built.node.image.complete
        await asyncio.sleep(max(end - time.monotonic(), 0) / left)
    return images


async def _taken(built: House) -> None:
    """Wait until the recorder has nothing more to take."""
    await until(
        "recorder",
        lambda: built.home_assistant.command("recorder/info"),
        lambda info: not info["backlog"],
        _BACKLOG,
    )


async def _kept(built: House, lights: set[str]) -> Kept:
    """Return what is on the disk, once everything is that was said."""
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
        for kept in archive.each(node, *_EVER)
    ]
    return Kept(
        sum(recorded[light] for light in lights), sum(images), images.count(False)
    )


async def _look_back(built: House, counts: Counter[str]) -> None:
    """Count whether a new image of the node is right, and the errors in the log."""
    with suppress(TimeoutError):
        await built.image()
        counts["images right"] += 1
    for error in (errors := built.errors()):
        print(f"  {error.strip()}", flush=True)
    counts["errors logged"] += len(errors)


def slope(samples: list[dict[str, float]], key: str) -> float:
    """Return how much something grew in an hour, after the first ones."""
    values = [sample[key] for sample in samples[WARM_UP:]]
    return float(np.polyfit(range(len(values)), values, 1)[0])


async def trouble(seed: int) -> tuple[Counter[str], Counter[str]]:
    """Let everything go wrong at The Things Stack for an hour of the node's time; count mishaps, and what came of them."""
    random = Random(seed)
    mishaps: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    async with house(1) as built:
        threshold = 0
        for number in range(TROUBLE_UPLINKS):
            if number % 3 == 0:
                mishaps[mishap(built.stack, random)] += 1
            if number % SETTINGS_EVERY == 0:
                threshold = random.randint(40, 90)
                await _want(built, threshold)
                counts["settings wanted"] += 1
            await built.node.step()
            await asyncio.sleep(TROUBLE_PACE)
        built.stack.faults.connack = None
        built.stack.faults.http.clear()
        # The longest that the integration waits between two attempts to connect.
        await until("connections", lambda: len(built.stack.mqtt.connections), bool, 330)
        await _look_back(built, counts)
        for _ in range(60):
            if built.node.threshold == threshold:
                break
            await built.node.step()
            await asyncio.sleep(TROUBLE_PACE)
        counts["last settings not at the node"] = built.node.threshold != threshold
    return mishaps, counts


async def _want(built: House, threshold: int) -> None:
    for state in await built.home_assistant.get("/api/states"):
        if state["entity_id"].startswith("number.") and state["entity_id"].endswith(
            "threshold"
        ):
            await built.home_assistant.call(
                "number", "set_value", entity_id=state["entity_id"], value=threshold
            )


def main(runs: int) -> None:
    """Live through ``runs`` days, and as many bad hours; write the section."""
    days = [asyncio.run(day()) for _ in range(runs)]
    said = sum((one.counts for one in days), Counter())
    mishaps: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for seed in range(1, runs + 1):
        happened, counts = asyncio.run(trouble(seed))
        mishaps += happened
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
            f"{HOURS} hours of {BOARDS} boards (light every {LIGHT:.0f} s, another value each time) and a battery node (a line"
            f" every {UPLINK:.0f} s, fast images), an hour in {HOUR:.0f} s and what the recorder then needs to follow; the time"
            f" between messages is not lived through. In {runs} such days boards published {said['lights']:,} values of light,"
            f" of which the recorder has {said['lights kept']:,}, and the node sent {said['images']:,} images, of which the"
            f" archive has {said['images kept']:,} whole, and {said['pieces kept']:,} pieces: three pauses without a line, a"
            " fifth of a second here, end an image. Afterwards every entity of every board was right; a new image of the node"
            f" was, in every pixel, {said['images right']} times of {runs}; errors in the log that name one of the two integrations,"
            f" and tracebacks through their code: {said['errors logged']}. Python's blocks are what it has allocated in its"
            f" memory. Then {runs} hours, {TROUBLE_UPLINKS} uplinks each, in which The Things Stack fails in one way or"
            f" another before every third uplink ({mishaps.total()} times: {', '.join(sorted(mishaps))}), while the owner"
            f" asked for other settings {bad['settings wanted']} times. Afterwards a new image was right {bad['images right']}"
            f" times of {runs}; the settings wanted last had not reached the node {bad['last settings not at the node']}"
            f" times; errors in the log and tracebacks: {bad['errors logged']}.",
            ["the day", "memory", "Python's blocks", "open files", "processor time"],
            rows,
            runs,
        )
    )
