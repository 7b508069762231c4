"""A day in fast forward, and an hour in which The Things Stack has nothing but bad luck."""

import asyncio
from collections import Counter
from random import Random
import re
import time

import numpy as np

from demo.proof import until
from simulator.boards import Timing
from simulator.the_things_stack.trouble import mishap

from .figures import Section, Spread, write
from .ground.house import House, house
from .ground.probe import look

HOURS = 24
HOUR = 6.0
"""Seconds that an hour takes in fast forward."""
BOARDS = 3
WARM_UP = 6
"""Hours after which memory should no longer grow: caches are full then."""
UPLINK = 25.0
"""Seconds between two uplinks of a node, as published nodes have it."""

TROUBLE_UPLINKS = round(3600 / UPLINK)
TROUBLE_PACE = 0.25
"""Seconds that really pass between two of them."""
SETTINGS_EVERY = 12
"""Uplinks, after which the owner wants another threshold."""


async def day() -> list[dict[str, float]]:
    """Live through a day; return memory (MB), Python's blocks, open files and processor time (s) at the end of each hour."""
    fast = 3600 / HOUR
    timing = Timing(light=2 / fast, button=2 / fast)
    samples = []
    async with house(BOARDS, timing=timing) as built:
        for _ in range(HOURS):
            end = time.monotonic() + HOUR
            uplinks = round(3600 / UPLINK)
            for left in range(uplinks, 0, -1):
                await built.node.step()
                await asyncio.sleep(max(end - time.monotonic(), 0) / left)
            seen = await look(built.home_assistant)
            sample = {key: seen[key] for key in ("memory", "files", "processor")}
            sample["blocks"] = await built.home_assistant.command("loop_probe/blocks")
            samples.append(sample)
        await built.image()
    return samples


def slope(samples: list[dict[str, float]], key: str) -> float:
    """Return how much something grew in an hour, after the first ones."""
    values = [sample[key] for sample in samples[WARM_UP:]]
    return float(np.polyfit(range(len(values)), values, 1)[0])


async def trouble(seed: int) -> Counter[str]:
    """Let everything go wrong at The Things Stack for an hour of the node's time; count what happened and what is wrong after."""
    random = Random(seed)
    happened: Counter[str] = Counter()
    async with house(1) as built:
        threshold = 0
        for number in range(TROUBLE_UPLINKS):
            if number % 3 == 0:
                happened[mishap(built.stack, random)] += 1
            if number % SETTINGS_EVERY == 0:
                threshold = random.randint(40, 90)
                await _want(built, threshold)
                happened["settings wanted"] += 1
            await built.node.step()
            await asyncio.sleep(TROUBLE_PACE)
        built.stack.faults.connack = None
        built.stack.faults.http.clear()
        # The longest that the integration waits between two attempts to connect.
        await until("connections", lambda: len(built.stack.mqtt.connections), bool, 330)
        await built.image()
        for _ in range(60):
            if built.node.threshold == threshold:
                break
            await built.node.step()
            await asyncio.sleep(TROUBLE_PACE)
        happened["last settings not at the node"] = built.node.threshold != threshold
        happened["errors logged"] = len(
            re.findall(r" ERROR .*battery_thermal", built.home_assistant.log())
        )
    return happened


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
    bad: Counter[str] = Counter()
    for seed in range(1, runs + 1):
        bad += asyncio.run(trouble(seed))
    wrong = ("last settings not at the node", "errors logged")
    mishaps = {
        name: number
        for name, number in bad.items()
        if name not in (*wrong, "settings wanted")
    }

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
                Spread([one[hour - 1][key] / scale for one in days], unit, 0)
                for key, unit, scale, _ in measured
            ),
        ]
        for hour in (1, WARM_UP, 12, 18, HOURS)
    ]
    rows.append(
        [
            f"more an hour, after hour {WARM_UP}",
            *(
                Spread([slope(one, key) / scale for one in days], unit, digits)
                for key, unit, scale, digits in measured
            ),
        ]
    )
    write(
        Section(
            "A day in fast forward, and bad hours",
            f"{HOURS} hours of {BOARDS} boards (light every 2 s) and a battery node (a line every {UPLINK:.0f} s) in"
            f" {HOURS * HOUR:.0f} s, recorder and archive included: all messages of a day, though not the time between"
            f" them. Python's blocks are what it has allocated in its memory. Then {runs} hours, {TROUBLE_UPLINKS} uplinks"
            " each, in which The Things Stack fails in one way or another before every third uplink"
            f" ({sum(mishaps.values())} times: {', '.join(sorted(mishaps))}), while the owner asked for other settings"
            f" {bad['settings wanted']} times. Afterwards images were right {runs} times of {runs}; the settings wanted"
            f" last had not reached the node {bad[wrong[0]]} times; errors in the log: {bad[wrong[1]]}.",
            ["the day", "memory", "Python's blocks", "open files", "processor time"],
            rows,
            runs,
        )
    )
