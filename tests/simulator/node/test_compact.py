"""Tests of the node that sends the compact format, with a decoder that shares no code with it."""

from typing import Any

import numpy as np
import pytest

from custom_components.battery_thermal.protocol.compact import decode_message
from simulator.data_rate import longest_payload
from simulator.node import COMPACT_PORT, CompactImage, CompactNode, Mode
from simulator.thermal_model import ThermalModel

from .test_node import Answer, Scene, Wire


def node(**options: Any) -> CompactNode:
    """Return a node in slow mode."""
    node = CompactNode(ThermalModel(1), Wire(), **options)
    node.mode = Mode.SLOW
    return node


def test_one_message_is_a_picture() -> None:
    """At SF7 all pixels are in one message, each within a quarter of a K."""
    compact = node()
    uplink = compact.next_uplink()
    message = decode_message(uplink.payload)
    image = compact.image
    assert isinstance(image, CompactImage) and image.complete
    assert message.values is not None and message.header.quarter is None
    assert np.abs(message.values - image.matrix).max() <= message.header.bound <= 2
    assert (message.header.minimum, message.header.maximum) == (
        image.minimum,
        image.maximum,
    )
    assert uplink.f_port == COMPACT_PORT


def test_quarters_where_messages_are_short() -> None:
    """At SF10 a picture with many details takes four messages, and the counter does not restart."""
    model = ThermalModel(1, noise=1.0)
    compact = CompactNode(model, Wire(), capacity=lambda: longest_payload(10))
    compact.mode = Mode.SLOW
    uplinks = [compact.next_uplink() for _ in range(4)]
    image = compact.image
    assert image and image.complete
    assert [uplink.f_cnt for uplink in uplinks] == [0, 1, 2, 3]
    headers = [decode_message(uplink.payload).header for uplink in uplinks]
    assert [header.quarter for header in headers] == [0, 3, 1, 2]
    assert {header.number for header in headers} == {0}
    assert all(len(uplink.payload) <= 51 for uplink in uplinks)
    assert decode_message(compact.next_uplink().payload).header.number == 1


def test_fast_mode_is_one_message() -> None:
    """In fast mode a picture is one message, with any step."""
    compact = CompactNode(
        ThermalModel(1, noise=1.0), Wire(), capacity=lambda: longest_payload(12)
    )
    message = decode_message(compact.next_uplink().payload)
    assert compact.mode is Mode.FAST
    assert message.header.quarter is None and message.values is not None


def test_facts_alone_where_nothing_else_fits() -> None:
    """In fast mode, only the facts of a picture that fits into no message are sent."""
    compact = CompactNode(ThermalModel(1, noise=9.0), Wire(), capacity=lambda: 11)
    message = decode_message(compact.next_uplink().payload)
    assert message.values is None
    assert compact.image and compact.image.maximum == message.header.maximum


def test_hot_node_sends_facts_between_pictures() -> None:
    """Above its threshold, the node sends messages without pixels after each picture."""
    compact = node(facts_when_hot=2)
    compact.threshold = 10
    messages = [decode_message(compact.next_uplink().payload) for _ in range(4)]
    assert [message.values is None for message in messages] == [
        False,
        True,
        True,
        False,
    ]
    assert [message.header.number for message in messages] == [0, 1, 2, 3]
    assert all(message.header.fan for message in messages)


def test_values_above_the_range_are_clamped() -> None:
    """Higher values are sent as 307.1 °C; no value wraps."""
    compact = CompactNode(Scene(offset=400.0), Wire())
    compact.mode = Mode.SLOW
    header = decode_message(compact.next_uplink().payload).header
    assert (header.minimum, header.maximum) == (3071, 3071)
    image = compact.image
    assert image and int(image.matrix.max()) == 3071


async def test_settings_are_kept() -> None:
    """Downlinks are those of all nodes, and a restart keeps the settings."""
    wire = Wire([Answer(b"\xc0\x37")])
    compact = CompactNode(ThermalModel(1), wire)
    await compact.step()
    assert (compact.mode, compact.threshold) == (Mode.SLOW, 55)
    compact.restart()
    assert (compact.mode, compact.threshold) == (Mode.SLOW, 55)
    assert decode_message(compact.next_uplink().payload).header.number == 0


@pytest.mark.parametrize("spreading_factor", range(7, 13))
def test_every_data_rate(spreading_factor: int) -> None:
    """No message is longer than its data rate allows."""
    limit = longest_payload(spreading_factor)
    compact = node(capacity=lambda: limit)
    for _ in range(6):
        assert len(compact.next_uplink().payload) <= limit
