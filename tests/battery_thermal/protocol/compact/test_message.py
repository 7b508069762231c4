"""Tests of messages in the compact format."""

from contextlib import suppress
from random import Random
from time import thread_time

from hypothesis import example, given, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.protocol.compact import decode_message
from custom_components.battery_thermal.protocol.uplink import (
    UplinkError,
    UplinkErrorReason,
)
from firmware.thermal_picture.thermal_picture import WHOLE, Picture, encode, facts

from .vectors import VECTORS, Vector

LONGEST = 255
AT_MOST = 0.010
"""Seconds of the processor for a message, whatever it contains."""


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS if one.decoded is not None], ids=str
)
def test_pixels_are_those_of_the_vector(vector: Vector) -> None:
    """Each pixel of each test vector is decoded; without pixels there are none."""
    message = decode_message(vector.message)
    assert message.values is not None
    picture = np.full((32, 24), np.nan)
    picture[message.header.lattice] = message.values
    assert vector.decoded is not None
    expected = np.array(vector.decoded, np.float64)
    np.testing.assert_array_equal(picture, expected)


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS if one.sent and one.step], ids=str
)
def test_pixels_are_within_the_bound(vector: Vector) -> None:
    """The bound that the message states holds, and the maximum is exact."""
    message = decode_message(vector.message)
    header = message.header
    assert vector.sent and message.values is not None
    sent = np.array(vector.sent)[header.lattice]
    assert np.abs(sent - message.values).max() <= header.bound


@pytest.mark.parametrize("vector", [one for one in VECTORS if not one.step], ids=str)
def test_facts_alone_have_no_pixels(vector: Vector) -> None:
    """A message of eight bytes is its header."""
    assert decode_message(vector.message).values is None


@pytest.mark.parametrize("part", [WHOLE, 3])
def test_maximum_is_exact_at_its_position(part: int) -> None:
    """The pixel at the position has the exact maximum, with any step."""
    pixels = [210] * 768
    pixels[3 * 24 + 5] = 605
    payload = encode(Picture(pixels, False, 21, 0), part, 255)
    assert payload
    message = decode_message(payload)
    assert message.values is not None
    assert message.values[(3, 5) if part == WHOLE else (1, 2)] == 605


@pytest.mark.parametrize(
    ("part", "extremes", "text"),
    [
        (WHOLE, {"minimum": 100}, "minimum"),
        (WHOLE, {"maximum": 300}, "maximum"),
        (0, {"maximum": 300}, "maximum"),
    ],
)
def test_pixels_contradict_the_header(
    part: int, extremes: dict[str, int], text: str
) -> None:
    """If no pixel has the extremes, the message is not of this format."""
    picture = Picture([210] * 768, False, 21, 0)
    for name, value in extremes.items():
        setattr(picture, name, value)
    payload = encode(picture, part, 5)
    assert payload
    with pytest.raises(UplinkError, match=text) as error:
        decode_message(payload)
    assert error.value.reason is UplinkErrorReason.CONTENT


@given(st.binary(max_size=LONGEST))
@example(b"")
def test_any_bytes(payload: bytes) -> None:
    """Any bytes are decoded or raise UplinkError."""
    with suppress(UplinkError):
        decode_message(payload)


@given(
    st.sampled_from([0x10, 0x14, 0x15, 0x16, 0x17]),
    st.integers(0, 255),
    st.binary(min_size=6, max_size=LONGEST - 2),
)
def test_any_bytes_behind_a_likely_start(first: int, step: int, payload: bytes) -> None:
    """After a valid header, any bytes raise UplinkError or result in pixels within the limits."""
    with suppress(UplinkError):
        message = decode_message(bytes((first, step)) + payload)
        if message.values is not None:
            assert message.values.shape == message.header.shape
            assert message.values.min() >= message.header.minimum
            assert message.values.max() <= message.header.maximum


def test_decoding_is_bounded_in_time() -> None:
    """The longest messages, random and regular, are decoded within the limit."""
    random = Random(1)
    header = bytes.fromhex("100115 70eebfe0 00".replace(" ", ""))
    streams = [random.randbytes(LONGEST - 8) for _ in range(20)]
    streams += [bytes([byte]) * (LONGEST - 8) for byte in range(0, 256, 5)]
    slowest = 0.0
    for stream in streams:
        best = 1.0
        for _ in range(3):
            start = thread_time()
            with suppress(UplinkError):
                decode_message(header + stream)
            best = min(best, thread_time() - start)
        slowest = max(slowest, best)
    assert slowest <= AT_MOST


@pytest.mark.parametrize(("ambient", "known"), [(50, 50), (51, None)])
def test_ambient_that_no_sensor_measures(ambient: int, known: int | None) -> None:
    """It counts as unknown, and a device that sends it is no node."""
    message = decode_message(facts(Picture([210] * 768, True, ambient, 0)))
    assert (message.ambient, message.known_ambient) == (ambient, known)
    assert message.is_plausible is (known is not None)
    assert message.fan and message.is_last
    assert (message.minimum, message.maximum) == (210, 210)
