"""Tests of the events with the progress of a time-lapse."""

from itertools import pairwise
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from custom_components.battery_thermal.api import archive_files, archive_progress
from custom_components.battery_thermal.render.picture import render as render_picture
from tests.battery_thermal.world import World

from .test_archive_actions import act


async def test_progress(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events are at least a second apart, and the last one is at 100 percent."""
    monkeypatch.setattr(archive_progress, "_PROGRESS_INTERVAL", 0.3)
    render = render_picture

    def slowly(*args: Any) -> bytes:
        sleep(0.12)
        return render(*args)

    monkeypatch.setattr(archive_files, "render", slowly)
    start = world.now
    for _ in range(8):
        await world.image()
    await world.hass.async_block_till_done()
    seen: list[tuple[float, int]] = []
    world.hass.bus.async_listen(
        "battery_thermal_timelapse_progress",
        lambda event: seen.append((world.hass.loop.time(), event.data["percent"])),
    )
    await act(world, "create_timelapse", start=start, filename=str(folder / "a.gif"))
    await world.hass.async_block_till_done()
    times, percents = zip(*seen, strict=True)
    assert len(times) > 1
    assert all(after - before >= 0.29 for before, after in pairwise(times))
    assert percents[-1] == 100
    assert list(percents) == sorted(percents)
