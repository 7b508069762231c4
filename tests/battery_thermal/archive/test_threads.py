"""Tests of the threads that read and write archives."""

import asyncio
from threading import Event
from typing import Any

import pytest

from custom_components.battery_thermal.archive import (
    ArchiveBusyError,
    ArchiveStoppingError,
    threads,
)
from custom_components.battery_thermal.archive.threads import ArchiveThreads


async def test_cancelled_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job for a file ends with its caller or with Home Assistant; the time of a read is limited."""
    monkeypatch.setattr(threads, "_READ_LIMIT", 0.2)
    monkeypatch.setattr(threads, "_MOST_READS", 2)
    pool = ArchiveThreads()
    begun, ended = Event(), Event()

    def work(go_on: Any) -> None:
        begun.set()
        try:
            while True:
                go_on()
        finally:
            ended.set()

    task = asyncio.create_task(pool.async_file(work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()

    hang = Event()
    reads = [asyncio.create_task(pool.async_read(hang.wait)) for _ in range(3)]
    await asyncio.sleep(0.05)
    with pytest.raises(ArchiveBusyError, match="too many"):
        await pool.async_read(hang.wait)
    found = await asyncio.gather(*reads, return_exceptions=True)
    assert [type(one) for one in found] == [ArchiveBusyError] * 3
    # The thread is still busy, so other reads wait for it and not for a new one.
    with pytest.raises(ArchiveBusyError, match="does not answer"):
        await pool.async_read(lambda: 1)
    hang.set()
    await asyncio.sleep(0.05)
    assert await pool.async_read(lambda: 1) == 1

    pool.release()
    assert await pool.async_read(lambda: 2) == 2
    begun.clear()
    task = asyncio.create_task(pool.async_file(work))
    await asyncio.to_thread(begun.wait)
    await asyncio.to_thread(pool.close())
    for job in (
        task,
        pool.async_file(work),
        pool.async_read(lambda: 3),
        pool.async_write(lambda: 3),
    ):
        with pytest.raises(ArchiveStoppingError):
            await job
