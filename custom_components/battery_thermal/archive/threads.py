"""Threads of the archive.

A disk that does not answer, or a locked file, blocks these threads and not those that Home
Assistant shares between all integrations.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Thread, current_thread
from time import monotonic
from typing import Final

from .errors import ArchiveBusyError, ArchiveStoppingError

# Seconds that a read is waited for, in the queue and on the disk.
_READ_LIMIT: Final = 10.0

# Reads that wait at most; more are refused at once.
_MOST_READS: Final = 100

# Files for other programs that are written at the same time, each of another node.
_MOST_FILES: Final = 2

# Seconds that a cancelled job and the threads are waited for at the end.
_END_LIMIT: Final = 5.0


class Lane:
    """Threads for one kind of job, and the jobs that wait for them."""

    def __init__(self, name: str, threads: int) -> None:
        """Initialize without a thread."""
        self._name = name
        self._most = threads
        self._free = asyncio.Semaphore(threads)
        self._executor: ThreadPoolExecutor | None = None
        self._threads: set[Thread] = set()
        self._closed = False
        self.waiting = 0

    async def run[T](self, job: Callable[[], T], cancelled: Event | None = None) -> T:
        """Return what a job returns, once a thread is free for it.

        If the caller is cancelled, `cancelled` is set, which makes the job end, and it
        is waited for, for 5 s. Raises what the job raises, and ArchiveStoppingError.
        """
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        future = self._submit(job)
        waiter = asyncio.wrap_future(future)
        try:
            return await asyncio.shield(waiter)
        except asyncio.CancelledError:
            if cancelled:
                cancelled.set()
                await asyncio.wait([waiter], timeout=_END_LIMIT)
            # Its result is not awaited any more.
            waiter.add_done_callback(_ignore)
            raise

    def _submit[T](self, job: Callable[[], T]) -> Future[T]:
        """Submit a job to a thread, which is taken until the job is done."""
        if self._closed:
            self._free.release()
            raise ArchiveStoppingError("Home Assistant is stopping")
        if self._executor is None:
            self._executor = ThreadPoolExecutor(
                self._most, f"battery_thermal {self._name}", self._note_thread
            )
        loop = asyncio.get_running_loop()

        def release(_future: Future[T]) -> None:
            # The loop may have ended while the disk did not answer.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._free.release)

        future = self._executor.submit(job)
        future.add_done_callback(release)
        return future

    def _note_thread(self) -> None:
        self._threads = {one for one in self._threads if one.is_alive()}
        self._threads.add(current_thread())

    def release(self) -> None:
        """Let the threads end after their jobs; a new job starts others."""
        if self._executor:
            self._executor.shutdown(wait=False)
            self._executor = None

    def close(self) -> set[Thread]:
        """Accept no more jobs; return the threads that may still run."""
        self._closed = True
        self.release()
        return self._threads


class ArchiveThreads:
    """Threads for writing, for reading, and for files for other programs."""

    def __init__(self) -> None:
        """Initialize without a thread."""
        self._write = Lane("write", 1)
        self._read = Lane("read", 1)
        self._files = Lane("files", _MOST_FILES)
        self.stopping = Event()

    async def async_write[T](self, job: Callable[[], T]) -> T:
        """Run a job that writes into the archive, after those that came before."""
        return await self._write.run(job)

    async def async_read[T](self, job: Callable[[], T]) -> T:
        """Run a job that reads. Raises ArchiveBusyError if it is not done in 10 s."""
        if self._read.waiting >= _MOST_READS:
            raise ArchiveBusyError("too many reads are waiting")
        try:
            async with asyncio.timeout(_READ_LIMIT):
                return await self._read.run(job)
        except TimeoutError as error:
            raise ArchiveBusyError("the disk does not answer") from error

    async def async_file[T](self, job: Callable[[Callable[[], None]], T]) -> T:
        """Run a job that writes a file; cancel it with its caller or with Home Assistant.

        The job gets a function to call regularly, which raises ArchiveStoppingError when
        the job is cancelled.
        """
        cancelled = Event()

        def go_on() -> None:
            if cancelled.is_set() or self.stopping.is_set():
                raise ArchiveStoppingError("cancelled")

        def run() -> T:
            go_on()
            return job(go_on)

        return await self._files.run(run, cancelled)

    def release(self) -> None:
        """Let idle threads end until they are needed again."""
        for lane in (self._write, self._read, self._files):
            lane.release()

    def close(self) -> Callable[[], None]:
        """Accept no more jobs; return a function that waits for the threads, 5 s at most."""
        self.stopping.set()
        threads = [
            thread
            for lane in (self._write, self._read, self._files)
            for thread in lane.close()
        ]

        def join() -> None:
            end = monotonic() + _END_LIMIT
            for thread in threads:
                thread.join(max(end - monotonic(), 0))

        return join


def _ignore[T](waiter: asyncio.Future[T]) -> None:
    """Retrieve the result of a job, so that asyncio does not report it as unretrieved."""
    with suppress(asyncio.CancelledError):
        waiter.exception()
