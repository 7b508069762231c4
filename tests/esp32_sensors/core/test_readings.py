"""Tests of the table of reading kinds and of the last readings."""

import pytest

from custom_components.esp32_sensors.core.boards import SESSION
from custom_components.esp32_sensors.core.protocol import PAYLOAD_BYTES
from custom_components.esp32_sensors.core.readings import (
    BUTTON,
    KINDS,
    LED,
    LIGHT,
    READINGS_KEPT,
    ReadingKind,
    Readings,
)


def test_rows_are_distinct() -> None:
    """The index of a kind is its position, and aspects are distinct bits of a byte."""
    assert [kind.index for kind in KINDS] == list(range(len(KINDS)))
    aspects = [SESSION, *(kind.aspect for kind in KINDS)]
    assert sum(aspects) == 2 ** len(aspects) - 1 < 256
    for field in ("key", "topic"):
        assert len({getattr(kind, field) for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_values_fit_the_longest_payload(kind: ReadingKind) -> None:
    """The largest value of each kind fits the longest payload."""
    longest = f"{'x' * 29};{'1' * 17};{kind.largest}"
    assert len(longest) <= PAYLOAD_BYTES


def test_binary_kinds() -> None:
    """LED and button are true or false, light is a number."""
    assert [kind.is_binary for kind in (LED, BUTTON, LIGHT)] == [True, True, False]


def test_last_readings() -> None:
    """The ten newest readings are kept, oldest first, and the newest is the value."""
    readings = Readings([(0.5, 3)])
    assert readings.value is None
    for number in range(READINGS_KEPT + 2):
        readings.append(float(number), number)
    assert list(readings) == [(float(n), n) for n in range(2, READINGS_KEPT + 2)]
    assert readings.last == (11.0, 11)
    assert readings.value == 11


def test_no_last_reading() -> None:
    """Without readings there is no last one."""
    with pytest.raises(IndexError):
        _ = Readings().last
