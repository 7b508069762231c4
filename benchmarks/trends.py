"""Curves of areas over a year and five years of fast images, in a running Home Assistant loop."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from itertools import batched
from pathlib import Path
import tempfile
from time import perf_counter
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from custom_components.battery_thermal.archive import curves
from custom_components.battery_thermal.archive.threads import ArchiveThreads
from custom_components.battery_thermal.device import node_curves
from custom_components.battery_thermal.device.node_curves import NodeCurves
from custom_components.battery_thermal.device.node_options import node_options
from custom_components.battery_thermal.model.mode import Mode
from homeassistant.helpers.json import json_bytes

from .figures import Section, Spread, write
from .targets.year import NODE, START, YEAR, fill

A_DAY = 150
"""Fast images a day that The Things Network's fair use policy has room for."""
CELLS = {"rows": 3, "columns": 4}
A_STEP = 8
"""Rows in one transaction, as in `device/node_curves.py`."""
YEARS = (1, 5)
TICK = 0.001


def main(runs: int) -> None:
    """Measure ``runs`` times and write the section."""
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for years in YEARS:
            path = Path(temporary) / f"{years}.db"
            fill(path, Mode.FAST, A_DAY, years)
            rows += asyncio.run(_measured(path, years, runs))
    write(
        Section(
            "Curves of areas",
            "Twelve cells in an archive of fast images, 54,750 a year. From the question to the answer as JSON: one cell and"
            " the median of all, or all twelve and the median, each in at most 500 points; and one place of the sensor, which"
            " is in no table. The loop ticks every millisecond meanwhile; *loop late* is the longest time that it was late,"
            " and the last column what it was late at most beyond the time in which the system ran something else on all"
            " cores. Once, after areas have changed, the values of all images are calculated anew in the background.",
            ["archive", "", "time", "loop late", "but for busy cores"],
            rows,
            runs,
        )
    )


async def _measured(path: Path, years: int, runs: int) -> list[list[object]]:
    options = node_options({"cells": CELLS})
    threads = ArchiveThreads()
    keys = [area.key for area in options.areas]
    span = START, START + years * YEAR
    with (
        patch.object(node_curves, "get_archive_path", lambda _hass: path),
        patch.object(node_curves, "async_archive_threads", lambda _hass: threads),
    ):
        # Curves are read without Home Assistant and without an entry.
        absent: Any = SimpleNamespace()
        node: Any = NodeCurves(absent, absent, NODE, options)
    name = f"{years} year{'s' * (years > 1)}: {365 * years * A_DAY:,} images"

    async def calculate() -> None:
        write, what = threads.async_write, (path, NODE)
        while missing := await write(
            partial(curves.missing_periods, *what, node.source.terms)
        ):
            for periods in batched(missing, A_STEP, strict=False):
                await write(
                    partial(curves.calculate_periods, *what, node.source, periods)
                )

    async def ask(**what: Any) -> None:
        areas = what.pop("areas", [])
        found = await node.async_read(*span, areas, **what)
        assert found.complete
        json_bytes([found.areas, found.median, found.spot])

    rows: list[list[object]] = []
    started = perf_counter()
    late = await _late_while(calculate())
    rows.append(
        [name, "all values anew, once", f"{perf_counter() - started:.0f} s", *_ms(late)]
    )
    for what, question in (
        ("one cell and the median", {"areas": keys[:1], "median_of": keys[0]}),
        ("twelve cells and the median", {"areas": keys, "median_of": keys[0]}),
        ("one place of the sensor", {"spot": (10, 10)}),
    ):
        times, lates = [], []
        for _ in range(runs):
            started = perf_counter()
            lates.append(await _late_while(ask(**question)))
            times.append(1000 * (perf_counter() - started))
        worst = [max(figures) for figures in zip(*lates, strict=True)]
        rows.append([name, what, Spread(times, "ms", 0), *_ms(worst)])
    threads.release()
    return rows


def _ms(seconds: Iterable[float]) -> list[str]:
    return [f"{1000 * value:.0f} ms" for value in seconds]


def _waited() -> float:
    """Return for how many seconds the threads of this process have waited for a core.

    0 where the system does not say so.
    """
    files = Path("/proc/self/task").glob("*/schedstat")
    return sum(int(file.read_text().split()[1]) for file in files) / 1e9


async def _late_while(work: Any) -> tuple[float, float]:
    """Return the longest time, in s, that the loop was late while some work ran.

    Second, what is left at most of such times without those that threads of this process
    waited for a core: the one of the loop, or another one that keeps it from running.
    """
    worst = held = 0.0

    async def tick() -> None:
        nonlocal worst, held
        while True:
            waited, before = _waited(), perf_counter()
            await asyncio.sleep(TICK)
            late = perf_counter() - before - TICK
            worst = max(worst, late)
            held = max(held, late - (_waited() - waited))

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    try:
        await work
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
    return worst, held
