"""Tests of letting other tasks run while many messages are processed."""

import asyncio

import pytest

from custom_components.battery_thermal.lorawan.turns import Turns


async def other_runs(sizes: list[int]) -> list[int]:
    """Return after how many items of these sizes another task has run."""
    turns = Turns()
    runs = 0

    async def other() -> None:
        nonlocal runs
        while True:
            runs += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    await asyncio.sleep(0)
    after = []
    for number, size in enumerate(sizes, start=1):
        before = runs
        await turns.take(size)
        if runs > before:
            after.append(number)
    task.cancel()
    return after


async def test_many_items() -> None:
    """Other tasks run after each 32 items, however small these are."""
    assert await other_runs([1] * 100) == [32, 64, 96]


@pytest.mark.parametrize(
    ("size", "after"), [(64 * 1024, [1, 2, 3, 4]), (32 * 1024, [2, 4]), (1, [])]
)
async def test_large_items(size: int, after: list[int]) -> None:
    """Other tasks run after each 64 kB."""
    assert await other_runs([size] * 4) == after


async def test_sizes_are_added() -> None:
    """After a batch the count begins again."""
    assert await other_runs([60_000, 5_535, 1, 65_535, 1]) == [3, 5]
