"""Tests of both encoders with the integration's decoder."""

from hypothesis import HealthCheck, example, given, settings, strategies as st
import numpy as np
import pytest

from custom_components.battery_thermal.protocol.compact import (
    CompactMessage,
    decode_message,
)
from custom_components.battery_thermal.protocol.layout import LINE_LENGTHS
from firmware.thermal_picture import thermal_picture as python
from firmware.thermal_picture.thermal_picture import WHOLE, Picture
from tests.battery_thermal.protocol.compact.vectors import VECTORS, Vector

from .c_encoder import CEncoder

MADE_UP = [vector for vector in VECTORS if vector.sent]

PARTS = st.sampled_from([WHOLE, 0, 1, 2, 3])
STEPS = st.integers(1, 255)
STATUSES = st.integers(0, 255)
NUMBERS = st.integers(0, 255)


@st.composite
def _pictures(draw: st.DrawFn) -> list[int]:
    """Return 768 pixels: noise, gradients, steps and spots, some out of range."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    noise = draw(st.sampled_from([0, 1, 3, 30, 3000]))
    level = draw(st.integers(-500, 3300))
    rows, columns = np.mgrid[:32, :24]
    picture = (
        level + rows * draw(st.integers(-9, 9)) + columns * draw(st.integers(-9, 9))
    )
    if draw(st.booleans()):
        picture += np.where(columns // draw(st.integers(1, 9)) % 2, 60, 0)
    picture = picture + random.normal(0, noise, picture.shape)
    for _ in range(draw(st.integers(0, 4))):
        spot = draw(st.integers(0, 31)), draw(st.integers(0, 23))
        picture[spot] = draw(st.integers(-32768, 32767))
    pixels: list[int] = np.clip(picture, -32768, 32767).astype(int).ravel().tolist()
    return pixels


def _clamped(pixels: list[int]) -> np.ndarray:
    return np.clip(np.array(pixels).reshape(32, 24), -400, 3071)


def _check(payload: bytes, pixels: list[int], part: int, step: int) -> CompactMessage:
    """Decode a message and compare it with the picture."""
    message = decode_message(payload)
    header = message.header
    sent = _clamped(pixels)
    assert (header.minimum, header.maximum) == (sent.min(), sent.max())
    assert header.position == divmod(int(sent.argmax()), 24)
    assert header.step == step
    assert header.quarter == (None if part == WHOLE or not step else part)
    assert len(payload) not in {1, *LINE_LENGTHS}
    if message.values is not None:
        error = np.abs(message.values - sent[header.lattice])
        assert error.max() <= step // 2
    return message


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_pictures(), PARTS, STEPS, st.tuples(STATUSES, NUMBERS))
@example([3071] * 384 + [-400] * 384, WHOLE, 255, (0, 0))
@example([210] * 768, WHOLE, 1, (255, 7))
def test_any_picture(
    c_encoder: CEncoder,
    pixels: list[int],
    part: int,
    step: int,
    facts: tuple[int, int],
) -> None:
    """With both encoders the bound holds, and the facts are exact.

    Of several streams with the same length each encoder may choose another one: both
    are decoded and compared with the picture.
    """
    status, number = facts
    in_c = c_encoder.encode(pixels, part=part, step=step, status=status, number=number)
    picture = Picture(pixels, status > 127, status & 127, number)
    in_python = python.encode(picture, part, step)
    assert (in_c is None) == (in_python is None)
    if in_c is None or in_python is None:
        return
    message = _check(in_c, pixels, part, step)
    other = _check(in_python, pixels, part, step)
    assert abs(len(in_c) - len(in_python)) <= 1
    assert message.header.facts == other.header.facts
    assert (message.header.fan, message.header.ambient) == (status > 127, status & 127)
    assert message.header.number == number % 8


@settings(max_examples=60, deadline=None)
@given(
    _pictures(),
    PARTS,
    STEPS,
    st.tuples(st.integers(0, 7), st.sampled_from([-1, 0, 1])),
)
def test_any_scan_and_predictor(
    pixels: list[int], part: int, step: int, variant: tuple[int, int]
) -> None:
    """The bound holds with each scan, predictor and first value."""
    picture = Picture(pixels, False, 21, 0)
    stream = python.encode_stream(picture, part, step, variant, 4000)
    assert stream is not None
    header = picture.header(part, step, variant[0])
    _check(python.padded(header + stream), pixels, part, step)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_pictures(), PARTS, st.integers(0, 255))
def test_any_capacity(
    c_encoder: CEncoder, pixels: list[int], part: int, capacity: int
) -> None:
    """No message is too long, and the finest step that fits is used."""
    in_c = c_encoder.encode(pixels, part=part, step=5, coarsest=255, capacity=capacity)
    picture = Picture(pixels, False, 0, 0)
    in_python = python.fit(picture, part, 5, 255, capacity)
    for payload in (in_c, in_python):
        if payload is not None:
            assert len(payload) <= capacity
            _check(payload, pixels, part, payload[1])
    if in_c is not None:
        finer = [step for step in range(5, 16) if step < in_c[1]]
        for step in finer[-1:]:
            assert not c_encoder.encode(pixels, part=part, step=step, capacity=capacity)


def test_no_message_is_as_long_as_a_line(c_encoder: CEncoder) -> None:
    """A message that would be as long as a line of any layout gets a byte more."""
    random = np.random.default_rng(1)
    noise = random.integers(200, 230, 768).tolist()
    # Each has more noise than the one before, so that all lengths occur.
    pictures = [noise[:count] + [210] * (768 - count) for count in range(700)]
    in_c = [c_encoder.encode(pixels, part=WHOLE, step=5) for pixels in pictures]
    in_python = [
        python.encode(Picture(pixels, False, 21, 0), WHOLE, 5, thorough=False)
        for pixels in pictures
    ]
    for encoded in (in_c, in_python):
        lengths = {len(payload) for payload in encoded if payload}
        assert lengths.isdisjoint(LINE_LENGTHS)
        assert lengths >= {length + 1 for length in LINE_LENGTHS}


@pytest.mark.parametrize("vector", MADE_UP, ids=str)
def test_vectors(c_encoder: CEncoder, vector: Vector) -> None:
    """The encoders' messages of the test vectors are not longer."""
    assert vector.sent
    pixels = [pixel for row in vector.sent for pixel in row]
    part = WHOLE if vector.quarter is None else vector.quarter
    picture = Picture(pixels, vector.status > 127, vector.status & 127, vector.number)
    in_c = c_encoder.encode(
        pixels,
        part=part,
        step=vector.step,
        status=vector.status,
        number=vector.number,
    )
    in_python = (
        python.encode(picture, part, vector.step)
        if vector.step
        else python.facts(picture)
    )
    for payload in (in_c, in_python):
        assert payload and len(payload) <= len(vector.message)
        _check(payload, pixels, part, vector.step)


def test_specification() -> None:
    """The examples of docs/node.md are encoded byte by byte."""
    pixels = [210] * 768
    pixels[0], pixels[3 * 24 + 5], pixels[3 * 24 + 6] = -15, 605, 412
    picture = Picture(pixels, False, 21, 2)
    whole = python.encode(picture, WHOLE, 5)
    assert whole and whole.hex() == (
        "100515f1f25d584d0e1003de1df04f9fc07ca1c827478aaad988"
    )
    assert python.facts(picture).hex() == "100015f1f25d404d"
    even = python.encode(Picture([210] * 768, False, 21, 0), WHOLE, 5)
    assert even and even.hex() == "100515d200d2000000"


def test_facts_in_c(c_encoder: CEncoder) -> None:
    """A message without a step states no quarter."""
    payload = c_encoder.encode([210] * 768, part=3, step=0, status=21)
    assert payload and payload.hex() == "100015d200d20000"
    assert c_encoder.encode([210] * 768, part=WHOLE, step=0, capacity=7) is None


def test_messages_of_a_picture() -> None:
    """One message if it fits; otherwise quarters in the order of a checkerboard."""
    random = np.random.default_rng(1)
    rich = (250 + 60 * random.random(768)).astype(int).tolist()
    picture = Picture(rich, False, 21, 0)
    [whole] = python.messages(Picture([210] * 768, False, 21, 0), 51)
    assert decode_message(whole).header.quarter is None
    quarters = [
        decode_message(payload).header.quarter
        for payload in python.messages(picture, 115, thorough=False)
    ]
    assert quarters == [0, 3, 1, 2]


def test_picture_that_does_not_fit_is_its_facts() -> None:
    """If no step is coarse enough, only the facts are sent."""
    random = np.random.default_rng(1)
    noise = random.integers(-400, 3071, 768).tolist()
    picture = Picture(noise, False, 21, 0)
    assert python.messages(picture, 20, thorough=False) == [python.facts(picture)]


@pytest.mark.parametrize(("pixels", "ambient"), [([210] * 767, 21), ([210] * 768, 128)])
def test_invalid_picture(pixels: list[int], ambient: int) -> None:
    """Another number of pixels, and a temperature of more than 7 bits, are errors."""
    with pytest.raises(ValueError):
        Picture(pixels, False, ambient, 0)
