"""Pictures and messages for the tests of the assembly."""

from datetime import UTC, datetime, timedelta

import numpy as np

from custom_components.battery_thermal.protocol.compact import (
    CompactMessage,
    decode_message,
)
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from firmware.thermal_picture.thermal_picture import WHOLE, Picture, encode, facts

BEGIN = datetime(2026, 11, 1, 12, tzinfo=UTC)
SESSION = "session"


def picture(number: int = 0, hottest: int = 605, *, fan: bool = False) -> Picture:
    """Return a picture with a slope, a cold corner and a hot pixel in row 3, column 5."""
    rows, columns = np.mgrid[:32, :24]
    pixels = 210 + rows + columns
    pixels[0, 0] = -15
    pixels[3, 5] = hottest
    return Picture(pixels.ravel().tolist(), fan, 21, number)


def pixels_of(sent: Picture) -> np.ndarray:
    """Return the pixels that a node has sent."""
    return np.array(sent.pixels).reshape(32, 24)


def payload_of(sent: Picture, part: int = WHOLE, step: int = 5) -> bytes:
    """Return the payload of one part."""
    payload = encode(sent, part, step, thorough=False)
    assert payload
    return payload


def facts_of(sent: Picture) -> bytes:
    """Return the payload of the facts alone."""
    return facts(sent)


def message(
    payload: bytes, seconds: float = 0, f_cnt: int = 0, session: str = SESSION
) -> NodeMessage[CompactMessage]:
    """Return a message that was received so long after the beginning."""
    received_at = BEGIN + timedelta(seconds=seconds)
    return NodeMessage(session, f_cnt, 9, received_at, decode_message(payload))
