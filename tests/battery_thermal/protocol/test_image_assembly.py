"""Tests of a node whose messages may be of any format."""

from datetime import timedelta
import json

import pytest

from custom_components.battery_thermal.model.mode import Mode
from custom_components.battery_thermal.protocol.assembly_result import (
    AssemblyResult,
    LinePosition,
)
from custom_components.battery_thermal.protocol.formats import decode_uplink
from custom_components.battery_thermal.protocol.image_assembly import ImageAssembler
from custom_components.battery_thermal.protocol.layout import Layout
from custom_components.battery_thermal.protocol.node_message import NodeMessage
from custom_components.battery_thermal.protocol.uplink import (
    UplinkError,
    UplinkErrorReason,
)

from .compact.pictures import BEGIN, facts_of, payload_of, picture
from .payloads import pack

FAST = (pack([210] * 24), pack([210] * 24 + [210, 300]))
"""The two lines of a fast image."""


def receive(
    assembler: ImageAssembler, payload: bytes, count: int, f_cnt: int = 0
) -> AssemblyResult:
    """Receive a message: they are 30 s apart."""
    received_at = BEGIN + timedelta(seconds=30 * count)
    content = decode_uplink(payload)
    return assembler.receive(NodeMessage("session", f_cnt, 9, received_at, content))


def test_compact_format_is_detected() -> None:
    """The first message shows the format."""
    assembler = ImageAssembler()
    assert (assembler.layout, assembler.line_position) == (
        Layout.AUTO,
        LinePosition.UNKNOWN,
    )
    receive(assembler, payload_of(picture()), 0)
    assert (assembler.layout, assembler.line_position) == (
        Layout.COMPACT,
        LinePosition.MESSAGE,
    )
    assert assembler.image is assembler.closed is not None
    assert assembler.image
    assert assembler.image.bound == 2
    assert assembler.mode is None


def test_quarters_under_way() -> None:
    """Quarters are the newest image, show the mode, and end after an hour."""
    assembler = ImageAssembler()
    receive(assembler, payload_of(picture(), 0), 0)
    assert assembler.image is not None and assembler.closed is None
    assert assembler.mode is Mode.SLOW
    assert assembler.silent_at == BEGIN + timedelta(hours=1)
    [image] = assembler.close_silent(BEGIN + timedelta(hours=2)).closed
    assert image is assembler.closed


def test_interval_is_that_of_the_format() -> None:
    """The interval is learned from the messages that arrive."""
    assembler = ImageAssembler()
    for number in range(8):
        receive(assembler, payload_of(picture(number)), 32 * number, number)
    assert assembler.interval == timedelta(minutes=16)
    assert assembler.pause == timedelta(minutes=16)


def test_node_changes_its_format() -> None:
    """Images of both formats follow each other."""
    assembler = ImageAssembler()
    for number, payload in enumerate((b"\0", *FAST)):
        receive(assembler, payload, number, max(number - 1, 0))
    lines = assembler.closed
    assert lines is not None and lines.mode is Mode.FAST and lines.bound is None
    receive(assembler, facts_of(picture()), 9)
    assert assembler.image is assembler.closed is lines
    receive(assembler, payload_of(picture(1)), 10, 1)
    assert assembler.closed is not None and assembler.closed.bound == 2
    for number, payload in enumerate((b"\0", *FAST)):
        receive(assembler, payload, 20 + number, max(number - 1, 0))
    assert assembler.closed is not None and assembler.closed.bound is None
    assert assembler.layout is not Layout.COMPACT


@pytest.mark.parametrize(
    ("layout", "payload"),
    [(Layout.COMPACT, FAST[0]), (Layout.COMPACT, b"\0"), (Layout.SLOW_24, None)],
)
def test_message_of_another_format_than_configured(
    layout: Layout, payload: bytes | None
) -> None:
    """It is refused."""
    assembler = ImageAssembler(layout)
    with pytest.raises(UplinkError) as error:
        receive(assembler, payload or payload_of(picture()), 0)
    assert error.value.reason is UplinkErrorReason.LAYOUT
    assert assembler.layout is layout


@pytest.mark.parametrize("layout", [Layout.AUTO, Layout.COMPACT])
def test_survives_a_restart(layout: Layout) -> None:
    """The state is stored as JSON and restored."""
    assembler = ImageAssembler(layout)
    receive(assembler, payload_of(picture(), 0), 0)
    data = json.loads(json.dumps(assembler.as_dict()))
    restored = ImageAssembler.from_dict(layout, data)
    assert restored.layout is Layout.COMPACT
    assert restored.image is not None and restored.image.lines_received == 1
    assert ImageAssembler.from_dict(Layout.SLOW_24, data).image is None
    lines = ImageAssembler()
    assert "compact" not in lines.as_dict()
    assert ImageAssembler.from_dict(Layout.AUTO, lines.as_dict()).image is None


def test_line_rules_do_not_apply_to_compact_pictures() -> None:
    """Changes of mode and missing uplinks do not change compact pictures."""
    assembler = ImageAssembler(Layout.COMPACT)
    receive(assembler, payload_of(picture(), 0), 0)
    assembler.expect_mode(Mode.FAST)
    assembler.note_missing_uplinks()
    assert assembler.image is not None and assembler.image.lines_received == 1
