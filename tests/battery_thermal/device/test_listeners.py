"""Tests of listeners: adding, removing, and notifying at once or in batches."""

import asyncio
from functools import partial

from custom_components.battery_thermal.device.listeners import Listeners


def test_all_are_called_in_order() -> None:
    """Each listener is called with the arguments, in the order in which they were added."""
    called: list[tuple[str, int]] = []
    listeners: Listeners[int] = Listeners()
    listeners.add_listener(lambda number: called.append(("first", number)))
    listeners.add_listener(lambda number: called.append(("second", number)))
    assert len(listeners) == 2

    listeners.notify_listeners(5)

    assert called == [("first", 5), ("second", 5)]


def test_removed_listener_is_not_called() -> None:
    """A listener may be removed twice, and while others are called."""
    called: list[str] = []
    listeners: Listeners[()] = Listeners()
    remove = listeners.add_listener(lambda: called.append("removed"))
    remove()
    remove()

    def listen_once() -> None:
        stop_listening()

    stop_listening = listeners.add_listener(listen_once)
    listeners.add_listener(lambda: called.append("kept"))

    listeners.notify_listeners()

    assert called == ["kept"]
    assert len(listeners) == 1


async def test_other_tasks_run_between_batches() -> None:
    """The event loop runs other tasks before each ten listeners."""
    called: list[int | str] = []
    listeners: Listeners[()] = Listeners()
    for number in range(20):
        listeners.add_listener(partial(called.append, number))

    async def other_task() -> None:
        for _ in range(2):
            called.append("other")
            await asyncio.sleep(0)

    task = asyncio.ensure_future(other_task())
    await listeners.notify_listeners_in_batches()
    await task

    assert called == ["other", *range(10), "other", *range(10, 20)]


async def test_listener_removed_before_its_batch_is_not_called() -> None:
    """The entity of a removed listener writes no state."""
    called: list[str] = []
    listeners: Listeners[()] = Listeners()
    remove = listeners.add_listener(lambda: called.append("removed"))
    listeners.add_listener(lambda: called.append("kept"))
    notifying = asyncio.ensure_future(listeners.notify_listeners_in_batches())
    await asyncio.sleep(0)
    remove()
    await notifying

    assert called == ["kept"]
