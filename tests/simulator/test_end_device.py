"""Tests of what the devices of the simulated network servers have in common."""

from datetime import UTC, datetime
from random import Random

import pytest

from simulator.data_rate import TooLongError
from simulator.end_device import EndDevice


class Device(EndDevice):
    """A device that publishes an uplink as it is."""

    def uplink(self, message: bytes, copies: int = 1, *, hold: bool = False) -> None:
        """Publish an uplink."""
        self._publish_uplink(message, copies, hold=hold)


@pytest.fixture
def published() -> list[tuple[str, bytes]]:
    """Return all that is published."""
    return []


@pytest.fixture
def device(published: list[tuple[str, bytes]]) -> Device:
    """Return a device."""
    return Device(
        publish=lambda event, message: published.append((event, message)),
        clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        random=Random(0),
        frame_counter_check=True,
        receive_delay=0,
    )


def test_copies_disorder_and_repetition(
    device: Device, published: list[tuple[str, bytes]]
) -> None:
    """An uplink is published so often, after the next one, or once more."""
    device.repeat()
    device.uplink(b"1", 2)
    device.uplink(b"2", hold=True)
    device.uplink(b"3")
    device.repeat()
    device.uplink(b"4", 2, hold=True)
    device.release()
    device.release()
    device.publish_raw("down/sent", b"{")
    assert b"".join(message for _, message in published) == b"1132344{"
    assert published[-1] == ("down/sent", b"{")


def test_length(device: Device) -> None:
    """A frame has to fit the data rate."""
    device.check_length(bytes(222))
    device.check_length(bytes(51), 12)
    device.spreading_factor = 12
    with pytest.raises(TooLongError):
        device.check_length(bytes(52))
    assert device.refused == 1
    assert device.now.year == 2026
